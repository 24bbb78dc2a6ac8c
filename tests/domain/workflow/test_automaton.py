"""Histories of which only the milestones are known, read against a definition."""

from __future__ import annotations

from typing import Any

import pytest

from caseapp.domain.events import Json, MilestoneKind
from caseapp.domain.facts import Branch
from caseapp.domain.workflow import automaton
from caseapp.domain.workflow.definition import (
    PREVIOUS,
    SAME,
    Action,
    Category,
    FieldKind,
    GuardUse,
    PostState,
    Procedure,
)
from tests.factories.procedures import STATES, TALE, action, choice, equals, field, milestone, procedure, state
from tests.workflows.walking import procedures


def read(procedure: Procedure, *kinds: Any, facts: dict[str, Json] | None = None) -> tuple[Branch, ...] | None:
    """Read milestones from the start: kinds, or (kind, details). None where one is not allowed."""
    branches, known = automaton.start(procedure), dict(facts or {})
    for item in kinds:
        kind, details = item if isinstance(item, tuple) else (item, {})
        step = automaton.read(procedure, branches, MilestoneKind(kind), details, known)
        if step is None:
            return None
        branches = step.branches
        if step.action is not None:
            known |= automaton.facts_of(step.action, details)
    return branches


def states(procedure: Procedure, *kinds: Any, **more: Any) -> list[str] | None:
    found = read(procedure, *kinds, **more)
    return None if found is None else [branch.state for branch in found]


def test_a_proceeding_begins_in_its_initial_state() -> None:
    assert automaton.start(TALE) == (Branch("lead", None, 0),)


# --- silent steps ----------------------------------------------------------------------------------------------------


def test_acts_without_milestone_are_skipped_and_counted() -> None:
    assert read(TALE, "filed", ("decided", {"outcome": "penalty"})) == (Branch("decided", None, 1),)


def test_an_act_whose_milestone_is_optional_may_be_skipped_or_told() -> None:
    told = states(TALE, "filed", ("decided", {}), "served", ("closed", {"manner": "executed"}))
    skipped = states(TALE, "filed", ("decided", {}), ("closed", {"manner": "executed"}))
    assert told == skipped == ["closed"]


def test_every_other_act_must_be_told_in_order() -> None:
    assert states(TALE, ("decided", {})) is None
    assert states(TALE, "filed", ("closed", {"manner": "executed"})) is None
    assert states(TALE, "filed", "filed") is None
    assert states(TALE, "resumed") is None


def test_where_silent_steps_leave_the_state_open_every_branch_is_kept_cheapest_first() -> None:
    found = read(TALE, "filed", "suspended")
    assert found is not None
    assert found == (Branch("paused", "open", 0), Branch("paused", "checked", 1))
    resumed = read(TALE, "filed", "suspended", "resumed")
    assert resumed is not None
    assert [(branch.state, branch.saved) for branch in resumed] == [("open", None), ("checked", None)]


def test_the_branch_that_later_milestones_need_is_found_among_those_kept() -> None:
    forked = procedure(
        state("start"), state("left"), state("right"), state("end", Category.CLOSED),
        action("go_left", "start", "left", "filed"),
        action("go_right", "start", "right", "filed"),
        action("close", "right", "end", "closed"),
    )  # fmt: skip
    assert states(forked, "filed") == ["left", "right"], "of equal ones the earlier state of the definition"
    assert states(forked, "filed", "closed") == ["end"]


def test_a_state_reached_on_two_ways_is_kept_with_the_cheaper() -> None:
    two_ways = procedure(
        state("start"), state("by"), state("end"),
        action("long", "start", "by"), action("quiet", "by", "start"),
        action("go", "start by", "end", "filed"),
    )  # fmt: skip
    assert read(two_ways, "filed") == (Branch("end", None, 0),)


def test_circles_of_silent_steps_come_to_an_end() -> None:
    circle = procedure(
        state("a"), state("b"), action("on", "a", "b"), action("back", "b", "a"), action("stay", "a b", SAME)
    )
    assert states(circle, "filed") is None


# --- details ---------------------------------------------------------------------------------------------------------


def test_a_detail_that_is_told_must_be_that_of_the_act() -> None:
    assert states(TALE, "filed", ("decided", {"outcome": "no_penalty"})) is None
    assert states(TALE, "filed", ("decided", {"outcome": "penalty"})) == ["decided"]


def test_a_detail_that_is_not_told_fits_any_act_but_the_plainer_act_is_likelier() -> None:
    closings = procedure(
        state("open"), state("special", Category.CLOSED), state("plain", Category.CLOSED),
        action("close_special", "open", "special", milestone("closed", details={"manner": "terminated"})),
        action("close", "open", "plain", milestone("closed")),
    )  # fmt: skip
    assert states(closings, "closed") == ["plain", "special"]
    assert states(closings, ("closed", {"manner": "terminated"})) == ["special", "plain"]
    assert states(closings, ("closed", {"manner": "executed"})) == ["plain"]


