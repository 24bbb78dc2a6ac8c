"""Every deadline against an independent count that knows nothing but the sentences of the interface page."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.calendar import LEGAL_TIME, CalendarDay, RowKind, WorkingCalendar
from caseapp.domain.clocks.compute import due
from caseapp.domain.clocks.explain import LineKind, days
from caseapp.domain.clocks.rules import ClockRule, Confidence, Direction, ExtensionRight, Unit
from caseapp.domain.clocks.suspensions import Pause

ONE_DAY = timedelta(days=1)

FIRST, LAST = date(2024, 1, 1), date(2027, 6, 30)
DAYS = st.dates(FIRST, LAST)

RULE = ClockRule(
    id="X1",
    name={"zh": "某期限", "en": "some limit"},
    limit=1,
    unit=Unit.CALENDAR_DAYS,
    law="某法",
    article="第1条",
    confidence=Confidence.VERIFIED,
)


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """2025 and 2026 published with many holidays in blocks and some worked weekends; 2024 and 2027 not."""
    inside = st.dates(date(2025, 1, 1), date(2026, 12, 20))
    free: set[date] = set()
    for first in draw(st.lists(inside, max_size=12)):
        free |= {first + timedelta(days=n) for n in range(draw(st.integers(1, 9)))}
    worked = {day for day in draw(st.sets(inside, max_size=25)) if day.weekday() >= 5} - free
    rows = [CalendarDay(day, RowKind.HOLIDAY, "节", "") for day in free]
    return WorkingCalendar([*rows, *(CalendarDay(day, RowKind.WORKDAY, "节", "") for day in worked)], {2025, 2026})


@st.composite
def rules(draw: st.DrawFn) -> tuple[ClockRule, int]:
    """A rule with an extension granted on it, in the rule's extension unit."""
    unit = draw(st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.MONTHS, Unit.YEARS]))
    most = {Unit.WORKING_DAYS: 45, Unit.CALENDAR_DAYS: 100, Unit.MONTHS: 6, Unit.YEARS: 2}[unit]
    extended_by = unit
    if unit in (Unit.MONTHS, Unit.YEARS):
        extended_by = draw(st.sampled_from([unit, Unit.MONTHS, Unit.CALENDAR_DAYS]))
    rule = replace(
        RULE,
        unit=unit,
        limit=draw(st.integers(1, most)),
        rolls=draw(st.booleans()),
        extensions=(ExtensionRight(None, extended_by, "leader", times=None),),
    )
    return rule, draw(st.integers(0, 3 if extended_by in (Unit.MONTHS, Unit.YEARS) else 40))


@st.composite
def pauses(draw: st.DrawFn) -> list[Pause]:
    found = []
    for first in draw(st.lists(DAYS, max_size=5)):
        found.append(Pause(first, first + timedelta(days=draw(st.integers(0, 45)))))
    return found


def left_out(day: date, paused: list[Pause]) -> bool:
    return any(pause.last is not None and pause.first <= day <= pause.last for pause in paused)


