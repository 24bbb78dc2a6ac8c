"""The first page of the room: what needs attention, and how the installation runs."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template

from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.administration import COUNT_CAP, Topic, matters, running
from caseapp.web.admin.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow

PLACES: Mapping[Topic, tuple[str, Mapping[str, str], Permission]] = {
    Topic.LOCKED: ("admin.people", {"tab": "locked"}, Permission.USER_SEE),
    Topic.UNSEATED: ("admin.people", {"tab": "unseated"}, Permission.USER_SEE),
    Topic.CERTIFICATES: ("admin.people", {"tab": "certificate"}, Permission.USER_SEE),
    Topic.FACTORS: ("admin.people", {"tab": "factor"}, Permission.USER_SEE),
    Topic.SEATS: ("admin.people", {}, Permission.ROLE_CHANGE),
    Topic.ORGANS: ("admin.organs", {"only": "incomplete"}, Permission.ORGAN_SEE),
    Topic.CALENDAR: ("admin.calendars", {}, Permission.CALENDAR_SEE),
    Topic.LAW: ("admin.clock_rules", {"confidence": "unsettled"}, Permission.DEFINITION_SEE),
    Topic.MAIL: ("admin.mail", {"show": "lost"}, Permission.MAIL_SEE),
    Topic.ANCHORS: ("admin.ledger_check", {}, Permission.LEDGER_VERIFY),
}
"""Where a matter is dealt with, for who may go there."""


@blueprint.get("/admin")
@allow(Permission.ADMIN_SEE)
def home() -> str:
    """Show what needs attention."""
    state = running(ctx())
    return render_template(
        "admin/home.html", matters=matters(ctx(), state), state=state, places=PLACES, count_cap=COUNT_CAP
    )
