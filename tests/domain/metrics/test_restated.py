"""What moved a case in a figure: laws of following a history from one knowledge of it to another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from caseapp.domain.events import LEGAL_ZONE
from caseapp.domain.metrics.closure import Period, Verdict, verdict_of
from caseapp.domain.metrics.courses import course_of
from caseapp.domain.metrics.history import CaseHistory
from caseapp.domain.metrics.periods import window_of
from caseapp.domain.metrics.restated import ToldFact, turns, verdict_at
from tests.domain.metrics import builders
from tests.domain.metrics.test_closure_properties import POLICIES, histories, instants, questions

LIMIT = builders.plain_limit(20)


@st.composite
def told_of(draw: st.DrawFn, history: CaseHistory) -> tuple[ToldFact, ...]:
    """Return the milestones of a history, some of which a correction took back later."""
    return tuple(
        ToldFact(
            fact, fact.seq, draw(st.none() | st.just(fact.recorded_at + timedelta(hours=draw(st.integers(1, 99)))))
        )
        for fact in history.milestones
    )


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(POLICIES), histories(), questions(), instants)
def test_turns_lead_from_one_verdict_to_the_other_and_each_has_its_cause(
    data: st.DataObject,
    policy_id: str,
    cases: tuple[CaseHistory, ...],
    question: tuple[Period, date, datetime],
    other: datetime,
) -> None:
    period, as_of, known_at = question
    since, until = sorted((known_at, other))
    policy, window = builders.policy(policy_id), window_of(period, as_of)
    for history in cases:
        told = data.draw(told_of(history))
        was, now = (verdict_at(history, told, policy, window, known_at=at, due_of=LIMIT) for at in (since, until))
        found = turns(history, told, policy, window, since=since, until=until, due_of=LIMIT)
        assert [turn.before for turn in found] == [was, *(turn.after for turn in found[:-1])][: len(found)]
        assert (found[-1].after if found else was) is now
        for turn in found:
            assert since < turn.at <= until
            assert turn.before is not turn.after
            taken_back = [item for item in told if item.superseded_at == turn.at]
            assert turn.told_by or taken_back


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(POLICIES), histories(), questions())
def test_where_nothing_was_taken_back_a_verdict_is_that_of_the_figure(
    policy_id: str, cases: tuple[CaseHistory, ...], question: tuple[Period, date, datetime]
) -> None:
    period, as_of, known_at = question
    policy, window = builders.policy(policy_id), window_of(period, as_of)
    for history in cases:
        told = [ToldFact(fact, fact.seq) for fact in history.milestones]
        expected = verdict_of(course_of(history, policy, known_at=known_at), policy, window, due_of=LIMIT)
        assert verdict_at(history, told, policy, window, known_at=known_at, due_of=LIMIT) is expected


def test_a_closing_told_late_moves_a_case_by_its_own_entry_and_a_correction_by_none() -> None:
    early = datetime(2025, 3, 1, tzinfo=LEGAL_ZONE)
    late, corrected = early + timedelta(days=30), early + timedelta(days=60)
    filed = builders.milestone("filed 2025-01-10", 3, early)
    closed = builders.milestone("closed 2025-02-10", 7, late)
    history = builders.case(filed, closed)
    told = [ToldFact(filed, 3), ToldFact(closed, 7, superseded_at=corrected)]
    window = window_of(Period(date(2025, 1, 1), date(2025, 2, 28)), date(2025, 2, 28))
    found = turns(history, told, builders.policy("R2"), window, since=early, until=corrected)
    assert [(turn.at, turn.before, turn.after, turn.told_by) for turn in found] == [
        (late, Verdict.DENOMINATOR, Verdict.BOTH, (7,)),
        (corrected, Verdict.BOTH, Verdict.DENOMINATOR, ()),
    ]
    january = replace(window, cut=date(2025, 1, 31))
    assert turns(history, told, builders.policy("R2"), january, since=early, until=late) == ()
