"""Plain cases: filed once, closed at most once, never reopened, every date exact.

Nearly all cases are plain, and all that R1-R3 read of one are two dates. So a database can group plain cases by where
their two dates fall, and one representative of each group is judged by the very formulas that judge single cases.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from caseapp.domain.events import ClosingManner, MilestoneKind, Precision
from caseapp.domain.metrics.history import CaseHistory, DivisionFact, MilestoneFact, in_order
from caseapp.domain.metrics.policy import Counts, MetricPolicy

STANDING = {
    MilestoneKind.FILED: Counts.FILES,
    MilestoneKind.CLOSED: Counts.CLOSES,
    MilestoneKind.REOPENED: Counts.REOPENS,
    MilestoneKind.RETURNED: Counts.REOPENS_IF_CLOSED,
}
"""The milestones by which a case stands open or closed, and what a policy must make of them to be read off two
dates.
"""

_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PlainCourse:
    """The two dates of a plain case, and how it was closed."""

    filed_on: date
    closed_on: date | None
    manner: ClosingManner | None


def is_ever_filed(facts: Iterable[MilestoneFact]) -> bool:
    """Whether a case can be in a figure at all: a lead never filed is in none."""
    return any(fact.kind is MilestoneKind.FILED for fact in facts)


def plain_course(facts: Iterable[MilestoneFact]) -> PlainCourse | None:
    """Return the two dates of a case that was filed, or None where its history is not plain."""
    relevant = [fact for fact in facts if fact.kind in STANDING]
    filings = [fact for fact in relevant if fact.kind is MilestoneKind.FILED]
    closings = [fact for fact in relevant if fact.kind is MilestoneKind.CLOSED]
    is_plain = len(filings) == 1 and len(closings) <= 1 and len(relevant) == len(filings) + len(closings)
    if not is_plain or not all(fact.is_exact for fact in relevant):
        return None
    if closings and closings[0].on < filings[0].on:
        return None
    return PlainCourse(
        filed_on=filings[0].on,
        closed_on=closings[0].on if closings else None,
        manner=closings[0].manner if closings else None,
    )


def settled_on(facts: Iterable[MilestoneFact]) -> date | None:
    """Return the day of the last thing that happened to a case, if that was its closing and every date is exact.

    No figure of a period that begins later can hold the case.
    """
    relevant = in_order(fact for fact in facts if fact.kind in STANDING)
    if not relevant or relevant[-1].kind is not MilestoneKind.CLOSED or not all(fact.is_exact for fact in relevant):
        return None
    return relevant[-1].on


def stands_by_closing(policy: MetricPolicy) -> bool:
    """Whether the policy takes a case for open or closed by just those milestones (their manner may still matter)."""
    standing = {kind: effect for kind, effect in policy.milestones.items() if effect in STANDING.values()}
    return standing == STANDING


def reads_two_dates(policy: MetricPolicy) -> bool:
    """Whether two dates are all that a policy reads of a plain case: R1, R2, R3 and R5 as shipped."""
    return policy.formula != "r4" and stands_by_closing(policy) and policy.reads() == STANDING.keys()


def representative(
    *,
    filed_on: date,
    closed_on: date | None,
    manner: ClosingManner | None,
    division: str,
    procedure: str,
    ip_types: tuple[str, ...],
    source: str | None,
) -> CaseHistory:
    """Return a counted case with these two dates, known since ever."""
    milestones = [_fact(MilestoneKind.FILED, filed_on, 1)]
    if closed_on is not None:
        milestones.append(replace(_fact(MilestoneKind.CLOSED, closed_on, 2), manner=manner))
    return CaseHistory(
        case_key="",
        procedure=procedure,
        counts=True,
        handling_clock=(),
        ip_types=ip_types,
        source=source,
        divisions=(DivisionFact(division, date.min, _EVER),),
        milestones=tuple(milestones),
    )


def _fact(kind: MilestoneKind, on: date, seq: int) -> MilestoneFact:
    return MilestoneFact(kind=kind, on=on, precision=Precision.DAY, seq=seq, recorded_at=_EVER)
