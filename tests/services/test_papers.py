"""Papers without a step, and those of hearing, discussion, reminder and court: issued, printed, read back."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from caseapp.domain.documents import DocumentNotReady
from caseapp.domain.errors import ActionRefused, InputErrors
from caseapp.domain.signatures import data_url
from caseapp.queries.case_images import entries_of
from caseapp.queries.next_steps import papers_of
from caseapp.queries.organ_tree import OrganContact
from caseapp.services import document_print
from caseapp.services.ledger_rebuild import differences
from tests.factories.cases import REPORT, Course
from tests.factories.pictures import png


def interview(course: Course, **changes: Any) -> dict[str, Any]:
    begun = course.clock.at - timedelta(hours=2)
    return {
        "interview_begun": begun.isoformat(),
        "interview_ended": (begun + timedelta(hours=1)).isoformat(),
        "interview_nth": 1,
        "interview_place": "本局询问室",
        "interview_officers": course.officers,
        "interview_clerk": course.people["officer2"].id,
        "interviewee_name": "翟小宁",
        "interviewee_relation": "当事人法定代表人",
        "interview_text": "问：这批床品从哪里购进？\n答：从流动商贩处购进。",
        "interview_confirmed": "read",
        **changes,
    }


def issued(course: Course, document_type: str) -> dict[str, Any]:
    (row,) = (row for row in course.rows("issued_document") if row["type"] == document_type)
    found: dict[str, Any] = row
    return found


def text_of(course: Course, document_id: str) -> str:
    with course.as_("officer") as ctx:
        content, _ = document_print.pdf_of(ctx, document_id)
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))


def test_an_interview_is_issued_without_a_step_and_what_was_said_is_not_in_the_ledger(course: Course) -> None:
    case_id = course.filed()
    before = course.image(case_id)
    course.act("officer", case_id, "interview_record", interview(course))
    after = course.image(case_id)
    assert (after.main.state, after.main.acts, after.main.facts) == (
        before.main.state,
        before.main.acts,
        before.main.facts,
    )
    with course.parts.context() as ctx:
        entry = entries_of(ctx, case_id)[-1]
        assert list(differences(ctx, case_id)) == []
    assert entry.kind == "document_issued"
    assert "流动商贩" not in json.dumps(dict(entry.payload), ensure_ascii=False)
    text = text_of(course, issued(course, "interview_record")["id"])
    for said in ("询问笔录", "翟小宁", "答：从流动商贩处购进。", "被询问人已阅看", "顾海宁（执法证件号"):
        assert said in text


def test_a_second_interview_is_a_second_paper(course: Course) -> None:
    case_id = course.filed()
    for nth in (1, 2):
        course.act("officer", case_id, "interview_record", interview(course, interview_nth=nth))
    kept = [row for row in course.rows("issued_document") if row["type"] == "interview_record"]
    assert sorted(json.loads(row["facts"])["paper"]["interview_nth"] for row in kept) == [1, 2]


def test_a_signature_on_glass_is_kept_by_its_hash_and_printed(course: Course) -> None:
    case_id = course.filed()
    course.act("officer", case_id, "interview_record", interview(course, interviewee_signed=data_url(png())))
    row = issued(course, "interview_record")
    (signed,) = json.loads(row["facts"])["signatures"]
    assert (signed["field"], signed["who"]) == ("interviewee_signed", "被询问人签名")
    with course.as_("officer") as ctx:
        assert ctx.ports.files.get(signed["image"].removeprefix("sha256:")) == png()
        content, _ = document_print.pdf_of(ctx, row["id"])
    assert sum(len(page.images) for page in PdfReader(BytesIO(content)).pages) == 1


def test_what_is_no_signature_is_refused_beside_its_field(course: Course) -> None:
    case_id = course.filed()
    with pytest.raises(InputErrors) as refused:
        course.act("officer", case_id, "interview_record", interview(course, interviewee_signed="data:text/html,x"))
    assert [one.field for one in refused.value.errors] == ["interviewee_signed"]


def test_a_paper_does_not_wait_for_a_request_that_is_under_way(course: Course) -> None:
    case_id = course.deciding()
    course.act("officer", case_id, "decide_penalty", course.decision())
    course.act("officer", case_id, "interview_record", interview(course))
    assert issued(course, "interview_record")["action"] == "interview_record"
    assert course.image(case_id).pending_approval(course.image(case_id).main.id) is not None


def test_a_paper_is_issued_by_who_may_and_where_it_may(course: Course) -> None:
    case_id = course.filed()
    with pytest.raises(ActionRefused):
        course.act("head", case_id, "interview_record", interview(course))
    with course.as_("officer") as ctx:
        image = course.image(case_id)
        offered = {one.action: one.open for one in papers_of(ctx, image, image.main)}
    assert set(offered) == {
        "interview_record",
        "site_record",
        "assistance_letter",
        "correction_order",
        "address_confirmation",
        "extraction_sheet",
        "electronic_extraction_record",
        "interview_notice",
        "materials_notice",
        "identification_notice",
        "sampling_record",
        "disposal_record",
    }
    assert all(offered.values())
    closed = course.closed(summary="另案")
    with pytest.raises(ActionRefused):
        course.act("officer", closed, "interview_record", interview(course))


def test_an_inspection_without_the_party_says_why_and_who_witnessed(course: Course) -> None:
    case_id = course.filed()
    begun = course.clock.at - timedelta(hours=1)
    fields = {
        "site_begun": begun.isoformat(),
        "site_ended": course.clock.at.isoformat(),
        "site_place": "通州区川姜镇1号",
        "site_officers": course.officers,
        "site_clerk": course.people["officer"].id,
        "site_presence": "absent",
        "site_refusal": "经电话通知，当事人未到场。",
        "site_witness": "陈某，市场管理员",
        "site_text": "仓库内有标有“澜庭”字样的床品200件。",
        "site_witness_signed": data_url(png()),
    }
    course.act("officer", case_id, "site_record", fields)
    text = text_of(course, issued(course, "site_record")["id"])
    assert "未到场" in text
    assert "经电话通知，当事人未到场。" in text
    assert "见证人：陈某，市场管理员" in text


def test_a_letter_to_another_organ_takes_its_number_when_the_head_has_signed(course: Course) -> None:
    case_id = course.filed()
    fields = {
        "assistance_to": "常熟市市场监督管理局",
        "assistance_facts": "涉案商品购自常熟招商城。",
        "assistance_matters": "商铺的主体资格\n商铺的销售记录",
    }
    outcome = course.act("officer", case_id, "assistance_letter", fields)
    assert outcome.status == "requested"
    assert [row for row in course.rows("issued_document") if row["type"] == "assistance_letter"] == []
    assert course.sign("head", outcome).status == "signed"
    assert course.sign("leader", outcome).status == "acted"
    row = issued(course, "assistance_letter")
    assert row["number"] == "通州市监知协查字〔2026〕1号"
    text = text_of(course, row["id"])
    for said in ("常熟市市场监督管理局：", "1．商铺的主体资格；2．商铺的销售记录。", "十五个工作日内"):
        assert said in text
    with course.parts.context() as ctx:
        assert list(differences(ctx, case_id)) == []


def test_an_order_of_correction_names_articles_day_and_remedies(course: Course) -> None:
    case_id = course.filed()
    fields = {
        "correction_findings": "销售侵权床品",
        "correction_violated": "中华人民共和国商标法 第五十七条第（三）项",
        "correction_basis": "中华人民共和国行政处罚法 第二十八条第一款",
        "correction_when": "by_day",
        "correction_by": (course.today + timedelta(days=10)).isoformat(),
        "correction_demand": "下架全部侵权床品",
    }
    course.approved("officer", case_id, "correction_order", fields)
    text = text_of(course, issued(course, "correction_order")["id"])
    assert "《中华人民共和国行政处罚法》第二十八条第一款" in text
    assert "改正内容及要求如下：下架全部侵权床品。" in text
    assert "申请行政复议" in text


def test_the_papers_of_a_hearing_are_issued_by_its_acts(course: Course) -> None:
    case_id = course.filed()
    large = {**REPORT, "proposed_fine": 15_000_000}
    course.act("officer", case_id, "conclude_investigation", large)
    course.act("legal", case_id, "review_case", course.review())
    course.approved("officer", case_id, "issue_prior_notice")
    course.act("officer", case_id, "serve_prior_notice", course.service(course.today.isoformat()))
    asked = {"hearing_asked_on": course.today.isoformat(), "hearing_asked_how": "书面"}
    course.act("officer", case_id, "request_hearing", asked)
    course.act("leader", case_id, "appoint_presider", {"presider": course.people["legal"].id})
    held_on = course.today + timedelta(days=21)
    told = {
        "hearing_told_on": course.today.isoformat(),
        "hearing_on": held_on.isoformat(),
        "hearing_time": "9时30分",
        "hearing_place": "本局听证室",
        "hearing_public": True,
    }
    course.act("officer", case_id, "notify_hearing", told)
    presider = course.people["legal"].name
    notice = text_of(course, issued(course, "hearing_notice")["id"])
    assert f"听证主持人：{presider}" in notice
    assert "9时30分" in notice
    course.later(days=21)
    record = {
        "hearing_held_on": held_on.isoformat(),
        "hearing_present": "当事人代理人王某",
        "hearing_record": "主持人：现在开始听证。\n当事人：没有意见。",
        "hearing_party_signed": data_url(png()),
    }
    course.act("officer", case_id, "hold_hearing", record)
    (signed,) = json.loads(issued(course, "hearing_record")["facts"])["signatures"]
    assert (signed["field"], signed["who"]) == ("hearing_party_signed", "当事人（代理人）签名")
    assert "hearing_party_signed" not in course.image(case_id).main.facts
    assert not any("data:image" in row["payload"] for row in course.rows("ledger_entry"))
    with course.parts.context() as ctx:
        assert list(differences(ctx, case_id)) == []
    assert "当事人：没有意见。" in text_of(course, issued(course, "hearing_record")["id"])
    report = {"hearing_report": "程序合法。", "hearing_finding": "不予采纳。"}
    course.act("officer", case_id, "report_hearing", report)
    assert presider in text_of(course, issued(course, "hearing_report")["id"])


def test_the_record_of_a_discussion_is_issued_by_it(course: Course) -> None:
    case_id = course.deciding()
    fields = {
        "discussed_on": course.today.isoformat(),
        "discussion_members": "施明远\n钱立新",
        "discussion_minutes": "均同意。",
        "discussion_result": "agree",
    }
    course.act("leader", case_id, "discuss_collectively", fields)
    text = text_of(course, issued(course, "collective_discussion")["id"])
    assert "同意办案机构的处理意见。" in text
    assert "施明远钱立新" in text


def test_a_reminder_and_the_application_to_the_court_name_the_decision(course: Course) -> None:
    case_id = course.performing()
    decision = issued(course, "penalty_decision")["number"]
    course.later(days=200)
    course.act("officer", case_id, "confirm_remedy_over", {"remedy_over_on": course.today.isoformat()})
    reminded = {"reminder_on": course.today.isoformat(), "reminder_amount": 500_000}
    course.act("officer", case_id, "serve_reminder", reminded)
    text = text_of(course, issued(course, "reminder")["id"])
    assert f"{decision}行政处罚决定" in text
    assert "缴纳5,000.00元（大写：人民币伍仟元整）" in text
    course.later(days=16)
    asked = {"court": "南通市通州区人民法院", "court_applied_on": course.today.isoformat(), "court_amount": 1_000_000}
    course.approved("officer", case_id, "apply_to_court", asked)
    row = issued(course, "court_application")
    assert row["number"] == "通州市监知申执字〔2027〕1号"
    assert "10,000.00元" in text_of(course, row["id"])


def test_a_paper_that_lacks_a_fact_is_not_issued(course: Course) -> None:
    case_id = course.filed()
    course.reached_at(OrganContact())
    fields = {
        "assistance_to": "常熟市市场监督管理局",
        "assistance_facts": "购自常熟。",
        "assistance_matters": "主体资格",
    }
    with pytest.raises(DocumentNotReady) as refused:
        course.act("officer", case_id, "assistance_letter", fields)
    assert [item.path for item in refused.value.missing] == ["organ.phone", "organ.address"]


THINGS = "“澜庭”牌四件套——1.8米——2套——原包装"
PAPERS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "address_confirmation": (
        {"address_receiver": "张某", "address_place": "川姜镇1号", "address_phone": "138", "address_electronic": "declined"},
        ("送达地址确认书", "川姜镇1号", "不同意"),
    ),
    "extraction_sheet": (
        {"extract_on": "today", "extract_place": "店铺", "extract_what": "单据38张", "extract_source": "店铺", "extract_provider": "张某", "extract_officers": "officers", "extract_provider_signed": data_url(png())},
        ("证据提取单", "单据38张", "与原件（原物）一致"),
    ),
    "electronic_extraction_record": (
        {"data_begun": "now", "data_ended": "now", "data_place": "网店后台", "data_medium": "电脑1台", "data_method": "导出", "data_taken": "订单1份", "data_digest": "sha256：9f86", "data_officers": "officers", "data_person": "张某"},
        ("电子数据证据提取笔录", "sha256：9f86", "订单1份"),
    ),
    "interview_notice": (
        {"notice_person": "张某", "notice_on": "later", "notice_time": "9时", "notice_place": "本局询问室", "notice_bring": "营业执照\n进货凭证"},
        ("询问通知书", "知查通字〔2026〕1号", "1．营业执照；2．进货凭证。"),
    ),
    "materials_notice": (
        {"materials_of": "南通锦屏家纺有限公司", "materials_list": "销售账目", "materials_by": "later"},
        ("限期提供材料通知书", "知查通字〔2026〕2号", "1．销售账目。"),
    ),
    "identification_notice": (
        {"identify_by": "南通澜庭家纺有限公司", "identify_items": THINGS, "identify_questions": "是否正品", "identify_until": "later"},
        ("协助辨认/鉴别通知书", "南通澜庭家纺有限公司：", "原包装"),
    ),
    "sampling_record": (
        {"sample_on": "today", "sample_place": "店铺", "sample_items": THINGS, "sample_method": "随机", "sample_sealed": "当场封样", "sample_officers": "officers", "sample_person": "张某"},
        ("抽样记录", "当场封样", "2套"),
    ),
    "disposal_record": (
        {"disposed_on": "today", "disposed_place": "处置中心", "disposed_way": "destroyed", "disposed_basis": "决定书", "disposed_items": THINGS, "disposed_how": "粉碎", "disposed_officers": "officers"},
        ("涉案物品处理记录", "销毁", "粉碎"),
    ),
}  # fmt: skip
"""Papers of an investigation: what their forms are filled in with, and what is read on paper then."""


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_papers_of_an_investigation_are_issued_and_read_back(course: Course) -> None:
    case_id = course.filed()
    words: dict[str, Any] = {
        "today": course.today.isoformat(),
        "now": course.clock.at.isoformat(),
        "later": (course.today + timedelta(days=9)).isoformat(),
        "officers": course.officers,
    }
    for kind, (fields, said) in PAPERS.items():
        course.act("officer", case_id, kind, {name: words.get(str(value), value) for name, value in fields.items()})
        text = text_of(course, issued(course, kind)["id"])
        for part in said:
            assert part in text, (kind, part)
    (sheet,) = json.loads(issued(course, "extraction_sheet")["facts"])["signatures"]
    assert sheet["who"] == "提供人签名"
    with course.parts.context() as ctx:
        assert list(differences(ctx, case_id)) == []
