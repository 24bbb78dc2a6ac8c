"""The list behind every button: what may be done next, and why the rest may not."""

from __future__ import annotations

from dataclasses import replace

from caseapp.domain.events import EntryKind
from caseapp.domain.roles import Role
from caseapp.domain.workflow.available import available
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.definition import SAME, FieldKind, GuardUse, Procedure
from tests.factories.chronicles import HEAD, MAIN, OFFICER, Chronicle, day, instant
from tests.factories.procedures import TALE, action, equals, field, procedure, state, step, tale

LIST = procedure(
    state("open"),
    state("shut"),
    action("second", "open", SAME),
    action("first", "open", SAME),
    action("lapse", "open", SAME, automatic=True),
    action("later", "shut", SAME),
    action("theirs", "open", SAME, roles=(Role.SECTION_HEAD,)),
    action("barred", "open", SAME, guards=(GuardUse("actor_is_assigned"), equals("ready", value=True))),
    action(
        "judged",
        "open",
        SAME,
        guards=(
            GuardUse("two_certified_officers", {"field": "officers"}),
            GuardUse("date_in_future", {"field": "told"}),
        ),
        fields=(
            field("officers", FieldKind.OFFICERS),
            field("told", FieldKind.DATE),
            field("grave", FieldKind.BOOLEAN),
        ),
        approval=(step("head", Role.SECTION_HEAD), step("legal", Role.LEGAL_REVIEWER, equals("grave", value=True))),
    ),
)


def of(made: Procedure = LIST) -> Chronicle:
    return Chronicle(ProcedureSet([made]), made).opened()


def test_every_action_of_the_state_is_listed_in_the_order_of_the_definition_but_for_automatic_ones() -> None:
    listed = [item.action.id for item in available(LIST, of().situation())]
    assert listed == ["second", "first", "theirs", "barred", "judged"]


def test_an_action_says_whether_its_form_may_be_opened_and_else_why_not() -> None:
    listed = {item.action.id: item for item in available(LIST, of().situation())}
    assert listed["first"].open
    assert [unmet.guard for unmet in listed["theirs"].unmet] == ["role"]
    assert [unmet.guard for unmet in listed["barred"].unmet] == ["actor_is_assigned", "fact_equals"]
    assert not listed["barred"].open


def test_the_role_and_the_conditions_are_told_together() -> None:
    (barred,) = (item for item in available(LIST, of().situation(HEAD)) if item.action.id == "barred")
    assert [unmet.guard for unmet in barred.unmet] == ["role", "actor_is_assigned", "fact_equals"]


def test_what_only_the_form_can_tell_is_announced_and_not_judged() -> None:
    situation = of().situation()
    judged = next(item for item in available(LIST, situation) if item.action.id == "judged")
    assert judged.unmet == ()
    assert set(judged.asked) <= {"two_certified_officers", "date_in_future"}
    assert "date_in_future" in judged.asked
    assert [item.id for item in judged.steps] == ["head"]


def test_values_left_over_from_another_form_are_not_read() -> None:
    stale = replace(of().situation(), fields={"ready": True, "grave": True})
    listed = {item.action.id: item for item in available(LIST, stale)}
    assert "fact_equals" in {unmet.guard for unmet in listed["barred"].unmet}
    assert [item.id for item in listed["judged"].steps] == ["head"]


def test_a_waiting_request_stands_before_every_action() -> None:
    case = Chronicle(tale(), TALE).opened().acted("file", "open", day(1)).acted("check", "checked", day(2))
    case.add(
        EntryKind.APPROVAL_REQUESTED,
        {
            "approval": "a",
            "proceeding": MAIN,
            "action": "decide",
            "facts": {},
            "steps": ["head", "leader"],
            "frozen": "x",
        },
        instant(day(3)),
    )
    listed = available(TALE, case.situation(OFFICER, day(4)))
    assert listed
    assert all("pending" in {unmet.guard for unmet in item.unmet} for item in listed)
