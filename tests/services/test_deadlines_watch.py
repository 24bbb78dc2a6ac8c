"""Those responsible hear of a deadline once when it is near and once when it is past; the deadline itself hears
nothing.
"""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from caseapp.models.account import Account
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.queries.case_images import load
from caseapp.queries.clock_list import clock_lines
from caseapp.queries.ledger_check import verify
from caseapp.queries.notifications import notices
from caseapp.services import deadlines_watch
from caseapp.services.case_assign import assign
from caseapp.services.deadlines_watch import Watched, watch
from caseapp.services.unit_of_work import unit_of_work
from tests.support.spine import COLLEAGUE, HEAD, LEADER, OFFICER, House, law


def look(house: House) -> Watched:
    with house.context() as ctx:
        return watch(ctx)


def heard(house: House, person: object) -> list[str]:
    with house.context(person) as ctx:  # type: ignore[arg-type]
        return [str(notice.message) for notice in notices(ctx) if notice.kind.startswith("clock_")]


def assigned(house: House) -> str:
    case_id = house.register().id
    with house.context() as ctx:
        assign(ctx, case_id, [OFFICER.id], seen_version=None)
    return case_id


def to(house: House, day: date) -> None:
    house.clock.at += timedelta(days=(day - house.clock.at.date()).days)


def due_of(house: House) -> date:
    """The day on which the lead must have been checked."""
    with house.context() as ctx:
        line = next(clock_lines(ctx, rule="P01"))
    assert isinstance(line.due_on, date)
    return line.due_on


def first_reminder(house: House) -> date:
    from caseapp.domain.clocks.status import warning_days

    rule = law().rules.at("P01", date(2026, 3, 2))
    return warning_days(rule, date(2026, 3, 2), due_of(house))[0]


def test_officers_and_section_heads_hear_of_it_once_when_it_is_near(house: House) -> None:
    assigned(house)
    to(house, first_reminder(house) - timedelta(days=1))
    assert look(house) == Watched()
    to(house, first_reminder(house))
    assert look(house) == Watched(due_soon=1)
    assert look(house) == Watched()
    house.later(days=1)
    assert look(house) == Watched()
    assert len(heard(house, OFFICER)) == len(heard(house, HEAD)) == 1
    assert heard(house, COLLEAGUE) == heard(house, LEADER) == []


def test_the_notice_names_case_limit_day_rest_and_article(house: House) -> None:
    case_id = assigned(house)
    to(house, due_of(house))
    look(house)
    told = heard(house, OFFICER)[0]
    with house.context() as ctx:
        number = load(ctx, case_id).image.display_number()
    assert number in told
    assert "线索核查" in told
    assert due_of(house).isoformat() in told
    assert "今天到期" in told
    assert "第18条" in told


def test_it_is_told_again_once_when_it_is_past(house: House) -> None:
    assigned(house)
    to(house, due_of(house))
    assert look(house) == Watched(due_soon=1)
    house.later(days=1)
    assert look(house) == Watched(overdue=1)
    house.later(days=30)
    assert look(house) == Watched()
    assert [("已于" in text) for text in heard(house, OFFICER)] == [True, False]


def test_after_an_outage_only_what_is_true_now_is_told(house: House) -> None:
    assigned(house)
    to(house, due_of(house) + timedelta(days=9))
    assert look(house) == Watched(overdue=1)


def test_a_moved_deadline_is_told_of_anew(house: House) -> None:
    case_id = assigned(house)
    house.take(case_id, "file")
    house.later(days=92)
    assert look(house) == Watched(overdue=1)
    house.take(case_id, "extend", {"n": 30})
    assert look(house) == Watched(due_soon=1)
    house.later(days=30)
    assert look(house) == Watched(overdue=1)


def test_a_clock_that_stands_still_or_has_ended_is_not_told_of(house: House) -> None:
    case_id = assigned(house)
    house.take(case_id, "file")
    house.take(case_id, "suspend")
    house.later(days=200)
    assert look(house) == Watched()


def test_where_nobody_is_in_charge_the_heads_of_the_organ_are_told(house: House) -> None:
    house.register()
    with house.context() as ctx, unit_of_work(ctx) as unit:
        unit.connection.execute(update(Account).where(Account.id == HEAD.id).values(active=False))
    to(house, due_of(house) + timedelta(days=1))
    assert look(house) == Watched(overdue=1)
    assert heard(house, HEAD) == heard(house, OFFICER) == []
    assert len(heard(house, LEADER)) == 1


def test_somebody_who_left_is_not_told(house: House) -> None:
    assigned(house)
    with house.context() as ctx, unit_of_work(ctx) as unit:
        unit.connection.execute(update(Account).where(Account.id == OFFICER.id).values(active=False))
    to(house, due_of(house) + timedelta(days=1))
    look(house)
    assert (heard(house, OFFICER), len(heard(house, HEAD))) == ([], 1)


def test_each_event_is_kept_in_the_system_stream_and_none_touches_the_case(house: House) -> None:
    case_id = assigned(house)
    to(house, due_of(house) + timedelta(days=1))
    with house.context() as ctx:
        before = load(ctx, case_id)
    look(house)
    with house.context() as ctx:
        row = ctx.session.execute(select(LedgerEntry.__table__).where(LedgerEntry.kind == "clock_overdue")).one()
        assert (row.chain, row.case_id) == ("system", case_id)
        assert json.loads(row.payload)["told"] == [OFFICER.id, HEAD.id]
        assert load(ctx, case_id) == before
        assert verify(ctx)["broken"] == []


def test_many_clocks_are_told_in_one_watch(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(7):
        house.register()
    monkeypatch.setattr(deadlines_watch, "_CLOCKS_AT_ONCE", 3)
    to(house, due_of(house) + timedelta(days=1))
    assert look(house) == Watched(overdue=7)
    assert len(heard(house, HEAD)) == 7


def test_a_deadline_is_the_same_whether_or_not_anybody_watched(house: House) -> None:
    case_id = assigned(house)
    with house.context() as ctx:
        before = list(clock_lines(ctx))
    to(house, due_of(house) + timedelta(days=5))
    with house.context() as ctx:
        unwatched = list(clock_lines(ctx))
    look(house)
    with house.context() as ctx:
        assert list(clock_lines(ctx)) == unwatched
        assert [line.due_on for line in unwatched] == [line.due_on for line in before]
        assert [line.status.value for line in unwatched] == ["overdue"]
        assert load(ctx, case_id).image.main.clocks[0].met is None
