"""What to do: which cases to close so that the target is reached, and reminding those who lead them."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.board import By
from caseapp.queries.board_cases import Cell, Side
from caseapp.queries.reach import reach_plan
from caseapp.services.case_remind import remind
from caseapp.web.shared.context import ctx
from caseapp.web.shared.days_asked import day_of
from caseapp.web.shared.guard import allow
from caseapp.web.supervisor import blueprint
from caseapp.web.supervisor.board_asked import address_of, board_question, drill
from caseapp.web.supervisor.board_words import names_for
from caseapp.web.supervisor.boards import frame

SHOWN = 200
"""Cases of each part that the page lists."""


@blueprint.get("/figures/reach")
@allow(Permission.FIGURE_SEE)
def reach() -> str:
    """Show what to close, in which order, and whether that is enough."""
    asked = board_question()
    by = _by()
    plan = reach_plan(ctx(), asked, by)
    shown = [*plan.chosen[:SHOWN], *plan.spare[:SHOWN], *plan.late[:SHOWN]]
    return render_template(
        "supervisor/reach.html",
        **frame(asked),
        by=by,
        first_day=ctx().law.calendar.on_or_after(asked.today),
        plan=plan,
        shown=SHOWN,
        organs=names_for(By.ORGAN, {one.organ for one in shown}),
        open_url=drill(asked, Cell(side=Side.OPEN)),
    )


@blueprint.post("/figures/reach/remind")
@allow(Permission.CASE_REMIND)
def reach_remind() -> ResponseReturnValue:
    """Remind the lead officers of the chosen cases."""
    asked = board_question()
    told = remind(ctx(), request.form.getlist("case"), by=_by())
    if told:
        flash(ngettext("已发出 %(num)s 条提醒", "已发出 %(num)s 条提醒", told), "success")
    else:
        flash(_("这些案件今天已经提醒过，或者没有主办人"), "info")
    return redirect(url_for("supervisor.reach", by=_by().isoformat(), **address_of(asked)))


def _by() -> date:
    """Return the day by which the target is wanted: the end of this year where the address says nothing."""
    today = ctx().today()
    by = day_of("by") or date(today.year, 12, 31)
    if by < today:
        raise InputError("by", Message(N_("达标日期不能早于今天")))
    return by
