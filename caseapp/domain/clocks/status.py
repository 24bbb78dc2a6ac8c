"""Where a clock stands on a given day, and what is left of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from math import ceil

from caseapp.domain.calendar import LEGAL_TIME, WorkingCalendar
from caseapp.domain.clocks.compute import Due, close_pauses
from caseapp.domain.clocks.rules import ClockRule, Direction, Span, Unit
from caseapp.domain.clocks.suspensions import Pause, is_paused
from caseapp.domain.errors import N_, Message

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


class Status(StrEnum):
    """The closed words of `flask clocks list --status`."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MET_LATE = "met_late"
    OVERDUE = "overdue"
    STOPPED = "stopped"


class Ending(StrEnum):
    """How a clock came to its end: by the act that it was waiting for, or because the matter went another way."""

    MET = "met"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class ClockRun:
    """One clock on one proceeding, folded from the ledger.

    due         as `compute.due` gives it for this run
    stopped_on  local day on which it ended, with how in `ending`; None while it runs
    stopped_at  instant of that, for hour rules
    pauses      those that this rule leaves out
    extensions  granted so far
    """

    rule_id: str
    started_on: date
    due: Due
    started_at: datetime | None = None
    stopped_on: date | None = None
    stopped_at: datetime | None = None
    ending: Ending | None = None
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Span, ...] = ()


def status(run: ClockRun, as_of: date | datetime) -> Status:
    """Return where the clock stands on a day, or at an instant.

    as_of   a local date (a limit that ends on that day is still open); or an aware instant, with which an hour rule
            is overdue from the minute on

    A clock that ended after `as_of` still runs. One whose date had passed before a pause began is overdue, not paused.
    """
    day = _local_day(as_of)
    if run.stopped_on is not None and run.stopped_on <= day and not _stops_later(run, as_of):
        if run.ending is Ending.ENDED:
            return Status.STOPPED
        return Status.MET_LATE if _is_past(run.due, run.stopped_on, run.stopped_at) else Status.MET
    if run.due.on is not None and _is_past(run.due, day, as_of if isinstance(as_of, datetime) else None):
        return Status.OVERDUE
    if is_paused(day, run.pauses):
        return Status.PAUSED
    return Status.RUNNING


def _local_day(as_of: date | datetime) -> date:
    return as_of.astimezone(LEGAL_TIME).date() if isinstance(as_of, datetime) else as_of


def _stops_later(run: ClockRun, as_of: date | datetime) -> bool:
    return isinstance(as_of, datetime) and run.stopped_at is not None and run.stopped_at > as_of


def _is_past(limit: Due, day: date, instant: datetime | None) -> bool:
    if limit.on is None:
        return False
    if limit.at is not None and instant is not None:
        return instant > limit.at
    return day > limit.on


class RemainingUnit(StrEnum):
    """In what the rest of a limit is told."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left: 0 on the last day (in the last hour), negative by as much as it is late."""

    number: int
    unit: RemainingUnit


def remaining(run: ClockRun, rule: ClockRule, as_of: date | datetime, *, calendar: WorkingCalendar) -> Remaining | None:
    """Return what is left of a clock; None where an open pause makes its end unknown.

    Working-day rules tell working days, hour rules whole hours, all others days. Paused days ahead are not part of what
    is left.
    """
    limit = run.due
    if limit.at is not None:
        instant = as_of if isinstance(as_of, datetime) else datetime.combine(as_of, time(), LEGAL_TIME)
        left = limit.at - instant
        return Remaining(left // _HOUR if left >= timedelta() else -ceil(-left / _HOUR), RemainingUnit.HOURS)
    if limit.on is None:
        return None
    day = _local_day(as_of)
    if rule.unit is Unit.WORKING_DAYS:
        number = calendar.working_days_between(day, limit.on)
        unit = RemainingUnit.WORKING_DAYS
        if number == 0 and limit.on < day:
            # Late over a weekend only: no working day has passed, yet "due today" would be untrue.
            number, unit = (limit.on - day).days, RemainingUnit.DAYS
    else:
        number = (limit.on - day).days
        unit = RemainingUnit.DAYS
    if number > 0 and run.pauses:
        for pause in close_pauses(run.pauses, limit.on):
            first, last = max(pause.first, day + _DAY), min(pause.last or limit.on, limit.on)
            if first <= last:
                inside = calendar.working_days_between(first - _DAY, last)
                number -= inside if unit is RemainingUnit.WORKING_DAYS else (last - first).days + 1
    return Remaining(number, unit)


def in_words(left: Remaining) -> Message:
    """The badge: how much is left, how late, or that it is due today."""
    if left.number == 0:
        return Message(N_("不足 1 小时") if left.unit is RemainingUnit.HOURS else N_("今天到期"))
    late = left.number < 0
    number, unit = abs(left.number), left.unit
    if late and unit is RemainingUnit.HOURS and number >= _HOURS_FELT_AS_DAYS:
        number, unit = number // 24, RemainingUnit.DAYS
    if number == 1:
        return Message(_ONE[unit][late])
    return Message(_MANY[unit][late], {"number": number})


_HOURS_FELT_AS_DAYS = 72
"""From here on nobody counts the hours of a delay."""


_ONE = {
    RemainingUnit.WORKING_DAYS: (N_("还剩 1 个工作日"), N_("超期 1 个工作日")),
    RemainingUnit.DAYS: (N_("还剩 1 天"), N_("超期 1 天")),
    RemainingUnit.HOURS: (N_("还剩 1 小时"), N_("超期 1 小时")),
}
_MANY = {
    RemainingUnit.WORKING_DAYS: (N_("还剩 %(number)s 个工作日"), N_("超期 %(number)s 个工作日")),
    RemainingUnit.DAYS: (N_("还剩 %(number)s 天"), N_("超期 %(number)s 天")),
    RemainingUnit.HOURS: (N_("还剩 %(number)s 小时"), N_("超期 %(number)s 小时")),
}


def warning_days(rule: ClockRule, started_on: date, due_on: date) -> tuple[date, ...]:
    """The days on which a reminder falls: where the rule's percentages of the time from start to due day are over.

    Ascending, without repeats, none before the day after the start, none after the due day. A `before` rule has none:
    its time does not run from the start.
    """
    if rule.direction is Direction.BEFORE:
        return ()
    length = (due_on - started_on).days
    if length <= 0:
        return ()
    return tuple(sorted({started_on - timedelta(days=-length * percent // 100) for percent in rule.warn_at_percent}))


def is_due_soon(run: ClockRun, rule: ClockRule, as_of: date) -> bool:
    """Whether a running clock has reached its first reminder and is not yet past its due day."""
    if run.due.on is None or as_of > run.due.on or status(run, as_of) is not Status.RUNNING:
        return False
    reminders = warning_days(rule, run.started_on, run.due.on)
    return bool(reminders) and as_of >= reminders[0]
