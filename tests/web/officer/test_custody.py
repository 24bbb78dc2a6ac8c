"""Goods on the case page: taken in, moved, confirmed by the other on his desk, recorded for those outside."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

import pytest

from caseapp.domain.connections import TransferKind
from caseapp.domain.evidence import EvidenceDraft
from caseapp.domain.workflow.situation import Actor
from caseapp.services import case_transfer, evidence_add
from caseapp.wiring import Huhang
from tests.factories.organs import HAIMEN, neighbours
from tests.support import evidence_files as files
from tests.support.office import Office
from tests.web.officer.forms import fields, send, words
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")

GOODS = {"name": "全棉四件套", "quantity": "96", "unit": "套", "source": "当事人，扣押清单第1项", "place": "证物室"}


def take(visitor: Visitor, case_id: str, **changes: str) -> None:
    path = f"/cases/{case_id}/items/new"
    assert send(visitor, path, fields(visitor.get(path).text), **{**GOODS, **changes}).status_code == 303


def test_goods_are_taken_moved_and_confirmed_on_the_others_desk(enter: Enter, office: Office) -> None:
    case = office.checking()
    officer, second = enter("officer"), enter("officer2")
    take(officer, case.id)
    (item,) = office.image(case.id).custody.items
    path = f"/cases/{case.id}/items/{item.id}/move"
    form = fields(officer.get(path).text)
    assert form["quantity"] == "96"
    other = f"officer:{office.people['officer2'].id}"
    assert "现有 96" in words(send(officer, path, form, to=other, quantity="97", place="库房", reason="入库").text)
    assert "请填写存放地点" in words(send(officer, path, form, to=other, reason="入库").text)
    assert send(officer, path, form, to=other, quantity="20", place="库房", reason="入库").status_code == 303
    assert "等候确认：陆文珺" in words(officer.get(f"/cases/{case.id}?tab=evidence").text)
    desk = second.get("/desk").text
    assert "待我确认的物品" in desk
    (move,) = office.image(case.id).custody.moves
    confirm = f"/cases/{case.id}/moves/{move.id}/confirm"
    sent = fields(desk, "/confirm")
    assert send(officer, confirm, {**sent, "csrf_token": officer.token("/desk")}).status_code == 409, (
        "not his to confirm"
    )
    done = send(second, confirm, sent)
    assert done.location == "/desk"
    assert "待我确认的物品" not in second.get("/desk").text
    page = words(officer.get(f"/cases/{case.id}?tab=evidence").text)
    assert "1-1" in page
    assert "以往移交（1 次）" in page
    assert "确认接收物品 1 全棉四件套" in officer.get(f"/cases/{case.id}?tab=timeline").text


def test_goods_that_leave_are_recorded_with_the_receipt(enter: Enter, office: Office) -> None:
    case = office.checking()
    officer = enter("officer")
    take(officer, case.id)
    (item,) = office.image(case.id).custody.items
    path = f"/cases/{case.id}/items/{item.id}/move"
    form = fields(officer.get(path).text)
    assert send(officer, path, form, to="fate:returned", reason="解除扣押").status_code == 303
    page = officer.get(f"/cases/{case.id}?tab=evidence").text
    assert "先把其签收（处理）凭据附入证据" in words(page)
    with office.context("officer") as ctx:
        told = EvidenceDraft("当事人", office.today(), "本局", "submitted", (office.officers()[0],), title="领取单")
        receipt = evidence_add.add(ctx, case.id, io.BytesIO(files.jpeg()), "a.jpg", told).id
    page = officer.get(f"/cases/{case.id}?tab=evidence").text
    (move,) = office.image(case.id).custody.moves
    sent = fields(page, "/confirm")
    assert sent["receipt"] == receipt
    assert send(officer, f"/cases/{case.id}/moves/{move.id}/confirm", sent).status_code == 303
    assert office.image(case.id).custody.items[0].fate == "returned"
    assert officer.get(path).status_code == 404


def test_a_move_is_called_off_with_its_reason(enter: Enter, office: Office) -> None:
    case = office.checking()
    officer = enter("officer")
    take(officer, case.id)
    (item,) = office.image(case.id).custody.items
    path = f"/cases/{case.id}/items/{item.id}/move"
    form = fields(officer.get(path).text)
    send(officer, path, form, to="third_party", third_party="南通仓储公司", place="港闸仓库", reason="委托保管")
    (move,) = office.image(case.id).custody.moves
    assert move.taker is not None
    assert move.taker.third_party == "南通仓储公司"
    off = f"/cases/{case.id}/moves/{move.id}/refuse"
    sent = fields(officer.get(f"/cases/{case.id}?tab=evidence").text, "/refuse")
    assert send(officer, off, sent, reason="").status_code == 422
    assert send(officer, off, sent, reason="改由本局保管").status_code == 303
    assert "改由本局保管" in officer.get(f"/cases/{case.id}?tab=evidence").text


def test_what_is_missing_or_not_allowed_is_said(enter: Enter, office: Office) -> None:
    case = office.checking()
    path = f"/cases/{case.id}/items/new"
    officer = enter("officer")
    assert send(officer, path, fields(officer.get(path).text)).status_code == 422
    wrong = send(officer, path, fields(officer.get(path).text), **{**GOODS, "quantity": "0"})
    assert "数量应为不小于 1 的整数" in wrong.text
    stranger = office.register()
    clerk = enter("officer")
    page = clerk.get(f"/cases/{stranger.id}/items/new").text
    assert "由本案办案人员办理" in words(page)
    assert send(clerk, f"/cases/{stranger.id}/items/new", fields(page), **GOODS).status_code == 422
    assert clerk.get(f"/cases/{case.id}/items/{'0' * 32}/move").status_code == 404


def test_what_i_keep_is_listed_wherever_the_case_is_handled(
    enter: Enter, office: Office, parts: Huhang, people: Mapping[str, Actor]
) -> None:
    more = neighbours(parts)
    case = office.told()
    officer = enter("officer")
    assert "没有由您保管的物品" in officer.get("/custody").text
    take(officer, case.id)
    assert "我保管的物品（1 项）" in officer.get("/desk").text
    assert f"/cases/{case.id}?tab=evidence" in officer.get("/custody").text
    with office.context("leader") as ctx:
        case_transfer.send(ctx, case.id, TransferKind.MOVE, HAIMEN, reason="发生地", seen_version=None)
    with parts.context(more["haimen_head"]) as ctx:
        case_transfer.receive(ctx, office.image(case.id).transfers[-1].id)
    assert officer.get(f"/cases/{case.id}?tab=evidence").status_code == 404
    page = officer.get("/custody").text
    assert f"/cases/{case.id}?tab=evidence" not in page
    (item,) = office.image(case.id).custody.items
    path = f"/cases/{case.id}/items/{item.id}/move"
    assert enter("officer2").get(path).status_code == 404
    to = f"officer:{more['haimen_head'].id}"
    asked = send(officer, path, fields(officer.get(path).text), to=to, place="海门库房", reason="随案移交")
    assert asked.location == "/custody"
    assert "移交中" in officer.get("/custody").text
    shown = words(enter("head").get(f"/handover/{people['officer'].id}").text)
    assert "全棉四件套" in shown
    (move,) = office.image(case.id).custody.moves
    off = {"csrf_token": officer.token("/desk"), "reason": "对方未到场"}
    assert officer.post(f"/cases/{case.id}/moves/{move.id}/refuse", fields=off).location == "/custody"


def test_a_head_hands_over_the_goods_of_a_colleague(enter: Enter, office: Office, people: Mapping[str, Actor]) -> None:
    case = office.told()
    take(enter("officer"), case.id)
    head = enter("head")
    where = f"/handover/{people['officer'].id}"
    sent = fields(head.get(where).text)
    done = send(head, where, sent, goods_to=people["officer2"].id, everyone=people["head"].id, reason="调离")
    assert "物品移交 1 项已提出" in words(done.text)
    assert "接收 1 全棉四件套" in words(enter("officer2").get("/custody").text)


def test_a_deputy_hands_on_what_his_principal_keeps(enter: Enter, office: Office) -> None:
    case = office.checking()
    officer, second = enter("officer"), enter("officer2")
    take(officer, case.id)
    named = fields(officer.get("/deputies").text)
    day = named["first_on"]
    send(officer, "/deputies", named, deputy=office.people["officer2"].id, last_on=day, reason="学习")
    (item,) = office.image(case.id).custody.items
    path = f"/cases/{case.id}/items/{item.id}/move"
    page = second.get("/custody").text
    assert "顾海宁 保管的物品（您代理）" in words(page)
    assert path in page
    other = f"officer:{office.people['head'].id}"
    sent = send(second, path, fields(second.get(path).text), to=other, place="库房", reason="入库")
    assert sent.status_code == 303
    assert "（代顾海宁）" in second.get(f"/cases/{case.id}?tab=timeline").text
    assert office.image(case.id).custody.moves[0].given_by == office.people["officer2"].id
