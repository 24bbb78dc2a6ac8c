"""Faults of a definition that its shape does not show, each seeded into a sound one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from caseapp.domain.errors import DefinitionProblem
from caseapp.domain.events import MilestoneKind
from caseapp.domain.roles import Role
from caseapp.domain.workflow.check import Invariant, Vocabulary, check, check_set
from caseapp.domain.workflow.definition import Procedure, Text
from caseapp.domain.workflow.parse import parse
from tests.domain.workflow.definitions import sound, with_value, words

WORDS = Vocabulary(
    documents=frozenset({"closing_approval"}),
    clocks=frozenset({"P01", "P10"}),
    amounts=frozenset({"cash_on_spot"}),
)


def procedure_of(document: dict[str, Any]) -> Procedure:
    procedure, problems = parse(document, file="small.yaml", digest="sha256:0")
    assert procedure is not None
    assert problems == ()
    return procedure


def problems_of(document: dict[str, Any], vocabulary: Vocabulary = WORDS) -> tuple[DefinitionProblem, ...]:
    return check(procedure_of(document), vocabulary)


def test_the_sound_definition_has_no_problem() -> None:
    assert problems_of(sound()) == ()


def test_clocks_may_start_on_an_answer_and_have_run_before() -> None:
    told = {"starts": ["P10", {"P01": {"verdict": "again"}}], "ran": {"P10": {"since": "decided_on"}}}
    document = with_value("actions/decide/clocks", told)
    assert problems_of(document) == ()
    decide = procedure_of(document).action("decide")
    assert decide is not None
    assert decide.clocks.started({"verdict": "again"}) == ("P10", "P01")
    assert decide.clocks.started({}) == ("P10",)


def without_close() -> dict[str, Any]:
    return with_value("actions/close", ...)


def trap() -> dict[str, Any]:
    document = sound()
    document["states"]["stuck"] = {"name": words("死路"), "category": "open", "owner": "officer"}
    document["actions"]["stick"] = {"name": words("走错"), "from": "open", "to": "stuck", "by": "officer"}
    return document


def island() -> dict[str, Any]:
    document = sound()
    document["states"]["island"] = {"name": words("孤岛"), "category": "open", "owner": "officer"}
    document["actions"]["leave"] = {"name": words("离开"), "from": "island", "to": "open", "by": "officer"}
    return document


def two_fields_one_fact() -> dict[str, Any]:
    document = sound()
    document["actions"]["decide"]["fields"].append(
        {"id": "other", "fact": "verdict", "kind": "text", "label": words("又")}
    )
    return document


def fact_of_two_kinds() -> dict[str, Any]:
    document = sound()
    document["actions"]["note"]["fields"] = [{"id": "verdict", "kind": "text", "label": words("又")}]
    return document


def guard(entry: Any, name: str = "close") -> dict[str, Any]:
    return with_value(f"actions/{name}/guards", [entry])


BROKEN: dict[str, tuple[dict[str, Any], str, str]] = {
    "a state that cannot be reached": (island(), "unreachable", "/states/island"),
    "a state that cannot be left": (trap(), "trap", "/states/stuck"),
    "no way to close": (without_close(), "unreachable", "/states/closed"),
    "no closed state": (with_value("states/closed/category", "decided") | {"counts": False}, "no-closed-state", "/states"),
    "a state without owner": (with_value("states/open/owner", ...), "no-owner", "/states/open"),
    "leaving a closed state without reopening": (with_value("actions/reopen/milestone", ...), "closed-leaves", "/actions/reopen/from"),
    "a milestone of a closed case": (with_value("actions/note", {"name": words("改"), "from": "closed", "to": "@same", "by": "officer", "milestone": "served"}), "closed-leaves", "/actions/note/milestone"),
    "an unknown post-state": (with_value("actions/file/to", "opne"), "unknown-state", "/actions/file/to"),
    "no source": (with_value("actions/note/from", ["open", "-open"]), "unknown-state", "/actions/note/from"),
    "no role": (with_value("actions/file/by", ...), "no-role", "/actions/file/by"),
    "no default post-state": (with_value("actions/decide/to", [{"state": "open", "when": ["actor_is_assigned"]}]), "no-default", "/actions/decide/to"),
    "a post-state that hides the next": (with_value("actions/decide/to", ["open", "decided"]), "no-default", "/actions/decide/to/0"),
    "@previous outside suspension": (with_value("actions/file/to", "@previous"), "previous", "/actions/file/to"),
    "an unknown guard": (guard("is_monday"), "unknown-guard", "/actions/close/guards/0"),
    "an unknown guard of a post-state": (with_value("actions/decide/to/0/when", ["is_monday"]), "unknown-guard", "/actions/decide/to/0"),
    "an unknown parameter": (guard({"actor_is_assigned": {"who": "me"}}), "guard-parameter", "/actions/close/guards/0"),
    "a missing parameter": (guard({"clock_expired": {}}), "guard-parameter", "/actions/close/guards/0"),
    "a guard that cannot be turned round": (guard({"not": {"clock_expired": {"rule": "P10"}}}), "not-negatable", "/actions/close/guards/0"),
    "a turned guard on the empty form": (guard({"not": {"fact_equals": {"fact": "verdict", "value": "yes"}}}, "decide"), "not-negatable", "/actions/decide/guards/0"),
    "a guard on an unknown action": (guard({"act_done": {"action": "decode"}}), "unknown-action", "/actions/close/guards/0"),
    "a guard whose usual action is missing": (guard("prior_notice_served"), "unknown-action", "/actions/close/guards/0"),
    "a guard on an unknown fact": (guard({"fact_present": {"fact": "verdikt"}}), "unknown-field", "/actions/close/guards/0"),
    "a guard on an unknown field": (guard({"two_certified_officers": {"field": "officers"}}), "unknown-field", "/actions/close/guards/0"),
    "a guard on a field kept under another name": (guard({"no_future_date": {"field": "on"}}, "decide"), "unknown-field", "/actions/decide/guards/0"),
    "a guard on an unknown clock": (guard({"clock_expired": {"rule": "P99"}}), "unknown-clock", "/actions/close/guards/0"),
    "a guard on an unknown amount": (guard({"fact_at_most": {"fact": "amount", "law": "tea_money"}}), "unknown-amount", "/actions/close/guards/0"),
    "a guard on an unknown milestone": (guard({"milestone_reached": {"kind": "finished"}}), "unknown-milestone", "/actions/close/guards/0"),
    "an unknown effect": (with_value("actions/decide/effects", ["celebrate"]), "unknown-effect", "/actions/decide/effects/0"),
    "an effect without its parameter": (with_value("actions/decide/effects", ["number_case"]), "effect-parameter", "/actions/decide/effects/0"),
    "an effect with an unknown parameter": (with_value("actions/decide/effects", [{"notify": {"role": "leader", "loud": True}}]), "effect-parameter", "/actions/decide/effects/0"),
    "an effect from an unknown field": (with_value("actions/decide/effects", [{"assign_officers": {"from_field": "officers"}}]), "unknown-field", "/actions/decide/effects/0"),
    "an unknown role to notify": (with_value("actions/decide/effects", [{"notify": {"role": "mayor"}}]), "unknown-role", "/actions/decide/effects/0"),
    "an unknown item of the case": (with_value("actions/decide/effects", [{"set_case": {"values": {"colour": "amount"}}}]), "effect-parameter", "/actions/decide/effects/0"),
    "a document on what the form does not ask": (with_value("actions/decide/documents", [{"closing_approval": {"colour": "red"}}]), "unknown-field", "/actions/decide/documents"),
    "a document on an unknown choice": (with_value("actions/decide/documents", [{"closing_approval": {"verdict": "perhaps"}}]), "field", "/actions/decide/documents"),
    "a signature on what waits for approval": (with_value("actions/suspend/fields", [{"id": "s", "kind": "signature", "label": words("签名")}]), "signature", "/actions/suspend/fields/0"),
    "an unknown document": (with_value("actions/close/documents", ["poem"]), "unknown-document", "/actions/close/documents"),
    "an unknown clock": (with_value("actions/close/clocks", {"meets": "P99"}), "unknown-clock", "/actions/close/clocks/meets"),
    "an unknown earlier clock": (with_value("opening/clocks", {"ran": {"P99": {"since": "decided_on"}}}), "unknown-clock", "/opening/clocks/ran"),
    "an earlier clock since a fact that nobody asks": (with_value("opening/clocks", {"ran": {"P01": {"since": "known_on"}}}), "unknown-field", "/opening/clocks/ran/P01/since"),
    "an earlier clock since no day": (with_value("actions/decide/clocks", {"ran": {"P01": {"since": "verdict"}}}), "unknown-field", "/actions/decide/clocks/ran/P01/since"),
    "a clock that starts on what nobody asks": (with_value("actions/decide/clocks", {"starts": [{"P01": {"colour": "red"}}]}), "unknown-field", "/actions/decide/clocks/starts"),
    "a clock that starts on what is not offered": (with_value("actions/decide/clocks", {"starts": [{"P01": {"verdict": ["no"]}}]}), "unknown-field", "/actions/decide/clocks/starts"),
    "an unknown opening clock": (with_value("opening/clocks", {"starts": "P99"}), "unknown-clock", "/opening/clocks"),
    "an unknown handling clock": (with_value("handling_clock", ["P99"]), "unknown-clock", "/handling_clock"),
    "an approval that could be empty": (with_value("approvals/matter/0/when", ["legal_review_mandatory"]), "approval-empty", "/actions/suspend/approval"),
    "an approval of what the system does": (with_value("actions/suspend/automatic", True), "approval-empty", "/actions/suspend/approval"),
    "a step twice": (with_value("approvals/matter", [{"step": "s", "name": words("甲"), "role": "leader"}] * 2), "duplicate", "/actions/suspend/approval"),
    "a field twice": (with_value("actions/decide/fields/1/id", "on"), "duplicate", "/actions/decide/fields/1"),
    "two fields kept alike": (two_fields_one_fact(), "duplicate", "/actions/decide/fields/3"),
    "one fact of two kinds": (fact_of_two_kinds(), "fact-kind", "/actions/decide/fields/1"),
    "a choice without choices": (with_value("actions/decide/fields/1/choices", ...), "field", "/actions/decide/fields/1"),
    "choices of a date": (with_value("actions/decide/fields/0/choices", {"x": words("x")}), "field", "/actions/decide/fields/0"),
    "a default that is no choice": (with_value("actions/decide/fields/1/default", "maybe"), "field", "/actions/decide/fields/1/default"),
    "a range turned round": (with_value("actions/decide/fields/2/min", 400), "field", "/actions/decide/fields/2"),
    "shown by an unknown field": (with_value("actions/decide/fields/2/show_when", {"x": "yes"}), "unknown-field", "/actions/decide/fields/2/show_when"),
    "shown by an unknown choice": (with_value("actions/decide/fields/2/show_when", {"verdict": "perhaps"}), "field", "/actions/decide/fields/2/show_when"),
    "dated by an unknown field": (with_value("actions/decide/occurs_on", "day"), "unknown-field", "/actions/decide/occurs_on"),
    "dated by a field without date": (with_value("actions/decide/occurs_on", "verdict"), "unknown-field", "/actions/decide/occurs_on"),
    "a decision without outcome": (with_value("actions/decide/milestone", "decided"), "milestone-detail", "/actions/decide/milestone"),
    "an unknown manner": (with_value("actions/close/milestone/details", {"manner": "done"}), "milestone-detail", "/actions/close/milestone/details/manner"),
    "a manner from a wrong choice": (with_value("actions/close", {"name": words("结案"), "from": "decided", "to": "closed", "by": "officer", "fields": [{"id": "m", "kind": "choice", "label": words("方式"), "choices": {"done": words("完")}}], "milestone": {"kind": "closed", "details_from": {"manner": "m"}}}), "milestone-detail", "/actions/close/milestone/details_from/manner"),
    "an unknown detail": (with_value("actions/decide/milestone/details", {"outcome": "penalty", "mood": "good"}), "milestone-detail", "/actions/decide/milestone/details"),
    "a detail from an unknown field": (with_value("actions/suspend/milestone/details_from", {"reason": "why"}), "unknown-field", "/actions/suspend/milestone/details_from/reason"),
    "excluded for an unknown reason": (with_value("actions/note/milestone", {"kind": "excluded_from", "details": {"reason": "lunch"}}), "milestone-detail", "/actions/note/milestone/details/reason"),
    "closing that does not close": (with_value("actions/close/to", "open"), "milestone-category", "/actions/close/milestone"),
    "a closed state without closing": (with_value("actions/close/milestone", ...), "milestone-category", "/actions/close/milestone"),
    "suspension that does not suspend": (with_value("actions/suspend/to", "decided"), "milestone-category", "/actions/suspend/milestone"),
    "a suspended state without suspension": (with_value("actions/suspend/milestone", ...), "milestone-category", "/actions/suspend/milestone"),
    "filing that stays a lead": (with_value("actions/file/to", "@same"), "milestone-category", "/actions/file/milestone"),
    "reopening into a closed state": (with_value("actions/reopen/to", "@same"), "milestone-category", "/actions/reopen/milestone"),
    "counted without filing": (with_value("actions/file/milestone", ...), "not-countable", "/counts"),
}  # fmt: skip


@pytest.mark.parametrize(("document", "rule", "path"), BROKEN.values(), ids=BROKEN)
def test_a_seeded_fault_is_found(document: dict[str, Any], rule: str, path: str) -> None:
    assert (rule, path) in {(problem.rule, problem.path) for problem in problems_of(document)}


def test_a_trap_is_told_with_the_way_into_it() -> None:
    (problem,) = [problem for problem in problems_of(trap()) if problem.rule == "trap"]
    assert problem.example == ("file", "stick")


def test_leaving_a_closed_state_is_told_with_the_way_there() -> None:
    (problem,) = problems_of(with_value("actions/reopen/milestone", ...))
    assert problem.example == ("file", "decide", "close", "reopen")


def test_archiving_a_closed_case_is_no_fault() -> None:
    document = sound()
    document["states"]["archived"] = {"name": words("归档"), "category": "closed"}
    document["actions"]["archive"] = {"name": words("归档"), "from": "closed", "to": "archived", "by": "officer"}
    document["actions"]["note"]["from"] = ["lead", "open"]
    assert problems_of(document) == ()


def test_names_are_not_judged_where_the_words_are_not_at_hand() -> None:
    document = with_value("actions/close/documents", ["poem"])
    document["actions"]["close"]["clocks"] = {"meets": "P99"}
    assert problems_of(document, Vocabulary()) == ()


DEMAND = Invariant(
    id="heads_decide",
    about=Text("由负责人决定", "the head decides"),
    article="《某法》第1条",
    procedures=("small",),
    milestone=MilestoneKind.DECIDED,
    details={"outcome": "penalty"},
)


@pytest.mark.parametrize(
    "demand",
    [
        replace(DEMAND, guards=("actor_is_assigned",)),
        replace(DEMAND, approvers=(Role.LEADER,)),
        replace(DEMAND, clocks=("P10",)),
        replace(DEMAND, documents=("closing_approval",)),
    ],
    ids=["a condition", "an approval", "a clock", "a document"],
)
def test_what_the_law_demands_of_a_step_must_be_there(demand: Invariant) -> None:
    (problem,) = problems_of(sound(), replace(WORDS, invariants=(demand,)))
    assert problem.rule == "law:heads_decide"
    assert problem.example == ("file", "decide")
    assert "《某法》第1条" in problem.problem


def test_a_demand_binds_only_the_procedures_and_steps_it_names() -> None:
    elsewhere = replace(DEMAND, procedures=("other",), approvers=(Role.LEADER,))
    another = replace(DEMAND, details={"outcome": "moved"}, approvers=(Role.LEADER,))
    assert problems_of(sound(), replace(WORDS, invariants=(elsewhere, another))) == ()


def test_a_demand_that_is_met_is_no_problem() -> None:
    met = replace(DEMAND, milestone=MilestoneKind.CLOSED, details={}, clocks=("P10",), documents=("closing_approval",))
    assert problems_of(sound(), replace(WORDS, invariants=(met,))) == ()


def test_a_version_cannot_be_defined_twice_with_other_content() -> None:
    one = procedure_of(sound())
    assert check_set([one, one]) == ()
    (problem,) = check_set([one, replace(one, digest="sha256:1", source_file="copy.yaml")])
    assert (problem.file, problem.rule) == ("copy.yaml", "version-taken")
    assert check_set([one, replace(one, digest="sha256:1", version=2)]) == ()
