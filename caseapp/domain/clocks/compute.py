"""When a deadline falls: arithmetic on the calendar, without walking through the days.

The conventions, each with the text it follows:

- The day of the start is not counted (程序规定 art 80, 处罚法 art 85).
- Working-day rules count working days, calendar-day rules every day; paused days count in neither.
- Month and year rules end on the day with the start's number, or on the month's last day where it has none; every day
  that is paused before this moving end puts it off by one.
- An extension lengthens the limit from the start: months are added to months, days after the month's end, and what
  comes out is moved off a closed day once, at the very end.
- A rule that rolls moves a last day on which no work is done, or which is paused, to the next working day that is not
  paused. A limit on a power, or a mere duration, does not roll.
- Hour rules run exactly, through nights and holidays; only paused days of Beijing time stand still.
- A `before` rule counts its days backwards from the start and never rolls.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from caseapp.domain.calendar import LEGAL_TIME, WorkingCalendar
from caseapp.domain.clocks.rules import ClockRule, Direction, Span, Unit
from caseapp.domain.clocks.suspensions import Pause, merge_pauses
from caseapp.domain.errors import N_, InputError, Message, RuleRefused

_DAY = timedelta(days=1)
_MONTHS_IN_YEAR = 12


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a limit.

    on           last day in time (local date); None while an open pause holds it back and no `as_of` was given
    at           the exact end of an hour rule, in Beijing time; None for every other rule
    provisional  the days from start to end touch a year whose calendar is not published: only its weekends are known.
                 Said of every rule that counts days, also where the date cannot move because the rule does not roll
    moving       a pause that still lasts holds the date back: it is later by one day each day
    """

    on: date | None
    at: datetime | None = None
    provisional: bool = False
    moving: bool = False


@dataclass(frozen=True, slots=True)
class Length:
    """A limit with its extensions, in measures that are never converted into each other.

    months   whole calendar months; years are twelve of them
    days     calendar days added after the months; working days where `working`
    hours    of an hour rule, which has nothing else
    """

    months: int = 0
    days: int = 0
    hours: int = 0
    working: bool = False


class ExtensionRefused(RuleRefused):
    """The rule knows no extension, or none in that unit."""


def due(
    rule: ClockRule,
    *,
    calendar: WorkingCalendar,
    started_on: date | None = None,
    started_at: datetime | None = None,
    pauses: Sequence[Pause] = (),
    extension: int | Sequence[Span] = 0,
    as_of: date | None = None,
) -> Due:
    """Return the last day (or instant) on which the act is still in time.

    started_on  local date of the triggering act; may be left out where `started_at` is given
    started_at  aware instant of it, needed by hour rules alone
    pauses      in any order, overlapping or not; a day is left out once
    extension   how much was granted in all: a number in the rule's extension unit, or spans
    as_of       the day on which an open pause is taken to end; without it an open pause that holds the limit back
                makes the date unknown

    raises  InputError (an hour rule without an instant, a naive instant, no start at all, dates out of range),
            ExtensionRefused
    """
    start = start_day(rule, started_on=started_on, started_at=started_at)
    try:
        length = length_of(rule, extension)
        stopped = close_pauses(pauses, as_of) if pauses else ()
        if started_at is not None and rule.unit is Unit.HOURS:
            return _due_at(started_at, length.hours, stopped)
        if rule.direction is Direction.BEFORE:
            return _due_before(start, length, calendar, stopped)
        if length.working:
            end = _after_working_days(start, length.days, calendar, stopped)
        else:
            end = _after_days(start, calendar_days(start, length), stopped)
        if end is not None and rule.rolls:
            end = _roll(end, calendar, stopped)
        if end is None:
            return Due(None, provisional=not calendar.covers(start + _DAY, stopped[-1].first), moving=True)
        return Due(end, provisional=not calendar.covers(start + _DAY, end), moving=_held_back(pauses, end, as_of))
    except (OverflowError, ValueError):
        raise InputError("start", Message(N_("日期超出可以计算的范围"))) from None


def start_day(rule: ClockRule, *, started_on: date | None, started_at: datetime | None) -> date:
    """The local day on which a clock starts.

    raises  InputError where neither is given, an instant has no zone, or an hour rule lacks its instant
    """
    if started_at is not None:
        if started_at.tzinfo is None:
            raise InputError("at", Message(N_("起算时刻必须注明时区")))
        return started_at.astimezone(LEGAL_TIME).date()
    if started_on is None:
        raise InputError("start", Message(N_("缺少起算日期")))
    if rule.unit is Unit.HOURS:
        raise InputError("at", Message(N_("时限 %(rule)s 按小时计算，需要起算时刻"), {"rule": rule.id}))
    return started_on