def months_later(day: date, months: int) -> date:
    """The naive way: month by month, then the number or the last day."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def walked(rule: ClockRule, extension: int, start: date, calendar: WorkingCalendar, paused: list[Pause]) -> date:
    """The last day by the sentences of the interface page, one day after the other."""
    if rule.unit in (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS):
        day, left = start, rule.limit + extension
        while left:
            day += ONE_DAY
            if not left_out(day, paused) and (rule.unit is Unit.CALENDAR_DAYS or calendar.is_working(day)):
                left -= 1
    else:
        months = rule.limit * (12 if rule.unit is Unit.YEARS else 1)
        if rule.extension_unit is Unit.CALENDAR_DAYS:
            plain = months_later(start, months) + timedelta(days=extension)
        else:
            plain = months_later(start, months + extension * (12 if rule.extension_unit is Unit.YEARS else 1))
        day = plain
        while True:
            span = range((day - start).days)
            moved = plain + timedelta(days=sum(left_out(start + timedelta(days=n + 1), paused) for n in span))
            if moved == day:
                break
            day = moved
    while rule.rolls and (left_out(day, paused) or not calendar.is_working(day)):
        day += ONE_DAY
    return day


@given(rules(), DAYS, calendars(), pauses())
def test_the_due_day_is_the_one_that_a_walk_finds(
    extended: tuple[ClockRule, int], start: date, calendar: WorkingCalendar, paused: list[Pause]
) -> None:
    rule, extension = extended
    found = due(rule, calendar=calendar, started_on=start, pauses=paused, extension=extension)
    expected = walked(rule, extension, start, calendar, paused)
    assert found.on == expected
    touched = {(start + timedelta(days=n + 1)).year for n in range((expected - start).days)}
    assert found.provisional is (not touched <= {2025, 2026})
    assert not found.moving


@given(rules(), DAYS, calendars(), pauses())
def test_the_account_ends_on_the_due_day_and_counts_what_the_rule_says(
    extended: tuple[ClockRule, int], start: date, calendar: WorkingCalendar, paused: list[Pause]
) -> None:
    rule, extension = extended
    lines = days(rule, calendar=calendar, started_on=start, pauses=paused, extension=extension)
    found = due(rule, calendar=calendar, started_on=start, pauses=paused, extension=extension)

    assert [line.date for line in lines] == [start + timedelta(days=n) for n in range(len(lines))]
    assert lines[-1].date == found.on
    assert lines[0].kind is LineKind.START
    counted = [line for line in lines if line.kind is LineKind.COUNTED]
    if rule.unit in (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS):
        assert len(counted) == rule.limit + extension
    for line in lines[1:]:
        assert (line.kind is LineKind.PAUSED) is left_out(line.date, paused)
        if rule.unit is Unit.WORKING_DAYS:
            closed = not calendar.is_working(line.date)
            assert (line.kind in (LineKind.WEEKEND, LineKind.HOLIDAY)) is (closed and line.kind is not LineKind.PAUSED)
    rolled = [line.date for line in lines if line.kind is LineKind.ROLLED]
    assert not rolled or min(rolled) > max(line.date for line in counted)
    if not rule.rolls:
        assert not rolled


@given(st.integers(1, 30), st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS]), DAYS, calendars(), pauses())
def test_a_backward_count_is_the_one_that_a_walk_finds(
    limit: int, unit: Unit, start: date, calendar: WorkingCalendar, paused: list[Pause]
) -> None:
    rule = replace(RULE, limit=limit, unit=unit, direction=Direction.BEFORE, rolls=False)
    day, left = start, limit
    while left:
        day -= ONE_DAY
        if not left_out(day, paused) and (unit is Unit.CALENDAR_DAYS or calendar.is_working(day)):
            left -= 1
    assert due(rule, calendar=calendar, started_on=start, pauses=paused).on == day
    lines = days(rule, calendar=calendar, started_on=start, pauses=paused)
    assert lines[0].date == day
    assert (lines[-1].date, lines[-1].kind) == (start, LineKind.START)
    assert sum(line.kind is LineKind.COUNTED for line in lines) == limit


@given(st.integers(1, 100), DAYS, st.integers(0, 24 * 60 - 1), pauses())
def test_hours_are_the_minutes_that_a_walk_finds(limit: int, start: date, minute: int, paused: list[Pause]) -> None:
    rule = replace(RULE, limit=limit, unit=Unit.HOURS, rolls=False)
    begun = datetime.combine(start, datetime.min.time(), LEGAL_TIME) + timedelta(minutes=minute)
    now, left = begun, timedelta(hours=limit)
    while left:
        midnight = datetime.combine(now.date() + ONE_DAY, datetime.min.time(), LEGAL_TIME)
        if left_out(now.date(), paused):
            now = midnight
            continue
        run = min(left, midnight - now)
        now, left = now + run, left - run
    found = due(rule, calendar=WorkingCalendar(), started_at=begun, pauses=paused)
    assert found.at == now
    assert found.on == now.date()
    assert not found.provisional
    assert days(rule, calendar=WorkingCalendar(), started_at=begun, pauses=paused)[-1].date == now.date()


@given(rules(), DAYS, calendars(), pauses(), DAYS)
def test_an_open_pause_reckoned_as_of_a_day_is_one_that_ends_on_that_day(
    extended: tuple[ClockRule, int], start: date, calendar: WorkingCalendar, paused: list[Pause], as_of: date
) -> None:
    rule, _ = extended
    opened = Pause(as_of - timedelta(days=10), None)
    reckoned = due(rule, calendar=calendar, started_on=start, pauses=[*paused, opened], as_of=as_of)
    closed = Pause(opened.first, as_of)
    assert reckoned.on == due(rule, calendar=calendar, started_on=start, pauses=[*paused, closed]).on
    unknown = due(rule, calendar=calendar, started_on=start, pauses=[*paused, opened])
    assert unknown.moving is (unknown.on is None)
    if unknown.on is not None:
        assert unknown.on == reckoned.on
        assert not reckoned.moving
