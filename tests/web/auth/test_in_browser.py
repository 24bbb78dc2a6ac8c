"""Signing in as people do it: a telephone enrolled, a page left alone for too long, and every device signed out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.accessibility import grave_violations
from tests.support.browser import fill_in, follow, open_context, too_wide_on_a_phone
from tests.web.auth.test_second_factor import code
from tests.web.shell import PASSWORD, Shell, build_shell

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def strict(tmp_path: Path) -> Shell:
    """An installation in which approvers must have a second factor."""
    return build_shell(tmp_path, second_factor=True)


@pytest.fixture
def app(strict: Shell) -> Flask:
    """What answers."""
    return strict.app


def press(page: Page, selector: str) -> None:
    follow(page.locator(selector))


def looked_at(page: Page) -> None:
    """Nothing keeps anybody out, and nothing is wider than a phone."""
    assert grave_violations(page) == []
    assert too_wide_on_a_phone(page) == [], page.url


def test_a_section_head_enrols_a_telephone_and_loses_no_text_to_the_lock(
    strict: Shell, address: str, page: Page
) -> None:
    page.clock.install()
    page.goto(f"{address}/desk")
    fill_in(page, "li", PASSWORD)
    assert page.url == f"{address}/account/second-factor"
    press(page, "main button.btn-primary")
    assert page.locator("img.hh-qr").evaluate("picture => picture.naturalWidth") > 100
    looked_at(page)
    page.fill("#code", code(strict))
    press(page, "main button.btn-primary")
    assert page.locator(".hh-codes li").count() == 10
    looked_at(page)

    # Out, and in again with a code of the telephone.
    strict.clock.move(seconds=30)
    page.click(".hh-person summary")
    press(page, ".hh-person form button")
    fill_in(page, "li", PASSWORD)
    assert page.url == f"{address}/sign-in/code"
    looked_at(page)
    page.fill("#code", code(strict))
    press(page, ".hh-sign-in-card button.btn-primary")

    # A warning first; staying signed in is one press.
    page.goto(f"{address}/cases/new")
    page.fill('[name="story"]', "现场查获包装盒二百只")
    strict.clock.move(minutes=28, seconds=30)
    page.clock.fast_forward("28:30")
    page.locator("[data-idle-stay]").wait_for()
    assert page.locator("[data-idle-left]").inner_text() in ("90", "89", "88")
    page.click("[data-idle-stay]")
    page.locator("#hh-idle").wait_for(state="hidden")

    # Nobody presses: the page is covered, the text stays, and signing in in another window brings it back.
    strict.clock.move(minutes=31)
    page.clock.fast_forward("31:00")
    page.locator("[data-idle-again]").wait_for()
    assert not page.locator("[name=story]").is_visible()
    with page.expect_popup() as opened:
        page.click("#hh-idle a.btn-primary")
    other = opened.value
    fill_in(other, "li", PASSWORD)
    other.fill("#code", code(strict))
    press(other, ".hh-sign-in-card button.btn-primary")
    page.click("[data-idle-again]")
    page.locator("#hh-idle").wait_for(state="hidden")
    assert page.input_value("[name=story]") == "现场查获包装盒二百只"
    press(page, 'button[name="step"]')
    assert strict.done[0]["story"] == ["现场查获包装盒二百只"]

    # Signed out everywhere: the other window too.
    page.goto(f"{address}/account")
    looked_at(page)
    page.on("dialog", lambda dialog: dialog.accept())
    press(page, 'form[action="/account/sessions/end"] button')
    assert page.url == f"{address}/sign-in"
    other.goto(f"{address}/desk")
    assert "/sign-in" in other.url


def test_without_scripts_a_form_sent_too_late_comes_back_filled(strict: Shell, address: str, browser: Browser) -> None:
    context = open_context(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/cases/new")
    fill_in(page, "wang", PASSWORD)
    page.fill('[name="title"]', "海门山羊案")
    page.fill('[name="story"]', "第一行\n第二行 <b>")
    page.check('[name="officers"][value="2"]')
    page.select_option('[name="source"]', "found")
    strict.clock.move(minutes=31)
    press(page, 'button[name="step"]')
    assert "已保留" in page.inner_text("main")
    fill_in(page, "wang", PASSWORD)
    assert re.search(r"/cases/new\?kept=", page.url)
    assert "没有提交" in page.inner_text("#alerts")
    assert page.input_value('[name="story"]') == "第一行\n第二行 <b>"
    assert page.is_checked('[name="officers"][value="2"]')
    press(page, 'button[name="step"]')
    [done] = strict.done
    assert (done["title"], done["source"], done["officers"]) == (["海门山羊案"], ["found"], ["2"])
    context.close()
