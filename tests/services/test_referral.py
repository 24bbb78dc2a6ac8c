"""A case that may be a crime goes to the police, and comes back: both organs, every clock, the record of each step."""

from __future__ import annotations

from datetime import timedelta

import pytest

from caseapp.domain.errors import ActionRefused, InputErrors, NotFound, NotPermitted, StaleCase
from caseapp.domain.facts import ProceedingImage
from caseapp.domain.workflow.referrals import referral_standing
from caseapp.services import case_note
from caseapp.services.ledger_rebuild import differences
from tests.factories.cases import CLOSING, Course
from tests.factories.referrals import (
    DOSSIER,
    GOODS,
    HANDED,
    OUTLINE,
    POLICE,
    PROCURATORATE,
    RECEIPT,
    REFUSAL,
    answered,
    filed,
    handed_over,
    liaisons,
    proposed,
    prosecuting,
    ready,
    received,
    refused,
    reported,
)
from tests.factories.sides import act_in, side_of


def referral(course: Course, case_id: str) -> ProceedingImage:
    return side_of(course, case_id, "referral")


def clocks(course: Course, case_id: str) -> dict[str, bool | None]:
    """Return the clocks of the referral: True met, False ended, None running."""
    return {clock.rule: clock.met for clock in referral(course, case_id).clocks}


def guards(caught: pytest.ExceptionInfo[ActionRefused]) -> set[str]:
    return {item.guard for item in caught.value.unmet}


def stored_is_folded(course: Course) -> None:
    with course.parts.context() as ctx:
        assert list(differences(ctx, None)) == []


def papers(course: Course, case_id: str) -> set[str]:
    """Return the kinds of documents that the case has issued."""
    return {paper.type for paper in course.image(case_id).documents}


def test_a_case_is_reported_decided_handed_over_signed_for_and_filed(course: Course) -> None:
    case_id = course.filed()
    reported(course, case_id)
    assert clocks(course, case_id) == {"T04": None}
    act_in(course, case_id, "referral", "decide_referral", {"referral_verdict": "refer"}, by="leader")
    assert clocks(course, case_id) == {"T04": True, "T05": None}
    act_in(course, case_id, "referral", "complete_dossier", DOSSIER)
    assert course.image(case_id).main.state == "investigating"
    act_in(course, case_id, "referral", "hand_over", HANDED)
    image = course.image(case_id)
    assert (image.main.state, image.main.category) == ("transferred", "decided")
    assert [(one.kind, one.detail("to")) for one in image.milestones][-1] == ("transferred", "南通市公安局通州分局")
    assert clocks(course, case_id)["T05"] is True
    police = course.people["police"]
    answered(course, police, referral(course, case_id).id, "sign_receipt", RECEIPT)
    assert {rule: met for rule, met in clocks(course, case_id).items() if met is None} == {
        "T07": None,
        "G01": None,
        "T08": None,
    }
    told = {"filed_on": course.today.isoformat(), "filing_number": "通公（经）立字〔2026〕8号"}
    answered(course, police, referral(course, case_id).id, "file_case", told)
    assert {rule for rule, met in clocks(course, case_id).items() if met is None} == {"T15"}
    assert referral(course, case_id).category == "decided"
    standing = referral_standing(course.image(case_id))
    assert (standing.made_on, standing.under_way, standing.awaits_police) == (course.today, True, False)
    stored_is_folded(course)


def test_the_team_has_two_certified_officers_and_there_is_one_referral_at_a_time(course: Course) -> None:
    case_id = course.filed()
    with pytest.raises(InputErrors):
        proposed(course, case_id, team=course.officers[:1])
    proposed(course, case_id)
    with pytest.raises(ActionRefused) as caught:
        proposed(course, case_id)
    assert "side_proceeding_active" in guards(caught)


