"""The browser that tests get speaks Chinese, lives in Nantong's time and reports what must not happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.accessibility import grave_violations
from tests.support.browser import open_context, watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def test_pages_see_the_language_and_the_time_of_the_place(page: Page) -> None:
    assert page.evaluate("[navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone]") == [
        "zh-CN",
        "Asia/Shanghai",
    ]


def test_chinese_is_drawn_with_a_real_font(page: Page) -> None:
    page.set_content("<html lang=zh><body><canvas id=c width=60 height=30></canvas>")
    drawn = page.evaluate(
        """() => ['护', '航', '\\uFFFE'].map(letter => {
            const canvas = document.createElement('canvas'), pen = canvas.getContext('2d');
            pen.font = '20px sans-serif'; pen.fillText(letter, 2, 22); return canvas.toDataURL();
        })"""
    )
    assert len(set(drawn)) == 3  # boxes for missing characters would all look the same


def test_a_broken_script_and_a_refused_inline_script_are_noticed(browser: Browser) -> None:
    context = open_context(browser)
    opened = context.new_page()
    troubles = watch(opened)
    opened.set_content("<script>undefinedFunction()</script>")
    opened.set_content(
        "<meta http-equiv='Content-Security-Policy' content=\"script-src 'none'\"><script>window.ran = true</script>"
    )
    context.close()
    assert len(troubles) == 2
    assert "undefinedFunction" in troubles[0]


def test_axe_finds_a_button_without_a_name(page: Page) -> None:
    page.set_content("<html lang=zh><title>试</title><main><h1>试</h1><button></button></main>")
    assert ["button-name" in line for line in grave_violations(page)] == [True]


def test_axe_is_content_with_a_plain_page(page: Page) -> None:
    page.set_content("<html lang=zh><title>试</title><main><h1>试</h1><button>查</button></main>")
    assert grave_violations(page) == []
