"""Reading a definition: names that stand for sets, wildcards, short forms, and every fault with its place."""

from __future__ import annotations

from typing import Any

import pytest

from caseapp.domain.events import MilestoneKind
from caseapp.domain.roles import Role
from caseapp.domain.workflow.definition import Citation, FieldKind, GuardUse, Kind, Procedure, Text
from caseapp.domain.workflow.parse import parse
from tests.domain.workflow.definitions import sound, with_value, words


def read(document: object) -> Procedure:
    procedure, problems = parse(document, file="small.yaml", digest="sha256:0")
    assert problems == ()
    assert procedure is not None
    return procedure


def faults(document: object) -> list[tuple[str, str]]:
    return [(problem.path, problem.rule) for problem in parse(document, file="small.yaml")[1]]


def action(name: str) -> Any:
    found = read(sound()).action(name)
    assert found is not None
    return found


def test_head_states_and_opening_are_read() -> None:
    procedure = read(sound())
    assert (procedure.id, procedure.version, procedure.kind, procedure.counts) == ("small", 1, Kind.MAIN, True)
    assert procedure.initial == "lead"
    assert procedure.handling_clock == ("P10",)
    assert [state.id for state in procedure.states] == ["lead", "open", "paused", "decided", "closed"]
    assert procedure.opening is not None
    assert (procedure.opening.kind, procedure.opening.optional) == (MilestoneKind.REGISTERED, True)
    assert procedure.opening_clocks.starts == ("P01",)
    assert (procedure.source_file, procedure.digest) == ("small.yaml", "sha256:0")


def test_a_wildcard_means_all_states_of_a_category() -> None:
    assert action("suspend").sources == ("open",)


def test_a_star_means_every_state_and_a_minus_takes_one_out() -> None:
    assert action("note").sources == ("lead", "open", "paused", "decided")


def test_one_word_stands_for_a_list_of_one() -> None:
    assert action("file").roles == (Role.OFFICER,)
    assert action("note").roles == (Role.OFFICER, Role.LEADER)
    assert action("close").documents == ("closing_approval",)
    assert action("file").clocks.meets == ("P01",)


def test_named_sets_are_put_in_place() -> None:
    suspend = action("suspend")
    assert suspend.guards == (GuardUse("actor_is_assigned"),)
    assert [item.id for item in suspend.fields] == ["reason"]
    assert [(step.id, step.role) for step in suspend.approval] == [("leader", Role.LEADER)]


def test_money_limits_are_written_in_yuan_and_kept_in_fen() -> None:
    amount = action("decide").fields[2]
    assert (amount.kind, amount.minimum, amount.maximum) == (FieldKind.MONEY, 0, 30_000)
    assert amount.show_when == ("verdict", ("yes",))


def test_a_field_is_kept_under_its_fact_name() -> None:
    assert [item.fact_name for item in action("decide").fields] == ["decided_on", "verdict", "amount"]


def test_a_document_may_be_limited_to_what_the_form_says() -> None:
    close = read(with_value("actions/decide/documents", ["a", {"b": {"verdict": "yes"}}, {"c": {"verdict": ["yes", "again"]}}])).action("decide")  # fmt: skip
    assert close is not None
    assert close.documents == ("a", "b", "c")
    assert close.documents_for({"verdict": "yes"}) == ("a", "b", "c")
    assert close.documents_for({"verdict": "again"}) == ("a", "c")
    assert close.documents_for({}) == ("a",)
    assert faults(with_value("actions/decide/documents", [{"b": {}}])) == [("/actions/decide/documents/0/b", "schema")]


def test_conditions_on_what_the_form_asks_wait_for_the_form() -> None:
    (post, default) = action("decide").posts
    assert post.when[0].params["entered"] is True
    assert default.when == ()


def test_guards_that_name_an_action_are_given_its_label() -> None:
    done, negated = action("close").guards
    assert done.params["label"] == {"zh": "决定", "en": "决定"}
    assert negated.negate


def test_a_citation_has_a_short_and_a_long_form() -> None:
    document = with_value(
        "actions/file/cites", ["处罚法 54", "处罚法 5 ~recalled_high", "处罚法", {"law": "某法", "article": "1"}]
    )
    found = read(document).action("file")
    assert found is not None
    assert found.citations == (
        Citation("行政处罚法", "54"),
        Citation("行政处罚法", "5", "recalled_high"),
        Citation("行政处罚法", ""),
        Citation("某法", "1"),
    )


def test_texts_come_in_both_languages() -> None:
    assert action("close").name == Text("结案", "结案")


BROKEN = {
    "no mapping": ([1], ("", "schema")),
    "no states": (with_value("states", {}), ("/states", "no-state")),
    "no initial state": (with_value("states/lead/initial", False), ("/states", "initial")),
    "two initial states": (with_value("states/open/initial", True), ("/states", "initial")),
    "a text in one language": (with_value("actions/file/name", {"zh": "立案"}), ("/actions/file/name/en", "schema")),
    "an unknown category": (with_value("states/open/category", "busy"), ("/states/open/category", "schema")),
    "an unknown owner": (with_value("states/open/owner", "chief"), ("/states/open/owner", "unknown-role")),
    "an unknown role": (with_value("actions/file/by", "chief"), ("/actions/file/by", "unknown-role")),
    "an unknown state": (with_value("actions/file/from", "leed"), ("/actions/file/from", "unknown-state")),
    "an unknown wildcard": (with_value("actions/file/from", "*busy"), ("/actions/file/from", "unknown-state")),
    "an unknown chain": (with_value("actions/suspend/approval", "x"), ("/actions/suspend/approval", "unknown-set")),
    "an unknown guard set": (with_value("actions/suspend/guards", [{"use": "x"}]), ("/actions/suspend/guards/0", "unknown-set")),
    "an unknown field set": (with_value("actions/suspend/fields", [{"use": "x"}]), ("/actions/suspend/fields/0", "unknown-set")),
    "two guards in one entry": (with_value("actions/file/guards", [{"a": {}, "b": {}}]), ("/actions/file/guards/0", "schema")),
    "an unknown milestone": (with_value("actions/file/milestone", "opened"), ("/actions/file/milestone/kind", "unknown-milestone")),
    "an unknown abbreviation": (with_value("actions/file/cites", ["刑法 1"]), ("/actions/file/cites/0", "citation")),
    "an unknown confidence": (with_value("actions/file/cites", ["处罚法 1 ~sure"]), ("/actions/file/cites/0", "citation")),
    "an unknown kind of field": (with_value("actions/decide/fields/0/kind", "day"), ("/actions/decide/fields/0/kind", "schema")),
    "a date that is no list": (with_value("actions/decide/fields", {}), ("/actions/decide/fields", "schema")),
    "an unknown mode": (with_value("approvals/matter/0/mode", "most"), ("/approvals/matter/0/mode", "schema")),
}  # fmt: skip


@pytest.mark.parametrize(("document", "fault"), BROKEN.values(), ids=BROKEN)
def test_a_fault_is_told_with_its_place(document: object, fault: tuple[str, str]) -> None:
    assert fault in faults(document)


def test_every_fault_is_told_at_once() -> None:
    document = with_value("actions/file/by", "chief")
    document["states"]["open"]["owner"] = "chief"
    document["actions"]["close"]["name"] = words("")
    assert {path for path, _ in faults(document)} >= {
        "/actions/file/by",
        "/states/open/owner",
        "/actions/close/name/zh",
    }
