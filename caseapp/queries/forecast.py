"""What the forecast of the closure rate is made from: how long cases in sight took, counted in weeks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Date, Integer, case, cast, func, literal, select

from caseapp.context import Context
from caseapp.db import table_of
from caseapp.domain.metrics.forecast import (
    Forecast,
    Record,
    Survival,
    TrackRecord,
    backtest,
    curves,
    doubt_of,
    forecast,
)
from caseapp.domain.metrics.periods import Period
from caseapp.models.case_file import CaseFile
from caseapp.models.closure_case import ClosureCase
from caseapp.queries.board import BoardQuestion, carries, in_sight

HISTORY_DAYS: Final = 3 * 365
"""How far back cases are looked at."""
WEEK: Final = 7
_MONTH_WEEKS: Final = 5
"""Up to so many weeks ahead, forecasts are doubted as those of one month were wrong; beyond, as those of three."""
TRIALS: Final = 12
"""Month ends in the past from which a forecast is tried out."""
_CLOSURE = table_of(ClosureCase).c


@dataclass(frozen=True, slots=True)
class Ahead:
    """A forecast of the rate for a day."""

    day: date
    made: Forecast


@dataclass(frozen=True, slots=True)
class Outlook:
    """The course ahead, how good such forecasts were one and three months ahead, and the curves of the procedures.

    year_end  the last of `ahead`; None where too little is known
    """

    ahead: tuple[Ahead, ...]
    tried: Mapping[int, TrackRecord | None]
    curves: Mapping[str, Survival]

    @property
    def year_end(self) -> Ahead | None:
        """Return the forecast for the end of the year."""
        return self.ahead[-1] if self.ahead else None


def outlook(ctx: Context, asked: BoardQuestion) -> Outlook:
    """Return the outlook of R2 of this year, over the cases in sight and under the filters."""
    records = tuple(_records(ctx, asked))
    today = asked.today
    tried = {months: backtest(records, _cuts(today, months)) for months in (1, 3)}
    ahead = []
    for end in _month_ends(today):
        # The week in which the day falls counts as a whole.
        weeks = _weeks(today, end)
        record = tried[1 if weeks <= _MONTH_WEEKS else 3] or tried[1]
        doubt = doubt_of(record.trials) if record is not None else 0.0
        start = _position(date(today.year, 1, 1), today) - 1
        made = forecast(records, start=start, now=0, ahead=weeks, doubt=doubt)
        if made is not None:
            ahead.append(Ahead(end, made))
    return Outlook(
        tuple(ahead),
        tried,
        curves(records, 0),
    )


def _records(ctx: Context, asked: BoardQuestion) -> Iterator[Record]:
    """Yield the cases in sight by week of filing and of closing: one row for each pair that occurs."""
    today = asked.today
    limits = [_CLOSURE.filed_on >= today - timedelta(days=HISTORY_DAYS), _CLOSURE.filed_on <= today]
    of_file = [*in_sight(ctx), *(carries(by, value, asked) for by, value in asked.filters().items())]
    if of_file:
        limits.append(_CLOSURE.case_id.in_(select(CaseFile.id).where(*of_file)))
    closed = case((_CLOSURE.closed_on <= today, _weeks_before(ctx, _CLOSURE.closed_on, today)), else_=None)
    places = (
        select(
            _CLOSURE.procedure,
            _weeks_before(ctx, _CLOSURE.filed_on, today).label("filed"),
            closed.label("closed"),
        )
        .where(*limits)
        .subquery()
    )
    counted = select(*places.c, func.count().label("times")).group_by(*places.c)
    for row in ctx.rows(counted):
        yield Record(row.procedure, -row.filed, None if row.closed is None else -row.closed, row.times)


def _weeks_before(ctx: Context, day: Any, today: date) -> Any:
    """Return how many whole weeks a day lies before today, as an expression."""
    if ctx.session.get_bind().dialect.name == "sqlite":
        days = cast(func.julianday(today.isoformat()) - func.julianday(day), Integer)
    else:
        days = cast(literal(today, Date), Date) - day
    return days // WEEK


def _position(day: date, today: date) -> int:
    return -((today - day).days // WEEK)


def _weeks(today: date, end: date) -> int:
    return -(-(end - today).days // WEEK)


def _month_ends(today: date) -> Iterator[date]:
    """Yield the ends of this month and of the others of the year."""
    year = Period(today, date(today.year, 12, 31))
    for month in year.months():
        yield month.last


def _cuts(today: date, months: int) -> Iterator[tuple[int, int, int]]:
    """Yield (start, position, steps ahead) of forecasts that could have been made at ends of past months."""
    end = today.replace(day=1) - timedelta(days=1)
    for _number in range(TRIALS + months):
        target = end
        for _month in range(months):
            target = (target + timedelta(days=1)).replace(day=28) + timedelta(days=4)
            target = target.replace(day=1) - timedelta(days=1)
        if target <= today and target.year == end.year:
            start, now = _position(date(end.year, 1, 1), today) - 1, _position(end, today)
            yield start, now, _position(target, today) - now
        end = end.replace(day=1) - timedelta(days=1)
