"""Where a clock stands, what is left, and when it reminds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from caseapp.domain.calendar import LEGAL_TIME, WorkingCalendar
from caseapp.domain.clocks.compute import Due
from caseapp.domain.clocks.rules import ClockRule, Confidence, Direction, Unit
from caseapp.domain.clocks.status import (
    ClockRun,
    Ending,
    Remaining,
    RemainingUnit,
    Status,
    in_words,
    is_due_soon,
    remaining,
    status,
    warning_days,
)
from caseapp.domain.clocks.suspensions import Pause

NOVEMBER = [date(2026, 11, 1) + timedelta(days=n) for n in range(30)]


def nov(number: int) -> date:
    return NOVEMBER[number - 1]


def rule(unit: Unit = Unit.WORKING_DAYS) -> ClockRule:
    return ClockRule(
        id="X1",
        name={"zh": "某期限", "en": "some limit"},
        limit=10,
        unit=unit,
        law="某法",
        article="第1条",
        confidence=Confidence.VERIFIED,
        warn_at_percent=(70, 90),
    )


RUN = ClockRun(rule_id="X1", started_on=nov(2), due=Due(nov(16)))
NOON = datetime(2026, 11, 16, 12, 0, tzinfo=LEGAL_TIME)
HOURS = ClockRun(rule_id="T05", started_on=nov(15), due=Due(nov(16), at=NOON))


@pytest.mark.parametrize(
    ("run", "as_of", "expected"),
    [
        pytest.param(RUN, nov(10), Status.RUNNING, id="before the due day"),
        pytest.param(RUN, nov(16), Status.RUNNING, id="on the due day it is still in time"),
        pytest.param(RUN, nov(17), Status.OVERDUE, id="the day after"),
        pytest.param(replace(RUN, pauses=(Pause(nov(9), nov(11)),)), nov(11), Status.PAUSED, id="inside a pause"),
        pytest.param(replace(RUN, pauses=(Pause(nov(9), nov(11)),)), nov(12), Status.RUNNING, id="after a pause"),
        pytest.param(
            replace(RUN, due=Due(None, moving=True), pauses=(Pause(nov(9), None),)),
            nov(25),
            Status.PAUSED,
            id="open pause",
        ),
        pytest.param(replace(RUN, pauses=(Pause(nov(18), None),)), nov(20), Status.OVERDUE, id="late before the pause"),
        pytest.param(replace(RUN, stopped_on=nov(16), ending=Ending.MET), nov(20), Status.MET, id="met on the due day"),
        pytest.param(
            replace(RUN, stopped_on=nov(17), ending=Ending.MET), nov(20), Status.MET_LATE, id="met a day late"
        ),
        pytest.param(replace(RUN, stopped_on=nov(5), ending=Ending.ENDED), nov(20), Status.STOPPED, id="withdrawn"),
        pytest.param(
            replace(RUN, stopped_on=nov(19), ending=Ending.ENDED), nov(20), Status.STOPPED, id="ended when late"
        ),
        pytest.param(replace(RUN, stopped_on=nov(12), ending=Ending.MET), nov(11), Status.RUNNING, id="met only later"),
        pytest.param(
            replace(RUN, stopped_on=nov(19), ending=Ending.MET), nov(18), Status.OVERDUE, id="not yet met, late"
        ),
    ],
)
def test_status_on_a_day(run: ClockRun, as_of: date, expected: Status) -> None:
    assert status(run, as_of) is expected


@pytest.mark.parametrize(
    ("run", "as_of", "expected"),
    [
        pytest.param(HOURS, NOON, Status.RUNNING, id="at the last instant"),
        pytest.param(HOURS, NOON + timedelta(minutes=1), Status.OVERDUE, id="a minute later"),
        pytest.param(HOURS, NOON.date(), Status.RUNNING, id="a date cannot tell the hour"),
        pytest.param(HOURS, datetime(2026, 11, 16, 4, 1, tzinfo=UTC), Status.OVERDUE, id="an instant in another zone"),
        pytest.param(
            replace(HOURS, stopped_on=nov(16), stopped_at=NOON, ending=Ending.MET), nov(20), Status.MET, id="just met"
        ),
        pytest.param(
            replace(HOURS, stopped_on=nov(16), stopped_at=NOON + timedelta(hours=1), ending=Ending.MET),
            nov(20),
            Status.MET_LATE,
            id="met an hour late on the same day",
        ),
        pytest.param(
            replace(HOURS, stopped_on=nov(16), stopped_at=NOON + timedelta(hours=1), ending=Ending.MET),
            NOON + timedelta(minutes=30),
            Status.OVERDUE,
            id="not yet met, late by half an hour",
        ),
    ],
)
def test_status_at_an_instant(run: ClockRun, as_of: date | datetime, expected: Status) -> None:
    assert status(run, as_of) is expected


@pytest.mark.parametrize(
    ("as_of", "unit", "expected"),
    [
        pytest.param(
            nov(11), Unit.WORKING_DAYS, Remaining(3, RemainingUnit.WORKING_DAYS), id="Thursday, Friday, Monday"
        ),
        pytest.param(nov(15), Unit.WORKING_DAYS, Remaining(1, RemainingUnit.WORKING_DAYS), id="the Sunday before"),
        pytest.param(nov(16), Unit.WORKING_DAYS, Remaining(0, RemainingUnit.WORKING_DAYS), id="today"),
        pytest.param(nov(18), Unit.WORKING_DAYS, Remaining(-2, RemainingUnit.WORKING_DAYS), id="two working days late"),
        pytest.param(nov(11), Unit.CALENDAR_DAYS, Remaining(5, RemainingUnit.DAYS), id="calendar days"),
        pytest.param(nov(11), Unit.MONTHS, Remaining(5, RemainingUnit.DAYS), id="months are told in days"),
        pytest.param(nov(20), Unit.CALENDAR_DAYS, Remaining(-4, RemainingUnit.DAYS), id="four days late"),
    ],
)
def test_what_is_left(calendar: WorkingCalendar, as_of: date, unit: Unit, expected: Remaining) -> None:
    assert remaining(RUN, rule(unit), as_of, calendar=calendar) == expected


def test_late_over_a_weekend_is_told_in_days(calendar: WorkingCalendar) -> None:
    friday = replace(RUN, due=Due(nov(13)))
    assert remaining(friday, rule(), nov(15), calendar=calendar) == Remaining(-2, RemainingUnit.DAYS)


def test_paused_days_ahead_are_not_left(calendar: WorkingCalendar) -> None:
    paused = replace(RUN, pauses=(Pause(nov(10), nov(12)),))
    assert remaining(paused, rule(), nov(11), calendar=calendar) == Remaining(2, RemainingUnit.WORKING_DAYS)
    assert remaining(paused, rule(Unit.CALENDAR_DAYS), nov(11), calendar=calendar) == Remaining(4, RemainingUnit.DAYS)


def test_nothing_can_be_told_while_an_open_pause_holds_the_end_back(calendar: WorkingCalendar) -> None:
    held = replace(RUN, due=Due(None, moving=True), pauses=(Pause(nov(9), None),))
    assert remaining(held, rule(), nov(11), calendar=calendar) is None


@pytest.mark.parametrize(
    ("as_of", "number"),
    [
        pytest.param(NOON - timedelta(hours=5, minutes=30), 5, id="begun hours are not told"),
        pytest.param(NOON - timedelta(minutes=30), 0, id="less than an hour"),
        pytest.param(NOON, 0, id="the last instant"),
        pytest.param(NOON + timedelta(minutes=30), -1, id="late from the first minute"),
        pytest.param(NOON + timedelta(hours=2), -2, id="two hours late"),
        pytest.param(nov(16), 12, id="a date means its midnight"),
    ],
)
def test_hours_left(calendar: WorkingCalendar, as_of: date | datetime, number: int) -> None:
    assert remaining(HOURS, rule(Unit.HOURS), as_of, calendar=calendar) == Remaining(number, RemainingUnit.HOURS)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (Remaining(3, RemainingUnit.WORKING_DAYS), "还剩 3 个工作日"),
        (Remaining(1, RemainingUnit.WORKING_DAYS), "还剩 1 个工作日"),
        (Remaining(0, RemainingUnit.WORKING_DAYS), "今天到期"),
        (Remaining(-1, RemainingUnit.WORKING_DAYS), "超期 1 个工作日"),
        (Remaining(-4, RemainingUnit.DAYS), "超期 4 天"),
        (Remaining(12, RemainingUnit.DAYS), "还剩 12 天"),
        (Remaining(5, RemainingUnit.HOURS), "还剩 5 小时"),
        (Remaining(0, RemainingUnit.HOURS), "不足 1 小时"),
        (Remaining(-1, RemainingUnit.HOURS), "超期 1 小时"),
        (Remaining(-71, RemainingUnit.HOURS), "超期 71 小时"),
        (Remaining(-72, RemainingUnit.HOURS), "超期 3 天"),
        (Remaining(-570, RemainingUnit.HOURS), "超期 23 天"),
        (Remaining(100, RemainingUnit.HOURS), "还剩 100 小时"),
    ],
)
def test_the_badge_in_words(left: Remaining, words: str) -> None:
    assert str(in_words(left)) == words


def test_reminders_fall_where_their_share_of_the_time_is_over() -> None:
    assert warning_days(rule(), nov(2), nov(12)) == (nov(9), nov(11))


def test_a_reminder_is_never_before_the_first_day_nor_after_the_due_day() -> None:
    assert warning_days(rule(), nov(2), nov(3)) == (nov(3),)
    assert warning_days(replace(rule(), warn_at_percent=(1, 100)), nov(2), nov(12)) == (nov(3), nov(12))


def test_a_clock_of_no_length_does_not_remind() -> None:
    assert warning_days(rule(), nov(2), nov(2)) == ()


def test_a_backward_rule_does_not_remind() -> None:
    assert warning_days(replace(rule(), direction=Direction.BEFORE), nov(2), nov(12)) == ()


@pytest.mark.parametrize(
    ("run", "as_of", "soon"),
    [
        pytest.param(RUN, nov(11), False, id="before the first reminder"),
        pytest.param(RUN, nov(12), True, id="on the first reminder"),
        pytest.param(RUN, nov(16), True, id="on the due day"),
        pytest.param(RUN, nov(17), False, id="overdue is no longer soon"),
        pytest.param(replace(RUN, stopped_on=nov(13), ending=Ending.MET), nov(14), False, id="met"),
        pytest.param(replace(RUN, pauses=(Pause(nov(13), nov(14)),)), nov(14), False, id="paused"),
        pytest.param(
            replace(RUN, due=Due(None, moving=True), pauses=(Pause(nov(9), None),)), nov(14), False, id="held"
        ),
    ],
)
def test_due_soon(run: ClockRun, as_of: date, soon: bool) -> None:
    assert is_due_soon(run, rule(), as_of) is soon
