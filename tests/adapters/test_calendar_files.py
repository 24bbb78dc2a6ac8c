"""The shipped calendars, and what is refused in a calendar file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest

from caseapp.adapters.calendar_files import load_calendar, parse_year
from caseapp.domain.calendar import RowKind, WorkingCalendar
from caseapp.domain.errors import DefinitionError

SHIPPED = Path(__file__).parents[2] / "workflows"


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    return load_calendar([SHIPPED])


def days_of(year: int) -> list[date]:
    return [day for n in range(366) if (day := date(year, 1, 1) + timedelta(days=n)).year == year]


def test_the_years_2004_to_2026_are_published(calendar: WorkingCalendar) -> None:
    assert calendar.years == set(range(2004, 2027))


@pytest.mark.parametrize("year", range(2004, 2027))
def test_a_shipped_year_agrees_with_an_independent_table(calendar: WorkingCalendar, year: int) -> None:
    different = [day for day in days_of(year) if calendar.is_working(day) is not chinese_calendar.is_workday(day)]
    # 国办发明电〔2005〕35号, 一: "12月31日（星期六）上班"; the table has it free.
    assert different == ([date(2005, 12, 31)] if year == 2005 else [])


@pytest.mark.parametrize(
    ("year", "free_weekdays", "worked_weekends"),
    [
        (
            2025,
            "01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 "
            "10-01 10-02 10-03 10-06 10-07 10-08",
            "01-26 02-08 04-27 09-28 10-11",
        ),
        (
            2026,
            "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 10-01 10-02 10-05 "
            "10-06 10-07",
            "01-04 02-14 02-28 05-09 09-20 10-10",
        ),
    ],
)
def test_the_exceptions_of_a_year_are_those_of_its_notice(
    calendar: WorkingCalendar, year: int, free_weekdays: str, worked_weekends: str
) -> None:
    free = [f"{day:%m-%d}" for day in days_of(year) if day.weekday() < 5 and not calendar.is_working(day)]
    worked = [f"{day:%m-%d}" for day in days_of(year) if day.weekday() >= 5 and calendar.is_working(day)]
    assert " ".join(free) == free_weekdays
    assert " ".join(worked) == worked_weekends
    assert sum(map(calendar.is_working, days_of(year))) == 248


def test_every_row_cites_its_notice(calendar: WorkingCalendar) -> None:
    assert all(row.source.startswith("国务院") and row.name for row in calendar.rows)


def test_a_change_made_during_the_year_cites_the_notice_that_made_it(calendar: WorkingCalendar) -> None:
    extended = calendar.row(date(2020, 2, 2))
    assert extended is not None
    assert "延长2020年春节假期" in extended.source


def year_2030(**changes: Any) -> dict[str, Any]:
    """A small year: three free weekdays, one worked Sunday. 2030 has 261 weekdays."""
    content: dict[str, Any] = {
        "year": 2030,
        "complete": True,
        "source": "通知",
        "working_days": 259,
        "holidays": [
            {"date": "2030-01-01", "name": "元旦"},
            {"date": "2030-05-01", "name": "劳动节"},
            {"date": "2030-10-01", "name": "国庆节", "source": "另一通知"},
        ],
        "working_weekends": [{"date": "2030-09-29", "name": "国庆节"}],
    }
    return content | changes


def test_a_complete_year_is_read_in_order_of_time() -> None:
    year = parse_year(year_2030(), "2030.yaml")
    assert [(row.on, row.kind, row.source) for row in year.rows] == [
        (date(2030, 1, 1), RowKind.HOLIDAY, "通知"),
        (date(2030, 5, 1), RowKind.HOLIDAY, "通知"),
        (date(2030, 9, 29), RowKind.WORKDAY, "通知"),
        (date(2030, 10, 1), RowKind.HOLIDAY, "另一通知"),
    ]


def without_october() -> dict[str, Any]:
    content = year_2030(working_days=260)
    content["holidays"] = content["holidays"][:2]
    return content


@pytest.mark.parametrize(
    ("content", "path", "problem"),
    [
        pytest.param(year_2030(complete=False), "complete", "only a complete year", id="says that it is incomplete"),
        pytest.param(year_2030(working_days=260), "working_days", "259 working days, not 260", id="a row is missing"),
        pytest.param(without_october(), "holidays", "2030-10-01 is missing", id="no National Day"),
        pytest.param(year_2030(extra=1), "extra", "unknown key", id="unknown key"),
        pytest.param(year_2030(source=""), "source", "a text is expected", id="no source"),
        pytest.param(
            year_2030(working_weekends=[{"date": "2030-09-30", "name": "节"}]),
            "working_weekends/0/date",
            "no Saturday or Sunday",
            id="a make-up Monday",
        ),
        pytest.param(
            year_2030(working_weekends=[{"date": "2031-09-27", "name": "节"}]),
            "working_weekends/0/date",
            "does not lie in 2030",
            id="another year's day",
        ),
        pytest.param(
            year_2030(working_weekends=[{"date": "2030-09-29", "name": "节"}, {"date": "2030-09-29", "name": "节"}]),
            "working_weekends/1/date",
            "listed twice",
            id="the same day twice",
        ),
        pytest.param(
            year_2030(working_weekends=[{"date": "2030-09", "name": "节"}]),
            "working_weekends/0/date",
            "a whole date",
            id="a month is no day",
        ),
        pytest.param(
            year_2030(working_weekends=[{"date": "2030-02-30", "name": "节"}]),
            "working_weekends/0/date",
            "a date in quotes",
            id="no such day",
        ),
        pytest.param([], "", "a mapping", id="no mapping"),
    ],
)
def test_a_wrong_or_incomplete_year_is_refused_with_its_place(content: object, path: str, problem: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        parse_year(content, "2030.yaml")
    assert any(one.path.strip("/") == path and problem in one.problem for one in refused.value.problems), (
        refused.value.problems
    )
    assert all(one.file == "2030.yaml" for one in refused.value.problems)


YEAR_FILE = """\
year: 2030
complete: true
source: 通知
working_days: 260
holidays:
  - {date: "2030-01-01", name: 元旦}
  - {date: "2030-05-01", name: 劳动节}
  - {date: "2030-10-01", name: 国庆节}
