"""What to close to reach a target: against trying every choice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.metrics.policy import ClosingAdds, MetricPolicy
from caseapp.domain.metrics.reach import Candidate, gap_with, reach
from tests.domain.metrics.builders import policy

TARGET = Fraction(95, 100)
BY = date(2026, 12, 31)
R2 = policy()
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        key=st.uuids().map(str),
        filed_on=st.dates(date(2025, 1, 1), BY),
        closes_on=st.none() | st.dates(date(2026, 11, 1), date(2027, 3, 1)),
        steps=st.integers(0, 9),
    ),
    max_size=40,
    unique_by=lambda one: one.key,
)


def share(asked: MetricPolicy, numerator: int, denominator: int, closings: int) -> Fraction:
    below = denominator + (closings if asked.closing_adds is ClosingAdds.BOTH else 0)
    return Fraction(numerator + closings, below) if below else Fraction(1)


@given(CANDIDATES, st.integers(0, 300), st.sampled_from(list(ClosingAdds)))
def test_the_choice_is_the_smallest_that_reaches_the_target_or_all_that_is_possible(
    open_cases: list[Candidate], closed: int, adds: ClosingAdds
) -> None:
    asked = replace(R2, closing_adds=adds)
    below = closed + len(open_cases)
    found = reach(asked, closed, below, open_cases, by=BY)
    possible = [one for one in open_cases if one.closes_on is not None and one.closes_on <= BY]
    assert sorted(found.possible) == sorted(one.key for one in possible)
    assert len(found.possible) + len(found.too_late) == len(open_cases)
    enough = [n for n in range(len(possible) + 1) if share(asked, closed, below, n) >= TARGET]
    assert found.is_possible is bool(enough)
    assert len(found.chosen) == (enough[0] if enough else len(possible))
    assert found.is_reached is (bool(enough) and enough[0] == 0)
    assert found.best == (float(share(asked, closed, below, len(possible))) if below else None)


@given(CANDIDATES)
def test_what_is_sooner_done_comes_first(open_cases: list[Candidate]) -> None:
    days = {one.key: one.closes_on for one in open_cases}
    found = reach(R2, 0, len(open_cases), open_cases, by=BY)
    order = [days[key] or BY + timedelta(days=999) for key in (*found.possible, *found.too_late)]
    assert order == sorted(order)


def test_without_a_target_nothing_is_chosen_and_new_filings_widen_the_gap() -> None:
    one = Candidate("a", date(2026, 1, 1), date(2026, 12, 1))
    found = reach(replace(R2, target=None), 1, 2, [one], by=BY)
    assert (found.chosen, found.is_possible, found.is_reached) == ((), False, False)
    assert (gap_with(R2, 95, 100, filed=0), gap_with(R2, 95, 100, filed=20)) == (0, 19)
