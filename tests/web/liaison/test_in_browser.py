"""Two organs at two screens: the case is sent, signed for in one step, asked about, answered and filed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories.cases import Course
from tests.factories.referrals import OUTLINE, handed_over
from tests.factories.sides import side_of
from tests.support.accessibility import grave_violations
from tests.support.browser import PHONE, follow, open_context, sign_in, too_wide_on_a_phone

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session"),
]


def stands_well(page: Page) -> None:
    assert grave_violations(page) == []
    page.set_viewport_size(PHONE)
    assert too_wide_on_a_phone(page) == [], page.url
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_case_goes_to_the_police_and_is_filed(browser: Browser, address: str, course: Course) -> None:
    case_id = course.filed()
    proceeding = handed_over(course, case_id)
    ours = sign_in(open_context(browser).new_page(), address, "officer")
    theirs = sign_in(open_context(browser).new_page(), address, "police")
    theirs.goto(f"{address}/referrals")
    stands_well(theirs)
    follow(theirs.get_by_role("link", name="签收后显示案件名称"))
    assert OUTLINE in theirs.inner_text("main")
    assert "锦屏" not in theirs.inner_text("main")
    stands_well(theirs)
    follow(theirs.get_by_role("button", name="在回执上签字"))
    theirs.get_by_text("微信、支付宝流水").first.wait_for()
    assert "涉嫌犯罪案件移送书" in theirs.inner_text("main")
    stands_well(theirs)
    follow(theirs.get_by_role("link", name="告知补正材料"))
    stands_well(theirs)
    theirs.get_by_label("数额证据").check()
    theirs.get_by_label("具体内容").fill("请补送支付流水。")
    follow(theirs.get_by_role("button", name="提交"))
    theirs.get_by_text("请补送支付流水。").first.wait_for()
    ours.goto(f"{address}/cases/{case_id}/proceedings/{proceeding}/actions/send_supplements")
    ours.get_by_label("补送的材料").fill("微信流水一册")
    follow(ours.get_by_role("button", name="下一步：核对"))
    follow(ours.get_by_role("button", name="提交"))
    ours.get_by_text("“补送材料”已办理").wait_for()
    theirs.reload()
    assert "微信流水一册" in theirs.inner_text("main")
    follow(theirs.get_by_role("link", name="立案", exact=True))
    theirs.get_by_label("立案决定书文号").fill("通公（经）立字〔2026〕8号")
    follow(theirs.get_by_role("button", name="提交"))
    theirs.get_by_text("公安机关已立案").first.wait_for()
    assert side_of(course, case_id, "referral").state == "filed"
    for page in (ours, theirs):
        page.context.close()
