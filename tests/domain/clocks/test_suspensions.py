"""Pauses: closed intervals that leave each day out once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.clocks.suspensions import Pause, is_paused, merge_pauses, pause_between
from caseapp.domain.errors import InputError

MAY = [date(2025, 5, number) for number in range(1, 32)]


def test_a_pause_cannot_end_before_it_begins() -> None:
    with pytest.raises(InputError, match="早于"):
        Pause(MAY[9], MAY[8])


def test_a_pause_holds_both_its_ends() -> None:
    pause = Pause(MAY[3], MAY[5])
    assert [day for day in MAY if pause.holds(day)] == MAY[3:6]


def test_a_pause_without_an_end_holds_every_later_day() -> None:
    assert Pause(MAY[3], None).holds(date(2030, 1, 1))


def test_the_day_of_resuming_counts_again() -> None:
    assert pause_between(MAY[0], MAY[20]) == Pause(MAY[0], MAY[19])


def test_resumed_on_the_same_day_leaves_nothing_out() -> None:
    assert pause_between(MAY[0], MAY[0]) is None


def test_not_yet_resumed_is_an_open_pause() -> None:
    assert pause_between(MAY[0], None) == Pause(MAY[0], None)


def test_resuming_before_stopping_is_refused() -> None:
    with pytest.raises(InputError):
        pause_between(MAY[5], MAY[3])


@pytest.mark.parametrize(
    ("pauses", "merged"),
    [
        pytest.param([(0, 4), (2, 6)], [(0, 6)], id="overlapping"),
        pytest.param([(0, 4), (5, 6)], [(0, 6)], id="touching"),
        pytest.param([(0, 9), (2, 3)], [(0, 9)], id="one inside the other"),
        pytest.param([(8, 9), (0, 4)], [(0, 4), (8, 9)], id="apart and out of order"),
        pytest.param([(0, 4), (3, None), (8, 9)], [(0, None)], id="an open one swallows what follows"),
        pytest.param([], [], id="none"),
    ],
)
def test_merging(pauses: list[tuple[int, int | None]], merged: list[tuple[int, int | None]]) -> None:
    def made(pairs: list[tuple[int, int | None]]) -> tuple[Pause, ...]:
        return tuple(Pause(MAY[first], None if last is None else MAY[last]) for first, last in pairs)

    assert merge_pauses(made(pauses)) == made(merged)


@st.composite
def some_pauses(draw: st.DrawFn) -> list[Pause]:
    firsts = draw(st.lists(st.dates(date(2025, 1, 1), date(2025, 6, 30)), max_size=6))
    lengths = st.one_of(st.none(), st.integers(0, 40))
    return [Pause(first, None if (n := draw(lengths)) is None else first + timedelta(days=n)) for first in firsts]


@given(some_pauses())
def test_merging_keeps_exactly_the_same_days(pauses: list[Pause]) -> None:
    merged = merge_pauses(pauses)
    for number in range(300):
        day = date(2024, 12, 15) + timedelta(days=number)
        assert is_paused(day, merged) == is_paused(day, pauses)
        assert sum(pause.holds(day) for pause in merged) <= 1
