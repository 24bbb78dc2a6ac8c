"""作废登记簿: the numbers and papers that were voided, by organ."""

from __future__ import annotations

from flask import render_template

from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.void_register import void_register as register_of
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow


@blueprint.get("/cases/void-register")
@allow(Permission.DOCUMENT_READ)
def void_register() -> str:
    """Show the register over the cases the person may see."""
    return render_template("officer/void_register.html", register=register_of(ctx()))
