"""A year of the working calendar."""

from __future__ import annotations

from datetime import date

import pytest

from caseapp.context import Context
from caseapp.domain.calendar import DayKind
from caseapp.domain.errors import NotFound
from caseapp.queries.calendar_year import CalendarYear, DayCell, calendar_year, missing_years


def cell(shown: CalendarYear, day: date) -> DayCell:
    return next(
        found for week in shown.months[day.month - 1].weeks for found in week if found is not None and found.on == day
    )


def test_a_published_year_tells_holidays_and_made_up_days_with_their_notice(ctx: Context) -> None:
    shown = calendar_year(ctx, 2026)
    assert shown.published
    assert shown.sources == ("国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）",)
    assert (cell(shown, date(2026, 10, 1)).kind, cell(shown, date(2026, 10, 1)).name) == (DayKind.HOLIDAY, "国庆节")
    assert (cell(shown, date(2026, 10, 10)).kind, cell(shown, date(2026, 10, 10)).made_up) == (DayKind.WORKING, True)
    assert cell(shown, date(2026, 10, 17)).kind is DayKind.WEEKEND


def test_the_months_hold_every_day_once_and_the_working_days_of_the_notice(ctx: Context) -> None:
    shown = calendar_year(ctx, 2026)
    days = [found.on for month in shown.months for week in month.weeks for found in week if found is not None]
    assert len(days) == len(set(days)) == 365
    assert all(len(week) == 7 for month in shown.months for week in month.weeks)
    assert shown.working_days == 248


def test_a_festival_names_its_runs_of_free_days_and_what_is_worked_for_it(ctx: Context) -> None:
    spring = next(festival for festival in calendar_year(ctx, 2026).festivals if festival.name == "春节")
    assert spring.spans == ((date(2026, 2, 15), date(2026, 2, 23)),)
    assert spring.made_up == (date(2026, 2, 14), date(2026, 2, 28))


def test_the_year_to_come_is_shown_as_provisional(ctx: Context) -> None:
    shown = calendar_year(ctx, 2027)
    assert (shown.published, shown.festivals, shown.sources) == (False, (), ())
    assert cell(shown, date(2027, 10, 1)).kind is DayKind.WORKING
    assert missing_years(ctx) == (2027,)


@pytest.mark.parametrize("year", [2003, 2028, 0, 9999])
def test_years_beyond_are_not_there(ctx: Context, year: int) -> None:
    with pytest.raises(NotFound):
        calendar_year(ctx, year)


def test_every_published_year_can_be_shown(ctx: Context) -> None:
    years = calendar_year(ctx, 2026).years
    assert (years[0], years[-1]) == (2004, 2026)
    assert all(calendar_year(ctx, year).published for year in years)
