from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from caseapp.domain.events import ClosingManner, MilestoneKind
from caseapp.domain.metrics.policy import ClosingAdds, Counts, MetricPolicy, in_force, policy_asked
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


def versions() -> tuple[MetricPolicy, MetricPolicy]:
    first = policy("R2")
    return first, replace(first, version="2027-1", published_on=date(2027, 1, 1))


def test_a_policy_asked_for_without_a_version_is_the_one_in_force_that_day() -> None:
    old, new = versions()

    def asked(text: str, on: date) -> str | None:
        found = policy_asked({"R2": new}, [new, old], text, on)
        return found.version if found is not None else None

    assert asked("R2", date(2026, 12, 31)) == old.version
    assert asked("R2", date(2027, 1, 1)) == new.version
    assert asked("R2", date(1999, 1, 1)) == old.version
    assert asked(old.reference, date(2030, 1, 1)) == old.version
    assert asked(new.reference, date(2026, 1, 1)) == new.version
    assert asked("R2@1999-1", date(2030, 1, 1)) is None
    assert asked("R9", date(2030, 1, 1)) is None
    assert asked("R9@2026-1", date(2030, 1, 1)) is None


def test_a_version_is_in_force_until_the_eve_of_the_next() -> None:
    old, new = versions()
    found = in_force([old, policy("R1"), new])
    assert [(one.policy.reference, one.first, one.until) for one in found] == [
        ("R2@2027-1", date(2027, 1, 1), None),
        (old.reference, old.published_on, date(2026, 12, 31)),
        (policy("R1").reference, policy("R1").published_on, None),
    ]
    assert [one.holds_on(date(2026, 12, 31)) for one in found] == [False, True, True]
    assert [one.holds_on(date(2027, 1, 1)) for one in found] == [True, False, True]


def test_the_digest_changes_with_what_is_counted_and_not_with_the_words() -> None:
    one = policy("R2")
    assert replace(one, name={"zh": "别名", "en": "Other"}, source="另一出处").digest() == one.digest()
    others = [
        replace(one, formula="r1"),
        replace(one, manners={**one.manners, ClosingManner.MERGED: False}),
        replace(one, milestones={**one.milestones, MilestoneKind.DECIDED: Counts.CLOSES}),
        replace(one, target=None),
    ]
    assert len({one.digest(), *(other.digest() for other in others)}) == 5
