"""Survival curves against a naive count, forecasts of known courses, and the judgement of past forecasts."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.metrics.forecast import Record, backtest, doubt_of, forecast, rate_at, survival

DURATIONS = st.lists(st.tuples(st.integers(0, 30), st.booleans(), st.integers(1, 4)), max_size=30)


@given(DURATIONS, st.integers(0, 31))
def test_the_curve_is_the_product_over_the_steps_of_those_who_stayed(
    durations: list[tuple[int, bool, int]], steps: int
) -> None:
    expected = 1.0
    for step in range(steps + 1):
        at_risk = sum(times for end, _over, times in durations if end >= step)
        gone = sum(times for end, over, times in durations if over and end == step)
        expected *= 1 - gone / at_risk if at_risk else 1.0
    found = survival(durations)
    assert found.open_after(steps) == pytest.approx(expected)
    assert (found.cases, found.closings) == (
        sum(times for *_both, times in durations),
        sum(times for _end, over, times in durations if over),
    )


@given(st.lists(st.integers(0, 30), min_size=1))
def test_without_censoring_the_curve_is_the_share_that_lasted_longer(ends: list[int]) -> None:
    found = survival((end, True, 1) for end in ends)
    for steps in range(32):
        assert found.open_after(steps) == pytest.approx(sum(end > steps for end in ends) / len(ends))
    middle = found.median()
    assert middle is not None
    assert sum(end <= middle for end in ends) * 2 >= len(ends)


@given(DURATIONS, st.integers(0, 31), st.integers(0, 31))
def test_a_chance_is_a_chance_and_grows_with_time(durations: list[tuple[int, bool, int]], age: int, ahead: int) -> None:
    found = survival(durations)
    chance, error = found.closes_within(age, ahead)
    later, _ = found.closes_within(age, ahead + 1)
    assert 0.0 <= chance <= later <= 1.0
    assert error >= 0.0
    assert found.closes_within(age, 0) == (0.0, 0.0)


def course(seed: int, weeks: int = 150, *, pace: int = 6, late: float = 0.15) -> list[Record]:
    """Return cases of an office that goes on as ever: some a week, each closed by chance from then on."""
    dice = random.Random(seed)
    records = []
    for filed in range(-weeks, 30):
        for _ in range(dice.randrange(pace // 2, pace + pace // 2 + 1)):
            closed = filed + 2
            while dice.random() > late:
                closed += 1
            records.append(Record(dice.choice(("one", "two")), filed, closed))
    return records


def test_the_rate_counts_who_was_open_at_the_start_or_filed_since() -> None:
    records = [Record("p", -9, -8), Record("p", -9, -3), Record("p", -2, None, 2), Record("p", 1, 2)]
    assert (rate_at(records, -6, 0).numerator, rate_at(records, -6, 0).denominator) == (1, 3)
    assert rate_at(records, -6, 2).share == 0.5
    assert rate_at([], -6, 2).share is None


def test_intervals_of_a_steady_office_hold_what_comes_about_nine_times_in_ten() -> None:
    hits = total = 0
    errors = []
    for seed in range(12):
        found = backtest(course(seed), [(-30, now, 8) for now in range(-20, 10, 5)])
        assert found is not None
        hits += sum(trial.hit for trial in found.trials)
        total += len(found.trials)
        errors.append(found.mean_error)
        assert found.coverage == sum(trial.hit for trial in found.trials) / len(found.trials)
    assert 0.8 <= hits / total <= 1.0
    assert max(errors) < 0.06


def test_an_office_that_changes_its_pace_teaches_doubt() -> None:
    taught = sure = 0
    for seed in range(6):
        dice = random.Random(seed)
        records = []
        for filed in range(-150, 30):
            pace = 0.08 if (filed // 13) % 2 else 0.3
            for _ in range(dice.randrange(20, 40)):
                closed = filed + 1
                while dice.random() > pace:
                    closed += 1
                records.append(Record("one", filed, closed))
        found = backtest(records, [(-60, now, 6) for now in range(10, -50, -5)])
        assert found is not None
        assert [trial.made.now for trial in found.trials] == sorted(trial.made.now for trial in found.trials)
        alone = [forecast(records, start=-60, now=trial.made.now, ahead=6) for trial in found.trials]
        taught += sum(trial.hit for trial in found.trials)
        sure += sum(
            made.low <= trial.came <= made.high
            for made, trial in zip(alone, found.trials, strict=True)
            if made is not None
        )
        assert doubt_of(found.trials) > 0.0
    assert taught > sure
    assert doubt_of([]) == 0.0


def test_a_forecast_uses_nothing_that_was_not_known_yet() -> None:
    records = course(3)
    known = [
        Record(one.procedure, one.filed, one.closed if one.closed is not None and one.closed <= 0 else None)
        for one in records
        if one.filed <= 0
    ]
    assert forecast(records, start=-30, now=0, ahead=6) == forecast(known, start=-30, now=0, ahead=6)


def test_an_office_that_hardly_closes_is_not_forecast_and_few_cases_make_it_unsure() -> None:
    assert forecast([Record("p", -5, None, 40)], start=-30, now=0, ahead=4) is None
    assert backtest([Record("p", -5, None, 40)], [(-30, 0, 4)]) is None
    few, many = (forecast(course(5, pace=pace), start=-30, now=0, ahead=6) for pace in (2, 40))
    assert few is not None
    assert many is not None
    assert many.high - many.low < few.high - few.low
    assert 0.0 <= few.low <= few.mean <= few.high <= 1.0
    ended = [Record("p", -40, -30, 30), Record("q", -39, None, 3)]
    alone = forecast(ended, start=-20, now=0, ahead=5)
    assert alone is not None
    assert alone.mean > 0.0
