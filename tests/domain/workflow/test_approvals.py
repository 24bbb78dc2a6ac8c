"""Who may sign: nobody what he asked for or investigates, nobody twice, and leaders of superior organs may."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from caseapp.domain.events import EntryKind, Json
from caseapp.domain.facts import ApprovalImage, CaseImage, Goods, Party, Right, Signature
from caseapp.domain.roles import Role
from caseapp.domain.workflow.approvals import frozen_facts, investigators, obstacles_to_sign, waiting_step
from tests.factories.chronicles import (
    COLLEAGUE,
    HEAD,
    LEADER,
    LEGAL,
    MAIN,
    OFFICER,
    ORGAN,
    Chronicle,
    actor,
    day,
    instant,
)
from tests.factories.procedures import TALE, action, procedure, state, step, tale

ABOVE = (ORGAN, "320600-ip", "320000-ip")
CHAIN = action(
    "decide",
    "open",
    "open",
    approval=(step("head", Role.SECTION_HEAD), step("legal", Role.LEGAL_REVIEWER), step("leader", Role.LEADER)),
)


def a_case(**case: Any) -> CaseImage:
    return Chronicle(tale(), TALE).opened(**case).case


def request(*signed: tuple[str, str], by: str = OFFICER, **more: Any) -> ApprovalImage:
    """Return a request for the chain's action, signed so far by (step, person)."""
    settings: dict[str, Any] = {"fields": {}, "steps": ("head", "legal", "leader"), **more}
    signatures = tuple(Signature(name, person, day(1), "signed") for name, person in signed)
    return ApprovalImage("a", MAIN, "decide", by, day(0), signatures=signatures, **settings)


def why_not(person: Any, asked: ApprovalImage, **case: Any) -> list[str]:
    waiting = waiting_step(CHAIN, asked)
    assert waiting is not None
    who = person if not isinstance(person, str) else actor(person)
    found = obstacles_to_sign(a_case(**case), asked, waiting, who, organs_above=ABOVE)
    return [str(unmet.message) for unmet in found]


def test_the_holder_of_the_role_in_the_organ_may_sign() -> None:
    assert why_not(HEAD, request()) == []
    assert why_not(LEGAL, request(("head", HEAD))) == []
    assert why_not(LEADER, request(("head", HEAD), ("legal", LEGAL))) == []


def test_another_role_may_not_and_is_told_which_one_may() -> None:
    (reason,) = why_not(LEADER, request())
    assert reason == "该步骤应由科室负责人签署"


def test_a_leader_of_an_organ_above_may_sign_and_of_a_neighbour_may_not() -> None:
    asked = request(("head", HEAD), ("legal", LEGAL))
    assert why_not(actor("city", Role.LEADER, organ="320600-ip"), asked) == []
    assert why_not(actor("province", Role.LEADER, organ="320000-ip"), asked) == []
    assert why_not(actor("neighbour", Role.LEADER, organ="320613-ip"), asked) == ["您所在机关对本案没有审批权"]


def test_nobody_approves_what_he_asked_for_whatever_roles_he_holds() -> None:
    both = actor("both", Role.OFFICER, Role.SECTION_HEAD)
    assert why_not(both, request(by="both")) == ["不能审批本人提出的事项"]


def test_an_officer_in_charge_approves_nothing_of_his_case() -> None:
    both = actor("both", Role.OFFICER, Role.SECTION_HEAD)
    assert why_not(both, request(), officers=[OFFICER, "both"]) == ["办案人员不能审核、审批自己办理的案件"]
    assert why_not(both, request(), officers=[OFFICER]) == []


def test_who_would_be_put_in_charge_by_the_request_does_not_approve_it() -> None:
    both = actor("both", Role.OFFICER, Role.SECTION_HEAD)
    assert why_not(both, request(fields={"officers": [COLLEAGUE, "both"]})) == ["办案人员不能审核、审批自己办理的案件"]


def test_one_person_signs_one_step_only() -> None:
    all_roles = actor("all", Role.SECTION_HEAD, Role.LEGAL_REVIEWER, Role.LEADER)
    assert why_not(all_roles, request()) == []
    assert why_not(all_roles, request(("head", "all"))) == ["您已签署本次审批的另一步骤，须由他人签署本步骤"]


def test_every_obstacle_is_told() -> None:
    stranger = actor("stranger", Role.OFFICER, organ="320613-ip")
    reasons = why_not(stranger, request(("head", HEAD), by="stranger"), officers=["stranger"])
    assert len(reasons) == 4


def test_obstacles_name_who_can_sign_instead_and_the_article() -> None:
    waiting = waiting_step(CHAIN, request())
    assert waiting is not None
    found = obstacles_to_sign(a_case(), request(by=HEAD), waiting, actor(HEAD), organs_above=ABOVE)
    assert [(unmet.cure, unmet.article) for unmet in found] == [("section_head", "《行政处罚法》第58条")]


def test_a_request_waits_for_the_first_step_not_signed() -> None:
    steps = [
        waiting_step(CHAIN, request(*signed)) for signed in ((), (("head", HEAD),), (("head", HEAD), ("legal", LEGAL)))
    ]
    assert [found.id if found else None for found in steps] == ["head", "legal", "leader"]


def test_a_step_that_does_not_apply_is_never_waited_for() -> None:
    short = request(("head", HEAD), steps=("head", "leader"))
    found = waiting_step(CHAIN, short)
    assert found is not None
    assert found.id == "leader"


@pytest.mark.parametrize("status", ["granted", "returned", "withdrawn", "void"])
def test_a_request_that_has_ended_waits_for_nothing(status: str) -> None:
    assert waiting_step(CHAIN, request(status=status)) is None


