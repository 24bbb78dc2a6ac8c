"""The desk: what is due with the one next step, what waits for my signature, what I wait for."""

from __future__ import annotations

from datetime import date, timedelta

from caseapp.domain.clocks.status import Status
from caseapp.queries.desk import DUE_ROWS, Desk, desk_of
from caseapp.services.case_note import add
from tests.support.office import Office, count, office

__all__ = ["office"]


def desk(office: Office, login: str) -> Desk:
    with office.context(login) as ctx:
        return desk_of(ctx)


def test_a_clock_of_my_case_is_due_with_article_and_next_step(office: Office) -> None:
    case = office.told()
    shown = desk(office, "officer")
    (item,) = shown.due
    assert item.case_id == case.id
    assert item.clock.rule == "P01"
    assert "第18条" in item.clock.citation
    assert item.clock.status is Status.RUNNING
    assert item.step is not None
    assert item.step.action == "file_case"
    assert item.step.open
    assert shown.next_due == item.clock.due_on


def test_an_open_step_is_offered_before_one_that_must_wait(office: Office) -> None:
    case = office.checking()
    approval = office.act(case.id, "officer", "file_case", office.filing()).approval
    assert approval is not None
    office.sign(case.id, approval, "head", "leader")
    (item,) = desk(office, "officer").due
    assert item.step is not None
    assert item.step.action == "tell_rights"  # the investigation cannot be concluded before
    assert item.step.open


def test_a_lead_that_waits_for_my_role_is_mine_and_nobody_elses(office: Office) -> None:
    office.register()
    (item,) = desk(office, "head").due
    assert item.step is not None
    assert item.step.action == "assign_check"
    assert desk(office, "officer").due == ()


def test_the_week_counts_cases_a_day_and_knows_the_calendar(office: Office) -> None:
    office.checking()
    due = desk(office, "officer").due[0].clock.due_on
    assert due is not None
    while office.today() < due - timedelta(days=3):
        office.later(days=1)
    week = {day.on: day for day in desk(office, "officer").week}
    assert len(week) == 7
    assert min(week) == office.today()
    assert week[due].due == 1
    assert sum(day.due for day in week.values()) == 1
    assert all(day.kind == "weekend" for day in week.values() if day.on.weekday() >= 5)
    office.later(days=7)
    shown = desk(office, "officer")
    assert shown.overdue == 1
    assert shown.due[0].clock.status is Status.OVERDUE


def test_make_up_days_and_holidays_are_named(office: Office) -> None:
    office.clock.at = office.clock.at.replace(year=2026, month=2, day=13)
    week = {day.on: day for day in desk(office, "officer").week}
    assert week[date(2026, 2, 14)].make_up
    assert week[date(2026, 2, 16)].kind == "holiday"
    assert "春节" in week[date(2026, 2, 16)].name


def test_a_request_waits_for_one_and_is_waited_for_by_the_other(office: Office) -> None:
    case, approval = office.asked()
    (waiting,) = desk(office, "officer").waiting
    assert (waiting.approval, waiting.case_id) == (approval, case.id)
    assert waiting.people == ("钱立新",)
    assert waiting.since == office.today()
    (to_sign,) = desk(office, "head").to_sign
    assert to_sign.approval == approval
    assert to_sign.by == "顾海宁"
    assert to_sign.since == office.today()
    assert desk(office, "leader").to_sign == ()
    (due,) = desk(office, "officer").due
    assert due.step is None
    assert due.waits is not None
    office.sign(case.id, approval, "head")
    assert desk(office, "head").to_sign == ()
    assert desk(office, "officer").waiting[0].people == ("施明远",)


def test_who_signed_a_step_is_not_asked_for_the_next(office: Office) -> None:
    case, approval = office.asked()
    office.later(days=2)
    assert desk(office, "officer").waiting[0].days == 2
    office.sign(case.id, approval, "head", "leader")
    assert desk(office, "officer").waiting == ()
    assert desk(office, "officer").unread > 0


def test_the_desk_reads_the_same_however_much_is_on_it(office: Office) -> None:
    def work() -> None:
        desk(office, "officer")

    office.asked()
    office.told()
    few = count(office.parts.engine, work)
    for _ in range(4):
        office.asked()
        office.told()
    assert count(office.parts.engine, work) == few


def test_the_desk_is_bounded_and_says_that_there_is_more(office: Office) -> None:
    cases = [office.checking() for _ in range(DUE_ROWS + 2)]
    shown = desk(office, "officer")
    assert len(shown.due) == DUE_ROWS
    assert shown.more_due
    with office.context("officer") as ctx:
        add(ctx, cases[0].id, "备注")
    assert [item.clock.due_on for item in shown.due] == sorted(
        item.clock.due_on for item in shown.due if item.clock.due_on
    )
