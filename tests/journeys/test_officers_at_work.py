"""What stands in the way, and what happens then: a blocked act, a returned request, two people at the same case."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.journeys import story
from tests.journeys.pages import ON_SQLITE, CasePage, Person, Visitors, complaints, fill
from tests.journeys.site import Site
from tests.support.browser import follow

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, ON_SQLITE]

SEND_TWICE = """async () => {
  const form = document.querySelector('form#act');
  const body = new URLSearchParams(new FormData(form));
  body.append('step', 'submit');
  const sent = {method: 'POST', body, credentials: 'same-origin'};
  const send = () => fetch(form.action, sent).then(answer => answer.status);
  return await Promise.all([send(), send()]);
}"""

SEND_BY_HAND = """async ({address, seen}) => {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const body = new URLSearchParams({csrf_token: token, step: 'submit', seen_version: seen, idempotency_key: 'by hand',
    rights_told_on: '2026-03-02', rights_told_to: '施国平', rights_told_how: 'site', certificates_shown: 'y'});
  const answer = await fetch(address, {method: 'POST', body, credentials: 'same-origin'});
  return [answer.status, await answer.text()];
}"""


def acts(site: Site, case_id: str, action: str) -> int:
    """Return how often an act was taken, as the ledger says."""
    return sum(one.action == action for one in site.office.image(case_id).main.acts)


# --- a blocked act ---------------------------------------------------------------------------------------------------


def put_in_charge(head: Person, case_id: str, *names: str) -> None:
    """Put officers in charge, the first of them leading."""
    head.visit(f"/cases/{case_id}/officers")
    form = head.page.locator("main form").last
    fill(form, {"officers": list(names), "lead": names[0], "reason": "人员调整"})
    head.press("main form .btn-primary")
    head.arrived_at_case()


def test_one_officer_alone_may_not_take_evidence_and_reads_why_on_which_article_and_who_can_help(
    site: Site, visitors: Visitors
) -> None:
    case = visitors.enter("officer").case(site.office.checking(respondent="南通独办家纺有限公司").id)
    put_in_charge(visitors.enter("head"), case.id, "顾海宁")

    blocked = case.open().blocked("告知权利")
    assert blocked.locator("summary").inner_text().split() == ["告知权利", "办案人员不得少于2人，现为1人"]
    blocked.locator("summary").click()
    assert blocked.locator("li").inner_text().split() == [
        "办案人员不得少于2人，现为1人",
        "《行政处罚法》第42条",
        "可由科室负责人解决",
    ]
    assert "告知权利" not in case.offers


def test_a_blocked_act_is_refused_where_its_address_is_typed_and_where_its_form_is_sent_all_the_same(
    site: Site, visitors: Visitors
) -> None:
    reference = site.office.checking(respondent="南通直达家纺有限公司")
    officer = visitors.enter("officer")
    case = officer.case(reference.id)
    put_in_charge(visitors.enter("head"), case.id, "顾海宁")
    before = site.office.version(case.id)

    address = f"/cases/{case.id}/proceedings/{site.office.image(case.id).main.id}/actions/tell_rights"
    page = officer.visit(address)
    assert "暂不能办理" in page.inner_text("main")
    assert not case.form.count()
    status, answer = page.evaluate(SEND_BY_HAND, {"address": address, "seen": str(before)})
    assert status == 409
    assert "办案人员不得少于2人" in answer
    assert site.office.version(case.id) == before

    put_in_charge(visitors.enter("head"), case.id, "顾海宁", "陆文珺")
    assert "告知权利" in case.open().offers


# --- a returned request ----------------------------------------------------------------------------------------------


def test_a_returned_request_tells_why_and_its_form_begins_with_what_was_entered(site: Site, visitors: Visitors) -> None:
    reference = site.office.told(respondent="南通退回家纺有限公司")
    officer, head, leader = (visitors.enter(login) for login in ("officer", "head", "leader"))
    case = officer.case(reference.id)
    case.act("立案", {**story.FILING, "case_name": "南通退回家纺有限公司涉嫌侵权案"})
    head.sign(reference.number)

    # A return without a reason is not taken.
    leader.open_request(reference.number)
    leader.press('button[name="verdict"][value="returned"]')
    assert "退回修改须写明理由" in complaints(leader.page)
    assert leader.decide("核查情况没有写明进货渠道，请补充。", verdict="returned") == "已退回申请人修改"

    officer.visit("/desk")
    follow(officer.page.get_by_role("link", name=f"{reference.number}：您提出的审批被退回，请修改后再报"))
    officer.page.wait_for_url(f"**/cases/{case.id}")
    page = case.begin("立案")
    said = page.locator("main .hh-notice-warning").inner_text()
    assert "施明远 于 2026-03-02 周一 退回了上次的申请" in said
    assert "核查情况没有写明进货渠道，请补充。" in said
    assert case.form.locator('[name="case_name"]').input_value() == "南通退回家纺有限公司涉嫌侵权案"
    assert case.form.locator('[name="filing_findings"]').input_value() == story.FILING["filing_findings"]
    assert case.form.locator('[name="filing_evidence"]').is_checked()

    fill(case.form, {"filing_findings": "现场发现86套，当事人称自常熟招商城购进，未能提供授权文件。"})
    case.check()
    assert "已提请审批" in case.send()
    head.sign(reference.number)
    assert "常熟招商城" in leader.open_request(reference.number).inner_text("main")
    assert leader.decide() == "已签署，事项已生效"
    assert case.open().state == "调查取证"
    timeline = case.open("timeline").page.inner_text("main")
    assert "核查情况没有写明进货渠道，请补充。" in timeline


# --- two people at the same case -------------------------------------------------------------------------------------


def both_at(site: Site, visitors: Visitors, respondent: str) -> tuple[CasePage, CasePage]:
    """Return the pages of a case under investigation, as its two officers see them."""
    reference = site.office.filed(respondent=respondent)
    return visitors.enter("officer").case(reference.id), visitors.enter("officer2").case(reference.id)


def changed_by(page: Page) -> str:
    """Return what the page says the other person did."""
    return page.locator(".hh-errors").inner_text()


def test_who_comes_second_is_told_what_changed_keeps_the_text_and_may_go_on(site: Site, visitors: Visitors) -> None:
    first, second = both_at(site, visitors, "南通先后家纺有限公司")
    second.begin("调查终结")
    fill(second.form, story.REPORT)
    second.check()
    first.act("开始不计入期限的事项", {"excluded_from": "2026-03-02", "excluded_reason": "identification"})
    before = site.office.version(second.id)

    second.person.press('form#act button[value="submit"]')
    told = changed_by(second.page)
    assert "没有提交" in told
    assert "开始不计入期限的事项" in told
    assert "顾海宁" in told
    assert second.form.locator('[name="facts_found"]').input_value() == story.REPORT["facts_found"]
    assert second.form.locator('[name="proposed_fine"]').input_value() == story.FINE
    assert (site.office.version(second.id), site.office.image(second.id).main.state) == (before, "investigating")

    second.check()
    assert "“调查终结”已办理" in second.send()
    assert acts(site, second.id, "conclude_investigation") == 1


def test_of_two_who_send_the_same_form_one_is_taken_and_the_other_still_reads_what_was_typed(
    site: Site, visitors: Visitors
) -> None:
    first, second = both_at(site, visitors, "南通同时家纺有限公司")
    for page, note in ((first, "送权利人鉴别"), (second, "送市检测中心鉴定")):
        page.begin("开始不计入期限的事项")
        fill(page.form, {"excluded_from": "2026-03-02", "excluded_reason": "appraisal", "excluded_note": note})
        page.check()
    first.send()
    second.person.press('form#act button[value="submit"]')
    said = second.page.inner_text("main")
    assert "没有提交" in said
    assert "送权利人鉴别" in said
    assert "送市检测中心鉴定" in said
    assert acts(site, second.id, "exclude_time") == 1


def test_a_double_click_sends_once(site: Site, visitors: Visitors) -> None:
    case = visitors.enter("officer").case(site.office.checking(respondent="南通双击家纺有限公司").id)
    case.begin("告知权利")
    fill(case.form, story.RIGHTS)
    case.check()
    case.page.locator('form#act button[value="submit"]').dblclick()
    case.page.wait_for_url(re.compile(rf"/cases/{case.id}$"))
    assert "“告知权利”已办理" in case.person.flash()
    assert acts(site, case.id, "tell_rights") == 1


def test_the_same_form_sent_twice_at_once_counts_once(site: Site, visitors: Visitors) -> None:
    case = visitors.enter("officer").case(site.office.checking(respondent="南通并发家纺有限公司").id)
    case.begin("告知权利")
    fill(case.form, story.RIGHTS)
    case.check()
    assert case.page.evaluate(SEND_TWICE) == [200, 200]
    assert acts(site, case.id, "tell_rights") == 1


def test_text_survives_a_session_that_ended_over_lunch(site: Site, visitors: Visitors) -> None:
    case = visitors.enter("officer").case(site.office.filed(respondent="南通午休家纺有限公司").id)
    case.begin("登记由他案分出")
    fill(case.form, {"split_from": "通州市监知执字〔2025〕9号", "split_reason": "同一供货商，分案办理。"})
    site.clock.put("2026-03-02", "14:00")
    case.person.press('form#act button[value="check"]')
    case.person.sign_in()
    assert "填写的内容已放回表单" in case.page.inner_text("main")
    assert case.form.locator('[name="split_reason"]').input_value() == "同一供货商，分案办理。"
    case.person.press('form#act button[value="check"]')
    assert "“登记由他案分出”已办理" in case.send()
