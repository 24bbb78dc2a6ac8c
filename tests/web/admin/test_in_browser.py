"""The administrators' room in a real browser; that nobody is shut out of its pages is shown with every other page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.browser import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
pytestmark = [pytest.mark.browser, ON_SQLITE]


def test_shutting_an_account_asks_first(page: Page, address: str, people: dict[str, object]) -> None:
    officer = people["officer"].id  # type: ignore[attr-defined]
    sign_in(page, address, "sysadmin")
    page.goto(f"{address}/admin/users/{officer}")
    asked: list[str] = []

    def answer(accept: bool) -> None:
        page.once(
            "dialog", lambda dialog: (asked.append(dialog.message), dialog.accept() if accept else dialog.dismiss())
        )

    answer(accept=False)
    page.get_by_role("button", name="停用账号").click()
    assert page.get_by_role("button", name="停用账号").is_visible()
    answer(accept=True)
    page.get_by_role("button", name="停用账号").click()
    page.get_by_role("button", name="启用账号").wait_for()
    assert len(asked) == 2
    assert "顾海宁" in asked[0]
