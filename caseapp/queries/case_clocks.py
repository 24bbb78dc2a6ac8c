"""The clocks of a case as its page shows them, and one clock told day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from caseapp.context import Context, Law
from caseapp.domain.calendar import DayKind
from caseapp.domain.clocks.explain import DayLine, LineKind, days
from caseapp.domain.clocks.rules import ClockRule, Direction, Unit, no_words
from caseapp.domain.clocks.status import Remaining, Status, is_due_soon, remaining, status
from caseapp.domain.clocks.suspensions import Pause
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.events import legal_date, start_of
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.workflow.timing import ProceedingClock, clocks_of
from caseapp.queries.case_images import image_at

LIVE = frozenset({Status.RUNNING, Status.PAUSED, Status.OVERDUE})
_DAY = timedelta(days=1)
_WEEK = 7


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock of a proceeding on a day.

    due_on      last day; None while an open pause holds it back
    due_at      the exact end, for rules in hours
    done, total of the limit so far, in working days or days as the rule counts; 0 of 0 where the end is unknown
    paused_for  what stops it now, in words; empty where nothing does
    lapses      a right of a party that ends by itself: it binds nobody of the house
    """

    proceeding: str
    ordinal: int
    rule: str
    name: Mapping[str, str]
    citation: str
    confidence: str
    consequence: Mapping[str, str]
    status: Status
    left: Remaining | None
    due_on: date | None
    due_at: datetime | None
    started_on: date
    ended_on: date | None
    provisional: bool
    soon: bool
    done: int
    total: int
    extended: bool
    paused_since: date | None
    paused_for: Mapping[str, str]
    lapses: bool = False

    @property
    def live(self) -> bool:
        """Return whether it still runs."""
        return self.status in LIVE


def clock_lines(law: Law, proceeding: ProceedingImage, moment: date | datetime) -> tuple[ClockLine, ...]:
    """Return the clocks of a proceeding as they stand: those that bind first in front, ended ones last, newest first.

    moment  a day, or the present instant, with which rules in hours are told to the hour
    """
    lines = [_line(law, proceeding, clock, moment) for clock in clocks_of(proceeding, law.rules, law.calendar)]
    running = sorted((line for line in lines if line.live), key=lambda line: (line.due_on or date.max, line.ordinal))
    ended = sorted((line for line in lines if not line.live), key=lambda line: line.ordinal, reverse=True)
    return (*running, *ended)


def binding_clock(lines: Sequence[ClockLine]) -> ClockLine | None:
    """Return the clock that binds next: the running one with the earliest last day."""
    return min(
        (line for line in lines if line.live and line.due_on is not None and not line.lapses),
        key=lambda line: line.due_on or date.max,
        default=None,
    )


def _line(law: Law, proceeding: ProceedingImage, clock: ProceedingClock, moment: date | datetime) -> ClockLine:
    rule, run = clock.rule, clock.run
    day = legal_date(moment) if isinstance(moment, datetime) else moment
    instant_or_day = moment if rule.unit is Unit.HOURS else day
    stands = status(run, instant_or_day)
    left = remaining(run, rule, instant_or_day, calendar=law.calendar) if stands in LIVE else None
    done, total = _progress(law, clock, day) if stands in LIVE else (0, 0)
    stopping = next((pause for pause in proceeding.pauses if pause.until is None), None)
    paused = stands is Status.PAUSED and stopping is not None
    return ClockLine(
        proceeding=proceeding.id,
        ordinal=clock.ordinal,
        rule=rule.id,
        name=rule.name,
        citation=rule.citation,
        confidence=rule.confidence.value,
        consequence=rule.consequence,
        status=stands,
        left=left,
        due_on=run.due.on,
        due_at=run.due.at,
        started_on=run.started_on,
        ended_on=run.stopped_on,
        provisional=run.due.provisional,
        soon=is_due_soon(run, rule, day),
        done=done,
        total=total,
        extended=bool(run.extensions),
        paused_since=stopping.first if paused and stopping else None,
        paused_for=pause_name(law, stopping.reason) if paused and stopping else no_words(),
        lapses=rule.lapses,
    )


def pause_name(law: Law, reason: str) -> Mapping[str, str]:
    """Return what a reason for leaving time out is called; another system's own word is shown as it is."""
    return law.rules.pause_reasons.get(reason, {"zh": reason, "en": reason})


def _progress(law: Law, clock: ProceedingClock, day: date) -> tuple[int, int]:
    rule, run = clock.rule, clock.run
    if run.due.on is None or rule.direction is Direction.BEFORE:
        return 0, 0
    if rule.unit is Unit.WORKING_DAYS:
        total = law.calendar.working_days_between(run.started_on, run.due.on)
        done = law.calendar.working_days_between(run.started_on, day)
    else:
        total = (run.due.on - run.started_on).days
        done = (day - run.started_on).days
    return max(0, min(done, total)), max(0, total)


# --- day by day -----------------------------------------------------------------------------------------------------


