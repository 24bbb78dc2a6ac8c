"""How often the signs of `domain.metrics.signs` are seen: among the cases in sight, and in the whole city."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select

from caseapp.context import Context
from caseapp.db import table_of
from caseapp.domain.events import MilestoneKind
from caseapp.domain.metrics.history import CaseHistory
from caseapp.domain.metrics.periods import Period, Window
from caseapp.domain.metrics.signs import Sign, is_reopened_soon, is_suspended_late, month_ends
from caseapp.models.case_file import CaseFile
from caseapp.models.closure_case import ClosureCase
from caseapp.models.milestone import MilestoneRow
from caseapp.queries.board import BoardQuestion, Measure, in_sight, measured, narrowing
from caseapp.queries.case_histories import due_dates, histories

MOST: Final = 5000
"""Cases that may carry a sign which no database can see; more are not looked at."""
_MILESTONE = table_of(MilestoneRow).c
_CLOSURE = table_of(ClosureCase).c
_TIMELY: Final = "R4"
"""The policy that reads all a handling limit depends on."""


@dataclass(frozen=True, slots=True)
class SignCount:
    """How often a sign is seen.

    count, among      cases with the sign, and those that could carry it, within the filters and the reader's rights
    city, city_among  the same over every case of the installation, whoever reads: two numbers, no cases
    """

    sign: Sign
    count: int
    among: int
    city: int
    city_among: int

    @property
    def share(self) -> float | None:
        """Return count ÷ among; None where the latter is 0."""
        return self.count / self.among if self.among else None

    @property
    def city_share(self) -> float | None:
        """Return the base rate of the whole city."""
        return self.city / self.city_among if self.city_among else None


def sign_counts(ctx: Context, asked: BoardQuestion) -> tuple[SignCount, ...]:
    """Return how often each sign is seen in the period."""
    here = [*narrowing(asked), *in_sight(ctx)]
    return tuple(_count(ctx, asked, sign, here) for sign in Sign)


def sign_conditions(ctx: Context, asked: BoardQuestion, sign: Sign) -> list[ColumnElement[bool]]:
    """Return the conditions on `case_file` of the cases with a sign, within the filters and the actor's rights."""
    among, seen = _looked_at(ctx, asked, sign)
    return [*among, seen, *narrowing(asked), *in_sight(ctx)]


def _count(ctx: Context, asked: BoardQuestion, sign: Sign, here: Sequence[ColumnElement[bool]]) -> SignCount:
    among, seen = _looked_at(ctx, asked, sign)

    def number(*limits: ColumnElement[bool]) -> int:
        return int(ctx.rows(select(func.count()).select_from(CaseFile).where(*among, *limits)).scalar_one())

    city, city_among = number(seen), number()
    return SignCount(
        sign, number(seen, *here) if here else city, number(*here) if here else city_among, city, city_among
    )


def _looked_at(ctx: Context, asked: BoardQuestion, sign: Sign) -> tuple[list[ColumnElement[bool]], ColumnElement[bool]]:
    """Return (conditions of the cases that could carry a sign, the condition that one does)."""
    period = Period(asked.period.first, asked.cut)
    closed = list(measured(asked, Measure.CLOSED))
    match sign:
        case Sign.MONTH_END:
            ends = [and_(CaseFile.closed_on >= end.first, CaseFile.closed_on <= end.last) for end in month_ends(period)]
            return closed, or_(CaseFile.id.is_(None), *ends)
        case Sign.REOPENED_SOON:
            found = [one for one in _histories(ctx, asked, MilestoneKind.REOPENED) if is_reopened_soon(one, period)]
            return [and_(CaseFile.counts, _reached(period, MilestoneKind.CLOSED))], _is_one_of(found)
        case Sign.SUSPENDED_LATE:
            due_of = due_dates(ctx.law)
            suspended = _histories(ctx, asked, MilestoneKind.SUSPENDED)
            found = [one for one in suspended if is_suspended_late(one, period, due_of)]
            return [and_(CaseFile.counts, _reached(period, MilestoneKind.SUSPENDED))], _is_one_of(found)
        case Sign.SPLIT:
            return list(measured(asked, Measure.FILED)), _reached(None, MilestoneKind.SPLIT)
        case Sign.KEPT_LEAD:
            return list(measured(asked, Measure.LEAD)), CaseFile.next_due_on < asked.today
        case Sign.UNEXECUTED:
            decided = _reached(None, MilestoneKind.DECIDED, outcome="penalty")
            return [*closed, decided], or_(CaseFile.manner.is_(None), CaseFile.manner != "executed")


def _reached(period: Period | None, kind: MilestoneKind, *, outcome: str = "") -> ColumnElement[bool]:
    """Return the condition that the main proceeding of a case reached a milestone (in a period)."""
    found = select(_MILESTONE.case_id).where(
        _MILESTONE.case_id == CaseFile.id,
        _MILESTONE.proceeding_id == CaseFile.proceeding_id,
        # Kept from the index on kinds: SQLite would read every milestone of a kind for each case.
        _MILESTONE.kind.concat("") == kind.value,
        _MILESTONE.superseded_at.is_(None),
    )
    if period is not None:
        found = found.where(_MILESTONE.on_date >= period.first, _MILESTONE.on_date <= period.last)
    if outcome:
        found = found.where(_MILESTONE.outcome == outcome)
    return found.exists()


def _histories(ctx: Context, asked: BoardQuestion, kind: MilestoneKind) -> Iterator[CaseHistory]:
    """Return the histories of the cases that reached a milestone since the period began."""
    policy = ctx.law.policies[_TIMELY]
    kinds = {**policy.milestones, kind: policy.milestones[MilestoneKind.SUSPENDED]}
    reached = select(_MILESTONE.case_id).where(
        _MILESTONE.kind == kind.value,
        _MILESTONE.on_date >= asked.period.first,
        _MILESTONE.superseded_at.is_(None),
    )
    window = Window(asked.period.first, asked.today)
    return histories(
        ctx, replace(policy, milestones=kinds), window, ctx.now(), [_CLOSURE.case_id.in_(reached.limit(MOST))]
    )


def _is_one_of(found: Sequence[CaseHistory]) -> ColumnElement[bool]:
    return CaseFile.id.in_([one.case_key for one in found])
