"""The published calendars of 2025 and 2026, written out by hand from the two notices."""

from __future__ import annotations

from datetime import date

import pytest

from caseapp.domain.calendar import CalendarDay, RowKind, WorkingCalendar

HOLIDAYS = {
    2025: "01-01 01-28 01-29 01-30 01-31 02-01 02-02 02-03 02-04 04-04 04-05 04-06 05-01 05-02 05-03 05-04 05-05 "
    "05-31 06-01 06-02 10-01 10-02 10-03 10-04 10-05 10-06 10-07 10-08",
    2026: "01-01 01-02 01-03 02-15 02-16 02-17 02-18 02-19 02-20 02-21 02-22 02-23 04-04 04-05 04-06 05-01 05-02 "
    "05-03 05-04 05-05 06-19 06-20 06-21 09-25 09-26 09-27 10-01 10-02 10-03 10-04 10-05 10-06 10-07",
}
WORKED = {
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}


@pytest.fixture(scope="session")
def calendar() -> WorkingCalendar:
    rows = [
        CalendarDay(date.fromisoformat(f"{year}-{day}"), kind, "节", "通知")
        for table, kind in ((HOLIDAYS, RowKind.HOLIDAY), (WORKED, RowKind.WORKDAY))
        for year, days in table.items()
        for day in days.split()
    ]
    return WorkingCalendar(rows, HOLIDAYS)
