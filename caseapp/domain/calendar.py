"""The working calendar of mainland China: dated rows, never a formula.

The State Council announces each year which weekdays are free and which weekend days are worked (调休). A year without
an announcement knows its weekends only, and whoever counts through it must say that the result is provisional.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta, timezone
from enum import StrEnum
from itertools import accumulate

LEGAL_TIME = timezone(timedelta(hours=8))
"""Beijing time, in which legal days begin and end. No summer time has applied since 1992, before any rule kept here."""

_WEEKDAYS_IN_WEEK = 5
_DAYS_IN_WEEK = 7


class RowKind(StrEnum):
    """What a published row does to its day."""

    HOLIDAY = "holiday"
    WORKDAY = "workday"


class DayKind(StrEnum):
    """What a day is, once weekends and published rows are put together."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One row of a published calendar.

    kind    holiday: nobody works, also where the day is a Saturday or Sunday; workday: a weekend day that is worked
    name    the festival it belongs to, in Chinese
    source  the notice that says so
    """

    on: date
    kind: RowKind
    name: str
    source: str


@dataclass(frozen=True, slots=True, init=False)
class WorkingCalendar:
    """Which days are working days, with counting in constant time.

    rows    published rows in any order, at most one for a day, each inside a year of `years`
    years   the years whose calendar is published in full

    Working days are numbered from 0001-01-01 on; a day's number and the day of a number are looked up, so adding
    working days costs the same for three days and for three hundred.

    raises  ValueError for two rows on one day, or a row outside the published years
    """

    rows: tuple[CalendarDay, ...]
    years: frozenset[int]
    _by_day: dict[date, CalendarDay] = field(init=False, repr=False, compare=False)
    _first: int = field(init=False, repr=False, compare=False)
    _last: int = field(init=False, repr=False, compare=False)
    _before: int = field(init=False, repr=False, compare=False)
    _through: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _working: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __init__(self, rows: Iterable[CalendarDay] = (), years: Iterable[int] = ()) -> None:
        ordered = tuple(sorted(rows, key=lambda row: row.on))
        published = frozenset(years)
        by_day: dict[date, CalendarDay] = {}
        for row in ordered:
            if row.on in by_day:
                raise ValueError(f"two rows for {row.on}")
            if row.on.year not in published:
                raise ValueError(f"row {row.on} lies outside the published years")
            by_day[row.on] = row

        # One table over the span of the published years; before and after it only weekends matter, which is arithmetic.
        first = date(min(published), 1, 1).toordinal() if published else 1
        last = date(max(published), 12, 31).toordinal() if published else 0
        flags = bytearray(ordinal % _DAYS_IN_WEEK in _MONDAY_TO_FRIDAY for ordinal in range(first, last + 1))
        for row in ordered:
            flags[row.on.toordinal() - first] = row.kind is RowKind.WORKDAY

        set_field = object.__setattr__
        before = _weekdays_through(first - 1)
        set_field(self, "rows", ordered)
        set_field(self, "years", published)
        set_field(self, "_by_day", by_day)
        set_field(self, "_first", first)
        set_field(self, "_last", last)
        set_field(self, "_before", before)
        set_field(self, "_through", tuple(accumulate(flags, initial=before))[1:])
        set_field(self, "_working", tuple(first + index for index, flag in enumerate(flags) if flag))

    def has_year(self, year: int) -> bool:
        """Whether the calendar of that year is published in full."""
        return year in self.years

    def covers(self, first: date, last: date) -> bool:
        """Whether every year from `first` to `last` is published (True where last < first)."""
        start, end = first.year, last.year
        if start == end:
            return start in self.years or last < first
        return all(year in self.years for year in range(start, end + 1))

    def row(self, day: date) -> CalendarDay | None:
        """The published row for a day, if there is one."""
        return self._by_day.get(day)

    def is_working(self, day: date) -> bool:
        """Whether work is done on that day; in unpublished years Monday to Friday."""
        row = self._by_day.get(day)
        if row is not None:
            return row.kind is RowKind.WORKDAY
        return day.toordinal() % _DAYS_IN_WEEK in _MONDAY_TO_FRIDAY

    def kind(self, day: date) -> DayKind:
        """Working day, weekend, or holiday; a Saturday inside a published holiday is a holiday."""
        row = self._by_day.get(day)
        if row is not None:
            return DayKind.WORKING if row.kind is RowKind.WORKDAY else DayKind.HOLIDAY
        return DayKind.WORKING if day.toordinal() % _DAYS_IN_WEEK in _MONDAY_TO_FRIDAY else DayKind.WEEKEND

    def working_days_through(self, day: date) -> int:
        """How many working days lie from 0001-01-01 up to and including `day`: the number of the last of them."""
        ordinal = day.toordinal()
        if ordinal < self._first:
            return _weekdays_through(ordinal)
        if ordinal <= self._last:
            return self._through[ordinal - self._first]
        return self._after_table(_weekdays_through(ordinal))

    def working_day(self, number: int) -> date:
        """The working day with that number, counted from 0001-01-01 (1-based).

        raises  OverflowError or ValueError beyond the dates that Python can hold
        """
        index = number - self._before - 1
        if index < 0:
            return _weekday(number)
        if index < len(self._working):
            return date.fromordinal(self._working[index])
        return _weekday(number - self._after_table(0))

    def working_days_between(self, after: date, through: date) -> int:
        """Working days after `after`, up to and including `through`; negative where `through` is earlier."""
        return self.working_days_through(through) - self.working_days_through(after)

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, or before it where `count` is negative; `day` itself is not counted.

        count 0 returns `day`, working or not.
        """
        if count > 0:
            return self.working_day(self.working_days_through(day) + count)
        if count < 0:
            return self.working_day(self.working_days_through(day - timedelta(days=1)) + 1 + count)
        return day

    def on_or_after(self, day: date) -> date:
        """The day itself where it is a working day, else the next one."""
        return day if self.is_working(day) else self.add_working_days(day, 1)

    def _after_table(self, weekdays: int) -> int:
        """Turn a count of weekdays that ends after the table into a count of working days."""
        through_table = self._through[-1] if self._through else self._before
        return through_table + weekdays - _weekdays_through(self._last)


# Ordinal 1 (0001-01-01) is a Monday, so ordinals modulo seven run Monday 1 … Saturday 6, Sunday 0.
_MONDAY_TO_FRIDAY = frozenset(range(1, _WEEKDAYS_IN_WEEK + 1))


def _weekdays_through(ordinal: int) -> int:
    weeks, days = divmod(ordinal, _DAYS_IN_WEEK)
    return weeks * _WEEKDAYS_IN_WEEK + min(days, _WEEKDAYS_IN_WEEK)


def _weekday(number: int) -> date:
    weeks, days = divmod(number - 1, _WEEKDAYS_IN_WEEK)
    return date.fromordinal(weeks * _DAYS_IN_WEEK + days + 1)
