"""Merging, splitting and joint handling over the pages."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

from caseapp.domain.evidence import EvidenceDraft
from caseapp.domain.workflow.situation import Actor
from caseapp.services import evidence_add, evidence_move
from caseapp.services.evidence_move import ItemDraft
from caseapp.wiring import Huhang
from tests.factories.organs import HAIMEN, neighbours
from tests.support import evidence_files as files
from tests.support.office import Office
from tests.web.officer.forms import fields, send, words
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


def add(office: Office, case_id: str) -> str:
    with office.context("head") as ctx:
        told = EvidenceDraft("权利人提交", ctx.today(), "本局", "submitted", (office.people["head"].id,))
        return evidence_add.add(ctx, case_id, io.BytesIO(files.jpeg()), "照片.jpg", told).id


def hold(office: Office, case_id: str) -> str:
    with office.context("head") as ctx:
        return evidence_move.take(ctx, case_id, ItemDraft("全棉四件套", 3, "套", "证物室", ctx.today(), "权利人")).id


def test_a_lead_is_merged_into_another_and_each_shows_the_other(enter: Enter, office: Office) -> None:
    into, other = office.register(), office.register()
    where = f"/cases/{into.id}/merge"
    assert enter("head").get(where).status_code == 403
    leader = enter("leader")
    page = leader.get(where).text
    assert f'<option value="{other.number}">' in page
    assert f'<option value="{into.number}">' not in page
    sent = fields(page)
    for wrong, why in (
        ({"other": "没有这个号"}, "没有这件案件"),
        ({}, "请选择并入本案的案件"),
        ({"listed": other.number, "other": "别的号"}, "编号请留空"),
        ({"listed": "没有列出的号"}, "请从列出的选项中选择"),
    ):
        refused = send(leader, where, sent, **wrong, reason="同一违法行为")
        assert refused.status_code == 422
        assert why in refused.text
    done = send(leader, where, sent, listed=other.number, reason="同一违法行为")
    assert done.location == f"/cases/{into.id}"
    assert other.number in words(leader.get(f"/cases/{into.id}").text)
    assert "并入" in words(leader.get(f"/cases/{other.id}").text)


def test_a_case_is_split_and_the_new_one_opens(enter: Enter, office: Office) -> None:
    case = office.register()
    where = f"/cases/{case.id}/split"
    leader = enter("leader")
    sent = fields(leader.get(where).text)
    wrong = send(leader, where, sent, title="分出的案件", reason="分案处理")
    assert wrong.status_code == 422
    assert "请选择分出的" in wrong.text
    stale = send(leader, where, sent, title="分出的案件", reason="分案处理", rights="0", seen_version="9")
    assert stale.status_code == 409
    done = send(leader, where, sent, title="分出的案件", reason="分案处理", rights="0")
    assert done.status_code == 303
    assert "分自" in words(leader.get(done.location).text)
    assert "分出" in words(leader.get(f"/cases/{case.id}").text)


def test_evidence_and_goods_chosen_go_into_the_new_case_and_tell_where_they_were(enter: Enter, office: Office) -> None:
    case = office.register()
    piece = add(office, case.id)
    item = hold(office, case.id)
    where = f"/cases/{case.id}/split"
    leader = enter("leader")
    sent = fields(leader.get(where).text)
    done = send(leader, where, sent, title="分出的案件", reason="分案处理", evidence=piece, kept=item)
    assert done.status_code == 303
    new = done.location.rpartition("/")[2]
    there = words(leader.get(f"/cases/{new}?tab=evidence").text)
    assert f"来自 {case.number} 证据 1" in there
    assert f"来自 {case.number} 物品 1" in there
    here = words(leader.get(f"/cases/{case.id}?tab=evidence").text)
    assert f"现为 {office.image(new).lead_number} 证据 1" in here
    assert f"现为 {office.image(new).lead_number} 物品 1" in here
    told = words(leader.get(f"/cases/{case.id}?tab=timeline").text)
    assert "转出的物品1 全棉四件套" in told
    assert (
        f"/cases/{case.id}?tab=evidence" in leader.get(f"/cases/{new}/evidence/{office.image(new).evidence[0].id}").text
    )


def test_officers_of_another_organ_join_and_open_the_case(
    enter: Enter, office: Office, parts: Huhang, people: Mapping[str, Actor]
) -> None:
    more = neighbours(parts)
    case = office.register()
    where = f"/cases/{case.id}/joint"
    leader = enter("leader")
    page = leader.get(where)
    assert "陈海门" in page.text
    done = send(leader, where, fields(page.text), officers=more["haimen_officer"].id, reason="跨区案件")
    assert done.status_code == 303
    assert office.image(case.id).joint[0].organ == HAIMEN
    assert "陈海门" in words(leader.get(f"/cases/{case.id}").text)
    assert send(leader, where, fields(leader.get(where).text), reason="不变").status_code == 422


def test_an_officer_asks_for_a_merger_and_the_leader_decides_on_the_facts_of_both(enter: Enter, office: Office) -> None:
    into, other = office.filed(), office.filed()
    officer = enter("officer")
    page = officer.get(f"/cases/{into.id}").text
    where = f"/cases/{into.id}/propose/merge"
    assert where in page
    assert f"/cases/{into.id}/merge" not in page
    wrong = send(officer, where, fields(officer.get(where).text), other="没有这个号", reason="同一违法行为")
    assert wrong.status_code == 422
    sent = send(officer, where, fields(officer.get(where).text), other=other.number, reason="同一违法行为")
    assert sent.location == f"/cases/{into.id}"
    leader = enter("leader")
    (link,) = {line for line in leader.get("/approvals").text.split('"') if line.startswith("/approvals/")}
    shown = words(leader.get(link).text)
    assert "并入案件的事实" in shown
    assert str(office.image(other.id).number) in shown
    assert send(leader, link, fields(leader.get(link).text), verdict="signed").status_code == 303
    assert "并入" in words(leader.get(f"/cases/{other.id}").text)


def test_an_officer_asks_for_a_split_and_for_a_transfer(enter: Enter, office: Office, parts: Huhang) -> None:
    case = office.filed()
    officer, leader = enter("officer"), enter("leader")
    where = f"/cases/{case.id}/propose/split"
    empty = send(officer, where, fields(officer.get(where).text), title="另案", reason="分案处理")
    assert empty.status_code == 422
    assert "请选择分出的" in empty.text
    asked = send(officer, where, fields(officer.get(where).text), title="另案", reason="分案处理", rights="0")
    assert asked.status_code == 303
    twice = officer.get(f"/cases/{case.id}/propose/transfer")
    refused = send(officer, twice.request.path, fields(twice.text), receiver=HAIMEN, reason="不属本局管辖")
    assert refused.status_code == 409
    assert "有一项审批正在进行" in refused.text
    (link,) = {line for line in leader.get("/approvals").text.split('"') if line.startswith("/approvals/")}
    returned = send(leader, link, fields(leader.get(link).text), verdict="returned", opinion="证据不足")
    assert returned.status_code == 303
    done = send(
        officer,
        twice.request.path,
        fields(twice.text),
        receiver=HAIMEN,
        reason="不属本局管辖",
        seen_version=str(office.version(case.id)),
    )
    assert done.status_code == 303
    assert office.image(case.id).approvals[-1].action == "propose_transfer"