def test_the_head_refuses_with_reasons_on_record_and_they_can_be_read(course: Course) -> None:
    case_id = course.filed()
    reported(course, case_id)
    assert not referral_standing(course.image(case_id)).settled
    with pytest.raises(InputErrors):
        act_in(course, case_id, "referral", "decide_referral", {"referral_verdict": "keep"}, by="leader")
    why = {"referral_verdict": "keep", "not_referred_reasons": "数额经核减后未达到追诉标准。"}
    act_in(course, case_id, "referral", "decide_referral", why, by="leader")
    standing = referral_standing(course.image(case_id))
    assert standing.settled
    assert standing.refused is not None
    assert standing.refused.reasons == "数额经核减后未达到追诉标准。"
    assert standing.refused.by == course.people["leader"].id
    handed_over(course, case_id)
    standing = referral_standing(course.image(case_id))
    assert (standing.refused, standing.made_on, standing.awaits_police) == (None, course.today, True)


def test_an_approval_can_be_revoked_before_the_case_is_handed_over(course: Course) -> None:
    case_id = course.filed()
    ready(course, case_id)
    act_in(course, case_id, "referral", "revoke_approval", {"not_referred_reasons": "权利人补充了授权。"}, by="leader")
    assert referral(course, case_id).state == "not_referred"
    assert clocks(course, case_id)["T05"] is False
    refusal = referral_standing(course.image(case_id)).refused
    assert refusal is not None
    assert refusal.reasons == "权利人补充了授权。"


@pytest.mark.parametrize(
    ("change", "guard"),
    [
        ({"dossier_parts": ["letter", "report"]}, "list_complete"),
        ({"dossier_parts": ["letter", "report", "goods_list"]}, "list_complete"),
        ({"proof_mark": ["right", "no_licence"]}, "list_complete"),
    ],
    ids=["a part that the law demands", "no expert opinion and no reason", "evidence of the offence"],
)
def test_a_dossier_with_a_gap_is_refused(course: Course, change: dict[str, object], guard: str) -> None:
    case_id = course.filed()
    reported(course, case_id)
    act_in(course, case_id, "referral", "decide_referral", {"referral_verdict": "refer"}, by="leader")
    with pytest.raises(ActionRefused) as caught:
        act_in(course, case_id, "referral", "complete_dossier", {**DOSSIER, **change})
    assert guards(caught) == {guard}
    if change.get("dossier_parts") == ["letter", "report"]:
        return
    explained = {**DOSSIER, **change, "dossier_gap": "鉴定机构尚未出具意见，随后补送。"}
    act_in(course, case_id, "referral", "complete_dossier", explained)


def test_it_goes_to_the_police_of_the_same_level_or_says_why_not(course: Course) -> None:
    case_id = course.filed()
    ready(course, case_id)
    for organ, guard in ((PROCURATORATE, "organ_fits"), ("320613-police", "organ_is_local"), ("nowhere", "organ_fits")):
        with pytest.raises(ActionRefused) as caught:
            act_in(course, case_id, "referral", "hand_over", {**HANDED, "police_organ": organ})
        assert guards(caught) == {guard}
    elsewhere = {**HANDED, "police_organ": "320613-police", "police_organ_reason": "犯罪地在崇川区"}
    act_in(course, case_id, "referral", "hand_over", elsewhere)
    assert [share.organ for share in referral(course, case_id).shares] == ["320613-police"]


def test_what_is_missing_is_asked_for_within_a_day_and_sent_within_three(course: Course) -> None:
    case_id = course.filed()
    police, proceeding = course.people["police"], received(course, case_id)
    asked = {"missing_parts": ["amount_proof"], "missing_detail": "支付流水。"}
    answered(course, police, proceeding, "ask_supplements", asked)
    assert {rule for rule, met in clocks(course, case_id).items() if met is None} == {"G02"}
    act_in(course, case_id, "referral", "send_supplements", {"supplements": "微信流水一册"})
    assert clocks(course, case_id)["G02"] is True
    assert [clock.met for clock in referral(course, case_id).clocks if clock.rule == "T08"] == [False, None]
    told = {"filed_on": course.today.isoformat(), "filing_number": "通公（经）立字〔2026〕8号"}
    answered(course, police, proceeding, "file_case", told)
    assert referral(course, case_id).state == "filed"


def test_receiving_may_not_be_refused(course: Course) -> None:
    """Before the receipt the police can do nothing but sign it."""
    case_id = course.filed()
    proceeding = handed_over(course, case_id)
    for action in ("refuse_to_file", "ask_supplements", "forward", "file_case"):
        with pytest.raises((ActionRefused, InputErrors)):
            answered(course, course.people["police"], proceeding, action, REFUSAL)
    assert referral(course, case_id).state == "handed_over"


