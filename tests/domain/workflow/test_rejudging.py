"""Later acts, papers and openings are put to their guards again: what no longer holds is told, the rest is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.events import Entry, EntryKind
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.roles import Role
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.definition import SAME, Category, GuardUse, Kind, PostState
from caseapp.domain.workflow.rejudging import LEADS_ELSEWHERE, SIGNATURE, STATE, Finding, no_longer_lawful
from caseapp.domain.workflow.replay import fold
from caseapp.domain.workflow.situation import Situation
from tests.factories.chronicles import MAIN, OFFICER, Chronicle, actor, day, instant, staff
from tests.factories.procedures import action, choice, equals, procedure, state, step

SIZES = ("small", "large")

STORY = procedure(
    state("lead", Category.LEAD),
    state("open"),
    state("decided", Category.DECIDED),
    state("heard", Category.DECIDED),
    state("closed", Category.CLOSED),
    action("file", "lead", "open", "filed"),
    action("measure", "open", SAME, fields=(choice("size", *SIZES), choice("asked", "yes", "no"))),
    action("tell", "open", SAME),
    action(
        "decide", "open", (PostState("heard", (equals("asked", "yes"),)), PostState("decided")), "decided",
        guards=(GuardUse("act_done", {"action": "tell"}), equals("size", "small"), equals("never", "met")),
        approval=(step("head", Role.SECTION_HEAD), step("leader", Role.LEADER, equals("size", "large"))),
    ),
    action("close", "decided heard", "closed", "closed"),
    procedure_id="story",
    papers=(
        action("letter", "open", SAME, paper=True,
               guards=(GuardUse("act_done", {"action": "measure"}), equals("wanted", "yes"), equals("asked", "no"))),
        action("order", "open", SAME, paper=True, guards=(GuardUse("actor_is_assigned"), equals("asked", "no")),
               approval=(step("head", Role.SECTION_HEAD), step("leader", Role.LEADER, equals("size", "large")))),
    ),
)  # fmt: skip
ASIDE = procedure(
    state("asked", Category.LEAD), state("over", Category.CLOSED),
    action("ask", "asked", SAME), action("end", "asked", "over"),
    procedure_id="aside", kind=Kind.SIDE, opens_from={"story": ("open",)}, opens_with=("ask",),
)  # fmt: skip
BOOK = ProcedureSet([STORY, ASIDE])
SAID = {"letter": {"wanted": "yes", "asked": "no"}}
"""What the form of a letter said; the ledger does not hold it."""


def view(case: CaseImage, proceeding: ProceedingImage, entry: Entry, on: date) -> Situation:
    who = str(entry.payload.get("for") or entry.actor)
    seen = Situation(case=case, proceeding=proceeding, actor=actor(who), on=on, staff=staff())
    document: Any = entry.payload.get("document", {})
    return replace(seen, fields=SAID.get(document.get("action"), {}))


def story(size: str = "small", asked: str = "no", to: str = "decided") -> Chronicle:
    """Return a case that was measured, told and decided; entry 3 is the measuring, 4 the telling, 6 the decision."""
    case = Chronicle(BOOK, STORY).opened().acted("file", "open", day(2))
    case.acted("measure", "open", day(4), facts={"size": size, "asked": asked})
    case.acted("tell", "open", day(6))
    request = {"approval": "a", "proceeding": MAIN, "action": "decide", "facts": {}, "steps": ["head"], "frozen": ""}
    case.add(EntryKind.APPROVAL_REQUESTED, request, instant(day(8)))
    case.acted("decide", to, day(10), approval="a")
    return case.acted("close", "closed", day(12))


def correction(case: Chronicle, seq: int, **facts: Any) -> Entry:
    """Return the correction that gives an act other facts; without any it voids it."""
    payload: Any = case.entries[seq - 1].payload
    told = {"entry": seq, "kind": "acted", "void": not facts, "reason": "录错"}
    if facts:
        told["payload"] = {**payload, "facts": {**payload.get("facts", {}), **facts}}
    at = instant(day(40))
    return Entry(len(case.entries) + 1, EntryKind.CORRECTED, at, at, OFFICER, told)


def findings(case: Chronicle, *corrections: Entry, anew: tuple[int, ...] = ()) -> list[Finding]:
    planned = [*case.entries, *corrections]
    assert fold(planned, BOOK) is not None
    return list(no_longer_lawful(case.entries, planned, BOOK, view, decided_anew=anew))


def test_a_later_act_whose_guard_no_longer_holds_is_named_with_its_day() -> None:
    case = story()
    found = findings(case, correction(case, 4))
    assert [(item.seq, item.action, item.on, item.guard) for item in found] == [(6, "decide", day(10), "act_done")]
    assert found[0].unmet.message.text


def test_a_changed_fact_breaks_the_guard_and_asks_for_another_signature() -> None:
    case = story()
    found = findings(case, correction(case, 3, size="large"))
    assert [(item.seq, item.guard) for item in found] == [(6, "fact_equals"), (6, SIGNATURE)]
    assert found[1].unmet.message.values == {"step": {"zh": "leader", "en": "leader (en)"}}


def test_an_act_that_would_have_led_elsewhere_is_named() -> None:
    case = story()
    found = findings(case, correction(case, 3, asked="yes"))
    assert [(item.seq, item.guard) for item in found] == [(6, LEADS_ELSEWHERE)]
    assert found[0].unmet.message.values == {"state": {"zh": "heard", "en": "heard (en)"}}


def test_what_an_act_never_met_is_no_news() -> None:
    case = story()
    assert findings(case, correction(case, 3, note="x")) == []
    assert all(item.guard != "never" for item in findings(case, correction(case, 3, size="large")))


def test_an_act_that_was_decided_anew_or_voided_is_not_judged() -> None:
    case = story()
    both = (correction(case, 3, size="large"), correction(case, 7), correction(case, 6))
    voided = [Entry(entry.seq + place, *_rest(entry)) for place, entry in enumerate(both)]
    assert findings(case, *voided) == []
    assert findings(case, correction(case, 3, size="large"), anew=(6,)) == []


def _rest(entry: Entry) -> tuple[Any, ...]:
    return entry.kind, entry.occurred_at, entry.recorded_at, entry.actor, entry.payload


@pytest.mark.parametrize("mark", ["imported", "irregular"])
def test_acts_taken_in_from_elsewhere_are_not_judged(mark: str) -> None:
    case = Chronicle(BOOK, STORY).opened().acted("file", "open", day(2))
    case.acted("measure", "open", day(4), facts={"size": "small", "asked": "no"}).acted("tell", "open", day(6))
    case.acted("decide", "decided", day(10), **{mark: True})
    assert findings(case, correction(case, 4)) == []


# --- papers and side proceedings ------------------------------------------------------------------------------------


def measured(**case: Any) -> Chronicle:
    """Return a case filed on the second day (entry 2) and measured on the fourth (entry 3)."""
    told = Chronicle(BOOK, STORY).opened(**case).acted("file", "open", day(2))
    return told.acted("measure", "open", day(4), facts={"size": "small", "asked": "no"})


def with_paper(case: Chronicle, action_id: str, on: date, person: str = OFFICER) -> Chronicle:
    document = {
        "id": "paper", "type": action_id, "number": None, "title": action_id, "proceeding": MAIN, "action": action_id,
        "issued_on": on.isoformat(), "facts_digest": "", "template_version": "1",
    }  # fmt: skip
    return case.add(EntryKind.DOCUMENT_ISSUED, {"document": document}, instant(on), person=person)


def test_a_paper_of_its_own_is_put_to_its_guards_again_with_what_its_form_said() -> None:
    case = with_paper(measured(), "letter", day(5))
    assert [(item.seq, item.action, item.on, item.guard) for item in findings(case, correction(case, 3))] == [
        (4, "letter", day(5), "act_done")
    ]
    assert findings(case, correction(case, 3, asked="yes")) == [], "its form says that itself"
    other = with_paper(measured(), "order", day(5))
    assert [item.guard for item in findings(other, correction(other, 3, asked="yes"))] == ["fact_equals"]


def moved(case: Chronicle, seq: int, on: date) -> Entry:
    """Return the correction that puts an act on another day, in its own words."""
    told = {"entry": seq, "kind": "acted", "void": False, "payload": case.entries[seq - 1].payload}
    return replace(correction(case, seq), payload={**told, "occurred_at": instant(on).isoformat()})


def test_a_paper_no_longer_belongs_to_the_state_of_its_day() -> None:
    case = with_paper(Chronicle(BOOK, STORY).opened().acted("file", "open", day(2)), "letter", day(5))
    found = findings(case, moved(case, 2, day(6)))
    assert [(item.seq, item.guard, item.unmet.guard) for item in found] == [(3, STATE, "state")]
    assert findings(case, moved(case, 2, day(4))) == []


def test_a_void_paper_is_not_judged() -> None:
    case = with_paper(measured(), "letter", day(5))
    void = replace(correction(case, 4), payload={"entry": 4, "kind": "document_issued", "void": True, "reason": "错"})
    measuring = correction(case, 3)
    assert findings(case, void, replace(measuring, seq=void.seq + 1)) == []


def test_a_signed_paper_is_judged_as_that_of_who_asked_and_by_the_signatures_that_it_has() -> None:
    case = measured(officers=(OFFICER,))
    request = {"approval": "a", "proceeding": MAIN, "action": "order", "facts": {}, "steps": ["head"], "frozen": ""}
    case.add(EntryKind.APPROVAL_REQUESTED, request, instant(day(5)))
    with_paper(case, "order", day(6), person="leader")
    assert [(item.seq, item.guard) for item in findings(case, correction(case, 3, size="large"))] == [(5, SIGNATURE)]
    gone = {"entry": 1, "kind": "opened", "void": False, "payload": {**case.entries[0].payload}}
    gone["payload"]["case"] = {**gone["payload"]["case"], "officers": ()}  # type: ignore[index]
    unassigned = replace(correction(case, 3), payload=gone)
    assert [(item.seq, item.guard) for item in findings(case, unassigned)] == [(5, "actor_is_assigned")]


def test_a_side_proceeding_that_could_not_have_begun_is_told_at_the_act_with_which_it_began() -> None:
    case = Chronicle(BOOK, STORY).opened().acted("file", "open", day(2))
    begun = {"id": "beside", "procedure": "aside", "version": 1}
    case.add(EntryKind.PROCEEDING_OPENED, {"proceeding": begun}, instant(day(3)))
    for on in (day(3), day(7)):
        told = {"proceeding": "beside", "action": "ask", "from": "asked", "to": "asked"}
        case.add(EntryKind.ACTED, told, instant(on))
    late = moved(case, 2, day(5))
    assert [(item.seq, item.on, item.guard) for item in findings(case, late)] == [(4, day(3), "opening")]
    begins = replace(correction(case, 4), seq=late.seq + 1)
    assert [item.seq for item in findings(case, late, begins)] == [5], "then the next act is the one it began with"


@given(st.sampled_from(SIZES), st.sampled_from(SIZES), st.sampled_from(("yes", "no")), st.booleans())
def test_exactly_what_held_before_and_does_not_hold_after_is_found(was: str, now: str, asked: str, told: bool) -> None:
    case = story(size=was)
    corrections = [correction(case, 3, size=now, asked=asked)]
    if not told:
        second = correction(case, 4)
        corrections.append(Entry(second.seq + 1, *_rest(second)))
    expected = set()
    if not told:
        expected.add("act_done")
    if was == "small" and now == "large":
        expected |= {"fact_equals", SIGNATURE}
    if asked == "yes":
        expected.add(LEADS_ELSEWHERE)
    assert {item.guard for item in findings(case, *corrections)} == expected


@given(st.sampled_from(SIZES), st.sampled_from(("yes", "no")))
def test_a_correction_that_changes_nothing_finds_nothing(size: str, asked: str) -> None:
    case = story(size=size, asked=asked, to="heard" if asked == "yes" else "decided")
    assert findings(case, correction(case, 3, size=size)) == []
