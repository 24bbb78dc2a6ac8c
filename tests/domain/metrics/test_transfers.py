"""Figures of transfers are what a plain count of the same transfers gives, and add up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.clocks.compute import Due
from caseapp.domain.clocks.status import ClockRun, Ending
from caseapp.domain.metrics.periods import Period
from caseapp.domain.metrics.transfers import (
    ALL,
    STEPS,
    Act,
    Outcome,
    Part,
    Side,
    Standing,
    Step,
    Term,
    Transfer,
    cells_of,
    lengths_of,
    standing_of,
    transfer_figures,
)
from caseapp.domain.workflow.definition import Category
from tests.support.app import shipped_law

DAY = date(2026, 3, 2)
REFERRAL = shipped_law().procedures.get("referral")
MOVES = [(action.id, post.to) for action in REFERRAL.actions for post in action.posts if post.to != "@same"]


def on(days: int) -> date:
    return DAY + timedelta(days=days)


def course(*acts: tuple[str, str, int]) -> tuple[Act, ...]:
    return tuple(Act(action, to, on(days)) for action, to, days in acts)


FILED = (
    ("report_to_head", "reported", -2),
    ("decide_referral", "approved", 0),
    ("hand_over", "handed_over", 1),
    ("sign_receipt", "received", 2),
    ("ask_supplements", "supplementing", 3),
    ("send_supplements", "received", 5),
    ("file_case", "filed", 8),
    ("hand_over_goods", "goods_sent", 10),
)
REFUSED = (
    *FILED[:4],
    ("refuse_to_file", "refused", 5),
    ("ask_reconsideration", "reconsidering", 6),
    ("uphold_refusal", "upheld", 9),
    ("ask_supervision", "supervising", 10),
    ("ask_reasons", "reasons_asked", 11),
    ("tell_silent_to_file", "told_to_file", 20),
)


def transfer(*acts: tuple[str, str, int], **more: object) -> Transfer:
    settings: dict[str, object] = {"key": "a", "organ": "o", "offence": "a214", "sent_on": on(1), **more}
    return Transfer(acts=course(*acts), **settings)  # type: ignore[arg-type]


def test_every_state_after_handing_over_says_where_the_transfer_stands() -> None:
    """A state without a meaning would leave a transfer pending for ever."""
    before = {"proposed", "verifying", "reported", "approved", "ready", "not_referred"}
    for state in REFERRAL.states:
        if state.id in before:
            continue
        stands = standing_of([Act("x", state.id, DAY)])
        decided = state.category == Category.DECIDED
        assert not decided or stands is Standing.ACCEPTED, state.id
        owned_by_police = state.id in ("handed_over", "received", "supplementing")
        assert (stands is Standing.PENDING) is owned_by_police, state.id


def test_every_act_that_a_figure_names_is_in_the_procedure() -> None:
    known = {action.id for action in REFERRAL.actions}
    named = {action for stretch in STEPS.values() for action in stretch.begins | stretch.ends | stretch.lapses}
    assert named <= known


@pytest.mark.parametrize(
    ("acts", "days", "standing", "outcomes"),
    [
        pytest.param(FILED, 1, Standing.PENDING, set(), id="handed over"),
        pytest.param(FILED, 7, Standing.PENDING, set(), id="supplemented"),
        pytest.param(FILED, 8, Standing.ACCEPTED, {Outcome.FILED}, id="filed"),
        pytest.param(REFUSED, 5, Standing.REFUSED, {Outcome.NOT_FILED}, id="refused"),
        pytest.param(REFUSED, 20, Standing.REFUSED, {Outcome.NOT_FILED, Outcome.ORDERED}, id="told to file"),
        pytest.param(
            (*REFUSED, ("file_case", "filed", 22)),
            22,
            Standing.ACCEPTED,
            {Outcome.FILED, Outcome.ORDERED},
            id="filed on order",
        ),
        pytest.param(
            (*REFUSED[:5], ("accept_refusal", "returned", 7)),
            7,
            Standing.REFUSED,
            {Outcome.NOT_FILED, Outcome.RETURNED},
            id="accepted the refusal",
        ),
        pytest.param(
            (*FILED[:3], ("withdraw_referral", "withdrawn", 2)), 9, Standing.WITHDRAWN, set(), id="taken back"
        ),
        pytest.param(
            (*FILED, ("withdraw_criminal_case", "came_back", 30), ("resume_case", "settled", 31)),
            31,
            Standing.ACCEPTED,
            {Outcome.FILED, Outcome.DROPPED, Outcome.RETURNED},
            id="criminal case withdrawn",
        ),
        pytest.param(
            (*FILED, ("not_prosecute_with_opinion", "came_back", 30)),
            30,
            Standing.ACCEPTED,
            {Outcome.FILED, Outcome.NOT_PROSECUTED},
            id="not prosecuted",
        ),
        pytest.param(
            (*FILED, ("judge", "came_back", 30)), 30, Standing.ACCEPTED, {Outcome.FILED, Outcome.JUDGED}, id="judged"
        ),
    ],
)
def test_where_it_stands_and_what_became_of_it(
    acts: Sequence[tuple[str, str, int]], days: int, standing: Standing, outcomes: set[Outcome]
) -> None:
    cells = cells_of(transfer(*acts), on(days))
    assert {name for part, name in cells if part is Part.STANDING} == {standing.value}
    assert {name for part, name in cells if part is Part.OUTCOME} == outcomes


def test_a_penalty_counts_only_after_it_came_back_and_when_it_was_decided() -> None:
    back = (*REFUSED[:5], ("accept_refusal", "returned", 7))
    for penalties, as_of, counted in (((on(6),), 9, False), ((on(8),), 7, False), ((on(8),), 8, True)):
        cells = cells_of(transfer(*back, penalties=penalties), on(as_of))
        assert ((Part.OUTCOME, "penalised") in cells) is counted


def test_steps_are_told_in_calendar_days_and_the_one_under_way_is_waiting() -> None:
    one = transfer(*FILED)
    told = {step: lengths_of(one, step, on(30)) for step in Step}
    assert told == {
        Step.DECIDE: (2,),
        Step.HAND_OVER: (1,),
        Step.SIGN: (1,),
        Step.EXAMINE: (6,),
        Step.SUPPLEMENT: (2,),
        Step.RECONSIDER: (),
        Step.SUPERVISE: (),
        Step.GOODS: (2,),
    }
    assert lengths_of(one, Step.EXAMINE, on(7)) == (None,)
    two = transfer(*REFUSED)
    assert (lengths_of(two, Step.RECONSIDER, on(20)), lengths_of(two, Step.SUPERVISE, on(20))) == ((3,), (10,))
    sent_on = transfer(*FILED[:4], ("forward", "handed_over", 3), ("sign_receipt", "received", 7))
    assert (lengths_of(sent_on, Step.SIGN, on(9)), lengths_of(sent_on, Step.EXAMINE, on(9))) == ((1, 4), (None,))
    kept = transfer(("report_to_head", "reported", 0), ("decide_referral", "not_referred", 1))
    assert lengths_of(kept, Step.HAND_OVER, on(9)) == ()


def run(due: int, stopped: int | None, *, met: bool = True) -> ClockRun:
    ending = None if stopped is None else Ending.MET if met else Ending.ENDED
    return ClockRun("T08", on(0), Due(on(due)), stopped_on=None if stopped is None else on(stopped), ending=ending)


@pytest.mark.parametrize(
    ("due", "stopped", "met", "as_of", "cell"),
    [
        pytest.param(3, None, True, 3, None, id="on the last day"),
        pytest.param(3, None, True, 4, Part.OVERDUE, id="run out"),
        pytest.param(3, 5, True, 4, Part.OVERDUE, id="run out, met later"),
        pytest.param(3, 5, True, 5, Part.LATE, id="met late"),
        pytest.param(3, 3, True, 9, None, id="met in time"),
        pytest.param(3, 5, False, 9, None, id="ended another way"),
        pytest.param(-3, None, True, -1, None, id="not begun yet"),
    ],
)
def test_a_side_is_late_by_its_own_terms(
    due: int, stopped: int | None, met: bool, as_of: int, cell: Part | None
) -> None:
    cells = cells_of(transfer(*FILED, terms=(Term(Side.POLICE, run(due, stopped, met=met)),)), on(as_of))
    assert {(part, name) for part, name in cells if part in (Part.OVERDUE, Part.LATE)} == (
        {(cell, "police")} if cell else set()
    )


acts = st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 40)), max_size=12).map(
    lambda drawn: tuple(Act(move[0], move[1], on(days)) for move, days in sorted(drawn, key=lambda one: one[1]))
)
transfers = st.lists(
    st.builds(
        Transfer,
        key=st.just("k"),
        organ=st.sampled_from(["a", "b"]),
        offence=st.sampled_from(["", "a213"]),
        sent_on=st.integers(0, 40).map(on),
        acts=acts,
        terms=st.lists(
            st.builds(
                Term, side=st.sampled_from(Side), run=st.builds(run, st.integers(0, 40), st.none() | st.integers(0, 40))
            ),
            max_size=3,
        ).map(tuple),
        penalties=st.lists(st.integers(0, 40).map(on), max_size=2).map(tuple),
    ),
    max_size=8,
)


@given(transfers, st.integers(0, 20), st.integers(0, 25), st.integers(0, 45))
def test_every_number_is_what_a_plain_count_gives(made: list[Transfer], first: int, length: int, as_of: int) -> None:
    period, day = Period(on(first), on(first + length)), on(as_of)
    figures = transfer_figures(made, period, day)
    inside = [one for one in made if period.first <= one.sent_on <= period.last and one.sent_on <= day]
    assert figures.total.count("all") == len(inside)
    for standing in Standing:
        plain = 0
        for one in inside:
            last = Standing.PENDING
            for act in one.acts:
                if act.on <= day and act.to in {state.id for state in REFERRAL.states}:
                    told = standing_of([act])
                    if told is not Standing.PENDING or act.to in ("handed_over", "received", "supplementing"):
                        last = told
            plain += last is standing
        assert figures.total.count("standing", standing) == plain
    filed = {"file_case", "file_after_review"}
    assert figures.total.count("outcome", "filed") == sum(
        any(act.action in filed and act.on <= day for act in one.acts) for one in inside
    )
    for side in Side:
        late = [
            one
            for one in inside
            if any(
                term.side is side
                and term.run.due.on < min(term.run.stopped_on or day, day)  # type: ignore[operator]
                and (term.run.stopped_on is None or term.run.stopped_on > day)
                for term in one.terms
            )
        ]
        assert figures.total.count("overdue", side) == len(late)
    for cell in figures.total.counts:
        assert figures.total.counts[cell] == sum(row.counts.get(cell, 0) for row in figures.rows)
        assert figures.total.counts[cell] == sum(cell in cells_of(one, day) for one in inside)
    assert sum(figures.total.count("standing", standing) for standing in Standing) == figures.total.counts.get(ALL, 0)


@given(transfers, st.integers(0, 45))
def test_median_and_ninetieth_percentile_bound_what_they_should(made: list[Transfer], as_of: int) -> None:
    figures = transfer_figures(made, Period(on(0), on(40)), on(as_of))
    for step, told in figures.steps.items():
        lengths = sorted(
            length
            for one in made
            if one.sent_on <= on(as_of)
            for length in lengths_of(one, step, on(as_of))
            if length is not None
        )
        assert told.count == len(lengths)
        if not lengths:
            assert (told.median_days, told.p90_days) == (None, None)
            continue
        assert told.median_days is not None
        assert told.p90_days in lengths
        assert sum(length <= told.p90_days for length in lengths) * 10 >= 9 * len(lengths)
        assert sum(length < told.p90_days for length in lengths) * 10 < 9 * len(lengths)
        assert 2 * sum(length <= told.median_days for length in lengths) >= len(lengths)
        assert 2 * sum(length >= told.median_days for length in lengths) >= len(lengths)


def test_nothing_after_the_day_is_known() -> None:
    """As of a day the figures are the same, whatever is done later."""
    early = transfer_figures([transfer(*FILED[:4])], Period(on(0), on(40)), on(2))
    late = transfer_figures([transfer(*FILED)], Period(on(0), on(40)), on(2))
    assert early == late


def test_what_has_no_day_is_left_out_of_every_number_and_said_to_be() -> None:
    exact = Transfer("a", "o", "a214", on(1), course(*FILED))
    vague = Transfer("b", "o", "a214", on(1), course(*FILED), sent_exactly=False)
    outside = Transfer("c", "o", "a214", on(99), course(*FILED), sent_exactly=False)
    figures = transfer_figures([exact, vague, outside], Period(on(0), on(30)), on(30))
    assert (figures.total.count("all"), figures.imprecise) == (1, 1)
    assert [row.count("all") for row in figures.rows] == [1]


def test_a_step_of_which_a_day_is_not_known_is_over_and_not_measured() -> None:
    acts = tuple(Act(one.action, one.to, one.on, exact=one.action != "file_case") for one in course(*FILED))
    transfer = Transfer("a", "o", "a214", on(1), acts)
    assert lengths_of(transfer, Step.EXAMINE, on(30)) == ()
    assert lengths_of(transfer, Step.GOODS, on(30)) == ()
    assert lengths_of(transfer, Step.SIGN, on(30)) == (1,)
    assert (Part.OUTCOME, Outcome.FILED) in cells_of(transfer, on(30))
