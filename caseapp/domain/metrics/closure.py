"""The closure rate 结案率: which cases are in the numerator and the denominator of R1-R5, and how many that makes.

Everything here follows one plan. A case's known milestones become a `Course` (an ordered list of what each of them does
under the policy); a period and an as-of day become one or more `Window`s; a named formula looks at a course through a
window and gives a `Verdict`. Rates and drill-downs count the same verdicts, so they cannot disagree.

The city plan asks for 知识产权案件结案率 ≥95% and states no formula, so each formula and every choice inside it is
named, versioned and shown beside the figure. What closes a case: 市场监督管理行政处罚程序规定 art 77.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import product
from typing import Protocol

from caseapp.domain.facts import ExtensionRecord, PauseRecord
from caseapp.domain.metrics.courses import Course, Step, at_extremes, course_of
from caseapp.domain.metrics.flows import FLOW_FORMULAS, Flow, sums_of, whole_sums
from caseapp.domain.metrics.history import CaseHistory
from caseapp.domain.metrics.intervals import extensions, pauses
from caseapp.domain.metrics.periods import Period as Period
from caseapp.domain.metrics.periods import Window, month_windows, window_of
from caseapp.domain.metrics.policy import Counts, Dimension, MetricPolicy


class Verdict(StrEnum):
    """Where a case stands in a figure."""

    OUT = "out"
    DENOMINATOR = "denominator"
    NUMERATOR = "numerator"
    """In the numerator alone: closed in the period, filed before it (R1)."""
    BOTH = "both"
    IMPRECISE = "imprecise"
    """Left out because a date that decides is only known to the month or year."""

    @classmethod
    def of(cls, *, numerator: bool, denominator: bool) -> Verdict:
        """Return the verdict for the two sides of the fraction."""
        if numerator:
            return cls.BOTH if denominator else cls.NUMERATOR
        return cls.DENOMINATOR if denominator else cls.OUT


class DueOf(Protocol):
    """Works out the last day in time under a handling limit; the metrics themselves know no calendar and no limit.

    rules       ids that the procedure names (("D12", "Q07")); the version in force on `started_on` judges
    started_on  day of the first filing
    pauses      in order, each with its reason; one without an end lasts until `as_of` at least
    as_of       day of the act that is judged
    returns     None where no such limit was in force
    """

    def __call__(
        self,
        rules: tuple[str, ...],
        started_on: date,
        *,
        pauses: tuple[PauseRecord, ...],
        extensions: tuple[ExtensionRecord, ...],
        as_of: date,
    ) -> date | None: ...


Formula = Callable[[Course, Window, DueOf | None], Verdict]


def r1(course: Course, window: Window, due_of: DueOf | None = None) -> Verdict:
    """Closed in the period ÷ filed in the period; may exceed 1."""
    filed_on = course.first_filed_on(window.cut)
    if filed_on is None:
        return Verdict.OUT
    return Verdict.of(numerator=_closing_within(course, window) is not None, denominator=filed_on >= window.first)


def r2(course: Course, window: Window, due_of: DueOf | None = None) -> Verdict:
    """Closed at the end ÷ (carried in open + filed in the period + closed at its eve and reopened in it)."""
    filed_on = course.first_filed_on(window.cut)
    if filed_on is None:
        return Verdict.OUT
    carried_or_new = filed_on >= window.first or course.closing_at(_eve(window)) is None
    if not carried_or_new and not course.is_reopened_in(window):
        return Verdict.OUT
    return Verdict.of(numerator=course.closing_at(window.cut) is not None, denominator=True)


def r3(course: Course, window: Window, due_of: DueOf | None = None) -> Verdict:
    """Of the cases filed in the period, those closed at the end."""
    filed_on = course.first_filed_on(window.cut)
    if filed_on is None or filed_on < window.first:
        return Verdict.OUT
    return Verdict.of(numerator=course.closing_at(window.cut) is not None, denominator=True)


def r4(course: Course, window: Window, due_of: DueOf | None = None) -> Verdict:
    """Of the cases closed in the period that have a handling limit, those decided within it.

    Judged is the last decision before the closing that holds, or that closing where none was recorded. Counted are the
    pauses that began and the extensions that were granted before the judged act: the clock has stopped by then, and a
    later act can neither mend nor spoil it. Where no limit was in force, nothing shows that the case was in time.
    """
    rules = course.history.handling_clock
    filed_on = course.first_filed_on(window.cut)
    closing = _closing_within(course, window)
    if not rules or filed_on is None or closing is None:
        return Verdict.OUT
    if due_of is None:
        raise ValueError("r4 needs a way to work out due dates")
    before = course.steps[: course.steps.index(closing)]
    decided = [position for position, step in enumerate(before) if step.effect is Counts.DECIDES]
    judged_on = before[decided[-1]].on if decided else closing.on
    earlier = [step.fact for step in (before[: decided[-1]] if decided else before)]
    due_on = due_of(rules, filed_on, pauses=pauses(earlier), extensions=extensions(earlier), as_of=judged_on)
    return Verdict.of(numerator=due_on is not None and judged_on <= due_on, denominator=True)


FORMULAS: Mapping[str, Formula] = {"r1": r1, "r2": r2, "r3": r3, "r4": r4}
"""The formulas that a policy may name. R5 is `r1` split by kind of right and procedure."""


def verdict_of(course: Course, policy: MetricPolicy, window: Window, *, due_of: DueOf | None = None) -> Verdict:
    """Return where a case stands in one window of a figure.

    A case is IMPRECISE when a milestone that the policy reads is known only to its month or year, may have happened by
    the cut, and the case might belong to the figure; it then counts on neither side.
    """
    if not course.history.counts:
        return Verdict.OUT
    formula = FORMULAS[policy.formula]
    vague = [fact for fact in course.vague if fact.on <= window.cut]
    if not vague:
        return formula(course, window, due_of)
    if any(formula(possible, window, due_of) is not Verdict.OUT for possible in at_extremes(course, policy, window)):
        return Verdict.IMPRECISE
    # One date is tried out at the ends of what it may be; several might combine in more ways than are worth trying.
    may_lie_within = [fact for fact in vague if fact.latest_on >= window.first]
    if len(may_lie_within) > 1 and course.first_filed_on(window.cut) is not None:
        return Verdict.IMPRECISE
    return Verdict.OUT


@dataclass(frozen=True, slots=True)
class RateRow:
    """One line of a figure.

    key        dimension -> value, in the order asked for; {} for the total. None = the case carries no such value
    imprecise  cases left out because a deciding date is known only to its month or year
    *_cases    case keys in order, or None where they were not asked for
    """

    key: Mapping[Dimension, str | None]
    numerator: int
    denominator: int
    imprecise: int = 0
    numerator_cases: tuple[str, ...] | None = None
    denominator_cases: tuple[str, ...] | None = None
    imprecise_cases: tuple[str, ...] | None = None

    @property
    def rate(self) -> float | None:
        """Return numerator ÷ denominator unrounded; None where the denominator is 0."""
        return self.numerator / self.denominator if self.denominator else None

    def document(self) -> dict[str, object]:
        """Return the row as INTERFACES §3 shapes it."""
        row: dict[str, object] = {dimension.value: value for dimension, value in self.key.items()}
        row |= {
            "numerator": self.numerator,
            "denominator": self.denominator,
            "rate": self.rate,
            "imprecise": self.imprecise,
        }
        if self.numerator_cases is not None:
            row["numerator_cases"] = list(self.numerator_cases)
            row["denominator_cases"] = list(self.denominator_cases or ())
            row["imprecise_cases"] = list(self.imprecise_cases or ())
        return row


@dataclass(frozen=True, slots=True)
class ClosureRate:
    """A figure with all it depends on: policy version, period, as-of day and known-at instant.

    rows   one for each combination of the dimensions `by` that has a case in it, in order; none without dimensions
    total  over the whole period, each case once
    """

    policy_id: str
    policy_version: str
    period: Period
    as_of: date
    known_at: datetime
    by: tuple[Dimension, ...]
    rows: tuple[RateRow, ...]
    total: RateRow

    def document(self) -> dict[str, object]:
        """Return the JSON document of INTERFACES §3."""
        return {
            "policy": {"id": self.policy_id, "version": self.policy_version},
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            "as_of": self.as_of.isoformat(),
            "known_at": self.known_at.isoformat(),
            "rows": [row.document() for row in self.rows],
            "total": self.total.document(),
        }


def closure_rate(
    histories: Iterable[CaseHistory],
    policy: MetricPolicy,
    period: Period,
    *,
    known_at: datetime,
    as_of: date | None = None,
    by: Sequence[Dimension] = (),
    with_cases: bool = False,
    due_of: DueOf | None = None,
) -> ClosureRate:
    """Count a closure rate over histories, which are read once and not kept.

    known_at    aware; only what was recorded up to then exists
    as_of       defaults to the end of the period
    by          dimensions of the rows; those that the policy itself asks for are added
    due_of      needed by policies of formula `r4`
    raises      InputError  as-of lies before the period
    """
    count = ClosureCount(policy, period, known_at=known_at, as_of=as_of, by=by, with_cases=with_cases, due_of=due_of)
    for history in histories:
        count.add(history)
    return count.figure()


class ClosureCount:
    """A closure rate being counted; arguments as for `closure_rate`."""

    def __init__(
        self,
        policy: MetricPolicy,
        period: Period,
        *,
        known_at: datetime,
        as_of: date | None = None,
        by: Sequence[Dimension] = (),
        with_cases: bool = False,
        due_of: DueOf | None = None,
    ) -> None:
        self._policy = policy
        self._period = period
        self._known_at = known_at
        self._as_of = period.last if as_of is None else as_of
        self._whole = window_of(period, self._as_of)
        self._dimensions = tuple(dict.fromkeys((*by, *policy.dimensions)))
        by_month = Dimension.MONTH in self._dimensions
        self._windows = month_windows(period, self._as_of) if by_month else (self._whole,)
        self._due_of = due_of
        self._with_cases = with_cases
        self._total = _Line()
        self._lines: dict[_RowKey, _Line] = {}

    @property
    def whole(self) -> Window:
        """Return the window of the whole period."""
        return self._whole

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """Return the dimensions of the rows: those asked for, each once, then those the policy always splits by."""
        return self._dimensions

    def add(self, history: CaseHistory, *, times: int = 1, case_keys: Sequence[str] = ()) -> None:
        """Count a case, or `times` cases that do not differ in anything the figure reads.

        case_keys   of all of them, where they are listed and `history` stands for several
        """
        course = course_of(history, self._policy, known_at=self._known_at)
        if not history.counts or not course.steps:
            return
        keys = (case_keys or (history.case_key,)) if self._with_cases else ()
        verdict = verdict_of(course, self._policy, self._whole, due_of=self._due_of)
        self._total.add(verdict, times, keys)
        if not self._dimensions:
            return
        for window in _within_life(course, self._windows):
            seen = verdict
            if window is not self._whole:
                seen = verdict_of(course, self._policy, window, due_of=self._due_of)
            if seen is Verdict.OUT:
                continue
            for row_key in _keys(history, self._dimensions, window, self._known_at):
                self._lines.setdefault(row_key, _Line()).add(seen, times, keys)

    def add_flow(self, flow: Flow) -> None:
        """Count plain cases of one kind by how many were filed and closed in which month.

        Only where `is_told_by_flows` says so of the policy; months must reach to the cut of the whole window.
        """
        formula = FLOW_FORMULAS[self._policy.formula]
        self._total.add_sums(*formula(whole_sums(flow)))
        if not self._dimensions:
            return
        for window, sums in sums_of(flow, self._windows):
            counts = formula(sums)
            if counts == (0, 0):
                continue
            for row_key in _flow_keys(flow, self._dimensions, window):
                self._lines.setdefault(row_key, _Line()).add_sums(*counts)

    def figure(self) -> ClosureRate:
        """Return what was counted; rows of 0/0 are left out."""
        ordered = sorted(self._lines.items(), key=lambda item: [(value is None, value or "") for value in item[0]])
        return ClosureRate(
            policy_id=self._policy.id,
            policy_version=self._policy.version,
            period=self._period,
            as_of=self._as_of,
            known_at=self._known_at,
            by=self._dimensions,
            rows=tuple(
                line.row(dict(zip(self._dimensions, key, strict=True)), self._with_cases)
                for key, line in ordered
                if line.numerator or line.denominator
            ),
            total=self._total.row({}, self._with_cases),
        )


_RowKey = tuple[str | None, ...]
"""Values in the order of the dimensions."""


class _Line:
    """Running counts of one row."""

    __slots__ = ("denominator", "denominator_cases", "imprecise", "imprecise_cases", "numerator", "numerator_cases")

    def __init__(self) -> None:
        self.numerator = self.denominator = self.imprecise = 0
        self.numerator_cases: list[str] = []
        self.denominator_cases: list[str] = []
        self.imprecise_cases: list[str] = []

    def add(self, verdict: Verdict, times: int, case_keys: Sequence[str]) -> None:
        if verdict in (Verdict.NUMERATOR, Verdict.BOTH):
            self.numerator += times
            self.numerator_cases += case_keys
        if verdict in (Verdict.DENOMINATOR, Verdict.BOTH):
            self.denominator += times
            self.denominator_cases += case_keys
        if verdict is Verdict.IMPRECISE:
            self.imprecise += times
            self.imprecise_cases += case_keys

    def add_sums(self, numerator: int, denominator: int) -> None:
        self.numerator += numerator
        self.denominator += denominator

    def row(self, key: Mapping[Dimension, str | None], with_cases: bool) -> RateRow:
        return RateRow(
            key=key,
            numerator=self.numerator,
            denominator=self.denominator,
            imprecise=self.imprecise,
            numerator_cases=tuple(sorted(self.numerator_cases)) if with_cases else None,
            denominator_cases=tuple(sorted(self.denominator_cases)) if with_cases else None,
            imprecise_cases=tuple(sorted(self.imprecise_cases)) if with_cases else None,
        )


def _within_life(course: Course, windows: Sequence[Window]) -> Iterator[Window]:
    """Yield the windows in which a case can be: none that ends before it began, none after it was closed for good."""
    last = course.steps[-1]
    rests = last.effect is Counts.CLOSES and not course.vague
    for window in windows:
        if rests and last.on < window.first:
            return
        if course.steps[0].on <= window.cut:
            yield window


def _closing_within(course: Course, window: Window) -> Step | None:
    closing = course.closing_at(window.cut)
    return closing if closing is not None and closing.on >= window.first else None


def _eve(window: Window) -> date:
    # Nothing is dated before the first day of the calendar, so its eve is itself: no case was closed then either way.
    return window.first if window.first == date.min else window.first - timedelta(days=1)


def _keys(
    history: CaseHistory, dimensions: Sequence[Dimension], window: Window, known_at: datetime
) -> Iterator[_RowKey]:
    division = history.division_at(window.cut, known_at=known_at) if Dimension.DIVISION in dimensions else ""
    return _products(dimensions, window, division, history.ip_types, history.procedure, history.source)


def _flow_keys(flow: Flow, dimensions: Sequence[Dimension], window: Window) -> Iterator[_RowKey]:
    return _products(dimensions, window, flow.division, flow.ip_types, flow.procedure, flow.source)


def _products(
    dimensions: Sequence[Dimension],
    window: Window,
    division: str,
    ip_types: Sequence[str],
    procedure: str,
    source: str | None,
) -> Iterator[_RowKey]:
    values: list[Sequence[str | None]] = []
    for dimension in dimensions:
        match dimension:
            case Dimension.DIVISION:
                values.append((division,))
            case Dimension.IP_TYPE:
                values.append(tuple(dict.fromkeys(ip_types)) or (None,))
            case Dimension.PROCEDURE:
                values.append((procedure,))
            case Dimension.SOURCE:
                values.append((source,))
            case Dimension.MONTH:
                values.append((window.month,))
    return product(*values)
