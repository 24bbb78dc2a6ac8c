from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from caseapp.domain.events import ClosingManner, MilestoneKind
from caseapp.domain.metrics.closure import closure_rate
from caseapp.domain.metrics.plain import (
    PlainCourse,
    is_ever_filed,
    plain_course,
    reads_two_dates,
    representative,
    settled_on,
    stands_by_closing,
)
from caseapp.domain.metrics.policy import Counts
from tests.domain.metrics.builders import NOW, YEAR, case, counts_of, milestone, policy

FILED, CLOSED = date(2025, 3, 10), date(2025, 7, 15)


def _facts(written: Sequence[str]) -> list:  # type: ignore[type-arg]
    return [milestone(text, seq) for seq, text in enumerate(written, start=1)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(["filed 2025-03-10"], PlainCourse(FILED, None, None), id="open"),
        pytest.param(
            ["registered 2025-03-01", "filed 2025-03-10", "decided 2025-05-01", "closed 2025-07-15 moved"],
            PlainCourse(FILED, CLOSED, ClosingManner.MOVED),
            id="closed once",
        ),
        pytest.param(
            ["filed 2025-03-10T09:00", "closed 2025-07-15T10:00"],
            PlainCourse(FILED, CLOSED, ClosingManner.EXECUTED),
            id="known to the hour",
        ),
        pytest.param(["filed 2025-03-10", "filed 2025-03-11"], None, id="filed twice"),
        pytest.param(["filed 2025-03-10", "closed 2025-07-15", "closed 2025-07-16"], None, id="closed twice"),
        pytest.param(["filed 2025-03-10", "closed 2025-07-15", "reopened 2025-08-01"], None, id="reopened"),
        pytest.param(["filed 2025-03-10", "returned 2025-08-01"], None, id="returned"),
        pytest.param(["filed 2025-03"], None, id="filed in some month"),
        pytest.param(["filed 2025-03-10", "closed 2025"], None, id="closed in some year"),
        pytest.param(["filed 2025-03-10", "decided 2025"], PlainCourse(FILED, None, None), id="a vague decision"),
        pytest.param(["filed 2025-03-10", "closed 2025-03-09"], None, id="closed before it was filed"),
    ],
)
def test_a_plain_case_is_filed_once_closed_at_most_once_and_exact(
    written: Sequence[str], expected: PlainCourse | None
) -> None:
    assert plain_course(_facts(written)) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(["filed 2025-03-10"], None, id="open"),
        pytest.param(["filed 2025-03-10", "closed 2025-07-15"], CLOSED, id="closed"),
        pytest.param(["filed 2025-03-10", "closed 2025-07-15", "reopened 2025-08-01"], None, id="reopened"),
        pytest.param(
            ["filed 2025-03-10", "closed 2025-05-01", "reopened 2025-06-01", "closed 2025-07-15"],
            CLOSED,
            id="closed again",
        ),
        pytest.param(["filed 2025", "closed 2025-07-15"], None, id="with a vague date"),
        pytest.param(["closed 2025-03-10", "filed 2025-07-15"], None, id="filed last"),
        pytest.param([], None, id="nothing happened"),
    ],
)
def test_a_case_is_settled_by_a_closing_after_which_nothing_happened(
    written: Sequence[str], expected: date | None
) -> None:
    assert settled_on(_facts(written)) == expected


def test_a_lead_is_never_filed() -> None:
    assert not is_ever_filed(_facts(["registered 2025-03-01", "closed 2025-03-05 moved"]))
    assert is_ever_filed(_facts(["registered 2025-03-01", "filed 2025"]))


def test_two_dates_are_read_by_all_but_r4() -> None:
    assert {policy_id: reads_two_dates(policy(policy_id)) for policy_id in ("R1", "R2", "R3", "R4", "R5")} == {
        "R1": True,
        "R2": True,
        "R3": True,
        "R4": False,
        "R5": True,
    }


def test_a_policy_with_another_table_reads_more_than_two_dates() -> None:
    r2 = policy("R2")
    by_decision = replace(r2, milestones={**r2.milestones, MilestoneKind.DECIDED: Counts.CLOSES})
    never_reopens = replace(r2, milestones={**r2.milestones, MilestoneKind.RETURNED: Counts.IGNORED})
    assert not reads_two_dates(by_decision)
    assert not reads_two_dates(never_reopens)
    assert not stands_by_closing(by_decision)
    assert stands_by_closing(policy("R4"))


def test_a_representative_stands_where_its_case_stands() -> None:
    for written in (["filed 2025-03-10"], ["filed 2024-03-10", "closed 2025-07-15 withdrawn"]):
        course = plain_course(_facts(written))
        assert course is not None
        stand_in = representative(
            filed_on=course.filed_on,
            closed_on=course.closed_on,
            manner=course.manner,
            division="320612",
            procedure="penalty_general",
            ip_types=("trademark",),
            source=None,
        )
        strict = policy("R2", manners={**dict.fromkeys(ClosingManner, True), ClosingManner.WITHDRAWN: False})
        for which in (policy("R1"), policy("R2"), policy("R3"), strict):
            expected = closure_rate([case(*written)], which, YEAR, known_at=NOW).total
            assert counts_of(closure_rate([stand_in], which, YEAR, known_at=NOW).total) == counts_of(expected)
