"""The papers on the way of a dispute are issued by its acts: objection, evidence, panel, extension, what becomes of a
decision; on both databases.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from caseapp.domain.errors import ActionRefused
from caseapp.domain.workflow.timing import clocks_of
from tests.factories.cases import Course
from tests.factories.sides import granted, open_side
from tests.services.test_dispute_life import REQUEST, filed, panel, papers_of, rebuilt_as_stored, service

__all__ = ["panel"]

DECISION: dict[str, Any] = {
    "verdict": "infringement",
    "requester_case": "侵权",
    "respondent_case": "不侵权",
    "facts_found": "被请求人销售四件套。",
    "evidence": "公证书——销售的事实",
    "comparison": "中心团花——相同",
    "reasons": "整体视觉效果无实质性差异",
    "basis": "中华人民共和国专利法 第六十五条",
    "orders": "立即停止销售",
}


def answered(course: Course, panel: list[str]) -> str:
    case_id = filed(course, panel)
    course.act("officer", case_id, "serve_request", service(course))
    course.later(days=2)
    answer = {"answered_on": course.today.isoformat(), "answer_text": "不侵权"}
    course.act("officer", case_id, "record_answer", answer)
    return case_id


def test_the_way_to_the_decision_issues_its_papers(course: Course, panel: list[str]) -> None:
    case_id = answered(course, panel)
    told = course.today.isoformat()
    course.act("officer", case_id, "object_jurisdiction", {"objected_on": told, "objection_text": "不在本市"})
    course.later(days=1)
    course.approved("officer", case_id, "reject_objection", {"objection_finding": "侵权行为地在本市"})
    until = course.later(days=20).today.isoformat()
    course.later(days=-20)
    period = {"evidence_notified_on": course.today.isoformat(), "evidence_until": until}
    course.act("officer", case_id, "set_evidence_period", period)
    course.act("officer", case_id, "begin_trial")
    later = course.later(days=25).today.isoformat()
    course.later(days=-25)
    more = {"evidence_until": later, "evidence_extension_reason": "被请求人申请延长"}
    course.act("officer", case_id, "extend_evidence", more)
    added = {
        "added_asked_on": course.today.isoformat(),
        "added_by": "requester",
        "added_party": "某平台公司",
        "added_as": "third_party",
        "added_reason": "请求人申请追加",
    }
    course.act("officer", case_id, "add_party", added)
    joined = {"joined_numbers": ["通知知纠字〔2026〕8号", "通知知纠字〔2026〕9号"], "joined_because": "same_patent"}
    course.act("officer", case_id, "join_cases", joined)
    course.approved("officer", case_id, "extend_handling", {"extension_n": 1, "extension_reason": "案情复杂"})
    course.act("head", case_id, "change_panel", {"officers": panel, "change_reason": "确定组长"})
    superior = {"superior_name": "江苏省知识产权局", "more_months": 2, "more_reason": "需要鉴定"}
    course.approved("officer", case_id, "extension_request", superior)

    papers = papers_of(course, case_id)
    jurisdiction = papers["jurisdiction_decision"]
    assert jurisdiction["jurisdiction"] == {
        "objected_on": told,
        "objection": "不在本市",
        "verdict": "rejected",
        "finding": "侵权行为地在本市",
    }
    assert "知管字" in jurisdiction["number"]
    assert papers["evidence_period_notice"]["evidence_period"] == {"until": until, "minimum_days": 15}
    assert papers["evidence_extension_notice"]["evidence_period"]["until"] == later
    assert papers["added_party_notice"]["joined"]["party"] == "某平台公司"
    assert papers["joint_hearing_notice"]["joined"]["numbers"] == ["通知知纠字〔2026〕8号", "通知知纠字〔2026〕9号"]
    assert papers["panel_notice"]["dispute"]["panel"] == ["顾海宁", "陆文珺", "季彧"]
    extension = papers["extension_approval"]
    assert extension["extension"]["n"] == 1
    assert extension["extension"]["unit"] == "months"
    assert [item["step"] for item in extension["approvals"]] == ["officer", "section_head", "leader"]
    assert extension["number"] is None
    with course.as_("officer") as ctx:
        main, law = course.image(case_id).main, ctx.law
        (clock,) = [one for one in clocks_of(main, law.rules, law.calendar, as_of=course.today) if one.rule.id == "D12"]
    assert clock.run.due.on is not None
    assert extension["extension"]["due_on"] == clock.run.due.on.isoformat()
    assert papers["extension_request"]["extension"]["granted_months"] == 1
    assert "知请字" in papers["extension_request"]["number"]
    assert rebuilt_as_stored(course, case_id)


def test_a_decision_is_corrected_changed_and_revoked_in_writing(course: Course, panel: list[str]) -> None:
    case_id = answered(course, panel)
    course.act("officer", case_id, "begin_trial")
    course.act("officer", case_id, "waive_hearing", {"waiver_reason": "事实清楚"})
    deliberation = {
        "deliberated_on": course.today.isoformat(),
        "deliberation_minutes": "多数认为侵权成立。",
        "dissenters": [panel[2]],
        "dissent": "云纹方向相反",
    }
    course.act("officer", case_id, "deliberate", deliberation)
    course.approved("officer", case_id, "adjudicate", DECISION)
    course.approved("officer", case_id, "correct_decision", {"corrected_text": "“三件套”更正为“四件套”"})
    invalid = {"invalidity_number": "第561234号", "decision_change": "第二项不再执行"}
    with pytest.raises(ActionRefused):
        course.act("officer", case_id, "change_decision", {**invalid, "invalidity_in_force": False})
    course.approved("officer", case_id, "change_decision", {**invalid, "invalidity_in_force": True})
    whole = {**invalid, "decision_change": "专利权被宣告全部无效", "invalidity_in_force": True}
    course.approved("officer", case_id, "revoke_decision", whole)

    papers = papers_of(course, case_id)
    record = papers["deliberation_record"]["deliberation"]
    assert record["members"] == ["顾海宁", "陆文珺", "季彧"]
    assert record["dissenters"] == ["季彧"]
    number = papers["adjudication"]["number"]
    for kind in ("adjudication_correction", "adjudication_change", "adjudication_revocation"):
        assert papers[kind]["decision"]["number"] == number
        assert "知裁改字" in papers[kind]["number"]
    assert papers["adjudication_correction"]["changed"]["correction"] == "“三件套”更正为“四件套”"
    assert papers["adjudication_revocation"]["changed"]["text"] == "专利权被宣告全部无效"
    assert course.image(case_id).main.state == "cancelled"
    assert rebuilt_as_stored(course, case_id)


def test_a_request_that_is_refused_keeps_the_form_and_its_clue_goes_on(course: Course, panel: list[str]) -> None:
    case_id = course.lead(**REQUEST).id
    course.act("head", case_id, "assign_request", {"officers": panel})
    refusal = {
        "not_filed_ground": "jurisdiction",
        "not_filed_reasons": "侵权行为地在苏州",
        "moved_to": "苏州市知识产权局",
    }
    course.approved("officer", case_id, "refuse_request", refusal)
    clue = {"clue_to": "苏州市知识产权局", "clue_text": "苏州某公司制造", "clue_reason": "行为地在苏州"}
    course.approved("officer", case_id, "clue_letter", clue)
    papers = papers_of(course, case_id)
    assert papers["dispute_filing_approval"]["filing"] == {"result": "not_file", "reasons": "侵权行为地在苏州"}
    assert "知线移字" in papers["clue_letter"]["number"]


def test_papers_cite_the_text_under_which_the_clock_began(course: Course, panel: list[str]) -> None:
    course.clock.at = datetime(2025, 1, 20, 2, tzinfo=UTC)
    case_id = answered(course, panel)
    course.act("officer", case_id, "begin_trial")
    before = papers_of(course, case_id)["dispute_filing_notice"]["dispute"]["older"]
    assert before["20"] == {"law": "专利行政执法办法", "article": "13"}
    assert before["other"] == {"law": "中华人民共和国专利法", "article": "65"}

    course.later(days=30)
    notice = {
        "hearing_told_on": course.today.isoformat(),
        "hearing_on": "2025-03-20",
        "hearing_time": "9时30分",
        "hearing_place": "审理室",
    }
    course.act("officer", case_id, "notify_hearing", notice)
    after = papers_of(course, case_id)["oral_hearing_notice"]["dispute"]["older"]
    assert after["26"] == {"law": "专利行政执法办法", "article": "16"}
    assert "other" not in after
    commissioned = {
        "appraisal_kind": "appraisal",
        "appraisal_body": "江苏某鉴定所",
        "appraisal_items": "四件套——1.8米——1套——",
        "appraisal_questions": "花型是否相同",
        "appraisal_until": "2025-04-10",
    }
    granted(course, open_side(course, case_id, "appraisal", "commission", commissioned))
    appraisal = papers_of(course, case_id)["appraisal_period_notice"]["appraisal"]
    assert appraisal["older"] == {"law": "专利行政执法办法", "article": "21"}
    assert rebuilt_as_stored(course, case_id)


def test_papers_of_the_newer_text_name_no_older_one(course: Course, panel: list[str]) -> None:
    assert "older" not in papers_of(course, filed(course, panel))["dispute_filing_notice"]["dispute"]
