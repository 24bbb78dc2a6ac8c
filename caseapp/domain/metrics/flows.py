"""Closure rates of plain cases from how many were filed and closed in which month.

Of a plain case (`plain.py`) R1 and R2 read two dates, and never both at once: R1 sets closings in a period beside
filings in it; R2 sets the same closings beside what was filed up to the end and not closed before. So sums by month
tell these figures exactly, however many cases there are. R3 needs both dates of each case and is counted by case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from caseapp.domain.events import ClosingManner
from caseapp.domain.metrics.periods import Window
from caseapp.domain.metrics.plain import reads_two_dates
from caseapp.domain.metrics.policy import MetricPolicy

BEFORE = 0
"""In place of a month: before the period."""


def month_number(year: int, month: int) -> int:
    """Return the place of a month among all months: 12 × year + month - 1."""
    return 12 * year + month - 1


@dataclass(slots=True)
class Flow:
    """How many plain cases of one kind were filed and closed, by month (`month_number`, or BEFORE the period).

    division, procedure, source, ip_types   what these cases have in common; '' or None where the figure does not ask
    """

    division: str
    procedure: str
    source: str | None
    ip_types: tuple[str, ...]
    filed: dict[int, int] = field(default_factory=dict)
    closed: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sums:
    """Filings and closings of one kind within a window, and how many were open at its eve."""

    filed: int
    closed: int
    carried_in: int


FlowFormula = Callable[[Sums], tuple[int, int]]


def r1_of(sums: Sums) -> tuple[int, int]:
    """Closed in the window ÷ filed in it, as (numerator, denominator)."""
    return sums.closed, sums.filed


def r2_of(sums: Sums) -> tuple[int, int]:
    """Closed in the window ÷ (open at its eve + filed in it), as (numerator, denominator)."""
    return sums.closed, sums.carried_in + sums.filed


FLOW_FORMULAS: Mapping[str, FlowFormula] = {"r1": r1_of, "r2": r2_of}


def is_told_by_flows(policy: MetricPolicy) -> bool:
    """Whether sums by month tell the figure of plain cases: every manner closes, and the formula needs no pair of
    dates.
    """
    return (
        policy.formula in FLOW_FORMULAS
        and reads_two_dates(policy)
        and all(policy.manners[manner] for manner in ClosingManner)
    )


def whole_sums(flow: Flow) -> Sums:
    """Return what a whole period sees of a flow: everything but what lies before it."""
    before = (flow.filed.get(BEFORE, 0), flow.closed.get(BEFORE, 0))
    return Sums(
        filed=sum(flow.filed.values()) - before[0],
        closed=sum(flow.closed.values()) - before[1],
        carried_in=before[0] - before[1],
    )


def sums_of(flow: Flow, windows: Sequence[Window]) -> Iterator[tuple[Window, Sums]]:
    """Yield what each window sees of a flow: the one of the whole period, or its months one after the other."""
    carried_in = flow.filed.get(BEFORE, 0) - flow.closed.get(BEFORE, 0)
    for window in windows:
        if window.month is None:
            yield window, whole_sums(flow)
            continue
        number = month_number(window.first.year, window.first.month)
        filed, closed = flow.filed.get(number, 0), flow.closed.get(number, 0)
        yield window, Sums(filed, closed, carried_in)
        carried_in += filed - closed
