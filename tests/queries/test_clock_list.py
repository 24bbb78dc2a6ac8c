"""Every clock with where it stands when somebody asks."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from caseapp.domain.clocks.status import Status
from caseapp.domain.workflow.timing import clocks_of
from caseapp.queries.case_images import load
from caseapp.queries.clock_list import ClockLine, clock_lines
from tests.support.histories import LIVES, live
from tests.support.spine import ADMINISTRATOR, House, law


def lines(house: House, **which: Any) -> list[ClockLine]:
    with house.context() as ctx:
        return list(clock_lines(ctx, **which))


def statuses(house: House) -> dict[str, str]:
    return {line.rule: line.status.value for line in lines(house)}


def test_a_clock_runs_is_paused_is_met_or_late_and_overdue_when_asked(house: House) -> None:
    case_id = house.register().id
    assert statuses(house) == {"P01": "running"}
    house.later(days=60)
    assert statuses(house) == {"P01": "overdue"}
    house.take(case_id, "file")
    assert statuses(house) == {"P01": "met_late", "P10": "running"}
    house.take(case_id, "suspend")
    assert statuses(house)["P10"] == "paused"
    house.later(days=400)
    assert statuses(house)["P10"] == "paused"
    house.take(case_id, "resume")
    assert statuses(house)["P10"] == "running"


def test_the_line_tells_case_rule_and_days(house: House) -> None:
    reference = house.register()
    house.later(days=1)
    house.take(reference.id, "file")
    house.take(reference.id, "suspend")
    assert lines(house) == [
        ClockLine(reference.number, "P01", date(2026, 3, 2), date(2026, 3, 23), date(2026, 3, 3), Status.MET),
        ClockLine(reference.number, "P10", date(2026, 3, 3), None, None, Status.PAUSED),
    ]


def test_a_rule_and_a_status_narrow_the_list(house: House) -> None:
    late, early = house.register().id, house.register().id
    house.take(early, "file")
    house.later(days=40)
    house.take(late, "file")
    assert Counter(line.status for line in lines(house, rule="P01")) == {Status.MET: 1, Status.MET_LATE: 1}
    for status in Status:
        assert all(line.status is status for line in lines(house, only=status))
    assert sum(len(lines(house, only=status)) for status in Status) == len(lines(house)) == 4


def test_who_may_not_know_of_a_case_sees_none_of_its_clocks(house: House) -> None:
    house.register()
    with house.context(ADMINISTRATOR) as ctx:
        assert list(clock_lines(ctx)) == []


@given(deeds=LIVES)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_list_agrees_with_the_clocks_of_the_case_itself(house: House, deeds: list[Any]) -> None:
    """The rows are a cache; the acts, the rules and the calendar decide."""
    case_id = live(house, deeds)
    for _ in range(3):
        with house.context() as ctx:
            image = load(ctx, case_id).image
            derived = [
                (clock.rule.id, clock.status(ctx.today()))
                for proceeding in sorted(image.proceedings, key=lambda one: one.id)
                for clock in clocks_of(proceeding, law().rules, law().calendar)
            ]
            listed = [(line.rule, line.status) for line in clock_lines(ctx) if line.case == image.display_number()]
        assert listed == derived
        house.later(days=45)


@pytest.mark.parametrize("days", [0, 14, 15, 16, 300])
def test_due_days_do_not_depend_on_when_somebody_asks(house: House, days: int) -> None:
    house.register()
    before = [line.due_on for line in lines(house)]
    house.clock.at += timedelta(days=days)
    assert [line.due_on for line in lines(house)] == before
