"""The ledger for the audit administrator."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest

from caseapp.domain.workflow.situation import Actor
from caseapp.services.case_intake import LeadDraft, PartyDraft, register_lead
from caseapp.wiring import Huhang
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


@pytest.fixture
def number(parts: Huhang, people: Mapping[str, Actor]) -> str:
    """The number of a lead that was registered."""
    party = PartyDraft("respondent", "organisation", "南通锦屏家纺有限公司", personal={"phone": "13800000001"})
    with parts.context(people["intake"]) as ctx:
        return register_lead(
            ctx,
            LeadDraft(
                division="320612",
                ip_types=("trademark",),
                source="complaint",
                summary="有人售假",
                received_on=ctx.today(),
                parties=(party,),
            ),
        ).number


def test_a_search_by_case_leads_to_the_entry_with_its_payload_and_hash(enter: Enter, number: str) -> None:
    visitor = enter("audit")
    found = visitor.get("/admin/ledger", query_string={"case": number}).text
    assert "登记线索" in found
    assert number in found
    link = re.search(r'data-href="(/admin/ledger/\d+)"', found)
    assert link is not None
    entry = visitor.get(link[1]).text
    for words in ("锦屏家纺", "sha256", "一致", "链的第一条"):
        assert words in entry
    assert "13800000001" not in entry
    after = visitor.get("/admin/ledger", query_string={"case": number}).text
    assert "查看台账条目" in after
    assert "检索台账" in visitor.get("/admin/ledger?kind=ledger_searched").text


def test_what_cannot_be_searched_is_said_and_what_was_typed_stays(enter: Enter) -> None:
    visitor = enter("audit")
    for words, query in {
        "没有这件案件": {"case": "没有的案号"},
        "没有登录名或者姓名": {"actor": "没有的人"},
        "日期应写成": {"first": "2026-13-01"},
        "止日不能早于起日": {"first": "2026-02-01", "last": "2026-01-01"},
    }.items():
        answer = visitor.get("/admin/ledger", query_string=query)
        assert answer.status_code == 422
        assert words in answer.text
        assert all(f'value="{value}"' in answer.text for value in query.values())


def test_what_is_found_can_be_taken_along_without_payloads_and_that_is_recorded(enter: Enter, number: str) -> None:
    visitor = enter("audit")
    answer = visitor.get("/admin/ledger.csv", query_string={"case": number})
    assert answer.mimetype == "text/csv"
    lines = answer.text.splitlines()
    assert len(lines) == 2
    assert number in lines[1]
    assert "锦屏" not in answer.text
    assert "没有符合条件的台账" not in visitor.get("/admin/ledger?kind=exported").text
    assert visitor.get("/admin/ledger.csv", query_string={"case": "没有的案号"}).status_code == 404


def test_nothing_found_is_said(enter: Enter) -> None:
    assert "没有符合条件的台账" in enter("audit").get("/admin/ledger?kind=cases_imported").text


def test_a_case_is_checked_at_once_and_the_whole_when_it_is_short(enter: Enter, number: str) -> None:
    visitor = enter("audit")
    page = "/admin/ledger/check"
    assert "flask ledger verify" in visitor.get(page).text
    one = visitor.post(page, page=page, fields={"case": number})
    assert one.status_code == 200
    assert f"核验结果：{number}" in one.text
    assert "未发现异常" in one.text
    missing = visitor.post(page, page=page, fields={"case": "没有的案号"})
    assert missing.status_code == 422
    assert 'id="case-error"' in missing.text
    assert visitor.post(f"{page}/all", page=page).status_code == 303
    assert "最近一次全部核验" in visitor.get(page).text


def test_the_other_administrators_do_not_audit(enter: Enter, number: str) -> None:
    for login in ("sysadmin", "secadmin"):
        visitor = enter(login)
        for path in ("/admin/ledger", "/admin/ledger/1", "/admin/ledger/check"):
            assert visitor.get(path).status_code == 403
        for path in ("/admin/ledger/check", "/admin/ledger/check/all"):
            assert visitor.post(path, page="/admin", fields={"case": number}).status_code == 403
