"""The plain recount against the figures that people are shown, over histories of every kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseapp.domain.events import LEGAL_ZONE, Precision
from caseapp.domain.metrics.closure import ClosureRate, Period
from caseapp.domain.metrics.history import CaseHistory
from caseapp.domain.metrics.periods import month_windows, window_of
from caseapp.domain.metrics.policy import Dimension, MetricPolicy
from caseapp.domain.metrics.recount import Cell, FigureDifference, Recount, Span, Tally, compare, standing
from tests.domain.metrics import builders
from tests.domain.metrics.test_closure_properties import histories, instants

LIMIT = builders.plain_limit(20)
CELL = (Dimension.DIVISION, Dimension.IP_TYPE, Dimension.PROCEDURE, Dimension.SOURCE)
YEARS = (Period(date(2024, 1, 1), date(2024, 12, 31)), Period(date(2025, 1, 1), date(2025, 2, 20)))
POLICIES = [builders.policy(policy_id) for policy_id in ("R1", "R2", "R3", "R4")]


def spans() -> list[Span]:
    whole = [Span(str(year.first.year), window_of(year, year.last)) for year in YEARS]
    months = [Span(window.month or "", window) for year in YEARS for window in month_windows(year, year.last)]
    return sorted([*whole, *months], key=lambda span: span.window.first)


def counted(cases: Sequence[CaseHistory], known_at: datetime) -> Recount:
    recount = Recount()
    for history in cases:
        recount.add(history, POLICIES, spans(), known_at=known_at, due_of=LIMIT)
    return recount


def shown(cases: Sequence[CaseHistory], policy: MetricPolicy, span: Span, known_at: datetime) -> ClosureRate:
    return builders.figure(
        *cases,
        policy_id=policy.id,
        period=Period(span.window.first, span.window.cut),
        known_at=known_at,
        by=CELL,
        due_of=LIMIT,
    )


def cells_of(figure: ClosureRate) -> Mapping[Cell, Tally]:
    return {
        (str(row.key[CELL[0]]), row.key[CELL[1]], str(row.key[CELL[2]]), row.key[CELL[3]]): (
            row.numerator,
            row.denominator,
            row.imprecise,
        )
        for row in figure.rows
    }


def differences(cases: Sequence[CaseHistory], known_at: datetime) -> list[FigureDifference]:
    recount = counted(cases, known_at)
    found: list[FigureDifference] = []
    for policy in POLICIES:
        for span in spans():
            figure = shown(cases, policy, span, known_at)
            total = (figure.total.numerator, figure.total.denominator, figure.total.imprecise)
            found += compare((policy.id, span.name), recount, total, cells_of(figure))
    return found


@settings(max_examples=120, deadline=None)
@given(histories(), instants)
def test_the_recount_bears_out_every_figure(cases: tuple[CaseHistory, ...], known_at: datetime) -> None:
    assert differences(cases, known_at) == []


@settings(max_examples=60, deadline=None)
@given(st.data(), histories(), instants)
def test_so_it_does_where_dates_are_known_to_their_month_only(
    data: st.DataObject, cases: tuple[CaseHistory, ...], known_at: datetime
) -> None:
    vague = [
        replace(
            history,
            milestones=tuple(
                replace(fact, on=fact.on.replace(day=1), precision=Precision.MONTH, at=None)
                if data.draw(st.integers(0, 4)) == 0
                else fact
                for fact in history.milestones
            ),
        )
        for history in cases
    ]
    assert differences(vague, known_at) == []


@settings(max_examples=40, deadline=None)
@given(histories(), instants, st.randoms(use_true_random=False))
def test_splitting_a_division_moves_its_cases_and_changes_no_total(
    cases: tuple[CaseHistory, ...], known_at: datetime, random: object
) -> None:
    split = [
        replace(history, divisions=tuple(replace(fact, code=f"9{fact.code[1:]}") for fact in history.divisions))
        if random.random() < 0.5  # type: ignore[attr-defined]
        else history
        for history in cases
    ]
    before, after = counted(cases, known_at), counted(split, known_at)
    assert before.totals == after.totals

    def joined(recount: Recount) -> dict[object, Tally]:
        found: dict[object, Tally] = {}
        for figure, cells in recount.cells.items():
            for (division, *rest), tally in cells.items():
                key = (figure, division[1:], *rest)
                one = found.get(key, (0, 0, 0))
                found[key] = (one[0] + tally[0], one[1] + tally[1], one[2] + tally[2])
        return found

    assert joined(before) == joined(after)


def test_a_number_that_the_ledger_does_not_bear_out_is_told_with_its_cell() -> None:
    recount = counted([builders.case("filed 2025-01-10", "closed 2025-02-10")], builders.NOW)
    cell = ("320612", "trademark", "penalty_general", "complaint")
    assert list(compare(("R2", "2025-01"), recount, (0, 1, 0), {cell: (0, 1, 0)})) == []
    assert list(compare(("R2", "2025-01"), recount, (0, 2, 0), {})) == [
        FigureDifference("R2", "2025-01", None, (0, 2, 0), (0, 1, 0)),
        FigureDifference("R2", "2025-01", cell, (0, 0, 0), (0, 1, 0)),
    ]


def test_a_formula_that_nobody_wrote_is_an_error_and_not_a_zero() -> None:
    unknown = builders.policy("R2", formula="r9")
    window = window_of(YEARS[1], date(2025, 2, 20))
    with pytest.raises(ValueError, match="r9"):
        list(
            standing(
                builders.case("filed 2025-01-10"),
                unknown,
                [Span("2025", window)],
                known_at=datetime(2026, 1, 1, tzinfo=LEGAL_ZONE),
                due_of=LIMIT,
            )
        )
