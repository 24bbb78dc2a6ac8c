"""Faults for which systems that share cases between organisations are known, each shown not to be here.

| feature | what goes wrong elsewhere | told in |
|---|---|---|
| 45 | an offer has no record of its own, and a withdrawal leaves no trace | SORMAS#4423 |
| 46 | the receiver sees the case, names too, before he has signed for it | SORMAS#4423 |
| 47 | the sender is not told of a refusal, cannot offer again, or the words of the first time are lost | SORMAS#9945 |
| 48 | accepted and withdrawn at once, offered twice, gone while it waits | SORMAS#6241 #6592 #8576 #11204 #6999 |
| 49 | decided on at home though handed over; an added party silently brings it back | TheHive#2067, SORMAS#6941 |
| 50 | everything travels: nobody chooses what | TheHive#1362 #2047 |
| 51 | it is sent to somebody who cannot take it, or answered by somebody it was not sent to | Primero |
| 52 | no receipt, no way on to who is competent, no way back | caseflow, crt-portal |
| 53 | nothing is exchanged without a connection | TheHive#1486; shown in test_packages.py |
| 54 | the outcome never comes back | Primero |
"""

from __future__ import annotations

from typing import Any

import pytest

from caseapp.domain.errors import ActionRefused, NotFound
from caseapp.queries.referral_desk import SharedPage, shared_page
from caseapp.services import case_facts, case_note
from caseapp.services.case_intake import PartyDraft
from tests.factories.cases import RESPONDENT, Course
from tests.factories.referrals import (
    DOSSIER,
    HANDED,
    OUTLINE,
    PROCURATORATE,
    RECEIPT,
    REFUSAL,
    answered,
    handed_over,
    liaisons,
    prosecuting,
    ready,
    received,
    refused,
)
from tests.factories.sides import act_in, open_side, side_of

MARK, PHONE, NOTE = "12345678", "13800000001", "内部研判：上家在柯桥。"


def seen(course: Course, proceeding: str, by: str = "police") -> SharedPage:
    with course.as_(by) as ctx:
        return shared_page(ctx, proceeding)


def refusals(attempt: pytest.ExceptionInfo[ActionRefused]) -> set[str]:
    return {item.guard for item in attempt.value.unmet}


def test_45_every_offer_keeps_a_record_of_its_own_with_its_answer_and_its_reasons(course: Course) -> None:
    case_id = course.filed()
    handed_over(course, case_id)
    act_in(course, case_id, "referral", "withdraw_referral", {"withdrawal_reasons": "材料有误。"}, by="leader")
    refused(course, case_id)
    first, second = course.image(case_id).proceedings[1:]
    assert (first.state, second.state) == ("withdrawn", "refused")
    assert [act.action for act in first.acts][-2:] == ["hand_over", "withdraw_referral"]
    assert first.facts["withdrawal_reasons"] == "材料有误。"
    assert second.facts["refusal_reasons"] == REFUSAL["refusal_reasons"]
    states = [seen(course, offer.id).line.state.zh for offer in (first, second)]
    assert states == ["已撤回", "公安机关不予立案"]


def test_46_before_the_receipt_an_outline_is_seen_that_names_nobody(course: Course) -> None:
    case_id = course.filed()
    ready(course, case_id)
    for names in (f"{RESPONDENT.name}涉嫌销售。", f"某人，电话{PHONE}，涉嫌销售。"):
        with pytest.raises(ActionRefused) as caught:
            act_in(course, case_id, "referral", "hand_over", {**HANDED, "preview": names})
        assert refusals(caught) == {"outline_names_nobody"}
    act_in(course, case_id, "referral", "hand_over", HANDED)
    page = seen(course, side_of(course, case_id, "referral").id)
    assert (page.outline, page.line.title, page.number, page.papers, page.carried) == (OUTLINE, "", "", (), ())
    assert all(act.values == () for act in page.acts)
    told = str(page)
    assert [word for word in ("锦屏", MARK, PHONE, "97353") if word in told] == []


def test_47_a_refusal_is_told_to_the_sender_who_may_offer_again_and_all_words_stay(course: Course) -> None:
    case_id = course.filed()
    first = received(course, case_id)
    act_in(course, case_id, "referral", "remark_ours", {"remark": "当事人另有仓库。"})
    answered(course, course.people["police"], first, "remark_police", {"remark": "已派员核查。"})
    answered(
        course, course.people["police"], first, "refuse_to_file", {"refused_on": course.today.isoformat(), **REFUSAL}
    )
    told = [row for row in course.rows("notification") if row["kind"] == "handoff" and row["case_id"] == case_id]
    assert {row["user_id"] for row in told} >= set(course.officers)
    act_in(course, case_id, "referral", "accept_refusal", {"file_back_on": course.today.isoformat()})
    second = handed_over(course, case_id)
    assert second != first
    told_then = str([act.values for act in seen(course, first).acts])
    assert [
        words for words in ("当事人另有仓库。", "已派员核查。", REFUSAL["refusal_reasons"]) if words not in told_then
    ] == []


