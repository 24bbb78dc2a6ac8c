"""The liaisons' room."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import update

from caseapp.domain.workflow.situation import Actor
from caseapp.models import Organ
from caseapp.services.case_intake import LeadDraft, register_lead
from caseapp.services.unit_of_work import unit_of_work
from caseapp.wiring import Huhang
from tests.support.app import ORGAN
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


def test_a_liaison_is_told_that_nothing_was_sent_and_what_will_appear(enter: Enter) -> None:
    visitor = enter("police")
    assert visitor.get("/").location == "/referrals"
    text = visitor.get("/referrals").text
    assert "目前没有移送贵机关的案件" in text
    assert "移送通州公安的案件材料" in text


def test_the_terms_of_both_sides_stand_there_with_their_articles(enter: Enter) -> None:
    text = enter("police").get("/referrals").text
    for words in (
        "公安机关决定是否立案",
        "向同级公安机关移送",
        "24 小时",
        "3 日",
        "贵机关",
        "行政执法机关",
        "行政执法机关移送涉嫌犯罪案件的规定 第8条",
    ):
        assert words in text


def test_whom_to_ask_is_told_as_the_administrator_keeps_it(enter: Enter, parts: Huhang) -> None:
    visitor = enter("police")
    assert "尚未登记" in visitor.get("/referrals").text
    with parts.context() as ctx, unit_of_work(ctx) as unit:
        unit.connection.execute(update(Organ).where(Organ.id == ORGAN).values(phone="0513-86512315"))
    assert "0513-86512315" in visitor.get("/referrals").text


def test_no_case_can_be_reached(enter: Enter, parts: Huhang, people: Mapping[str, Actor]) -> None:
    with parts.context(people["intake"]) as ctx:
        case = register_lead(
            ctx,
            LeadDraft(
                division="320612",
                ip_types=("trademark",),
                source="complaint",
                summary="有人售假",
                received_on=ctx.today(),
            ),
        )
    visitor = enter("police")
    assert case.number not in visitor.get("/referrals").text
    for path in (
        "/cases",
        f"/cases/{case.id}",
        "/desk",
        "/approvals",
        "/figures",
        "/overdue",
        "/admin",
        "/admin/ledger",
    ):
        assert visitor.get(path).status_code in (403, 404), path


def test_the_room_is_the_liaisons_alone(enter: Enter) -> None:
    for login in ("officer", "leader", "sysadmin"):
        assert enter(login).get("/referrals").status_code == 403
