"""Registering a party's request: both sides, the patent, what is asked, the papers; answers seen once more,
kept once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.office import Office
from tests.web.officer.forms import fields, send, words
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]
REQUEST: dict[str, Any] = {
    "ip_types": ["patent_design"],
    "request_items": "责令停止制造、销售",
    "summary": "被请求人在店铺销售与专利相同的四件套",
    "parties-0-name": "江苏澜庭纺织集团有限公司",
    "parties-1-name": "南通锦屏家纺有限公司",
    "rights-0-number": "ZL202430380182.4",
    "rights-0-title": "被套（缠枝莲）",
}


def test_the_page_of_a_lead_leads_to_the_pages_of_requests(enter: Enter, office: Office) -> None:
    page = enter("intake").get("/cases/new").text
    assert 'href="/cases/new/dispute"' in page
    assert 'href="/cases/new/mediation"' in page
    assert 'value="patent_dispute"' not in page


def test_a_dispute_is_registered_with_its_parties_claims_and_papers(enter: Enter, office: Office) -> None:
    visitor = enter("intake")
    sent = fields(visitor.get("/cases/new/dispute").text)
    assert (sent["parties-0-role"], sent["parties-1-role"]) == ("complainant", "respondent")
    assert sent["rights-0-kind"] == "patent_design"
    assert sent["division"] == "320612"
    told = {
        **REQUEST,
        "claims_relied": "外观设计图片",
        "papers": ["request", "register"],
        "infringement_known_on": "2024-08-01",
    }
    check = send(visitor, "/cases/new/dispute", sent, step="check", **told)
    assert check.status_code == 200
    text = words(check.text)
    for part in (
        "江苏澜庭纺织集团有限公司与南通锦屏家纺有限公司外观设计专利侵权纠纷案",
        "请求人",
        "被请求人",
        "专利登记簿副本",
        "责令停止制造、销售",
        "登记请求",
    ):
        assert part in text
    answer = send(visitor, "/cases/new/dispute", fields(check.text), step="submit")
    assert answer.status_code == 303
    image = office.image(answer.location.removeprefix("/cases/"))
    assert (image.main.procedure, image.main.state, image.source) == ("patent_dispute", "received", "request")
    assert image.main.facts == {
        "request_items": REQUEST["request_items"],
        "claims_relied": "外观设计图片",
        "papers": ["request", "register"],
        "infringement_known_on": "2024-08-01",
    }
    assert [party.role for party in image.parties] == ["complainant", "respondent"]
    assert [clock.rule for clock in image.main.clocks] == ["D01", "Q01", "D18"]
    assert image.main.clocks[2].ended_on == image.opened_on
    page = words(visitor.get(answer.location).text)
    assert "请求已登记，编号" in page
    assert "被请求人南通锦屏家纺有限公司" in page.replace(" ", "")
    assert "投诉人" not in page


def test_a_mediation_is_registered_with_the_kind_of_dispute(enter: Enter, office: Office) -> None:
    visitor = enter("intake")
    sent = fields(visitor.get("/cases/new/mediation").text)
    missing = send(visitor, "/cases/new/mediation", sent, step="check", **REQUEST)
    assert missing.status_code == 422
    assert 'href="#mediation_subject"' in missing.text
    told = {**REQUEST, "mediation_subject": "damages", "infringement_decision": "通知知裁字〔2025〕3号"}
    check = send(visitor, "/cases/new/mediation", sent, step="check", **told)
    assert "侵犯专利权的赔偿数额" in words(check.text)
    answer = send(visitor, "/cases/new/mediation", fields(check.text), step="submit")
    image = office.image(answer.location.removeprefix("/cases/"))
    assert image.main.procedure == "mediation"
    assert image.main.facts["mediation_subject"] == "damages"


def test_rows_are_added_with_the_words_of_the_procedure(enter: Enter, office: Office) -> None:
    visitor = enter("intake")
    sent = fields(visitor.get("/cases/new/dispute").text)
    page = send(visitor, "/cases/new/dispute", sent, step="add-parties", **REQUEST).text
    assert page.count(">被请求人</option>") == 3
    page = send(visitor, "/cases/new/dispute", fields(page), step="add-rights").text
    assert page.count('value="trademark"') == 0
    again = send(visitor, "/cases/new/dispute", fields(page), step="edit")
    assert again.status_code == 200


def test_known_parties_are_found_and_a_repeated_request_is_pointed_out(enter: Enter, office: Office) -> None:
    visitor = enter("intake")
    sent = fields(visitor.get("/cases/new/dispute").text)
    check = send(visitor, "/cases/new/dispute", sent, step="check", **REQUEST)
    send(visitor, "/cases/new/dispute", fields(check.text), step="submit")
    sent = fields(visitor.get("/cases/new/dispute").text)
    found = send(visitor, "/cases/new/dispute", sent, step="find-1", **{**REQUEST, "parties-1-name": "南通锦屏"})
    assert found.status_code == 200
    assert "南通锦屏家纺有限公司" in found.text
    assert send(visitor, "/cases/new/dispute", sent, step="find-9", **REQUEST).status_code == 422
    again = send(visitor, "/cases/new/dispute", sent, step="check", **REQUEST)
    assert "可能重复" in words(again.text)
    assert send(visitor, "/cases/new/dispute", fields(again.text), step="submit").status_code == 422


def test_what_is_wrong_is_said_and_nothing_is_kept(enter: Enter, office: Office) -> None:
    visitor = enter("intake")
    sent = fields(visitor.get("/cases/new/dispute").text)
    answer = send(visitor, "/cases/new/dispute", sent, step="submit", **{**REQUEST, "received_on": "2099-01-01"})
    assert answer.status_code == 422
    told = {**REQUEST, "received_on": "2026-03-02", "infringement_known_on": "2026-03-03"}
    answer = send(visitor, "/cases/new/dispute", sent, step="submit", **told)
    assert answer.status_code == 422
    assert "不能晚于收到请求书的日期" in answer.text


def test_there_is_no_other_kind_of_request(enter: Enter, office: Office) -> None:
    assert enter("intake").get("/cases/new/divorce").status_code == 404


@pytest.mark.parametrize("path", ["/cases/new/dispute", "/cases/new/mediation"])
def test_who_may_not_register_does_not_see_the_page(enter: Enter, office: Office, path: str) -> None:
    assert enter("supervisor").get(path).status_code == 403
