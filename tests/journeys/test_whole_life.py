"""One case from the lead to the archive, by the people who handle it, in real browsers; and what it leaves behind."""

from __future__ import annotations

import json
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
    steps: list[str] = field(default_factory=list)
    draft: bytes = b""
    papers: list[tuple[Paper, bytes]] = field(default_factory=list)
    counted: dict[str, list[str]] = field(default_factory=dict)

    def paper(self, title: str) -> tuple[Paper, bytes]:
        """Return the newest document of that title."""
        return next((paper, content) for paper, content in self.papers if paper.title == title)


@pytest.fixture(scope="module")
def told(site: Site, browser: Browser) -> Told:
    """The whole life of a case, told once."""
    taken_over(site)
    with Visitors(site.url, browser) as people:
        told = tell(site, people)
    return told


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
    too_early = officer.open().blocked("提请作出决定")
    too_early.locator("summary").click()
    told.too_early = too_early.inner_text()
    today("2026-04-08")
    officer.act("提请作出决定", {"submission_note": "当事人在期限内未陈述、申辩。"})
    note()

    case["leader"].act("集体讨论", {"discussed_on": "2026-04-08", **story.DISCUSSION})
    officer.act("作出行政处罚决定", story.DECISION)
    told.steps = officer.page.locator(".hh-pending .hh-steps strong").all_inner_texts()
    today("2026-04-10")
    enter("head").sign(told.number)
    sheet = enter("legal").open_request(told.number).locator("iframe").get_attribute("src") or ""
    _status, _type, told.draft = enter("legal").fetch(sheet)
    enter("legal").decide()
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
        told.counted[which] = supervisor.page.locator("tbody td[data-label='案号']").all_inner_texts()
    return told


def test_the_case_goes_from_the_lead_to_the_archive_by_the_acts_of_its_people(told: Told) -> None:
    assert told.lead_number == "通州市监知线字〔2026〕1号"
    assert told.number == "通州市监知执字〔2026〕1号"
    assert told.states == [
        "线索核查",
        "调查取证",
        "调查终结待审核",
        "审核完毕",
        "告知书待送达",
        "陈述申辩期",
        "待作出决定",
        "处罚决定待送达",
        "履行",
        "履行完毕",
        "已结案",
        "已归档",
    ]


def test_before_the_time_for_defence_is_over_the_decision_cannot_be_asked_for(told: Told) -> None:
    assert "陈述、申辩" in told.too_early
    assert "2026-04-07" in told.too_early
    assert "《行政处罚法》第64条" in told.too_early


def test_where_legal_review_is_mandatory_the_reviewer_signs_the_decision_too(told: Told) -> None:
    assert told.steps == ["提请", "办案机构负责人意见", "法制审核机构会签", "机关负责人审批"]


def test_who_signs_sees_the_decision_as_a_draft_without_a_number(told: Told) -> None:
    for text in text_of(told.draft):
        assert f"大写：人民币{story.FINE_IN_WORDS}" in text
        assert "签发时编号" in text
        assert "知罚字〔2026〕" not in text


def test_every_act_issues_its_papers_and_those_for_the_party_are_numbered(told: Told) -> None:
    assert [(paper.title, paper.number) for paper, _content in reversed(told.papers)] == [
        ("案件来源登记表", "—"),
        ("立案/不予立案审批表", "—"),
        ("案件调查终结报告", "—"),
        ("案件审核/法制审核表", "—"),
        ("行政处罚告知书", "通州市监知告字〔2026〕1号"),
        ("行政处罚案件有关事项审批表", "—"),
        ("送达回证", "—"),
        ("行政处罚案件集体讨论记录", "—"),
        ("行政处罚决定书", "通州市监知罚字〔2026〕1号"),
        ("行政处理决定审批表", "—"),
        ("送达回证", "—"),
        ("结案审批表", "—"),
    ]


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("案件来源登记表", ("通州市监知线字〔2026〕1号", "2026年3月2日", "12315平台", "注册商标9278465")),
        ("立案/不予立案审批表", ("立案审批表", "当事人未能提供授权文", "钱立新2026年3月9日", "施明远2026年3月9日")),
        ("案件调查终结报告", ("违法经营额22560元", "《中华人民共和国商标法》第六十条第二款", "并处罚款25800元")),
        ("案件审核/法制审核表", ("法制审核表", "案件情况疑难复杂", "程序合法，同意处理意见。", "沈思齐")),
        (
            "行政处罚告知书",
            (
                "通州市监知告字〔2026〕1号",
                f"罚款25,800.00元（大写：人民币{story.FINE_IN_WORDS}）",
                "五个工作日内",
                "联系电话：0513-86512345",
                "2026年3月30日",
            ),
        ),
        (
            "行政处罚决定书",
            (
                "通州市监知罚字〔2026〕1号",
                f"统一社会信用代码：{story.CREDIT_CODE}",
                "违反了《中华人民共和国商标法》第五十七条第（三）项的规定",
                "依据《中华人民共和国商标法》第六十条第二款的规定",
                "（通州市监知告字〔2026〕1号）",
                f"罚款25,800.00元（大写：人民币{story.FINE_IN_WORDS}）",
                "没收违法所得3,120.50元（大写：人民币叁仟壹佰贰拾元零伍角）",
                "通过江苏银行通州支行缴纳罚没款",
                "通州区人民政府申请行政复议",
                "南通市通州区人民法院提起行政诉讼",
                "2026年4月10日",
            ),
        ),
        ("送达回证", ("《行政处罚决定书》通州市监知罚字〔2026〕1号", "施国平2026年4月13日", "陆文珺、顾海宁")),
        ("结案审批表", ("通州市监知罚字〔2026〕1号", "2026年4月10日", "罚没款28920.50元", "同意结案。")),
    ],
)
def test_what_was_entered_stands_in_the_paper(told: Told, title: str, said: tuple[str, ...]) -> None:
    _paper, content = told.paper(title)
    for text in text_of(content):
        assert story.RESPONDENT in text
        assert [words for words in said if words not in text] == []


