"""The officer's room in a real browser: no page keeps anybody out or is wider than a phone; what moves, moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.accessibility import grave_violations
from tests.support.app import PASSWORD
from tests.support.browser import DESK, PHONE, follow, sign_in, too_wide_on_a_phone
from tests.support.office import RESPONDENT, Office

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
"""Pages look the same over either database."""


def speak(page: Page, language: str) -> None:
    button = page.locator(f'.hh-language button[value="{language}"]')
    if button.count():
        follow(button)


def look(page: Page, path: str, *, status: int = 200) -> list[str]:
    """Open a page at both widths; return what keeps people out of it."""
    page.set_viewport_size(DESK)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == status, path
    found = grave_violations(page)
    page.set_viewport_size(PHONE)
    return found + [f"{path} is wider than a phone: {part}" for part in too_wide_on_a_phone(page)]


@ON_SQLITE
@pytest.mark.parametrize("language", ["zh"])
def test_every_page_is_open_to_all_and_fits_a_phone(page: Page, address: str, office: Office, language: str) -> None:
    filed = office.filed()
    asked, _approval = office.asked()
    lead = office.register(respondent="海门绣品店")
    today = office.today()
    office.later(days=40)
    main = office.image(filed.id).main.id
    waiting = office.image(lead.id).main.id
    conclude = f"/cases/{filed.id}/proceedings/{main}/actions/conclude_investigation"
    party = office.image(filed.id).parties[0].id
    paths = {
        "officer": [
            "/desk",
            "/cases",
            "/cases?tab=mine&q=南通&ip_type=trademark&due=overdue&sort=-updated",
            "/cases?tab=closed",
            "/cases/new",
            *(f"/cases/{filed.id}?tab={tab}" for tab in ("overview", "acts", "documents", "parties", "timeline")),
            f"/cases/{filed.id}?as_of={today}",
            f"/cases/{asked.id}",
            f"/cases/{filed.id}/summary",
            f"/cases/{filed.id}/clocks/{main}/1",
            f"/cases/{filed.id}/facts",
            f"/cases/{filed.id}/parties/new",
            f"/cases/{filed.id}/parties/{party}",
            conclude,
            f"/cases/{filed.id}/proceedings/{main}/actions/file_case",
        ],
        "head": [
            "/desk",
            f"/cases/{lead.id}",
            f"/cases/{lead.id}/officers",
            f"/cases/{lead.id}/proceedings/{waiting}/actions/assign_check",
        ],
        "supervisor": [f"/cases/{filed.id}"],
    }
    found: list[str] = []
    for login, theirs in paths.items():
        sign_in(page, address, login)
        speak(page, language)
        for path in theirs:
            found += look(page, address + path)
        if language == "en":
            speak(page, "zh")  # what was chosen stays with the person
    assert found == []


@ON_SQLITE
def test_errors_and_checks_are_open_to_all_too(page: Page, address: str, office: Office) -> None:
    earlier = office.register()
    sign_in(page, address, "officer")
    page.goto(f"{address}/cases/new")
    follow(page.locator("main .btn-primary"))
    found = grave_violations(page)
    assert page.evaluate("document.activeElement.className").startswith("hh-errors")
    page.click(".hh-errors a")
    assert page.evaluate("document.activeElement.id") == "source"
    page.select_option("#source", "complaint")
    page.get_by_label("商标", exact=True).check()
    page.fill("#summary", "售假")
    page.fill("#parties-0-name", RESPONDENT)
    page.fill("#rights-0-number", "12345678")
    follow(page.locator("main .btn-primary"))
    page.get_by_text("可能重复").wait_for()
    assert page.locator(f'a[href="/cases/{earlier.id}"]').count() == 1
    found += grave_violations(page)
    page.set_viewport_size(PHONE)
    found += grave_violations(page)
    assert found == []


@ON_SQLITE
def test_known_parties_come_while_the_name_is_typed(page: Page, address: str, office: Office) -> None:
    office.register()
    sign_in(page, address, "intake")
    page.goto(f"{address}/cases/new")
    page.fill("#summary", "售假")
    page.locator("#parties-0-name").press_sequentially("南通锦")
    follow(page.locator("#known-0 button", has_text=RESPONDENT))
    assert page.input_value("#parties-0-name") == RESPONDENT
    assert page.input_value("#summary") == "售假"


@ON_SQLITE
def test_a_clock_opens_its_calendar_where_it_stands(page: Page, address: str, office: Office) -> None:
    case = office.checking()
    sign_in(page, address, "officer")
    page.goto(f"{address}/cases/{case.id}")
    page.get_by_role("link", name="逐日说明").click()
    page.locator(".hh-case-side .hh-month").first.wait_for()
    assert page.url.endswith(f"/cases/{case.id}")
    assert page.locator(".hh-case-side .is-counted").count() >= 15
    assert grave_violations(page) == []


@ON_SQLITE
def test_a_draft_comes_into_its_pane_and_the_form_stays(page: Page, address: str, office: Office) -> None:
    case = office.told()
    main = office.image(case.id).main.id
    sign_in(page, address, "officer")
    page.goto(f"{address}/cases/{case.id}/proceedings/{main}/actions/file_case")
    page.fill("#filing_reasons", "正在写的理由")
    with page.expect_response(lambda answer: "/preview/filing_approval" in answer.url) as came:
        page.get_by_role("button", name="按已填内容预览").click()
    assert came.value.headers["content-type"] == "application/pdf"
    assert page.locator("#draft-filing_approval-pane").get_attribute("open") is not None
    assert page.input_value("#filing_reasons") == "正在写的理由"


@ON_SQLITE
def test_keys_walk_the_list_and_open_a_case(page: Page, address: str, office: Office) -> None:
    cases = {office.register(respondent=f"南通第{number}号店").id for number in range(3)}
    sign_in(page, address, "officer")
    page.goto(f"{address}/cases")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*")
    assert page.url.rsplit("/", 1)[1] in cases
    page.go_back()
    assert page.url.endswith("/cases")
    page.keyboard.press("n")
    page.wait_for_url("**/cases/new")


@ON_SQLITE
def test_everything_works_without_scripts(page: Page, address: str, office: Office) -> None:
    case = office.told()
    main = office.image(case.id).main.id
    browser = page.context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False, locale="zh-CN", viewport=PHONE).new_page()
    plain.goto(f"{address}/sign-in")
    plain.fill("#login", "officer")
    plain.fill("#password", PASSWORD)
    follow(plain.locator(".hh-sign-in-card button.btn-primary"))
    plain.goto(f"{address}/cases/{case.id}/proceedings/{main}/actions/file_case")
    given = office.filing()
    for name in ("filing_findings", "filing_reasons"):
        plain.fill(f"#{name}", str(given[name]))
    for name in ("filing_evidence", "filing_punishable", "filing_jurisdiction", "filing_in_time"):
        plain.check(f"#{name}")
    follow(plain.locator('button[value="check"]'))
    follow(plain.locator('button[value="submit"]'))
    assert plain.url.endswith(f"/cases/{case.id}")
    assert office.image(case.id).approvals[0].status == "pending"
    plain.context.close()
