"""The rooms beside the case: liaison, administrators, supervisor, audit; and the language of the house."""

from __future__ import annotations

import re

import pytest

from tests.journeys.pages import ON_SQLITE, Visitors, complaints, fill
from tests.journeys.site import Site
from tests.support.app import PASSWORD
from tests.support.browser import follow

pytestmark = [pytest.mark.browser, ON_SQLITE]

HAN = re.compile(r"[\u4e00-\u9fff]")
NEW_PASSWORD = "Haimen-2026-own"


def test_the_liaison_is_told_that_nothing_was_sent_and_sees_nothing_else(site: Site, visitors: Visitors) -> None:
    case = site.office.filed(respondent="南通移送家纺有限公司")
    police = visitors.enter("police")
    page = police.visit("/")
    assert page.url == f"{site.url}/referrals"
    assert "目前没有移送贵机关的案件" in page.inner_text("main")
    assert page.locator(".hh-nav-link").all_inner_texts() == ["移送", "协作"]
    assert "没有协作事项" in police.visit("/joint-work").inner_text("main")
    for path in ("/cases", f"/cases/{case.id}", "/figures", "/admin", "/supervision"):
        status, _type, content = police.fetch(path)
        assert status in (403, 404), path
        assert case.number not in content.decode()


def test_a_new_colleague_enters_with_the_one_time_password_and_must_choose_an_own_one_first(
    site: Site, visitors: Visitors
) -> None:
    # Who gives accounts does not give rights.
    sysadmin, secadmin = visitors.enter("sysadmin"), visitors.enter("secadmin")
    sysadmin.visit("/admin/users/new")
    fill(sysadmin.page.locator("main form"), {"login": "zhou.ran", "name": "周冉", "organ": "320612-ip"})
    sysadmin.press("main form .btn-primary")
    once = sysadmin.page.locator(".hh-secret .hh-number").inner_text()
    sysadmin.press("main a.btn-primary")
    assert not sysadmin.page.get_by_role("link", name="更改角色").count()
    person = sysadmin.page.url.removeprefix(site.url)

    secadmin.visit(person)
    follow(secadmin.page.get_by_role("link", name="更改角色"))
    fill(secadmin.page.locator("main form"), {"roles": ["officer"], "scope": "organ"})
    secadmin.press("main form .btn-primary")
    assert "角色已更改" in secadmin.flash()

    newcomer = visitors.enter("zhou.ran", once)
    for path in ("/desk", "/cases"):
        newcomer.visit(path)
        assert newcomer.page.url == f"{site.url}/account"
    assert "首次登录，请先设置自己的密码" in newcomer.flash()
    form = newcomer.page.locator("main form")
    fill(form, {"current": once, "new": "short", "repeat": "short"})
    newcomer.press("main form .btn-primary")
    assert "至少" in complaints(newcomer.page)
    fill(form, {"current": once, "new": NEW_PASSWORD, "repeat": NEW_PASSWORD})
    newcomer.press("main form .btn-primary")
    assert "密码已修改" in newcomer.flash()
    assert newcomer.visit("/desk").locator("h1").inner_text() == "今日"

    late = visitors.enter("zhou.ran", once, seat=" elsewhere")
    late.visit("/sign-in")
    late.sign_in()
    assert "用户名或者密码" in complaints(late.page)


def test_what_the_supervisor_hands_out_is_in_the_ledger_for_the_auditor(site: Site, visitors: Visitors) -> None:
    case = site.office.filed(respondent="南通统计家纺有限公司")
    supervisor, audit = visitors.enter("supervisor"), visitors.enter("audit")
    before = supervisor.figures()
    follow(supervisor.page.get_by_role("link", name="未结明细"))
    number = site.office.image(case.id).number
    assert number in supervisor.page.locator("tbody td.hh-number").all_inner_texts()
    assert f"共 {before.counted - before.closed} 件" in supervisor.page.inner_text("main")

    link = supervisor.page.get_by_role("link", name="导出 CSV").get_attribute("href") or ""
    status, kind, content = supervisor.fetch(link)
    assert (status, kind.split(";")[0]) == (200, "text/csv")
    lines = content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + before.counted - before.closed
    assert any(line.startswith(f"{number},") for line in lines)

    audit.visit("/admin/ledger?kind=exported")
    row = audit.page.locator("tbody tr", has_text="季文澜")
    assert row.count() == 1
    follow(row.get_by_role("link").first)
    entry = audit.page.inner_text("main")
    assert '"which": "open"' in entry
    assert f'"rows": {before.counted - before.closed}' in entry


def test_a_row_of_the_drill_down_opens_the_case_and_the_look_is_kept(site: Site, visitors: Visitors) -> None:
    case = site.office.filed(respondent="南通明细家纺有限公司")
    supervisor, audit = visitors.enter("supervisor"), visitors.enter("audit")
    supervisor.visit("/figures/cases?which=denominator")
    follow(supervisor.page.get_by_role("link", name=site.office.image(case.id).number or ""))
    assert supervisor.arrived_at_case() == case.id
    assert "您可以查看本案，不参与办理" in supervisor.page.inner_text("#next")
    audit.visit(f"/admin/ledger?kind=read&case={site.office.image(case.id).number}")
    assert audit.page.locator("tbody tr", has_text="季文澜").count() == 1


def test_each_person_may_read_the_house_in_english_and_stays_with_it(site: Site, visitors: Visitors) -> None:
    case = site.office.filed(respondent="南通英文家纺有限公司")
    head = visitors.enter("head")
    head.visit("/desk")
    head.speak("en")
    for path, heading in (("/desk", "Today"), ("/approvals", "Awaiting my approval"), ("/figures", "Closure rate")):
        page = head.visit(path)
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.locator("h1").inner_text() == heading
        assert not HAN.search(page.locator(".hh-nav-list").inner_text())
    shown = head.case(case.id).open()
    assert shown.state == "Investigation"
    assert not HAN.search(" ".join(shown.offers))

    again = visitors.enter("head", PASSWORD, seat=" at home")
    assert again.visit("/desk").locator("h1").inner_text() == "Today"
    again.speak("zh")
    assert again.page.locator("h1").inner_text() == "今日"


def test_after_too_many_wrong_passwords_the_account_is_locked_and_told_so(site: Site, visitors: Visitors) -> None:
    person = visitors.enter("legal", "wrong password")
    person.visit("/sign-in")
    for _ in range(5):
        person.sign_in()
    assert "锁定" in complaints(person.page)
    person.password = PASSWORD
    person.sign_in()
    assert "锁定" in complaints(person.page)
    site.clock.put("2026-03-02", "17:00")
    person.sign_in()
    assert person.page.url == f"{site.url}/desk"