def test_48_two_acts_at_once_leave_one_owner(course: Course) -> None:
    case_id = course.filed()
    police, proceeding = course.people["police"], handed_over(course, case_id)
    with pytest.raises(ActionRefused) as caught:
        handed_over(course, case_id)
    assert "side_proceeding_active" in refusals(caught)
    for gone in ("merge_case", "withdraw_filing", "terminate_investigation"):
        with pytest.raises(ActionRefused) as caught:
            course.act("officer", case_id, gone, {})
        assert refusals(caught) == {"state"}
    answered(course, police, proceeding, "sign_receipt", RECEIPT, seen_acts=1)
    with pytest.raises(ActionRefused) as caught:
        act_in(course, case_id, "referral", "withdraw_referral", {"withdrawal_reasons": "有误。"}, by="leader")
    assert refusals(caught) == {"state"}
    with pytest.raises(ActionRefused):
        answered(course, police, proceeding, "sign_receipt", RECEIPT)
    assert side_of(course, case_id, "referral").state == "received"


def test_49_what_was_handed_over_is_not_decided_here_and_an_added_party_does_not_bring_it_back(course: Course) -> None:
    case_id = course.filed()
    proceeding = received(course, case_id)
    before = seen(course, proceeding)
    with course.as_("officer") as ctx:
        draft = PartyDraft("third_party", "person", "赵四")
        case_facts.add_party(ctx, case_id, draft, reason="补录", seen_version=course.image(case_id).version)
    image = course.image(case_id)
    assert (image.main.state, side_of(course, case_id, "referral").state) == ("transferred", "received")
    assert seen(course, proceeding) == before
    for act in ("conclude_investigation", "decide_penalty"):
        with pytest.raises(ActionRefused) as caught:
            course.act("officer", case_id, act, {})
        assert refusals(caught) == {"state"}


def test_50_only_what_was_chosen_travels(course: Course) -> None:
    case_id = course.filed()
    with course.as_("officer") as ctx:
        case_note.add(ctx, case_id, NOTE)
    page = seen(course, received(course, case_id))
    told = str(page)
    for line in str(DOSSIER["attachments"]).splitlines():
        assert line in told
    types = {item.title: item.type for item in course.image(case_id).documents}
    assert {types[paper.title] for paper in page.papers} == {
        "referral_report", "referral_letter", "referral_goods_list", "referral_receipt",
    }  # fmt: skip
    assert [word for word in (NOTE, PHONE, "举报人", "立案审批表") if word in told] == []


def test_51_it_goes_to_who_can_take_it_and_only_he_answers(course: Course) -> None:
    case_id = course.filed()
    who = liaisons(course)
    ready(course, case_id)
    for organ, guard in (("320612-court", "organ_fits"), ("320613-police", "organ_is_local")):
        with pytest.raises(ActionRefused) as caught:
            act_in(course, case_id, "referral", "hand_over", {**HANDED, "police_organ": organ})
        assert refusals(caught) == {guard}
    act_in(course, case_id, "referral", "hand_over", HANDED)
    for stranger in ("police2", "procurator", "court"):
        with pytest.raises(NotFound):
            answered(course, who[stranger], side_of(course, case_id, "referral").id, "sign_receipt", RECEIPT)


def test_52_there_is_a_receipt_a_way_on_to_who_is_competent_and_a_way_back(course: Course) -> None:
    case_id = course.filed()
    who, proceeding = liaisons(course), received(course, case_id)
    assert [item.type for item in course.image(case_id).documents][-1] == "referral_receipt"
    on: dict[str, Any] = {"police_organ": "320613-police", "forward_reason": "犯罪地在崇川区。"}
    answered(course, who["police"], proceeding, "forward", on)
    with pytest.raises(NotFound):
        answered(course, who["police"], proceeding, "sign_receipt", RECEIPT)
    answered(course, who["police2"], proceeding, "sign_receipt", RECEIPT)
    back = {
        "authority_organ": PROCURATORATE,
        "reverse_ground": "not_prosecuted",
        "reverse_number": "通检意1号",
        "reverse_opinion": "建议给予行政处罚。",
        "paper_ref": "通检意1号",
    }
    other = course.filed()
    open_side(course, other, "reverse_referral", "send_matter", back, by="intake")
    act_in(course, other, "reverse_referral", "sign_matter", {"matter_received_on": course.today.isoformat()})
    assert side_of(course, other, "reverse_referral").state == "handling"


def test_54_the_outcome_comes_back_to_who_sent_it(course: Course) -> None:
    case_id = course.filed()
    proceeding = prosecuting(course, case_id)
    told = {
        "outcome": "withdrawn",
        "outcome_on": course.today.isoformat(),
        "outcome_number": "撤1号",
        "outcome_text": "建议给予行政处罚。",
    }
    answered(course, course.people["police"], proceeding, "withdraw_criminal_case", told)
    side = side_of(course, case_id, "referral")
    assert (side.state, side.facts["outcome"], side.facts["outcome_text"]) == ("came_back", *list(told.values())[::3])
    notes = [row["message"] for row in course.rows("notification") if row["case_id"] == case_id]
    assert any("撤销刑事案件" in note for note in notes)
