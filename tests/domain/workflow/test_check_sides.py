"""What a side procedure must say before it may run, and what it may not."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from caseapp.domain.errors import DefinitionProblem
from caseapp.domain.workflow.check import check, check_set
from caseapp.domain.workflow.parse import parse
from caseapp.domain.workflow.vocabulary import Vocabulary
from tests.domain.workflow.definitions import sound, words

CLOCKS = frozenset({"P01", "P05", "P10"})
_SIDE: dict[str, Any] = {
    "procedure": "measure",
    "version": 1,
    "name": words("措施"),
    "kind": "side",
    "opening": {"from": {"small": ["*open"], "*": ["*open"]}, "with": ["impose"]},
    "states": {
        "proposed": {"name": words("拟实施"), "category": "lead", "owner": "officer", "initial": True},
        "held": {"name": words("实施中"), "category": "open", "owner": "officer"},
        "expired": {"name": words("届满"), "category": "open", "owner": "officer"},
        "over": {"name": words("已解除"), "category": "closed"},
    },
    "actions": {
        "impose": {
            "name": words("实施"),
            "from": "proposed",
            "to": "held",
            "by": "officer",
            "clocks": {"starts": "P05"},
            "tells": [{"to": "main", "kind": "excluded_from", "reason": "appraisal"}],
        },
        "expire": {
            "name": words("届满"),
            "from": "held",
            "to": "expired",
            "automatic": True,
            "lapses": "P05",
            "tells": [{"to": "main", "kind": "excluded_until", "reason": "appraisal"}],
        },
        "lift": {
            "name": words("解除"),
            "from": ["held", "expired"],
            "to": "over",
            "by": "officer",
            "tells": [{"to": "main", "kind": "excluded_until", "reason": "appraisal"}],
        },
        "note": {"name": words("记录"), "from": "held", "to": "@same", "by": "officer"},
    },
}


def side(path: str = "", value: Any = None) -> dict[str, Any]:
    """Return the sound side procedure, with one value changed; `...` removes it."""
    document = copy.deepcopy(_SIDE)
    if path:
        *parts, last = path.split("/")
        place: Any = document
        for part in parts:
            place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
        if value is ...:
            del place[last]
        else:
            place[last] = value
    return document


def problems(document: dict[str, Any]) -> tuple[DefinitionProblem, ...]:
    procedure, found = parse(document, file="side.yaml")
    assert procedure is not None
    return (*found, *check(procedure, Vocabulary(clocks=CLOCKS)))


def between(document: dict[str, Any], *others: dict[str, Any]) -> set[tuple[str, str]]:
    parsed = [parse(item, file="f.yaml")[0] for item in (document, *others)]
    return {(item.rule, item.path) for item in check_set([one for one in parsed if one is not None])}


def test_the_sound_one_is_sound() -> None:
    assert problems(side()) == ()


OPENING = {"from": {"small": ["*open"]}, "with": ["impose"]}
FAULTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "opening beside nothing": (side("opening", {"with": ["impose"]}), "side-opening", "/opening/from"),
    "beginning with nothing": (side("opening", {"from": {"small": ["*open"]}}), "side-opening", "/opening/with"),
    "beginning with an unknown act": (side("opening", {**OPENING, "with": ["x"]}), "unknown-action", "/opening/with"),
    "beginning with a later act": (side("opening", {**OPENING, "with": ["lift"]}), "side-opening", "/opening/with"),
    "an opening milestone": (side("opening", {**OPENING, "milestone": "registered"}), "side-opening", "/opening"),
    "showing what no form asks": (side("shows", ["colour"]), "unknown-field", "/shows"),
    "being counted": (side("handling_clock", ["P10"]), "side-opening", "/counts"),
    "a milestone": (side("actions/lift/milestone", "served"), "side-milestone", "/actions/lift/milestone"),
    "an automatic act without a clock": (side("actions/expire/lapses", ...), "lapse", "/actions/expire/automatic"),
    "a lapse with a button": (side("actions/expire/automatic", False), "lapse", "/actions/expire/lapses"),
    "a lapse of an unknown clock": (side("actions/expire/lapses", "P99"), "unknown-clock", "/actions/expire/lapses"),
    "a lapse that asks": (side("actions/expire/guards", ["actor_is_assigned"]), "lapse", "/actions/expire"),
    "a lapse that stays": (side("actions/expire/to", "@same"), "lapse", "/actions/expire/to"),
    "telling a decision": (side("actions/lift/tells/0/kind", "decided"), "tells", "/actions/lift/tells/0"),
    "telling an unknown reason": (side("actions/lift/tells/0/reason", "x"), "milestone-detail", "/actions/lift/tells/0/reason"),
    "telling on a condition": (side("actions/lift/tells/0/when", [{"act_done": {"action": "note"}}]), "tells", "/actions/lift/tells/0/when"),
    "telling twice": (side("actions/lift/tells", [_SIDE["actions"]["lift"]["tells"][0]] * 2), "tells", "/actions/lift/tells"),
    "letting a case be closed while our own people owe something": (side("states/held/blocks_closing", False), "blocks-closing", "/states/held/blocks_closing"),
    "saying of a closed state what it blocks": (side("states/over/blocks_closing", False), "blocks-closing", "/states/over/blocks_closing"),
    "an unknown condition of telling": (side("actions/lift/tells/0/when", ["no_such"]), "unknown-guard", "/actions/lift/tells/0"),
}  # fmt: skip


@pytest.mark.parametrize(("document", "rule", "path"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_found_where_it_is(document: dict[str, Any], rule: str, path: str) -> None:
    assert (rule, path) in {(item.rule, item.path) for item in problems(document)}


def test_time_left_out_for_ever_is_shown_with_the_way_there() -> None:
    found = problems(side("actions/lift/tells", ...))
    (fault,) = [item for item in found if item.rule == "tells"]
    assert fault.example == ("impose", "lift")


def test_a_main_procedure_neither_opens_beside_another_nor_tells() -> None:
    document = sound()
    document["opening"]["from"] = {"other": ["*"]}
    document["actions"]["note"]["tells"] = [{"to": "main", "kind": "excluded_from", "reason": "other"}]
    found = {(item.rule, item.path) for item in problems(document)}
    assert {("side-opening", "/opening"), ("tells", "/actions/note/tells")} <= found


def test_what_a_side_procedure_names_in_others_must_be_there() -> None:
    main = sound()
    assert between(side(), main) == {("tells", "/opening/from/small")}, "small knows no excluded time"
    plain = side("actions/impose/tells", ...)
    for action in ("expire", "lift"):
        del plain["actions"][action]["tells"]
    assert between(plain, main) == set()
    plain["opening"]["from"] = {"small": ["*open", "-nowhere"], "none": ["*"]}
    plain["actions"]["note"]["tells"] = [{"to": "nobody", "kind": "excluded_from", "reason": "other"}]
    assert between(plain, main) == {
        ("unknown-state", "/opening/from/small"),
        ("unknown-procedure", "/opening/from/none"),
        ("unknown-procedure", "/actions/note/tells/0/to"),
    }
    assert between(plain) == set(), "alone nothing of others is judged"
