"""Merging, splitting and joint handling over the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from caseapp.domain.workflow.situation import Actor
from caseapp.wiring import Huhang
from tests.factories.organs import HAIMEN, neighbours
from tests.support.office import Office
from tests.web.officer.forms import fields, send, words
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


def test_a_lead_is_merged_into_another_and_each_shows_the_other(enter: Enter, office: Office) -> None:
    into, other = office.register(), office.register()
    where = f"/cases/{into.id}/merge"
    assert enter("head").get(where).status_code == 403
    leader = enter("leader")
    sent = fields(leader.get(where).text)
    wrong = send(leader, where, sent, other="没有这个号", reason="同一违法行为")
    assert wrong.status_code == 422
    assert "没有这件案件" in wrong.text
    done = send(leader, where, sent, other=other.number, reason="同一违法行为")
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
