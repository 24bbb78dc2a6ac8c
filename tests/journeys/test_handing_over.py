"""An officer leaves and his desk is handed over; a case goes to the neighbouring organ and is signed for there."""

from __future__ import annotations

import pytest

from tests.factories.organs import HAIMEN, neighbours
from tests.journeys.pages import ON_SQLITE, Visitors, fill
from tests.journeys.site import Site
from tests.support.browser import follow

pytestmark = [pytest.mark.browser, ON_SQLITE]


@pytest.fixture(scope="module", autouse=True)
def _neighbours(site: Site) -> None:
    neighbours(site.parts)


def number_of(site: Site, case_id: str) -> str:
    return site.office.image(case_id).display_number()


def test_the_desk_of_who_leaves_is_handed_over_in_one_step(site: Site, visitors: Visitors) -> None:
    first, second = site.office.filed(), site.office.filed()
    leaver, heir = site.people["officer"], site.people["officer2"]
    admin = visitors.enter("sysadmin")
    page = admin.visit(f"/admin/users/{leaver.id}")
    assert "在办案件 2 件" in page.inner_text("main")

    head = visitors.enter("head")
    head.visit("/handover")
    follow(head.page.get_by_role("link", name=leaver.name))
    table = head.page.locator("main table")
    assert number_of(site, first.id) in table.inner_text()
    assert number_of(site, second.id) in table.inner_text()
    fill(
        head.page.locator("main form"),
        {f"to-{first.id}": site.people["head"].id, "everyone": heir.id, "reason": "调离"},
    )
    head.press("main form .btn-primary")
    assert "2 件已办理，0 件未办理" in head.page.inner_text("main")
    assert site.office.image(first.id).officers[0] == site.people["head"].id
    assert site.office.image(second.id).officers == (heir.id,)

    assert "停用以前" not in admin.visit(f"/admin/users/{leaver.id}").inner_text("main")
    successor = visitors.enter("officer2")
    assert number_of(site, second.id) in successor.visit("/cases?tab=mine").inner_text("main")


def test_a_case_is_moved_to_the_neighbouring_organ_with_letter_and_receipt(site: Site, visitors: Visitors) -> None:
    case = site.office.filed()
    number = number_of(site, case.id)
    leader = visitors.enter("leader")
    leader.visit(f"/cases/{case.id}/transfer")
    form = leader.page.locator("main form")
    fill(form, {"receiver": HAIMEN, "reason": "违法行为发生地在海门区"})
    leader.press("main form .btn-primary")
    assert "等候签收" in leader.flash()
    assert "案件移送函" in leader.page.inner_text("main")

    there = visitors.enter("haimen_head")
    there.visit("/desk")
    follow(there.page.get_by_role("link", name="移交").first)
    follow(there.page.get_by_role("link", name=number))
    assert "违法行为发生地在海门区" in there.page.inner_text("main")
    status, kind, content = there.fetch(there.page.get_by_role("link", name="看函件").get_attribute("href") or "")
    assert (status, kind) == (200, "application/pdf")
    assert content.startswith(b"%PDF")
    there.press("main button:has-text('签收')")
    assert "请指派办案人员" in there.flash()
    image = site.office.image(case.id)
    assert image.organ == HAIMEN
    assert image.number != number
    ties = there.page.inner_text("main")
    assert number in ties
    assert "原编号" in ties

    assert leader.fetch(f"/cases/{case.id}")[0] == 404
    assert "已签收" in leader.visit("/transfers?view=sent").inner_text("main")
