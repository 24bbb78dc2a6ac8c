"""Working days: published rows over weekends, and counting that agrees with a walk through the days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.calendar import CalendarDay, DayKind, RowKind, WorkingCalendar


def holiday(day: date) -> CalendarDay:
    return CalendarDay(day, RowKind.HOLIDAY, "节", "通知")


def worked(day: date) -> CalendarDay:
    return CalendarDay(day, RowKind.WORKDAY, "节", "通知")


OCTOBER = WorkingCalendar(
    [
        *(holiday(date(2026, 10, number)) for number in range(1, 8)),
        worked(date(2026, 9, 20)),
        worked(date(2026, 10, 10)),
    ],
    {2026},
)


def test_a_weekday_in_a_published_holiday_is_no_working_day() -> None:
    assert not OCTOBER.is_working(date(2026, 10, 1))
    assert OCTOBER.kind(date(2026, 10, 1)) is DayKind.HOLIDAY


def test_a_make_up_saturday_is_a_working_day() -> None:
    assert OCTOBER.is_working(date(2026, 10, 10))
    assert OCTOBER.kind(date(2026, 10, 10)) is DayKind.WORKING


def test_a_saturday_inside_a_published_holiday_is_a_holiday_and_any_other_a_weekend() -> None:
    assert OCTOBER.kind(date(2026, 10, 3)) is DayKind.HOLIDAY
    assert OCTOBER.kind(date(2026, 10, 17)) is DayKind.WEEKEND


def test_an_unpublished_year_knows_its_weekends_only() -> None:
    assert OCTOBER.is_working(date(2027, 10, 1))
    assert not OCTOBER.is_working(date(2027, 10, 2))
    assert not OCTOBER.has_year(2027)


def test_a_span_is_covered_when_each_of_its_years_is_published() -> None:
    assert OCTOBER.covers(date(2026, 1, 1), date(2026, 12, 31))
    assert not OCTOBER.covers(date(2026, 12, 31), date(2027, 1, 1))
    assert not OCTOBER.covers(date(2025, 12, 31), date(2026, 1, 1))


def test_an_empty_span_is_covered() -> None:
    assert OCTOBER.covers(date(2027, 1, 2), date(2027, 1, 1))
    assert OCTOBER.covers(date(2028, 1, 1), date(2027, 12, 31))


def test_working_days_are_added_over_holiday_and_make_up_day() -> None:
    assert OCTOBER.add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert OCTOBER.add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert OCTOBER.add_working_days(date(2026, 9, 30), 4) == date(2026, 10, 12)


def test_working_days_are_taken_back_without_the_day_itself() -> None:
    assert OCTOBER.add_working_days(date(2026, 10, 12), -1) == date(2026, 10, 10)
    assert OCTOBER.add_working_days(date(2026, 10, 11), -1) == date(2026, 10, 10)
    assert OCTOBER.add_working_days(date(2026, 10, 8), -1) == date(2026, 9, 30)


def test_adding_nothing_returns_the_day_even_where_it_is_closed() -> None:
    assert OCTOBER.add_working_days(date(2026, 10, 4), 0) == date(2026, 10, 4)


def test_two_rows_on_one_day_are_refused() -> None:
    with pytest.raises(ValueError, match="two rows for 2026-10-10"):
        WorkingCalendar([holiday(date(2026, 10, 10)), worked(date(2026, 10, 10))], {2026})


def test_a_row_outside_the_published_years_is_refused() -> None:
    with pytest.raises(ValueError, match="outside the published years"):
        WorkingCalendar([holiday(date(2027, 1, 1))], {2026})


def test_calendars_with_the_same_rows_are_equal() -> None:
    assert WorkingCalendar(reversed(OCTOBER.rows), {2026}) == OCTOBER


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """Calendars of some years between 2021 and 2027, gaps allowed, with rows of either kind on any day."""
    years = draw(st.sets(st.integers(2021, 2027), max_size=4))
    if not years:
        return WorkingCalendar()
    days = st.dates(date(2021, 1, 1), date(2027, 12, 31)).filter(lambda day: day.year in years)
    free = draw(st.sets(days, max_size=40))
    makeup = {day for day in draw(st.sets(days, max_size=20)) if day.weekday() > 4} - free
    return WorkingCalendar([*map(holiday, free), *map(worked, makeup)], years)


ANY_DAY = st.dates(date(2019, 1, 1), date(2029, 12, 31))


@given(calendars(), ANY_DAY, st.integers(-300, 300).filter(bool))
def test_adding_working_days_agrees_with_a_walk(calendar: WorkingCalendar, start: date, count: int) -> None:
    step = timedelta(days=1 if count > 0 else -1)
    day, left = start, abs(count)
    while left:
        day += step
        left -= calendar.is_working(day)
    assert calendar.add_working_days(start, count) == day


@given(calendars(), ANY_DAY, ANY_DAY)
def test_counting_between_two_days_agrees_with_a_walk(calendar: WorkingCalendar, one: date, other: date) -> None:
    after, through = sorted((one, other))
    walked = sum(calendar.is_working(after + timedelta(days=n + 1)) for n in range((through - after).days))
    assert calendar.working_days_between(after, through) == walked
    assert calendar.working_days_between(through, after) == -walked


@given(calendars(), ANY_DAY)
def test_the_next_working_day_is_the_first_one_from_the_day_on(calendar: WorkingCalendar, day: date) -> None:
    found = calendar.on_or_after(day)
    assert calendar.is_working(found)
    assert not any(calendar.is_working(day + timedelta(days=n)) for n in range((found - day).days))
