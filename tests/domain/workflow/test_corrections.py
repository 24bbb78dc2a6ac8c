"""Corrections: an entry reads otherwise, or is gone, from the recorded time of its correction on, and never before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from caseapp.domain.errors import ActionRefused
from caseapp.domain.events import Entry, EntryKind, Precision
from caseapp.domain.facts import CaseImage
from caseapp.domain.workflow.corrections import Proposal, corrected, issuing_entry, papers_of
from caseapp.domain.workflow.replay import fold
from tests.factories.chronicles import HEAD, MAIN, OFFICER, Chronicle, day, instant
from tests.factories.procedures import TALE, tale

LATER = instant(day(60))


def closed() -> Chronicle:
    """Return a case closed on its 40th day."""
    case = Chronicle(tale(), TALE).opened()
    case.acted("file", "open", day(5), case={"number": "通知知执字〔2026〕1号"})
    case.acted("check", "checked", day(10))
    case.acted("decide", "decided", day(30))
    return case.acted("close", "closed", day(40), facts={"closing_manner": "executed"})


def correct(case: Chronicle, seq: int, at: datetime = LATER, **told: Any) -> Chronicle:
    """Write a correction: of no other words it voids."""
    payload = {
        "entry": seq,
        "kind": case.entries[seq - 1].kind,
        "void": "payload" not in told,
        "reason": "日期录错",
        "approval": "a",
        **told,
    }
    case.entries.append(Entry(len(case.entries) + 1, EntryKind.CORRECTED, at, at, OFFICER, payload))
    case.image = fold(case.entries, case.procedures)
    return case


def moved(case: Chronicle, seq: int, on: date, **more: Any) -> dict[str, Any]:
    """Return what a correction says that moves an act to another day."""
    payload: Any = case.entries[seq - 1].payload
    milestone = {**payload["milestone"], "on": on.isoformat(), **more}
    return {
        "payload": {**payload, "milestone": milestone},
        "occurred_at": instant(on, 0).isoformat(),
        "precision": Precision.DAY.value,
    }


def known_at(case: Chronicle, at: datetime) -> CaseImage:
    image = fold([entry for entry in case.entries if entry.recorded_at <= at], case.procedures, lenient=True)
    assert image is not None
    return image


def milestones(image: CaseImage) -> list[tuple[str, date]]:
    return [(item.kind.value, item.on) for item in image.milestones]


def test_a_voided_act_leaves_the_case_where_it_was_before_it() -> None:
    case = correct(closed(), 5)
    assert (case.state, case.main.closed_on) == ("decided", None)
    assert "closed" not in dict(milestones(case.case))
    assert case.case.version == 6
    assert [(item.seq, item.entry, item.void, item.reason, item.by) for item in case.case.corrections] == [
        (6, 5, True, "日期录错", OFFICER)
    ]


def test_a_moved_day_moves_state_and_milestone() -> None:
    case = closed()
    correct(case, 5, **moved(case, 5, day(50)))
    assert case.main.closed_on == day(50)
    assert milestones(case.case)[-1] == ("closed", day(50))


def test_what_was_known_before_the_correction_is_what_it_was() -> None:
    case = closed()
    before = case.case
    correct(case, 5, **moved(case, 5, day(50)))
    assert known_at(case, instant(day(59))) == before
    assert known_at(case, LATER) == case.case


def test_the_milestone_taken_back_is_kept_with_the_time_until_which_it_was_known() -> None:
    case = closed()
    correct(case, 5, **moved(case, 5, day(50)))
    (gone,) = case.case.superseded
    assert (gone.kind.value, gone.on, gone.recorded_at, gone.superseded_at) == (
        "closed",
        day(40),
        instant(day(40)),
        LATER,
    )
    now = case.case.milestones[-1]
    assert (now.seq, now.told_by, now.recorded_at) == (5, 6, LATER)


def test_other_facts_of_an_act_leave_its_milestone_known_for_as_long_as_it_was() -> None:
    case = closed()
    payload: Any = case.entries[4].payload
    correct(case, 5, payload={**payload, "facts": {"closing_manner": "terminated"}})
    assert case.main.facts["closing_manner"] == "terminated"
    assert case.case.superseded == ()
    assert case.case.milestones[-1].recorded_at == instant(day(40))


def test_an_act_corrected_twice_reads_as_the_last_correction_says() -> None:
    case = closed()
    correct(case, 5, instant(day(60)), **moved(case, 5, day(50)))
    correct(case, 5, instant(day(70)), **moved(case, 5, day(45)))
    assert case.main.closed_on == day(45)
    assert [(item.on, item.superseded_at) for item in case.case.superseded] == [
        (day(40), instant(day(60))),
        (day(50), instant(day(70))),
    ]
    assert known_at(case, instant(day(65))).main.closed_on == day(50)


def test_a_later_act_that_no_longer_fits_is_named() -> None:
    case = closed()
    with pytest.raises(ActionRefused) as refused:
        correct(case, 3)
    assert refused.value.seq == 4


def test_by_the_day_a_case_is_seen_as_it_reads_with_its_corrections() -> None:
    case = closed()
    correct(case, 5, **moved(case, 5, day(50)))
    image = fold(case.entries, case.procedures, as_of=day(45))
    assert image is not None
    assert (image.main.state, image.main.closed_on) == ("decided", None)


def test_clocks_run_from_the_corrected_day() -> None:
    case = closed()
    correct(case, 4, **moved(case, 4, day(35)))
    ended = {clock.rule: (clock.started_on, clock.ended_on) for clock in case.main.clocks}
    assert ended["P10"] == (day(5), day(35))
    assert ended["P11"][0] == day(35)


def test_the_number_of_a_voided_filing_goes_to_the_void_register() -> None:
    case = Chronicle(tale(), TALE).opened().acted("file", "open", day(5), case={"number": "通知知执字〔2026〕1号"})
    correct(case, 2)
    assert case.case.number is None
    assert [(item.what, item.number, item.taken_on) for item in case.case.voids] == [
        ("case", "通知知执字〔2026〕1号", day(5))
    ]


def test_a_filing_moved_to_another_day_keeps_its_number() -> None:
    case = closed()
    correct(case, 2, **moved(case, 2, day(3)))
    assert case.case.number == "通知知执字〔2026〕1号"
    assert case.case.voids == ()


def paper(document: str, action: str, number: str | None, **more: Any) -> dict[str, Any]:
    return {
        "document": {
            "id": document,
            "type": "penalty_decision",
            "number": number,
            "title": "行政处罚决定书",
            "proceeding": MAIN,
            "action": action,
            "issued_on": day(30).isoformat(),
            "facts_digest": "sha256:x",
            "template_version": "1",
            **more,
        }
    }


def decided_with_papers() -> Chronicle:
    case = Chronicle(tale(), TALE).opened().acted("file", "open", day(5)).acted("check", "checked", day(10))
    case.acted("decide", "decided", day(30))
    case.add(EntryKind.DOCUMENT_ISSUED, paper("d1", "decide", "1号"), instant(day(30)))
    case.add(EntryKind.DOCUMENT_ISSUED, paper("d2", "decide", None), instant(day(30)))
    return case.add(EntryKind.DOCUMENT_ISSUED, paper("d3", "other", "2号"), instant(day(31)))


def test_the_papers_of_an_act_are_those_that_follow_it_at_once() -> None:
    case = decided_with_papers()
    assert papers_of(case.entries, 4) == ("d1", "d2")
    issued = issuing_entry(case.entries, "d2")
    assert issued is not None
    assert issued.seq == 6
    assert issuing_entry(case.entries, "d9") is None


def test_a_voided_paper_stays_to_be_seen_and_its_number_is_in_the_register() -> None:
    case = correct(decided_with_papers(), 5)
    record = case.case.document("d1")
    assert record is not None
    assert record.voided_by == 8
    assert [(item.document, item.number, item.title) for item in case.case.voids] == [("d1", "1号", "行政处罚决定书")]
    case.add(EntryKind.DOCUMENT_ISSUED, paper("d4", "decide", "3号", replaces="d1"), instant(day(61)))
    assert papers_of(case.entries, 4) == ("d2", "d4")
    assert case.case == fold(case.entries, case.procedures)


def test_a_division_taken_back_is_kept_for_earlier_knowledge() -> None:
    case = Chronicle(tale(), TALE).opened().acted("file", "open", day(5))
    case.add(EntryKind.FACTS_CHANGED, {"case": {"division": "320602"}, "reason": "调整"}, instant(day(20)), person=HEAD)
    correct(case, 3)
    assert (case.case.division, [item.code for item in case.case.divisions]) == ("320612", ["320612"])
    (gone,) = case.case.superseded_divisions
    assert (gone.code, gone.on, gone.recorded_at, gone.superseded_at) == ("320602", day(20), instant(day(20)), LATER)


def test_a_note_is_replaced_or_gone_and_nothing_else() -> None:
    case = Chronicle(tale(), TALE).opened().add(EntryKind.NOTED, {"text": "甲"}, instant(day(3)))
    correct(case, 2, payload={"text": "乙"})
    assert case.case.notes == 1
    correct(case, 2)
    assert case.case.notes == 0
    assert (case.case.superseded, case.case.voids) == ((), ())


def test_a_correction_of_what_is_not_known_changes_nothing() -> None:
    case = closed()
    payload = {"entry": 99, "kind": "acted", "void": True, "reason": "x"}
    stray = Entry(6, EntryKind.CORRECTED, LATER, LATER, OFFICER, payload)
    told = corrected([*case.entries, stray])
    assert told.versions == {}
    assert not told.is_void(99)


def test_a_proposal_is_read_back_as_it_was_asked_for() -> None:
    case = closed()
    proposal = Proposal(5, True, "重复", ({"entry": 5, "kind": "acted", "void": True, "reason": "重复"},), ("d1",))
    assert Proposal.of(proposal.facts()) == proposal
    (entry,) = proposal.entries(case.entries, by=HEAD, at=LATER)
    assert (entry.seq, entry.kind, entry.actor) == (6, EntryKind.CORRECTED, HEAD)
    assert fold([*case.entries, replace(entry)], case.procedures).main.state == "decided"  # type: ignore[union-attr]
