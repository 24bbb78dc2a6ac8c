"""Signs that ask a question of a case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.metrics.periods import Period
from caseapp.domain.metrics.signs import (
    MONTH_END_DAYS,
    is_reopened_soon,
    is_suspended_late,
    month_ends,
    share_of_month_ends,
)
from tests.domain.metrics.builders import case

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def ninety(rules: tuple[str, ...], started_on: date, **_rest: Any) -> date:
    """Return the end of a limit of ninety days that knows no pauses."""
    return started_on + timedelta(days=90)


DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@given(DAYS, DAYS)
def test_ends_of_months_are_the_days_after_which_few_are_left(one: date, other: date) -> None:
    period = Period(min(one, other), max(one, other))
    inside = {
        end.first + timedelta(days=n) for end in month_ends(period) for n in range((end.last - end.first).days + 1)
    }
    every = [period.first + timedelta(days=n) for n in range((period.last - period.first).days + 1)]
    expected = {day for day in every if (day + timedelta(days=MONTH_END_DAYS)).month != day.month}
    assert inside == expected
    assert share_of_month_ends(period) == pytest.approx(len(expected) / len(every))


@pytest.mark.parametrize(
    ("milestones", "expected"),
    [
        (["filed 2026-01-05", "closed 2026-03-01", "reopened 2026-03-31"], True),
        (["filed 2026-01-05", "closed 2026-03-01", "reopened 2026-04-01"], False),
        (["filed 2025-01-05", "closed 2025-12-30", "reopened 2026-01-04"], False),
        (["filed 2026-01-05", "reopened 2026-02-01", "closed 2026-03-01"], False),
        (
            [
                "filed 2026-01-05",
                "closed 2026-02-01",
                "reopened 2026-06-01",
                "closed 2026-07-01",
                "reopened 2026-07-02",
            ],
            True,
        ),
    ],
    ids=["thirty days", "thirty-one days", "closed before the period", "closed last", "the second time"],
)
def test_a_closing_is_asked_about_if_the_case_was_soon_open_again(milestones: list[str], expected: bool) -> None:
    assert is_reopened_soon(case(*milestones), YEAR) is expected


@pytest.mark.parametrize(
    ("milestones", "expected"),
    [
        (["filed 2026-01-01", "suspended 2026-03-25"], True),
        (["filed 2026-01-01", "suspended 2026-03-24"], False),
        (["filed 2026-01-01", "suspended 2026-05-01"], True),
        (["suspended 2026-03-31"], False),
        (["filed 2025-01-01", "suspended 2025-03-31", "resumed 2025-04-02"], False),
    ],
    ids=["seven days before", "eight days before", "after the end", "never filed", "before the period"],
)
def test_a_suspension_is_asked_about_if_the_limit_was_nearly_over(milestones: list[str], expected: bool) -> None:
    assert is_suspended_late(case(*milestones), YEAR, ninety) is expected


def test_a_procedure_without_a_handling_limit_has_no_late_suspension() -> None:
    assert not is_suspended_late(case("filed 2026-01-01", "suspended 2026-05-01", clock=()), YEAR, ninety)