def length_of(rule: ClockRule, extension: int | Sequence[Span] = 0) -> Length:
    """The rule's limit with what was granted on top of it.

    raises  ExtensionRefused where the rule knows no extension, or none in that unit; InputError where it is negative
    """
    if not extension:
        return _sum_of(rule.unit, (Span(rule.limit, rule.unit),))
    unit = rule.extension_unit
    if unit is None:
        raise ExtensionRefused(Message(N_("时限 %(rule)s 不得延长"), {"rule": rule.id}))
    granted = (Span(extension, unit),) if isinstance(extension, int) else tuple(extension)
    if any(span.n < 0 for span in granted):
        raise InputError("extend", Message(N_("延长的期限不能是负数")))
    if not all(span.unit.lengthens(rule.unit) for span in granted):
        raise ExtensionRefused(Message(N_("时限 %(rule)s 不能按这一单位延长"), {"rule": rule.id}))
    return _sum_of(rule.unit, (Span(rule.limit, rule.unit), *granted))


@lru_cache(maxsize=4096)
def _sum_of(unit: Unit, spans: tuple[Span, ...]) -> Length:
    months = days = hours = 0
    for span in spans:
        if span.unit is Unit.MONTHS:
            months += span.n
        elif span.unit is Unit.YEARS:
            months += span.n * _MONTHS_IN_YEAR
        elif span.unit is Unit.HOURS:
            hours += span.n
        else:
            days += span.n
    return Length(months=months, days=days, hours=hours, working=unit is Unit.WORKING_DAYS)


def add_months(day: date, months: int) -> date:
    """The day with the same number `months` later, or that month's last day where it has none.

    raises  ValueError beyond the year 9999
    """
    years, month = divmod(day.month - 1 + months, _MONTHS_IN_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def calendar_days(start: date, length: Length) -> int:
    """How many days a calendar limit holds when it starts on `start`: months are measured first, days added to them."""
    if not length.months:
        return length.days
    return (add_months(start, length.months) - start).days + length.days


def close_pauses(pauses: Sequence[Pause], as_of: date | None) -> tuple[Pause, ...]:
    """Disjoint pauses in order; one that still lasts is taken to end on `as_of` where that is given."""
    if as_of is not None:
        pauses = [
            Pause(pause.first, max(pause.first, as_of)) if pause.last is None else pause
            for pause in pauses
            if pause.last is not None or pause.first <= as_of
        ]
    return merge_pauses(pauses)


def _after_working_days(start: date, count: int, calendar: WorkingCalendar, pauses: tuple[Pause, ...]) -> date | None:
    number = calendar.working_days_through(start) + count
    end = calendar.working_day(number)
    for pause in pauses:
        if pause.first > end:
            break
        if pause.last is None:
            return None
        if pause.last > start:
            number += calendar.working_days_between(max(pause.first - _DAY, start), pause.last)
            end = calendar.working_day(number)
    return end


def _after_days(start: date, count: int, pauses: tuple[Pause, ...]) -> date | None:
    end = start + timedelta(days=count)
    for pause in pauses:
        if pause.first > end:
            break
        if pause.last is None:
            return None
        if pause.last > start:
            end += pause.last - max(pause.first - _DAY, start)
    return end


def _roll(end: date, calendar: WorkingCalendar, pauses: tuple[Pause, ...]) -> date | None:
    day = calendar.on_or_after(end)
    for pause in pauses:
        if pause.first > day:
            break
        if pause.holds(day):
            if pause.last is None:
                return None
            day = calendar.on_or_after(pause.last + _DAY)
    return day


def _due_at(started_at: datetime, hours: int, pauses: tuple[Pause, ...]) -> Due:
    start = started_at.astimezone(LEGAL_TIME)
    end = start + timedelta(hours=hours)
    for pause in pauses:
        stop = datetime.combine(pause.first, time(), LEGAL_TIME)
        if stop >= end:
            break
        if pause.last is None:
            return Due(None, moving=True)
        resume = datetime.combine(pause.last + _DAY, time(), LEGAL_TIME)
        if resume > start:
            end += resume - max(stop, start)
    return Due(end.date(), at=end)


def _due_before(start: date, length: Length, calendar: WorkingCalendar, pauses: tuple[Pause, ...]) -> Due:
    eve = start - _DAY
    number = calendar.working_days_through(eve) - length.days + 1
    end = calendar.working_day(number) if length.working else start - timedelta(days=length.days)
    for pause in reversed(pauses):
        first, last = pause.first, min(pause.last or eve, eve)
        if last < end:
            break
        if first > eve:
            continue
        if length.working:
            number -= calendar.working_days_between(first - _DAY, last)
            end = calendar.working_day(number)
        else:
            end -= last - first + _DAY
    return Due(end, provisional=not calendar.covers(end, eve))


def _held_back(pauses: Sequence[Pause], end: date, as_of: date | None) -> bool:
    """Whether a pause that still lasts lies before the end that was computed by taking it to end on `as_of`."""
    return as_of is not None and any(pause.last is None and pause.first <= min(end, as_of) for pause in pauses)
