"""The rooms of administrators and liaisons in a real browser: no page keeps anybody out, none is wider than a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.accessibility import grave_violations
from tests.support.app import ORGAN
from tests.support.browser import sign_in, too_wide_on_a_phone

if TYPE_CHECKING:
    from playwright.sync_api import Page

ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
pytestmark = [pytest.mark.browser, ON_SQLITE]

PAGES = {
    "sysadmin": (
        "/admin",
        "/admin/users",
        "/admin/users/new",
        "/admin/users/{officer}",
        "/admin/users/{officer}/edit",
        "/admin/organs",
        f"/admin/organs/{ORGAN}",
        "/admin/calendars",
        "/admin/calendars?year=2027",
        "/admin/definitions",
        "/admin/definitions/penalty_simplified",
        "/admin/rules/clocks",
        "/admin/rules/amounts",
        "/admin/rules/thresholds",
        "/admin/rules/documents",
        "/admin/rules/corrections",
        "/admin/rules/metrics",
    ),
    "secadmin": ("/admin/users/{officer}/roles", "/admin/users/{officer}/second-factor", "/admin/security"),
    "audit": ("/admin/ledger", "/admin/ledger/1", "/admin/ledger/check"),
    "police": ("/referrals",),
}


def test_every_page_is_open_to_all_and_fits_a_phone(page: Page, address: str, people: dict[str, object]) -> None:
    officer = people["officer"].id  # type: ignore[attr-defined]
    found: list[str] = []
    for login, paths in PAGES.items():
        page.context.clear_cookies()
        sign_in(page, address, login)
        for path in paths:
            page.set_viewport_size({"width": 1440, "height": 900})
            answer = page.goto(address + path.format(officer=officer))
            assert answer is not None
            assert answer.status == 200, path
            found += grave_violations(page)
            found += [f"{path} is wider than a phone: {part}" for part in too_wide_on_a_phone(page)]
    assert found == []


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
