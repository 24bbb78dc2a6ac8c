"""How sure shares are, and the spread of durations."""

from __future__ import annotations

from datetime import date, timedelta
from math import sqrt
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.facts import ActRecord
from caseapp.domain.metrics.proportions import Z_95, spread_of, wilson
from caseapp.domain.metrics.stays import Stay, spreads, stays

FRACTIONS = st.integers(1, 5000).flatmap(lambda below: st.tuples(st.integers(0, below), st.just(below)))


@given(FRACTIONS)
def test_the_interval_holds_just_the_shares_from_which_the_one_seen_is_not_far(fraction: tuple[int, int]) -> None:
    numerator, denominator = fraction
    found = wilson(numerator, denominator)
    assert found is not None
    seen = numerator / denominator
    assert 0.0 <= found.low <= seen <= found.high <= 1.0
    for end in (found.low, found.high):
        if 0.0 < end < 1.0:
            # By its definition: the seen share lies z standard errors away from either end.
            assert abs(seen - end) == pytest.approx(Z_95 * sqrt(end * (1 - end) / denominator), rel=1e-6, abs=1e-9)


@given(FRACTIONS)
def test_more_cases_of_the_same_share_make_it_surer(fraction: tuple[int, int]) -> None:
    few, many = wilson(*fraction), wilson(fraction[0] * 4, fraction[1] * 4)
    assert few is not None
    assert many is not None
    assert many.high - many.low < few.high - few.low


def test_known_values_and_wrong_fractions() -> None:
    found = wilson(95, 100)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (0.8882, 0.9785)
    assert wilson(0, 0) is None
    for wrong in ((-1, 3), (4, 3)):
        with pytest.raises(ValueError, match="of 3"):
            wilson(*wrong)


@given(st.lists(st.integers(0, 900), min_size=1))
def test_nine_in_ten_took_no_longer_than_the_ninetieth_percentile(days: list[int]) -> None:
    found = spread_of(days)
    assert found is not None
    assert (found.count, found.median_days) == (len(days), median(days))
    assert found.p90_days in days
    assert sum(one <= found.p90_days for one in days) * 10 >= len(days) * 9
    assert sum(one < found.p90_days for one in days) * 10 < len(days) * 9
    assert spread_of([]) is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 30))))
def test_stays_add_up_to_the_time_until_the_last_change(steps: list[tuple[str, int]]) -> None:
    opened, on = date(2026, 1, 1), date(2026, 1, 1)
    acts, changed, state = [], date(2026, 1, 1), "a"
    for seq, (to, days) in enumerate(steps):
        on += timedelta(days=days)
        acts.append(ActRecord(action="x", actor="y", on=on, seq=seq, to=to))
        changed, state = (on if to != state else changed), to
    found = list(stays("a", opened, acts))
    assert sum(stay.days for stay in found) == (changed - opened).days
    told = spreads(("p", stay) for stay in found)
    assert sum(one.count for one in told.values()) == len(found)
    assert {place[0] for place in told} <= {"p"}


def test_an_act_that_stays_in_its_state_ends_no_stay() -> None:
    acts = [ActRecord("x", "y", date(2026, 1, day), day, to) for day, to in ((3, "a"), (6, "b"), (9, "a"))]
    assert list(stays("a", date(2026, 1, 1), acts)) == [Stay("a", 5), Stay("b", 3)]
