"""A letter of supervision: written from a row, with its paper and its clock; answered, or overdue and listed again."""

from __future__ import annotations

from typing import Any

import pytest

from caseapp.domain.errors import ActionRefused, NotFound, NotPermitted
from caseapp.domain.supervision.ranking import FindingKind, Handling
from caseapp.queries.referral_desk import shared_page
from caseapp.queries.supervision_list import FindingLine, finding_list
from caseapp.services.ledger_rebuild import differences
from caseapp.services.letter_send import send_letter
from caseapp.services.supervision_refresh import refresh
from tests.factories.cases import CLOSING, Course
from tests.factories.referrals import POLICE, PROCURATORATE, answered, liaisons, received, reported
from tests.factories.sides import act_in, open_side, side_of

sqlite_only = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")

LETTER: dict[str, Any] = {
    "letter_number": "通检行意〔2026〕3号",
    "letter_facts": "移送报告提出后逾期未作决定。",
    "letter_opinion": "请在三日内决定是否移送并书面回复。",
}
REPLY: dict[str, Any] = {"letter_result": "transferring", "reply_text": "已经批准移送。"}


def overdue_report(course: Course) -> str:
    case_id = course.filed()
    reported(course, case_id)
    course.later(days=5)
    return case_id


def rows(course: Course, who: Any, tab: str = "todo") -> tuple[FindingLine, ...]:
    with course.parts.context(who) as ctx:
        refresh(ctx)
        return finding_list(ctx, handling=tab).lines


def written(course: Course, who: Any, line: FindingLine) -> str:
    with course.parts.context(who) as ctx:
        return send_letter(ctx, line.case_id, line.kind, line.subject, LETTER).proceeding


def test_a_letter_is_sent_answered_objected_to_and_accepted(course: Course) -> None:
    who, case_id = liaisons(course)["procurator"], overdue_report(course)
    (line,) = rows(course, who)
    proceeding = written(course, who, line)
    side = side_of(course, case_id, "prosecutor_letter")
    assert (side.state, [(clock.rule, clock.met) for clock in side.clocks]) == ("sent", [("J02", None)])
    assert rows(course, who) == ()
    assert [(one.handling, one.letter) for one in rows(course, who, "asked")] == [(Handling.ASKED, proceeding)]
    with course.parts.context(who) as ctx:
        page = shared_page(ctx, proceeding)
    assert [paper.title for paper in page.papers] == ["检察意见书"]
    assert (page.line.title, page.number) == ("", ""), "its own letter discloses nothing of the case"
    assert "锦屏" not in repr(page)
    act_in(course, case_id, "prosecutor_letter", "reply_letter", REPLY)
    (back,) = rows(course, who)
    assert back.handling is Handling.ANSWERED
    with course.parts.context(who) as ctx:
        page = shared_page(ctx, proceeding)
    assert {paper.title for paper in page.papers} == {"检察意见书", "关于检察意见的回复"}
    assert {paper.type for paper in course.image(case_id).documents} >= {"prosecutor_opinion", "opinion_reply"}
    answered(course, who, proceeding, "object_to_reply", {"objection": "未附移送书。"})
    assert rows(course, who) == ()
    act_in(course, case_id, "prosecutor_letter", "reply_letter", REPLY)
    answered(course, who, proceeding, "accept_reply")
    assert [one.handling for one in rows(course, who, "settled")] == [Handling.SETTLED]
    with course.parts.context() as ctx:
        assert list(differences(ctx, None)) == []


def test_a_letter_without_reply_brings_its_row_back_and_is_a_silence_itself(course: Course) -> None:
    who, case_id = liaisons(course)["procurator"], overdue_report(course)
    written(course, who, rows(course, who)[0])
    course.later(days=75)
    found = rows(course, who)
    assert {(one.case_id, one.late, one.clock and one.clock["zh"]) for one in found} == {
        (case_id, True, "决定是否移送"),
        (case_id, False, "回复检察意见"),
    }


def test_silence_of_the_police_is_asked_of_the_police(course: Course) -> None:
    people, case_id = liaisons(course), course.filed()
    received(course, case_id)
    course.later(days=8)
    silent = [one for one in rows(course, people["procurator"]) if one.held == "police"]
    proceeding = written(course, people["procurator"], silent[0])
    side = side_of(course, case_id, "prosecutor_letter")
    assert (side.state, [clock.rule for clock in side.clocks]) == ("reasons_asked", ["G03"])
    with course.as_("police") as ctx:
        assert [paper.title for paper in shared_page(ctx, proceeding).papers] == ["要求说明不立案理由通知书"]
    answered(course, people["police"], proceeding, "give_reasons", {"reply_text": "正在核实资金流向。"})
    answered(course, people["procurator"], proceeding, "object_to_reasons", {"objection": "逾期。"})
    assert side_of(course, case_id, "prosecutor_letter").state == "reasons_asked"


@sqlite_only
def test_a_letter_to_us_keeps_the_case_open_until_it_is_answered_and_one_to_the_police_does_not(course: Course) -> None:
    case_id = course.performing()
    paid = {"performed_on": course.today.isoformat(), "paid_total": 500_000}
    course.act("officer", case_id, "confirm_performance", paid)
    on_paper = {
        **LETTER,
        "procuratorate_organ": PROCURATORATE,
        "finding_kind": "limb",
        "paper_ref": "通检行意〔2026〕3号",
    }
    open_side(course, case_id, "prosecutor_letter", "ask_police", {**on_paper, "police_organ": POLICE})
    open_side(course, case_id, "prosecutor_letter", "send_letter", on_paper)
    with pytest.raises(ActionRefused) as caught:
        course.approved("officer", case_id, "close_executed", CLOSING)
    (unmet,) = caught.value.unmet
    assert (unmet.guard, unmet.cure) == ("no_pending_side_proceeding", "officer")
    assert "待回复检察意见" in str(unmet.message)
    act_in(course, case_id, "prosecutor_letter", "reply_letter", {**REPLY, "letter_result": "not_transferring"})
    course.approved("officer", case_id, "close_executed", CLOSING)
    assert course.image(case_id).main.state == "closed"
    objected = {"objection": "理由不成立。", "paper_ref": "通检行意〔2026〕5号"}
    act_in(course, case_id, "prosecutor_letter", "object_to_reply", objected)
    assert side_of(course, case_id, "prosecutor_letter").state == "sent", "the procuratorate may ask again, case closed"
    with course.parts.context() as ctx:
        assert list(differences(ctx, case_id)) == []


def test_only_the_procuratorate_of_the_place_writes(course: Course) -> None:
    people, case_id = liaisons(course), overdue_report(course)
    (line,) = rows(course, people["procurator"])
    for login in ("supervisor", "officer", "police"):
        with course.as_(login) as ctx, pytest.raises(NotPermitted):
            send_letter(ctx, case_id, line.kind, line.subject, LETTER)
    with course.parts.context(people["procurator"]) as ctx, pytest.raises(NotFound):
        send_letter(ctx, case_id, FindingKind.LIMB, "", LETTER)
