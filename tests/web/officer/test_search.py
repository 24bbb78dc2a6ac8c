"""The global search: an exact number opens the case, anything else shows what was found, marked and grouped."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import msgspec
from lxml import html
from sqlalchemy import select

from caseapp.models.ledger_entry import LedgerEntry
from caseapp.services import case_note
from caseapp.services.case_facts import change
from tests.support.office import MARK, RESPONDENT, Office
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


def groups(text: str) -> dict[str, list[str]]:
    """Return heading -> what is marked in each result."""
    page = html.fromstring(text)
    return {
        section.xpath("string(h2/text()[normalize-space()])").strip(): [
            "".join(item.xpath(".//mark/text()")) for item in section.xpath(".//li")
        ]
        for section in page.xpath("//section[contains(@class, 'hh-results')]")
    }


def test_results_stand_in_groups_with_what_was_found_marked(enter: Enter, office: Office) -> None:
    case = office.filed()
    with office.context("officer") as ctx:
        case_note.add(ctx, case.id, "锦屏家纺的店长要求周五再谈。")
    visitor = enter("officer")
    found = groups(visitor.get("/search?q=锦屏家纺").text)
    assert found["案件"] == ["锦屏家纺"]
    assert found["各方当事人"] == ["锦屏家纺"]
    assert found["办案记事"] == ["锦屏家纺"]
    assert set(found["文书"]) == {"锦屏家纺"}
    assert groups(visitor.get(f"/search?q={MARK}").text).keys() >= {"案件"}
    assert list(groups(visitor.get("/search?q=锦屏家纺&in=note").text)) == ["办案记事"]


def test_an_exact_number_opens_its_case(enter: Enter, office: Office) -> None:
    case = office.filed()
    number, document = office.image(case.id).number, office.image(case.id).documents[0].number
    visitor = enter("officer")
    assert number
    for typed in (number, f" {number.replace('〔', '[').replace('〕', ']')} "):
        assert visitor.get("/search", query_string={"q": typed}).headers["Location"] == f"/cases/{case.id}"
    if document:
        answer = visitor.get("/search", query_string={"q": document})
        assert answer.headers["Location"] == f"/cases/{case.id}?tab=documents"
    assert visitor.get("/search", query_string={"q": number, "in": "case"}).status_code == 200


def test_who_may_see_them_in_full_finds_parties_by_whole_numbers(enter: Enter, office: Office) -> None:
    case = office.register()
    page = html.fromstring(enter("officer").get("/search", query_string={"q": "138 0000 0001"}).text)
    (section,) = page.xpath("//section[contains(@class, 'hh-results')]")
    assert section.xpath("string(h2/text()[normalize-space()])").strip() == "证件号码或者电话完全相符"
    assert section.xpath(".//li//a/@href") == [f"/cases/{case.id}?tab=parties"]
    assert RESPONDENT in section.text_content()
    assert "138****0001" in section.text_content()
    for login, query in (("intake", {"q": "13800000001"}), ("officer", {"q": "13800000001", "in": "note"})):
        assert "没有找到" in enter(login).get("/search", query_string=query).text
    with office.parts.context() as ctx:
        rows = ctx.session.execute(select(LedgerEntry.payload).where(LedgerEntry.kind == "searched"))
        assert {msgspec.json.decode(row.payload)["text"] for row in rows} == {"138****0001"}


def test_a_hidden_case_changes_neither_results_nor_counts(enter: Enter, office: Office) -> None:
    office.register()
    hidden = office.register(respondent="秘密织造有限公司", login="officer2")
    with office.parts.context() as ctx:
        change(ctx, hidden.id, {"restricted": True}, reason="涉及商业秘密", seen_version=office.version(hidden.id))
    visitor = enter("officer")
    for query in ("q=秘密织造", "q=秘密织造&in=case", f"q={hidden.number}"):
        answer = visitor.get(f"/search?{query}")
        assert answer.status_code == 200
        assert "没有找到" in answer.text
        assert hidden.id not in answer.text
    page = html.fromstring(visitor.get("/search?q=投诉").text)
    assert page.xpath("//section[1]//*[@class='hh-tab-count']/text()") == ["1"]


def test_a_long_group_goes_on_page_by_page(enter: Enter, office: Office) -> None:
    for number in range(7):
        office.register(respondent=f"第{number}号绣品店")
    visitor = enter("officer")
    page = html.fromstring(visitor.get("/search?q=绣品店").text)
    assert len(page.xpath("//section[contains(@class,'hh-results')][1]//li")) == 5
    onward = page.xpath("//p[@class='hh-card-foot']/a/@href")[0]
    assert parse_qs(urlsplit(onward).query) == {"q": ["绣品店"], "in": ["case"]}
    assert len(html.fromstring(visitor.get(onward).text).xpath("//section[contains(@class,'hh-results')]//li")) == 7
    assert "没有找到" in visitor.get("/search?q=绣品店&category=closed").text


def test_nothing_asked_for_asks_for_something(enter: Enter, office: Office) -> None:
    visitor = enter("officer")
    for query in ("", "?q=", "?q=（）"):
        assert "请输入要搜索的内容" in visitor.get(f"/search{query}").text
    assert visitor.get("/search?q=a&in=people").status_code == 422
    assert visitor.get("/search?q=a&in=case&after=nonsense").status_code == 422
    assert enter("sysadmin").get("/search?q=a").status_code == 403


def test_a_search_stands_in_the_ledger_without_personal_numbers(enter: Enter, office: Office) -> None:
    visitor = enter("officer")
    visitor.get("/search?q=锦屏 13812345678")
    with office.parts.context() as ctx:
        told = [
            msgspec.json.decode(payload)["text"]
            for payload in ctx.session.execute(
                select(LedgerEntry.payload).where(LedgerEntry.chain == "access", LedgerEntry.kind == "searched")
            ).scalars()
        ]
    assert told == ["锦屏 138****5678"]


def test_the_box_of_every_page_leads_to_the_search(enter: Enter, office: Office) -> None:
    box = html.fromstring(enter("officer").get("/cases").text).xpath("//form[@class='hh-search']")[0]
    assert box.get("action") == "/search"
    assert RESPONDENT not in box.text_content()