def test_a_request_signed_in_full_waits_for_nothing() -> None:
    assert waiting_step(CHAIN, request(("head", HEAD), ("legal", LEGAL), ("leader", LEADER))) is None


def test_investigators_are_those_in_charge_and_those_named() -> None:
    assert investigators(a_case(officers=["x"]), request(fields={"officers": ["y", "z"]})) == {"x", "y", "z"}
    assert investigators(a_case(officers=["x"]), request(fields={"officers": "y"})) == {"x"}


# --- what is frozen --------------------------------------------------------------------------------------------------

CHANGES: dict[str, dict[str, Any]] = {
    "a party": {"parties": (Party("p", "respondent", "person", "张某"),)},
    "a party's hidden number": {
        "parties": (Party("p", "respondent", "person", "李某", personal={"phone": "sha256:1"}),)
    },
    "a right": {"rights": (Right("trademark", "1"),)},
    "goods": {"goods": (Goods("四件套", quantity=2),)},
    "an amount": {"amounts": {"turnover": 1}},
    "the officers": {"officers": (COLLEAGUE,)},
    "the division": {"division": "320613"},
    "the organ": {"organ": "320613-ip"},
    "the kinds of right": {"ip_types": ("gi",)},
}
KEPT: dict[str, dict[str, Any]] = {
    "a note": {"notes": 5},
    "the title": {"title": "新名"},
    "the campaign": {"campaigns": ("huhang",)},
    "the version": {"version": 99},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_signers_rely_on_is_frozen(change: dict[str, Any]) -> None:
    case = a_case(parties=[{"id": "p", "role": "respondent", "kind": "person", "name": "李某"}])
    assert frozen_facts(replace(case, **change), MAIN) != frozen_facts(case, MAIN)


@pytest.mark.parametrize("change", KEPT.values(), ids=KEPT)
def test_what_signers_do_not_rely_on_may_change(change: dict[str, Any]) -> None:
    assert frozen_facts(replace(a_case(), **change), MAIN) == frozen_facts(a_case(), MAIN)


def test_facts_and_state_of_the_proceeding_are_frozen() -> None:
    case = Chronicle(tale(), TALE).opened()
    before = frozen_facts(case.case, MAIN)
    case.acted("note", "lead", day(1), facts={"x": 1})
    noted = frozen_facts(case.case, MAIN)
    case.acted("file", "open", day(2))
    assert len({before, noted, frozen_facts(case.case, MAIN)}) == 3


def test_facts_are_frozen_whatever_order_they_were_told_in() -> None:
    orders: list[dict[str, Json]] = [{"a": 1, "b": 2}, {"b": 2, "a": 1}]
    texts = {frozen_facts(Chronicle(tale(), TALE).opened(amounts=order).case, MAIN) for order in orders}
    assert len(texts) == 1


def test_a_request_in_the_ledger_waits_moves_on_and_ends_with_its_signatures() -> None:
    case = Chronicle(tale(), TALE).opened().acted("file", "open", day(1)).acted("check", "checked", day(2))
    payload = {
        "approval": "a",
        "proceeding": MAIN,
        "action": "decide",
        "facts": {"x": 1},
        "steps": ["head", "leader"],
        "frozen": "f",
    }
    case.add(EntryKind.APPROVAL_REQUESTED, {**payload, "occurred_on": day(2).isoformat()}, instant(day(3)))
    (asked,) = case.case.approvals
    assert (asked.step, asked.by, asked.on, asked.occurred_on, asked.fields) == (
        "head",
        OFFICER,
        day(3),
        day(2),
        {"x": 1},
    )
    assert case.case.pending_approval(MAIN) is asked
    assert case.case.pending_approval("side") is None
    case.add(
        EntryKind.APPROVAL_SIGNED, {"approval": "a", "step": "head", "opinion": "同意"}, instant(day(4)), person=HEAD
    )
    assert case.case.approvals[0].step == "leader"
    case.add(EntryKind.APPROVAL_SIGNED, {"approval": "a", "step": "leader"}, instant(day(5)), person=LEADER)
    (ended,) = case.case.approvals
    assert (ended.status, ended.step) == ("granted", None)
    assert [(item.step, item.by, item.on, item.opinion) for item in ended.signatures] == [
        ("head", HEAD, day(4), "同意"),
        ("leader", LEADER, day(5), ""),
    ]
    assert case.case.pending_approval(MAIN) is None


ENDS = {
    "returned": (EntryKind.APPROVAL_RETURNED, {"step": "head", "opinion": "补充"}, "returned"),
    "taken back": (EntryKind.APPROVAL_WITHDRAWN, {"void": False}, "withdrawn"),
    "void": (EntryKind.APPROVAL_WITHDRAWN, {"void": True}, "void"),
}


@pytest.mark.parametrize(("kind", "payload", "status"), ENDS.values(), ids=ENDS)
def test_a_request_that_is_not_granted_ends(kind: EntryKind, payload: dict[str, Any], status: str) -> None:
    case = Chronicle(tale(), TALE).opened()
    for approval in ("a", "b"):
        told = {
            "approval": approval,
            "proceeding": MAIN,
            "action": "decide",
            "facts": {},
            "steps": ["head"],
            "frozen": "f",
        }
        case.add(EntryKind.APPROVAL_REQUESTED, told, instant(day(3)))
    case.add(kind, {"approval": "b", **payload}, instant(day(4)), person=HEAD)
    assert [item.status for item in case.case.approvals] == ["pending", status]


def test_a_step_that_the_definition_no_longer_names_is_waited_for_by_nobody() -> None:
    bare = procedure(state("open"), action("decide", "open", "open")).action("decide")
    assert bare is not None
    assert waiting_step(bare, request()) is None
