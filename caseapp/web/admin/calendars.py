"""Calendars: a year as twelve months, with the notice it rests on."""

from __future__ import annotations

from flask import render_template, request

from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.calendar_year import calendar_year
from caseapp.web.admin.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow


@blueprint.get("/admin/calendars")
@allow(Permission.CALENDAR_SEE)
def calendars() -> str:
    """Show one year, the present one by default."""
    year = request.args.get("year", type=int) or ctx().today().year
    return render_template("admin/calendar.html", shown=calendar_year(ctx(), year), today=ctx().today())
