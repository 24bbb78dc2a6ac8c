"""Short ways to write histories and policies in tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

from caseapp.domain.events import LEGAL_ZONE, ClosingManner, MilestoneKind, Precision
from caseapp.domain.facts import ExtensionRecord, PauseRecord
from caseapp.domain.metrics.closure import ClosureRate, DueOf, Period, RateRow, closure_rate
from caseapp.domain.metrics.history import CaseHistory, DivisionFact, MilestoneFact
from caseapp.domain.metrics.policy import ClosingAdds, Counts, Dimension, MetricPolicy

EARLY = datetime(2001, 1, 1, tzinfo=LEGAL_ZONE)
"""Recorded long ago, where a test is not about knowing."""
NOW = datetime(2026, 11, 1, 12, tzinfo=LEGAL_ZONE)
YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))

STANDING = {
    **dict.fromkeys(MilestoneKind, Counts.IGNORED),
    MilestoneKind.FILED: Counts.FILES,
    MilestoneKind.CLOSED: Counts.CLOSES,
    MilestoneKind.REOPENED: Counts.REOPENS,
    MilestoneKind.RETURNED: Counts.REOPENS_IF_CLOSED,
}
WITH_LIMIT = {
    **STANDING,
    MilestoneKind.DECIDED: Counts.DECIDES,
    MilestoneKind.SUSPENDED: Counts.PAUSES,
    MilestoneKind.RESUMED: Counts.PAUSES,
    MilestoneKind.EXCLUDED_FROM: Counts.PAUSES,
    MilestoneKind.EXCLUDED_UNTIL: Counts.PAUSES,
    MilestoneKind.EXTENDED: Counts.EXTENDS,
}


def policy(policy_id: str = "R2", **changed: object) -> MetricPolicy:
    """Return a policy like the shipped one of that id."""
    fields: dict[str, object] = {
        "id": policy_id,
        "version": "2026-1",
        "published_on": date(2026, 1, 1),
        "name": {"zh": "结案率", "en": "Closure rate"},
        "description": {"zh": "说明", "en": "Description"},
        "note": {"zh": "注", "en": "Note"},
        "formula": "r1" if policy_id == "R5" else policy_id.lower(),
        "dimensions": (Dimension.IP_TYPE, Dimension.PROCEDURE) if policy_id == "R5" else (),
        "milestones": WITH_LIMIT if policy_id == "R4" else STANDING,
        "manners": dict.fromkeys(ClosingManner, True),
        "closing_adds": ClosingAdds.BOTH if policy_id == "R4" else ClosingAdds.NUMERATOR,
        "target": Fraction(19, 20),
        "target_source": "plan",
        "source": "design",
        "confidence": "design",
    }
    return MetricPolicy(**{**fields, **changed})  # type: ignore[arg-type]


def milestone(text: str, seq: int, recorded_at: datetime = EARLY) -> MilestoneFact:
    """Return the milestone written as 'kind on [detail]'; `on` as precise as it is known, or an instant.

    filed 2025-03-10 · closed 2025-07-15T10:00 · closed 2025-07 · closed 2025-07-15 withdrawn · extended 2025-05-01 30
    """
    kind, on, *rest = text.split()
    detail = rest[0] if rest else None
    at = datetime.fromisoformat(on).replace(tzinfo=LEGAL_ZONE) if "T" in on else None
    precision = Precision.INSTANT if at else {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}[len(on)]
    day = date.fromisoformat((on[:10] + "-01-01")[:10])
    return MilestoneFact(
        kind=MilestoneKind(kind),
        on=day,
        precision=precision,
        seq=seq,
        recorded_at=recorded_at,
        at=at,
        manner=ClosingManner(detail or "executed") if kind == "closed" else None,
        reason=detail if kind.startswith("excluded") else None,
        n=int(detail) if kind == "extended" and detail else None,
        unit="days" if kind == "extended" else None,
    )


def case(
    *milestones: str | MilestoneFact,
    key: str = "A",
    procedure: str = "penalty_general",
    counts: bool = True,
    clock: tuple[str, ...] = ("P10",),
    ip_types: tuple[str, ...] = ("trademark",),
    source: str | None = "complaint",
    division: str = "320612",
    divisions: Sequence[DivisionFact] = (),
) -> CaseHistory:
    """Return a history; the milestones get sequence numbers in the order written."""
    return CaseHistory(
        case_key=key,
        procedure=procedure,
        counts=counts,
        handling_clock=clock,
        ip_types=ip_types,
        source=source,
        divisions=tuple(divisions) or (DivisionFact(division, date(2000, 1, 1), EARLY),),
        milestones=tuple(
            milestone(item, seq) if isinstance(item, str) else item for seq, item in enumerate(milestones, start=1)
        ),
    )


def figure(
    *histories: CaseHistory,
    by: Sequence[Dimension] = (),
    policy_id: str = "R2",
    period: Period = YEAR,
    as_of: date | None = None,
    known_at: datetime = NOW,
    with_cases: bool = False,
    due_of: DueOf | None = None,
) -> ClosureRate:
    """Count a figure over a few histories."""
    return closure_rate(
        histories,
        policy(policy_id),
        period,
        as_of=as_of,
        known_at=known_at,
        by=by,
        with_cases=with_cases,
        due_of=due_of or (ninety_days if policy_id == "R4" else None),
    )


def counts_of(row: RateRow) -> tuple[int, int]:
    """Return (numerator, denominator)."""
    return row.numerator, row.denominator


def plain_limit(limit: int) -> DueOf:
    """Return a limit in plain days: paused days are walked over, extensions in days are added, nothing rolls."""

    def due_of(
        rules: tuple[str, ...],
        started_on: date,
        *,
        pauses: Sequence[PauseRecord],
        extensions: Sequence[ExtensionRecord],
        as_of: date,
    ) -> date:
        left = limit + sum(extension.n for extension in extensions)
        day = started_on
        while left and day <= as_of:
            day += timedelta(days=1)
            left -= not any(pause.first <= day and (pause.until is None or day < pause.until) for pause in pauses)
        return day

    return due_of


ninety_days = plain_limit(90)
