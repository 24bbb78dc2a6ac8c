"""A dispute and a mediation through the services, on both databases: ledger, projections, papers, clocks, figures."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from caseapp.domain.errors import ActionRefused, InputErrors
from caseapp.domain.facts import Right
from caseapp.domain.roles import Role, Scope
from caseapp.models.issued_document import IssuedDocument
from caseapp.queries.staff import staff_of
from caseapp.services import ledger_rebuild
from caseapp.services.case_intake import PartyDraft
from caseapp.services.installation import AccountDraft, create_accounts
from tests.factories.cases import RESPONDENT, Course
from tests.support.app import ORGAN

REQUESTER = PartyDraft(
    "complainant", "organisation", "江苏澜庭纺织集团有限公司", None, {"address": "海门区叠石桥路66号"}
)
PATENT = Right("patent_design", "ZL202430380182.4", "被套（缠枝莲）", REQUESTER.name)
REQUEST: dict[str, Any] = {
    "procedure": "patent_dispute",
    "ip_types": ("patent_design",),
    "source": "request",
    "summary": "被请求人销售与专利相同的四件套。",
    "parties": (REQUESTER, RESPONDENT),
    "rights": (PATENT,),
    "facts": {"request_items": "责令停止销售", "claims_relied": "外观设计图片"},
}
CONDITIONS = dict.fromkeys(
    ("cond_requester", "cond_respondent", "cond_claims", "cond_jurisdiction", "cond_no_suit"), True
)
SERVICE = {"service_method": "direct", "service_receiver": "张某", "service_place": "通州区川姜镇1号"}


@pytest.fixture
def panel(course: Course) -> list[str]:
    """Three officers with a certificate: the two of the house, and one more."""
    third = AccountDraft(
        login="officer3",
        name="季彧",
        organ=ORGAN,
        roles=(Role.OFFICER,),
        scope=Scope.ORGAN,
        password="Tongzhou-2026-test",
        certificate_number="测F000099",
        certificate_from=date(2020, 1, 1),
        certificate_until=date(2030, 12, 31),
        must_change_password=False,
    )
    with course.parts.context() as system:
        (person,) = create_accounts(system, [third])
        assert staff_of(system, "", [person])[person].is_certified(course.today)
    return [*course.officers, person]


def service(course: Course) -> dict[str, Any]:
    return {"served_on": course.today.isoformat(), **SERVICE, "service_servers": course.officers}


def filed(course: Course, panel: list[str]) -> str:
    case_id = course.lead(**REQUEST).id
    course.act("head", case_id, "assign_request", {"officers": panel})
    papers = ["request", "identity", "register", "evidence", "copies"]
    course.act("officer", case_id, "check_papers", {"papers": papers})
    image = course.image(case_id)
    known = {name: image.main.facts[name] for name in ("request_items", "claims_relied")}
    filing = {"case_name": image.title, **known, "request_reasons": "未经许可销售", **CONDITIONS, "officers": panel}
    course.approved("officer", case_id, "file_case", filing)
    return case_id


def papers_of(course: Course, case_id: str) -> dict[str, dict[str, Any]]:
    with course.parts.context() as ctx:
        query = select(IssuedDocument).where(IssuedDocument.case_id == case_id)
        return {row.type: {**json.loads(row.facts), "number": row.number} for row in ctx.session.scalars(query)}


def rebuilt_as_stored(course: Course, case_id: str) -> bool:
    with course.parts.context() as ctx:
        return list(ledger_rebuild.differences(ctx, case_id)) == []


def test_a_dispute_is_heard_suspended_and_decided(course: Course, panel: list[str]) -> None:
    case_id = filed(course, panel)
    image = course.image(case_id)
    assert image.number is not None
    assert "知纠字" in image.number
    assert image.title == "江苏澜庭纺织集团有限公司与南通锦屏家纺有限公司外观设计专利侵权纠纷案"
    course.act("officer", case_id, "serve_request", service(course))
    suspension = {
        "suspension_ground": "invalidity",
        "suspension_by": "respondent",
        "suspension_reason": "被请求人请求宣告专利权无效",
    }
    with pytest.raises(ActionRefused) as refused:
        course.act("officer", case_id, "suspend", suspension)
    assert [unmet.article for unmet in refused.value.unmet] == ["《专利纠纷行政裁决和调解办法》第28条"]
    course.later(days=3)
    course.approved("officer", case_id, "suspend", {**suspension, "suspension_proof": "无效宣告请求受理通知书"})
    course.later(days=30)
    resumed = {"resumed_on": course.today.isoformat(), "resume_reason": "审查决定维持专利权有效"}
    course.act("officer", case_id, "resume", resumed)
    course.act("officer", case_id, "record_answer", {"answered_on": course.today.isoformat(), "answer_text": "不侵权"})
    course.act("officer", case_id, "begin_trial")
    told, heard_on = course.today, (course.later(days=14).today)
    hearing = {
        "hearing_on": heard_on.isoformat(),
        "hearing_time": "9时30分",
        "hearing_place": "四楼",
        "hearing_public": True,
    }
    course.act("officer", case_id, "notify_hearing", {"hearing_told_on": told.isoformat(), **hearing})
    record = {
        "hearing_held_on": heard_on.isoformat(),
        "attendance": "respondent_absent",
        "attendants": "张某，请求人的委托代理人",
        "hearing_record": "……",
        "clerk": "沈意",
    }
    course.act("officer", case_id, "hold_hearing", record)
    deliberation = {"deliberated_on": heard_on.isoformat(), "deliberation_minutes": "……"}
    course.act("officer", case_id, "deliberate", deliberation)
    decision = {
        "verdict": "infringement",
        "requester_case": "侵权",
        "respondent_case": "未答辩到庭",
        "facts_found": "被请求人销售四件套。",
        "evidence": "公证书——销售的事实",
        "comparison": "中心团花——相同\n四角云纹",
        "reasons": "整体视觉效果无实质性差异",
        "basis": "中华人民共和国专利法 第六十五条",
        "orders": "立即停止销售；\n立即停止许诺销售。",
    }
    course.approved("officer", case_id, "adjudicate", decision)
    course.act("officer", case_id, "serve_decision_requester", service(course))
    course.later(days=1).act("officer", case_id, "serve_decision_respondent", service(course))
    course.act("officer", case_id, "publish_decision", {"published_on": course.today.isoformat(), "masked": True})
    course.later(days=20)
    course.act("officer", case_id, "confirm_suit_period_over", {"suit_over_on": course.today.isoformat()})
    performed = {"performed_on": course.today.isoformat(), "performed_how": "voluntary", "performed_proof": "已下架"}
    course.act("officer", case_id, "record_performance", performed)
    closing = {"closing_manner": "executed", "closing_execution": "已停止侵权", "closing_summary": "裁决已履行"}
    course.approved("officer", case_id, "close_executed", closing)

    image = course.image(case_id)
    assert (image.main.state, image.main.category) == ("closed", "closed")
    assert [item.detail("outcome") for item in image.milestones if item.kind.value == "decided"] == ["infringement"]
    assert rebuilt_as_stored(course, case_id)
    papers = papers_of(course, case_id)
    assert set(papers) == {
        "dispute_filing_approval",
        "dispute_filing_notice",
        "answer_notice",
        "service_receipt",
        "suspension_notice",
        "resumption_notice",
        "oral_hearing_notice",
        "oral_hearing_record",
        "deliberation_record",
        "adjudication",
        "closing_approval",
    }
    told_there = papers["adjudication"]["dispute"]
    assert told_there["orders"] == ["立即停止销售", "立即停止许诺销售"]
    assert told_there["comparison"] == [{"patent": "中心团花", "accused": "相同"}, {"patent": "四角云纹"}]
    assert told_there["suit_days"] == 15
    assert told_there["panel"] == ["顾海宁", "陆文珺", "季彧"]
    assert papers["adjudication"]["oral"]["attendance"] == "respondent_absent"
    assert "知裁字" in papers["adjudication"]["number"]
    assert papers["suspension_notice"]["suspension"]["ground"].startswith("涉案实用新型、外观设计专利")
    assert papers["service_receipt"]["service"]["documents"][0]["name"] == "专利侵权纠纷行政裁决书"
    clocks = {row["rule"]: row for row in course.rows("clock_run") if row["case_id"] == case_id}
    assert clocks["D12"]["met"] is True
    assert not {"Q07", "Q01", "Q03"} & set(clocks)


def test_what_a_paper_lacks_is_named_before_anything_is_kept(course: Course, panel: list[str]) -> None:
    bare = PartyDraft("complainant", "organisation", "某集团", None, {})
    case_id = course.lead(**{**REQUEST, "parties": (bare, RESPONDENT)}).id
    course.act("head", case_id, "assign_request", {"officers": panel})
    before = course.everything()
    with pytest.raises(ActionRefused) as refused:
        course.act("officer", case_id, "file_case", {"case_name": "某案", "request_items": "停止", "request_reasons": "……", "claims_relied": "图片", **CONDITIONS, "officers": panel})  # fmt: skip
    assert {unmet.guard for unmet in refused.value.unmet} == {"act_done"}
    assert course.everything() == before


def test_a_mediation_is_agreed_and_confirmed_by_the_court(course: Course) -> None:
    facts = {
        "request_items": "赔偿损失",
        "mediation_subject": "damages",
        "infringement_decision": "通知知裁字〔2025〕3号",
    }
    case_id = course.lead(**{**REQUEST, "procedure": "mediation", "facts": facts}).id
    course.act("head", case_id, "assign_request", {"officers": course.officers})
    course.act("officer", case_id, "issue_opinion_notice", facts)
    course.act("officer", case_id, "serve_opinion_notice", service(course))
    course.later(days=4)
    opinion = {"opinion_on": course.today.isoformat(), "opinion_text": "同意调解"}
    course.act("officer", case_id, "record_consent", opinion)
    session = {"session_on": course.today.isoformat(), "session_time": "9时30分", "session_place": "调解室"}
    filing = {"case_name": "某专利纠纷调解案", **session, "officers": course.officers}
    course.approved("officer", case_id, "file_case", filing)
    agreement = {
        "agreed_on": course.today.isoformat(),
        "dispute_facts": "销售侵权产品",
        "agreement_terms": "停止销售\n支付5万元",
        "payment_duty": True,
    }
    course.act("officer", case_id, "reach_agreement", agreement)
    confirmed = {
        "confirmed_on": course.today.isoformat(),
        "confirmation": "court",
        "confirmed_by": "南通市中级人民法院",
        "confirmation_number": "（2026）苏06诉前调确1号",
    }
    course.act("officer", case_id, "record_confirmation", confirmed)
    course.approved("officer", case_id, "close_mediated", {"closing_manner": "mediated", "closing_summary": "已确认"})
    image = course.image(case_id)
    assert image.number is not None
    assert "知调字" in image.number
    assert image.main.facts["confirmation"] == "court"
    assert [item.kind.value for item in image.milestones] == ["registered", "filed", "mediated", "closed"]
    assert set(papers_of(course, case_id)) == {
        "opinion_notice",
        "service_receipt",
        "mediation_filing_notice",
        "mediation_agreement",
        "closing_approval",
    }
    assert rebuilt_as_stored(course, case_id)


def test_a_request_may_not_say_what_no_form_asks(course: Course) -> None:
    for facts in ({"colour": "red"}, {"papers": ["a receipt"]}):
        with pytest.raises(InputErrors):
            course.lead(**{**REQUEST, "facts": facts})
