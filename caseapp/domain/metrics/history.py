"""What a figure reads of a case: its milestones and divisions, with the time each became known.

One order for everything (DESIGN §1.1): local date, then instant, then ledger sequence.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from caseapp.domain.events import ClosingManner, Milestone, MilestoneKind, Precision, start_of


@dataclass(frozen=True, slots=True)
class MilestoneFact:
    """One milestone of a case's main proceeding, cut down to what figures read.

    on           local date; the first day of the month or year where only that is known (see `precision`)
    seq          sequence number of its ledger entry in the case's chain
    recorded_at  since when it is known (aware)
    at           the instant (aware) by which the ledger orders it within its day; None = the day's first instant
    manner       of a closing; `reason` of an exclusion; `n` and `unit` (days | months) of an extension
    """

    kind: MilestoneKind
    on: date
    precision: Precision
    seq: int
    recorded_at: datetime
    at: datetime | None = None
    manner: ClosingManner | None = None
    outcome: str | None = None
    reason: str | None = None
    n: int | None = None
    unit: str | None = None

    @property
    def is_exact(self) -> bool:
        """Whether the day is known."""
        return self.precision is Precision.DAY or self.precision is Precision.INSTANT

    @property
    def latest_on(self) -> date:
        """Return the last day on which it may have happened: `on` itself unless only the month or year is known."""
        if self.precision is Precision.YEAR:
            return date(self.on.year, 12, 31)
        if self.precision is Precision.MONTH:
            return self.on.replace(day=monthrange(self.on.year, self.on.month)[1])
        return self.on


@dataclass(frozen=True, slots=True)
class DivisionFact:
    """From `on`, as known since `recorded_at` (aware), the case belonged to the division `code`.

    superseded_at  since when a correction has taken it back (aware); None: it stands
    """

    code: str
    on: date
    recorded_at: datetime
    superseded_at: datetime | None = None

    def is_known(self, known_at: datetime) -> bool:
        """Whether it was what we knew at an instant (inclusive)."""
        return self.recorded_at <= known_at and (self.superseded_at is None or known_at < self.superseded_at)


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """Everything the closure figures read of one case.

    case_key        external id, else case number: what drill-downs list
    counts          whether its procedure counts in figures (and it is not the group of a mass case)
    handling_clock  ids of the rules that limit the handling, of which the one in force at filing judges; () where the
                    procedure names none
    divisions       at least one, in ledger order, those that corrections took back at the end
    milestones      those of the main proceeding, in any order; side proceedings neither file nor close a case
    """

    case_key: str
    procedure: str
    counts: bool
    handling_clock: tuple[str, ...]
    ip_types: tuple[str, ...]
    source: str | None
    divisions: tuple[DivisionFact, ...]
    milestones: tuple[MilestoneFact, ...]

    def division_at(self, day: date, *, known_at: datetime) -> str:
        """Return the division the case belonged to at the end of `day`, as known at an instant (inclusive).

        A case has a division from its first entry on. So one whose first division is dated or recorded later than
        asked (a legacy case taken over today, with milestones recorded years ago) stands under that first division.
        """
        code = self.divisions[0].code
        latest = date.min
        for fact in self.divisions:
            if latest <= fact.on <= day and fact.is_known(known_at):
                code, latest = fact.code, fact.on
        return code


def in_order(facts: Iterable[MilestoneFact]) -> list[MilestoneFact]:
    """Return the milestones in the one order of the ledger: local date, instant, sequence."""
    ordered = sorted(facts, key=_by_day)
    # Instants decide only within a day, and few cases have two milestones on one day.
    if any(earlier.on == later.on for earlier, later in pairwise(ordered)):
        return sorted(ordered, key=_by_instant)
    return ordered


def _by_day(fact: MilestoneFact) -> tuple[date, int]:
    return fact.on, fact.seq


def _by_instant(fact: MilestoneFact) -> tuple[date, datetime, int]:
    return fact.on, start_of(fact.on) if fact.at is None else fact.at, fact.seq


def fact_of(milestone: Milestone) -> MilestoneFact:
    """Return what figures read of a ledger milestone."""
    manner, outcome, reason, n, unit = (milestone.detail(name) for name in ("manner", "outcome", "reason", "n", "unit"))
    return MilestoneFact(
        kind=milestone.kind,
        on=milestone.on,
        precision=milestone.precision,
        seq=milestone.seq,
        recorded_at=milestone.recorded_at,
        at=milestone.order_at,
        manner=None if manner is None else ClosingManner(str(manner)),
        outcome=None if outcome is None else str(outcome),
        reason=None if reason is None else str(reason),
        n=None if n is None else int(n),
        unit=None if unit is None else str(unit),
    )
