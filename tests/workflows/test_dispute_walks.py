"""Whole ways through the adjudication of a patent dispute, act by act through the engine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from caseapp.domain.errors import ActionRefused
from tests.workflows.walking import FIRST, HEAD, LEADER, REVIEWER, SECOND, THIRD, Walk

PANEL = [FIRST, SECOND, THIRD]
DESIGN = {"kind": "patent_design", "number": "ZL202330380182.4", "title": "被套"}
INVENTION = {"kind": "patent_invention", "number": "ZL200510030457.8", "title": "一种纱线"}
PARTIES = [
    {"id": "p1", "role": "respondent", "kind": "organisation", "name": "某公司"},
    {"id": "p2", "role": "complainant", "kind": "organisation", "name": "某集团"},
]
PAPERS: dict[str, Any] = {"papers": ["request", "identity", "register", "evidence", "copies"]}
FILING: dict[str, Any] = {
    "case_name": "某集团与某公司外观设计专利侵权纠纷案",
    "request_items": "停止侵权",
    "request_reasons": "未经许可销售",
    "claims_relied": "外观设计图片",
    "cond_requester": True,
    "cond_respondent": True,
    "cond_claims": True,
    "cond_jurisdiction": True,
    "cond_no_suit": True,
    "officers": PANEL,
}
SERVICE: dict[str, Any] = {
    "service_method": "direct",
    "service_receiver": "某公司",
    "service_place": "南通市",
    "service_servers": PANEL[:2],
}
HEARING: dict[str, Any] = {"hearing_time": "9时", "hearing_place": "四楼", "hearing_public": True}
RECORD: dict[str, Any] = {"attendance": "both", "attendants": "张某", "hearing_record": "……", "clerk": "沈某"}
DECISION: dict[str, Any] = {
    "verdict": "infringement",
    "requester_case": "侵权",
    "respondent_case": "不侵权",
    "facts_found": "销售",
    "evidence": "公证书——销售",
    "comparison": "团花——相同",
    "reasons": "无实质性差异",
    "basis": "中华人民共和国专利法 第六十五条",
    "orders": "停止销售",
}


def requested(on: date = date(2026, 3, 2), right: Mapping[str, Any] = DESIGN, **about: Any) -> Walk:
    walk = Walk(
        "patent_dispute", on, about={"parties": PARTIES, "rights": [right], "ip_types": [right["kind"]], **about}
    )
    return walk.take("assign_request", HEAD, officers=PANEL)


def filed(right: Mapping[str, Any] = DESIGN) -> Walk:
    return requested(right=right).take("check_papers", **PAPERS).take("file_case", on=date(2026, 3, 5), **FILING)


def served(right: Mapping[str, Any] = DESIGN) -> Walk:
    return filed(right).take("serve_request", on=date(2026, 3, 9), served_on="2026-03-09", **SERVICE)


def tried() -> Walk:
    walk = served().take("record_answer", on=date(2026, 3, 20), answered_on="2026-03-20", answer_text="不侵权")
    return walk.take("begin_trial", on=date(2026, 3, 24))


def heard(**record: Any) -> Walk:
    walk = tried().take(
        "notify_hearing", on=date(2026, 3, 30), hearing_told_on="2026-03-30", hearing_on="2026-04-08", **HEARING
    )
    return walk.take("hold_hearing", on=date(2026, 4, 8), hearing_held_on="2026-04-08", **{**RECORD, **record})


def decided(**decision: Any) -> Walk:
    walk = heard().take("deliberate", on=date(2026, 4, 10), **DELIBERATION)
    return walk.take("adjudicate", on=date(2026, 4, 20), **{**DECISION, **decision})


DELIBERATION: dict[str, Any] = {
    "deliberated_on": "2026-04-10",
    "deliberation_minutes": "……",
    "dissenters": [THIRD],
    "dissent": "不构成等同",
}


def decision_served(**decision: Any) -> Walk:
    walk = decided(**decision)
    walk.take("serve_decision_requester", on=date(2026, 4, 21), served_on="2026-04-21", **SERVICE)
    return walk.take("serve_decision_respondent", on=date(2026, 4, 23), served_on="2026-04-23", **SERVICE)


def refusals(walk: Walk, action: str, user: str = FIRST, on: date | None = None, **values: Any) -> set[str]:
    with pytest.raises(ActionRefused) as refused:
        walk.take(action, user, on=on, **values)
    assert all(str(unmet.article) or unmet.guard in ("state", "role", "fact_equals") for unmet in refused.value.unmet)
    return {unmet.guard for unmet in refused.value.unmet}


def test_a_dispute_from_the_request_to_the_stop_of_the_infringement() -> None:
    walk = decision_served()
    assert walk.clock("D01") == (date(2026, 3, 9), date(2026, 3, 5), True)
    assert walk.clock("D02")[1:] == (date(2026, 3, 9), True)
    assert walk.clock("D12") == (date(2026, 6, 5), date(2026, 4, 20), True)
    assert walk.clock("D16")[0] == date(
        2026, 5, 20
    )  # 20 working days, over the first of May and the Saturday worked for it
    assert walk.clock("D13")[0] == date(2026, 5, 8)
    assert walk.state == "suit_period"
    walk.take("publish_decision", on=date(2026, 5, 6), published_on="2026-05-06", masked=True)
    walk.take("confirm_suit_period_over", on=date(2026, 5, 9), suit_over_on="2026-05-09")
    assert walk.clock("D14")[0] == date(2026, 8, 10)  # 9 August is a Sunday
    walk.take("record_performance", on=date(2026, 5, 12), performed_on="2026-05-12", performed_how="voluntary", performed_proof="已下架")  # fmt: skip
    walk.take("close_executed", closing_manner="executed", closing_execution="已停止", closing_summary="……")
    assert walk.state == "closed"
    assert [item.kind.value for item in walk.image.milestones] == [
        "registered", "filed", "served", "decided", "served", "served", "closed",
    ]  # fmt: skip


def test_the_old_clocks_govern_a_case_filed_before_the_new_rules() -> None:
    walk = requested(date(2025, 1, 20)).take("check_papers", **PAPERS)
    walk.take("file_case", on=date(2025, 1, 24), **FILING)
    view = {item.rule for item in walk.situation(FIRST).clocks}
    assert {"Q01", "Q03", "Q07"} <= view
    assert not {"D01", "D02", "D12"} & view
    assert walk.clock("Q07")[0] == date(2025, 4, 24)
    walk.take("extend_handling", extension_n=1, extension_reason="特别复杂")
    assert walk.clock("Q07")[0] == date(2025, 5, 26)  # 24 May is a Saturday
    assert refusals(walk, "extend_by_superior", superior_organ="省局", superior_number="1号", extension_n=2, extension_reason="复杂") == {"within_clock"}  # fmt: skip


def test_a_case_filed_on_the_first_day_of_the_new_rules_runs_on_them_alone() -> None:
    walk = requested(date(2025, 1, 27)).take("check_papers", **PAPERS)
    walk.take("file_case", on=date(2025, 2, 5), **FILING)
    rules = [item.rule for item in walk.situation(FIRST).clocks]
    assert rules == ["Q01", "D12", "D02"]


def test_the_limit_is_extended_by_the_head_and_then_by_the_higher_department() -> None:
    walk = served()
    more = {
        "superior_organ": "省局",
        "superior_number": "苏知〔2026〕1号",
        "extension_n": 2,
        "extension_reason": "复杂",
    }
    assert refusals(walk, "extend_by_superior", **more) == {"milestone_reached"}
    walk.take("extend_handling", extension_n=1, extension_reason="复杂")
    assert walk.clock("D12")[0] == date(2026, 7, 6)  # 5 July is a Sunday
    assert refusals(walk, "extend_handling", extension_n=1, extension_reason="复杂") == {"act_not_done"}
    walk.take("extend_by_superior", **more)
    assert walk.clock("D12")[0] == date(2026, 9, 7)
    assert refusals(served(), "extend_handling", on=date(2026, 6, 8), extension_n=1, extension_reason="迟") == {"within_clock"}  # fmt: skip


@pytest.mark.parametrize("paper", PAPERS["papers"])
def test_a_request_is_not_taken_for_complete_without_each_paper(paper: str) -> None:
    papers = [one for one in PAPERS["papers"] if one != paper]
    assert refusals(requested(), "check_papers", papers=papers) == {"request_papers_complete"}


def test_an_evaluation_report_is_asked_where_it_was_demanded() -> None:
    assert refusals(requested(), "check_papers", **PAPERS, report_demanded=True) == {"request_papers_complete"}
    requested().take("check_papers", papers=[*PAPERS["papers"], "report"], report_demanded=True)


def test_filing_waits_for_the_papers_and_after_a_correction_for_a_new_look() -> None:
    walk = requested()
    assert refusals(walk, "file_case", **FILING) == {"act_done"}
    walk.take("check_papers", **PAPERS)
    walk.take("require_correction", correction_items="补副本", correction_until="2026-03-20")
    walk.take("record_correction", on=date(2026, 3, 10), corrected_on="2026-03-10", correction_note="已补")
    assert refusals(walk, "file_case", **FILING) == {"act_done"}
    walk.take("check_papers", **PAPERS)
    assert walk.take("file_case", **FILING).state == "serving"
    assert walk.steps("withdraw_request", withdrawn_on="2026-03-10", withdrawn_why="own", cancel_reason="撤回") == ["section_head", "leader"]  # fmt: skip


@pytest.mark.parametrize("condition", [name for name in FILING if name.startswith("cond_")])
def test_filing_needs_each_condition(condition: str) -> None:
    walk = requested().take("check_papers", **PAPERS)
    assert refusals(walk, "file_case", **{**FILING, condition: False}) == {"request_conditions_met"}


def test_filing_needs_both_parties_and_the_patent() -> None:
    walk = requested(parties=PARTIES[:1], rights=[]).take("check_papers", **PAPERS)
    assert refusals(walk, "file_case", **FILING) == {"requester_known", "patent_known"}
    walk = requested(parties=PARTIES[1:]).take("check_papers", **PAPERS)
    assert refusals(walk, "file_case", **FILING) == {"respondent_known"}


@pytest.mark.parametrize(
    "panel",
    [[FIRST, SECOND, THIRD, HEAD], [FIRST, SECOND, REVIEWER], [FIRST, SECOND, THIRD, HEAD, LEADER]],
    ids=["even", "without certificate", "several without certificate"],
)
def test_a_panel_is_odd_and_qualified(panel: list[str]) -> None:
    walk = requested().take("check_papers", **PAPERS)
    assert refusals(walk, "file_case", **{**FILING, "officers": panel}) == {"panel_lawful"}


def test_a_request_may_be_refused_and_looked_at_again() -> None:
    walk = requested().take("refuse_request", not_filed_ground="not_entitled", not_filed_reasons="不是专利权人")
    assert walk.state == "not_filed"
    assert walk.clock("D01")[2] is True
    walk.take("reopen_request", HEAD, reopen_reason="提交许可合同")
    assert walk.state == "examining"


def test_a_case_of_the_older_text_is_refused_with_its_articles() -> None:
    walk = requested(date(2025, 1, 20)).take("check_papers", **PAPERS)
    with pytest.raises(ActionRefused) as refused:
        walk.take("file_case", **{**FILING, "officers": [*PANEL, HEAD]})
    assert [unmet.article for unmet in refused.value.unmet] == ["《专利行政执法办法》第13条", "《专利法》第65条"]
    with pytest.raises(ActionRefused) as refused:
        walk.take("file_case", **{**FILING, "cond_no_suit": False})
    assert [unmet.article for unmet in refused.value.unmet] == ["《专利法》第65条"]
    walk.take("file_case", on=date(2025, 1, 24), **FILING)
    walk.take("serve_request", on=date(2025, 2, 10), served_on="2025-02-10", **SERVICE)
    (blocked,) = walk.available()["begin_trial"].unmet
    assert blocked.article == "《专利纠纷行政裁决和调解办法》第22条"  # this clock began under the newer text
    with pytest.raises(ActionRefused) as refused:
        walk.take("extend_handling", on=date(2025, 5, 10), extension_n=1, extension_reason="迟")
    assert [unmet.article for unmet in refused.value.unmet] == ["《专利行政执法办法》第21条"]


def test_an_objection_comes_in_time_and_its_days_do_not_count() -> None:
    walk = served()
    late = refusals(
        walk, "object_jurisdiction", on=date(2026, 3, 27), objected_on="2026-03-27", objection_text="无管辖权"
    )
    assert late == {"objection_in_time"}
    walk = served().take(
        "object_jurisdiction", on=date(2026, 3, 16), objected_on="2026-03-16", objection_text="无管辖权"
    )
    assert walk.clock("D06")[0] == date(2026, 3, 23)
    walk.take("reject_objection", on=date(2026, 3, 20), objection_finding="有管辖权")
    assert walk.state == "answering"
    assert walk.clock("D12")[0] == date(2026, 6, 9)  # 5 June and the four days from 16 to 19 March


def test_an_objection_that_is_right_moves_the_case() -> None:
    walk = served().take(
        "object_jurisdiction", on=date(2026, 3, 16), objected_on="2026-03-16", objection_text="无管辖权"
    )
    walk.take("uphold_objection", transfer_to="南京市知识产权局", transfer_reason="被请求人所在地")
    assert walk.take("close_moved", closing_manner="moved", closing_summary="移送").state == "closed"


def test_the_trial_waits_for_the_answer_or_the_end_of_its_time() -> None:
    walk = served()
    assert refusals(walk, "begin_trial", on=date(2026, 3, 24)) == {"answer_period_over_or_answered"}
    assert walk.take("begin_trial", on=date(2026, 3, 25)).state == "trying"
    assert walk.clock("D03a")[1:] == (date(2026, 3, 25), False)  # the respondent's silence is no delay of the organ


def test_a_respondent_abroad_has_more_time_and_the_panel_may_give_more() -> None:
    walk = filed().take("serve_request_abroad", on=date(2026, 3, 9), served_on="2026-03-09", **SERVICE)
    assert walk.clock("D03b")[0] == date(2026, 4, 8)
    walk.take("extend_answer", extension_n=10, extension_reason="翻译")
    assert walk.clock("D03b")[0] == date(2026, 4, 20)  # 18 April is a Saturday


def test_the_evidence_period_is_long_enough_and_over_before_the_panel_deliberates() -> None:
    walk = tried()
    told = {"evidence_notified_on": "2026-03-24"}
    assert refusals(walk, "set_evidence_period", **told, evidence_until="2026-04-03") == {"evidence_period_long_enough"}
    walk.take("set_evidence_period", **told, evidence_until="2026-04-30")
    assert refusals(walk, "waive_hearing", on=date(2026, 4, 10), waiver_reason="书面审理") == {"evidence_period_over"}
    walk.take("evidence_complete", evidence_complete_on="2026-04-10", evidence_complete_proof="笔录")
    assert walk.take("waive_hearing", waiver_reason="书面审理").state == "deliberating"


def test_a_hearing_is_announced_early_enough() -> None:
    walk = tried()
    told = {"hearing_told_on": "2026-03-30", **HEARING}
    assert refusals(walk, "notify_hearing", on=date(2026, 3, 30), hearing_on="2026-04-01", **told) == {"hearing_notice_in_time"}  # fmt: skip
    walk.take("notify_hearing", hearing_on="2026-04-02", **told)
    assert refusals(walk, "hold_hearing", on=date(2026, 4, 1), hearing_held_on="2026-04-01", **RECORD) == {"not_before"}
    walk.take("postpone_hearing", hearing_told_on="2026-04-01", hearing_on="2026-04-08", **HEARING)
    assert (
        walk.take("hold_hearing", on=date(2026, 4, 8), hearing_held_on="2026-04-08", **RECORD).state == "deliberating"
    )


def test_a_respondent_who_stays_away_is_judged_in_his_absence_a_requester_has_withdrawn() -> None:
    assert heard(attendance="respondent_absent").state == "deliberating"
    walk = tried().take("notify_hearing", on=date(2026, 3, 30), hearing_told_on="2026-03-30", hearing_on="2026-04-08", **HEARING)  # fmt: skip
    walk.take("requester_absent", on=date(2026, 4, 8), withdrawn_on="2026-04-08", cancel_reason="未到场")
    assert walk.state == "withdrawn"
    assert walk.take("close_withdrawn", closing_manner="withdrawn", closing_summary="……").state == "closed"


SUSPENSION = {"suspension_ground": "invalidity", "suspension_by": "respondent", "suspension_reason": "请求宣告无效"}


def test_a_suspension_needs_its_proof_and_stops_the_clock() -> None:
    walk = served()
    assert refusals(walk, "suspend", **SUSPENSION) == {"suspension_proved"}
    walk.take("suspend", on=date(2026, 3, 20), **SUSPENSION, suspension_proof="受理通知书")
    assert walk.state == "suspended"
    walk.take("resume", on=date(2026, 5, 20), resumed_on="2026-05-20", resume_reason="维持有效")
    assert walk.state == "answering"
    assert walk.clock("D12")[0] == date(2026, 8, 5)  # 61 days were left out


@pytest.mark.parametrize("ground", ["requester_died", "capacity_lost", "entity_ended", "force_majeure", "other_case", "question"])  # fmt: skip
def test_every_other_ground_needs_its_proof(ground: str) -> None:
    told = {**SUSPENSION, "suspension_ground": ground}
    assert refusals(served(), "suspend", **told) == {"suspension_proved"}
    assert served().take("suspend", **told, suspension_proof="证明").state == "suspended"


@pytest.mark.parametrize("against", ["clean_report", "second_request", "maintained", "other"])
def test_what_speaks_against_a_suspension_is_heeded(against: str) -> None:
    told = {**SUSPENSION, "suspension_proof": "受理通知书", "need_not_suspend": [against]}
    assert refusals(served(), "suspend", **told) == {"suspension_proved"}
    walk = served().take("refuse_suspension", no_suspension_ground="groundless", no_suspension_reason="理由不成立")
    assert walk.state == "answering"


def test_an_invention_under_invalidity_need_not_be_suspended() -> None:
    assert refusals(served(INVENTION), "suspend", **SUSPENSION, suspension_proof="受理通知书") == {"suspension_proved"}


def test_a_decision_needs_the_deliberation_of_the_whole_panel_and_a_majority() -> None:
    walk = heard()
    assert refusals(walk, "adjudicate", on=date(2026, 4, 10), **DECISION) == {"act_done"}
    for against in ([SECOND, THIRD], [HEAD]):
        assert refusals(walk, "deliberate", **{**DELIBERATION, "dissenters": against}) == {"majority_reached"}
    walk.take("deliberate", **DELIBERATION)
    walk.take("reopen_trial", retrial_reason="补证")
    walk.take("waive_hearing", waiver_reason="书面审理")
    assert refusals(walk, "adjudicate", **DECISION) == {"act_done"}


def test_a_rejected_request_is_closed_when_the_time_to_sue_is_over() -> None:
    walk = decision_served(verdict="rejected", orders=None)
    closing = {"closing_manner": "adjudicated", "closing_summary": "……"}
    assert refusals(walk, "close_adjudicated", **closing) == {"remedy_period_over"}
    assert "record_performance" not in walk.open_actions()
    assert walk.take("close_adjudicated", on=date(2026, 5, 11), **closing).state == "closed"


def test_a_stop_order_is_closed_only_when_it_is_carried_out_or_goes_to_the_court() -> None:
    walk = decision_served()
    closing = {"closing_manner": "adjudicated", "closing_summary": "……"}
    assert refusals(walk, "close_adjudicated", on=date(2026, 5, 11), **closing) == {"decision_carried_out"}
    walk.take("confirm_suit_period_over", suit_over_on="2026-05-09")
    walk.take("apply_enforcement", court="南通市中级人民法院", court_applied_on="2026-05-11", court_items="停止销售")
    assert walk.clock("D14")[2] is True
    assert walk.take("close_adjudicated", **closing).state == "closed"


def test_enforcement_passes_to_the_right_holder_when_the_department_lets_its_time_go() -> None:
    walk = decision_served().take("confirm_suit_period_over", on=date(2026, 5, 11), suit_over_on="2026-05-09")
    assert refusals(walk, "leave_to_right_holder", right_holder_told_on="2026-05-11") == {"clock_expired"}
    late = {"court": "法院", "court_applied_on": "2026-08-11", "court_items": "停止销售"}
    assert refusals(walk, "apply_enforcement", on=date(2026, 8, 11), **late) == {"within_clock"}
    walk.take("leave_to_right_holder", on=date(2026, 8, 11), right_holder_told_on="2026-08-11")
    assert walk.clock("D15")[0] == date(2027, 2, 11)


def test_a_suit_holds_the_closing_and_may_send_the_case_back() -> None:
    walk = decision_served().take("record_suit", on=date(2026, 5, 6), sued_on="2026-05-06", sued_by="respondent", suit_court="法院")  # fmt: skip
    assert "remedy_period_over" in refusals(walk, "confirm_suit_period_over", on=date(2026, 6, 1), suit_over_on="2026-06-01")  # fmt: skip
    walk.take(
        "record_suit_result", on=date(2026, 9, 1), suit_ended_on="2026-09-01", suit_result="redo", suit_judgment="1号"
    )
    assert walk.state == "trying"
    assert walk.clock("D17")[0] == date(2026, 9, 29)
    walk.take("publish_change", on=date(2026, 9, 10), change_published_on="2026-09-10")
    assert walk.clock("D17")[2] is True
    walk = decision_served().take("record_suit", on=date(2026, 5, 6), sued_on="2026-05-06", sued_by="respondent", suit_court="法院")  # fmt: skip
    walk.take("record_suit_result", on=date(2026, 9, 1), suit_ended_on="2026-09-01", suit_result="upheld", suit_judgment="1号")  # fmt: skip
    assert walk.situation(FIRST).clock("D17") is None  # upheld: there is no change to publish
    assert refusals(walk, "publish_change", change_published_on="2026-09-01") == {"clock_running"}


def test_an_invalid_patent_changes_or_revokes_the_decision() -> None:
    change = {"invalidity_number": "第50001号", "invalidity_in_force": False, "decision_change": "部分无效"}
    assert refusals(decision_served(), "change_decision", **change) == {"fact_equals"}
    change["invalidity_in_force"] = True
    assert decision_served().take("change_decision", **change).state == "suit_period"
    walk = decision_served().take("revoke_decision", **change)
    assert walk.state == "cancelled"
    assert walk.take("close_cancelled", closing_manner="terminated", closing_summary="……").state == "closed"


def test_publication_is_masked() -> None:
    assert refusals(decided(), "publish_decision", published_on="2026-04-20", masked=False) == {"publication_masked"}


REPEAT = {
    **DECISION,
    "repeat_requested": True,
    "repeat_in_force": True,
    "repeat_same_patent": True,
    "repeat_same_kind": True,
    "repeat_earlier": "通知知裁字〔2025〕3号",
}


@pytest.mark.parametrize("condition", ["repeat_requested", "repeat_in_force", "repeat_same_patent", "repeat_same_kind"])
def test_a_direct_stop_order_needs_each_of_its_conditions(condition: str) -> None:
    assert refusals(served(), "adjudicate_repeat", **{**REPEAT, condition: False}) == {"direct_order_allowed"}


def test_a_repeat_infringer_is_stopped_without_trial() -> None:
    walk = served().take("adjudicate_repeat", on=date(2026, 3, 12), **REPEAT)
    assert walk.state == "adjudicated"
    assert walk.clock("D12")[2] is True


def test_mediation_inside_ends_the_case_or_goes_back_to_it() -> None:
    start = {"mediation_on": "2026-03-24", "both_wish": True}
    assert refusals(tried(), "begin_mediation", **{**start, "both_wish": False}) == {"fact_equals"}
    walk = tried().take("begin_mediation", **start)
    agreement = {"agreed_on": "2026-03-26", "dispute_facts": "……", "agreement_terms": "停止销售", "payment_duty": True}
    walk.take("reach_agreement", on=date(2026, 3, 26), **agreement)
    assert walk.clock("D12")[2] is True
    walk.take("record_confirmation", on=date(2026, 4, 2), confirmed_on="2026-04-02", confirmation="court", confirmed_by="法院", confirmation_number="1号")  # fmt: skip
    assert walk.take("close_mediated", closing_manner="mediated", closing_summary="……").state == "closed"
    failed = {"mediation_ended_on": "2026-03-24", "mediation_failed_why": "分歧大"}
    assert tried().take("begin_mediation", **start).take("mediation_fails", **failed).state == "trying"
    walk = heard().take("begin_mediation", **{**start, "mediation_on": "2026-04-08"})
    assert walk.take("mediation_fails", **{**failed, "mediation_ended_on": "2026-04-08"}).state == "deliberating"


def test_a_case_ends_by_withdrawal_cancellation_or_merging() -> None:
    walk = served().take("withdraw_request", withdrawn_on="2026-03-09", withdrawn_why="settled", cancel_reason="和解")
    assert walk.state == "withdrawn"
    assert served().take("cancel_case", cancel_ground="patent_invalid", cancel_reason="无效").state == "cancelled"
    merging = {"merged_into": "通知知纠字〔2026〕1号", "merge_reason": "同一专利"}
    assert served().take("merge_case", **merging).state == "merged"


@pytest.mark.parametrize(
    ("manner", "state"),
    [("before_closing", "performed"), ("trial", "trying")],
)
def test_a_closed_case_reopens_where_it_stood_or_at_the_trial(manner: str, state: str) -> None:
    walk = decision_served().take("record_performance", on=date(2026, 5, 12), performed_on="2026-05-12", performed_how="voluntary", performed_proof="已下架")  # fmt: skip
    walk.take("close_executed", closing_manner="executed", closing_execution="已停止", closing_summary="……")
    walk.take("archive", archived_on="2026-05-12", archive_number="1")
    assert walk.take("reopen", reopen_at=manner, reopen_reason="新证据").state == state
