"""Deciding: whether an action may be taken, and what taking it means."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from caseapp.domain.errors import ActionRefused, InputError, InputErrors
from caseapp.domain.events import EntryKind
from caseapp.domain.roles import Role
from caseapp.domain.workflow import engine
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.definition import (
    PREVIOUS,
    SAME,
    Category,
    ClockUse,
    FieldKind,
    GuardUse,
    PostState,
    Procedure,
)
from caseapp.domain.workflow.engine import Decision, decide
from tests.factories.chronicles import COLLEAGUE, HEAD, MAIN, OFFICER, Chronicle, actor, day, instant
from tests.factories.procedures import (
    TALE,
    action,
    choice,
    equals,
    field,
    milestone,
    procedure,
    state,
    step,
    tale,
)

TODAY = day(10)


def of(made: Procedure, **case: Any) -> Chronicle:
    return Chronicle(ProcedureSet([made]), made).opened(**case)


def decided(
    case: Chronicle, action_id: str, values: dict[str, Any] | None = None, person: str = OFFICER, **more: Any
) -> Decision:
    situation = case.situation(person, on=more.pop("on", TODAY), **more.pop("seen", {}))
    return decide(case.procedure, situation, action_id, values or {}, today=more.pop("today", TODAY), **more)


def refusal(
    case: Chronicle, action_id: str, values: dict[str, Any] | None = None, person: str = OFFICER, **more: Any
) -> list[str]:
    """Return the guards by which the action is refused."""
    with pytest.raises(ActionRefused) as refused:
        decided(case, action_id, values, person, **more)
    assert refused.value.action == action_id
    return [unmet.guard for unmet in refused.value.unmet]


def tale_in(state_id: str) -> Chronicle:
    """Return a case of the small procedure on its way to a state."""
    case = Chronicle(tale(), TALE).opened()
    ways = {
        "lead": "",
        "open": "file",
        "checked": "file check",
        "decided": "file check decide",
        "paused": "file check suspend",
    }
    for offset, name in enumerate(ways[state_id].split(), start=1):
        made = decide(TALE, case.situation(OFFICER, day(offset)), name, {}, today=day(offset), approved=True)
        case.decided(made, OFFICER)
    assert case.state == state_id
    return case


# --- whether ---------------------------------------------------------------------------------------------------------


def test_an_action_leads_from_its_state_to_its_post_state() -> None:
    decision = decided(tale_in("lead"), "file")
    assert (decision.from_state, decision.to_state, decision.on, decision.steps) == ("lead", "open", TODAY, ())
    assert decision.milestone == {"kind": "filed", "on": TODAY.isoformat(), "precision": "day", "details": {}}


def test_an_action_of_another_state_is_refused_naming_both() -> None:
    with pytest.raises(ActionRefused) as refused:
        decided(tale_in("lead"), "close")
    (unmet,) = refused.value.unmet
    assert unmet.guard == "state"
    assert str(unmet.message) == "“lead”状态下不能办理“close”"
    assert unmet.message.values["action"] == {"zh": "close", "en": "close (en)"}


def test_an_action_that_the_procedure_does_not_have_is_refused() -> None:
    with pytest.raises(ActionRefused, match="程序中没有“fly”这一事项"):
        decided(tale_in("lead"), "fly")


def test_a_role_that_may_not_take_the_action_is_told_who_may() -> None:
    case = of(procedure(state("open"), action("go", "open", SAME, roles=(Role.LEADER, Role.SECTION_HEAD))))
    with pytest.raises(ActionRefused) as refused:
        decided(case, "go")
    (unmet,) = refused.value.unmet
    assert (unmet.guard, unmet.cure) == ("role", "leader|section_head")
    assert decided(case, "go", person=HEAD).to_state == "open"


def test_one_of_several_roles_is_enough() -> None:
    case = of(procedure(state("open"), action("go", "open", SAME, roles=(Role.LEADER,))))
    both = actor("both", Role.OFFICER, Role.LEADER)
    assert decide(case.procedure, case.situation(both), "go", {}, today=TODAY).to_state == "open"


def test_nobody_takes_what_the_system_does_by_itself() -> None:
    case = of(procedure(state("open"), action("lapse", "open", SAME, automatic=True, roles=(Role.SYSTEM,))))
    assert refusal(case, "lapse") == ["automatic", "role"]


def test_while_a_request_waits_nothing_else_of_its_proceeding_may_be_done() -> None:
    case = tale_in("checked").add(
        EntryKind.APPROVAL_REQUESTED,
        {
            "approval": "a",
            "proceeding": MAIN,
            "action": "decide",
            "facts": {},
            "steps": ["head", "leader"],
            "frozen": "x",
        },
        instant(day(5)),
    )
    with pytest.raises(ActionRefused) as refused:
        decided(case, "note", person=COLLEAGUE)
    (unmet,) = refused.value.unmet
    assert (unmet.guard, unmet.cure) == ("pending", OFFICER)
    case.add(EntryKind.APPROVAL_WITHDRAWN, {"approval": "a", "void": False}, instant(day(6)))
    assert decided(case, "note", person=COLLEAGUE).to_state == "checked"


def test_every_unmet_condition_is_told_in_the_order_of_the_definition() -> None:
    guards = (equals("a", 1), GuardUse("actor_is_assigned"), equals("b", 2))
    case = of(procedure(state("open"), action("go", "open", SAME, guards=guards)))
    assert refusal(case, "go") == ["fact_equals", "actor_is_assigned", "fact_equals"]


def test_a_guard_that_is_turned_round_is_met_where_the_plain_one_is_not() -> None:
    case = of(
        procedure(state("open"), action("go", "open", SAME, guards=(GuardUse("actor_is_assigned", negate=True),)))
    )
    assert decided(case, "go").to_state == "open"
    mine = of(case.procedure, officers=[OFFICER])
    assert refusal(mine, "go") == ["actor_is_assigned"]


def test_a_wrong_form_is_told_before_the_guards_that_read_it() -> None:
    asks = action("go", "open", SAME, fields=(field("n", FieldKind.INTEGER, required=True),), guards=(equals("n", 1),))
    case = of(procedure(state("open"), asks))
    with pytest.raises(InputErrors):
        decided(case, "go")
    assert refusal(case, "go", {"n": 2}) == ["fact_equals"]
    assert decided(case, "go", {"n": 1}).facts == {"n": 1}


def test_a_refusal_of_one_condition_reads_as_that_condition_and_of_several_as_their_number() -> None:
    one = of(procedure(state("open"), action("go", "open", SAME, guards=(equals("a", 1),))))
    two = of(procedure(state("open"), action("go", "open", SAME, guards=(equals("a", 1), equals("b", 1)))))
    with pytest.raises(ActionRefused) as single:
        decided(one, "go")
    with pytest.raises(ActionRefused, match="有 2 项条件未满足"):
        decided(two, "go")
    assert str(single.value) == str(single.value.unmet[0].message)


# --- where to --------------------------------------------------------------------------------------------------------

POSTS = procedure(
    state("open"),
    state("first"),
    state("second"),
    state("last"),
    action(
        "go",
        "open",
        (
            PostState("first", (equals("a", 1), equals("b", 1))),
            PostState("second", (equals("a", 1),)),
            PostState("last"),
        ),
        fields=(field("a", FieldKind.INTEGER), field("b", FieldKind.INTEGER)),
    ),
)
LEADS = {
    "the first whose conditions are all met": ({"a": 1, "b": 1}, "first"),
    "the next where one is not": ({"a": 1}, "second"),
    "the default where none is": ({"b": 1}, "last"),
    "the default where nothing is known": ({}, "last"),
}


@pytest.mark.parametrize(("values", "to"), LEADS.values(), ids=LEADS)
def test_post_states_are_tried_in_order(values: dict[str, Any], to: str) -> None:
    assert decided(of(POSTS), "go", values).to_state == to


def test_staying_keeps_the_state_and_what_it_would_return_to() -> None:
    made = procedure(
        state("open"), state("paused", Category.SUSPENDED),
        action("suspend", "open", "paused", "suspended"), action("note", "paused", SAME), action("back", "paused", PREVIOUS, "resumed"),
    )  # fmt: skip
    case = of(made)
    case.decided(decided(case, "suspend", on=day(1)), OFFICER)
    case.decided(decided(case, "note", on=day(2)), OFFICER)
    assert (case.state, case.main.saved) == ("paused", "open")
    assert decided(case, "back").to_state == "open"


def test_going_back_leads_to_where_the_suspension_began_even_through_other_suspended_states() -> None:
    case = tale_in("paused")
    halted = decided(case, "halt", on=day(6))
    assert (halted.to_state, halted.saved) == ("stopped", "checked")
    case.decided(halted, OFFICER)
    back = decided(case, "resume")
    assert (back.to_state, back.saved) == ("checked", None)


def test_where_there_is_nothing_to_go_back_to_the_action_is_refused() -> None:
    case = of(procedure(state("paused", Category.SUSPENDED), action("back", "paused", PREVIOUS)))
    assert refusal(case, "back") == ["saved"]


# --- what it means ---------------------------------------------------------------------------------------------------


def test_details_of_a_milestone_are_fixed_or_read_from_the_form() -> None:
    use = milestone("closed", details={"reason": "law"}, details_from={"manner": "how", "to": "where"})
    made = procedure(
        state("open"), state("closed", Category.CLOSED),
        action("close", "open", "closed", use, fields=(choice("how", "executed", fact="closing_manner"), field("where"))),
    )  # fmt: skip
    decision = decided(of(made), "close", {"how": "executed"})
    assert decision.facts == {"closing_manner": "executed"}
    assert decision.milestone == {
        "kind": "closed",
        "on": TODAY.isoformat(),
        "precision": "day",
        "details": {"reason": "law", "manner": "executed"},
    }


def test_what_is_not_a_milestone_of_the_procedure_is_none_of_the_case() -> None:
    assert decided(tale_in("open"), "check").milestone is None


EXTENDED = procedure(
    state("open"),
    action("more", "open", SAME, clocks=ClockUse(extends=("P01",)), fields=(field("extension_n", FieldKind.INTEGER),)),
)


def test_a_clock_is_extended_by_the_number_asked_else_by_what_the_law_grants() -> None:
    asked = decided(of(EXTENDED), "more", {"extension_n": 5}, seen={"law": {"extension.P01": 15}})
    granted = decided(of(EXTENDED), "more", seen={"law": {"extension.P01": 15}})
    assert asked.extends == ({"rule": "P01", "n": 5, "unit": "days"},)
    assert granted.extends == ({"rule": "P01", "n": 15, "unit": "days"},)


def test_an_extension_of_which_nobody_knows_the_length_extends_nothing() -> None:
    assert decided(of(EXTENDED), "more").extends == ()


# --- when ------------------------------------------------------------------------------------------------------------

DATED = procedure(
    state("open"),
    action("told", "open", SAME, fields=(field("when", FieldKind.DATE),), occurs_on="when"),
    action(
        "reached",
        "open",
        SAME,
        milestone("served", date_from="when"),
        fields=(field("when", FieldKind.DATE, fact="served_on"),),
    ),
    action("at", "open", SAME, fields=(field("moment", FieldKind.INSTANT),), occurs_on="moment"),
)


@pytest.mark.parametrize("name", ["told", "reached"])
def test_a_field_of_the_form_dates_the_act(name: str) -> None:
    decision = decided(of(DATED), name, {"when": day(3).isoformat()})
    assert decision.on == day(3)
    if decision.milestone:
        assert decision.milestone["on"] == day(3).isoformat()


def test_an_act_whose_date_is_left_open_is_of_the_day_asked_about() -> None:
    assert decided(of(DATED), "told", on=day(7)).on == day(7)


def test_an_act_today_is_lawful_and_one_tomorrow_is_not() -> None:
    case = of(DATED)
    assert decided(case, "told", {"when": TODAY.isoformat()}).on == TODAY
    with pytest.raises(InputError, match="不能晚于今天") as refused:
        decided(case, "told", {"when": day(11).isoformat()})
    assert refused.value.field == "when"


INSTANTS = {
    "written in China": ("2026-03-05T00:30:00+08:00", date(2026, 3, 5)),
    "written in universal time": ("2026-03-04T16:30:00+00:00", date(2026, 3, 5)),
    "written west of it": ("2026-03-04T20:00:00-05:00", date(2026, 3, 5)),
    "late in the day": ("2026-03-05T23:59:59+08:00", date(2026, 3, 5)),
}


@pytest.mark.parametrize(("told", "on"), INSTANTS.values(), ids=INSTANTS)
def test_an_instant_is_of_its_day_in_china_wherever_it_was_written(told: str, on: date) -> None:
    assert decided(of(DATED), "at", {"moment": told}).on == on


def test_guards_judge_the_day_of_the_act_and_not_the_day_it_is_written_down() -> None:
    made = procedure(
        state("open"),
        action(
            "hear", "open", SAME, occurs_on="when", fields=(field("when", FieldKind.DATE),),
            guards=(GuardUse("not_before", {"fact": "planned"}),),
        ),
    )  # fmt: skip
    case = of(made)
    case.image = replace(case.case, proceedings=(replace(case.main, facts={"planned": day(5).isoformat()}),))
    assert refusal(case, "hear", {"when": day(4).isoformat()}) == ["not_before"]
    assert decided(case, "hear", {"when": day(5).isoformat()}).on == day(5)


# --- approval --------------------------------------------------------------------------------------------------------


def test_only_the_steps_that_apply_to_the_case_are_asked() -> None:
    steps = (step("head", Role.SECTION_HEAD), step("legal", Role.LEGAL_REVIEWER, equals("grave", True)), step("leader", Role.LEADER))  # fmt: skip
    made = procedure(
        state("open"), action("go", "open", SAME, approval=steps, fields=(field("grave", FieldKind.BOOLEAN),))
    )
    case = of(made)
    assert [item.id for item in decided(case, "go").steps] == ["head", "leader"]
    assert [item.id for item in decided(case, "go", {"grave": True}).steps] == ["head", "legal", "leader"]


def test_what_was_approved_is_judged_by_its_guards_again_but_not_by_role_form_or_steps() -> None:
    asks = action(
        "go", "open", SAME, approval=(step("leader", Role.LEADER),), guards=(equals("ready", True),),
        fields=(field("n", FieldKind.INTEGER, required=True, fact="number"),), roles=(Role.SECTION_HEAD,),
    )  # fmt: skip
    case = of(procedure(state("open"), asks))
    ready = {"number": 5, "ready": True}
    assert decided(case, "go", ready, approved=True).facts == ready
    assert decided(case, "go", ready, approved=True).steps == ()
    assert refusal(case, "go", {"number": 5}, approved=True) == ["fact_equals"]


def test_what_was_approved_and_does_not_start_here_any_more_is_refused() -> None:
    assert refusal(tale_in("decided"), "decide", approved=True) == ["state"]


# --- the table -------------------------------------------------------------------------------------------------------


def test_a_definition_is_compiled_once_and_another_of_the_same_name_anew() -> None:
    assert engine.table_of(TALE) is engine.table_of(TALE)
    twin = replace(TALE, name=TALE.name)
    assert engine.table_of(twin) is not engine.table_of(TALE)


def test_the_table_has_one_cell_for_each_source_of_each_action() -> None:
    table = engine.compile_table(TALE)
    assert set(table) == {(source, item.id) for item in TALE.actions for source in item.sources}


def test_a_guard_that_does_not_exist_is_found_when_the_definition_is_compiled() -> None:
    with pytest.raises(KeyError):
        engine.compile_table(procedure(state("open"), action("go", "open", SAME, guards=(GuardUse("no_such_guard"),))))


def test_firing_asks_for_guards_and_post_states_alone() -> None:
    case = of(POSTS)
    situation = replace(case.situation(OFFICER), fields={"a": 1})
    assert engine.fire(engine.table_of(POSTS), "open", "go", situation) == "second"
    with pytest.raises(KeyError):
        engine.fire(engine.table_of(POSTS), "first", "go", situation)


def test_firing_returns_every_unmet_condition() -> None:
    made = procedure(state("open"), action("go", "open", SAME, guards=(equals("a", 1), equals("b", 1))))
    found = engine.fire(engine.table_of(made), "open", "go", of(made).situation())
    assert isinstance(found, tuple)
    assert [unmet.guard for unmet in found] == ["fact_equals", "fact_equals"]
