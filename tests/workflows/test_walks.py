"""Whole ways through the shipped procedures, act by act through the engine."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from caseapp.domain.errors import ActionRefused, InputErrors
from tests.workflows.walking import FIRST, HEAD, LEADER, REVIEWER, SECOND, Walk

OFFICERS = [FIRST, SECOND]
FILING: dict[str, Any] = {
    "case_name": "某公司涉嫌侵犯注册商标专用权案",
    "filing_findings": "经核查属实",
    "filing_reasons": "符合立案条件",
    "filing_evidence": True,
    "filing_punishable": True,
    "filing_jurisdiction": True,
    "filing_in_time": True,
    "officers": OFFICERS,
}
REPORT: dict[str, Any] = {
    "course": "2026年3月2日接举报……",
    "facts_found": "当事人销售侵权商品200件",
    "evidence": "现场笔录——证明侵权商品数量",
    "nature": "侵犯注册商标专用权",
    "violated": "中华人民共和国商标法 第五十七条第（三）项",
    "basis": "中华人民共和国商标法 第六十条第二款",
    "reasons": "初次违法",
    "handling": "建议罚款",
    "proposed_outcome": "penalty",
}
SERVICE: dict[str, Any] = {
    "service_method": "direct",
    "service_receiver": "某公司",
    "service_place": "南通市",
    "service_servers": OFFICERS,
}
REVIEW: dict[str, Any] = {"review_received_on": "2026-04-01", "review_verdict": "agree", "review_opinion": "同意"}
DECISION: dict[str, Any] = {
    name: REPORT[name] for name in ("course", "facts_found", "evidence", "nature", "violated", "basis", "reasons")
}
CLOSING = {"closing_summary": "已执行完毕"}


def filed(party: str = "organisation") -> Walk:
    walk = Walk("penalty_general", date(2026, 3, 2), party)
    walk.take("assign_check", HEAD, officers=OFFICERS)
    walk.take("tell_rights", on=date(2026, 3, 3), rights_told_on="2026-03-03", rights_told_to="张某", rights_told_how="site", certificates_shown=True)  # fmt: skip
    return walk.take("file_case", on=date(2026, 3, 10), **FILING)


def concluded(**report: Any) -> Walk:
    return filed().take("conclude_investigation", on=date(2026, 4, 1), **{**REPORT, **report})


def fine(yuan: int) -> dict[str, Any]:
    return {"proposed_kinds": ["fine"], "proposed_fine": yuan * 100}


def noticed(yuan: int, **report: Any) -> Walk:
    walk = concluded(**fine(yuan), **report)
    review = "review_legally" if report.get("legal_review_grounds") else "review_case"
    walk.take(review, REVIEWER, on=date(2026, 4, 3), **REVIEW)
    walk.take("issue_prior_notice", on=date(2026, 4, 7))
    return walk.take("serve_prior_notice", on=date(2026, 4, 8), served_on="2026-04-08", **SERVICE)


def decided(yuan: int = 5_000) -> Walk:
    walk = noticed(yuan).take("submit_for_decision", on=date(2026, 4, 20))
    return walk.take("decide_penalty", on=date(2026, 4, 21), decided_kinds=["fine"], fine=yuan * 100, **DECISION)


def served() -> Walk:
    return decided().take("serve_decision", on=date(2026, 4, 22), served_on="2026-04-22", **SERVICE)


def refusals(walk: Walk, action: str, user: str = FIRST, /, **values: Any) -> set[str]:
    with pytest.raises(ActionRefused) as refused:
        walk.take(action, user, **values)
    return {unmet.guard for unmet in refused.value.unmet}


def test_a_case_goes_from_lead_to_archive() -> None:
    walk = served()
    walk.take("publish_penalty", on=date(2026, 4, 23), published_on="2026-04-23")
    walk.take("record_payment", on=date(2026, 4, 25), paid_on="2026-04-25", paid_total=200_000)
    walk.take("confirm_performance", on=date(2026, 4, 28), performed_on="2026-04-28", paid_total=500_000)
    walk.take("close_executed", on=date(2026, 5, 8), closing_manner="executed", closing_execution="已缴清", **CLOSING)
    walk.take("archive", on=date(2026, 5, 20), archived_on="2026-05-20", archive_number="2026-1")

    assert walk.state == "archived"
    kinds = [milestone.kind.value for milestone in walk.image.milestones]
    assert kinds == ["registered", "filed", "decided", "served", "closed"]
    assert walk.clock("P01")[1:] == (date(2026, 3, 10), True)
    assert walk.clock("P10") == (date(2026, 6, 8), date(2026, 4, 21), True)
    assert walk.clock("P14")[1:] == (date(2026, 4, 28), True)
    assert walk.clock("P20")[1:] == (date(2026, 5, 8), True)
    assert walk.clock("P21a")[1:] == (date(2026, 4, 23), True)


def test_a_lead_needs_two_certified_officers() -> None:
    walk = Walk("penalty_general", date(2026, 3, 2))
    assert refusals(walk, "assign_check", HEAD, officers=[FIRST]) == {"two_certified_officers"}
    assert refusals(walk, "assign_check", HEAD, officers=[FIRST, REVIEWER]) == {"two_certified_officers"}


def test_an_expired_certificate_stops_filing() -> None:
    walk = Walk("penalty_general", date(2026, 3, 2)).take("assign_check", HEAD, officers=OFFICERS)
    assert refusals(walk, "file_case", on=date(2031, 1, 2), **FILING) == {"two_certified_officers"}


@pytest.mark.parametrize("condition", ["filing_evidence", "filing_punishable", "filing_jurisdiction", "filing_in_time"])
def test_filing_needs_each_of_its_four_conditions(condition: str) -> None:
    walk = Walk("penalty_general", date(2026, 3, 2)).take("assign_check", HEAD, officers=OFFICERS)
    assert refusals(walk, "file_case", **{**FILING, condition: False}) == {"filing_conditions_met"}


def test_the_investigation_cannot_end_before_the_party_was_told_of_his_rights() -> None:
    walk = Walk("penalty_general", date(2026, 3, 2)).take("assign_check", HEAD, officers=OFFICERS)
    walk.take("file_case", **FILING)
    assert "notice_of_rights_given" in refusals(walk, "conclude_investigation", **REPORT, **fine(1))


def test_reviewers_take_no_part_in_the_investigation() -> None:
    walk = concluded(**fine(5_000))
    assert walk.available(REVIEWER)["review_case"].open
    assert "role" in {unmet.guard for unmet in walk.available(FIRST)["review_case"].unmet}


def test_the_mandatory_list_decides_which_review_it_is() -> None:
    plain, listed = concluded(**fine(5_000)), concluded(**fine(5_000), legal_review_grounds=["complex"])
    assert "review_case" in plain.open_actions(REVIEWER)
    assert "review_legally" not in plain.open_actions(REVIEWER)
    assert "review_legally" in listed.open_actions(REVIEWER)
    assert "review_case" not in listed.open_actions(REVIEWER)


def test_a_review_that_asks_for_more_evidence_sends_the_case_back() -> None:
    walk = concluded(**fine(5_000)).take("review_case", REVIEWER, **{**REVIEW, "review_verdict": "supplement"})
    assert walk.state == "investigating"
    assert walk.clock("P07")[2] is True


def test_no_decision_before_the_time_for_defence_is_over() -> None:
    walk = noticed(5_000)
    assert walk.clock("P08")[0] == date(2026, 4, 15)
    assert refusals(walk, "submit_for_decision", on=date(2026, 4, 15)) == {"defence_period_over_or_waived"}
    assert walk.take("submit_for_decision", on=date(2026, 4, 16)).state == "deciding"


def test_a_waiver_makes_waiting_needless() -> None:
    walk = noticed(5_000).take("waive_defence", on=date(2026, 4, 9), waived_on="2026-04-09", waiver_evidence="声明")
    assert walk.take("submit_for_decision", on=date(2026, 4, 9)).state == "deciding"


def test_what_the_party_said_is_considered_before_the_decision() -> None:
    walk = noticed(5_000).take(
        "record_defence", on=date(2026, 4, 10), defence_on="2026-04-10", defence_summary="不知情"
    )
    walk.today = date(2026, 4, 20)
    assert refusals(walk, "submit_for_decision") == {"defence_considered"}
    walk.take("consider_defence", defence_verdict="rejected", defence_finding="无证据")
    assert walk.take("submit_for_decision").state == "deciding"


def test_a_penalty_heavier_than_notified_needs_a_new_notice() -> None:
    walk = noticed(5_000).take("submit_for_decision", on=date(2026, 4, 20))
    heavier = {"decided_kinds": ["fine"], "fine": 600_000, **DECISION}
    assert refusals(walk, "decide_penalty", **heavier) == {"penalty_within_notice"}
    walk.take("renew_notice", renew_reason="加重", proposed_outcome="penalty", **fine(6_000))
    assert walk.state == "reviewed"
    walk.take("issue_prior_notice").take("serve_prior_notice", served_on="2026-04-20", **SERVICE)
    assert walk.clock("P08")[2] is None
    walk.take("submit_for_decision", on=date(2026, 5, 6))
    assert walk.take("decide_penalty", **heavier).state == "penalty_decided"


def test_a_small_fine_gives_no_right_to_a_hearing() -> None:
    walk = noticed(99_999)
    unmet = {item.guard for item in walk.available()["request_hearing"].unmet}
    assert unmet == {"hearing_entitled"}
    assert "request_hearing" in noticed(100_000).open_actions()


def heard() -> Walk:
    walk = noticed(200_000).take(
        "request_hearing", on=date(2026, 4, 10), hearing_asked_on="2026-04-10", hearing_asked_how="书面"
    )
    walk.take("appoint_presider", LEADER, on=date(2026, 4, 13), presider=HEAD)
    walk.take("hand_file_to_presider", on=date(2026, 4, 14))
    walk.take("notify_hearing", on=date(2026, 4, 15), hearing_told_on="2026-04-15", hearing_on="2026-04-28", hearing_time="9时", hearing_place="南通", hearing_public=True)  # fmt: skip
    walk.take("hold_hearing", on=date(2026, 4, 28), hearing_held_on="2026-04-28", hearing_record="……")
    return walk.take("report_hearing", on=date(2026, 4, 30), hearing_report="……", hearing_finding="不采纳")


def test_a_hearing_leads_to_legal_review_collective_discussion_and_decision() -> None:
    walk = heard()
    assert walk.state == "heard"
    # Twenty days of hearing are not counted: 90 days from 10 March end on 8 June; 28 June is a Sunday.
    assert walk.clock("P10")[0] == date(2026, 6, 8) + timedelta(days=20 + 1)
    walk.take("review_after_hearing", REVIEWER, on=date(2026, 5, 8), **REVIEW)
    assert walk.state == "deciding"
    decision = {"decided_kinds": ["fine"], "fine": 20_000_000, **DECISION}
    assert refusals(walk, "decide_penalty", **decision) == {"collective_discussion_held"}
    walk.take("discuss_collectively", LEADER, discussed_on="2026-05-08", discussion_members="甲、乙、丙", discussion_minutes="同意", discussion_result="agree")  # fmt: skip
    assert walk.steps("decide_penalty", **decision) == ["section_head", "legal_review", "leader"]
    assert walk.take("decide_penalty", on=date(2026, 5, 9), **decision).state == "penalty_decided"


def test_a_hearing_is_announced_seven_working_days_ahead() -> None:
    walk = noticed(200_000).take(
        "request_hearing", on=date(2026, 4, 10), hearing_asked_on="2026-04-10", hearing_asked_how="书面"
    )
    walk.take("appoint_presider", LEADER, on=date(2026, 4, 13), presider=HEAD)
    late = {"hearing_told_on": "2026-04-15", "hearing_on": "2026-04-23", "hearing_time": "9时", "hearing_place": "南通"}
    assert refusals(walk, "notify_hearing", on=date(2026, 4, 15), **late) == {"hearing_notice_in_time"}


def test_an_investigator_cannot_preside() -> None:
    walk = noticed(200_000).take(
        "request_hearing", on=date(2026, 4, 10), hearing_asked_on="2026-04-10", hearing_asked_how="书面"
    )
    assert refusals(walk, "appoint_presider", LEADER, presider=FIRST) == {"person_is_not_investigator"}


def test_a_hearing_asked_for_too_late_is_refused() -> None:
    walk = noticed(200_000)
    late = {"hearing_asked_on": "2026-04-16", "hearing_asked_how": "书面"}
    assert refusals(walk, "request_hearing", on=date(2026, 4, 16), **late) == {"within_clock"}


def test_a_cancelled_hearing_leads_back_to_the_time_for_defence() -> None:
    walk = noticed(200_000).take(
        "request_hearing", on=date(2026, 4, 10), hearing_asked_on="2026-04-10", hearing_asked_how="书面"
    )
    walk.take("cancel_hearing", on=date(2026, 4, 20), hearing_cancelled_on="2026-04-20", hearing_cancel_reason="撤回")
    assert walk.state == "noticed"
    assert walk.take("submit_for_decision", on=date(2026, 4, 21)).state == "deciding"


def test_an_ordinary_decision_needs_no_legal_review_step() -> None:
    walk = noticed(5_000).take("submit_for_decision", on=date(2026, 4, 20))
    assert walk.steps("decide_penalty", decided_kinds=["fine"], fine=500_000, **DECISION) == ["section_head", "leader"]


def test_cases_without_penalty_are_not_notified() -> None:
    walk = concluded(proposed_outcome="no_penalty").take("review_case", REVIEWER, **REVIEW)
    assert "issue_prior_notice" not in walk.open_actions()
    walk.take("submit_without_notice")
    walk.take("decide_no_penalty", no_penalty_ground="slight", decision_ground_text="轻微", **DECISION)
    assert "decision_served" in refusals(walk, "close_no_penalty", closing_manner="no_penalty", **CLOSING)
    walk.take("serve_no_penalty", served_on="2026-04-01", **SERVICE)
    assert walk.take("close_no_penalty", closing_manner="no_penalty", **CLOSING).state == "closed"


def test_a_penalty_cannot_be_decided_without_notice() -> None:
    walk = (
        concluded(proposed_outcome="no_penalty").take("review_case", REVIEWER, **REVIEW).take("submit_without_notice")
    )
    assert "prior_notice_served" in refusals(walk, "decide_penalty", decided_kinds=["warning"], **DECISION)


def test_suspension_stops_the_clock_and_resumption_leads_back() -> None:
    walk = noticed(5_000)
    walk.take("suspend", on=date(2026, 4, 9), suspension_ground="party_missing", suspension_reason="下落不明")
    assert walk.state == "suspended"
    walk.take("resume", on=date(2026, 5, 9), resumed_on="2026-05-09", resume_reason="已到案")
    assert walk.state == "noticed"
    assert walk.clock("P10")[0] == date(2026, 7, 8)


def test_extension_comes_before_the_limit_runs_out() -> None:
    walk = filed()
    asked = {"extension_n": 30, "extension_reason": "复杂"}
    assert refusals(walk, "extend_handling", on=date(2026, 6, 9), **asked) == {"within_clock"}
    walk = filed().take("extend_handling", on=date(2026, 6, 8), **asked)
    assert walk.clock("P10")[0] == date(2026, 7, 8)
    assert refusals(walk, "extend_handling", **asked) == {"act_not_done"}
    more = {"discussed_on": "2026-06-20", "discussion_members": "甲", "discussion_minutes": "同意", "extension_n": 45}
    walk.take("extend_by_discussion", on=date(2026, 6, 20), **more)
    assert walk.clock("P10")[0] == date(2026, 8, 24)  # 22 August is a Saturday


def test_collective_extension_needs_the_first_one() -> None:
    more = {"discussed_on": "2026-03-20", "discussion_members": "甲", "discussion_minutes": "同意", "extension_n": 45}
    assert refusals(filed(), "extend_by_discussion", on=date(2026, 3, 20), **more) == {"milestone_reached"}


def test_the_check_of_a_lead_can_be_extended_once() -> None:
    walk = Walk("penalty_general", date(2026, 3, 2)).take("assign_check", HEAD, officers=OFFICERS)
    assert walk.clock("P01")[0] == date(2026, 3, 23)
    walk.take("extend_check", extension_n=15, extension_reason="复杂")
    assert walk.clock("P01")[0] == date(2026, 4, 14)
    assert refusals(walk, "extend_check", extension_n=15, extension_reason="复杂") == {"act_not_done"}


def test_excluded_time_moves_the_limit() -> None:
    walk = filed().take("exclude_time", on=date(2026, 3, 20), excluded_from="2026-03-20", excluded_reason="appraisal")
    assert "exclude_time" not in walk.open_actions()
    walk.take("end_excluded_time", on=date(2026, 4, 9), excluded_until="2026-04-09")
    assert walk.clock("P10")[0] == date(2026, 6, 29)  # 8 June + 20 = Sunday 28 June
    assert "end_excluded_time" not in walk.open_actions()


def test_a_transferred_case_is_closed_after_the_hand_over_and_can_come_back() -> None:
    walk = filed().take("transfer_to_police", transfer_to="崇川公安分局", transfer_reason="涉嫌假冒注册商标罪")
    assert "hand_over_file" not in walk.open_actions()
    walk.take("close_transferred", closing_manner="transferred", **CLOSING)
    walk.take(
        "record_return",
        on=date(2026, 4, 1),
        returned_on="2026-04-01",
        returned_by="崇川公安分局",
        returned_reason="不予立案",
    )
    assert walk.state == "investigating"
    assert walk.image.main.closed_on is None


def test_a_decision_to_move_needs_the_hand_over_before_closing() -> None:
    walk = concluded(proposed_outcome="moved").take("review_case", REVIEWER, **REVIEW).take("submit_without_notice")
    walk.take("decide_to_move", transfer_to="文旅局", decision_ground_text="著作权案件")
    assert "milestone_reached" in refusals(walk, "close_moved", closing_manner="moved", **CLOSING)
    walk.take("hand_over_file", handed_over_on="2026-04-01", transfer_to="文旅局")
    assert walk.take("close_moved", closing_manner="moved", **CLOSING).state == "closed"


def test_unpaid_fines_go_to_court_after_reminder_and_remedy_period() -> None:
    walk = served()
    assert "serve_reminder" not in walk.open_actions()
    assert walk.clock("P14")[0] == date(2026, 5, 7)
    walk.take("begin_surcharge", on=date(2026, 5, 8), payment_due_on="2026-05-07")
    walk.take("serve_reminder", on=date(2026, 5, 11), reminder_on="2026-05-11", reminder_amount=500_000)
    court = {"court": "崇川法院", "court_applied_on": "2026-10-30", "court_amount": 1_000_000}
    assert refusals(walk, "apply_to_court", on=date(2026, 10, 20), **court) == {"within_clock"}
    assert refusals(walk, "confirm_remedy_over", remedy_over_on="2026-10-20") == {"remedy_period_over"}
    walk.take("confirm_remedy_over", on=date(2026, 10, 26), remedy_over_on="2026-10-23")
    walk.take("apply_to_court", on=date(2026, 10, 30), **court)
    walk.take("record_court_answer", on=date(2026, 11, 2), court_answered_on="2026-11-02", court_answer="accepted")
    walk.take("record_court_ruling", on=date(2026, 11, 5), court_ruled_on="2026-11-05", court_ruling="allowed")
    walk.take("record_execution_ended", on=date(2026, 11, 20), execution_ended_on="2026-11-20", execution_ended_number="(2026)苏0613执1号", court_execution="ended")  # fmt: skip
    assert walk.take("close_terminated", closing_manner="terminated", **CLOSING).state == "closed"


def test_the_surcharge_never_exceeds_three_percent_a_day_nor_the_fine() -> None:
    walk = served()
    ten_days_late = {"paid_on": "2026-05-17", "paid_total": 500_000}
    walk.today = date(2026, 5, 17)
    assert refusals(walk, "record_payment", surcharge=150_001, **ten_days_late) == {"surcharge_within_cap"}
    walk.take("record_payment", surcharge=150_000, **ten_days_late)
    walk.today = date(2026, 9, 1)
    assert refusals(walk, "record_payment", paid_on="2026-09-01", paid_total=0, surcharge=500_001) == {
        "surcharge_within_cap"
    }


def test_performance_is_complete_only_when_everything_is_paid() -> None:
    walk = served()
    walk.today = date(2026, 4, 30)
    assert refusals(walk, "confirm_performance", performed_on="2026-04-30", paid_total=499_999) == {
        "performance_complete"
    }
    assert walk.take("confirm_performance", performed_on="2026-04-30", paid_total=500_000).state == "performed"


def test_deferral_ends_the_time_to_pay() -> None:
    walk = served().take("grant_deferral", deferral_asked_on="2026-04-22", deferral_kind="instalments", deferral_until="2026-08-01", deferral_plan="三期")  # fmt: skip
    walk.today = date(2026, 6, 1)
    assert "serve_reminder" not in walk.open_actions()
    walk.today = date(2026, 8, 2)
    assert "serve_reminder" in walk.open_actions()


def test_a_closed_case_can_be_reopened_where_it_stood_or_at_the_investigation() -> None:
    def closed() -> Walk:
        walk = served().take("confirm_performance", performed_on="2026-04-22", paid_total=500_000)
        return walk.take("close_executed", closing_manner="executed", closing_execution="已缴清", **CLOSING)

    assert closed().take("reopen", reopen_at="before_closing", reopen_reason="误").state == "performing"
    assert closed().take("reopen", reopen_at="investigation", reopen_reason="新证据").state == "investigating"


def test_a_decision_annulled_in_court_is_made_anew() -> None:
    walk = served().take(
        "note_remedy", on=date(2026, 5, 1), remedy_kind="lawsuit", remedy_on="2026-05-01", remedy_body="南通中院"
    )
    undo = {"undo_cause": "remedy", "undo_next": "redo", "undo_reason": "判决撤销"}
    assert refusals(walk, "undo_decision", **undo) == {"nothing_pending"}
    walk.take("record_remedy_result", on=date(2026, 9, 1), remedy_ended_on="2026-09-01", remedy_result="redo")
    assert walk.take("undo_decision", **undo).state == "investigating"
    assert "withdraw_publication" in walk.open_actions()


def test_required_fields_are_asked() -> None:
    with pytest.raises(InputErrors):
        filed().take("suspend", suspension_ground="other")


# --- On the spot -----------------------------------------------------------------------------------------------------


def on_spot(kind: str = "organisation") -> Walk:
    walk = Walk("penalty_simplified", date(2026, 3, 2), kind)
    return walk.take("start_on_spot", FIRST, case_name="案", officers=OFFICERS, facts_certain=True, certificates_shown=True, rights_told_on="2026-03-02")  # fmt: skip


def decision(yuan: int, mode: str = "bank") -> dict[str, Any]:
    return {
        "decided_at": "2026-03-02T10:00:00+08:00",
        "decision_place": "叠石桥市场",
        "facts_found": "……",
        "violated": "商标法 第十条",
        "basis": "商标法 第五十二条",
        "defence_heard": True,
        "decided_kinds": ["fine"],
        "fine": yuan * 100,
        "payment_mode": mode,
        **({"payment_bank": "工商银行"} if mode == "bank" else {}),
    }


@pytest.mark.parametrize(("kind", "limit"), [("person", 200), ("organisation", 3_000)])
def test_fines_on_the_spot_have_a_limit_for_each_kind_of_party(kind: str, limit: int) -> None:
    assert refusals(on_spot(kind), "decide_on_spot", **decision(limit + 1)) == {"within_simplified_limits"}
    assert on_spot(kind).take("decide_on_spot", **decision(limit)).state == "decided"


def test_doubtful_facts_are_no_matter_for_the_spot() -> None:
    walk = Walk("penalty_simplified", date(2026, 3, 2))
    start = {"case_name": "案", "officers": OFFICERS, "facts_certain": False, "certificates_shown": True, "rights_told_on": "2026-03-02"}  # fmt: skip
    assert refusals(walk, "start_on_spot", **start) == {"fact_equals"}


def test_cash_goes_from_officer_to_organ_to_bank_within_two_working_days_each() -> None:
    walk = on_spot().take("decide_on_spot", **decision(100, "on_the_spot"))
    walk.take("deliver_decision", decision_served_on="2026-03-02", service_receiver="某公司")
    walk.take("collect_cash", collected_on="2026-03-02", cash_collected=10_000, cash_ground="small", cash_receipt="001")
    assert walk.clock("P15a")[0] == date(2026, 3, 4)
    walk.take("hand_in_cash", on=date(2026, 3, 4), handed_in_on="2026-03-04")
    assert walk.clock("P15b")[0] == date(2026, 3, 6)
    walk.take("confirm_performance", performed_on="2026-03-04", paid_total=10_000)
    close = {"closing_manner": "executed", "closing_execution": "已缴", **CLOSING}
    assert refusals(walk, "close_executed", **close) == {"act_done", "nothing_pending"}
    walk.take("bank_cash", on=date(2026, 3, 5), banked_on="2026-03-05")
    walk.take("report_and_file", reported_on="2026-03-05")
    assert walk.clock("P13")[1:] == (date(2026, 3, 5), True)
    assert walk.take("close_executed", **close).state == "closed"


def test_larger_fines_are_not_collected_as_small_ones() -> None:
    walk = on_spot().take("decide_on_spot", **decision(101, "on_the_spot"))
    walk.take("deliver_decision", decision_served_on="2026-03-02", service_receiver="某公司")
    cash = {"collected_on": "2026-03-02", "cash_collected": 10_100, "cash_receipt": "001"}
    assert refusals(walk, "collect_cash", cash_ground="small", **cash) == {"cash_collection_allowed"}
    assert walk.take("collect_cash", cash_ground="hard_later", **cash).state == "performing"
