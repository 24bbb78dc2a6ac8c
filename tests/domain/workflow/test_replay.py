"""Folding entries into a case: what each says, in the one order of when things happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from itertools import permutations
from typing import Any

import pytest

from caseapp.domain.errors import ActionRefused
from caseapp.domain.events import Entry, EntryKind, MilestoneKind, Precision
from caseapp.domain.facts import ActRecord, ClockRecord, ExtensionRecord, Goods, Party, PauseRecord, Right
from caseapp.domain.workflow import replay
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.definition import ClockUse
from tests.factories.chronicles import HEAD, MAIN, OFFICER, OPENED, Chronicle, day, instant
from tests.factories.procedures import TALE, action, procedure, state, tale


def opened(**more: Any) -> Chronicle:
    return Chronicle(tale(), TALE).opened(**more)


def imported(on: date = OPENED) -> Chronicle:
    return Chronicle(tale(), TALE).opened(on, told=False)


def known(case: Chronicle) -> list[tuple[str, date]]:
    return [(item.kind.value, item.on) for item in case.case.milestones]


def running(case: Chronicle) -> dict[str, bool | None]:
    return {clock.rule: clock.met for clock in case.main.clocks}


# --- opening ---------------------------------------------------------------------------------------------------------


def test_a_folder_is_opened_with_its_main_proceeding_its_milestone_and_its_clock() -> None:
    case = opened(
        parties=[{"id": "p", "role": "respondent", "kind": "person", "name": "张某"}], act_from="2026-01-01"
    ).case
    assert (case.id, case.version, case.opened_on, case.origin) == ("case", 1, OPENED, "user")
    assert case.parties == (Party("p", "respondent", "person", "张某"),)
    assert case.act_from == date(2026, 1, 1)
    assert (case.main.state, case.main.category, case.main.entered_on, case.main.branches) == (
        "lead",
        "lead",
        OPENED,
        (),
    )
    assert case.main.clocks == (ClockRecord("P01", OPENED),)
    assert [(item.kind, item.on, item.seq) for item in case.milestones] == [(MilestoneKind.REGISTERED, OPENED, 1)]
    assert [(item.code, item.on) for item in case.divisions] == [("320612", OPENED)]


def test_a_folder_taken_over_waits_for_its_milestones() -> None:
    case = imported().case
    assert case.milestones == ()
    assert case.main.clocks == ()
    assert [branch.state for branch in case.main.branches] == ["lead"]


def test_a_field_that_no_entry_may_carry_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        opened(version=7)


def test_of_no_entries_there_is_no_case() -> None:
    assert replay.fold([], tale()) is None


def test_entries_before_anything_was_opened_are_of_no_case_known_yet() -> None:
    case = opened().acted("note", "lead", day(1))
    assert replay.fold(case.entries[1:], tale()) is None


# --- acts ------------------------------------------------------------------------------------------------------------


def test_an_act_changes_the_state_keeps_its_facts_and_says_who_did_it_when() -> None:
    case = (
        opened().acted("file", "open", day(2), facts={"a": 1}).acted("check", "checked", day(3), HEAD, facts={"b": 2})
    )
    assert (case.state, case.main.category, case.main.entered_on) == ("checked", "open", day(3))
    assert case.main.facts == {"a": 1, "b": 2}
    assert case.main.acts == (
        ActRecord("file", OFFICER, day(2), 2, "open"),
        ActRecord("check", HEAD, day(3), 3, "checked"),
    )
    assert case.main.last_act("file") == case.main.acts[0]
    assert case.main.last_act("close") is None
    assert known(case) == [("registered", OPENED), ("filed", day(2))]


def test_a_later_form_overwrites_the_fact_of_an_earlier_one() -> None:
    case = opened().acted("note", "lead", day(1), facts={"a": 1, "b": 1}).acted("note", "lead", day(2), facts={"a": 2})
    assert case.main.facts == {"a": 2, "b": 1}


def test_an_act_that_stays_does_not_enter_its_state_anew() -> None:
    case = opened().acted("file", "open", day(2)).acted("note", "open", day(5))
    assert case.main.entered_on == day(2)


def test_an_act_that_does_not_start_from_the_state_reached_is_refused_naming_both() -> None:
    case = opened()
    with pytest.raises(ActionRefused, match="按发生时间排列，“close”时案件处于“lead”") as refused:
        case.acted("close", "closed", day(1), **{"from": "decided"})
    assert [unmet.guard for unmet in refused.value.unmet] == ["order"]


def test_an_act_that_the_definition_does_not_have_is_refused_by_its_id() -> None:
    payload = {"proceeding": MAIN, "action": "fly", "from": "sky", "to": "open"}
    with pytest.raises(ActionRefused, match="“fly”时案件处于“lead”"):
        opened().add(EntryKind.ACTED, payload, instant(day(1)))


def test_an_act_of_another_proceeding_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        opened().acted("file", "open", day(1), proceeding="side")


def test_an_act_of_which_no_milestone_tells_the_day_is_of_the_day_it_happened_or_says() -> None:
    case = opened().acted("note", "lead", day(1)).acted("note", "lead", day(5), on=day(4).isoformat())
    assert [act.on for act in case.main.acts] == [day(1), day(4)]


def test_an_act_may_change_the_case_itself() -> None:
    case = opened().acted("file", "open", day(2), case={"number": "1号", "officers": [OFFICER], "title": "新名"})
    assert (case.case.number, case.case.officers, case.case.title) == ("1号", (OFFICER,), "新名")
    assert case.case.display_number() == "1号"


def test_an_act_after_milestones_of_which_the_state_is_open_starts_from_any_state_they_allow() -> None:
    case = imported().told("filed", day(1)).told("suspended", day(2)).told("resumed", day(3))
    assert [branch.state for branch in case.main.branches] == ["open", "checked"]
    case.acted("decide", "decided", day(4), **{"from": "checked"})
    assert (case.state, case.main.branches) == ("decided", ())


def test_an_act_of_a_log_may_skip_silent_steps_and_one_of_a_person_may_not() -> None:
    with pytest.raises(ActionRefused):
        opened().acted("file", "open", day(1)).acted("decide", "decided", day(2), **{"from": "checked"})
    case = imported().acted("file", "open", day(1), imported=True)
    case.acted("decide", "decided", day(2), imported=True, **{"from": "checked"})
    assert (case.state, case.main.irregular) == ("decided", False)


def test_an_act_of_an_archive_that_nothing_leads_up_to_is_kept_and_marked() -> None:
    case = imported().acted("close", "closed", day(1), imported=True, irregular=True, **{"from": "decided"})
    assert (case.state, case.main.irregular) == ("closed", True)
    with pytest.raises(ActionRefused):
        imported().acted("close", "closed", day(1), imported=True, **{"from": "decided"})


# --- closing and reopening -------------------------------------------------------------------------------------------


def closed(**details: Any) -> Chronicle:
    case = imported().told("filed", day(1)).told("decided", day(10), outcome="penalty")
    return case.told("closed", day(20), **{"manner": "executed", **details})


def test_a_closed_case_knows_its_day_and_forgets_it_when_reopened() -> None:
    case = closed()
    assert (case.state, case.main.category, case.main.closed_on) == ("closed", "closed", day(20))
    case.told("reopened", day(30))
    assert case.main.closed_on is None
    assert case.state == "open"
    case.told("decided", day(35)).told("closed", day(40), manner="terminated")
    assert case.main.closed_on == day(40)
    assert known(case)[-1] == ("closed", day(40))


def test_going_from_one_closed_state_to_another_keeps_the_day_of_closing() -> None:
    made = procedure(
        *TALE.states,
        state("archived", TALE.states[-1].category),
        action("archive", "closed", "archived"),
        *TALE.actions,
    )
    case = (
        Chronicle(ProcedureSet([made]), made).opened().acted("file", "open", day(1)).acted("check", "checked", day(2))
    )
    case.acted("decide", "decided", day(3)).acted("close", "closed", day(4)).acted("archive", "archived", day(9))
    assert (case.main.closed_on, case.main.entered_on) == (day(4), day(9))


def test_closing_ends_what_still_runs_and_reopening_starts_anew() -> None:
    case = opened().acted("file", "open", day(1)).acted("check", "checked", day(2)).acted("decide", "decided", day(3))
    assert running(case) == {"P01": True, "P10": True, "P11": None}
    case.acted("close", "closed", day(4))
    assert running(case) == {"P01": True, "P10": True, "P11": False}
    assert case.main.clocks[-1].ended_on == day(4)
    case.acted("reopen", "open", day(5))
    assert [(clock.rule, clock.started_on, clock.met) for clock in case.main.clocks][-1] == ("P10", day(5), None)


# --- pauses and extensions -------------------------------------------------------------------------------------------


def test_suspension_remembers_where_it_came_from_and_its_days() -> None:
    case = opened().acted("file", "open", day(1)).acted("check", "checked", day(2))
    case.acted("suspend", "paused", day(5), saved="checked")
    assert (case.state, case.main.saved, case.main.category) == ("paused", "checked", "suspended")
    assert case.main.pauses == (PauseRecord("suspension", day(5)),)
    case.acted("resume", "checked", day(9))
    assert (case.state, case.main.saved) == ("checked", None)
    assert case.main.pauses == (PauseRecord("suspension", day(5), day(9)),)


PAUSES: dict[str, tuple[list[tuple[str, int, dict[str, Any]]], list[tuple[str, int, int | None]]]] = {
    "excluded time and its end": (
        [("excluded_from", 2, {"reason": "appraisal"}), ("excluded_until", 5, {})],
        [("appraisal", 2, 5)],
    ),
    "excluded time without a stated reason": ([("excluded_from", 2, {})], [("other", 2, None)]),
    "an end without a reason ends the latest that runs": (
        [("excluded_from", 2, {"reason": "a"}), ("excluded_from", 3, {"reason": "b"}), ("excluded_until", 5, {})],
        [("a", 2, None), ("b", 3, 5)],
    ),
    "an end with a reason ends that one": (
        [
            ("excluded_from", 2, {"reason": "a"}),
            ("excluded_from", 3, {"reason": "b"}),
            ("excluded_until", 5, {"reason": "a"}),
        ],
        [("a", 2, 5), ("b", 3, None)],
    ),
    "an end with a reason that never began ends nothing": (
        [("excluded_from", 2, {"reason": "a"}), ("excluded_until", 5, {"reason": "b"})],
        [("a", 2, None)],
    ),
    "the end of excluded time does not end a suspension": (
        [("suspended", 2, {}), ("excluded_until", 5, {})],
        [("suspension", 2, None)],
    ),
    "resuming does not end excluded time": (
        [("excluded_from", 2, {"reason": "a"}), ("suspended", 3, {}), ("resumed", 5, {})],
        [("a", 2, None), ("suspension", 3, 5)],
    ),
    "what has ended is not ended again": (
        [("excluded_from", 2, {"reason": "a"}), ("excluded_until", 4, {}), ("excluded_until", 6, {})],
        [("a", 2, 4)],
    ),
    "two suspensions": (
        [("suspended", 2, {}), ("resumed", 4, {}), ("suspended", 6, {}), ("resumed", 9, {})],
        [("suspension", 2, 4), ("suspension", 6, 9)],
    ),
}


@pytest.mark.parametrize(("told", "pauses"), PAUSES.values(), ids=PAUSES)
def test_time_that_does_not_count(told: list[Any], pauses: list[Any]) -> None:
    case = imported().told("filed", day(1))
    for kind, offset, details in told:
        case.told(kind, day(offset), **details)
    expected = tuple(
        PauseRecord(reason, day(first), None if until is None else day(until)) for reason, first, until in pauses
    )
    assert case.main.pauses == expected


def test_an_extension_lengthens_the_latest_handling_clock_and_no_other() -> None:
    case = imported().told("registered", day(0)).told("filed", day(1)).told("extended", day(9), n=30, unit="days")
    assert [(clock.rule, clock.extensions) for clock in case.main.clocks] == [
        ("P01", ()),
        ("P10", (ExtensionRecord(30, "days", day(9)),)),
    ]
    case.told("decided", day(10)).told("closed", day(11), manner="terminated").told("reopened", day(20))
    case.told("extended", day(25), n=45)
    assert [len(clock.extensions) for clock in case.main.clocks if clock.rule == "P10"] == [1, 1]
    assert case.main.clocks[-1].extensions == (ExtensionRecord(45, "days", day(25)),)


def test_an_extension_may_be_told_in_months() -> None:
    made = procedure(*TALE.states, action("file", "lead", "open", "filed", clocks=ClockUse(starts=("P10",))),
                     action("extend", "open", "open", "extended"), handling_clock=("P10",))  # fmt: skip
    case = (
        Chronicle(ProcedureSet([made]), made)
        .opened(told=False)
        .told("filed", day(1))
        .told("extended", day(2), n=2, unit="months")
    )
    assert case.main.clocks == (ClockRecord("P10", day(1), extensions=(ExtensionRecord(2, "months", day(2)),)),)


def test_an_extension_that_does_not_say_how_long_adds_nothing() -> None:
    case = imported().told("filed", day(1)).told("extended", day(9))
    assert case.main.clocks[-1].extensions == ()


def test_an_act_extends_the_clocks_it_names() -> None:
    case = opened().acted("note", "lead", day(1), extends=[{"rule": "P01", "n": 15, "unit": "days"}])
    case.acted("note", "lead", day(2), extends=[{"rule": "P99", "n": 15, "unit": "days"}])
    assert case.main.clocks == (ClockRecord("P01", OPENED, extensions=(ExtensionRecord(15, "days", day(1)),)),)


# --- clocks ----------------------------------------------------------------------------------------------------------


def test_an_act_known_to_the_minute_starts_and_meets_its_clocks_at_that_minute() -> None:
    case = opened().acted("file", "open", day(1), hour=15)
    met, started = case.main.clocks
    assert (met.rule, met.ended_on, met.ended_at, met.met) == ("P01", day(1), instant(day(1), 15), True)
    assert (started.rule, started.started_on, started.started_at) == ("P10", day(1), instant(day(1), 15))


def test_an_act_known_by_its_day_starts_clocks_on_that_day_alone() -> None:
    case = imported().told("registered", day(0)).told("filed", day(1))
    met, started = case.main.clocks
    assert (met.ended_at, started.started_at) == (None, None)


@pytest.mark.parametrize("precision", ["month", "year"])
def test_a_day_that_nobody_knows_starts_no_clock(precision: str) -> None:
    case = imported().told("filed", date(2026, 3, 1), precision=precision)
    assert case.main.clocks == ()
    assert case.case.milestones[0].precision is Precision(precision)


@pytest.mark.parametrize("precision", ["month", "year"])
def test_a_day_that_nobody_knows_ends_a_clock_without_judging_it(precision: str) -> None:
    case = imported().told("registered", day(0)).told("filed", date(2026, 4, 1), precision=precision)
    assert case.main.clocks == (ClockRecord("P01", OPENED, ended_on=date(2026, 4, 1), met=False),)


def test_a_clock_that_has_ended_is_not_met_again() -> None:
    case = opened().acted("file", "open", day(1))
    case.acted("note", "open", day(5), meets=["P01"], ends=["P10"])
    assert running(case) == {"P01": True, "P10": False}


def test_clocks_of_one_rule_that_still_run_are_met_together() -> None:
    case = opened().acted("note", "lead", day(1), starts=["P01"]).acted("file", "open", day(2))
    assert [(clock.rule, clock.met) for clock in case.main.clocks] == [("P01", True), ("P01", True), ("P10", None)]


# --- milestones ------------------------------------------------------------------------------------------------------


def test_a_milestone_keeps_what_is_told_of_it() -> None:
    at = datetime.fromisoformat("2026-03-05T15:00:00+08:00")
    case = imported().told("filed", day(3), at=at, precision="instant", reason="x")
    (milestone,) = case.case.milestones
    assert (milestone.at, milestone.order_at, milestone.precision) == (at, at, Precision.INSTANT)
    assert (milestone.detail("reason"), milestone.detail("manner")) == ("x", None)
    assert (milestone.proceeding, milestone.seq, milestone.recorded_at) == (MAIN, 2, at)


def test_a_milestone_without_details_answers_none() -> None:
    (milestone,) = imported().told("filed", day(1)).case.milestones
    assert milestone.details is None
    assert milestone.detail("manner") is None


def test_a_milestone_that_the_procedure_does_not_allow_is_refused_naming_state_and_kind() -> None:
    with pytest.raises(ActionRefused, match="程序“tale”在“lead”状态下不允许节点 decided") as refused:
        imported().told("decided", day(1))
    assert [unmet.guard for unmet in refused.value.unmet] == ["milestones"]


def test_the_opening_milestone_is_taken_once_and_starts_its_clock() -> None:
    case = imported().told("registered", day(0))
    assert running(case) == {"P01": None}
    with pytest.raises(ActionRefused):
        case.told("registered", day(1))


def test_an_opening_after_the_filing_is_none() -> None:
    with pytest.raises(ActionRefused):
        imported().told("filed", day(0)).told("registered", day(1))


def test_a_split_at_the_beginning_belongs_to_every_procedure() -> None:
    case = imported().told("split", day(0), from_="NT-1")
    assert case.case.milestones[0].detail("from") == "NT-1"
    case.told("filed", day(1))
    with pytest.raises(ActionRefused):
        case.told("split", day(2), from_="NT-2")


def test_what_a_milestone_tells_is_known_of_the_proceeding() -> None:
    assert closed().main.facts == {"closing_manner": "executed"}


# --- archives --------------------------------------------------------------------------------------------------------


def test_an_archive_marks_what_is_out_of_place_and_nothing_else() -> None:
    case = imported().told("registered", day(0), irregular=True).told("decided", day(1), irregular=True)
    case.told("closed", day(2), irregular=True, manner="executed")
    assert [(item.kind.value, item.irregular) for item in case.case.milestones] == [
        ("registered", False),
        ("decided", True),
        ("closed", False),
    ]
    assert case.main.irregular
    assert (case.state, case.main.closed_on) == ("closed", day(2))


def test_a_lawful_archive_is_as_regular_as_any() -> None:
    case = imported()
    for offset, (kind, details) in enumerate([("filed", {}), ("decided", {}), ("closed", {"manner": "executed"})]):
        case.told(kind, day(offset), irregular=True, **details)
    assert not case.main.irregular
    assert not any(item.irregular for item in case.case.milestones)


def test_a_history_known_in_part_is_folded_as_far_as_it_goes() -> None:
    case = closed()
    without_filing = [entry for entry in case.entries if (entry.payload.get("milestone") or {}).get("kind") != "filed"]
    with pytest.raises(ActionRefused):
        replay.fold(without_filing, tale())
    image = replay.fold(without_filing, tale(), lenient=True)
    assert image is not None
    assert (image.main.state, image.main.closed_on) == ("closed", day(20))


# --- the one order ---------------------------------------------------------------------------------------------------


def test_entries_are_folded_by_when_they_happened_then_by_when_they_were_written() -> None:
    late = Entry(3, EntryKind.NOTED, instant(day(1)), instant(day(9)), OFFICER, {})
    early = Entry(2, EntryKind.NOTED, instant(day(1)), instant(day(1)), OFFICER, {})
    first = Entry(4, EntryKind.OPENED, instant(day(5)), instant(day(9)), OFFICER, {})
    for order in permutations([late, early, first]):
        assert sorted(order, key=replay.order_of) == [first, early, late], "the opening comes first whatever its day"


def test_a_back_dated_act_that_fits_takes_its_place() -> None:
    case = opened().acted("file", "open", day(1)).acted("check", "checked", day(10))
    case.acted("note", "open", day(5), **{"from": "open"}, facts={"late": True})
    assert [act.action for act in case.main.acts] == ["file", "note", "check"]
    assert (case.state, case.case.version) == ("checked", 4)
    assert case.case.last_occurred_at == instant(day(10))


def test_a_back_dated_act_that_breaks_what_followed_is_refused() -> None:
    case = opened().acted("file", "open", day(1)).acted("check", "checked", day(10)).acted("decide", "decided", day(12))
    before = (case.case, list(case.entries))
    with pytest.raises(ActionRefused, match="“check”时案件处于“paused”"):
        case.acted("suspend", "paused", day(5), saved="open", **{"from": "open"})
    assert (case.case, case.entries) == before


def test_back_dated_milestones_are_lawful_together_where_each_alone_is_not() -> None:
    """Decided while suspended is no lawful history; suspended and resumed before the decision is."""
    case = closed()
    with pytest.raises(ActionRefused, match="“paused”状态下不允许节点 decided"):
        case.told("suspended", day(3))
    with pytest.raises(ActionRefused, match="“open”状态下不允许节点 resumed"):
        case.told("resumed", day(6))
    pair = imported().told("filed", day(1)).told("suspended", day(3)).told("resumed", day(6)).entries[2:]
    image = replay.fold([*case.entries, *(replace(entry, seq=entry.seq + 2) for entry in pair)], case.procedures)
    assert image is not None
    assert [(item.kind.value, item.seq) for item in image.milestones] == [
        ("filed", 2), ("suspended", 5), ("resumed", 6), ("decided", 3), ("closed", 4),
    ]  # fmt: skip
    assert image.main.pauses == (PauseRecord("suspension", day(3), day(6)),)


def test_the_versions_and_times_of_a_case_are_those_of_its_latest_entries() -> None:
    case = opened().add(EntryKind.NOTED, {"text": "x"}, instant(day(3)), recorded_at=instant(day(8)))
    case.add(EntryKind.NOTED, {"text": "y"}, instant(day(5)), recorded_at=instant(day(8)))
    assert (case.case.version, case.case.notes) == (3, 2)
    assert (case.case.last_occurred_at, case.case.last_recorded_at) == (instant(day(5)), instant(day(8)))


# --- everything else -------------------------------------------------------------------------------------------------


def test_facts_of_the_case_change_whole_field_by_whole_field() -> None:
    case = opened(amounts={"turnover": 1, "marks": 2})
    patch = {
        "title": "新名",
        "amounts": {"turnover": 5},
        "rights": [{"kind": "trademark", "number": "1"}],
        "goods": [{"name": "四件套", "quantity": 3}],
        "ip_types": ["gi"],
        "campaigns": ["huhang"],
        "act_to": "2026-02-01",
    }
    case.add(EntryKind.FACTS_CHANGED, {"case": patch, "reason": "更正"}, instant(day(1)))
    now = case.case
    assert (now.title, now.amounts, now.ip_types, now.campaigns) == ("新名", {"turnover": 5}, ("gi",), ("huhang",))
    assert now.rights == (Right("trademark", "1"),)
    assert now.goods == (Goods("四件套", quantity=3),)
    assert (now.act_from, now.act_to) == (None, date(2026, 2, 1))


def test_a_case_remembers_to_which_division_it_belonged_from_when() -> None:
    case = opened()
    for offset, division in ((1, "320612"), (2, "320613"), (3, "320602")):
        case.add(EntryKind.FACTS_CHANGED, {"case": {"division": division}, "reason": "x"}, instant(day(offset)))
    assert [(item.code, item.on) for item in case.case.divisions] == [
        ("320612", day(0)),
        ("320613", day(2)),
        ("320602", day(3)),
    ]


def test_officers_documents_and_notes_are_kept() -> None:
    document = {
        "id": "d", "type": "filing_approval", "number": None, "title": "立案审批表", "proceeding": MAIN, "action": "file",
        "issued_on": day(2).isoformat(), "facts_digest": "sha256:1", "template_version": "1",
    }  # fmt: skip
    case = opened().add(EntryKind.OFFICERS_ASSIGNED, {"officers": [OFFICER, HEAD], "reason": ""}, instant(day(1)))
    case.add(EntryKind.DOCUMENT_ISSUED, {"document": document}, instant(day(2)))
    case.add(EntryKind.NOTED, {"text": "备注"}, instant(day(3)))
    assert case.case.officers == (OFFICER, HEAD)
    assert [(item.id, item.issued_on) for item in case.case.documents] == [("d", day(2))]
    assert case.case.notes == 1


def test_a_case_goes_by_its_number_else_by_whatever_it_has() -> None:
    case = opened().case
    assert case.display_number() == "case"
    assert replace(case, external_id="NT-1").display_number() == "NT-1"
    assert replace(case, external_id="NT-1", lead_number="线1").display_number() == "线1"


def test_the_clocks_that_a_milestone_moves_are_those_of_the_act_it_stands_for() -> None:
    made = procedure(
        *TALE.states,
        action("file", "lead", "open", "filed", clocks=ClockUse(starts=("P10", "P11"))),
        action("serve", "open", "decided", "served", clocks=ClockUse(meets=("P11",), ends=("P10",))),
    )
    case = Chronicle(ProcedureSet([made]), made).opened(told=False).told("filed", day(1)).told("served", day(5))
    assert running(case) == {"P10": False, "P11": True}
