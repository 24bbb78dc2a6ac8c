"""Reads `calendars/<year>.yaml` of the definition folders into one working calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from caseapp.adapters.yaml_files import Reader, read_yaml
from caseapp.domain.calendar import CalendarDay, RowKind, WorkingCalendar
from caseapp.domain.errors import DefinitionError, DefinitionProblem

FOLDER_NAME = "calendars"

_KEYS = frozenset({"year", "complete", "source", "working_days", "holidays", "working_weekends"})
_ROW_KEYS = frozenset({"date", "name", "source"})
_LISTS = (("holidays", RowKind.HOLIDAY), ("working_weekends", RowKind.WORKDAY))
# New Year, Labour Day and National Day are free on these very dates in every year (全国年节及纪念日放假办法 art 2).
_FREE_EVERY_YEAR = ((1, 1), (5, 1), (10, 1))
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The published calendar of one whole year, checked."""

    year: int
    source: str
    rows: tuple[CalendarDay, ...]


def load_calendar(folders: Sequence[Path]) -> WorkingCalendar:
    """Return the calendar of every year that has a file in `calendars/` of any of the folders.

    folders  the shipped `workflows/` first, then those of CASEAPP_WORKFLOWS, which may add years

    raises   DefinitionError with every problem; a year that two folders tell differently is one
    """
    years: dict[int, CalendarYear] = {}
    problems: list[DefinitionProblem] = []
    for folder in folders:
        for path in sorted((folder / FOLDER_NAME).glob("*.yaml")):
            try:
                found = parse_year(read_yaml(path), str(path))
            except DefinitionError as wrong:
                problems.extend(wrong.problems)
                continue
            if path.stem != str(found.year):
                problems.append(DefinitionProblem(str(path), "year", "the file is named after another year"))
            elif years.setdefault(found.year, found) != found:
                problems.append(
                    DefinitionProblem(str(path), "", f"{found.year} is defined already, with other content", "conflict")
                )
    if problems:
        raise DefinitionError(problems)
    return WorkingCalendar((row for year in years.values() for row in year.rows), years)


def parse_year(content: object, file: str) -> CalendarYear:
    """Return one year from the parsed content of its file; an incomplete year is refused.

    A year is complete where it says so, holds the three festivals that never move, and its working days add up to
    the total that the file states.

    raises  DefinitionError with every problem
    """
    reader = Reader(file)
    top = reader.mapping(content, "")
    for key in sorted(top.keys() - _KEYS):
        reader.wrong(key, f"unknown key; known are {', '.join(sorted(_KEYS))}")
    year = reader.whole_number(top, "year", "")
    source = reader.text(top, "source", "")
    stated = reader.whole_number(top, "working_days", "")
    if not reader.truth(top, "complete", "", default=False):
        reader.wrong("complete", "only a complete year can be loaded", rule="incomplete")
    rows: dict[date, CalendarDay] = {}
    for key, kind in _LISTS:
        for place, row in reader.rows(top.get(key), key, keys=_ROW_KEYS):
            day = reader.first_day(row, "date", place)
            name = reader.text(row, "name", place)
            if day is None or day != reader.last_day(row, "date", place):
                reader.wrong(f"{place}/date", "a whole date is expected: '2026-10-01'")
            elif day.year != year:
                reader.wrong(f"{place}/date", f"{day} does not lie in {year}")
            elif day in rows:
                reader.wrong(f"{place}/date", f"{day} is listed twice")
            elif kind is RowKind.WORKDAY and day.weekday() < _SATURDAY:
                reader.wrong(f"{place}/date", f"{day} is no Saturday or Sunday")
            else:
                rows[day] = CalendarDay(day, kind, name, reader.optional_text(row, "source", place) or source)
    reader.finish()
    for month, number in _FREE_EVERY_YEAR:
        free = rows.get(date(year, month, number))
        if free is None or free.kind is not RowKind.HOLIDAY:
            reader.wrong("holidays", f"{date(year, month, number)} is missing", rule="incomplete")
    counted = _working_days(year, rows)
    if counted != stated:
        reader.wrong("working_days", f"the rows leave {counted} working days, not {stated}", rule="incomplete")
    reader.finish()
    return CalendarYear(year, source, tuple(rows[day] for day in sorted(rows)))


def _working_days(year: int, rows: dict[date, CalendarDay]) -> int:
    calendar = WorkingCalendar(rows.values(), {year})
    eve = date(year, 1, 1) - timedelta(days=1)
    return calendar.working_days_between(eve, date(year, 12, 31))
