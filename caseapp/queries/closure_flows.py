"""Sums of plain cases by month, as closure rates read them: exact at any day and any known-at.

Whole months come from `closure_flow`. Where a period begins or is cut inside a month, the days of that month that lie
on the other side are read from the cases; and so is what became known only after the instant asked about.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, extract, false, func, literal, select, true

from caseapp.context import Context
from caseapp.domain.metrics.flows import BEFORE, Flow, month_number
from caseapp.domain.metrics.periods import Window
from caseapp.domain.metrics.policy import Dimension
from caseapp.models.closure_case import ClosureCase
from caseapp.models.closure_flow import ClosureFlow
from caseapp.queries.case_histories import stream, unbarred

_CLOSURE = ClosureCase.__table__.c
_FLOW = ClosureFlow.__table__.c
_DAYS = {False: _CLOSURE.filed_on, True: _CLOSURE.closed_on}
"""Whether it is about closings -> the day that counts."""


def closure_flows(
    ctx: Context, window: Window, dimensions: Collection[Dimension], *, known_at: datetime
) -> Iterator[Flow]:
    """Return the sums of all plain cases that were known in full at an instant, up to the cut of a window.

    dimensions  by which the sums are kept apart
    """
    by_month = Dimension.MONTH in dimensions
    found: dict[_Kind, Flow] = {}

    def add(kind: _Kind, place: int, cases: int, *, closing: bool) -> None:
        flow = found.get(kind)
        if flow is None:
            flow = found[kind] = Flow(kind[0], kind[1], kind[2], unbarred(kind[3]))
        months = flow.closed if closing else flow.filed
        months[place] = months.get(place, 0) + cases

    first, last = _month(window.first), _month(window.cut)
    by_division, by_type = Dimension.DIVISION in dimensions, Dimension.IP_TYPE in dimensions
    for row in stream(ctx, _months(last, dimensions)):
        place = BEFORE if row.month < first else row.month if by_month else _within(last, by_month=False)
        kind = (row.division if by_division else "", row.procedure, row.source, row.ip_types if by_type else "")
        add(kind, place, int(row.cases), closing=row.closing)
    for query, sign in _parts(window, dimensions, known_at, by_month=by_month):
        for row in stream(ctx, query):
            kind = (row.division, row.procedure, row.source, row.ip_types)
            add(kind, int(row.place), sign * int(row.cases), closing=row.closing)
    yield from found.values()


def learned_after(known_at: datetime) -> list[ColumnElement[bool]]:
    """Return the conditions of the plain cases that were not known in full at an instant: few, found by that instant.

    Said so that no index on `plain` is taken, by which all cases would be gone through.
    """
    return [func.coalesce(_CLOSURE.plain, false()) == true(), _CLOSURE.known_since > known_at]


_Kind = tuple[str, str, str | None, str]
"""(division, procedure, source, kinds of right in bars), '' or None where the figure does not ask."""


def _parts(
    window: Window, dimensions: Collection[Dimension], known_at: datetime, *, by_month: bool
) -> Iterator[tuple[Select[Any], int]]:
    first, last = _month(window.first), _month(window.cut)
    begins = window.first.replace(day=1)
    if begins != window.first:
        # The month in which the period begins is counted as within it: its days before are put where they belong.
        early = (begins, window.first - timedelta(days=1))
        for closing in (False, True):
            yield _days(literal(_within(first, by_month=by_month)), closing, early, dimensions), -1
            yield _days(literal(BEFORE), closing, early, dimensions), 1
    ends = window.cut.replace(day=monthrange(window.cut.year, window.cut.month)[1])
    if ends != window.cut:
        late = (window.cut + timedelta(days=1), ends)
        # A period inside one month has its place, whichever end of the month is cut away.
        for closing in (False, True):
            yield _days(literal(_within(last, by_month=by_month)), closing, late, dimensions), -1
    for closing in (False, True):
        day = _DAYS[closing]
        place = case((day < window.first, BEFORE), else_=_number(day) if by_month else _within(last, by_month=False))
        yield _days(place, closing, (None, window.cut), dimensions, *learned_after(known_at)), -1


def _months(last: int, dimensions: Collection[Dimension]) -> Select[Any]:
    """Sum up by month in the order of the index; what the figure does not ask for is joined by who reads the sums."""
    kinds: list[ColumnElement[Any]] = [_FLOW.month, _FLOW.closing, _FLOW.division, _FLOW.ip_types]
    columns = [*kinds]
    for dimension, column in ((Dimension.PROCEDURE, _FLOW.procedure), (Dimension.SOURCE, _FLOW.source)):
        if dimension in dimensions:
            kinds.append(column)
            columns.append(column)
        else:
            nothing = literal("" if dimension is Dimension.PROCEDURE else None, column.type)
            columns.append(nothing.label(column.name))
    return select(*columns, func.sum(_FLOW.cases).label("cases")).where(_FLOW.month <= last).group_by(*kinds)


def _days(
    place: ColumnElement[Any],
    closing: bool,
    between: tuple[date | None, date],
    dimensions: Collection[Dimension],
    *more: ColumnElement[bool],
) -> Select[Any]:
    day = _DAYS[closing]
    conditions = [day <= between[1], *(more or (_CLOSURE.plain == true(),))]
    if between[0] is not None:
        conditions.append(day >= between[0])
    columns = [place.label("place"), literal(closing).label("closing"), *_kinds(_CLOSURE, dimensions)]
    return _grouped(columns, conditions)


def _kinds(table: Any, dimensions: Collection[Dimension]) -> Iterable[ColumnElement[Any]]:
    # A figure that is not split by something must not be grouped by it.
    yield (table.division if Dimension.DIVISION in dimensions else literal("")).label("division")
    yield (table.procedure if Dimension.PROCEDURE in dimensions else literal("")).label("procedure")
    yield (table.source if Dimension.SOURCE in dimensions else literal(None, table.source.type)).label("source")
    yield (table.ip_types if Dimension.IP_TYPE in dimensions else literal("")).label("ip_types")


def _grouped(columns: Sequence[ColumnElement[Any]], conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    # Grouped outside of a subquery: PostgreSQL takes equal expressions with parameters for different ones.
    told = select(*columns).where(*conditions).subquery()
    kinds = [told.c[column.name] for column in columns]
    return select(*kinds, func.count().label("cases")).group_by(*kinds)


def _within(month: int, *, by_month: bool) -> int:
    return month if by_month else 1


def _month(day: date) -> int:
    return month_number(day.year, day.month)


def _number(day: ColumnElement[Any]) -> ColumnElement[Any]:
    return extract("year", day) * 12 + extract("month", day) - 1
