"""The search box, a saved view and the notice centre in a real browser: keyboard, phone width, nobody kept out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from caseapp.domain.errors import Message
from caseapp.services import case_note, notify
from caseapp.services.unit_of_work import unit_of_work
from tests.support.browser import follow, sign_in
from tests.support.office import Office
from tests.web.officer.test_in_browser import ON_SQLITE, look, speak

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def at_work(office: Office) -> str:
    """One case with a note and a notice about it. Returns its number."""
    case = office.filed()
    with office.context("officer") as ctx:
        case_note.add(ctx, case.id, "锦屏家纺的店长约定周五再谈。")
    with office.parts.context() as ctx, unit_of_work(ctx) as unit:
        told = Message("时限将满，请尽快办理")
        notify.tell(
            ctx, unit, [office.people["head"].id], kind="clock_due_soon", key="k", message=told, case_id=case.id
        )
    number = office.image(case.id).number
    assert number
    return number


@ON_SQLITE
def test_from_the_box_to_the_case_to_a_view_to_the_bell(page: Page, address: str, office: Office) -> None:
    number = at_work(office)
    sign_in(page, address, "head")
    page.goto(f"{address}/cases")
    page.keyboard.press("/")
    page.keyboard.type("锦屏家纺")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert page.locator("mark").first.inner_text() == "锦屏家纺"
    assert page.locator(".hh-results").count() >= 3
    page.keyboard.press("/")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*")

    page.goto(f"{address}/cases?tab=open&ip_type=trademark")
    page.locator("summary", has_text="保存视图").click()
    page.fill("#view-name", "商标在办")
    page.keyboard.press("Enter")
    page.wait_for_url("**view=*")
    assert page.locator(".hh-tabs a[aria-current=page]").inner_text() == "商标在办"
    page.locator("summary", has_text="列").last.click()
    page.get_by_role("checkbox", name="当事人").check()
    follow(page.get_by_role("button", name="显示所选列"))
    page.wait_for_url("**/cases?**")
    assert "当事人" in page.locator(".hh-case-table thead").inner_text()

    page.goto(f"{address}/desk")
    follow(page.locator(".hh-bell"))
    page.wait_for_url("**/notices")
    unread = page.locator(".hh-notices .is-unread")
    before = unread.count()
    follow(page.locator(".hh-notices .is-unread").first.get_by_role("button", name="标为已读"))
    assert unread.count() == before - 1


@ON_SQLITE
@pytest.mark.parametrize("language", ["zh"])
def test_their_pages_are_open_to_all_and_fit_a_phone(page: Page, address: str, office: Office, language: str) -> None:
    at_work(office)
    sign_in(page, address, "head")
    speak(page, language)
    page.goto(f"{address}/cases")
    page.locator(".hh-list-tools summary").first.click()
    page.fill("#view-name", "全部案件")
    page.keyboard.press("Enter")
    page.wait_for_url("**view=*")
    everything = (
        "right,state,due,officer,opened,filed,updated,respondent,organ,division,procedure,source,decided,closed"
    )
    found = []
    for path in (
        "/search?q=锦屏",
        "/search?q=锦屏&in=note",
        "/search?q=没有的东西",
        "/search",
        f"/cases?columns={everything}",
        "/cases/views",
        "/notices",
        "/notices?show=unread&kind=system",
        "/account/notices",
    ):
        found += look(page, f"{address}{path}")
    assert found == []
