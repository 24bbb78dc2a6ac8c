"""What an address of this room asks for: policy, period, as-of, known-at. Everything lives in the URL and can be
shared.
"""

from __future__ import annotations

from datetime import date

from flask import request
from flask_babel import gettext as _

from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import LEGAL_ZONE
from caseapp.domain.metrics.closure import Period
from caseapp.queries.closure import policy_of
from caseapp.queries.figures import FigureQuestion
from caseapp.web.shared.context import ctx
from caseapp.web.shared.days_asked import day_of, instant_of

HEADLINE = "R2"


def asked() -> FigureQuestion:
    """Read the question from the address; the present year by R2 where it says nothing. raises InputError"""
    today = ctx().today()
    first = day_of("from") or date(today.year, 1, 1)
    last = day_of("to") or (today if first <= today else first)
    if last < first:
        raise InputError("to", Message(N_("期间的终止日不能早于起始日")))
    return FigureQuestion(
        policy=request.args.get("policy") or HEADLINE,
        period=Period(first, last),
        as_of=day_of("as_of"),
        known_at=instant_of("known_at") if request.args.get("known_at", "").strip() else None,
    )


def how_heads() -> tuple[str, ...]:
    """Return the heads of what `how_counted` says."""
    return _("口径"), _("口径版本"), _("期间自"), _("期间至"), _("截至"), _("所知时刻")


def how_counted(question: FigureQuestion) -> tuple[str, ...]:
    """Return by what a figure was counted, for every line of a file: a line that is cut out still says so."""
    policy = policy_of(ctx(), question.policy)
    known_at = question.known_at or ctx().now()
    return (
        policy.id,
        policy.version,
        question.period.first.isoformat(),
        question.period.last.isoformat(),
        (question.as_of or question.period.last).isoformat(),
        known_at.astimezone(LEGAL_ZONE).isoformat(timespec="seconds"),
    )
