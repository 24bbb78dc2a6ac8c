"""Papers of side proceedings are issued with their act, numbered, printed and read back."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from caseapp.domain.errors import ActionRefused
from caseapp.queries.case_page import case_page
from caseapp.services import document_print
from caseapp.services.document_texts import items_of
from tests.factories.cases import Course
from tests.factories.sides import LIFTED, MEASURE, ON_SITE, act_in, granted, open_side, preserved, seized, sent


def issued(course: Course) -> list[str]:
    """Return the kinds of the papers there are."""
    return [str(kind) for kind in course.rows("issued_document", "type")]


def papers(course: Course, case_id: str, *kinds: str) -> dict[str, str]:
    """Return the text of the last paper of each of these kinds, without blanks; of every kind where none is named."""
    last = {paper.type: paper.id for paper in course.image(case_id).documents}
    found = {}
    with course.as_("officer") as ctx:
        for kind in kinds or last:
            content, _ = document_print.pdf_of(ctx, last[kind])
            text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
            found[kind] = re.sub(r"\s+", "", re.sub(r"— \d+ —", "", text))
    return found


def test_a_raid_issues_its_papers(course: Course) -> None:
    case_id = course.filed()
    preserved(course, case_id)
    seized(course, case_id)
    sent(course, case_id)
    course.later(days=4)
    result = {"result_on": course.today.isoformat(), "result_number": "J-1", "result_text": "不是注册人生产"}
    act_in(course, case_id, "appraisal", "receive", result)
    act_in(course, case_id, "appraisal", "tell_result", {"told_on": course.today.isoformat(), "told_to": "张某"})
    gone = {"release_reason": "已复制完毕，不需要继续保存", "returned_to": "张某"}
    granted(course, act_in(course, case_id, "evidence_preservation", "release", gone))
    longer = {"extension_n": 20, "extension_reason": "涉案商品种类较多"}
    granted(course, act_in(course, case_id, "seizure", "extend_measure", longer))
    granted(course, act_in(course, case_id, "seizure", "lift", LIFTED))
    told = papers(course, case_id)
    year = course.today.year
    for kind, said in {
        "preservation_notice": (
            "先行登记保存证据通知书",
            f"知登存字〔{year}〕1号",
            "销售账簿",
            "七个工作日内",
            "就地由你单位保存",
        ),
        "preservation_release": (
            "解除先行登记保存证据通知书",
            "已复制完毕，不需要继续保存。",
            f"知登存字〔{year}〕1号",
        ),
        "measure_decision": (
            "实施行政强制措施决定书",
            "《中华人民共和国商标法》第六十二条第一款第（四）项",
            "期限为三十日，自2026年11月23日起至2026年12月23日止",
            "全棉四件套",
            "申请行政复议",
            "由本局保管",
        ),
        "property_list": ("场所/设施/财物清单", "全棉四件套", "200套", "标有“澜庭”", "加贴封条2张", "张某"),
        "seal_strip": ("封条", "2026年11月23日"),
        "measure_extension": ("延长行政强制措施期限决定书", "延长二十日", "2026年12月27日起至2027年1月15日止"),
        "measure_release": ("解除行政强制措施决定书", "与违法行为无关", "退还张某", "200套"),
        "appraisal_order": ("技术鉴定委托书", "江苏省纺织产品质量监督检验研究院：", "是否为注册人生产的商品。"),
        "appraisal_period_notice": ("技术鉴定期间告知书", "自2026年11月23日起", "不计入查封、扣押的期限和案件办理期限"),
        "appraisal_result_notice": ("技术鉴定结果告知书", "J-1", "不是注册人生产。"),
    }.items():
        for words in said:
            assert words in told[kind], (kind, words)


def test_things_handed_on_and_a_recusal_are_told_in_writing(course: Course) -> None:
    case_id = course.filed()
    seized(course, case_id)
    course.later(days=1)
    handed = {
        "handed_to": "南通市公安局通州分局",
        "handed_items": "全棉四件套——1.8米——200套",
        "handed_reason": "涉嫌犯罪",
    }
    granted(course, act_in(course, case_id, "seizure", "hand_on", handed))
    asked = {
        "recusal_of": course.officers[1],
        "recusal_rank": "staff",
        "recusal_by": "party",
        "recusal_asked_on": course.today.isoformat(),
        "recusal_reason": "与投诉人的代理人是近亲属",
    }
    open_side(course, case_id, "recusal", "request_recusal", asked)
    answer = {
        "recusal_decider": "leader",
        "recusal_verdict": "refused",
        "officers": course.officers,
        "recusal_opinion": "所称关系不属实",
    }
    act_in(course, case_id, "recusal", "decide_recusal", answer, by="leader")
    told = papers(course, case_id)
    for words in ("查封/扣押物品移送告知书", "第二十一条", "移送南通市公安局通州分局", "涉嫌犯罪。"):
        assert words in told["goods_transfer_notice"]
    for words in ("回避决定书", "当事人于", "驳回要求", "所称关系不属实。"):
        assert words in told["recusal_decision"]


def test_an_emergency_measure_has_its_papers_at_once(course: Course) -> None:

    case_id = course.filed()
    hour = course.clock.at - timedelta(minutes=20)
    fields = {**MEASURE, **ON_SITE, "imposed_at": hour.isoformat(), "emergency_reason": "当事人正在转移货物。"}
    open_side(course, case_id, "seizure", "impose_at_once", fields)
    assert {row["type"] for row in course.rows("issued_document")} >= {
        "measure_decision",
        "property_list",
        "seal_strip",
    }


def kept(course: Course, case_id: str) -> list[str]:
    """Return what the page of the case says of who keeps the things."""
    with course.as_("officer") as ctx:
        part = case_page(ctx, case_id).parts[1]
        return [str(getattr(value.parts[0], "zh", value.parts[0])) for value in part.shown]


def test_things_entrusted_to_a_third_person_are_entrusted_in_writing(course: Course) -> None:
    case_id = course.filed()
    seized(course, case_id)
    moved = {
        "custody": "entrusted",
        "custodian": "通州区川姜镇仓储有限公司",
        "custody_items": "全棉四件套——1.8米床用——150套",
        "custody_duties": "防潮防火\n单独存放",
        "custody_reason": "本局库房不足",
    }
    act_in(course, case_id, "seizure", "move_custody", {**moved, "custody": "organ"})
    assert "custody_order" not in issued(course)
    assert kept(course, case_id) == ["本机关保管"]
    act_in(course, case_id, "seizure", "move_custody", moved)
    assert kept(course, case_id) == ["委托第三人保管", "通州区川姜镇仓储有限公司"]
    told = papers(course, case_id, "custody_order")["custody_order"]
    for words in (
        "委托保管书",
        "通州区川姜镇仓储有限公司：",
        "第二十六条",
        "150套",
        "防潮防火；单独存放。",
        "由本局承担",
    ):
        assert words in told


def test_what_does_not_keep_is_disposed_of_with_the_owners_consent_or_after_a_notice(course: Course) -> None:
    case_id = course.filed()
    seized(course, case_id)
    early = {"early_items": "羽绒半成品——30千克", "early_reason": "受潮霉变"}
    done = {**early, "early_way": "留样后变卖，所得3000元"}
    with pytest.raises(ActionRefused) as refused:
        act_in(course, case_id, "seizure", "dispose_unclaimed", done)
    assert [unmet.guard for unmet in refused.value.unmet] == ["act_done"]
    until = course.today + timedelta(days=7)
    notice = {"early_notice_where": "本局门户网站", "early_notice_until": until.isoformat()}
    granted(course, act_in(course, case_id, "seizure", "announce_disposal", {**early, **notice}))
    with pytest.raises(ActionRefused) as refused:
        act_in(course, case_id, "seizure", "dispose_unclaimed", done)
    assert [unmet.guard for unmet in refused.value.unmet] == ["not_before"]
    course.later(days=7)
    granted(course, act_in(course, case_id, "seizure", "dispose_unclaimed", done))
    said = {"early_owner": "consents", "early_consent": "张某，当日书面同意"}
    granted(course, act_in(course, case_id, "seizure", "dispose_early", {**done, **said}))
    told = papers(course, case_id, "early_disposal_notice", "early_disposal_confirmation")
    for words in ("先行处置物品公告", "第四十一条", "羽绒半成品", f"于{until.year}年{until.month}月{until.day}日前"):
        assert words in told["early_disposal_notice"]
    for words in ("先行处置物品确认书", "张某，当日书面同意", "留样后变卖"):
        assert words in told["early_disposal_confirmation"]


def test_a_carrier_is_asked_to_hold_what_it_has(course: Course) -> None:
    case_id = course.filed()
    seized(course, case_id)
    asked = {"carrier": "南通某物流有限公司", "carrier_items": "夏凉被——40条", "carrier_reason": "当事人已交运"}
    granted(course, act_in(course, case_id, "seizure", "ask_carrier", asked))
    for words in ("协助扣押通知书", "南通某物流有限公司：", "当事人已交运。", "第六十二条第一款第（四）项", "夏凉被"):
        assert words in papers(course, case_id, "seizure_assistance")["seizure_assistance"]


def test_what_the_head_approves_stands_on_a_form_with_reasons_and_signatures(course: Course) -> None:
    case_id = course.filed()
    seized(course, case_id)
    first = papers(course, case_id, "matter_approval")["matter_approval"]
    for words in (
        "行政处罚案件有关事项审批表",
        "查封、扣押：申请查封、扣押",
        "强制措施：查封",
        "拟查封、扣押的场所、设施、财物：涉嫌侵权床品",
    ):
        assert words in first
    longer = {"extension_n": 20, "extension_reason": "涉案商品种类较多"}
    asked = act_in(course, case_id, "seizure", "extend_measure", longer)
    assert issued(course).count("matter_approval") == 1, "the one asked for is not signed yet"
    granted(course, asked)
    forms = [row for row in course.rows("issued_document") if row["type"] == "matter_approval"]
    (form,) = (json.loads(row["facts"]) for row in forms if row["action"] == "extend_measure")
    assert form["matter"]["content"][0] == {"label": "延长日数", "text": "20"}
    assert [item["step"] for item in form["approvals"]] == ["officer", "section_head", "leader"]


def test_preserved_evidence_has_its_list_and_seals(course: Course) -> None:
    case_id = course.filed()
    preserved(course, case_id)
    told = papers(course, case_id, "property_list", "seal_strip")
    for words in ("场所/设施/财物清单", "措施：先行登记保存", "销售账簿", "3册", "张某"):
        assert words in told["property_list"]
    assert "封条" in told["seal_strip"]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("", []),
        ("账簿", [{"name": "账簿"}]),
        ("账簿——2026年——3册", [{"name": "账簿", "spec": "2026年", "quantity": "3册"}]),
        (
            "四件套——1.8米——2套——破损——受潮；",
            [{"name": "四件套", "spec": "1.8米", "quantity": "2套", "note": "破损，受潮"}],
        ),
        ("甲\n\n乙", [{"name": "甲"}, {"name": "乙"}]),
    ],
)
def test_a_list_is_read_line_by_line(text: str, items: list[dict[str, str]]) -> None:
    assert items_of(text) == items
