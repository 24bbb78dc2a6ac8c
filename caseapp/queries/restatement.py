"""How a figure differs from what was known of it earlier, and the corrected cases that make the difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.metrics.closure import ClosureCount, Period, RateRow
from caseapp.domain.metrics.policy import MetricPolicy
from caseapp.models.case_file import CaseFile
from caseapp.models.closure_case import ClosureCase
from caseapp.models.correction import Correction
from caseapp.queries.case_histories import CHUNK, due_dates, histories
from caseapp.queries.closure import closure_rate
from caseapp.queries.figures import FigureQuestion
from caseapp.queries.visibility import visible_cases

_CLOSURE = ClosureCase.__table__.c
_KEEP = 200
"""Cases listed at most."""


@dataclass(frozen=True, slots=True)
class RestatedCase:
    """A corrected case that stands elsewhere in the figure than it did. Pairs: in the numerator, in the denominator."""

    case_id: str
    key: str
    title: str
    before: tuple[bool, bool]
    after: tuple[bool, bool]
    reason: str
    corrected_at: datetime


@dataclass(frozen=True, slots=True)
class Restatement:
    """A figure as it was known at an instant, and as it is known now.

    before, after  the whole figure; beside corrections, what was entered late moves it too
    corrections    corrections recorded since in cases the actor may see
    cases          the corrected cases that make a difference
    """

    since: datetime
    before: RateRow
    after: RateRow
    corrections: int
    cases: tuple[RestatedCase, ...]


def restatement(ctx: Context, question: FigureQuestion, since: datetime) -> Restatement | None:
    """Return how corrections recorded after `since` changed a figure; None where there were none.

    raises  InputError as `closure_rate`
    """
    until = question.known_at or ctx.now()
    rows = ctx.session.execute(
        select(Correction.case_id, Correction.reason, Correction.recorded_at)
        .join(CaseFile, CaseFile.id == Correction.case_id)
        .where(visible_cases(ctx), Correction.recorded_at > since, Correction.recorded_at <= until)
        .order_by(Correction.recorded_at, Correction.seq)
    ).all()
    if not rows:
        return None
    last = {row.case_id: row for row in rows}
    sides = {at: _seats(ctx, question, at, sorted(last)) for at in (since, until)}
    nowhere = (False, False)
    moved = [case_id for case_id in last if sides[since].get(case_id, nowhere) != sides[until].get(case_id, nowhere)]
    names = _names(ctx, moved[:_KEEP])
    before, after = (
        closure_rate(ctx, question.policy, question.period, as_of=question.as_of, known_at=at, only_by=True).total
        for at in (since, until)
    )
    return Restatement(
        since=since,
        before=before,
        after=after,
        corrections=len(rows),
        cases=tuple(
            RestatedCase(
                case_id=case_id,
                key=names[case_id][0],
                title=names[case_id][1],
                before=sides[since].get(case_id, nowhere),
                after=sides[until].get(case_id, nowhere),
                reason=last[case_id].reason,
                corrected_at=last[case_id].recorded_at,
            )
            for case_id in moved[:_KEEP]
        ),
    )


def _seats(
    ctx: Context, question: FigureQuestion, known_at: datetime, case_ids: list[str]
) -> dict[str, tuple[bool, bool]]:
    """Return on which sides of the fraction each of the cases stands, by an instant's knowledge."""
    policy: MetricPolicy = ctx.law.policies[question.policy]
    period: Period = question.period
    count = ClosureCount(
        policy, period, known_at=known_at, as_of=question.as_of, with_cases=True, due_of=due_dates(ctx.law)
    )
    for start in range(0, len(case_ids), CHUNK):
        some = case_ids[start : start + CHUNK]
        for history in histories(ctx, policy, count.whole, known_at, [_CLOSURE.case_id.in_(some)]):
            count.add(history)
    total = count.figure().total
    above, below = set(total.numerator_cases or ()), set(total.denominator_cases or ())
    return {case_id: (case_id in above, case_id in below) for case_id in above | below}


def _names(ctx: Context, case_ids: list[str]) -> Mapping[str, tuple[str, str]]:
    found = {}
    for row in ctx.session.execute(
        select(CaseFile.id, CaseFile.number, CaseFile.lead_number, CaseFile.external_id, CaseFile.title).where(
            CaseFile.id.in_(case_ids)
        )
    ):
        found[row.id] = (row.external_id or row.number or row.lead_number or row.id, row.title)
    return found
