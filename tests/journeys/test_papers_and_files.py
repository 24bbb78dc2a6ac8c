"""An interview typed on a phone and signed on its glass, an inspection signed on paper and photographed; the case file
bound and opened.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from caseapp.services.outbox_dispatch import dispatch
from tests.journeys.pages import ON_SQLITE, Visitors, fill, text_of
from tests.journeys.site import Site
from tests.support.browser import PHONE, TOO_WIDE, follow
from tests.support.evidence_files import jpeg

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, ON_SQLITE]

INTERVIEW: dict[str, str | list[str]] = {
    "interview_place": "南通家纺城3区1208号",
    "interview_officers": ["顾海宁", "陆文珺"],
    "interviewee_name": "翟小宁",
    "interviewee_relation": "当事人法定代表人",
    "interview_text": "问：这批床品从哪里购进？\n答：从流动商贩处购进。",
}
SITE: dict[str, str | list[str]] = {
    "site_place": "南通家纺城3区1208号",
    "site_officers": ["顾海宁", "陆文珺"],
    "site_person": "翟小宁",
    "site_text": "货架上陈列标有“澜庭”商标的四件套57套，当事人未能出示授权文件。",
}


def write_on(page: Page, pad: str) -> None:
    """Write on a pad with the finger."""
    glass = page.locator(f"[data-pad]:has([name='{pad}']) canvas")
    glass.scroll_into_view_if_needed()
    box = glass.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 30 + step * 18, box["y"] + 40 + (step % 3) * 20)
    page.mouse.up()


def test_records_of_a_phone_are_signed_on_glass_or_on_paper_and_bound_into_the_file(
    site: Site, visitors: Visitors
) -> None:
    reference = site.office.filed(respondent="南通笔录家纺有限公司")
    officer = visitors.enter("officer", viewport=PHONE, has_touch=True)
    case = officer.case(reference.id).open("documents")
    page = case.page
    follow(page.get_by_role("link", name="制作询问笔录"))
    begun = case.form.locator('[name="interview_begun"]').input_value()
    clerk = site.people["officer2"].id
    fill(case.form, {**INTERVIEW, "interview_ended": begun, "interview_clerk": clerk})
    case.check()
    assert "从流动商贩处购进" in page.inner_text("main"), "the whole text is read before it is signed"
    write_on(page, "interviewee_signed")
    write_on(page, "asking_signed")
    page.get_by_role("button", name="清除：询问人签名").click()
    assert page.locator('[name="asking_signed"]').input_value() == ""
    assert page.evaluate(TOO_WIDE) == []
    assert "已办理" in case.send()

    record = next(one for one in case.documents() if one.title == "询问笔录")
    status, kind, content = officer.fetch(record.path)
    assert (status, kind) == (200, "application/pdf")
    assert all("答：从流动商贩处购进。" in text for text in text_of(content))

    follow(case.open("documents").page.get_by_role("link", name="制作现场笔录"))
    begun = case.form.locator('[name="site_begun"]').input_value()
    fill(case.form, {**SITE, "site_ended": begun, "site_clerk": clerk})
    case.check()
    assert page.evaluate(TOO_WIDE) == []
    assert "已办理" in case.send(), "signed on paper: nothing was written on the glass"
    sheet = next(one for one in case.documents() if one.title == "现场笔录")
    printed = officer.fetch(sheet.path)[2]
    assert all("四件套57套" in text for text in text_of(printed))
    follow(page.get_by_role("link", name=re.compile("上传扫描件.*现场笔录")))
    photograph = jpeg(600, 800)
    page.locator('input[type="file"]').set_input_files(
        {"name": "现场笔录.jpg", "mimeType": "image/jpeg", "buffer": photograph}
    )
    assert page.evaluate(TOO_WIDE) == []
    officer.press("main form .btn-primary")
    scan = page.get_by_role("link", name="签名扫描件").first.get_attribute("href")
    assert officer.fetch(str(scan)) == (200, "image/jpeg", photograph)

    follow(page.get_by_role("link", name="打开案卷"))
    officer.press("main form .btn-primary")
    assert "正在装订" in page.inner_text("#binding")
    with site.parts.context() as ctx:
        dispatch(ctx)
    page.get_by_text("已装订", exact=True).wait_for()  # the card asks for itself again
    volume = page.locator("#binding a").first.get_attribute("href")
    status, kind, content = officer.fetch(str(volume))
    assert (status, kind) == (200, "application/pdf")
    assert all("询问笔录（翟小宁）" in text for text in text_of(content))
    assert all("现场笔录" in text for text in text_of(content))
    assert all("四件套57套" not in text for text in text_of(content)), "the signed sheet stands for the print"
