"""The earliest lawful closing, over the shipped procedures and against what the services really allow."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.context import Law
from caseapp.domain.clocks.compute import due
from caseapp.domain.workflow.definition import Category, Procedure
from caseapp.domain.workflow.earliest import Standing, Way, earliest_closing, waited_for
from tests.support.app import shipped_law as read_law

MONDAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def book() -> Law:
    return read_law()


def way(book: Law, procedure: str, standing: Standing, today: date = MONDAY) -> Way:
    found = earliest_closing(book.procedures.get(procedure), standing, today, rules=book.rules, calendar=book.calendar)
    assert found is not None
    return found


def counted() -> list[tuple[str, str]]:
    return [
        (procedure.id, state.id)
        for procedure in read_law().procedures.latest()
        if procedure.counts
        for state in procedure.states
        if state.category in (Category.OPEN, Category.DECIDED, Category.SUSPENDED)
    ]


def initial_open(procedure: Procedure) -> str:
    return next(state.id for state in procedure.states if state.category is Category.OPEN)


def test_from_every_open_state_some_way_leads_to_a_closing(book: Law) -> None:
    for procedure_id, state in counted():
        procedure = book.procedures.get(procedure_id)
        saved = initial_open(procedure) if procedure.state(state).category is Category.SUSPENDED else None
        found = way(book, procedure_id, Standing(state, saved))
        assert found.closes_on >= MONDAY, (procedure_id, state)
        days = [step.on for step in found.steps]
        assert days == sorted(days)
        assert all(book.calendar.is_working(day) for day in days)
        assert all(procedure.action(step.action) is not None for step in found.steps)


def test_the_defence_period_is_waited_out_and_a_waiver_ends_the_wait(book: Law) -> None:
    last = date(2026, 11, 27)
    found = way(book, "penalty_general", Standing("noticed", clocks={"P08": last}))
    first = found.steps[0]
    assert (first.action, first.on) == ("submit_for_decision", date(2026, 11, 30))
    assert [(wait.rule, wait.until) for wait in first.waits] == [("P08", last)]
    assert [step.action for step in found.steps[1:]] == [
        "decide_penalty", "serve_decision", "confirm_performance", "close_executed",
    ]  # fmt: skip
    waived = way(book, "penalty_general", Standing("noticed", over=frozenset({"P08"})))
    assert (waived.closes_on, waived.certain) == (MONDAY, True)
    paused = way(book, "penalty_general", Standing("noticed", clocks={"P08": None}))
    assert not paused.certain
    assert paused.closes_on > MONDAY


@given(st.dates(date(2026, 1, 5), date(2026, 9, 30)))
def test_a_case_under_investigation_waits_for_the_notice_that_is_still_to_be_served(today: date) -> None:
    book = read_law()
    found = way(book, "penalty_general", Standing("investigating"), today)
    served = next(step for step in found.steps if step.action == "serve_prior_notice")
    rule = book.rules.at("P08", served.on)
    until = due(rule, calendar=book.calendar, started_on=served.on).on
    assert until is not None
    assert served.on == book.calendar.on_or_after(today)
    assert found.closes_on == book.calendar.on_or_after(until + timedelta(days=1))


def test_a_hearing_is_held_no_sooner_than_its_notice_allows(book: Law) -> None:
    rule = book.rules.at("P09", MONDAY)
    found = way(book, "penalty_general", Standing("hearing", over=frozenset({"P08"})))
    first = found.steps[0].on
    latest = due(rule, calendar=book.calendar, started_on=first).on
    before = due(rule, calendar=book.calendar, started_on=first - timedelta(days=1)).on
    assert latest is not None
    assert before is not None
    assert before < MONDAY <= latest
    told = way(book, "penalty_general", Standing("hearing", over=frozenset({"P08", "H02", "H03"})))
    assert told.steps[0].on == MONDAY


def test_a_dispute_waits_for_the_time_to_sue(book: Law) -> None:
    found = way(book, "patent_dispute", Standing("deliberating"))
    served = next(step for step in found.steps if step.action.startswith("serve_decision"))
    until = due(book.rules.at("D13", served.on), calendar=book.calendar, started_on=served.on).on
    assert until is not None
    assert found.steps[-1].action == "close_adjudicated"
    assert found.closes_on == book.calendar.on_or_after(until + timedelta(days=1))
    assert "D13" in waited_for(book.procedures.get("patent_dispute"))


def test_a_suspended_case_goes_on_from_where_it_was(book: Law) -> None:
    found = way(book, "penalty_general", Standing("suspended", "performed"))
    assert [step.action for step in found.steps] == ["resume", "close_executed"]
    lead = Standing("lead_moved")
    general = book.procedures.get("penalty_general")
    assert earliest_closing(general, lead, MONDAY, rules=book.rules, calendar=book.calendar) is None