def test_a_choice_told_must_be_one_that_the_form_offers() -> None:
    assert states(TALE, "filed", ("decided", {}), ("closed", {"manner": "terminated"})) == ["closed"]
    assert states(TALE, "filed", ("decided", {}), ("closed", {"manner": "mediated"})) is None


def test_grounds_are_told_in_anybodys_words() -> None:
    assert states(TALE, "filed", ("suspended", {"reason": "台风"})) is not None
    assert states(TALE, "filed", ("excluded_from", {"reason": "台风"})) is not None


def test_another_systems_word_for_a_choice_is_no_answer_to_it() -> None:
    decided = procedures().get("patent_dispute").action("adjudicate")
    assert decided is not None
    assert automaton.facts_of(decided, {"outcome": "rejected"}) == {"verdict": "rejected"}
    assert automaton.facts_of(decided, {"outcome": "侵权成立"}) == {}


def test_what_the_form_does_not_offer_as_a_choice_is_taken_as_it_is() -> None:
    moved = procedure(
        state("open"), action("move", "open", SAME, milestone("transferred", details_from={"to": "where"}), fields=(field("where"),)),
        action("lose", "open", SAME, milestone("merged", details_from={"into": "nowhere"})),
    )  # fmt: skip
    assert states(moved, ("transferred", {"to": "任何机关"}), ("merged", {"into": "NT-1"})) == ["open"]


def test_what_a_milestone_tells_is_known_as_a_fact_of_its_act() -> None:
    close, check = TALE.action("close"), TALE.action("check")
    assert close is not None
    assert check is not None
    assert automaton.facts_of(close, {"manner": "executed", "reason": "x"}) == {"closing_manner": "executed"}
    assert automaton.facts_of(close, {}) == {}
    assert automaton.facts_of(check, {"manner": "executed"}) == {}


# --- conditions ------------------------------------------------------------------------------------------------------

CLOSED = ("filed", ("decided", {}), ("closed", {"manner": "executed"}))


def test_a_known_fact_decides_between_post_states_and_an_unknown_one_leaves_both() -> None:
    assert states(TALE, *CLOSED, "reopened") == ["open", "decided"]
    terminated = ("filed", ("decided", {}), ("closed", {"manner": "terminated"}))
    assert states(TALE, *terminated, "reopened") == ["open"]


def sure(first: Any, fact: str = "way", **more: Any) -> Procedure:
    return procedure(
        state("open"), state("a"), state("b"),
        action("go", "open", (PostState("a", first), PostState("b")), milestone("filed", details_from={"reason": fact}),
               fields=(field(fact),), **more),
    )  # fmt: skip


SURE = {
    "taken where its fact is known to fit": ((equals("way", "a"),), "a", ["a"]),
    "not taken where it is known not to": ((equals("way", "a"),), "c", ["b"]),
    "possible where nothing is known": ((equals("way", "a"),), None, ["a", "b"]),
    "possible where another guard is asked": ((GuardUse("actor_is_assigned"),), "a", ["a", "b"]),
    "turned round": ((equals("way", "a", negate=True),), "c", ["a"]),
    "turned round and not met": ((equals("way", "a", negate=True),), "a", ["b"]),
}


@pytest.mark.parametrize(("when", "told", "to"), SURE.values(), ids=SURE)
def test_a_conditional_post_state_is(when: Any, told: str | None, to: list[str]) -> None:
    assert states(sure(when), ("filed", {"reason": told} if told else {})) == to


def test_an_act_whose_condition_a_known_fact_breaks_is_not_the_one() -> None:
    barred = procedure(state("open"), action("go", "open", SAME, "filed", guards=(equals("ready", True),)))
    assert states(barred, "filed") == ["open"], "what is not known is not asked"
    assert states(barred, "filed", facts={"ready": True}) == ["open"]
    assert states(barred, "filed", facts={"ready": False}) is None


def test_a_silent_step_whose_condition_a_known_fact_breaks_is_not_taken() -> None:
    way = procedure(
        state("open"), state("mid"), state("end"),
        action("quiet", "open", (PostState("mid", (equals("ready", True),)), PostState(SAME))),
        action("go", "mid", "end", "filed"),
    )  # fmt: skip
    assert states(way, "filed") == ["end"]
    assert states(way, "filed", facts={"ready": False}) is None


