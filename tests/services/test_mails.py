"""E-mails about notices: wanted ones only, each once, of nothing one may not see, over a real SMTP server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from caseapp.adapters.clock import SetClock
from caseapp.adapters.letters import QuietLetters
from caseapp.adapters.mailer import SmtpMailer
from caseapp.domain.errors import InputError, Message
from caseapp.domain.notices import Cadence, NoticeGroup
from caseapp.domain.workflow.situation import Actor
from caseapp.models.account import Account
from caseapp.models.case_file import CaseFile
from caseapp.models.mail import Mail
from caseapp.queries.notifications import notices
from caseapp.services import mail_send, mails, notice_settings, notify
from caseapp.services.outbox_dispatch import Dispatched, dispatch
from caseapp.services.unit_of_work import unit_of_work
from caseapp.wiring import Huhang
from config import ROOT
from tests.support.mail_server import MailServer

MORNING = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
"""Half past seven on 2026-11-24 in China."""
ADDRESS = "gu@example.cn"


class Post:
    """An installation with e-mail, its people, and the post office."""

    def __init__(self, parts: Huhang, people: Mapping[str, Actor], clock: SetClock, server: MailServer) -> None:
        self.parts, self.people, self.clock, self.server = parts, people, clock, server
        parts.ports = replace(
            parts.ports,
            mailer=SmtpMailer(server.url, "huhang@example.cn", seconds=5),
            letters=QuietLetters("https://huhang.example.cn", ROOT / "caseapp" / "translations"),
        )

    def wants(self, login: str = "officer", *, email: str = ADDRESS, **cadences: Cadence) -> None:
        with self.parts.context(self.people[login]) as ctx:
            notice_settings.change(
                ctx, email=email, cadences={NoticeGroup(name): cadence for name, cadence in cadences.items()}
            )

    def tell(self, key: str, *, kind: str = "clock_due_soon", login: str = "officer", case: str | None = None) -> None:
        with self.parts.context() as ctx, unit_of_work(ctx) as unit:
            message = Message("南通锦屏家纺有限公司的案件将到期")
            notify.tell(ctx, unit, [self.people[login].id], kind=kind, key=key, message=message, case_id=case)

    def carry_out(self) -> Dispatched:
        with self.parts.context() as ctx:
            return dispatch(ctx)

    def make_up(self) -> int:
        with self.parts.context() as ctx:
            return mails.make_up_digests(ctx)

    def rows(self) -> list[Any]:
        with self.parts.context() as ctx:
            return list(ctx.session.execute(select(Mail.__table__).order_by(Mail.id)))

    def told_administrators(self) -> list[str]:
        with self.parts.context(self.people["sysadmin"]) as ctx:
            return [notice.kind for notice in notices(ctx)]

    def refused_address(self) -> str | None:
        with self.parts.context() as ctx:
            return ctx.session.execute(select(Account.email_refused).where(Account.email == ADDRESS)).scalar()


@pytest.fixture
def post(parts: Huhang, people: Mapping[str, Actor], clock: SetClock, mail_server: MailServer) -> Post:
    return Post(parts, people, clock, mail_server)


def test_who_wants_to_be_told_at_once_gets_one_mail_a_notice(post: Post) -> None:
    post.wants(deadlines=Cadence.NOW)
    post.tell("a")
    post.tell("a")
    post.tell("b", kind="acted")
    assert post.carry_out() == Dispatched(done=1)
    assert post.carry_out() == Dispatched()
    (received,) = post.server.received
    assert received.to == [ADDRESS]
    assert received.message["Subject"] == "护航：1 条新消息"
    assert "时限将满" in received.text
    assert "https://huhang.example.cn/notices" in received.text
    assert [(row.status, row.notices, row.attempts) for row in post.rows()] == [("sent", 1, 1)]


def test_a_mail_names_the_case_by_number_and_nobody(post: Post, course: Any) -> None:
    case = course.lead()
    post.wants(deadlines=Cadence.NOW)
    post.tell("a", case=case.id)
    post.carry_out()
    text = post.server.received[0].text
    assert f"时限将满 {case.number}" in text
    assert f"https://huhang.example.cn/cases/{case.id}" in text
    assert "锦屏" not in text


def test_a_mail_is_in_the_reader_s_language(post: Post) -> None:
    post.wants(deadlines=Cadence.NOW)
    with post.parts.context() as ctx, unit_of_work(ctx) as unit:
        unit.connection.execute(update(Account).values(language="en"))
    post.tell("a")
    post.carry_out()
    assert post.server.received[0].message["Subject"].startswith("Huhang")
    assert "Time limit" in post.server.received[0].text


def _hide(post: Post, case_id: str) -> None:
    with post.parts.context() as ctx, unit_of_work(ctx) as unit:
        unit.connection.execute(update(CaseFile).where(CaseFile.id == case_id).values(organ_id="320613-ip"))
        unit.recorded.add(case_id)


def _read(post: Post, _case_id: str) -> None:
    with post.parts.context(post.people["officer"]) as ctx:
        notify.mark_read(ctx)


def _want_none(post: Post, _case_id: str) -> None:
    post.wants(deadlines=Cadence.NONE)


def _give_no_address(post: Post, _case_id: str) -> None:
    post.wants(email="", deadlines=Cadence.NOW)


def _leave(post: Post, _case_id: str) -> None:
    with post.parts.context() as ctx, unit_of_work(ctx) as unit:
        unit.connection.execute(update(Account).where(Account.email == ADDRESS).values(active=False))


@pytest.mark.parametrize("meanwhile", [_hide, _read, _want_none, _give_no_address, _leave])
def test_what_may_not_or_need_not_be_told_any_more_is_not_sent(
    post: Post, course: Any, meanwhile: Callable[[Post, str], None]
) -> None:
    case = course.lead()
    post.wants(deadlines=Cadence.NOW)
    post.tell("a", case=case.id)
    meanwhile(post, case.id)
    assert post.carry_out() == Dispatched(done=1)
    assert post.server.received == []
    assert [row.status for row in post.rows()] == ["skipped"]


def test_without_an_address_or_a_wish_nothing_is_asked_for(post: Post) -> None:
    post.tell("a")
    post.wants(deadlines=Cadence.DAILY)
    post.tell("b")
    assert post.rows() == []


def test_the_day_s_mail_comes_once_however_many_make_it_up(post: Post) -> None:
    post.wants(approvals=Cadence.NOW, cases=Cadence.NONE)
    for number in range(3):
        post.tell(f"soon {number}")
    post.tell("approval", kind="nudge")
    post.tell("case", kind="acted")
    post.carry_out()
    post.clock.at = MORNING - timedelta(minutes=1)
    assert post.make_up() == 0
    post.clock.at = MORNING
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: post.make_up(), range(4))) == 1
    with ThreadPoolExecutor(4) as pool:
        assert sum(result.done for result in pool.map(lambda _: post.carry_out(), range(4))) == 1
    post.clock.at += timedelta(hours=3)
    post.tell("later")
    assert post.make_up() == 0
    assert [received.message["Subject"] for received in post.server.received] == [
        "护航：1 条新消息",
        "护航：今日 3 条未读消息",
    ]


def test_after_an_outage_of_days_one_mail_tells_of_all(post: Post) -> None:
    post.wants()
    post.tell("first")
    post.clock.at += timedelta(days=2)
    post.tell("second")
    post.clock.at = MORNING + timedelta(days=3, hours=5)
    post.tell("after today's hour")
    assert post.make_up() == 1
    assert post.make_up() == 0
    post.carry_out()
    assert [row.notices for row in post.rows()] == [2]
    post.clock.at += timedelta(days=1)
    assert post.make_up() == 1
    post.carry_out()
    assert [row.notices for row in post.rows()] == [2, 1]


def test_an_address_that_is_refused_gets_no_more_and_administrators_see_it(post: Post) -> None:
    post.wants(deadlines=Cadence.NOW)
    post.server.recipients = ["550 5.1.1 no such user"]
    post.tell("a")
    assert post.carry_out() == Dispatched(done=1)
    assert [(row.status, row.error) for row in post.rows()] == [("refused", "550 5.1.1 no such user")]
    assert post.refused_address() == "550 5.1.1 no such user"
    post.tell("b")
    assert len(post.rows()) == 1
    assert post.told_administrators() == ["mail_failed"]
    post.wants(deadlines=Cadence.NOW)
    post.tell("c")
    post.carry_out()
    assert post.rows()[-1].status == "sent"


def test_refused_content_is_no_fault_of_the_address(post: Post) -> None:
    post.wants(deadlines=Cadence.NOW)
    post.server.contents = ["554 looks like spam"]
    post.tell("a")
    post.carry_out()
    assert post.rows()[0].status == "refused"
    assert post.refused_address() is None


def test_what_was_not_taken_is_tried_again_later_and_comes_once(post: Post) -> None:
    post.wants(deadlines=Cadence.NOW)
    post.server.recipients = ["451 greylisted"]
    post.tell("a")
    assert post.carry_out() == Dispatched(failed=1)
    assert [(row.status, row.attempts) for row in post.rows()] == [("waiting", 1)]
    assert post.carry_out() == Dispatched()
    post.clock.at += timedelta(seconds=11)
    assert post.carry_out() == Dispatched(done=1)
    assert len(post.server.received) == 1
    assert [(row.status, row.attempts) for row in post.rows()] == [("sent", 2)]


def test_what_may_have_been_taken_is_not_sent_again_by_itself(post: Post) -> None:
    post.wants(deadlines=Cadence.NOW)
    post.server.contents = ["!"]
    post.tell("a")
    assert post.carry_out() == Dispatched(done=1)
    post.clock.at += timedelta(hours=2)
    assert post.carry_out() == Dispatched()
    assert [row.status for row in post.rows()] == ["unsure"]
    assert post.told_administrators() == ["mail_failed"]
    with post.parts.context() as ctx:
        assert mails.ask_again(ctx, post.rows()[0].id)
        assert not mails.ask_again(ctx, post.rows()[0].id)
    post.carry_out()
    assert [row.status for row in post.rows()] == ["sent"]


def test_a_mail_whose_sender_was_killed_halfway_is_left_to_people(post: Post) -> None:
    post.wants(deadlines=Cadence.NOW)
    post.tell("a")
    with post.parts.context() as ctx, unit_of_work(ctx) as unit:
        unit.connection.execute(update(Mail).values(status="sending"))
    assert post.carry_out() == Dispatched(done=1)
    assert [row.status for row in post.rows()] == ["unsure"]
    assert post.server.received == []


def test_a_server_that_is_away_is_tried_for_a_while(post: Post) -> None:
    post.wants(deadlines=Cadence.NOW)
    post.parts.ports = replace(post.parts.ports, mailer=SmtpMailer("smtp://127.0.0.1:1", "huhang@example.cn"))
    post.tell("a")
    for _ in range(mail_send.MOST_ATTEMPTS):
        post.carry_out()
        post.clock.at += timedelta(hours=1)
    assert [(row.status, row.attempts) for row in post.rows()] == [("failed", mail_send.MOST_ATTEMPTS)]
    assert "mail_failed" in post.told_administrators()
    assert post.carry_out() == Dispatched()


def test_an_installation_without_mail_keeps_what_waits(post: Post) -> None:
    post.wants(deadlines=Cadence.NOW)
    post.tell("a")
    post.parts.ports = replace(post.parts.ports, mailer=None, letters=None)
    post.tell("b")
    assert post.make_up() == 0
    assert post.carry_out() == Dispatched(failed=1)
    assert [row.status for row in post.rows()] == ["waiting"]


@pytest.mark.parametrize(
    "email", ["gu", "gu@", "@example.cn", "a b@example.cn", "gu@example.cn\r\nBcc: x@y.cn", "g@e..cn"]
)
def test_an_address_that_is_none_is_refused(post: Post, email: str) -> None:
    with pytest.raises(InputError):
        post.wants(email=email)