working_weekends:
  - {date: "2030-09-28", name: 国庆节}
  - {date: "2030-09-29", name: 国庆节}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    def made(name: str, **files: str) -> Path:
        calendars = tmp_path / name / "calendars"
        calendars.mkdir(parents=True)
        for stem, content in files.items():
            (calendars / f"{stem.lstrip('y')}.yaml").write_text(content, encoding="utf-8")
        return tmp_path / name

    return made


def test_a_further_folder_adds_a_year(folder: Callable[..., Path]) -> None:
    both = load_calendar([SHIPPED, folder("extra", y2030=YEAR_FILE)])
    assert both.years == {*range(2004, 2027), 2030}
    assert both.is_working(date(2030, 9, 28))


def test_the_same_year_with_the_same_content_is_welcome_twice(folder: Callable[..., Path]) -> None:
    both = load_calendar([folder("one", y2030=YEAR_FILE), folder("two", y2030=YEAR_FILE)])
    assert both == load_calendar([folder("three", y2030=YEAR_FILE)])


def test_the_same_year_with_other_content_is_refused(folder: Callable[..., Path]) -> None:
    other = YEAR_FILE.replace("国庆节", "国庆")
    with pytest.raises(DefinitionError, match="2030 is defined already"):
        load_calendar([folder("one", y2030=YEAR_FILE), folder("two", y2030=other)])


def test_a_file_named_after_another_year_is_refused(folder: Callable[..., Path]) -> None:
    with pytest.raises(DefinitionError, match="named after another year"):
        load_calendar([folder("one", y2031=YEAR_FILE)])


def test_all_broken_files_are_told_at_once(folder: Callable[..., Path]) -> None:
    broken = folder("one", y2030=YEAR_FILE.replace("260", "9"), y2031="year: [")
    with pytest.raises(DefinitionError) as refused:
        load_calendar([broken])
    assert len(refused.value.problems) == 2
    assert "not 9" in str(refused.value)
