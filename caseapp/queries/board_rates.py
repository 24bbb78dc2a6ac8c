"""Closure rates of a board: by more dimensions than a policy knows, under its filters, and month by month.

The verdicts are those of `domain.metrics.closure`. Plain cases are grouped by the database and judged one for all of
their kind; the others are read and judged one by one, so the cost grows with the groups and not with the cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, extract, false, func, literal, not_, null, or_, select

from caseapp.context import Context
from caseapp.db import table_of
from caseapp.domain.events import ClosingManner
from caseapp.domain.metrics.closure import Verdict, verdict_of
from caseapp.domain.metrics.courses import course_of
from caseapp.domain.metrics.history import CaseHistory
from caseapp.domain.metrics.periods import Period, Window, month_windows, window_of
from caseapp.domain.metrics.plain import reads_two_dates, representative, stands_by_closing
from caseapp.domain.metrics.policy import MetricPolicy
from caseapp.models.case_file import CaseFile
from caseapp.models.closure_case import ClosureCase
from caseapp.queries.board import BoardQuestion, By, carries, in_sight, values_in
from caseapp.queries.case_histories import histories, stream

HEADLINE: Final = "R2"
_CLOSURE = table_of(ClosureCase).c
_OF_THE_FILE: Final = (By.ORGAN, By.OFFICER, By.CHANNEL, By.CAMPAIGN)
"""Dimensions that only the case itself carries, as it stands now."""


@dataclass(slots=True)
class Tally:
    """A fraction being counted, with the ids of its cases where they are asked for."""

    numerator: int = 0
    denominator: int = 0
    imprecise: int = 0
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    vague: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float | None:
        """Return numerator ÷ denominator unrounded; None where the denominator is 0."""
        return self.numerator / self.denominator if self.denominator else None

    def add(self, verdict: Verdict, times: int, ids: Sequence[str] = ()) -> None:
        """Count so many cases of one verdict."""
        if verdict in (Verdict.NUMERATOR, Verdict.BOTH):
            self.numerator += times
            self.above += ids
        if verdict in (Verdict.DENOMINATOR, Verdict.BOTH):
            self.denominator += times
            self.below += ids
        if verdict is Verdict.IMPRECISE:
            self.imprecise += times
            self.vague += ids


def headline_policy(ctx: Context) -> MetricPolicy:
    """Return the policy of every rate on a board."""
    return ctx.law.policies[HEADLINE]


def rates_by(ctx: Context, asked: BoardQuestion, dimensions: Sequence[By]) -> Mapping[By, Mapping[str, Tally]]:
    """Return the rate of each value of each dimension over the period; `By.CATEGORY` stands for the whole."""
    window = window_of(asked.period, asked.cut)
    found: dict[By, dict[str, Tally]] = {by: {} for by in dimensions}
    for judged in _judged(ctx, asked, window, dimensions, by_month=False, with_cases=False):
        verdict = verdict_of(judged.course, judged.policy, window)
        if verdict is Verdict.OUT:
            continue
        for by in dimensions:
            for value in judged.values[by]:
                found[by].setdefault(value, Tally()).add(verdict, judged.times)
    return found


def rate_of(ctx: Context, asked: BoardQuestion) -> Tally:
    """Return the rate over the period, each case once."""
    whole = rates_by(ctx, asked, (By.CATEGORY,))[By.CATEGORY]
    return whole.get("", Tally())


@dataclass(frozen=True, slots=True)
class Month:
    """Rates of a month: alone, as a period of its own with what it carried in; and of its year up to its end.

    key   'YYYY-MM'
    last  its last day that is looked at
    """

    key: str
    last: date
    month: Tally = field(default_factory=Tally)
    year: Tally = field(default_factory=Tally)


def months_of(ctx: Context, asked: BoardQuestion) -> tuple[tuple[Month, ...], tuple[Month, ...]]:
    """Return the months of the year in which the period ends up to its as-of day, and all of the year before."""
    this = date(asked.cut.year, 1, 1)
    before = this.replace(year=this.year - 1)
    windows = month_windows(Period(before, this.replace(month=12, day=31)), asked.cut)
    months = [(window, replace(window, first=window.first.replace(month=1))) for window in windows]
    found = [Month(window.month or "", window.cut) for window in windows]
    whole = Window(before, asked.cut)
    for judged in _judged(ctx, asked, whole, (), by_month=True, with_cases=False):
        for month, (alone, since_new_year) in zip(found, months, strict=True):
            month.month.add(verdict_of(judged.course, judged.policy, alone), judged.times)
            month.year.add(verdict_of(judged.course, judged.policy, since_new_year), judged.times)
    split = len([window for window in windows if window.first < this])
    return tuple(found[split:]), tuple(found[:split])


def cases_counted(ctx: Context, asked: BoardQuestion, by: By | None, value: str, month: str = "") -> Tally:
    """Return the cases behind one rate: of one value of a dimension, or of one month.

    month  'YYYY-MM'; it takes the place of the period
    """
    window = _month(month, asked) if month else window_of(asked.period, asked.cut)
    found = Tally()
    dimensions = (by,) if by is not None else ()
    for judged in _judged(ctx, asked, window, dimensions, by_month=bool(month), with_cases=True):
        if by is None or value in judged.values[by]:
            found.add(verdict_of(judged.course, judged.policy, window), judged.times, judged.ids)
    return found


def _month(month: str, asked: BoardQuestion) -> Window:
    first = date.fromisoformat(f"{month}-01")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Window(first, max(first, min(last, asked.today, asked.cut)), month=month)


@dataclass(frozen=True, slots=True)
class _Judged:
    """Cases that no figure here can tell apart, by one course. ids: only where they were asked for."""

    course: Any
    policy: MetricPolicy
    times: int
    values: Mapping[By, tuple[str, ...]]
    ids: Sequence[str] = ()


def _judged(
    ctx: Context, asked: BoardQuestion, window: Window, dimensions: Sequence[By], *, by_month: bool, with_cases: bool
) -> Iterator[_Judged]:
    policy = headline_policy(ctx)
    known = ctx.now()
    filed_by = _CLOSURE.filed_on <= window.cut
    settled = _settled_before(policy, window)
    plain = and_(_CLOSURE.plain, _CLOSURE.known_since <= known) if reads_two_dates(policy) else false()
    shared = [filed_by, not_(settled), *_on_closure(ctx, asked)]
    at = asked.filters().get(By.DIVISION, "")
    wanted = tuple(dict.fromkeys((*dimensions, *((By.DIVISION,) if at else ()))))
    for one in _plain(policy, ctx, window, wanted, [plain, *shared], by_month=by_month, with_cases=with_cases):
        if not at or at in one.values[By.DIVISION]:
            yield one
    of_file = [by for by in wanted if by in _OF_THE_FILE]
    carried = _carried(ctx, [not_(plain), *shared], of_file) if of_file else {}
    for history in histories(ctx, policy, window, known, [not_(plain), *shared]):
        values = {by: _value(history, by, window, known) for by in wanted if by not in _OF_THE_FILE}
        values |= {by: carried[history.case_key][by] for by in of_file}
        if not at or at in values[By.DIVISION]:
            course = course_of(history, policy, known_at=known)
            if course.steps:
                yield _Judged(course, policy, 1, values, (history.case_key,))


def _on_closure(ctx: Context, asked: BoardQuestion) -> Iterator[ColumnElement[bool]]:
    """Yield rights and filters as conditions on `closure_case`; the division is that of the as-of day, judged later."""
    of_file = [*in_sight(ctx)]
    for by, value in asked.filters().items():
        if by is not By.DIVISION:
            of_file.append(carries(by, value, asked))
    if of_file:
        yield _CLOSURE.case_id.in_(select(CaseFile.id).where(*of_file))


def _settled_before(policy: MetricPolicy, window: Window) -> ColumnElement[bool]:
    if not stands_by_closing(policy) or not all(policy.manners.values()):
        return false()
    return and_(_CLOSURE.closed_on.is_not(None), _CLOSURE.closed_on < window.first)


def _value(history: CaseHistory, by: By, window: Window, known: Any) -> tuple[str, ...]:
    if by is By.DIVISION:
        return (history.division_at(window.cut, known_at=known),)
    if by is By.IP_TYPE:
        return tuple(dict.fromkeys(history.ip_types)) or values_in(by, None)
    if by is By.PROCEDURE:
        return (history.procedure,)
    if by is By.SOURCE:
        return values_in(by, history.source)
    return ("",)


def _stored(by: By) -> Any:
    stored: Mapping[By, Any] = {
        By.DIVISION: _CLOSURE.division,
        By.IP_TYPE: _CLOSURE.ip_types,
        By.PROCEDURE: _CLOSURE.procedure,
        By.SOURCE: _CLOSURE.source,
        By.ORGAN: CaseFile.organ_id,
        By.OFFICER: CaseFile.lead_officer,
        By.CHANNEL: CaseFile.channel,
        By.CAMPAIGN: CaseFile.campaigns,
    }
    return stored.get(by, literal(""))


def _carried(
    ctx: Context, conditions: Sequence[ColumnElement[bool]], dimensions: Sequence[By]
) -> dict[str, dict[By, tuple[str, ...]]]:
    """Return what the cases themselves carry, by id."""
    columns = [_stored(by).label(by.value) for by in dimensions]
    rows = select(CaseFile.id, *columns).join(ClosureCase, ClosureCase.case_id == CaseFile.id).where(*conditions)
    return {row.id: {by: values_in(by, getattr(row, by.value)) for by in dimensions} for row in stream(ctx, rows)}


_BEFORE, _WITHIN = 0, 1


def _plain(
    policy: MetricPolicy,
    ctx: Context,
    window: Window,
    dimensions: Sequence[By],
    conditions: Sequence[ColumnElement[bool]],
    *,
    by_month: bool,
    with_cases: bool,
) -> Iterator[_Judged]:
    is_closed = and_(_CLOSURE.closed_on.is_not(None), _CLOSURE.closed_on <= window.cut)
    every_manner = all(policy.manners.values())
    columns = [
        _place(_CLOSURE.filed_on, window, by_month=by_month).label("filed"),
        case(
            (or_(_CLOSURE.closed_on.is_(None), _CLOSURE.closed_on > window.cut), null()),
            else_=_place(_CLOSURE.closed_on, window, by_month=by_month),
        ).label("closed"),
        (null() if every_manner else case((is_closed, _CLOSURE.manner), else_=null())).label("manner"),
        *(_stored(by).label(by.value) for by in dimensions),
    ]
    if with_cases:
        columns.append(_CLOSURE.case_id.label("case_id"))
    cases = select(*columns).select_from(ClosureCase)
    if any(by in _OF_THE_FILE for by in dimensions):
        cases = cases.join(CaseFile, CaseFile.id == ClosureCase.case_id)
    places = cases.where(*conditions).subquery()
    rows = select(*places.c) if with_cases else select(*places.c, func.count().label("times")).group_by(*places.c)
    courses: dict[tuple[Any, ...], Any] = {}
    for row in stream(ctx, rows):
        place = (row.filed, row.closed, row.manner)
        if place not in courses:
            history = representative(
                filed_on=_day_at(row.filed, window),
                closed_on=None if row.closed is None else _day_at(row.closed, window),
                manner=None if row.manner is None else ClosingManner(row.manner),
                division="",
                procedure="",
                ip_types=(),
                source=None,
            )
            courses[place] = course_of(history, policy, known_at=ctx.now())
        values = {by: values_in(by, getattr(row, by.value)) if by is not By.CATEGORY else ("",) for by in dimensions}
        if with_cases:
            yield _Judged(courses[place], policy, 1, values, (row.case_id,))
        else:
            yield _Judged(courses[place], policy, row.times, values)


def _place(day: ColumnElement[Any], window: Window, *, by_month: bool) -> ColumnElement[Any]:
    """Where a day up to the cut falls: before the window, within it, or in which month of it."""
    month = extract("year", day) * 12 + extract("month", day) - 1
    return case((day < window.first, _BEFORE), else_=month if by_month else _WITHIN)


def _day_at(place: int, window: Window) -> date:
    """Return a day that falls at that place."""
    if place == _BEFORE:
        return window.first - timedelta(days=1)
    if place == _WITHIN:
        return window.first
    year, month = divmod(int(place), 12)  # PostgreSQL counts months in decimals
    return max(date(year, month + 1, 1), window.first)