def test_what_the_form_of_an_act_asks_anew_is_not_answered_by_an_earlier_form() -> None:
    """The second time a case is taken up again it may be taken up elsewhere than the first time."""
    again = (*CLOSED, "reopened", *CLOSED[1:], "reopened")
    assert states(TALE, *again) == ["open", "decided"]
    earlier = {"reopen_at": "end", "closing_manner": "executed"}
    assert states(TALE, *again, facts=dict(earlier)) == ["open", "decided"]
    silent = procedure(
        state("open"), state("mid"), state("end"),
        action("quiet", "open", (PostState("mid", (equals("way", "on"),)), PostState(SAME)), fields=(choice("way", "on", "off"),)),
        action("go", "mid", "end", "filed"),
    )  # fmt: skip
    assert states(silent, "filed", facts={"way": "off"}) == ["end"]


# --- archive ---------------------------------------------------------------------------------------------------------


def jump(procedure: Procedure, branches: tuple[Branch, ...], kind: str, **details: Any) -> automaton.Step:
    return automaton.jump(procedure, branches, MilestoneKind(kind), details)


def test_a_milestone_out_of_place_leads_to_where_such_an_act_leads() -> None:
    step = jump(TALE, automaton.start(TALE), "decided", outcome="penalty")
    assert step.branches == (Branch("decided", None, 0),)
    assert step.action is TALE.action("decide")


def test_a_milestone_that_no_act_is_leaves_the_case_where_it_is() -> None:
    here = (Branch("checked", None, 3), Branch("open", None, 1))
    assert jump(TALE, here, "mediated") == automaton.Step((Branch("open", None, 0),), None)
    assert jump(TALE, here, "decided", outcome="moved") == automaton.Step((Branch("open", None, 0),), None)


def test_coming_back_from_nowhere_leaves_the_case_where_it_is() -> None:
    assert jump(TALE, (Branch("open", None, 0),), "resumed").branches == (Branch("open", None, 0),)
    assert jump(TALE, (Branch("paused", "checked", 0),), "resumed").branches == (Branch("checked", None, 0),)


# --- acts known without their forms ----------------------------------------------------------------------------------


def take(
    action_id: str, *branches: Branch, facts: dict[str, Json] | None = None, of: Procedure = TALE
) -> automaton.Taken | None:
    return automaton.take(of, branches or automaton.start(of), action_id, facts or {})


def test_an_act_of_a_log_is_placed_after_the_silent_steps_it_needs() -> None:
    assert take("decide", Branch("open", None, 0)) == automaton.Taken("checked", "decided", None)
    assert take("suspend", Branch("open", None, 0)) == automaton.Taken("open", "paused", "open")


def test_an_act_that_no_branch_allows_is_not_placed() -> None:
    assert take("close") is None
    assert take("fly") is None


def test_an_act_of_a_log_leads_to_the_default_unless_a_known_fact_says_otherwise() -> None:
    closed = Branch("closed", None, 0)
    assert take("reopen", closed) == automaton.Taken("closed", "open", None)
    assert take("reopen", closed, facts={"closing_manner": "executed"}) == automaton.Taken("closed", "decided", None)


def test_an_act_that_leads_back_is_placed_in_the_branch_that_remembers_from_where() -> None:
    found = take("resume", Branch("paused", None, 0), Branch("paused", "checked", 1))
    assert found == automaton.Taken("paused", "checked", None)
    assert take("resume", Branch("paused", None, 0)) is None


def test_an_act_whose_condition_a_known_fact_breaks_is_not_placed() -> None:
    barred = procedure(state("open"), action("go", "open", SAME, guards=(equals("ready", True),)))
    assert take("go", of=barred) == automaton.Taken("open", "open", None)
    assert take("go", facts={"ready": False}, of=barred) is None


# --- post-states -----------------------------------------------------------------------------------------------------

LEADS = {
    "a plain state forgets what was saved": ("open", "checked", "lead", ("open", None)),
    "the same state keeps what was saved": (SAME, "paused", "open", ("paused", "open")),
    "suspension remembers where it came from": ("paused", "checked", None, ("paused", "checked")),
    "another suspended state keeps the first": ("stopped", "paused", "checked", ("stopped", "checked")),
    "back to what was saved": (PREVIOUS, "paused", "checked", ("checked", None)),
    "nowhere back": (PREVIOUS, "paused", None, None),
}


@pytest.mark.parametrize(("to", "here", "saved", "expected"), LEADS.values(), ids=LEADS)
def test_a_post_state_is_resolved(to: str, here: str, saved: str | None, expected: Any) -> None:
    assert automaton.lead_to(TALE, to, here, saved) == expected


def test_every_state_of_the_small_procedure_is_used() -> None:
    assert {item.id for item in STATES} == {item.id for item in TALE.states}
    assert all(isinstance(item, Action) for item in TALE.actions)
    assert {one.kind for item in TALE.actions for one in item.fields} <= set(FieldKind)


def test_a_case_that_remembers_no_state_cannot_be_resumed() -> None:
    assert automaton.read(TALE, (Branch("paused", None, 0),), MilestoneKind.RESUMED, {}, {}) is None
