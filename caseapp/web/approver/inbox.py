"""The inbox: what waits for my signature."""

from __future__ import annotations

from flask import render_template

from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.inbox import inbox as inbox_of
from caseapp.web.approver import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow


@blueprint.get("/approvals")
@allow(Permission.APPROVAL_LIST)
def inbox() -> str:
    """Show what waits, oldest first."""
    return render_template("approver/inbox.html", inbox=inbox_of(ctx()), today=ctx().today())
