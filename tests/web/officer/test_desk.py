"""今日 as people see it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from caseapp.models.notification import Notification
from tests.support.office import Office
from tests.web.officer.forms import words
from tests.web.shell import Visitor

Enter = Callable[[str], Visitor]


def test_an_empty_desk_says_so(enter: Enter, office: Office) -> None:
    text = words(enter("officer").get("/desk").text)
    assert "今日没有到期事项" in text
    assert "没有等候您签署的事项" in text
    assert "您提请的事项都已办结" in text
    assert "没有未读消息" in text


def test_a_due_case_shows_the_clock_in_words_the_article_and_one_button(enter: Enter, office: Office) -> None:
    case = office.told()
    page = enter("officer").get("/desk").text
    text = words(page)
    assert case.number in text
    assert "还剩 15 个工作日" in text
    assert "程序规定 第18条" in text
    main = office.image(case.id).main.id
    assert f'href="/cases/{case.id}/proceedings/{main}/actions/file_case"' in page
    assert "下一个到期日是" in text


def test_an_overdue_case_is_counted_and_leads_to_the_list(enter: Enter, office: Office) -> None:
    office.told()
    office.later(days=60)
    page = enter("officer").get("/desk").text
    assert "1 件已逾期" in words(page)
    assert "tab=mine&amp;due=overdue" in page


def test_who_waits_and_for_whom(enter: Enter, office: Office) -> None:
    case, _approval = office.asked()
    mine = words(enter("officer").get("/desk").text)
    assert "等候：办案机构负责人意见（科室负责人：钱立新）" in mine
    assert "“立案”正在审批" in mine
    heads = words(enter("head").get("/desk").text)
    assert "顾海宁 提请" in heads
    assert case.number in heads


def test_a_nudge_reaches_who_can_sign_and_says_so(enter: Enter, office: Office) -> None:
    _case, approval = office.asked()
    visitor = enter("officer")
    answer = visitor.post(f"/desk/approvals/{approval}/nudge", page="/desk")
    assert answer.status_code == 303
    assert "已提醒审批人员" in visitor.get("/desk").text
    visitor.post(f"/desk/approvals/{approval}/nudge", page="/desk")
    assert "今天已经提醒过" in visitor.get("/desk").text
    assert "催办" in words(enter("head").get("/desk").text)
    assert enter("officer2").post(f"/desk/approvals/{approval}/nudge", page="/desk").status_code == 403


def test_a_request_is_taken_back_by_who_made_it(enter: Enter, office: Office) -> None:
    case, approval = office.asked()
    path = f"/desk/approvals/{approval}/withdraw"
    assert enter("officer2").post(path, page="/desk").status_code == 403
    visitor = enter("officer")
    fields = {"back": f"/cases/{case.id}", "seen_version": str(office.version(case.id))}
    answer = visitor.post(path, page="/desk", fields=fields)
    assert answer.location == f"/cases/{case.id}"
    assert office.image(case.id).approvals[0].status == "withdrawn"


def test_a_way_back_never_leads_off_the_site(enter: Enter, office: Office) -> None:
    _case, approval = office.asked()
    fields = {"back": "//evil.example/"}
    answer = enter("officer").post(f"/desk/approvals/{approval}/nudge", page="/desk", fields=fields)
    assert answer.location == "/desk"


def test_notices_are_marked_one_by_one_or_all(enter: Enter, office: Office) -> None:
    for _ in range(2):
        office.checking()
    visitor = enter("officer")

    def unread() -> list[int]:
        with office.context("officer") as ctx:
            rows = select(Notification.id).where(Notification.user_id == ctx.actor.id, Notification.read_at.is_(None))
            return list(ctx.session.execute(rows).scalars())

    first, *rest = unread()
    assert rest
    visitor.post("/desk/notices", page="/desk", fields={"notice": str(first)})
    assert unread() == rest
    visitor.post("/desk/notices", page="/desk")
    assert unread() == []


def test_another_persons_notice_is_left_alone(enter: Enter, office: Office) -> None:
    office.checking()
    with office.context("officer") as ctx:
        mine = ctx.session.execute(select(Notification.id).where(Notification.user_id == ctx.actor.id)).scalars().all()
    enter("officer2").post("/desk/notices", page="/desk", fields={"notice": str(mine[0])})
    with office.context("officer") as ctx:
        row = ctx.session.execute(select(Notification.read_at).where(Notification.id == mine[0])).scalar()
    assert row is None


def test_administrators_and_liaisons_have_no_desk(enter: Enter, office: Office) -> None:
    for login in ("sysadmin", "audit", "police", "supervisor"):
        assert enter(login).get("/desk").status_code == 403
