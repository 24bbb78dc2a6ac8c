"""One case from the lead to the archive, by the people who handle it, in real browsers; and what it leaves behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.journeys import story
from tests.journeys.pages import CasePage, Figure, Paper, Visitors, fill, text_of
from tests.journeys.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@dataclass
class Told:
    """What the people saw on the way."""

    site: Site
    case_id: str = ""
    lead_number: str = ""
    number: str = ""
    states: list[str] = field(default_factory=list)
    figures: dict[str, Figure] = field(default_factory=dict)
    too_early: str = ""
    papers: list[tuple[Paper, bytes]] = field(default_factory=list)
    counted: dict[str, list[str]] = field(default_factory=dict)
    last_page: str = ""


@pytest.fixture(scope="module")
def told(site: Site, browser: Browser) -> Iterator[Told]:
    """The whole life of a case, told once."""
    taken_over(site)
    with Visitors(site.url, browser) as visitors:
        yield tell(site, visitors)


def taken_over(site: Site) -> None:
    """Take over five cases of an earlier system: three of them are closed."""
    records = [
        {
            "external_id": f"旧-{number}",
            "procedure": "penalty_general",
            "organ": "320612-ip",
            "division": "320612",
            "ip_types": ["trademark"],
            "title": f"旧系统案件{number}",
            "milestones": [
                {"kind": "filed", "on": f"2026-01-0{number + 4}"},
                *(
                    [
                        {"kind": "decided", "on": "2026-02-02", "outcome": "penalty"},
                        {"kind": "closed", "on": "2026-02-24", "manner": "executed"},
                    ]
                    if number <= 3
                    else []
                ),
            ],
        }
        for number in range(1, 6)
    ]
    file = site.folder / "old.jsonl"
    file.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    done = site.flask("cases", "import", str(file), "--json")
    assert done.document["imported"] == len(records), done.document["rejections"]


def tell(site: Site, visitors: Visitors) -> Told:
    """Let everybody do his part, day after day."""
    enter, today = visitors.enter, site.clock.put
    told = Told(site)
    case = {login: CasePage(enter(login), "") for login in ("intake", "officer", "officer2", "head", "legal", "leader")}
    officer, supervisor = case["officer"], enter("supervisor")

    def note(*, figure: str = "") -> None:
        """Look at the case as it is now, and at the figure."""
        if figure:
            officer.open()
            told.figures[figure] = supervisor.figures()
        told.states.append(officer.state)

    # The administrator says how the office is reached: the papers need it.
    organ = enter("sysadmin")
    organ.visit("/admin/organs/320612-ip")
    fill(organ.page.locator("main form").last, story.OFFICE)
    organ.press("main form .btn-primary")

    told.figures["before"] = supervisor.figures()
    told.case_id = enter("intake").register(story.LEAD)
    for page in case.values():
        page.id = told.case_id
    told.lead_number = case["intake"].number
    case["head"].act("分办核查", story.ASSIGN)

    today("2026-03-06")
    officer.act("告知权利", {"rights_told_on": "2026-03-04", **story.RIGHTS})
    note()
    officer.act("立案", story.FILING)
    today("2026-03-09")
    enter("head").sign(told.lead_number)
    enter("leader").sign(told.lead_number)
    note(figure="filed")
    told.number = officer.number

    today("2026-03-25")
    officer.act("调查终结", story.REPORT)
    note()
    case["legal"].act("法制审核", {"review_received_on": "2026-03-25", **story.REVIEW})
    officer.open()
    note()
    officer.act("制发行政处罚告知书", story.NOTICE)
    today("2026-03-30")
    enter("head").sign(told.number)
    enter("leader").sign(told.number)
    officer.open()
    note()
    officer.act("送达告知书", {"served_on": "2026-03-30", **story.SERVICE})
    note()
    today("2026-04-07")
    told.too_early = officer.open().blocked("提请作出决定").inner_text()
    today("2026-04-08")
    officer.act("提请作出决定", {"submission_note": "当事人在期限内未陈述、申辩。"})
    note()

    case["leader"].act("集体讨论", {"discussed_on": "2026-04-08", **story.DISCUSSION})
    officer.act("作出行政处罚决定", story.DECISION)
    today("2026-04-10")
    enter("head").sign(told.number)
    enter("legal").sign(told.number)
    enter("leader").sign(told.number, "同意，按讨论意见处罚。")
    note(figure="decided")

    today("2026-04-22")
    case["officer2"].act("送达处罚决定书", {"served_on": "2026-04-13", **story.SERVICE})
    officer.act("登记处罚信息公示", {"published_on": "2026-04-15", **story.PUBLICATION})
    note()
    officer.act("确认履行完毕", {"performed_on": "2026-04-20", **story.PERFORMANCE})
    note()
    officer.act("结案（执行完毕）", story.CLOSING)
    enter("head").sign(told.number)
    enter("leader").sign(told.number, "同意结案。")
    note(figure="closed")
    officer.act("归档", {"archived_on": "2026-04-22", **story.ARCHIVE})
    note()
    told.figures["archived"] = supervisor.figures()

    for paper in officer.documents():
        status, kind, content = enter("officer").fetch(paper.path)
        assert (status, kind) == (200, "application/pdf"), paper
        told.papers.append((paper, content))
    for which in ("numerator", "denominator", "open"):
        supervisor.visit(f"/figures/cases?which={which}")
        told.counted[which] = supervisor.page.locator("tbody td.hh-number").all_inner_texts()
    told.last_page = officer.open().page.inner_text("main")
    return told


def test_it(told: Told) -> None:
    print(told.states, told.figures, told.too_early, [(p, len(c)) for p, c in told.papers], told.counted)
    print(told.last_page)
    for p, c in told.papers:
        print(p, "\n", list(text_of(c)))
