"""Handing a colleague's work over on one page, and assigning many cases on another."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from caseapp.domain.workflow.situation import Actor
from tests.support.office import Office
from tests.web.officer.forms import fields, send, words
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


def test_leads_are_assigned_and_then_handed_over_row_by_row(
    enter: Enter, office: Office, people: Mapping[str, Actor]
) -> None:
    cases = [office.register() for _ in range(3)]
    head = enter("head")
    assert enter("officer").get("/handover").status_code == 403
    assert "批量指派" in words(head.get("/handover").text)
    sent = fields(head.get("/handover/assign").text)
    first, second = office.officers()
    assert send(head, "/handover/assign", sent, lead=first, reason="分派").status_code == 422
    chosen = [case.id for case in cases]
    done = send(head, "/handover/assign", sent, cases=chosen, lead=first, second=second, reason="分派")
    assert "3 件已办理，0 件未办理" in words(done.text)
    assert office.image(cases[0].id).officers == (first, second)
    assert "没有待指派的案件" in words(head.get("/handover/assign").text)
    assert cases[0].number in words(head.get("/handover/assign?all=1").text)
    where = f"/handover/{first}"
    page = head.get(where)
    assert cases[0].number in words(page.text)
    sent = fields(page.text)
    assert send(head, where, sent, reason="").status_code == 422
    nobody = send(head, where, sent, reason="调离")
    assert nobody.status_code == 422
    assert "请为至少一件案件选择" in nobody.text
    by = {f"to-{cases[0].id}": people["head"].id}
    told = send(head, where, sent, everyone=second, reason="调离", **by)
    assert "3 件已办理" in words(told.text)
    assert office.image(cases[0].id).officers == (people["head"].id, second)
    assert office.image(cases[1].id).officers == (second,)
    assert "系统管理员可以停用账号" in words(head.get(where).text)
    assert head.get(f"/handover/{people['supervisor'].id}").status_code == 404


def test_the_administrator_is_warned_while_work_is_left(
    enter: Enter, office: Office, people: Mapping[str, Actor]
) -> None:
    case = office.register()
    head = enter("head")
    sent = fields(head.get("/handover/assign").text)
    send(head, "/handover/assign", sent, cases=[case.id], lead=people["officer"].id, reason="分派")
    admin = enter("sysadmin")
    assert "在办案件 1 件" in words(admin.get(f"/admin/users/{people['officer'].id}").text)
    assert "在办案件" not in words(admin.get(f"/admin/users/{people['officer2'].id}").text)