def test_police_send_it_on_and_see_nothing_later(course: Course) -> None:
    case_id = course.filed()
    others, proceeding = liaisons(course), received(course, case_id)
    on = {"police_organ": "320613-police", "forward_reason": "主要犯罪地在崇川区。"}
    answered(course, others["police"], proceeding, "forward", on)
    assert clocks(course, case_id)["T07"] is True
    first, second = referral(course, case_id).shares
    assert (first.organ, first.until is not None, second.organ, second.opened) == (POLICE, True, "320613-police", None)
    with pytest.raises(NotFound):
        answered(course, others["police"], proceeding, "sign_receipt", RECEIPT)
    answered(course, others["police2"], proceeding, "sign_receipt", RECEIPT)
    assert referral(course, case_id).shares[1].opened is not None
    assert course.rows("referral_share", "organ_id", "state", "category") == [
        (POLICE, "sent_on", "closed"),
        ("320613-police", "received", "open"),
    ]
    stored_is_folded(course)


def test_a_refusal_goes_to_reconsideration_then_supervision_and_is_filed(course: Course) -> None:
    case_id = course.filed()
    who, proceeding = liaisons(course), refused(course, case_id)
    assert {rule for rule, met in clocks(course, case_id).items() if met is None} == {"T09"}
    act_in(course, case_id, "referral", "ask_reconsideration", {"review_grounds": "当事人曾因同类行为被处罚。"})
    upheld = {"review_on": course.today.isoformat(), "review_number": "复1号", "review_reasons": "证据不足。"}
    answered(course, who["police"], proceeding, "uphold_refusal", upheld)
    assert {rule for rule, met in clocks(course, case_id).items() if met is None} == {"T11"}
    with pytest.raises(NotFound):
        answered(course, who["procurator"], proceeding, "ask_reasons", {"reasons_asked_number": "1"})
    asked = {"procuratorate_organ": PROCURATORATE, "supervision_grounds": "应当立案而不立案。"}
    act_in(course, case_id, "referral", "ask_supervision", asked)
    assert clocks(course, case_id)["T11"] is True
    answered(course, who["procurator"], proceeding, "ask_reasons", {"reasons_asked_number": "通检不立1号"})
    assert clocks(course, case_id)["G03"] is None
    with pytest.raises(ActionRefused) as caught:
        order = {"order_number": "通检通立1号", "order_reasons": "理由不成立。"}
        answered(course, who["procurator"], proceeding, "tell_silent_to_file", order)
    assert guards(caught) == {"clock_expired"}
    answered(course, who["police"], proceeding, "give_reasons", {"reasons_text": "主观明知证据不足。"})
    answered(course, who["procurator"], proceeding, "tell_to_file", order)
    assert clocks(course, case_id)["G04"] is None
    course.later(days=2)
    told = {"filed_on": course.today.isoformat(), "filing_number": "通公（经）立字〔2026〕9号"}
    answered(course, who["police"], proceeding, "file_case", told)
    assert (referral(course, case_id).state, clocks(course, case_id)["G04"]) == ("filed", True)
    assert course.image(case_id).main.state == "transferred"
    assert papers(course, case_id) >= {
        "referral_report",
        "referral_approval",
        "referral_letter",
        "referral_goods_list",
        "referral_receipt",
        "reconsideration_request",
        "supervision_request",
    }
    stored_is_folded(course)


def test_silence_of_the_police_lets_the_procuratorate_order_the_filing(course: Course) -> None:
    case_id = course.filed()
    who, proceeding = liaisons(course), refused(course, case_id)
    asked = {"procuratorate_organ": PROCURATORATE, "supervision_grounds": "应当立案而不立案。"}
    act_in(course, case_id, "referral", "ask_supervision", asked)
    answered(course, who["procurator"], proceeding, "ask_reasons", {"reasons_asked_number": "通检不立1号"})
    course.later(days=9)
    order = {"order_number": "通检通立1号", "order_reasons": "逾期不说明理由。"}
    answered(course, who["procurator"], proceeding, "tell_silent_to_file", order)
    assert referral(course, case_id).state == "told_to_file"


