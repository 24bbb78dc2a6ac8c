"""A design-patent dispute with suspension, oral hearing and decision, and one mediated and confirmed by the court, told
by the people of the office in real browsers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import pytest

from caseapp.domain.roles import Role, Scope
from caseapp.services.installation import AccountDraft, create_accounts
from tests.journeys import dispute_story as story
from tests.journeys.beside import card, open_side, take
from tests.journeys.pages import ON_SQLITE, CasePage, Paper, Person, Values, Visitors, fill, text_of
from tests.journeys.site import Site
from tests.support.app import ORGAN, PASSWORD
from tests.support.browser import follow

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REGISTERED, SAMPLED = "登记保存证据（专利纠纷）", "抽样取证（专利纠纷）"
"""The proceedings beside the dispute."""

pytestmark = [pytest.mark.browser, ON_SQLITE]


@dataclass
class Told:
    """What the people saw on the way."""

    dispute: str = ""
    mediation: str = ""
    states: list[str] = field(default_factory=list)
    mediation_states: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    too_soon: str = ""
    unproved: str = ""
    kept: str = ""
    barred: str = ""
    beside: str = ""
    kinds: list[str] = field(default_factory=list)
    overview: str = ""
    papers: dict[str, tuple[Paper, bytes]] = field(default_factory=dict)
    figure: tuple[int, int] = (0, 0)


@pytest.fixture(scope="module")
def told(site: Site, browser: Browser) -> Told:
    """Both requests, told once."""
    third = AccountDraft(
        login="officer3",
        name=story.PANEL[2],
        organ=ORGAN,
        roles=(Role.OFFICER,),
        scope=Scope.ORGAN,
        password=PASSWORD,
        certificate_number="测F000099",
        certificate_from=date(2020, 1, 1),
        certificate_until=date(2030, 12, 31),
        must_change_password=False,
    )
    with site.parts.context() as system:
        create_accounts(system, [third])
    with Visitors(site.url, browser) as people:
        return tell(site, people)


def tell(site: Site, visitors: Visitors) -> Told:
    """Let everybody do his part, day after day; the two cases go side by side."""
    enter, today = visitors.enter, site.clock.put
    told = Told()
    organ = enter("sysadmin")
    organ.visit("/admin/organs/320612-ip")
    fill(organ.page.locator("main form").last, story.OFFICE)
    organ.press("main form .btn-primary")

    told.dispute = _register(enter("intake"), "裁决请求", story.DISPUTE, told)
    told.mediation = _register(enter("intake"), "调解请求", story.MEDIATION, told)
    case, other = CasePage(enter("officer"), told.dispute), CasePage(enter("officer"), told.mediation)
    head = enter("head")
    CasePage(head, told.dispute).act("分办", {"officers": story.PANEL})
    CasePage(head, told.mediation).act("分办", {"officers": story.PANEL[:2]})

    def sign(page: CasePage) -> None:
        number = page.open().number
        enter("head").sign(number)
        enter("leader").sign(number)

    def note(page: CasePage, states: list[str]) -> None:
        states.append(page.open().state)

    case.act("登记材料审查结果")
    case.act("立案", story.FILING)
    sign(case)
    other.act("制发陈述意见通知书")
    other.act("送达陈述意见通知书", {"served_on": "2026-03-02", **story.SERVICE})
    note(case, told.states)

    today("2026-03-04")
    case.act("送达请求书副本", {"served_on": "2026-03-04", **story.SERVICE})
    note(case, told.states)
    told.too_soon = case.blocked("进入审理").text_content() or ""
    case.begin("中止处理")
    fill(case.form, story.SUSPENSION)
    enter("officer").press('form#act button[value="check"]')
    told.unproved = case.page.locator("main").inner_text()
    case.open().act("中止处理", {**story.SUSPENSION, "suspension_proof": "2026年3月3日无效宣告请求受理通知书"})
    sign(case)
    note(case, told.states)
    other.act("登记同意调解", {"opinion_on": "2026-03-04", "opinion_text": "同意调解。"})
    other.act("立案", {**story.SESSION, "session_on": "2026-03-12"})
    sign(other)
    note(other, told.mediation_states)

    today("2026-03-12")
    other.act("达成调解协议", {"agreed_on": "2026-03-12", **story.AGREEMENT})
    note(other, told.mediation_states)
    today("2026-03-20")
    other.act("登记司法确认或者公证", {"confirmed_on": "2026-03-19", **story.CONFIRMATION})
    other.act("结案（调解）", {"closing_summary": "协议已经人民法院确认。"})
    sign(other)
    note(other, told.mediation_states)

    today("2026-05-06")
    case.act("恢复处理", {"resumed_on": "2026-05-06", "resume_reason": "无效宣告请求审查决定维持专利权有效"})
    case.act("登记答辩", {"answered_on": "2026-05-06", "answer_text": "花型系通用花型。"})
    case.act("向请求人送达答辩书", {"answer_served_on": "2026-05-06"})
    case.act("进入审理")
    _secure_evidence(case, sign, told)
    case.act("通知口头审理", {"hearing_told_on": "2026-05-06", "hearing_on": "2026-05-14", **story.HEARING})
    note(case, told.states)
    today("2026-05-12")
    take(
        case, REGISTERED, "作出处理", {"handled_on": "2026-05-12", "handled_how": "copied", "handled_note": "已返还。"}
    )
    today("2026-05-14", "14:00")
    case.act("口头审理", {"hearing_held_on": "2026-05-14", **story.RECORD})
    case.act("合议", {"deliberated_on": "2026-05-14", "deliberation_minutes": "一致认为侵权成立。"})
    case.act("作出行政裁决", story.DECISION)
    sign(case)
    note(case, told.states)
    case.act("向请求人送达裁决书", {"served_on": "2026-05-14", **story.SERVICE})
    case.act("向被请求人送达裁决书", {"served_on": "2026-05-14", **story.SERVICE})
    note(case, told.states)
    today("2026-06-02")
    case.act("登记裁决书公开", {"published_on": "2026-06-01", "masked": True})
    case.act(
        "登记已停止侵权",
        {"performed_on": "2026-06-01", "performed_how": "voluntary", "performed_proof": "门店已下架。"},
    )
    told.barred = case.blocked("结案（裁决已履行）").text_content() or ""
    take(
        case,
        SAMPLED,
        "登记样品去向",
        {"settled_on": "2026-06-02", "settled_how": "returned", "settled_note": "已返还。"},
    )
    told.beside = case.open().page.locator("section", has=case.page.locator("#beside-ended")).inner_text()
    case.act("结案（裁决已履行）", story.CLOSING)
    sign(case)
    note(case, told.states)
    told.overview = case.open().page.locator("main").inner_text()
    told.numbers = [case.number, other.open().number]
    for page in (case, other):
        for paper in page.documents():
            status, kind, content = enter("officer").fetch(paper.path)
            assert (status, kind) == (200, "application/pdf")
            told.papers.setdefault(paper.title, (paper, content))
    figure = enter("supervisor").figures()
    told.figure = (figure.closed, figure.counted)
    return told


def _secure_evidence(case: CasePage, sign: Callable[[CasePage], None], told: Told) -> None:
    """Register evidence and take samples beside the trial: each asked for, approved, carried out on the spot."""
    open_side(case, "申请登记保存证据", story.REGISTRATION)
    sign(case)
    sampling = {"sampled_reason": "比对设计特征", "sampled_proposed": "被控侵权四件套"}
    open_side(case, "申请抽样取证", sampling)
    sign(case)
    take(case, REGISTERED, "实施登记保存", {"kept_on": "2026-05-06", **story.REGISTERED})
    take(case, SAMPLED, "实施抽样取证", {"sampled_on": "2026-05-06", **story.SAMPLED})
    told.kept = card(case.open(), REGISTERED)


def _register(person: Person, kind: str, values: Values, told: Told) -> str:
    """Choose what to register on the page of a lead, fill the form in, look once more, send."""
    person.visit("/cases/new")
    page = person.page
    follow(page.locator("nav.hh-tabs").get_by_role("link", name=kind))
    fill(page.locator("form.hh-intake"), values)
    person.press('button[name="step"][value="check"].btn-primary')
    told.kinds.append(page.locator("main").inner_text())
    if page.locator('[name="not_repeated"]').count():  # the second request is about the same patent
        page.locator('[name="not_repeated"]').check()
    person.press('button[name="step"][value="submit"]')
    return person.arrived_at_case()


def words_of(told: Told, title: str) -> str:
    return min(text_of(told.papers[title][1]), key=len)


def test_the_dispute_goes_from_the_request_to_the_stop_of_the_infringement(told: Told) -> None:
    assert told.states == ["已立案待送达", "答辩期", "中止处理", "待口头审理", "裁决待送达", "起诉期与履行", "已结案"]
    assert "知纠字" in told.numbers[0]


def test_the_mediation_is_agreed_confirmed_and_closed(told: Told) -> None:
    assert told.mediation_states == ["调解中", "已达成调解协议", "已结案"]
    assert "知调字" in told.numbers[1]


def test_the_answers_are_looked_at_once_more_in_the_words_of_the_request(told: Told) -> None:
    assert story.TITLE in told.kinds[0]
    assert "专利登记簿副本" in told.kinds[0]
    assert "侵犯专利权的赔偿数额" in told.kinds[1]
    assert all("被请求人" in text and "投诉人" not in text for text in told.kinds)
    assert "请求人" in told.overview


def test_what_is_too_soon_or_unproved_is_refused_with_the_article(told: Told) -> None:
    assert "2026-03-19" in told.too_soon
    assert "第22条" in told.too_soon
    assert "请写明国家知识产权局受理无效宣告请求的通知书文号和日期" in told.unproved
    assert "第28条" in told.unproved


def test_evidence_registered_and_sampled_beside_the_trial_holds_the_closing_until_it_is_settled(told: Told) -> None:
    assert "登记保存中" in told.kept
    assert "2026-05-13" in told.kept, "seven days from the day it was registered"
    assert "抽样取证（专利纠纷）" in told.barred
    assert "已作出处理" in told.beside
    assert "样品" in told.beside
    registered = words_of(told, "证据登记保存决定书")
    assert "《专利纠纷行政裁决和调解办法》第四十九条" in registered
    assert "进货台账" in registered
    assert "缠枝莲" in words_of(told, "抽样取证决定书")


def test_every_paper_of_both_cases_was_issued(told: Told) -> None:
    assert {
        "受理通知书",
        "答辩通知书",
        "送达回证",
        "中止处理通知书",
        "恢复处理通知书",
        "口头审理通知书",
        "口头审理笔录",
        "专利侵权纠纷行政裁决书",
        "结案审批表",
        "陈述意见通知书",
        "调解受理通知书",
        "调解协议书",
    } <= set(told.papers)


def test_the_decision_says_what_article_31_asks(told: Told) -> None:
    text = words_of(told, "专利侵权纠纷行政裁决书")
    for part in (
        f"请求人：{story.REQUESTER}",
        "被请求人：南通锦屏家纺有限公司",
        "请求人称：被请求人销售的四件套与专利设计相同。",
        "被请求人称：花型系市场通用花型",
        "缠枝莲环绕的中心团花",
        "依据《中华人民共和国专利法》第六十四条第二款、第六十五条的规定，裁决如下：",
        "1．立即停止销售被控侵权的四件套；",
        "2．立即停止许诺销售，下架网店商品链接。",
        "自收到本裁决书之日起十五日内",
        "向南京市中级人民法院提起诉讼",
        f"专利号：{story.PATENT}",
        "（组长）",
        *story.PANEL,
    ):
        assert part in text, part
    assert "知裁字" in told.papers["专利侵权纠纷行政裁决书"][0].number


def test_the_notices_tell_what_matters(told: Told) -> None:
    assert "五日内向本局提交答辩书；在中国境内没有固定住所的，请自收到之日起三十日内提交" in words_of(
        told, "答辩通知书"
    )
    assert "2026年5月14日9时30分在本局四楼审理室" in words_of(told, "口头审理通知书")
    assert "无效宣告请求已被受理" in words_of(told, "中止处理通知书")
    assert "自2026年5月6日起恢复处理" in words_of(told, "恢复处理通知书")
    assert "50,000.00元" in words_of(told, "调解协议书")
    assert "视为不同意调解" in words_of(told, "陈述意见通知书")


def test_both_count_as_closed(told: Told) -> None:
    assert told.figure == (2, 2)
