from __future__ import annotations

from datetime import date, datetime

import pytest

from caseapp.domain.events import LEGAL_ZONE
from caseapp.domain.metrics.history import DivisionFact, in_order
from tests.domain.metrics.builders import EARLY, NOW, case, milestone


@pytest.mark.parametrize(
    ("written", "ordered"),
    [
        pytest.param(["closed 2025-05-02", "filed 2025-05-01"], [2, 1], id="by date"),
        pytest.param(["closed 2025-05-01", "reopened 2025-05-01"], [1, 2], id="one day without hours: as recorded"),
        pytest.param(["closed 2025-05-01T15:00", "reopened 2025-05-01T09:00"], [2, 1], id="one day: by instant"),
        pytest.param(["closed 2025-05-01T09:00", "reopened 2025-05-01T09:00"], [1, 2], id="same instant: as recorded"),
        pytest.param(
            ["closed 2025-05-01T09:00", "reopened 2025-05-01"],
            [2, 1],
            id="a bare date stands at the day's first instant",
        ),
    ],
)
def test_milestones_are_ordered_by_date_then_instant_then_ledger(written: list[str], ordered: list[int]) -> None:
    facts = [milestone(text, seq) for seq, text in enumerate(written, start=1)]
    assert [fact.seq for fact in in_order(facts)] == ordered
    assert [fact.seq for fact in in_order(reversed(facts))] == ordered


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("filed 2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("filed 2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("filed 2025-02-03", date(2025, 2, 3), date(2025, 2, 3)),
    ],
)
def test_an_imprecise_milestone_spans_its_month_or_year(text: str, first: date, last: date) -> None:
    fact = milestone(text, 1)
    assert (fact.on, fact.latest_on, fact.is_exact) == (first, last, first == last)


def test_the_division_is_the_one_of_that_day() -> None:
    moved = case(divisions=(_division("320611", "2024-01-01"), _division("320613", "2025-06-01")))
    assert moved.division_at(date(2025, 5, 31), known_at=NOW) == "320611"
    assert moved.division_at(date(2025, 6, 1), known_at=NOW) == "320613"


def test_a_move_not_yet_recorded_is_not_seen() -> None:
    moved = case(
        divisions=(
            _division("320611", "2024-01-01"),
            _division("320613", "2025-06-01", recorded_at=datetime(2025, 8, 1, tzinfo=LEGAL_ZONE)),
        )
    )
    assert moved.division_at(date(2025, 7, 1), known_at=datetime(2025, 7, 31, tzinfo=LEGAL_ZONE)) == "320611"
    assert moved.division_at(date(2025, 7, 1), known_at=datetime(2025, 8, 1, tzinfo=LEGAL_ZONE)) == "320613"


def test_a_backdated_move_does_not_undo_a_later_one() -> None:
    moved = case(
        divisions=(
            _division("320611", "2024-01-01"),
            _division("320613", "2025-06-01"),
            _division("320612", "2025-03-01"),
        )
    )
    assert moved.division_at(date(2025, 4, 1), known_at=NOW) == "320612"
    assert moved.division_at(date(2025, 7, 1), known_at=NOW) == "320613"


def test_of_two_moves_on_one_day_the_later_recorded_holds() -> None:
    moved = case(divisions=(_division("320611", "2025-01-01"), _division("320613", "2025-01-01")))
    assert moved.division_at(date(2025, 1, 1), known_at=NOW) == "320613"


def test_before_its_first_division_is_dated_or_known_a_case_stands_under_it() -> None:
    taken_over = case(
        divisions=(
            _division("320685", "2026-10-01", recorded_at=NOW),
            _division("320612", "2026-10-15", recorded_at=NOW),
        )
    )
    assert taken_over.division_at(date(2025, 7, 1), known_at=EARLY) == "320685"


def _division(code: str, on: str, recorded_at: datetime = EARLY) -> DivisionFact:
    return DivisionFact(code, date.fromisoformat(on), recorded_at)
