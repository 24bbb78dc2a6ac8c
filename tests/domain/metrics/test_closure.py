"""Every sentence of the closure-rate contract, on histories small enough to check by eye."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import pytest

from caseapp.domain.errors import InputError
from caseapp.domain.events import LEGAL_ZONE, ClosingManner
from caseapp.domain.metrics.closure import Period, closure_rate
from caseapp.domain.metrics.history import DivisionFact
from caseapp.domain.metrics.policy import Dimension
from tests.domain.metrics.builders import EARLY, NOW, YEAR, case, counts_of, figure, milestone, ninety_days, policy

NEITHER, OPEN, DONE, ONLY_ABOVE = (0, 0), (0, 1), (1, 1), (1, 0)
"""(numerator, denominator) that one case adds."""


@pytest.mark.parametrize(
    ("milestones", "r1", "r2", "r3"),
    [
        pytest.param(["filed 2025-03-10"], OPEN, OPEN, OPEN, id="filed in the period, open"),
        pytest.param(["filed 2025-03-10", "closed 2025-07-15"], DONE, DONE, DONE, id="filed and closed in the period"),
        pytest.param(
            ["filed 2025-01-01", "closed 2025-12-31"], DONE, DONE, DONE, id="the first and the last day belong"
        ),
        pytest.param(["filed 2024-12-31"], NEITHER, OPEN, NEITHER, id="carried in, still open"),
        pytest.param(["filed 2024-12-31", "closed 2025-07-15"], ONLY_ABOVE, DONE, NEITHER, id="carried in, closed"),
        pytest.param(["filed 2024-05-01", "closed 2024-12-31"], NEITHER, NEITHER, NEITHER, id="closed at the eve"),
        pytest.param(
            ["filed 2024-05-01", "closed 2025-01-01"], ONLY_ABOVE, DONE, NEITHER, id="closed on the first day"
        ),
        pytest.param(["filed 2026-01-01", "closed 2026-02-01"], NEITHER, NEITHER, NEITHER, id="filed after the period"),
        pytest.param(["filed 2025-03-10", "closed 2026-01-01"], OPEN, OPEN, OPEN, id="closed after the period"),
        pytest.param(["registered 2025-03-01"], NEITHER, NEITHER, NEITHER, id="a lead never filed"),
        pytest.param(
            ["registered 2025-03-01", "not_filed 2025-03-20"], NEITHER, NEITHER, NEITHER, id="a lead not filed"
        ),
        pytest.param(
            ["registered 2025-03-01", "closed 2025-03-20 moved"], NEITHER, NEITHER, NEITHER, id="a lead closed unfiled"
        ),
        pytest.param(
            ["filed 2025-03-10", "closed 2025-07-15", "reopened 2025-08-01"], OPEN, OPEN, OPEN, id="closed and reopened"
        ),
        pytest.param(
            ["filed 2025-03-10", "closed 2025-07-15", "reopened 2025-08-01", "closed 2025-09-01"],
            DONE,
            DONE,
            DONE,
            id="closed, reopened and closed again counts once",
        ),
        pytest.param(
            ["filed 2024-03-10", "closed 2024-07-15", "reopened 2025-08-01"],
            NEITHER,
            OPEN,
            NEITHER,
            id="closed at the eve and reopened in the period",
        ),
        pytest.param(
            ["filed 2024-03-10", "closed 2024-07-15", "reopened 2025-08-01", "closed 2025-10-01"],
            ONLY_ABOVE,
            DONE,
            NEITHER,
            id="closed at the eve, reopened and closed again in the period",
        ),
        pytest.param(
            ["filed 2024-03-10", "closed 2024-07-15", "reopened 2024-08-01", "closed 2024-09-01"],
            NEITHER,
            NEITHER,
            NEITHER,
            id="reopened and closed again before the period",
        ),
        pytest.param(
            ["filed 2024-03-10", "closed 2024-07-15", "reopened 2026-01-01"],
            NEITHER,
            NEITHER,
            NEITHER,
            id="reopened after the period",
        ),
        pytest.param(
            ["filed 2024-03-10", "closed 2024-07-15 transferred", "returned 2025-08-01"],
            NEITHER,
            OPEN,
            NEITHER,
            id="returned after closing counts as reopened",
        ),
        pytest.param(
            ["filed 2025-03-10", "transferred 2025-04-01", "returned 2025-04-20", "closed 2025-05-01"],
            DONE,
            DONE,
            DONE,
            id="returned while open changes nothing",
        ),
        pytest.param(
            [
                "filed 2025-03-10",
                "closed 2025-05-01",
                "returned 2025-05-20",
                "returned 2025-05-25",
                "closed 2025-06-01",
            ],
            DONE,
            DONE,
            DONE,
            id="returned twice and closed again",
        ),
        pytest.param(["filed 2025-03-10", "suspended 2025-04-01"], OPEN, OPEN, OPEN, id="suspended is not closed"),
        pytest.param(["filed 2025-03-10", "transferred 2025-04-01"], OPEN, OPEN, OPEN, id="transferred is not closed"),
        pytest.param(
            ["filed 2025-03-10", "decided 2025-06-01", "served 2025-06-05"], OPEN, OPEN, OPEN, id="decided is not"
        ),
        pytest.param(
            ["filed 2025-03-10", "withdrawn 2025-06-01"], OPEN, OPEN, OPEN, id="withdrawn alone is not closed"
        ),
        pytest.param(["filed 2025-03-10", "mediated 2025-06-01"], OPEN, OPEN, OPEN, id="mediated alone is not closed"),
        pytest.param(
            ["filed 2024-12-20", "filed 2025-03-10"], NEITHER, OPEN, NEITHER, id="filed twice: the first filing counts"
        ),
        pytest.param(
            ["filed 2024-03-10", "closed 2024-12-20", "closed 2025-01-10"],
            ONLY_ABOVE,
            NEITHER,
            NEITHER,
            id="a legacy case closed twice: its last closing lies in the period, yet it was closed at the eve",
        ),
        pytest.param(
            ["filed 2025-03-10", "closed 2025-07-15", "reopened 2025-07-15"],
            OPEN,
            OPEN,
            OPEN,
            id="same day: as recorded",
        ),
        pytest.param(
            ["filed 2025-03-10", "closed 2025-07-15T15:00", "reopened 2025-07-15T09:00"],
            DONE,
            DONE,
            DONE,
            id="same day: by instant",
        ),
        pytest.param(
            ["filed 2024-03-10", "closed 2024-12-31", "reopened 2025-01-01", "closed 2025-01-01"],
            ONLY_ABOVE,
            DONE,
            NEITHER,
            id="reopened and closed on the first day",
        ),
    ],
)
def test_each_case_stands_where_the_table_puts_it(
    milestones: Sequence[str], r1: tuple[int, int], r2: tuple[int, int], r3: tuple[int, int]
) -> None:
    history = case(*milestones)
    found = [counts_of(figure(history, policy_id=policy_id).total) for policy_id in ("R1", "R2", "R3")]
    assert found == [r1, r2, r3]


@pytest.mark.parametrize("manner", list(ClosingManner))
@pytest.mark.parametrize("policy_id", ["R1", "R2", "R3", "R4"])
def test_every_manner_of_closing_closes(policy_id: str, manner: ClosingManner) -> None:
    assert counts_of(figure(case("filed 2025-03-10", f"closed 2025-04-01 {manner}"), policy_id=policy_id).total) == DONE


def test_a_policy_may_say_that_a_manner_does_not_close() -> None:
    strict = policy("R2", manners={**dict.fromkeys(ClosingManner, True), ClosingManner.WITHDRAWN: False})
    histories = [case("filed 2025-03-10", f"closed 2025-04-01 {manner}") for manner in ("withdrawn", "executed")]
    assert counts_of(closure_rate(histories, strict, YEAR, known_at=NOW).total) == (1, 2)


def test_a_closing_without_a_manner_counts_as_other() -> None:
    unsaid = case("filed 2025-03-10", replace(milestone("closed 2025-04-01", 2), manner=None))
    lenient = policy("R2")
    strict = policy("R2", manners={**dict.fromkeys(ClosingManner, True), ClosingManner.OTHER: False})
    assert counts_of(closure_rate([unsaid], lenient, YEAR, known_at=NOW).total) == DONE
    assert counts_of(closure_rate([unsaid], strict, YEAR, known_at=NOW).total) == OPEN


@pytest.mark.parametrize("policy_id", ["R1", "R2", "R3", "R4", "R5"])
def test_a_procedure_that_does_not_count_is_in_no_figure(policy_id: str) -> None:
    history = case("filed 2025-03-10", "closed 2025-07-15", counts=False)
    found = figure(history, policy_id=policy_id, by=[Dimension.DIVISION])
    assert (counts_of(found.total), found.rows) == (NEITHER, ())


class TestAsOf:
    history = case("filed 2025-03-10", "closed 2025-07-15", "reopened 2025-09-01")

    @pytest.mark.parametrize(
        ("as_of", "expected"),
        [
            ("2025-03-09", NEITHER),
            ("2025-03-10", OPEN),
            ("2025-07-14", OPEN),
            ("2025-07-15", DONE),
            ("2025-08-31", DONE),
            ("2025-09-01", OPEN),
        ],
    )
    @pytest.mark.parametrize("policy_id", ["R1", "R2", "R3"])
    def test_only_milestones_dated_up_to_as_of_exist(
        self, policy_id: str, as_of: str, expected: tuple[int, int]
    ) -> None:
        assert counts_of(figure(self.history, policy_id=policy_id, as_of=date.fromisoformat(as_of)).total) == expected

    def test_it_defaults_to_the_end_of_the_period(self) -> None:
        assert figure(self.history).as_of == YEAR.last

    def test_after_the_period_it_changes_nothing(self) -> None:
        history = case("filed 2025-03-10", "closed 2026-01-02")
        assert figure(history, as_of=date(2026, 6, 1)).total == figure(history).total

    def test_before_the_period_it_is_wrong_use(self) -> None:
        with pytest.raises(InputError) as refused:
            figure(self.history, as_of=date(2024, 12, 31))
        assert refused.value.field == "as_of"

    def test_on_the_first_day_of_the_period_it_is_right(self) -> None:
        assert counts_of(figure(case("filed 2024-05-01"), as_of=YEAR.first).total) == OPEN


class TestKnownAt:
    learnt_at = datetime(2025, 8, 1, 9, tzinfo=LEGAL_ZONE)
    history = case("filed 2025-03-10", milestone("closed 2025-07-15", 2, recorded_at=learnt_at))

    def test_what_was_recorded_later_does_not_exist(self) -> None:
        before = self.learnt_at.replace(minute=0, hour=8)
        assert counts_of(figure(self.history, known_at=before).total) == OPEN

    def test_what_was_recorded_at_that_very_instant_exists(self) -> None:
        assert counts_of(figure(self.history, known_at=self.learnt_at).total) == DONE

    def test_a_reopening_not_yet_known_leaves_the_case_closed(self) -> None:
        late = case(
            "filed 2025-03-10", "closed 2025-07-15", milestone("reopened 2025-07-20", 3, recorded_at=self.learnt_at)
        )
        assert counts_of(figure(late, known_at=datetime(2025, 7, 31, tzinfo=LEGAL_ZONE)).total) == DONE
        assert counts_of(figure(late, known_at=NOW).total) == OPEN

    def test_the_eve_too_is_seen_as_known_then(self) -> None:
        late = case("filed 2024-03-10", milestone("closed 2024-12-01", 2, recorded_at=self.learnt_at))
        assert counts_of(figure(late, known_at=datetime(2025, 7, 31, tzinfo=LEGAL_ZONE)).total) == OPEN
        assert counts_of(figure(late, known_at=NOW).total) == NEITHER

    def test_a_return_is_judged_by_what_was_known(self) -> None:
        # Without the closing the return meets an open case and means nothing.
        late = case(
            "filed 2024-03-10", milestone("closed 2024-12-01", 2, recorded_at=self.learnt_at), "returned 2025-02-01"
        )
        assert counts_of(figure(late, known_at=NOW).total) == OPEN
        assert counts_of(figure(late, policy_id="R1", known_at=NOW).total) == NEITHER


@pytest.mark.parametrize(
    ("milestones", "expected"),
    [
        pytest.param(
            ["filed 2025-01-01", "decided 2025-04-01", "closed 2025-06-01"], DONE, id="decided on the last day"
        ),
        pytest.param(["filed 2025-01-01", "decided 2025-04-02", "closed 2025-06-01"], OPEN, id="decided a day late"),
        pytest.param(["filed 2025-01-01", "closed 2025-04-01"], DONE, id="no decision: the closing is judged, in time"),
        pytest.param(["filed 2025-01-01", "closed 2025-04-02"], OPEN, id="no decision: the closing is judged, late"),
        pytest.param(["filed 2025-01-01", "decided 2025-02-01"], NEITHER, id="not closed"),
        pytest.param(
            ["filed 2024-10-01", "decided 2024-12-01", "closed 2025-06-01"],
            DONE,
            id="filed and decided before the period",
        ),
        pytest.param(
            ["filed 2024-10-01", "decided 2024-10-20", "closed 2024-11-01"], NEITHER, id="closed before the period"
        ),
        pytest.param(
            ["filed 2025-01-01", "decided 2025-02-01", "decided 2025-05-01", "closed 2025-06-01"],
            OPEN,
            id="the last decision is judged",
        ),
        pytest.param(
            ["filed 2025-01-01", "decided 2025-02-01", "closed 2025-03-01", "decided 2025-05-01"],
            DONE,
            id="a decision after the closing is not judged",
        ),
        pytest.param(
            ["filed 2025-01-01", "decided 2025-02-01", "closed 2025-03-01", "reopened 2025-05-01", "closed 2025-06-01"],
            DONE,
            id="reopened and closed without a new decision: the old one is the last",
        ),
        pytest.param(
            [
                "filed 2025-01-01",
                "decided 2025-02-01",
                "closed 2025-03-01",
                "reopened 2025-05-01",
                "decided 2025-05-20",
                "closed 2025-06-01",
            ],
            OPEN,
            id="reopened and decided anew, late",
        ),
        pytest.param(
            [
                "filed 2025-01-01",
                "suspended 2025-02-01",
                "resumed 2025-02-11",
                "decided 2025-04-11",
                "closed 2025-06-01",
            ],
            DONE,
            id="ten suspended days move the due date by ten",
        ),
        pytest.param(
            [
                "filed 2025-01-01",
                "suspended 2025-02-01",
                "resumed 2025-02-11",
                "decided 2025-04-12",
                "closed 2025-06-01",
            ],
            OPEN,
            id="ten suspended days and no more",
        ),
        pytest.param(
            [
                "filed 2025-01-01",
                "excluded_from 2025-02-01 appraisal",
                "excluded_from 2025-02-05 hearing",
                "excluded_until 2025-02-08 hearing",
                "excluded_until 2025-02-11 appraisal",
                "decided 2025-04-12",
                "closed 2025-06-01",
            ],
            OPEN,
            id="exclusions that overlap count once",
        ),
        pytest.param(
            ["filed 2025-01-01", "excluded_from 2025-02-01", "decided 2025-10-01", "closed 2025-11-01"],
            DONE,
            id="decided while time is excluded",
        ),
        pytest.param(
            ["filed 2025-01-01", "extended 2025-03-25 30", "decided 2025-05-01", "closed 2025-06-01"],
            DONE,
            id="an extension counts",
        ),
        pytest.param(
            ["filed 2025-01-01", "extended 2025-03-25 30", "decided 2025-05-02", "closed 2025-06-01"],
            OPEN,
            id="an extension counts no further",
        ),
        pytest.param(
            ["filed 2025-01-01", "decided 2025-04-20", "extended 2025-04-21 30", "closed 2025-06-01"],
            OPEN,
            id="an extension after the decision does not mend it",
        ),
        pytest.param(
            ["filed 2025-01-01", "decided 2025-04-02T09:00", "suspended 2025-04-02T10:00", "closed 2025-06-01"],
            OPEN,
            id="a pause after the decision does not mend it",
        ),
    ],
)
def test_r4_counts_closings_whose_decision_came_in_time(milestones: Sequence[str], expected: tuple[int, int]) -> None:
    assert counts_of(figure(case(*milestones), policy_id="R4").total) == expected


def test_r4_leaves_out_procedures_without_a_handling_clock() -> None:
    assert counts_of(figure(case("filed 2025-01-01", "closed 2025-02-01", clock=()), policy_id="R4").total) == NEITHER


def test_r4_asks_for_the_due_date_of_the_first_filing_under_the_rules_of_the_procedure() -> None:
    asked = []

    def due_of(rules, started_on, **rest):  # type: ignore[no-untyped-def]
        asked.append((rules, started_on))
        return ninety_days(rules, started_on, **rest)

    dispute = case("filed 2025-01-01", "filed 2025-01-05", "closed 2025-02-01", clock=("D12", "Q07"))
    figure(dispute, policy_id="R4", due_of=due_of)
    assert asked == [(("D12", "Q07"), date(2025, 1, 1))]


def test_r4_shows_nothing_in_time_where_no_limit_was_in_force() -> None:
    old = case("filed 2025-01-01", "closed 2025-01-02")
    assert counts_of(figure(old, policy_id="R4", due_of=lambda *_, **__: None).total) == OPEN


def test_r4_reads_only_pauses_and_extensions_known_then() -> None:
    granted_late = datetime(2026, 3, 1, tzinfo=LEGAL_ZONE)
    history = case(
        "filed 2025-01-01",
        milestone("extended 2025-03-25 30", 2, recorded_at=granted_late),
        "decided 2025-05-01",
        "closed 2025-06-01",
    )
    assert counts_of(figure(history, policy_id="R4", known_at=datetime(2026, 2, 1, tzinfo=LEGAL_ZONE)).total) == OPEN
    assert counts_of(figure(history, policy_id="R4", known_at=granted_late).total) == DONE


def test_r4_without_a_way_to_work_out_due_dates_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="due dates"):
        closure_rate([case("filed 2025-01-01", "closed 2025-02-01")], policy("R4"), YEAR, known_at=NOW)


class TestRows:
    def test_a_case_with_several_kinds_of_right_counts_under_each_and_once_in_the_total(self) -> None:
        both = case("filed 2025-03-10", "closed 2025-04-01", ip_types=("trademark", "copyright"), key="B")
        one = case("filed 2025-03-10", ip_types=("trademark",), key="A")
        found = figure(both, one, by=[Dimension.IP_TYPE])
        assert [(row.key[Dimension.IP_TYPE], counts_of(row)) for row in found.rows] == [
            ("copyright", (1, 1)),
            ("trademark", (1, 2)),
        ]
        assert counts_of(found.total) == (1, 2)

    def test_a_kind_named_twice_counts_once(self) -> None:
        found = figure(case("filed 2025-03-10", ip_types=("gi", "gi")), by=[Dimension.IP_TYPE])
        assert [counts_of(row) for row in found.rows] == [OPEN]

    def test_the_division_is_that_of_the_cut(self) -> None:
        moved = case(
            "filed 2025-03-10",
            divisions=(
                DivisionFact("320612", date(2025, 1, 1), EARLY),
                DivisionFact("320614", date(2025, 7, 1), EARLY),
            ),
        )
        by = [Dimension.DIVISION]
        assert [row.key for row in figure(moved, by=by).rows] == [{Dimension.DIVISION: "320614"}]
        assert [row.key for row in figure(moved, by=by, as_of=date(2025, 6, 30)).rows] == [
            {Dimension.DIVISION: "320612"}
        ]

    def test_rows_of_nothing_are_left_out_and_a_rate_without_denominator_is_null(self) -> None:
        found = figure(
            case("filed 2024-05-01", "closed 2025-02-01", division="320612", key="A"),
            case("filed 2024-05-01", division="320613", key="B"),
            policy_id="R1",
            by=[Dimension.DIVISION],
        )
        assert [(row.key[Dimension.DIVISION], counts_of(row), row.rate) for row in found.rows] == [
            ("320612", ONLY_ABOVE, None)
        ]

    def test_the_rate_is_not_rounded(self) -> None:
        cases = [
            case("filed 2025-03-10", "closed 2025-04-01", key="A"),
            *(case("filed 2025-03-10", key=k) for k in "BC"),
        ]
        assert figure(*cases).total.rate == 1 / 3

    def test_r1_may_exceed_one(self) -> None:
        carried = [case("filed 2024-05-01", "closed 2025-02-01", key=key) for key in "AB"]
        assert figure(*carried, case("filed 2025-03-10"), policy_id="R1").total.rate == 2.0

    def test_combinations_have_a_row_each_in_order_with_missing_values_last(self) -> None:
        found = figure(
            case("filed 2025-03-10", division="320613", source=None, key="A"),
            case("filed 2025-03-10", division="320613", source="complaint", key="B"),
            case("filed 2025-03-10", division="320612", source="transfer", key="C"),
            by=[Dimension.DIVISION, Dimension.SOURCE],
        )
        assert [tuple(row.key.values()) for row in found.rows] == [
            ("320612", "transfer"),
            ("320613", "complaint"),
            ("320613", None),
        ]

    def test_without_dimensions_there_is_only_the_total(self) -> None:
        assert figure(case("filed 2025-03-10")).rows == ()

    def test_r5_is_r1_by_kind_of_right_and_procedure(self) -> None:
        cases = (
            case("filed 2025-03-10", "closed 2025-04-01", key="A", ip_types=("trademark", "gi")),
            case("filed 2024-03-10", "closed 2025-04-01", key="B", procedure="mediation"),
        )
        split = [Dimension.IP_TYPE, Dimension.PROCEDURE]
        r5, r1 = figure(*cases, policy_id="R5"), figure(*cases, policy_id="R1", by=split)
        assert (r5.rows, r5.total) == (r1.rows, r1.total)
        assert r5.by == tuple(split)

    def test_a_dimension_asked_for_twice_is_shown_once(self) -> None:
        assert figure(by=[Dimension.SOURCE, Dimension.SOURCE]).by == (Dimension.SOURCE,)


class TestMonths:
    def test_each_month_has_its_own_carry_in_and_rows_do_not_add_up(self) -> None:
        history = case("filed 2025-01-10", "closed 2025-03-05")
        found = figure(history, by=[Dimension.MONTH], period=Period(date(2025, 1, 1), date(2025, 4, 30)))
        assert [(row.key[Dimension.MONTH], counts_of(row)) for row in found.rows] == [
            ("2025-01", OPEN),
            ("2025-02", OPEN),
            ("2025-03", DONE),
        ]
        assert counts_of(found.total) == DONE

    def test_the_first_and_the_last_month_are_cut_to_the_period(self) -> None:
        early = case("filed 2025-01-10", "closed 2025-01-12", key="A")
        late = case("filed 2025-02-10", "closed 2025-02-25", key="B")
        found = figure(
            early, late, by=[Dimension.MONTH], policy_id="R3", period=Period(date(2025, 1, 11), date(2025, 2, 20))
        )
        assert [(row.key[Dimension.MONTH], counts_of(row)) for row in found.rows] == [("2025-02", OPEN)]

    def test_as_of_cuts_the_running_month_and_leaves_out_those_to_come(self) -> None:
        history = case("filed 2025-01-10", "closed 2025-03-20")
        found = figure(history, by=[Dimension.MONTH], as_of=date(2025, 3, 19))
        assert [(row.key[Dimension.MONTH], counts_of(row)) for row in found.rows] == [
            ("2025-01", OPEN),
            ("2025-02", OPEN),
            ("2025-03", OPEN),
        ]

    def test_a_month_that_begins_on_as_of_has_a_row(self) -> None:
        found = figure(case("filed 2025-02-10"), by=[Dimension.MONTH], as_of=date(2025, 3, 1))
        assert [row.key[Dimension.MONTH] for row in found.rows] == ["2025-02", "2025-03"]

    def test_each_month_sees_the_division_of_its_end(self) -> None:
        moved = case(
            "filed 2025-01-10",
            divisions=(
                DivisionFact("320612", date(2025, 1, 1), EARLY),
                DivisionFact("320614", date(2025, 2, 15), EARLY),
            ),
        )
        found = figure(
            moved, by=[Dimension.MONTH, Dimension.DIVISION], period=Period(date(2025, 1, 1), date(2025, 2, 28))
        )
        assert [tuple(row.key.values()) for row in found.rows] == [("2025-01", "320612"), ("2025-02", "320614")]

    def test_a_month_row_equals_the_figure_of_that_month_alone(self) -> None:
        history = case("filed 2024-11-10", "closed 2025-01-20", "returned 2025-02-03", "closed 2025-02-20")
        found = figure(history, by=[Dimension.MONTH], policy_id="R1")
        alone = figure(history, policy_id="R1", period=Period(date(2025, 2, 1), date(2025, 2, 28)))
        assert {row.key[Dimension.MONTH]: counts_of(row) for row in found.rows}["2025-02"] == counts_of(alone.total)

    def test_periods_reach_over_years_and_leap_days(self) -> None:
        months = list(Period(date(2023, 12, 15), date(2024, 3, 1)).months())
        assert [(month.first.isoformat(), month.last.isoformat()) for month in months] == [
            ("2023-12-15", "2023-12-31"),
            ("2024-01-01", "2024-01-31"),
            ("2024-02-01", "2024-02-29"),
            ("2024-03-01", "2024-03-01"),
        ]

    def test_a_period_that_ends_before_it_begins_is_wrong_use(self) -> None:
        with pytest.raises(InputError):
            Period(date(2025, 2, 1), date(2025, 1, 31))


class TestImprecise:
    @pytest.mark.parametrize(
        "milestones",
        [
            pytest.param(["filed 2025-03"], id="filed in some month"),
            pytest.param(["filed 2025-03-10", "closed 2025-07"], id="closed in some month"),
            pytest.param(["filed 2025", "closed 2025-07-15"], id="filed some day of the year"),
            pytest.param(["filed 2024-12", "closed 2025-07-15"], id="filed before the period"),
            pytest.param(["filed 2024-03-10", "closed 2024-07-15", "reopened 2025-02"], id="reopened in some month"),
            pytest.param(
                ["filed 2025-03-10", "closed 2025-05-02", "returned 2025-05"], id="returned in the month of closing"
            ),
        ],
    )
    def test_a_case_with_an_imprecise_date_is_left_out_and_told(self, milestones: Sequence[str]) -> None:
        total = figure(case(*milestones, key="A"), with_cases=True).total
        assert (counts_of(total), total.imprecise, total.imprecise_cases) == (NEITHER, 1, ("A",))

    @pytest.mark.parametrize(
        "milestones",
        [
            pytest.param(["filed 2023", "closed 2024"], id="surely closed before the period"),
            pytest.param(["filed 2026-02"], id="surely filed after it"),
            pytest.param(["registered 2025-03"], id="a lead"),
            pytest.param(["registered 2025-03", "closed 2025-04"], id="a lead that was closed"),
        ],
    )
    def test_a_case_that_cannot_belong_to_the_figure_is_not_told(self, milestones: Sequence[str]) -> None:
        total = figure(case(*milestones)).total
        assert (counts_of(total), total.imprecise) == (NEITHER, 0)

    @pytest.mark.parametrize(
        ("milestones", "expected"),
        [
            pytest.param(["registered 2025-02", "filed 2025-03-10"], OPEN, id="a milestone the figure does not read"),
            pytest.param(["filed 2025-03-10", "decided 2025-05"], OPEN, id="a decision, for R2"),
            pytest.param(["filed 2025-03-10", "closed 2026-02"], OPEN, id="not before the period is over"),
            pytest.param(["filed 2025-03-10", "returned 2025-05"], OPEN, id="a return of a case that was never closed"),
        ],
    )
    def test_an_imprecise_date_that_cannot_matter_changes_nothing(
        self, milestones: Sequence[str], expected: tuple[int, int]
    ) -> None:
        total = figure(case(*milestones)).total
        assert (counts_of(total), total.imprecise) == (expected, 0)

    def test_it_is_told_in_the_months_in_which_it_may_matter(self) -> None:
        found = figure(case("filed 2025-01-10", "closed 2025-03"), by=[Dimension.MONTH], with_cases=True)
        assert [(row.key[Dimension.MONTH], counts_of(row)) for row in found.rows] == [
            ("2025-01", OPEN),
            ("2025-02", OPEN),
        ]
        assert found.total.imprecise == 1

    def test_a_row_tells_how_many_it_leaves_out(self) -> None:
        found = figure(
            case("filed 2025-01-10", key="A"), case("filed 2025-03", key="B"), by=[Dimension.DIVISION], with_cases=True
        )
        (row,) = found.rows
        assert (counts_of(row), row.imprecise, row.imprecise_cases) == (OPEN, 1, ("B",))

    def test_one_that_cannot_be_a_case_of_the_period_is_not_told_under_r3(self) -> None:
        total = figure(case("filed 2024-03-10", "closed 2025-05"), policy_id="R3").total
        assert (counts_of(total), total.imprecise) == (NEITHER, 0)

    def test_r4_reads_decisions_and_pauses_and_so_their_precision(self) -> None:
        for vague in ("decided 2025-05", "suspended 2025-05", "extended 2025-05 30"):
            total = figure(case("filed 2025-03-10", vague, "closed 2025-07-15"), policy_id="R4").total
            assert (counts_of(total), total.imprecise) == (NEITHER, 1)

    def test_r4_does_not_tell_of_procedures_without_a_handling_clock(self) -> None:
        total = figure(case("filed 2025-03", "closed 2025-07-15", clock=()), policy_id="R4").total
        assert total.imprecise == 0

    def test_a_precise_filing_beside_an_imprecise_one_does_not_hide_the_doubt(self) -> None:
        history = case("filed 2024", "filed 2025-03-10", "closed 2025-05-05")
        since_summer = figure(history, policy_id="R3", period=Period(date(2024, 7, 1), date(2025, 12, 31))).total
        assert (counts_of(since_summer), since_summer.imprecise) == (NEITHER, 1)
        assert figure(history, policy_id="R3").total.imprecise == 0

    def test_several_imprecise_dates_of_the_period_are_told(self) -> None:
        # Put together at either end of the year the case is reopened; apart, it may well have been closed in it.
        total = figure(case("filed 2020-01-01", "closed 2025", "reopened 2025"), policy_id="R1").total
        assert (counts_of(total), total.imprecise) == (NEITHER, 1)


class TestDocument:
    def test_it_has_the_shape_other_programs_read(self) -> None:
        found = figure(
            case("filed 2025-03-10", "closed 2025-04-01", key="NT-2"),
            case("filed 2025-03-10", key="NT-1"),
            by=[Dimension.DIVISION],
            as_of=date(2025, 6, 30),
        )
        assert found.document() == {
            "policy": {"id": "R2", "version": "2026-1"},
            "from": "2025-01-01",
            "to": "2025-12-31",
            "as_of": "2025-06-30",
            "known_at": NOW.isoformat(),
            "rows": [{"division": "320612", "numerator": 1, "denominator": 2, "rate": 0.5, "imprecise": 0}],
            "total": {"numerator": 1, "denominator": 2, "rate": 0.5, "imprecise": 0},
        }

    def test_the_cases_are_listed_in_order_where_asked_for(self) -> None:
        found = figure(
            case("filed 2025-03-10", "closed 2025-04-01", key="NT-2"),
            case("filed 2025-03-10", key="NT-1"),
            by=[Dimension.DIVISION],
            with_cases=True,
        )
        listed = {
            "numerator_cases": ["NT-2"],
            "denominator_cases": ["NT-1", "NT-2"],
            "imprecise_cases": [],
        }
        document = found.document()
        (row,) = document["rows"]
        assert {key: row[key] for key in listed} == listed
        assert {key: document["total"][key] for key in listed} == listed

    def test_nothing_at_all_is_a_null_rate(self) -> None:
        assert figure().document()["total"] == {"numerator": 0, "denominator": 0, "rate": None, "imprecise": 0}


def test_histories_are_read_once_as_a_stream() -> None:
    taken = []

    def stream():  # type: ignore[no-untyped-def]
        for number in range(1000):
            taken.append(number)
            yield case("filed 2025-03-10", key=str(number))

    histories = stream()
    assert closure_rate(histories, policy("R2"), YEAR, known_at=NOW, by=[Dimension.MONTH]).total.denominator == 1000
    assert taken == list(range(1000))
    assert next(histories, None) is None
