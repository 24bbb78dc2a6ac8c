"""Side proceedings: they open beside the main one, leave time out of its clocks, and the law ends what has run out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from caseapp.adapters.calendar_files import load_calendar
from caseapp.adapters.clock_files import load_rule_book
from caseapp.domain.calendar import WorkingCalendar
from caseapp.domain.clocks.rules import RuleBook
from caseapp.domain.errors import ActionRefused
from caseapp.domain.events import EntryKind, Precision
from caseapp.domain.facts import CaseImage, PauseRecord, ProceedingImage
from caseapp.domain.workflow import replay, sides
from caseapp.domain.workflow.engine import decide
from caseapp.domain.workflow.timing import clocks_of
from tests.factories.chronicles import LEADER, MAIN, OFFICER, Chronicle, day, instant, payload_of
from tests.factories.procedures import MEASURE, TALE, TEST, with_sides

WORKFLOWS = Path(__file__).parents[3] / "workflows"
PROCEDURES = with_sides()


@cache
def rules() -> RuleBook:
    return load_rule_book([WORKFLOWS])


@cache
def calendar() -> WorkingCalendar:
    return load_calendar([WORKFLOWS])


def filed() -> Chronicle:
    return Chronicle(PROCEDURES, TALE).opened().acted("file", "open", day(1))


def opened(case: Chronicle, procedure: str, on: date, *, name: str = "s") -> Chronicle:
    begun = {"proceeding": {"id": name, "procedure": procedure, "version": 1}}
    return case.add(EntryKind.PROCEEDING_OPENED, begun, instant(on), Precision.DAY)


def took(case: Chronicle, action: str, on: date, name: str = "s", /, **values: Any) -> Chronicle:
    """Let the officer take a step in a side proceeding, decided by the engine."""
    proceeding = case.case.proceeding(name)
    assert proceeding is not None
    procedure = PROCEDURES.pinned(proceeding.procedure, proceeding.version)
    situation = case.situation(OFFICER, on)
    situation = replace(situation, proceeding=proceeding, procedures=PROCEDURES)
    decision = decide(procedure, situation, action, values, today=on)
    payload = payload_of(decision, proceeding=name, tells=[dict(item) for item in decision.tells])
    return case.add(EntryKind.ACTED, payload, instant(decision.on, 10), Precision.DAY)


def held() -> Chronicle:
    return took(opened(filed(), "measure", day(2)), "impose", day(2))


def side(image: CaseImage | None, name: str = "s") -> ProceedingImage:
    assert image is not None
    found = image.proceeding(name)
    assert found is not None
    return found


def lapse(case: Chronicle, today: date) -> sides.Lapse | None:
    return sides.next_lapse(case.case, PROCEDURES, rules(), calendar(), today)


def settled(case: Chronicle, today: date) -> CaseImage:
    return sides.settled(case.case, PROCEDURES, rules(), calendar(), today=today, now=instant(today))


def recorded(case: Chronicle, today: date) -> Chronicle:
    found = lapse(case, today)
    assert found is not None
    return case.add(EntryKind.LAPSED, found.payload, found.occurred_at, Precision.DAY, "system")


def due_of(proceeding: ProceedingImage, today: date) -> date | None:
    return clocks_of(proceeding, rules(), calendar(), as_of=today)[0].run.due.on


# --- opening ---------------------------------------------------------------------------------------------------------


def test_a_side_proceeding_stands_beside_the_main_one_and_moves_on_its_own() -> None:
    case = held()
    assert [item.procedure for item in case.case.proceedings] == ["tale", "measure"]
    assert side(case.case).state == "held"
    assert side(case.case).opened_on == day(2)
    assert (case.main.state, [clock.rule for clock in side(case.case).clocks]) == ("open", ["P05"])
    assert replay.fold(case.entries, PROCEDURES) == case.case


def test_it_can_be_spoken_of_before_it_is_opened() -> None:
    case = filed().case
    spoken = sides.spoken_of(case, "new.measure", PROCEDURES, day(3))
    assert spoken is not None
    assert sides.is_unopened(spoken)
    assert (spoken.state, spoken.category) == ("proposed", "lead")
    assert sides.spoken_of(case, MAIN, PROCEDURES, day(3)) is case.main
    assert sides.spoken_of(case, "new.tale", PROCEDURES, day(3)) is None
    assert sides.spoken_of(case, "nothing", PROCEDURES, day(3)) is None


def test_it_opens_only_in_the_states_that_its_definition_names() -> None:
    case = filed()
    assert sides.opening_obstacles(MEASURE, case.case, PROCEDURES) == ()
    case.acted("check", "checked", day(2))
    (unmet,) = sides.opening_obstacles(MEASURE, case.case, PROCEDURES)
    assert str(unmet.message) == "案件处于“checked”，不能启动“measure”"
    assert unmet.cure == "officer"
    assert sides.opening_obstacles(TEST, case.case, PROCEDURES) == ()
    assert sides.openable(case.case, PROCEDURES) == (MEASURE, TEST)


def test_it_does_not_open_beside_a_procedure_that_it_does_not_name() -> None:
    other = replace(MEASURE, opens_from={"another": ("*",)})
    (unmet,) = sides.opening_obstacles(other, filed().case, PROCEDURES)
    assert "不适用" in str(unmet.message)


def test_it_begins_with_the_acts_that_its_definition_names() -> None:
    assert sides.begins_with(MEASURE, "impose")
    assert not sides.begins_with(MEASURE, "drop")


# --- time that does not count ----------------------------------------------------------------------------------------


def test_the_main_proceeding_and_a_measure_leave_the_time_of_a_test_out() -> None:
    case = took(opened(held(), "test", day(5), name="t"), "send", day(5), "t")
    assert case.main.pauses == (PauseRecord("appraisal", day(5), of="t"),)
    assert side(case.case).pauses == (PauseRecord("appraisal", day(5), of="t"),)
    assert [(item.kind, item.proceeding) for item in case.case.milestones][-1] == ("excluded_from", MAIN)
    took(case, "receive", day(12), "t")
    assert case.main.pauses == side(case.case).pauses == (PauseRecord("appraisal", day(5), day(12), "t"),)
    assert [item.kind for item in case.case.milestones][-1] == "excluded_until"
    before = held().case
    assert due_of(side(before), day(12)) == day(32)
    assert due_of(side(case.case), day(12)) == day(39)
    assert replay.fold(case.entries, PROCEDURES) == case.case


def test_each_ends_only_the_time_that_it_began_itself() -> None:
    case = filed()
    case.told("excluded_from", day(3), reason="appraisal")
    case = took(opened(case, "test", day(5), name="t"), "send", day(5), "t")
    took(case, "receive", day(8), "t")
    assert case.main.pauses == (
        PauseRecord("appraisal", day(3)),
        PauseRecord("appraisal", day(5), day(8), "t"),
    )


def test_an_end_that_states_no_reason_is_told_with_the_reason_of_what_it_ends() -> None:
    case = filed().acted("exclude", "open", day(2), milestone={"kind": "excluded_from", "on": day(2).isoformat(), "details": {"reason": "other"}})  # fmt: skip
    case = took(opened(case, "test", day(5), name="t"), "send", day(5), "t")
    decision = decide(TALE, case.situation(on=day(6)), "include", {}, today=day(6))
    assert decision.milestone is not None
    assert decision.milestone["details"] == {"reason": "other"}
    case.decided(decision, OFFICER)
    assert [pause.until for pause in case.main.pauses] == [day(6), None]


def test_a_measure_that_is_over_is_not_told() -> None:
    case = took(held(), "lift", day(3))
    took(opened(case, "test", day(5), name="t"), "send", day(5), "t")
    assert side(case.case).pauses == ()


# --- what the law ends -----------------------------------------------------------------------------------------------


def test_a_measure_holds_through_its_last_day_and_has_lapsed_the_day_after() -> None:
    case = held()
    assert lapse(case, day(32)) is None
    found = lapse(case, day(33))
    assert found is not None
    assert (found.on, found.action.id, found.rule) == (day(33), "expire", "P05")
    assert side(settled(case, day(32))).state == "held"
    assert side(settled(case, day(60))).state == "expired"
    assert side(settled(case, day(60))).entered_on == day(33)


def test_written_down_or_not_the_measure_has_lapsed_on_the_same_day() -> None:
    case = held()
    known = settled(case, day(60))
    recorded(case, day(60))
    assert side(case.case).state == side(known).state == "expired"
    assert side(case.case).entered_on == side(known).entered_on
    assert lapse(case, day(90)) is None
    assert side(case.case).acts[-1].actor == "system"
    assert side(case.case).clocks[0].met is None
    assert replay.fold(case.entries, PROCEDURES) == case.case


def test_an_extension_learned_of_later_undoes_the_lapse() -> None:
    case = recorded(held(), day(40))
    took_place = {
        "proceeding": "s",
        "action": "extend",
        "from": "held",
        "to": "held",
        "extends": [{"rule": "P05", "n": 30, "unit": "days"}],
    }
    case.add(EntryKind.ACTED, took_place, instant(day(20)), Precision.DAY, recorded_at=instant(day(41)))
    assert side(case.case).state == "held"
    assert lapse(case, day(62)) is None
    again = lapse(case, day(63))
    assert again is not None
    assert again.on == day(63)


def test_a_release_learned_of_later_leaves_nothing_to_lapse() -> None:
    case = recorded(held(), day(40))
    lifted = {"proceeding": "s", "action": "lift", "from": "held", "to": "over", "meets": ["P05"]}
    case.add(EntryKind.ACTED, lifted, instant(day(25)), Precision.DAY, recorded_at=instant(day(41)))
    assert side(case.case).state == "over"
    assert side(case.case).closed_on == day(25)
    assert lapse(case, day(90)) is None


def test_a_lapse_voids_what_waits_for_a_signature() -> None:
    case = held()
    asked = {"approval": "a", "proceeding": "s", "action": "extend", "facts": {}, "steps": ["leader"], "frozen": ""}
    case.add(EntryKind.APPROVAL_REQUESTED, asked, instant(day(30)))
    recorded(case, day(40))
    assert [request.status for request in case.case.approvals] == ["void"]


def test_a_lapse_of_what_nobody_knows_of_tells_nothing() -> None:
    case = recorded(held(), day(40))
    known = [entry for entry in case.entries if entry.kind != EntryKind.PROCEEDING_OPENED and entry.kind != "acted"]
    image = replay.fold(known, PROCEDURES)
    assert image is not None
    assert len(image.proceedings) == 1


def test_an_act_in_a_measure_that_has_lapsed_is_refused_in_the_order_of_time() -> None:
    case = recorded(held(), day(40))
    late = {"proceeding": "s", "action": "extend", "from": "held", "to": "held"}
    with pytest.raises(ActionRefused):
        case.add(EntryKind.ACTED, late, instant(day(41)), Precision.DAY, LEADER)


def test_what_lapses_by_law_is_known_by_its_rules() -> None:
    assert sides.lapsing_rules(PROCEDURES) == {"P05"}
