"""What is overdue and what soon will be, with the officer who answers for it."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request

from caseapp.domain.errors import InputError
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.overdue import CAP, due_list
from caseapp.web.shared.context import ctx, huhang
from caseapp.web.shared.guard import allow
from caseapp.web.shared.paging import decode_cursor, pager
from caseapp.web.supervisor import blueprint

SOON_DAYS = 14
"""How far ahead the second tab looks: a choice of the page, not a rule of law."""


@blueprint.get("/overdue")
@allow(Permission.OVERDUE_SEE)
def overdue() -> str:
    """List running clocks that are past their day, or soon due."""
    today = ctx().today()
    soon = request.args.get("tab") == "soon"
    division = request.args.get("division") or None
    rule = request.args.get("rule") or None
    found = due_list(
        ctx(),
        until=today + timedelta(days=SOON_DAYS) if soon else today - timedelta(days=1),
        since=today if soon else None,
        division=division,
        rule=rule,
        after=_after(),
    )
    return render_template(
        "supervisor/overdue.html",
        found=found,
        pager=pager(len(found.lines), after=found.after, total=found.total, cap=CAP),
        soon=soon,
        soon_days=SOON_DAYS,
        division=division,
        rule=rule,
        divisions=huhang().divisions.parts(today),
        procedures=huhang().procedures,
    )


def _after() -> tuple[str, str, int] | None:
    text = request.args.get("after")
    if not text:
        return None
    parts = decode_cursor(text)
    if (
        len(parts) != 3
        or not isinstance(parts[0], str)
        or not isinstance(parts[1], str)
        or not isinstance(parts[2], int)
    ):
        raise InputError("after", "")
    return parts[0], parts[1], parts[2]
