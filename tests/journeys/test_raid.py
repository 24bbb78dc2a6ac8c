"""A raid: goods are seized in an emergency, books preserved, a sample appraised; then the goods are given back."""

from __future__ import annotations

from typing import Final

import pytest

from caseapp.queries.organ_tree import OrganContact
from caseapp.services import organ_contacts
from tests.factories.cases import CONTACT
from tests.journeys.beside import card, open_side, take
from tests.journeys.pages import ON_SQLITE, Values, Visitors
from tests.journeys.site import Site

pytestmark = [pytest.mark.browser, ON_SQLITE]

SEIZED: Final[Values] = {
    "imposed_at": "2026-03-02T08:30",
    "emergency_reason": "当事人正在装车转移货物。",
    "measure_kind": "detain",
    "measure_facts": "仓库内存放标有“澜庭”商标的四件套，当事人未能提供授权文件。",
    "measure_basis": "中华人民共和国商标法 第六十二条第一款第（四）项",
    "measure_place": "川姜镇家纺城3区1208号仓库",
    "measure_items": "全棉四件套——1.8米床用——96套——原包装",
    "seals": 2,
    "custody": "organ",
    "party_present": "翟小宁",
    "certificates_shown": True,
}
PRESERVED: Final[Values] = {
    "kept_at": "2026-03-02T08:40",
    "kept_reason": "账簿可能被转移。",
    "kept_place": "川姜镇家纺城3区1208号办公室",
    "kept_items": "销售账簿——2026年——3册",
    "kept_by": "place",
    "party_present": "翟小宁",
    "certificates_shown": True,
}
ORDER: Final[Values] = {
    "appraisal_kind": "appraisal",
    "appraisal_body": "江苏省纺织产品质量监督检验研究院",
    "appraisal_items": "全棉四件套——1.8米床用——1套",
    "appraisal_questions": "是否为注册人生产的商品",
    "appraisal_until": "2026-03-31",
}


def test_a_raid_with_seizure_preservation_appraisal_and_release(site: Site, visitors: Visitors) -> None:
    with site.office.context("sysadmin") as ctx:
        organ_contacts.change(ctx, "320612-ip", CONTACT, seen=OrganContact("", "", "", "").mark)
    reference = site.office.filed(respondent="南通突查家纺有限公司")
    officer, head, leader = (visitors.enter(login) for login in ("officer", "head", "leader"))
    case = officer.case(reference.id)

    assert "已办理" in open_side(case, "紧急情况当场查封、扣押", SEIZED)
    assert "已办理" in open_side(case, "紧急情况当场登记保存", PRESERVED)
    told = card(case, "查封、扣押")
    assert "紧急实施待补批" in told
    assert "补办批准手续" in told
    assert {paper.title for paper in case.documents()} >= {"实施行政强制措施决定书", "场所/设施/财物清单", "封条"}

    number = case.open().number
    assert "已提请审批" in take(case, "查封、扣押", "补办批准手续", {"report_course": "当场扣押96套，当事人在场。"})
    leader.sign(number)
    assert "查封、扣押中" in card(case.open(), "查封、扣押")
    assert "已提请审批" in open_side(case, "委托检测、鉴定", ORDER)
    head.sign(number)
    site.clock.put("2026-03-05")
    assert "不计入办案期限" in card(case.open(), "检测、检验、检疫、鉴定")
    follow = {"follow_up": "appraisal", "follow_up_note": "账簿复制后送鉴定。"}
    assert "已办理" in take(case, "先行登记保存证据", "采取后续措施", follow)

    site.clock.put("2026-03-12")
    result = {"result_on": "2026-03-12", "result_number": "J-88", "result_text": "系注册人生产的商品。"}
    take(case, "检测、检验、检疫、鉴定", "登记结论", result)
    take(case, "检测、检验、检疫、鉴定", "告知结论", {"told_to": "翟小宁"})
    returned = {"lift_ground": "unrelated", "returned_items": "全棉四件套——1.8米床用——96套", "returned_to": "翟小宁"}
    assert "已提请审批" in take(case, "查封、扣押", "解除查封、扣押", returned)
    leader.sign(number)

    ended = case.open().page.locator("section", has=case.page.locator("#beside-ended")).inner_text()
    assert "已解除" in ended
    assert "结论已告知" in ended
    assert "已采取后续措施" in ended
    assert case.state == "调查取证"
    acts = case.open("acts").page.inner_text("main")
    assert "紧急情况当场查封、扣押" in acts
    timeline = case.open("timeline").page.inner_text("main")
    assert "启动：查封、扣押" in timeline
    assert site.flask("ledger", "rebuild", "--check", "--json").status == 0


def test_a_measure_that_cannot_be_opened_yet_says_why(site: Site, visitors: Visitors) -> None:
    reference = site.office.register(respondent="南通未办家纺有限公司")
    case = visitors.enter("officer").case(reference.id).open()
    shut = case.page.locator("section", has=case.page.locator("#open-title")).locator("details", has_text="查封、扣押")
    shut.first.locator("summary").first.click()
    assert "案件处于“线索待分办”，不能启动“查封、扣押”" in shut.first.inner_text()
