"""The day-by-day account of a deadline."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from caseapp.domain.calendar import LEGAL_TIME, WorkingCalendar
from caseapp.domain.clocks.explain import DayLine, LineKind, days
from caseapp.domain.clocks.rules import ClockRule, Confidence, Direction, ExtensionRight, Unit
from caseapp.domain.clocks.suspensions import Pause
from caseapp.domain.errors import InputError


def rule(limit: int, unit: Unit, **changes: Any) -> ClockRule:
    given: dict[str, Any] = {
        "id": "X1",
        "name": {"zh": "某期限", "en": "some limit"},
        "limit": limit,
        "unit": unit,
        "law": "某法",
        "article": "第1条",
        "confidence": Confidence.VERIFIED,
        "extensions": (ExtensionRight(None, unit, "leader", times=None),),
    }
    return ClockRule(**(given | changes))


def told(lines: tuple[DayLine, ...]) -> str:
    """The account as one letter a day: Start, Counted, Weekend, Holiday, Paused, Rolled."""
    return "".join(line.kind.value[0].upper() for line in lines)


@pytest.mark.parametrize(
    ("what", "start", "pauses", "account"),
    [
        pytest.param(rule(3, Unit.WORKING_DAYS), "2026-11-19", [], "SCWWCC", id="over a weekend"),
        pytest.param(rule(4, Unit.WORKING_DAYS), "2026-09-29", [], "SCHHHHHHHCCC", id="National Day, make-up Saturday"),
        pytest.param(rule(3, Unit.CALENDAR_DAYS), "2026-09-30", [], "SCCCRRRRR", id="the holiday rolled over"),
        pytest.param(rule(3, Unit.CALENDAR_DAYS, rolls=False), "2026-09-30", [], "SCCC", id="no roll"),
        pytest.param(rule(3, Unit.CALENDAR_DAYS), "2026-11-17", [], "SCCC", id="ends on a working day"),
        pytest.param(
            rule(3, Unit.WORKING_DAYS), "2026-11-19", [("2026-11-20", "2026-11-22")], "SPPPCCC", id="a paused weekend"
        ),
        pytest.param(
            rule(3, Unit.CALENDAR_DAYS),
            "2026-11-19",
            [("2026-11-23", "2026-11-24")],
            "SCCCPPR",
            id="rolled over a pause",
        ),
        pytest.param(
            rule(2, Unit.CALENDAR_DAYS),
            "2026-11-16",
            [("2026-11-16", "2026-11-17")],
            "SPCC",
            id="the start stays a start",
        ),
    ],
)
def test_each_day_is_told(
    calendar: WorkingCalendar, what: ClockRule, start: str, pauses: list[tuple[str, str]], account: str
) -> None:
    paused = [Pause(date.fromisoformat(first), date.fromisoformat(last)) for first, last in pauses]
    lines = days(what, calendar=calendar, started_on=date.fromisoformat(start), pauses=paused)
    assert told(lines) == account
    assert lines[0].date == date.fromisoformat(start)


def test_a_backward_count_is_told_in_order_of_time_and_numbered_from_the_hearing(calendar: WorkingCalendar) -> None:
    notice = rule(3, Unit.WORKING_DAYS, direction=Direction.BEFORE, rolls=False)
    lines = days(notice, calendar=calendar, started_on=date(2026, 10, 9))
    assert told(lines) == "CC" + "H" * 7 + "CS"
    assert [line.number for line in lines if line.kind is LineKind.COUNTED] == [3, 2, 1]
    assert lines[0].date == date(2026, 9, 29)
    assert lines[-1].date == date(2026, 10, 9)


def test_the_counted_days_are_numbered_and_the_others_keep_the_number(calendar: WorkingCalendar) -> None:
    lines = days(rule(3, Unit.WORKING_DAYS), calendar=calendar, started_on=date(2026, 11, 19))
    assert [line.number for line in lines] == [0, 1, 1, 1, 2, 3]


def test_a_published_day_carries_its_name_and_a_make_up_day_says_so(calendar: WorkingCalendar) -> None:
    lines = {
        line.date: line for line in days(rule(4, Unit.WORKING_DAYS), calendar=calendar, started_on=date(2026, 9, 29))
    }
    assert (lines[date(2026, 10, 3)].name, lines[date(2026, 10, 3)].make_up) == ("节", False)
    assert (lines[date(2026, 10, 10)].name, lines[date(2026, 10, 10)].make_up) == ("节", True)
    assert (lines[date(2026, 10, 9)].name, lines[date(2026, 10, 9)].make_up) == ("", False)


def test_hours_list_the_days_that_they_reach(calendar: WorkingCalendar) -> None:
    started = datetime(2026, 9, 30, 10, 0, tzinfo=LEGAL_TIME)
    assert told(days(rule(24, Unit.HOURS, rolls=False), calendar=calendar, started_at=started)) == "SC"
    assert told(days(rule(6, Unit.HOURS, rolls=False), calendar=calendar, started_at=started)) == "S"


@pytest.mark.parametrize("what", [rule(9, Unit.WORKING_DAYS), rule(20, Unit.CALENDAR_DAYS), rule(1, Unit.MONTHS)])
def test_a_limit_that_is_held_back_ends_with_the_first_day_of_the_open_pause(
    calendar: WorkingCalendar, what: ClockRule
) -> None:
    lines = days(what, calendar=calendar, started_on=date(2026, 11, 16), pauses=[Pause(date(2026, 11, 19), None)])
    assert told(lines) == "SCCP"


def test_held_back_hours_end_with_the_first_day_of_the_open_pause(calendar: WorkingCalendar) -> None:
    started = datetime(2026, 9, 28, 10, 0, tzinfo=LEGAL_TIME)
    paused = [Pause(date(2026, 9, 29), None)]
    assert told(days(rule(24, Unit.HOURS, rolls=False), calendar=calendar, started_at=started, pauses=paused)) == "SP"


def test_what_cannot_be_computed_cannot_be_explained(calendar: WorkingCalendar) -> None:
    with pytest.raises(InputError):
        days(rule(24, Unit.HOURS, rolls=False), calendar=calendar, started_on=date(2026, 9, 28))
