"""移送: what was sent to the reader's organ, the terms that bind both sides, and whom to ask."""

from __future__ import annotations

from flask import render_template

from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.liaison import liaison_desk
from caseapp.queries.referral_desk import shared_lines
from caseapp.web.liaison.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow


@blueprint.get("/referrals")
@allow(Permission.REFERRAL_LIST)
def inbox() -> str:
    """Show what was sent to the reader's organ, and the terms that bind both sides."""
    return render_template("liaison/inbox.html", desk=liaison_desk(ctx()), lines=shared_lines(ctx()))