def test_reconsideration_is_asked_for_in_time_or_not_at_all(course: Course) -> None:
    case_id = course.filed()
    refused(course, case_id)
    course.later(days=5)
    with pytest.raises(ActionRefused) as caught:
        act_in(course, case_id, "referral", "ask_reconsideration", {"review_grounds": "不服。"})
    assert guards(caught) == {"within_clock"}


def test_an_accepted_refusal_brings_the_case_back_to_be_penalised(course: Course) -> None:
    case_id = course.filed()
    refused(course, case_id)
    act_in(course, case_id, "referral", "accept_refusal", {"file_back_on": course.today.isoformat()})
    image = course.image(case_id)
    assert (referral(course, case_id).state, image.main.state) == ("returned", "investigating")
    assert image.milestones[-1].kind == "returned"
    assert referral_standing(image).settled
    assert not referral_standing(image).under_way
    stored_is_folded(course)


def test_goods_are_handed_over_with_a_list_that_both_sign(course: Course) -> None:
    case_id = course.filed()
    prosecuting(course, case_id)
    assert (referral(course, case_id).state, clocks(course, case_id)["T15"]) == ("prosecuting", True)
    assert "handover_list" in papers(course, case_id)


def test_a_referral_holds_the_closing_back_until_the_police_have_filed(course: Course) -> None:
    case_id = course.filed()
    police, proceeding = course.people["police"], received(course, case_id)
    closing = {**CLOSING, "closing_manner": "transferred"}
    closing.pop("closing_execution")
    with pytest.raises(ActionRefused) as caught:
        course.act("officer", case_id, "close_transferred", closing)
    assert "no_pending_side_proceeding" in guards(caught)
    told = {"filed_on": course.today.isoformat(), "filing_number": "通公（经）立字〔2026〕8号"}
    answered(course, police, proceeding, "file_case", told)
    course.approved("officer", case_id, "close_transferred", closing)
    assert course.image(case_id).main.state == "closed"
    stored_is_folded(course)


def test_a_judgment_comes_back_and_the_fine_is_set_off(course: Course) -> None:
    case_id = course.filed()
    who, proceeding = liaisons(course), prosecuting(course, case_id)
    answered(course, who["police"], proceeding, "send_to_procuratorate", {"procuratorate_organ": PROCURATORATE})
    answered(course, who["procurator"], proceeding, "prosecute", {"court_organ": "320612-court"})
    judgment = {
        "outcome": "convicted",
        "outcome_on": course.today.isoformat(),
        "outcome_number": "（2026）苏0612刑初1号",
        "criminal_fine": 10_000_000,
        "outcome_text": "有期徒刑一年，并处罚金十万元。",
    }
    answered(course, who["court"], proceeding, "judge", judgment)
    settle = {"earlier_fine": 500_000, "fine_set_off": 600_000, "settlement": "罚款折抵罚金。"}
    with pytest.raises(ActionRefused) as caught:
        act_in(course, case_id, "referral", "conclude", settle)
    assert guards(caught) == {"fact_at_most"}
    act_in(course, case_id, "referral", "conclude", {**settle, "fine_set_off": 500_000})
    assert referral(course, case_id).state == "settled"
    assert course.image(case_id).main.state == "transferred"
    stored_is_folded(course)


def test_an_opinion_after_non_prosecution_is_acted_on_and_answered(course: Course) -> None:
    case_id = course.filed()
    who, proceeding = liaisons(course), prosecuting(course, case_id)
    answered(course, who["police"], proceeding, "send_to_procuratorate", {"procuratorate_organ": PROCURATORATE})
    today = course.today.isoformat()
    opinion = {
        "outcome": "not_prosecuted",
        "outcome_on": today,
        "outcome_number": "通检刑不诉1号",
        "outcome_text": "情节轻微。",
        "opinion_on": today,
        "opinion_number": "通检意1号",
        "opinion_text": "建议给予行政处罚。",
    }
    answered(course, who["procurator"], proceeding, "not_prosecute_with_opinion", opinion)
    assert clocks(course, case_id)["J02"] is None
    with pytest.raises(ActionRefused):
        act_in(course, case_id, "referral", "conclude", {"settlement": "不处理。"})
    act_in(course, case_id, "referral", "resume_case", {"settlement": "依法给予行政处罚。"})
    assert (referral(course, case_id).state, course.image(case_id).main.state) == ("replying", "investigating")
    act_in(course, case_id, "referral", "reply_opinion", {"reply_text": "已作出行政处罚决定。"})
    assert (referral(course, case_id).state, clocks(course, case_id)["J02"]) == ("settled", True)
    stored_is_folded(course)


