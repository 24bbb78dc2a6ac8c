"""Sending a case to another organ over the pages, and what its people find there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from caseapp.domain.workflow.situation import Actor
from caseapp.wiring import Huhang
from tests.factories.cases import CONTACT, Course
from tests.factories.organs import HAIMEN, neighbours
from tests.support.app import PASSWORD
from tests.support.office import Office
from tests.web.officer.forms import fields, send, words
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


@pytest.fixture
def away(parts: Huhang, people: Mapping[str, Actor], app: object) -> Callable[[str], Visitor]:
    """`away("haimen_head")` is the browser of somebody of the neighbouring organ."""
    neighbours(parts)

    def sign_in(login: str) -> Visitor:
        whole: Any = SimpleNamespace(app=app)
        visitor = Visitor(whole)
        assert visitor.sign_in(login, password=PASSWORD).status_code == 303
        return visitor

    return sign_in


def test_a_case_is_sent_read_there_and_signed_for(
    enter: Enter, away: Enter, office: Office, parts: Huhang, people: Mapping[str, Actor], clock: object
) -> None:
    Course(parts, people, clock).reached_at(CONTACT)  # type: ignore[arg-type]
    case = office.register()
    where = f"/cases/{case.id}/transfer"
    assert enter("officer").get(where).status_code == 403
    leader = enter("leader")
    sent = fields(leader.get(where).text)
    assert send(leader, where, sent, kind="move", receiver="").status_code == 422
    done = send(leader, where, sent, kind="move", receiver=HAIMEN, reason="违法行为发生地在海门区")
    assert done.status_code == 303
    transfer = office.image(case.id).transfers[0].id
    there = away("haimen_head")
    assert there.get(f"/cases/{case.id}").status_code == 404
    inbox = there.get("/transfers").text
    assert f"/transfers/{transfer}" in inbox
    page = there.get(f"/transfers/{transfer}")
    assert "违法行为发生地在海门区" in words(page.text)
    assert enter("supervisor").get(f"/transfers/{transfer}").status_code == 403
    answer = there.post(f"/transfers/{transfer}/receive", fields={"csrf_token": fields(page.text)["csrf_token"]})
    assert answer.location == f"/cases/{case.id}"
    assert "签收" in words(there.get(f"/cases/{case.id}?tab=timeline").text)
    assert leader.get(f"/cases/{case.id}").status_code == 404
    assert "已签收" in words(leader.get(f"/transfers/{transfer}").text)
    for view in ("waiting", "disputes", "sent", "received", "nonsense"):
        assert leader.get(f"/transfers?view={view}").status_code == 200


def test_a_case_is_returned_in_dispute_reported_and_recalled(
    enter: Enter, away: Enter, office: Office, parts: Huhang, people: Mapping[str, Actor], clock: object
) -> None:
    Course(parts, people, clock).reached_at(CONTACT)  # type: ignore[arg-type]
    case = office.register()
    where, leader, there = f"/cases/{case.id}/transfer", enter("leader"), away("haimen_leader")

    def sent_again() -> str:
        sent = fields(leader.get(where).text)
        assert send(leader, where, sent, kind="move", receiver=HAIMEN, reason="不属本局管辖").status_code == 303
        return f"/transfers/{office.image(case.id).transfers[-1].id}"

    page = sent_again()
    form = fields(leader.get(page).text, "/recall")
    assert send(leader, f"{page}/recall", form).status_code == 422
    assert send(leader, f"{page}/recall", form, reason="材料有误").status_code == 303
    page = sent_again()
    form = fields(there.get(page).text, "/return")
    assert send(there, f"{page}/return", form).status_code == 422
    assert send(there, f"{page}/return", form, reason="主要违法行为在通州", dispute="y").status_code == 303
    shown = leader.get(page).text
    assert "协商不成" in words(shown)
    reported = leader.post(f"{page}/report", fields={"csrf_token": fields(shown)["csrf_token"]})
    assert reported.status_code == 303
    superior = away("city_leader")
    assert page in superior.get("/transfers?view=disputes").text
    assert where in superior.get(page).text
    assert "指定管辖" in words(superior.get(where).text)
