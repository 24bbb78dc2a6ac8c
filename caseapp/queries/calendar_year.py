"""One year of the working calendar as a page shows it: twelve months, the festivals, and the notices they rest on."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from caseapp.context import Context
from caseapp.domain.calendar import CalendarDay, DayKind, RowKind, WorkingCalendar
from caseapp.domain.errors import N_, Message, NotFound

_MONDAY = 0
_MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of a month.

    made_up  a Saturday or Sunday that is worked (调休)
    name     the festival it belongs to, '' for an ordinary day
    """

    on: date
    kind: DayKind
    made_up: bool
    name: str


@dataclass(frozen=True, slots=True)
class Month:
    """One month: weeks from Monday to Sunday, None outside the month."""

    number: int
    weeks: tuple[tuple[DayCell | None, ...], ...]
    working_days: int


@dataclass(frozen=True, slots=True)
class Festival:
    """The free days of one festival and the weekend days worked for it; `spans` are runs of days, first and last."""

    name: str
    spans: tuple[tuple[date, date], ...]
    made_up: tuple[date, ...]
    source: str


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year.

    published  whether the State Council's notice is loaded; otherwise weekends only, and every count is provisional
    years      every year that is published, ascending
    """

    year: int
    published: bool
    months: tuple[Month, ...]
    festivals: tuple[Festival, ...]
    sources: tuple[str, ...]
    working_days: int
    years: tuple[int, ...]


def calendar_year(ctx: Context, year: int) -> CalendarYear:
    """Return a year, published or not, from the first published one to the one after the last and the present one.

    raises  NotFound
    """
    calendar = ctx.law.calendar
    years = tuple(sorted(calendar.years))
    known = {*years, ctx.today().year}
    if not min(known) <= year <= max(known) + 1:
        raise NotFound(Message(N_("没有 %(year)s 年的日历"), {"year": year}))
    months = tuple(_month(calendar, year, number) for number in _MONTHS)
    rows = [row for row in calendar.rows if row.on.year == year]
    return CalendarYear(
        year=year,
        published=calendar.has_year(year),
        months=months,
        festivals=_festivals(rows),
        sources=tuple(dict.fromkeys(row.source for row in rows)),
        working_days=sum(month.working_days for month in months),
        years=years,
    )


def missing_years(ctx: Context) -> tuple[int, ...]:
    """Return which of this and the next year are not published yet: deadlines that reach into them are provisional."""
    this = ctx.today().year
    return tuple(year for year in (this, this + 1) if not ctx.law.calendar.has_year(year))


def _month(calendar: WorkingCalendar, year: int, number: int) -> Month:
    weeks = tuple(
        tuple(_cell(calendar, day) if day.month == number else None for day in week)
        for week in Calendar(_MONDAY).monthdatescalendar(year, number)
    )
    cells = [cell for week in weeks for cell in week if cell is not None]
    return Month(number, weeks, sum(cell.kind is DayKind.WORKING for cell in cells))


def _cell(calendar: WorkingCalendar, day: date) -> DayCell:
    row = calendar.row(day)
    return DayCell(
        on=day,
        kind=calendar.kind(day),
        made_up=row is not None and row.kind is RowKind.WORKDAY,
        name=row.name if row is not None else "",
    )


def _festivals(rows: list[CalendarDay]) -> tuple[Festival, ...]:
    names = dict.fromkeys(row.name for row in rows)
    found = []
    for name in names:
        mine = [row for row in rows if row.name == name]
        free = [row.on for row in mine if row.kind is RowKind.HOLIDAY]
        found.append(
            Festival(
                name=name,
                spans=_spans(free),
                made_up=tuple(row.on for row in mine if row.kind is RowKind.WORKDAY),
                source=mine[0].source,
            )
        )
    return tuple(found)


def _spans(days: list[date]) -> tuple[tuple[date, date], ...]:
    """Return runs of consecutive days as (first, last)."""
    if not days:
        return ()
    breaks = [(one, other) for one, other in pairwise(days) if other - one > timedelta(days=1)]
    firsts = [days[0], *(after for _, after in breaks)]
    lasts = [*(before for before, _ in breaks), days[-1]]
    return tuple(zip(firsts, lasts, strict=True))