def test_the_closure_rate_moves_by_exactly_this_case(told: Told) -> None:
    assert told.figures == {
        "before": Figure(3, 5),
        "filed": Figure(3, 6),
        "decided": Figure(3, 6),
        "closed": Figure(4, 6),
        "archived": Figure(4, 6),
    }


def test_the_drill_down_lists_the_very_cases_that_the_command_counts(told: Told) -> None:
    answer = told.site.flask(
        *("metrics", "closure-rate", "--policy", "R2", "--from", "2026-01-01", "--to", "2026-04-22"),
        *("--cases", "--json"),
    )
    total = answer.document["total"]
    assert (total["numerator"], total["denominator"]) == (4, 6)
    assert total["numerator_cases"] == sorted(told.counted["numerator"])
    assert total["denominator_cases"] == sorted(told.counted["denominator"])
    assert told.number in told.counted["numerator"]
    assert sorted(told.counted["open"]) == ["旧-4", "旧-5"]


def test_on_the_eve_of_its_closing_the_case_still_counts_as_open(told: Told) -> None:
    answer = told.site.flask(
        *("metrics", "closure-rate", "--policy", "R2", "--from", "2026-01-01", "--to", "2026-04-21"), "--json"
    )
    total = answer.document["total"]
    assert (total["numerator"], total["denominator"]) == (3, 6)


def test_the_ledger_is_whole_and_everything_derived_follows_from_it(told: Told) -> None:
    anchored = told.site.flask("ledger", "anchor", "--json")
    verified = told.site.flask("ledger", "verify", "--json")
    rebuilt = told.site.flask("ledger", "rebuild", "--check", "--json")
    assert (anchored.status, verified.status, rebuilt.status) == (0, 0, 0)
    assert (verified.document["cases"], verified.document["broken"]) == (6, [])
    assert verified.document["unanchored"] <= 1  # that the ledger was anchored is itself an entry, for the next anchor
    assert rebuilt.document == {"cases": 6, "differences": []}


def test_looking_back_shows_the_case_as_it_stood_on_a_day(told: Told, visitors: Visitors) -> None:
    supervisor = visitors.enter("supervisor")
    page = supervisor.visit(f"/cases/{told.case_id}?as_of=2026-04-01")
    assert CasePage(supervisor, told.case_id).state == "陈述申辩期"
    assert "此页不能办理任何事项" in page.inner_text("main")
    shown = told.site.flask("cases", "show", told.number, "--as-of", "2026-04-01", "--json").document
    assert (shown["state"], [one["kind"] for one in shown["milestones"]]) == ("noticed", ["registered", "filed"])


def test_the_map_shows_where_the_case_is_and_the_timeline_who_did_what(told: Told, visitors: Visitors) -> None:
    officer = visitors.enter("officer2")
    acts = officer.case(told.case_id).open("acts")
    assert acts.page.locator(".hh-map svg").count() == 1
    assert "当前状态：已归档" in acts.page.inner_text("main")
    timeline = acts.open("timeline").page.inner_text("main")
    for words in ("法制审核", "沈思齐", "送达处罚决定书", "陆文珺", "结案（执行完毕）", "施明远"):
        assert words in timeline
