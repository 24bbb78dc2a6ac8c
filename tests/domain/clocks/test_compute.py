"""Deadlines worked out by hand with the wall calendars of 2025 and 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from caseapp.domain.calendar import LEGAL_TIME, WorkingCalendar
from caseapp.domain.clocks.compute import Due, ExtensionRefused, add_months, due
from caseapp.domain.clocks.rules import ClockRule, Confidence, Direction, ExtensionRight, Span, Unit
from caseapp.domain.clocks.suspensions import Pause
from caseapp.domain.errors import InputError


def rule(limit: int, unit: Unit, **changes: Any) -> ClockRule:
    """A rule that can be extended in its own unit, unless told otherwise."""
    given: dict[str, Any] = {
        "id": "X1",
        "name": {"zh": "某期限", "en": "some limit"},
        "limit": limit,
        "unit": unit,
        "law": "某法",
        "article": "第1条",
        "confidence": Confidence.VERIFIED,
        "rolls": unit is not Unit.HOURS,
        "extensions": (ExtensionRight(None, unit, "leader", times=None),),
    }
    return ClockRule(**(given | changes))


def day(text: str) -> date:
    return date.fromisoformat(text)


def pause(text: str) -> Pause:
    first, last = text.split("..")
    return Pause(day(first), day(last) if last else None)


def end(calendar: WorkingCalendar, what: ClockRule, start: str, *pauses: str, extension: Any = 0) -> str:
    found = due(what, calendar=calendar, started_on=day(start), pauses=list(map(pause, pauses)), extension=extension)
    assert found.at is None
    assert not found.provisional
    return str(found.on)


@pytest.mark.parametrize(
    ("limit", "start", "expected"),
    [
        pytest.param(15, "2025-01-20", "2025-02-14", id="over the Spring Festival of 2025 with both make-up days"),
        pytest.param(30, "2025-01-20", "2025-03-07", id="twice as long"),
        pytest.param(5, "2026-02-12", "2026-02-26", id="over the Spring Festival of 2026"),
        pytest.param(5, "2026-02-25", "2026-03-03", id="counting make-up Saturday 2026-02-28"),
        pytest.param(15, "2026-09-25", "2026-10-22", id="started on a holiday, over the National Day"),
        pytest.param(7, "2026-10-03", "2026-10-15", id="started on a Saturday inside the holiday"),
        pytest.param(1, "2026-10-09", "2026-10-10", id="the next day is a make-up Saturday"),
        pytest.param(1, "2026-11-20", "2026-11-23", id="over a plain weekend"),
    ],
)
def test_working_days(calendar: WorkingCalendar, limit: int, start: str, expected: str) -> None:
    assert end(calendar, rule(limit, Unit.WORKING_DAYS), start) == expected


@pytest.mark.parametrize(
    ("limit", "start", "expected"),
    [
        pytest.param(90, "2025-03-10", "2025-06-09", id="ends on a Sunday, rolls to Monday"),
        pytest.param(15, "2026-09-18", "2026-10-08", id="ends inside the National Day, rolls behind it"),
        pytest.param(15, "2026-09-25", "2026-10-10", id="ends on a make-up Saturday and stays"),
        pytest.param(60, "2025-12-05", "2026-02-03", id="over the turn of the year"),
        pytest.param(3, "2026-09-30", "2026-10-08", id="three days into a long holiday"),
        pytest.param(30, "2026-01-20", "2026-02-24", id="ends on a Thursday of the Spring Festival"),
    ],
)
def test_calendar_days_that_roll(calendar: WorkingCalendar, limit: int, start: str, expected: str) -> None:
    assert end(calendar, rule(limit, Unit.CALENDAR_DAYS), start) == expected


@pytest.mark.parametrize(
    ("limit", "start", "expected"),
    [
        pytest.param(30, "2026-09-03", "2026-10-03", id="ends on a holiday Saturday"),
        pytest.param(30, "2026-09-01", "2026-10-01", id="ends on the National Day"),
        pytest.param(30, "2026-10-09", "2026-11-08", id="ends on a Sunday"),
    ],
)
def test_a_limit_on_a_power_ends_where_it_ends(
    calendar: WorkingCalendar, limit: int, start: str, expected: str
) -> None:
    assert end(calendar, rule(limit, Unit.CALENDAR_DAYS, rolls=False), start) == expected


@pytest.mark.parametrize(
    ("limit", "unit", "start", "expected"),
    [
        pytest.param(3, Unit.MONTHS, "2025-11-28", "2026-02-28", id="same number, a make-up Saturday"),
        pytest.param(3, Unit.MONTHS, "2025-11-30", "2026-02-28", id="February has no 30th: its last day"),
        pytest.param(3, Unit.MONTHS, "2025-12-31", "2026-03-31", id="31st to 31st"),
        pytest.param(3, Unit.MONTHS, "2025-11-20", "2026-02-24", id="rolls over the Spring Festival"),
        pytest.param(6, Unit.MONTHS, "2025-08-31", "2026-02-28", id="six months to the end of February"),
        pytest.param(1, Unit.YEARS, "2025-02-28", "2026-02-28", id="a year"),
        pytest.param(1, Unit.YEARS, "2025-10-01", "2026-10-08", id="a year that ends on the National Day"),
    ],
)
def test_months_and_years(calendar: WorkingCalendar, limit: int, unit: Unit, start: str, expected: str) -> None:
    assert end(calendar, rule(limit, unit), start) == expected


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2023-11-30", 3, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-10-31", 4, "2026-02-28"),
        ("2025-12-15", 1, "2026-01-15"),
    ],
)
def test_months_end_on_the_same_number_or_the_last_day(start: str, months: int, expected: str) -> None:
    assert add_months(day(start), months) == day(expected)


def test_a_two_year_limitation_is_not_rolled_off_a_holiday(calendar: WorkingCalendar) -> None:
    two_years = rule(2, Unit.YEARS, rolls=False)
    assert due(two_years, calendar=calendar, started_on=day("2024-10-05")).on == day("2026-10-05")
    assert due(two_years, calendar=calendar, started_on=day("2024-02-29")).on == day("2026-02-28")


@pytest.mark.parametrize(
    ("limit", "unit", "start", "extension", "expected"),
    [
        pytest.param(15, Unit.WORKING_DAYS, "2025-01-20", 15, "2025-03-07", id="working days to working days"),
        pytest.param(90, Unit.CALENDAR_DAYS, "2025-03-10", 30, "2025-07-08", id="days to days, one roll at the end"),
        pytest.param(3, Unit.MONTHS, "2025-07-31", 1, "2025-12-01", id="four months from the 31st, then rolled"),
        pytest.param(3, Unit.MONTHS, "2025-10-31", 1, "2026-02-28", id="not one month after the three-month end"),
    ],
)
def test_an_extension_lengthens_the_limit_from_the_start(
    calendar: WorkingCalendar, limit: int, unit: Unit, start: str, extension: int, expected: str
) -> None:
    assert end(calendar, rule(limit, unit), start, extension=extension) == expected


def test_days_are_added_to_an_unrolled_month_end(calendar: WorkingCalendar) -> None:
    month_and_days = rule(1, Unit.MONTHS, extensions=(ExtensionRight(15, Unit.CALENDAR_DAYS, "leader"),))
    # One month ends on Sunday 2025-08-31; fifteen days on is Monday 09-15, although the month alone would roll to
    # 09-01.
    assert end(calendar, month_and_days, "2025-07-31") == "2025-09-01"
    assert end(calendar, month_and_days, "2025-07-31", extension=15) == "2025-09-15"


def test_spans_of_several_units_are_added_months_first(calendar: WorkingCalendar) -> None:
    granted = (Span(10, Unit.CALENDAR_DAYS), Span(1, Unit.MONTHS))
    assert end(calendar, rule(3, Unit.MONTHS), "2025-07-31", extension=granted) == "2025-12-10"


def test_a_rule_without_extension_refuses_one(calendar: WorkingCalendar) -> None:
    fixed = rule(5, Unit.WORKING_DAYS, extensions=())
    for extension in (1, (Span(1, Unit.WORKING_DAYS),)):
        with pytest.raises(ExtensionRefused, match="X1 不得延长"):
            due(fixed, calendar=calendar, started_on=day("2025-03-10"), extension=extension)


def test_an_extension_in_a_foreign_unit_is_refused(calendar: WorkingCalendar) -> None:
    with pytest.raises(ExtensionRefused, match="不能按这一单位延长"):
        due(
            rule(5, Unit.WORKING_DAYS),
            calendar=calendar,
            started_on=day("2025-03-10"),
            extension=(Span(5, Unit.CALENDAR_DAYS),),
        )


def test_a_negative_extension_is_refused(calendar: WorkingCalendar) -> None:
    with pytest.raises(InputError, match="不能是负数"):
        due(rule(5, Unit.WORKING_DAYS), calendar=calendar, started_on=day("2025-03-10"), extension=-1)


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        pytest.param(["2025-04-01..2025-04-20"], "2025-06-30", id="twenty days put the end off to a Saturday, rolled"),
        pytest.param(["2025-04-01..2025-04-15", "2025-04-10..2025-04-20"], "2025-06-30", id="overlap counted once"),
        pytest.param(["2025-03-01..2025-03-10"], "2025-06-09", id="before the first counted day"),
        pytest.param(["2025-03-01..2025-03-11"], "2025-06-09", id="of which one day counts, on to Monday itself"),
        pytest.param(["2025-06-09..2025-06-20"], "2025-06-23", id="the Monday it would roll to is paused"),
        pytest.param(["2025-06-10..2025-06-20"], "2025-06-09", id="begins the day after"),
        pytest.param(["2025-06-08..2025-06-08"], "2025-06-09", id="the last day itself, a Sunday"),
        pytest.param(
            ["2025-06-05..2025-06-06", "2025-06-08..2025-06-10"], "2025-06-13", id="pushed into a second pause"
        ),
    ],
)
def test_paused_days_of_a_calendar_day_rule(calendar: WorkingCalendar, pauses: list[str], expected: str) -> None:
    assert end(calendar, rule(90, Unit.CALENDAR_DAYS), "2025-03-10", *pauses) == expected


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        pytest.param(["2026-10-09..2026-10-12"], "2026-10-27", id="three of its days would have been worked"),
        pytest.param(["2026-10-01..2026-10-07"], "2026-10-22", id="inside the holiday nothing is lost"),
        pytest.param(["2026-10-22..2026-10-22"], "2026-10-23", id="the last day itself"),
        pytest.param(["2026-10-23..2026-11-30"], "2026-10-22", id="after the last day"),
        pytest.param(
            ["2026-10-21..2026-10-24", "2026-10-26..2026-10-26"], "2026-10-28", id="pushed into a second pause"
        ),
    ],
)
def test_paused_days_of_a_working_day_rule(calendar: WorkingCalendar, pauses: list[str], expected: str) -> None:
    assert end(calendar, rule(15, Unit.WORKING_DAYS), "2026-09-25", *pauses) == expected


def test_a_month_rule_ends_later_by_each_day_paused_before_its_moving_end(calendar: WorkingCalendar) -> None:
    months = rule(3, Unit.MONTHS)
    assert end(calendar, months, "2025-03-31") == "2025-06-30"
    # The end itself is paused, and so are the days onto which it moves.
    assert end(calendar, months, "2025-03-31", "2025-06-30..2025-07-09") == "2025-07-10"


def test_a_rule_that_does_not_roll_may_end_on_a_closed_day_after_a_pause(calendar: WorkingCalendar) -> None:
    seizure = rule(30, Unit.CALENDAR_DAYS, rolls=False)
    assert end(calendar, seizure, "2026-09-01", "2026-09-10..2026-09-11") == "2026-10-03"


@pytest.mark.parametrize(
    ("limit", "hearing", "expected"),
    [
        pytest.param(7, "2026-10-12", "2026-09-24", id="seven working days before a Monday after the National Day"),
        pytest.param(3, "2026-10-09", "2026-09-29", id="three, over the holiday"),
        pytest.param(3, "2026-10-11", "2026-10-08", id="hearing on a Sunday after a make-up Saturday"),
        pytest.param(7, "2025-02-10", "2025-01-24", id="over the Spring Festival with both make-up days"),
    ],
)
def test_notice_days_are_counted_back_from_the_hearing(
    calendar: WorkingCalendar, limit: int, hearing: str, expected: str
) -> None:
    notice = rule(limit, Unit.WORKING_DAYS, direction=Direction.BEFORE, rolls=False)
    assert end(calendar, notice, hearing) == expected


def test_a_pause_before_the_hearing_calls_for_earlier_notice(calendar: WorkingCalendar) -> None:
    notice = rule(3, Unit.WORKING_DAYS, direction=Direction.BEFORE, rolls=False)
    assert end(calendar, notice, "2026-11-20") == "2026-11-17"
    assert end(calendar, notice, "2026-11-20", "2026-11-18..2026-11-18") == "2026-11-16"
    assert end(calendar, notice, "2026-11-20", "2026-11-20..2026-11-25") == "2026-11-17"


def test_calendar_days_counted_back_do_not_roll(calendar: WorkingCalendar) -> None:
    notice = rule(7, Unit.CALENDAR_DAYS, direction=Direction.BEFORE, rolls=False)
    assert end(calendar, notice, "2026-10-12") == "2026-10-05"
    assert end(calendar, notice, "2026-10-12", "2026-10-06..2026-10-07") == "2026-10-03"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LEGAL_TIME)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        pytest.param("2026-09-30T10:00", "2026-10-01T10:00", id="into the National Day"),
        pytest.param("2026-02-14T23:30", "2026-02-15T23:30", id="through the night"),
        pytest.param("2026-12-31T10:00", "2027-01-01T10:00", id="into an unpublished year, which does not matter"),
    ],
)
def test_hours_run_through_nights_and_holidays(calendar: WorkingCalendar, start: str, expected: str) -> None:
    found = due(rule(24, Unit.HOURS), calendar=calendar, started_at=at(start))
    assert found == Due(at(expected).date(), at=at(expected))


def test_the_end_of_hours_is_told_in_beijing_time(calendar: WorkingCalendar) -> None:
    found = due(rule(24, Unit.HOURS), calendar=calendar, started_at=datetime(2026, 9, 29, 18, 0, tzinfo=UTC))
    assert found.at is not None
    assert found.at.isoformat() == "2026-10-01T02:00:00+08:00"
    assert found.on == day("2026-10-01")


def test_hours_stand_still_on_paused_days(calendar: WorkingCalendar) -> None:
    def hours(*pauses: str) -> datetime | None:
        return due(
            rule(24, Unit.HOURS), calendar=calendar, started_at=at("2026-09-28T10:00"), pauses=list(map(pause, pauses))
        ).at

    assert hours("2026-09-29..2026-09-30") == at("2026-10-01T10:00")
    assert hours("2026-09-28..2026-09-28") == at("2026-09-30T00:00")
    assert hours("2026-09-30..2026-10-05") == at("2026-09-29T10:00")
    assert hours("2026-09-29..") is None


def test_hours_that_end_at_midnight_do_not_reach_the_pause_that_begins_then(calendar: WorkingCalendar) -> None:
    found = due(
        rule(24, Unit.HOURS), calendar=calendar, started_at=at("2026-09-28T00:00"), pauses=[pause("2026-09-29..")]
    )
    assert found.at == at("2026-09-29T00:00")


def test_an_hour_rule_needs_an_instant(calendar: WorkingCalendar) -> None:
    with pytest.raises(InputError, match="需要起算时刻") as refused:
        due(rule(24, Unit.HOURS), calendar=calendar, started_on=day("2026-09-30"))
    assert refused.value.field == "at"


def test_an_instant_without_a_zone_is_refused(calendar: WorkingCalendar) -> None:
    naive = datetime(2026, 9, 30, 10, 0)  # noqa: DTZ001 - the very thing that is refused
    with pytest.raises(InputError, match="时区"):
        due(rule(24, Unit.HOURS), calendar=calendar, started_at=naive)


def test_a_day_rule_may_start_from_an_instant(calendar: WorkingCalendar) -> None:
    started = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)  # the 20th in Beijing
    assert due(rule(1, Unit.WORKING_DAYS), calendar=calendar, started_at=started).on == day("2026-11-23")


def test_no_start_at_all_is_refused(calendar: WorkingCalendar) -> None:
    with pytest.raises(InputError, match="缺少起算日期"):
        due(rule(1, Unit.WORKING_DAYS), calendar=calendar)


@pytest.mark.parametrize("unit", [Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.MONTHS, Unit.YEARS])
def test_dates_beyond_reach_are_refused_in_words(calendar: WorkingCalendar, unit: Unit) -> None:
    with pytest.raises(InputError, match="超出可以计算的范围"):
        due(rule(20, unit), calendar=calendar, started_on=day("9999-12-30"), extension=10**12)


@pytest.mark.parametrize(
    ("what", "start", "expected", "provisional"),
    [
        pytest.param(rule(15, Unit.WORKING_DAYS), "2026-12-25", "2027-01-15", True, id="counts on into 2027"),
        pytest.param(rule(4, Unit.WORKING_DAYS), "2026-12-25", "2026-12-31", False, id="ends on the last day of 2026"),
        pytest.param(rule(20, Unit.CALENDAR_DAYS), "2026-12-11", "2026-12-31", False, id="likewise in calendar days"),
        pytest.param(rule(22, Unit.CALENDAR_DAYS), "2026-12-11", "2027-01-04", True, id="rolls inside 2027"),
        pytest.param(rule(1, Unit.WORKING_DAYS), "2024-12-31", "2025-01-02", False, id="the start day is not counted"),
        pytest.param(rule(2, Unit.YEARS, rolls=False), "2025-06-01", "2027-06-01", True, id="a duration touches 2027"),
    ],
)
def test_a_year_without_calendar_makes_the_date_provisional(
    calendar: WorkingCalendar, what: ClockRule, start: str, expected: str, provisional: bool
) -> None:
    assert due(what, calendar=calendar, started_on=day(start)) == Due(day(expected), provisional=provisional)


@pytest.mark.parametrize(
    "what",
    [
        rule(15, Unit.WORKING_DAYS),
        rule(20, Unit.CALENDAR_DAYS),
        rule(1, Unit.MONTHS),
    ],
    ids=["working days", "calendar days", "months"],
)
def test_an_open_pause_before_the_end_makes_the_date_unknown(calendar: WorkingCalendar, what: ClockRule) -> None:
    found = due(what, calendar=calendar, started_on=day("2025-03-10"), pauses=[pause("2025-03-14..")])
    assert found == Due(None, moving=True)


def test_an_open_pause_on_the_day_to_roll_to_makes_the_date_unknown(calendar: WorkingCalendar) -> None:
    found = due(
        rule(90, Unit.CALENDAR_DAYS), calendar=calendar, started_on=day("2025-03-10"), pauses=[pause("2025-06-09..")]
    )
    assert found == Due(None, moving=True)


def test_an_open_pause_after_the_end_changes_nothing(calendar: WorkingCalendar) -> None:
    found = due(
        rule(5, Unit.WORKING_DAYS), calendar=calendar, started_on=day("2025-03-10"), pauses=[pause("2025-03-18..")]
    )
    assert found == Due(day("2025-03-17"))


def test_as_of_takes_an_open_pause_to_end_on_that_day(calendar: WorkingCalendar) -> None:
    ten_days = rule(10, Unit.CALENDAR_DAYS)
    one, two = (
        due(
            ten_days,
            calendar=calendar,
            started_on=day("2025-03-10"),
            pauses=[pause("2025-03-14..")],
            as_of=day("2025-03-17") + timedelta(days=later),
        )
        for later in (0, 1)
    )
    assert one == Due(day("2025-03-24"), moving=True)
    assert two == Due(day("2025-03-25"), moving=True)


def test_as_of_before_an_open_pause_leaves_the_pause_out(calendar: WorkingCalendar) -> None:
    found = due(
        rule(10, Unit.CALENDAR_DAYS),
        calendar=calendar,
        started_on=day("2025-03-10"),
        pauses=[pause("2025-03-14..")],
        as_of=day("2025-03-12"),
    )
    assert found == Due(day("2025-03-20"))
