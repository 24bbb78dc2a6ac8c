"""Evidence from a telephone: pictures taken and attached, seen, one withdrawn, one downloaded; goods handed over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import evidence_files as files
from tests.support.accessibility import grave_violations
from tests.support.app import PASSWORD
from tests.support.browser import PHONE, TOO_WIDE, follow, sign_in
from tests.support.office import Office

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session"),
]


def stands_well(page: Page) -> None:
    """Nothing keeps anybody out, and nothing is wider than the telephone."""
    assert grave_violations(page) == []
    assert page.evaluate(TOO_WIDE) == [], page.url


def pictures(folder: Path) -> list[Path]:
    found = []
    for name, content in (
        ("门头.jpg", files.jpeg(600, 400)),
        ("货架.jpg", files.jpeg(400, 600, colour="#1f4e8c", orientation=6)),
        ("标签.png", files.png(60, 60)),
        ("空白.jpg", b""),
        ("网页.txt", b"<script>alert(1)</script>"),
    ):
        path = folder / name
        path.write_bytes(content)
        found.append(path)
    return found


def test_evidence_from_a_telephone(page: Page, address: str, office: Office, tmp_path: Path) -> None:
    case = office.checking()
    page.set_viewport_size(PHONE)
    sign_in(page, address, "officer")
    page.goto(f"{address}/cases/{case.id}?tab=evidence")
    stands_well(page)
    follow(page.get_by_role("link", name="附入证据"))
    stands_well(page)
    *good, empty, bad = pictures(tmp_path)
    assert page.get_attribute("#camera", "capture") == "environment"
    page.set_input_files("#camera", good[0])
    page.set_input_files("#files", [*good[1:], empty, bad])
    rows = page.locator("[data-queue] li")
    assert rows.count() == 5
    assert "0 字节" in rows.nth(3).inner_text()
    page.select_option("#how", "scene")
    page.fill("#place", "南通家纺城3区1208号")
    page.get_by_role("button", name="附入", exact=True).click()
    page.locator(".hh-errors").wait_for()
    assert "来源" in page.locator(".hh-errors").inner_text(), "what is missing is said before anything is lost"
    page.fill("#source", "店铺货架")
    page.get_by_role("button", name="附入", exact=True).click()
    page.locator("[data-queue] li.is-bad", has_text="网页文件").wait_for()
    assert page.locator("[data-queue] li.is-done").count() == 3
    stands_well(page)
    assert [piece.title for piece in office.image(case.id).evidence] == ["门头.jpg", "货架.jpg", "标签.png"]
    page.goto(f"{address}/cases/{case.id}?tab=evidence")
    shown = page.locator(".hh-piece-picture img")
    assert shown.count() == 3
    for picture in shown.all():
        picture.scroll_into_view_if_needed()
        page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=picture.element_handle())
    assert shown.nth(1).evaluate("image => image.naturalWidth > image.naturalHeight"), "turned the right way up"
    stands_well(page)
    follow(page.locator(".hh-piece h3 a").nth(2))
    stands_well(page)
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载").click()
    assert coming.value.suggested_filename == "标签.png"
    assert Path(coming.value.path()).read_bytes() == good[2].read_bytes()
    page.locator("summary", has_text="撤回证据").click()
    page.fill("#reason", "与本案无关")
    follow(page.get_by_role("button", name="撤回", exact=True))
    page.locator(".hh-piece.is-withdrawn s", has_text="标签.png").wait_for()


def test_goods_are_handed_over_on_two_telephones(page: Page, address: str, office: Office) -> None:
    case = office.checking()
    page.set_viewport_size(PHONE)
    sign_in(page, address, "officer")
    page.goto(f"{address}/cases/{case.id}/items/new")
    stands_well(page)
    for name, value in (
        ("name", "全棉四件套"),
        ("quantity", "96"),
        ("unit", "套"),
        ("source", "当事人"),
        ("place", "证物室"),
    ):
        page.fill(f"#{name}", value)
    follow(page.get_by_role("button", name="收存"))
    follow(page.get_by_role("link", name="移交"))
    stands_well(page)
    assert not page.is_visible("#third_party")
    page.select_option("#to", "third_party")
    assert page.is_visible("#third_party")
    page.select_option("#to", f"officer:{office.people['officer2'].id}")
    page.fill("#quantity", "20")
    page.fill("#place", "样品柜")
    page.fill("#reason", "辨认")
    follow(page.get_by_role("button", name="提出移交"))
    page.get_by_text("等候确认：陆文珺").wait_for()
    stands_well(page)
    sign_in(page, address, "officer2")
    page.goto(f"{address}/desk")
    stands_well(page)
    follow(page.get_by_role("button", name="确认接收"))
    page.get_by_text("已确认接收").wait_for()
    held = {item.number: item.quantity for item in office.image(case.id).custody.items}
    assert held == {"1": 76, "1-1": 20}


def test_files_are_attached_without_scripts_too(page: Page, address: str, office: Office, tmp_path: Path) -> None:
    case = office.checking()
    browser = page.context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False, locale="zh-CN", viewport=PHONE).new_page()
    plain.goto(f"{address}/sign-in")
    plain.fill("#login", "officer")
    plain.fill("#password", PASSWORD)
    follow(plain.locator(".hh-sign-in-card button.btn-primary"))
    plain.goto(f"{address}/cases/{case.id}/evidence/new")
    first, second, *_rest = pictures(tmp_path)
    plain.set_input_files("#files", [first, second])
    plain.select_option("#how", "scene")
    plain.fill("#source", "店铺货架")
    plain.fill("#place", "南通家纺城")
    follow(plain.get_by_role("button", name="附入", exact=True))
    assert "已附入 2 份证据" in plain.inner_text("#alerts")
    plain.context.close()
