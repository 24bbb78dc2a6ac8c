from __future__ import annotations

from datetime import date

import pytest

from caseapp.domain.errors import InputError
from caseapp.domain.metrics.quarters import Quarter, last_ended, quarter_named


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q2", date(2026, 4, 1), date(2026, 6, 30)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_quarter_has_three_months(name: str, first: date, last: date) -> None:
    quarter = quarter_named(name)
    assert (quarter.period.first, quarter.period.last, quarter.name) == (first, last, name)


@pytest.mark.parametrize("name", ["2026-Q5", "2026", "Q1", "2026-Q1 "])
def test_what_is_no_quarter_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        quarter_named(name)


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), Quarter(2025, 4)),
        (date(2026, 3, 31), Quarter(2025, 4)),
        (date(2026, 4, 1), Quarter(2026, 1)),
        (date(2026, 12, 31), Quarter(2026, 3)),
    ],
)
def test_the_last_quarter_that_is_over(day: date, quarter: Quarter) -> None:
    assert last_ended(day) == quarter
