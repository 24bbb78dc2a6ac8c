"""The notice centre, how one wants to be told, and the administrator's view of e-mails."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from lxml import html
from sqlalchemy import insert, select, update

from caseapp.domain.errors import Message
from caseapp.domain.notices import NoticeGroup
from caseapp.domain.workflow.situation import Actor
from caseapp.models.account import Account
from caseapp.models.case_file import CaseFile
from caseapp.models.mail import Mail
from caseapp.models.notice_cadence import NoticeCadence
from caseapp.models.outbox import OutboxMessage
from caseapp.services import notify
from caseapp.services.unit_of_work import unit_of_work
from caseapp.wiring import Huhang
from tests.support.office import Office, office
from tests.web.shell import Visitor

__all__ = ["office"]
Enter = Callable[[str], Visitor]


def tell(office: Office, key: str, *, kind: str = "acted", case: str | None = None, text: str = "有新事项") -> None:
    with office.parts.context() as ctx, unit_of_work(ctx) as unit:
        person = office.people["officer"].id
        notify.tell(ctx, unit, [person], kind=kind, key=key, message=Message(text), case_id=case)


def shown(visitor: Visitor, query: str = "") -> list[str]:
    page = html.fromstring(visitor.get(f"/notices{query}").text)
    return [
        item.text_content().strip() for item in page.xpath("//ul[contains(@class,'hh-notices')]/li/div[1]/*[last()]")
    ]


def test_notices_stand_newest_first_and_are_read_one_by_one_or_all(enter: Enter, office: Office) -> None:
    for number in range(3):
        tell(office, str(number), text=f"第{number}件")
    visitor = enter("officer")
    assert shown(visitor) == ["第2件", "第1件", "第0件"]
    page = html.fromstring(visitor.get("/notices").text)
    assert page.xpath("string(//a[contains(@class,'hh-bell')]//b)") == "3"
    one = page.xpath("(//input[@name='notice'])[1]/@value")[0]
    assert visitor.post(
        "/notices/read", page="/notices", fields={"notice": one, "back": "/notices?show=unread"}
    ).headers["Location"] == ("/notices?show=unread")
    assert shown(visitor, "?show=unread") == ["第1件", "第0件"]
    assert visitor.post("/notices/read", page="/notices").headers["Location"] == "/notices"
    assert shown(visitor, "?show=unread") == []
    assert not html.fromstring(visitor.get("/notices").text).xpath("//a[contains(@class,'hh-bell')]//b")


def test_notices_are_sorted_by_kind(enter: Enter, office: Office) -> None:
    for kind in ("clock_overdue", "nudge", "assigned", "password_reset"):
        tell(office, kind, kind=kind, text=kind)
    visitor = enter("officer")
    assert {group.value: shown(visitor, f"?kind={group.value}") for group in NoticeGroup} == {
        "deadlines": ["clock_overdue"],
        "approvals": ["nudge"],
        "cases": ["assigned"],
        "system": ["password_reset"],
    }
    assert visitor.get("/notices?kind=gossip").status_code == 422
    assert visitor.get("/notices?after=x").status_code == 422


def test_many_notices_go_on_page_by_page(enter: Enter, office: Office) -> None:
    for number in range(53):
        tell(office, str(number), text=f"第{number}件")
    visitor = enter("officer")
    first = visitor.get("/notices").text
    onward = html.fromstring(first).xpath("//a[@rel='next']/@href")[0]
    page = html.fromstring(visitor.get(onward).text)
    assert len(page.xpath("//ul[contains(@class,'hh-notices')]/li")) == 3


def test_a_notice_of_a_case_out_of_sight_gives_nothing_away(enter: Enter, office: Office) -> None:
    case = office.register()
    tell(office, "a", case=case.id, text="锦屏家纺的案件")
    visitor = enter("officer")
    assert f"/cases/{case.id}" in visitor.get("/notices").text
    with office.parts.context() as ctx, unit_of_work(ctx) as unit:
        unit.connection.execute(update(CaseFile).values(organ_id="320613-ip"))
        unit.recorded.add(case.id)
    for address in ("/notices", "/desk"):
        page = visitor.get(address).text
        assert "已不在您的职责范围内" in page
        assert case.id not in page
        assert "锦屏" not in page


def test_everybody_has_notices_and_settings(enter: Enter, office: Office) -> None:
    for login in ("police", "sysadmin", "audit"):
        visitor = enter(login)
        assert visitor.get("/notices").status_code == 200
        assert visitor.get("/account/notices").status_code == 200


def test_how_one_is_told_is_kept(enter: Enter, parts: Huhang, people: Mapping[str, Actor]) -> None:
    visitor = enter("officer")
    asked = {"email": "gu@example.cn", "language": "en", "deadlines": "now", "approvals": "daily", "cases": "none"}
    answer = visitor.post("/account/notices", page="/account/notices", fields={**asked, "system": "none"})
    assert answer.status_code == 303
    page = html.fromstring(visitor.get("/account/notices").text)
    assert page.xpath("string(//input[@name='email']/@value)") == "gu@example.cn"
    assert page.xpath("string(//select[@name='deadlines']/option[@selected]/@value)") == "now"
    assert page.xpath("string(//select[@name='language']/option[@selected]/@value)") == "en"
    with parts.context() as ctx:
        rows = ctx.session.execute(select(NoticeCadence.notice_group, NoticeCadence.cadence))
        kept = {row.notice_group: row.cadence for row in rows}
    assert kept == {"deadlines": "now", "approvals": "daily", "cases": "none", "system": "none"}


@pytest.mark.parametrize("wrong", [{"email": "gu"}, {"deadlines": "hourly"}, {"language": "fr"}])
def test_settings_that_make_no_sense_are_refused(enter: Enter, wrong: dict[str, str]) -> None:
    right = {"email": "", "language": "zh", **{group.value: "daily" for group in NoticeGroup}}
    answer = enter("officer").post("/account/notices", page="/account/notices", fields={**right, **wrong})
    assert answer.status_code == 422


def test_a_refused_address_is_shown_to_its_owner(enter: Enter, parts: Huhang, people: Mapping[str, Actor]) -> None:
    with parts.context() as ctx, unit_of_work(ctx) as unit:
        unit.connection.execute(update(Account).values(email="gu@example.cn", email_refused="550 no such user"))
    assert "550 no such user" in enter("officer").get("/account/notices").text


def test_the_administrator_sees_where_mails_ended_and_tries_again(
    enter: Enter, parts: Huhang, people: Mapping[str, Actor]
) -> None:
    with parts.context() as ctx, unit_of_work(ctx) as unit:
        for status in ("sent", "failed"):
            row = {
                "key": status,
                "user_id": people["officer"].id,
                "status": status,
                "attempts": 3,
                "error": "451 later",
            }
            unit.connection.execute(insert(Mail), {**row, "created_at": ctx.now()})
    visitor = enter("sysadmin")
    assert "1 封邮件未能送达" in visitor.get("/admin").text
    page = html.fromstring(visitor.get("/admin/mail?show=lost").text)
    assert "451 later" in page.text_content()
    (action,) = page.xpath("//form[contains(@action,'/again')]/@action")
    assert visitor.post(action, page="/account/notices").headers["Location"] == "/admin/mail?show=lost"
    with parts.context() as ctx:
        assert ctx.session.execute(select(OutboxMessage.topic)).scalars().all() == ["mail"]
    assert "没有未送达的邮件" in visitor.get("/admin/mail?show=lost").text
    visitor.post(action, page="/account/notices")
    with parts.context() as ctx:
        assert len(ctx.session.execute(select(OutboxMessage.topic)).scalars().all()) == 1
    assert visitor.get("/admin/mail?after=x").status_code == 422
    assert enter("audit").get("/admin/mail").status_code == 403
