from __future__ import annotations

from fractions import Fraction

import pytest

from caseapp.domain.events import ClosingManner, MilestoneKind
from caseapp.domain.metrics.policy import ClosingAdds, Counts
from tests.domain.metrics.builders import policy


def test_it_reads_only_milestones_that_it_does_not_ignore() -> None:
    assert policy("R2").reads() == {
        MilestoneKind.FILED,
        MilestoneKind.CLOSED,
        MilestoneKind.REOPENED,
        MilestoneKind.RETURNED,
    }


def test_a_closing_in_a_manner_that_does_not_close_is_ignored() -> None:
    strict = policy(manners={**dict.fromkeys(ClosingManner, True), ClosingManner.MERGED: False})
    assert strict.effect_of(MilestoneKind.CLOSED, ClosingManner.MERGED) is Counts.IGNORED
    assert strict.effect_of(MilestoneKind.CLOSED, ClosingManner.EXECUTED) is Counts.CLOSES


@pytest.mark.parametrize(
    ("numerator", "denominator", "gap"),
    [
        (0, 0, 0),
        (19, 20, 0),
        (18, 20, 1),
        (0, 20, 19),
        (94, 100, 1),
        (95, 100, 0),
        (0, 1, 1),
        (783, 842, 17),
        (30, 20, 0),
    ],
)
def test_the_gap_is_how_many_more_closings_reach_the_target(numerator: int, denominator: int, gap: int) -> None:
    assert policy("R2").gap(numerator, denominator) == gap


@pytest.mark.parametrize(("numerator", "denominator"), [(0, 1), (18, 20), (90, 100), (1, 3), (899, 1000)])
def test_where_closings_enlarge_the_denominator_too_the_gap_is_the_smallest_that_does(
    numerator: int, denominator: int
) -> None:
    gap = policy("R4").gap(numerator, denominator)
    target = Fraction(19, 20)
    assert gap is not None
    assert Fraction(numerator + gap, denominator + gap) >= target
    assert Fraction(numerator + gap - 1, denominator + gap - 1) < target


def test_without_a_target_there_is_no_gap() -> None:
    assert policy(target=None).gap(1, 2) is None


def test_all_cannot_be_reached_once_one_was_late() -> None:
    assert policy("R4", target=Fraction(1)).gap(9, 10) is None
    assert policy("R2", target=Fraction(1), closing_adds=ClosingAdds.NUMERATOR).gap(9, 10) == 1
