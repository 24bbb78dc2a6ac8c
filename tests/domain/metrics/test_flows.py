"""Sums by month tell the figures of plain cases exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseapp.domain.events import ClosingManner
from caseapp.domain.metrics.closure import ClosureCount, ClosureRate, Period
from caseapp.domain.metrics.flows import BEFORE, Flow, is_told_by_flows, month_number
from caseapp.domain.metrics.history import CaseHistory
from caseapp.domain.metrics.plain import representative
from caseapp.domain.metrics.policy import Dimension
from tests.domain.metrics import builders

DIVISIONS = ("320612", "320613")
days = st.integers(0, 400).map(lambda n: date(2024, 11, 1) + timedelta(days=n))


@st.composite
def plain_cases(draw: st.DrawFn) -> list[CaseHistory]:
    found = []
    for _ in range(draw(st.integers(0, 12))):
        filed_on = draw(days)
        closed_on = draw(st.none() | st.integers(0, 200).map(lambda n, since=filed_on: since + timedelta(days=n)))
        found.append(
            representative(
                filed_on=filed_on,
                closed_on=closed_on,
                manner=ClosingManner.EXECUTED if closed_on else None,
                division=draw(st.sampled_from(DIVISIONS)),
                procedure="penalty_general",
                ip_types=draw(st.sampled_from([("gi",), ("gi", "trademark")])),
                source=draw(st.sampled_from(["complaint", None])),
            )
        )
    return found


def flows(cases: Sequence[CaseHistory], period: Period, *, by_month: bool) -> list[Flow]:
    """Sum up cases as the read model does: what happened after the period is not there yet."""
    found: dict[object, Flow] = {}
    for history in cases:
        division = history.divisions[0].code
        key = (division, history.ip_types, history.source)
        flow = found.setdefault(key, Flow(division, history.procedure, history.source, history.ip_types))
        for fact, months in zip(history.milestones, (flow.filed, flow.closed), strict=False):
            if fact.on <= period.last:
                within = month_number(fact.on.year, fact.on.month) if by_month else 1
                place = BEFORE if fact.on < period.first else within
                months[place] = months.get(place, 0) + 1
    return list(found.values())


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["R1", "R2", "R5"]),
    plain_cases(),
    st.tuples(days, days).map(sorted),
    st.lists(st.sampled_from([Dimension.DIVISION, Dimension.IP_TYPE, Dimension.SOURCE, Dimension.MONTH]), unique=True),
)
def test_sums_by_month_give_the_figure_of_the_cases_they_sum_up(
    policy_id: str, cases: list[CaseHistory], ends: list[date], by: list[Dimension]
) -> None:
    period = Period(*ends)
    policy = replace(builders.policy(policy_id), dimensions=())

    def counted(*, summed: bool) -> ClosureRate:
        count = ClosureCount(policy, period, known_at=builders.NOW, by=by)
        if summed:
            for flow in flows(cases, period, by_month=Dimension.MONTH in by):
                count.add_flow(flow)
        else:
            for history in cases:
                count.add(history)
        return count.figure()

    assert counted(summed=True) == counted(summed=False)


@pytest.mark.parametrize(
    ("policy_id", "told"), [("R1", True), ("R2", True), ("R3", False), ("R4", False), ("R5", True)]
)
def test_only_formulas_that_need_no_pair_of_dates_are_told_by_sums(policy_id: str, told: bool) -> None:
    assert is_told_by_flows(builders.policy(policy_id)) is told


def test_a_policy_by_which_not_every_manner_closes_is_not() -> None:
    strict = builders.policy(manners={**dict.fromkeys(ClosingManner, True), ClosingManner.WITHDRAWN: False})
    assert not is_told_by_flows(strict)