class Mark(StrEnum):
    """What a day of the wall calendar did for the count; '' outside the limit."""

    OUTSIDE = ""
    START = "start"
    COUNTED = "counted"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"
    ROLLED = "rolled"


@dataclass(frozen=True, slots=True)
class CalendarCell:
    """One day of a month's sheet.

    closed  nobody works on it; is_due, is_today  the two days that people look for
    """

    on: date | None
    mark: Mark = Mark.OUTSIDE
    number: int = 0
    name: str = ""
    make_up: bool = False
    closed: bool = False
    is_due: bool = False
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """A month as weeks from Monday to Sunday."""

    first: date
    weeks: tuple[tuple[CalendarCell, ...], ...]


@dataclass(frozen=True, slots=True)
class ClockStory:
    """One clock told so that anyone can check it with a wall calendar.

    case      as it stood
    lines     every day from the start to the last one
    months    the same on the sheets of a wall calendar
    pauses    with the name of what caused each
    counted   days of the limit; left_out: days that it does not count
    """

    case: CaseImage
    line: ClockLine
    rule: ClockRule
    lines: tuple[DayLine, ...]
    months: tuple[MonthSheet, ...]
    pauses: tuple[tuple[Pause, Mapping[str, str]], ...]
    counted: int
    left_out: int
    as_of: date


def clock_story(
    ctx: Context,
    case_id: str,
    proceeding_id: str,
    ordinal: int,
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> ClockStory:
    """Return one clock of a case, told day by day. The caller has asked whether the actor may see the case.

    raises  NotFound
    """
    image = image_at(ctx, case_id, as_of=as_of, known_at=known_at)
    proceeding = image.proceeding(proceeding_id) if image else None
    day = as_of or ctx.today()
    law = ctx.law
    clocks = clocks_of(proceeding, law.rules, law.calendar, as_of=day) if proceeding else ()
    clock = next((item for item in clocks if item.ordinal == ordinal), None)
    if image is None or proceeding is None or clock is None:
        raise NotFound(Message(N_("案件中没有这一时限")))
    run = clock.run
    lines = days(
        clock.rule,
        calendar=law.calendar,
        started_on=run.started_on,
        started_at=(run.started_at or start_of(run.started_on)) if clock.rule.unit is Unit.HOURS else None,
        pauses=run.pauses,
        extension=run.extensions,
        as_of=day if run.stopped_on is None else run.stopped_on,
    )
    moment = ctx.now() if as_of is None and known_at is None else day
    told = next(line for line in clock_lines(law, proceeding, moment) if line.ordinal == ordinal)
    return ClockStory(
        case=image,
        line=told,
        rule=clock.rule,
        lines=lines,
        months=_months(ctx, lines, told.due_on, day),
        pauses=tuple((pause, _cause(law, proceeding, pause)) for pause in run.pauses),
        counted=sum(1 for line in lines if line.kind is LineKind.COUNTED),
        left_out=sum(1 for line in lines if line.kind in (LineKind.WEEKEND, LineKind.HOLIDAY, LineKind.PAUSED)),
        as_of=day,
    )


def _cause(law: Law, proceeding: ProceedingImage, pause: Pause) -> Mapping[str, str]:
    """Return the reason of the first recorded pause inside a merged one."""
    for record in proceeding.pauses:
        if pause.holds(record.first):
            return pause_name(law, record.reason)
    return no_words()


LONGEST_SHEETS = 18
"""Months drawn at most; a limit of years is told by its first and last days."""


def _months(ctx: Context, lines: Sequence[DayLine], due_on: date | None, today: date) -> tuple[MonthSheet, ...]:
    if not lines:
        return ()
    by_day = {line.date: line for line in lines}
    first, last = lines[0].date.replace(day=1), lines[-1].date
    months: list[date] = []
    while first <= last:
        months.append(first)
        first = (first + timedelta(days=31)).replace(day=1)
    if len(months) > LONGEST_SHEETS:
        months = [*months[:3], *months[-3:]]
    return tuple(MonthSheet(month, _weeks(ctx, month, by_day, due_on, today)) for month in months)


def _weeks(
    ctx: Context, month: date, by_day: Mapping[date, DayLine], due_on: date | None, today: date
) -> tuple[tuple[CalendarCell, ...], ...]:
    cells: list[CalendarCell] = [CalendarCell(None)] * month.weekday()
    day = month
    while day.month == month.month:
        line = by_day.get(day)
        row = ctx.law.calendar.row(day)
        closed = ctx.law.calendar.kind(day) is not DayKind.WORKING
        cells.append(
            CalendarCell(
                on=day,
                mark=Mark(line.kind.value) if line else Mark.OUTSIDE,
                number=line.number if line and line.kind is LineKind.COUNTED else 0,
                name=row.name if row else "",
                make_up=row is not None and not closed,
                closed=closed,
                is_due=day == due_on,
                is_today=day == today,
            )
        )
        day += _DAY
    cells += [CalendarCell(None)] * (-len(cells) % _WEEK)
    return tuple(tuple(cells[start : start + _WEEK]) for start in range(0, len(cells), _WEEK))
