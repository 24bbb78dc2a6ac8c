"""A deadline told day by day, so that anyone can check it with a wall calendar.

This walks through the days on purpose: it shares with `compute` only the measure of the limit, and the tests hold the
two against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from caseapp.domain.calendar import DayKind, RowKind, WorkingCalendar
from caseapp.domain.clocks.compute import Length, calendar_days, close_pauses, due, length_of, start_day
from caseapp.domain.clocks.rules import ClockRule, Direction, Span, Unit
from caseapp.domain.clocks.suspensions import Pause, is_paused

_DAY = timedelta(days=1)


class LineKind(StrEnum):
    """What a day did for the count."""

    START = "start"
    COUNTED = "counted"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"
    ROLLED = "rolled"


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of the explanation.

    number  of a counted day: which of the limit's days it is (1, 2, 3 …); of every other day the number reached so far
    name    the festival that the calendar names for the day, in Chinese; '' for an ordinary day
    make_up a Saturday or Sunday that is worked in exchange for that festival
    """

    date: date
    kind: LineKind
    number: int = 0
    name: str = ""
    make_up: bool = False


def days(
    rule: ClockRule,
    *,
    calendar: WorkingCalendar,
    started_on: date | None = None,
    started_at: datetime | None = None,
    pauses: Sequence[Pause] = (),
    extension: int | Sequence[Span] = 0,
    as_of: date | None = None,
) -> tuple[DayLine, ...]:
    """Return every day from the start to the due day in order of time (`before` rules: from the due day to the start).

    start    the day of the triggering act, whatever else it is
    paused   left out by a pause, also where it is a weekend or holiday
    counted  one of the limit's days. Calendar-day, month and year rules count weekends and holidays too, so the last of
             them may be a closed day; hour rules count each later day that the hours reach
    weekend, holiday  not counted by a working-day rule; a Saturday in a published holiday is a holiday
    rolled   after the last counted day, up to and including the working day to which the end moved

    A limit that an open pause holds back ends with the first day of that pause.

    raises  as `compute.due`
    """
    limit = due(
        rule,
        calendar=calendar,
        started_on=started_on,
        started_at=started_at,
        pauses=pauses,
        extension=extension,
        as_of=as_of,
    )
    start = start_day(rule, started_on=started_on, started_at=started_at)
    length = length_of(rule, extension)
    stopped = close_pauses(pauses, as_of)
    if rule.direction is Direction.BEFORE:
        backwards = list(_count(start, length, calendar, stopped, step=-_DAY))
        lines = backwards[::-1]
        lines.append(_line(calendar, start, LineKind.START, 0))
        return tuple(lines)

    lines = [_line(calendar, start, LineKind.START, 0)]
    if rule.unit is Unit.HOURS:
        lines.extend(_reached(start, limit.on, calendar, stopped))
        return tuple(lines)
    lines.extend(_count(start, length, calendar, stopped, step=_DAY))
    if rule.rolls and lines[-1].kind is not LineKind.PAUSED:
        lines.extend(_rolled(lines[-1], calendar, stopped))
    return tuple(lines)


def _count(
    start: date, length: Length, calendar: WorkingCalendar, pauses: Sequence[Pause], *, step: timedelta
) -> Iterator[DayLine]:
    wanted = calendar_days(start, length)
    number, day = 0, start
    while number < wanted:
        day += step
        if is_paused(day, pauses):
            yield _line(calendar, day, LineKind.PAUSED, number)
            if _never_resumes(day, pauses):
                return
        elif length.working and not calendar.is_working(day):
            weekend = calendar.kind(day) is DayKind.WEEKEND
            yield _line(calendar, day, LineKind.WEEKEND if weekend else LineKind.HOLIDAY, number)
        else:
            number += 1
            yield _line(calendar, day, LineKind.COUNTED, number)


def _rolled(last: DayLine, calendar: WorkingCalendar, pauses: Sequence[Pause]) -> Iterator[DayLine]:
    day = last.date
    while is_paused(day, pauses) or not calendar.is_working(day):
        day += _DAY
        if is_paused(day, pauses):
            yield _line(calendar, day, LineKind.PAUSED, last.number)
            if _never_resumes(day, pauses):
                return
        else:
            yield _line(calendar, day, LineKind.ROLLED, last.number)


def _reached(start: date, last: date | None, calendar: WorkingCalendar, pauses: Sequence[Pause]) -> Iterator[DayLine]:
    number, day = 0, start
    while last is None or day < last:
        day += _DAY
        if is_paused(day, pauses):
            yield _line(calendar, day, LineKind.PAUSED, number)
            if _never_resumes(day, pauses):
                return
        else:
            number += 1
            yield _line(calendar, day, LineKind.COUNTED, number)


def _never_resumes(day: date, pauses: Sequence[Pause]) -> bool:
    return any(pause.last is None and pause.first <= day for pause in pauses)


def _line(calendar: WorkingCalendar, day: date, kind: LineKind, number: int) -> DayLine:
    row = calendar.row(day)
    if row is None:
        return DayLine(day, kind, number)
    return DayLine(day, kind, number, name=row.name, make_up=row.kind is RowKind.WORKDAY)
