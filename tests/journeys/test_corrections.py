"""A correction that restates last month's closure rate, and a document that is voided and issued anew."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from caseapp.services.case_import import Mode, import_records
from tests.journeys.pages import ON_SQLITE, Person, Visitors
from tests.journeys.site import Site
from tests.support.accessibility import grave_violations
from tests.support.browser import follow, too_wide_on_a_phone

pytestmark = [pytest.mark.browser, ON_SQLITE]

MARCH = "/figures?policy=R2&from=2026-03-01&to=2026-03-31&since=2026-04-01"
CLOSED_TOO_EARLY = {
    "external_id": "NT-2026-000123",
    "procedure": "penalty_general",
    "organ": "320612-ip",
    "division": "320612",
    "ip_types": ["trademark"],
    "title": "南通早结家纺有限公司侵犯注册商标专用权案",
    "milestones": [
        {"kind": "registered", "on": "2026-02-10"},
        {"kind": "filed", "on": "2026-02-16", "recorded_at": "2026-02-16T09:00:00+08:00"},
        {"kind": "decided", "on": "2026-02-24", "outcome": "penalty", "recorded_at": "2026-02-24T09:00:00+08:00"},
        {"kind": "closed", "on": "2026-03-02", "manner": "executed"},
    ],
}


def looked_at(person: Person) -> None:
    """Look at the open page with axe, and how wide it is on a phone."""
    page = person.page
    assert grave_violations(page) == []
    assert too_wide_on_a_phone(page) == []


def test_a_closing_found_to_be_of_the_next_month_restates_the_last_one(
    site: Site, visitors: Visitors, tmp_path: Path
) -> None:
    file = tmp_path / "case.jsonl"
    file.write_text(json.dumps(CLOSED_TOO_EARLY, ensure_ascii=False) + "\n", encoding="utf-8")
    with site.parts.context() as ctx:
        assert import_records(ctx, site.parts.read_exchange(file, now=ctx.now()), mode=Mode.STRICT).imported == 1
        case_id = ctx.session.connection().exec_driver_sql("SELECT id FROM case_file").scalar_one()
    site.clock.put("2026-04-07")
    supervisor = visitors.enter("supervisor")
    assert "其间没有影响本期数据的补录或更正" in supervisor.visit(MARCH).inner_text("main")
    looked_at(supervisor)

    head = visitors.enter("head")
    head.visit(f"/cases/{case_id}?tab=timeline")
    looked_at(head)
    follow(head.page.locator(".hh-timeline-item", has_text="结案").locator("a.hh-correct").first)
    looked_at(head)
    head.page.fill("#correct_on", "2026-04-02")
    head.page.fill("#correct_reason", "罚没款四月二日才缴清，结案日期录错。")
    head.press('button[name="step"][value="check"]')
    told = head.page.inner_text("main")
    assert "2026-03" in told
    assert "1/1" in told
    assert "0/1" in told
    looked_at(head)
    head.press('button[name="step"][value="submit"]')

    leader = visitors.enter("leader")
    leader.visit("/approvals")
    follow(leader.page.locator('main a[href^="/approvals/"]'))
    paper = leader.page.inner_text("main")
    assert "结案日期录错" in paper
    assert "0/1" in paper
    looked_at(leader)
    leader.press('button[name="verdict"][value="signed"]')

    head.visit(f"/cases/{case_id}?tab=timeline")
    assert head.page.locator(".hh-gone del", has_text="结案").count() == 1
    assert "罚没款四月二日才缴清" in head.page.inner_text("main")
    looked_at(head)
    restated = supervisor.visit(MARCH).inner_text("main")
    assert "本期数据因补录或更正有变动" in restated
    assert "NT-2026-000123" in restated
    assert "罚没款四月二日才缴清" in restated
    looked_at(supervisor)


def test_a_document_is_voided_and_issued_anew(site: Site, visitors: Visitors) -> None:
    case = site.office.filed(respondent="南通重制家纺有限公司")
    old = next(item for item in site.office.image(case.id).documents if item.action == "file_case")
    officer = visitors.enter("officer")
    officer.visit(f"/cases/{case.id}?tab=documents")
    follow(officer.page.locator(f'a[href="/cases/{case.id}/documents/{old.id}/void"]'))
    officer.page.fill("#correct_reason", "核查情况一栏有误")
    officer.page.check("#correct_reissue")
    officer.press('button[name="step"][value="check"]')
    officer.press('button[name="step"][value="submit"]')
    image = site.office.image(case.id)
    request = image.pending_approval(image.main.id)
    assert request is not None
    site.office.sign(case.id, request.id, "head", "leader")

    page = officer.visit(f"/cases/{case.id}?tab=documents")
    assert "核查情况一栏有误" in page.inner_text("main")
    looked_at(officer)
    _status, kind, content = officer.fetch(f"/cases/{case.id}/documents/{old.id}.pdf")
    assert kind == "application/pdf"
    assert "作废" in "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(content)).pages)
    assert site.office.image(case.id).documents[-1].replaces == old.id
    officer.visit("/cases/void-register")
    assert "核查情况一栏有误" in officer.page.inner_text("main")
    looked_at(officer)
