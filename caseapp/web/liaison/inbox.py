"""移送: what was sent to the reader's organ, the terms that bind both sides, and whom to ask."""

from __future__ import annotations

from flask import render_template

from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.liaison import liaison_desk
from caseapp.web.liaison.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow


@blueprint.get("/referrals")
@allow(Permission.REFERRAL_LIST)
def inbox() -> str:
    """Show the room of the reader's organ. Nothing can be sent to it yet, and the page says so."""
    return render_template("liaison/inbox.html", desk=liaison_desk(ctx()))
