"""The list of cases: everything that was asked for stands in the address, and nothing is shown that is not to be
seen.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import partial

import msgspec
import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select

from caseapp.db import db
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.queries.case_list import case_list
from caseapp.services.case_facts import change
from caseapp.web.officer import case_list as room
from tests.support.office import MARK, RESPONDENT, Office
from tests.web.officer.forms import words
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


def numbers(text: str) -> list[str]:
    """Return the numbers in the first column."""
    return [link.text_content() for link in html.fromstring(text).xpath("//tbody/tr/td[1]/a")]


def access(office: Office) -> list[tuple[str, dict[str, object]]]:
    with office.parts.context() as ctx:
        rows = ctx.session.execute(
            select(LedgerEntry.kind, LedgerEntry.payload).where(LedgerEntry.chain == "access").order_by(LedgerEntry.seq)
        )
        return [(row.kind, msgspec.json.decode(row.payload)) for row in rows]


def test_views_and_filters_narrow_the_list(enter: Enter, office: Office) -> None:
    lead, filed = office.register(respondent="海门绣品店"), office.filed()
    number = office.image(filed.id).number
    visitor = enter("officer")
    for query, shown in (
        ("", {lead.number, number}),
        ("tab=leads", {lead.number}),
        ("tab=open", {number}),
        ("tab=closed", set()),
        ("tab=mine", {number}),
        ("q=海门", {lead.number}),
        (f"q={MARK}", {lead.number, number}),
        ("category=open", {number}),
        ("campaign=huhang", {lead.number, number}),
        ("campaign=shandian", set()),
        (f"officer={office.people['officer2'].id}", {number}),
        ("division=320612&ip_type=trademark&source=complaint", {lead.number, number}),
        ("procedure=penalty_simplified", set()),
        ("filed_from=2026-11-01&filed_to=2026-11-30", {number}),
        ("filed_to=2026-10-31", set()),
        ("due=overdue", set()),
    ):
        assert set(numbers(visitor.get(f"/cases?{query}").text)) == shown, query


def test_each_filter_is_a_chip_that_takes_it_away(enter: Enter, office: Office) -> None:
    office.filed()
    page = enter("officer").get(f"/cases?q=南通&ip_type=trademark&officer={office.people['officer'].id}&due=soon").text
    chips = html.fromstring(page).xpath("//ul[@class='hh-chips']/li/a")
    assert [chip.text_content().strip() for chip in chips] == [
        "搜索：南通",
        "权利：商标",
        "办案人：顾海宁",
        "期限：7 天内到期",
        "清除全部",
    ]
    assert "ip_type" not in chips[1].get("href")
    assert "q=" in chips[1].get("href")


def test_pages_lead_on_and_back(enter: Enter, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = []
    for number in range(5):
        cases.append(office.register(respondent=f"南通第{number}号店").number)
        office.later(minutes=1)
    monkeypatch.setattr(room, "case_list", partial(case_list, limit=2))
    visitor = enter("officer")
    first = visitor.get("/cases?sort=updated").text
    second = visitor.get(_link(first, "next")).text
    third = visitor.get(_link(second, "next")).text
    assert numbers(first) + numbers(second) + numbers(third) == cases
    assert "本页 1 条，共 5 条" in words(third)
    assert not html.fromstring(third).xpath("//a[@rel='next']")
    assert numbers(visitor.get(_link(third, "prev")).text) == numbers(second)
    assert not html.fromstring(first).xpath("//a[@rel='prev']")


def _link(text: str, rel: str) -> str:
    (link,) = html.fromstring(text).xpath(f"//a[@rel='{rel}']")
    return str(link.get("href"))


def test_changing_a_filter_goes_back_to_the_first_page(enter: Enter, office: Office) -> None:
    office.register()
    page = enter("officer").get("/cases?after=WyIyMDI2LTEyLTMxIiwiZiJd").text
    assert "after=" not in "".join(html.fromstring(page).xpath("//nav[@class='hh-tabs']//a/@href"))


@pytest.mark.parametrize(
    "query", ["tab=secret", "sort=password", "after=%%%", "after=WzFd", "filed_from=soon", "due=later", "before=e30"]
)
def test_an_address_that_makes_no_sense_is_refused_in_words(enter: Enter, office: Office, query: str) -> None:
    answer = enter("officer").get(f"/cases?{query}")
    assert answer.status_code == 422
    assert "填写内容需要更正" in answer.text


def test_what_may_not_be_seen_is_in_no_list_no_count_and_no_export(enter: Enter, office: Office) -> None:
    seen, hidden = office.register(respondent="海门绣品店"), office.register()
    with office.context("intake") as ctx:
        change(ctx, hidden.id, {"restricted": True}, reason="涉密", seen_version=hidden.version)
    visitor = enter("officer")
    page = visitor.get("/cases").text
    assert numbers(page) == [seen.number]
    assert "共 1 条" in words(page)
    assert hidden.number not in visitor.get("/cases.csv").text
    assert numbers(visitor.get(f"/cases?q={RESPONDENT}").text) == []
    assert set(numbers(enter("head").get("/cases").text)) == {seen.number, hidden.number}


def test_the_export_is_the_list_as_shown_and_stands_in_the_ledger(enter: Enter, office: Office) -> None:
    office.register(respondent="=cmd()公司")
    case = office.filed()
    visitor = enter("officer")
    answer = visitor.get("/cases.csv?tab=open&q=南通")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert answer.text.startswith("\ufeff")
    assert rows[0][:4] == ["案号", "线索编号", "外部编号", "案件名称"]
    assert [row[1] for row in rows[1:]] == [case.number]
    assert rows[1][rows[0].index("主办人员")] == "顾海宁"
    kind, payload = access(office)[-1]
    assert (kind, payload["asked"], payload["rows"]) == ("exported", {"tab": "open", "q": "南通"}, 1)
    whole = visitor.get("/cases.csv").text
    assert "'=cmd()公司" in whole
    assert ",=cmd()" not in whole


def test_an_export_gives_its_connection_back(enter: Enter, office: Office, app: Flask) -> None:
    office.register()
    visitor = enter("officer")
    assert "南通" in visitor.get("/cases.csv").text
    with app.app_context():
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_who_may_not_export_gets_no_file(enter: Enter, office: Office) -> None:
    visitor = enter("intake")
    assert visitor.get("/cases.csv").status_code == 403
    assert "导出" not in words(visitor.get("/cases").text)
    assert access(office) == []


def test_a_search_is_kept_once_not_for_every_page(enter: Enter, office: Office) -> None:
    office.register()
    visitor = enter("officer")
    visitor.get("/cases?q=南通")
    visitor.get("/cases?q=南通&after=WyIyMDI2LTEyLTMxIiwiZmZmZiJd")
    visitor.get("/cases")
    assert access(office) == [("searched", {"text": "南通"})]


def test_an_empty_list_offers_the_way_back(enter: Enter, office: Office) -> None:
    text = words(enter("officer").get("/cases?category=closed").text)
    assert "没有符合条件的案件" in text
    assert "清除筛选条件" in text


def test_what_was_typed_is_never_markup(enter: Enter, office: Office) -> None:
    page = enter("officer").get("/cases?q=<script>alert(1)</script>").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_cells_that_were_written_for_one_language_are_not_shown_in_another(enter: Enter, office: Office) -> None:
    office.filed()
    visitor = enter("officer")
    for language, shown in (
        ("zh", ["商标", "调查取证", "还剩 91 天"]),
        ("en", ["Trademark", "Investigation", "91 days left"]),
    ) * 2:
        visitor.post("/language", page="/cases", fields={"language": language, "next": "/cases"})
        cells = html.fromstring(visitor.get("/cases").text).xpath("//tbody/tr/td[position() > 2]")
        told = [cell.text_content() for cell in cells[:3]]
        assert [words in cell for words, cell in zip(shown, told, strict=True)] == [True] * 3, told


def test_who_sees_no_cases_has_no_list(enter: Enter, office: Office) -> None:
    for login in ("police", "sysadmin", "secadmin", "audit"):
        assert enter(login).get("/cases").status_code == 403
