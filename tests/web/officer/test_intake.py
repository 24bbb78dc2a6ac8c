"""Registering a lead: rows without scripts, numbers checked, duplicates shown, answers seen once more, kept once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from caseapp.models.case_file import CaseFile
from caseapp.services.case_intake import PartyDraft
from tests.support.office import MARK, RESPONDENT, Office
from tests.web.officer.forms import fields, send, words
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]
PATH = "/cases/new"
CODE = "91320612MA1WAXYT01"
LEAD = {"source": "complaint", "ip_types": ["trademark"], "summary": "售假", "parties-0-name": RESPONDENT}


def start(visitor: Visitor) -> dict[str, Any]:
    return fields(visitor.get(PATH).text)


def cases(office: Office) -> int:
    with office.parts.context() as ctx:
        return ctx.session.execute(select(func.count()).select_from(CaseFile)).scalar_one()


def test_a_lead_is_checked_by_eye_and_then_registered(enter: Enter, office: Office) -> None:
    visitor = enter("intake")
    sent = start(visitor)
    assert sent["division"] == "320612"
    assert sent["received_on"] == "2026-11-23"
    filled: dict[str, Any] = {
        **LEAD,
        "channel": "12315 平台",
        "campaigns": ["huhang"],
        "parties-0-uscc": CODE.lower(),
        "parties-0-phone": "138 0000 0001",
        "rights-0-number": "第12345678号",
        "rights-0-title": "澜庭",
        "goods-0-name": "四件套",
        "goods-0-quantity": "96",
        "goods-0-unit": "套",
        "goods-0-unit_price": "268.00",
        "amounts-turnover": "97,353.00",
        "amounts-pieces": "96",
    }
    check = send(visitor, PATH, sent, step="check", **filled)
    assert check.status_code == 200
    text = words(check.text)
    for part in (
        f"{RESPONDENT}涉嫌侵犯注册商标专用权案",
        CODE,
        "138",
        "12345678",
        "25,728.00 元",
        "97,353.00 元",
        "护航行动",
    ):
        assert part in text
    assert cases(office) == 0
    answer = send(visitor, PATH, fields(check.text), step="submit")
    assert answer.status_code == 303
    image = office.image(answer.location.removeprefix("/cases/"))
    assert image.title == f"{RESPONDENT}涉嫌侵犯注册商标专用权案"
    assert image.parties[0].uscc == CODE
    assert set(image.parties[0].personal) == {"phone"}
    assert [(right.number, right.title) for right in image.rights] == [(MARK, "澜庭")]
    assert image.goods[0].value_fen == 2572800
    assert image.amounts == {"turnover": 9735300, "pieces": 96}
    assert "线索已登记，编号" in visitor.get(answer.location).text


def test_the_same_submission_twice_registers_one_lead(enter: Enter, office: Office) -> None:
    visitor = enter("intake")
    check = fields(send(visitor, PATH, start(visitor), step="check", **LEAD).text)
    first = send(visitor, PATH, check, step="submit")
    second = send(visitor, PATH, check, step="submit")
    assert first.location == second.location
    assert cases(office) == 1


def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(enter: Enter, office: Office) -> None:
    visitor = enter("intake")
    answer = send(
        visitor,
        PATH,
        start(visitor),
        step="check",
        summary="很长的线索内容",
        **{
            "parties-0-name": "南通某店",
            "parties-0-uscc": "91320612MA1WAXYZ00",
            "parties-0-id_number": "320612199001011234",
            "rights-0-kind": "patent_invention",
            "rights-0-number": "ZL201220572874.1",
            "goods-0-quantity": "许多",
            "amounts-turnover": "-5",
            "received_on": "2026年13月1日",
        },
    )
    assert answer.status_code == 422
    page = answer.text
    for field_id in (
        "source",
        "ip_types",
        "received_on",
        "parties-0-uscc",
        "parties-0-id_number",
        "rights-0-number",
        "goods-0-quantity",
        "goods-0-name",
        "amounts-turnover",
    ):
        assert f'href="#{field_id}"' in page, field_id
        assert f'id="{field_id}' in page
    kept = fields(page)
    assert kept["summary"] == "很长的线索内容"
    assert kept["parties-0-uscc"] == "91320612MA1WAXYZ00"
    assert kept["goods-0-quantity"] == "许多"
    assert kept["received_on"] == "2026年13月1日"
    assert cases(office) == 0


def test_a_day_in_the_future_is_refused_by_the_service_beside_its_field(enter: Enter, office: Office) -> None:
    visitor = enter("intake")
    check = send(visitor, PATH, start(visitor), step="check", received_on="2026-12-24", **LEAD)
    answer = send(visitor, PATH, fields(check.text), step="submit")
    assert answer.status_code == 422
    assert 'href="#received_on"' in answer.text


def test_rows_are_added_and_dropped_without_a_script(enter: Enter, office: Office) -> None:
    visitor = enter("intake")
    page = send(visitor, PATH, start(visitor), step="add-parties", **LEAD).text
    sent = fields(page)
    assert sent["parties-0-name"] == RESPONDENT
    assert "parties-1-name" in sent
    page = send(visitor, PATH, sent, step="remove-parties-0", **{"parties-1-name": "江苏澜庭纺织集团有限公司"}).text
    sent = fields(page)
    assert "parties-0-name" not in sent
    assert sent["parties-1-name"] == "江苏澜庭纺织集团有限公司"
    page = send(visitor, PATH, sent, step="remove-parties-1").text
    assert [name for name in fields(page) if name.endswith("-name") and name.startswith("parties")] == [
        "parties-0-name"
    ]


def test_empty_rows_are_no_parties(enter: Enter, office: Office) -> None:
    visitor = enter("intake")
    sent = fields(send(visitor, PATH, start(visitor), step="add-parties", **LEAD).text)
    check = send(visitor, PATH, sent, step="check")
    answer = send(visitor, PATH, fields(check.text), step="submit")
    assert len(office.image(answer.location.removeprefix("/cases/")).parties) == 1


def test_a_known_party_is_found_and_taken_over(enter: Enter, office: Office) -> None:
    office.register(parties=(PartyDraft("respondent", "organisation", RESPONDENT, CODE),))
    visitor = enter("intake")
    page = send(visitor, PATH, start(visitor), step="find-0", **{"parties-0-name": "南通锦"}).text
    assert f"{RESPONDENT} {CODE}" in words(page)
    sent = fields(send(visitor, PATH, fields(page), step="use-0-0").text)
    assert (sent["parties-0-name"], sent["parties-0-uscc"]) == (RESPONDENT, CODE)
    part = visitor.get(f"{PATH}/known-parties?row=3&parties-3-name=南通锦").text
    assert 'value="use-3-0"' in part
    assert RESPONDENT in part


def test_a_likely_duplicate_must_be_looked_at(enter: Enter, office: Office) -> None:
    earlier = office.register()
    visitor = enter("intake")
    check = send(visitor, PATH, start(visitor), step="check", **LEAD, **{"rights-0-number": MARK})
    assert "可能重复" in words(check.text)
    assert f'href="/cases/{earlier.id}"' in check.text
    sent = fields(check.text)
    refused = send(visitor, PATH, sent, step="submit")
    assert refused.status_code == 422
    assert "请核对上列案件后勾选" in refused.text
    assert cases(office) == 1
    assert send(visitor, PATH, fields(refused.text), step="submit", not_repeated="y").status_code == 303
    assert cases(office) == 2


def test_another_open_case_of_the_respondent_is_told_but_no_hindrance(enter: Enter, office: Office) -> None:
    office.register(rights=())
    visitor = enter("intake")
    check = send(visitor, PATH, start(visitor), step="check", **LEAD)
    assert "同一当事人的在办案件" in words(check.text)
    assert send(visitor, PATH, fields(check.text), step="submit").status_code == 303


def test_going_back_to_change_keeps_everything(enter: Enter, office: Office) -> None:
    visitor = enter("intake")
    check = send(visitor, PATH, start(visitor), step="check", **LEAD, campaigns=["huhang", "shuangda"])
    back = fields(send(visitor, PATH, fields(check.text), step="edit").text)
    assert back["summary"] == "售假"
    assert back["campaigns"] == ["huhang", "shuangda"]


@pytest.mark.parametrize("login", ["leader", "legal", "supervisor", "police", "sysadmin"])
def test_who_does_not_register_leads_has_no_form(enter: Enter, office: Office, login: str) -> None:
    visitor = enter(login)
    assert visitor.get(PATH).status_code == 403
    assert visitor.get(f"{PATH}/known-parties?row=0&parties-0-name=南通").status_code == 403