def test_a_withdrawn_criminal_case_comes_back(course: Course) -> None:
    case_id = course.filed()
    proceeding = prosecuting(course, case_id)
    told = {
        "outcome": "withdrawn",
        "outcome_on": course.today.isoformat(),
        "outcome_number": "撤1号",
        "outcome_text": "建议给予行政处罚。",
    }
    answered(course, course.people["police"], proceeding, "withdraw_criminal_case", told)
    act_in(course, case_id, "referral", "resume_case", {"settlement": "继续处理。"})
    assert (referral(course, case_id).state, course.image(case_id).main.state) == ("settled", "investigating")


def test_a_case_already_fined_stays_where_it_is_while_the_police_have_it(course: Course) -> None:
    case_id = course.performing()
    received(course, case_id)
    image = course.image(case_id)
    assert image.main.state == "performing"
    assert "transferred" not in [milestone.kind for milestone in image.milestones]
    assert referral_standing(image).made_on == course.today


# --- who may ----------------------------------------------------------------------------------------------------------


def test_only_the_organ_that_it_was_sent_to_answers(course: Course) -> None:
    case_id = course.filed()
    who, proceeding = liaisons(course), handed_over(course, case_id)
    for stranger in ("police2", "procurator", "court"):
        with pytest.raises(NotFound):
            answered(course, who[stranger], proceeding, "sign_receipt", RECEIPT)
    with pytest.raises(NotPermitted):
        answered(course, course.people["officer"], proceeding, "sign_receipt", RECEIPT)
    with pytest.raises(NotFound):
        answered(course, who["police"], proceeding, "hand_over", HANDED)
    with pytest.raises(NotFound):
        answered(course, who["police"], "0" * 32, "sign_receipt", RECEIPT)


def test_before_it_is_handed_over_nobody_outside_can_reach_it(course: Course) -> None:
    case_id = course.filed()
    ready(course, case_id)
    with pytest.raises(NotFound):
        answered(course, course.people["police"], referral(course, case_id).id, "sign_receipt", RECEIPT)
    assert course.rows("referral_share") == []


def test_an_officer_enters_what_came_on_paper_and_says_which(course: Course) -> None:
    case_id = course.filed()
    handed_over(course, case_id)
    with pytest.raises(ActionRefused) as caught:
        act_in(course, case_id, "referral", "sign_receipt", RECEIPT)
    assert guards(caught) == {"speaks_for"}
    act_in(course, case_id, "referral", "sign_receipt", {**RECEIPT, "paper_ref": "回执 2026-11-23"})
    assert referral(course, case_id).state == "received"


def test_people_are_told_and_those_outside_without_a_word_of_the_case(course: Course) -> None:
    case_id = course.filed()
    received(course, case_id)
    told = [row for row in course.rows("notification") if row["kind"] == "handoff"]
    outside = [row for row in told if row["user_id"] == course.people["police"].id]
    assert outside
    assert all(
        row["case_id"] is None and "锦屏" not in row["message"] and "通州市监" in row["message"] for row in outside
    )
    assert {row["user_id"] for row in told if row["case_id"] == case_id} >= set(course.officers)


# --- races ---


def test_a_receipt_and_a_withdrawal_at_the_same_time_leave_one_of_them(course: Course) -> None:
    case_id = course.filed()
    proceeding = handed_over(course, case_id)
    answered(course, course.people["police"], proceeding, "sign_receipt", RECEIPT, seen_acts=1)
    with pytest.raises(ActionRefused) as caught:
        act_in(course, case_id, "referral", "withdraw_referral", {"withdrawal_reasons": "有误。"}, by="leader")
    assert guards(caught) == {"state"}
    assert referral(course, case_id).state == "received"


def test_a_withdrawn_referral_brings_the_case_back_and_may_be_offered_again(course: Course) -> None:
    case_id = course.filed()
    proceeding = handed_over(course, case_id)
    act_in(course, case_id, "referral", "withdraw_referral", {"withdrawal_reasons": "材料有误。"}, by="leader")
    assert course.image(case_id).main.state == "investigating"
    assert not referral_standing(course.image(case_id)).settled
    with pytest.raises((ActionRefused, NotFound)):
        answered(course, course.people["police"], proceeding, "sign_receipt", RECEIPT)
    again = handed_over(course, case_id)
    assert again != proceeding
    assert [item.state for item in course.image(case_id).proceedings[1:]] == ["withdrawn", "handed_over"]
    assert [milestone.kind for milestone in course.image(case_id).milestones][-3:] == [
        "transferred", "returned", "transferred",
    ]  # fmt: skip
    stored_is_folded(course)


def test_a_receipt_sent_twice_is_one_and_an_older_form_is_refused(course: Course) -> None:
    case_id = course.filed()
    police, proceeding = course.people["police"], handed_over(course, case_id)
    first = answered(course, police, proceeding, "sign_receipt", RECEIPT, idempotency_key="k" * 32)
    again = answered(course, police, proceeding, "sign_receipt", RECEIPT, idempotency_key="k" * 32)
    assert first == again
    asked = {"missing_parts": ["other"], "missing_detail": "补充。"}
    with pytest.raises(StaleCase):
        answered(course, police, proceeding, "ask_supplements", asked, seen_acts=1)
    answered(course, police, proceeding, "ask_supplements", asked, seen_acts=2)


def test_other_work_on_the_case_makes_no_form_of_the_police_stale(course: Course) -> None:
    case_id = course.filed()
    proceeding = handed_over(course, case_id)
    version = course.image(case_id).version
    with course.as_("officer") as ctx:
        case_note.add(ctx, case_id, "已电话联系承办民警。")
    assert course.image(case_id).version > version
    answered(course, course.people["police"], proceeding, "sign_receipt", RECEIPT, seen_acts=1)


def test_police_decide_while_the_dossier_is_being_completed(course: Course) -> None:
    case_id = course.filed()
    police, proceeding = course.people["police"], received(course, case_id)
    answered(course, police, proceeding, "ask_supplements", {"missing_parts": ["other"], "missing_detail": "补充。"})
    answered(course, police, proceeding, "refuse_to_file", {"refused_on": course.today.isoformat(), **REFUSAL})
    assert clocks(course, case_id)["G02"] is False
    with pytest.raises(ActionRefused):
        act_in(course, case_id, "referral", "send_supplements", {"supplements": "流水"})


def test_the_examination_is_extended_by_what_is_granted(course: Course) -> None:
    case_id = course.filed()
    proceeding = received(course, case_id)
    before = {row["rule"]: row["due_on"] for row in course.rows("clock_run")}["T08"]
    longer = {"extension_n": 4, "extension_reason": "需要查证，经负责人批准。"}
    answered(course, course.people["police"], proceeding, "extend_review", longer)
    after = {row["rule"]: row["due_on"] for row in course.rows("clock_run")}["T08"]
    assert (before, after) == (course.today + timedelta(days=3), course.today + timedelta(days=7))


def test_letters_go_both_ways_and_change_nothing(course: Course) -> None:
    case_id = course.filed()
    proceeding = received(course, case_id)
    act_in(course, case_id, "referral", "remark_ours", {"remark": "当事人另有一处仓库。"})
    answered(course, course.people["police"], proceeding, "remark_police", {"remark": "已派员核查。"})
    assert referral(course, case_id).state == "received"
    assert [act.action for act in referral(course, case_id).acts][-2:] == ["remark_ours", "remark_police"]


def test_the_outline_and_the_goods_stand_in_the_record(course: Course) -> None:
    case_id = course.filed()
    filed(course, case_id)
    facts = referral(course, case_id).facts
    assert facts["referral_preview"] == OUTLINE
    act_in(course, case_id, "referral", "hand_over_goods", {"handed_on": course.today.isoformat(), **GOODS})
    assert referral(course, case_id).state == "goods_sent"
