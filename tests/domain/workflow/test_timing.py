"""The clocks of a proceeding: what its acts say, joined with the rules and the calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from caseapp.domain.calendar import WorkingCalendar
from caseapp.domain.clocks.rules import ClockRule, Confidence, ExtensionRight, RuleBook, Span, Unit
from caseapp.domain.clocks.status import Status
from caseapp.domain.clocks.suspensions import Pause
from caseapp.domain.errors import CaseAppError
from caseapp.domain.events import LEGAL_ZONE
from caseapp.domain.facts import ClockRecord, ExtensionRecord, PauseRecord, ProceedingImage
from caseapp.domain.workflow.timing import ProceedingClock, clocks_of, is_running_pause, pauses_for, views_of

NO_HOLIDAYS = WorkingCalendar((), (2025, 2026, 2027))
START = date(2026, 3, 2)


def rule(rule_id: str, limit: int, unit: Unit, **more: Any) -> ClockRule:
    return ClockRule(
        id=rule_id, name={"zh": rule_id, "en": rule_id}, limit=limit, unit=unit, law="法", article="1", confidence=Confidence.VERIFIED, **more
    )  # fmt: skip


BOOK = RuleBook(
    [
        rule("days", 90, Unit.CALENDAR_DAYS, rolls=False, pauses_on=("suspension", "appraisal"),
             extensions=(ExtensionRight(30, Unit.CALENDAR_DAYS, "leader"),)),
        rule("working", 15, Unit.WORKING_DAYS, pauses_on=("appraisal",),
             extensions=(ExtensionRight(15, Unit.WORKING_DAYS, "leader"),)),
        rule("months", 2, Unit.MONTHS, rolls=False, extensions=(ExtensionRight(1, Unit.MONTHS, "leader"),)),
        rule("hours", 24, Unit.HOURS, rolls=False),
        rule("never", 10, Unit.CALENDAR_DAYS, rolls=False, pauses_on=()),
        rule("old", 10, Unit.CALENDAR_DAYS, rolls=False, in_force_to=date(2025, 12, 31)),
        rule("law", 10, Unit.CALENDAR_DAYS, rolls=False, in_force_to=date(2026, 3, 1)),
        rule("law", 20, Unit.CALENDAR_DAYS, rolls=False, in_force_from=date(2026, 3, 2)),
        rule("older", 5, Unit.CALENDAR_DAYS, rolls=False, yields_to=("newer",)),
        rule("newer", 9, Unit.CALENDAR_DAYS, rolls=False, in_force_from=date(2026, 3, 2)),
        rule("right", 3, Unit.CALENDAR_DAYS, rolls=False, lapses=True, pauses_on=("suspension",)),
    ],
    pause_reasons={"suspension": {}, "appraisal": {}, "hearing": {}},
)  # fmt: skip


def running(rule_id: str, started_on: date = START, **more: Any) -> ClockRecord:
    return ClockRecord(rule_id, started_on, **more)


def clocks(
    *records: ClockRecord, pauses: tuple[PauseRecord, ...] = (), as_of: date | None = None
) -> tuple[ProceedingClock, ...]:
    proceeding = ProceedingImage("main", "tale", 1, "open", "open", START, START, clocks=records, pauses=pauses)
    return clocks_of(proceeding, BOOK, NO_HOLIDAYS, as_of=as_of)


def due(*records: ClockRecord, **more: Any) -> list[date | None]:
    return [clock.run.due.on for clock in clocks(*records, **more)]


def test_clocks_stand_in_the_order_in_which_they_started_each_under_its_rule() -> None:
    found = clocks(running("days"), running("working"), running("days", date(2026, 4, 1)))
    assert [(clock.ordinal, clock.rule.id, clock.run.due.on) for clock in found] == [
        (0, "days", date(2026, 5, 31)),
        (1, "working", date(2026, 3, 23)),
        (2, "days", date(2026, 6, 30)),
    ]


def test_the_law_of_the_start_day_governs() -> None:
    assert due(running("law", date(2026, 3, 1)), running("law")) == [date(2026, 3, 11), date(2026, 3, 22)]


def test_a_clock_for_which_no_rule_was_in_force_binds_nobody_and_keeps_its_place() -> None:
    found = clocks(running("old"), running("never"))
    assert [(clock.ordinal, clock.rule.id) for clock in found] == [(1, "never")]


def test_a_rule_that_does_not_exist_is_no_silent_gap() -> None:
    with pytest.raises(CaseAppError, match="没有编号为 P99 的时限"):
        clocks(running("P99"))


PAUSED = {
    "for a reason the rule heeds": ("appraisal", 10),
    "for a reason that only other rules heed": ("hearing", 0),
    "for suspension": ("suspension", 10),
    "for a reason that no rule names": ("typhoon", 10),
    "for no stated reason": ("other", 10),
}


@pytest.mark.parametrize(("reason", "longer"), PAUSED.values(), ids=PAUSED)
def test_excluded_time_moves_the_limit(reason: str, longer: int) -> None:
    pause = PauseRecord(reason, date(2026, 3, 10), date(2026, 3, 20))
    assert due(running("days"), pauses=(pause,)) == [date(2026, 5, 31) + timedelta(days=longer)]


@pytest.mark.parametrize("reason", ["suspension", "typhoon", "other"])
def test_a_rule_that_leaves_out_no_time_at_all_runs_through(reason: str) -> None:
    assert due(running("never"), pauses=(PauseRecord(reason, START, None),)) == [date(2026, 3, 12)]


def test_pauses_that_overlap_are_left_out_once() -> None:
    two = (PauseRecord("suspension", date(2026, 3, 10), date(2026, 3, 20)), PauseRecord("appraisal", date(2026, 3, 15), date(2026, 3, 25)))  # fmt: skip
    assert due(running("days"), pauses=two) == [date(2026, 5, 31) + timedelta(days=15)]


def test_a_pause_that_ended_when_or_before_the_clock_began_is_none_of_it() -> None:
    for until in (date(2026, 3, 1), START):
        assert pauses_for(BOOK.at("days", START), (PauseRecord("appraisal", date(2026, 2, 1), until),), START, ()) == ()
    assert due(running("days"), pauses=(PauseRecord("appraisal", date(2026, 2, 1), START),)) == [date(2026, 5, 31)]


def test_of_a_pause_already_running_only_the_rest_counts() -> None:
    pause = PauseRecord("appraisal", date(2026, 2, 1), date(2026, 3, 12))
    assert due(running("days"), pauses=(pause,)) == [date(2026, 5, 31) + timedelta(days=9)]


def test_a_pause_that_ends_on_the_day_it_begins_leaves_nothing_out() -> None:
    assert due(running("days"), pauses=(PauseRecord("appraisal", date(2026, 3, 10), date(2026, 3, 10)),)) == [
        date(2026, 5, 31)
    ]


def test_while_a_pause_lasts_the_limit_is_unknown_but_on_a_given_day() -> None:
    pause = (PauseRecord("suspension", date(2026, 3, 10)),)
    (clock,) = clocks(running("days"), pauses=pause)
    assert clock.run.due.on is None
    assert clock.paused()
    assert clock.status(date(2026, 4, 1)) is Status.PAUSED
    assert due(running("days"), pauses=pause, as_of=date(2026, 3, 19)) == [date(2026, 5, 31) + timedelta(days=10)]


def test_a_clock_that_has_ended_is_not_paused_by_what_still_lasts() -> None:
    ended = running("days", ended_on=date(2026, 3, 20), met=True)
    (clock,) = clocks(ended, pauses=(PauseRecord("suspension", date(2026, 3, 10)),))
    assert not clock.paused()
    assert clock.run.due.on == date(2026, 5, 31) + timedelta(days=11), "the pause is taken to end with the clock"


EXTENDED = {
    "days to a limit in days": ("days", (30, "days"), date(2026, 5, 31) + timedelta(days=30)),
    "days to a limit in working days are working days": ("working", (15, "days"), date(2026, 4, 13)),
    "working days by name": ("working", (5, "working_days"), date(2026, 3, 30)),
    "months to a limit in months": ("months", (1, "months"), date(2026, 6, 2)),
    "days to a limit in months": ("months", (10, "days"), date(2026, 5, 12)),
}


@pytest.mark.parametrize(("rule_id", "granted", "on"), EXTENDED.values(), ids=EXTENDED)
def test_an_extension_adds(rule_id: str, granted: tuple[int, str], on: date) -> None:
    extension = ExtensionRecord(*granted, START)
    assert due(running(rule_id, extensions=(extension,))) == [on]


def test_extensions_add_up_and_are_kept_with_the_run() -> None:
    (clock,) = clocks(
        running("days", extensions=(ExtensionRecord(30, "days", START), ExtensionRecord(45, "days", START)))
    )
    assert clock.run.due.on == date(2026, 5, 31) + timedelta(days=75)
    assert clock.run.extensions == (Span(30, Unit.CALENDAR_DAYS), Span(45, Unit.CALENDAR_DAYS))


def test_an_extension_in_a_unit_the_limit_cannot_take_is_refused() -> None:
    with pytest.raises(CaseAppError, match="不能按这一单位延长"):
        clocks(running("working", extensions=(ExtensionRecord(1, "months", START),)))


def test_an_hour_clock_runs_from_its_instant_and_where_only_the_day_is_known_from_its_first_moment() -> None:
    at = datetime(2026, 3, 2, 15, 30, tzinfo=LEGAL_ZONE)
    exact, by_day = clocks(running("hours", started_at=at), running("hours"))
    assert exact.run.due.at == at + timedelta(hours=24)
    assert by_day.run.due.at == datetime(2026, 3, 3, tzinfo=LEGAL_ZONE)
    assert by_day.run.started_at is None


ENDED = {
    "met in time": (running("days", ended_on=date(2026, 5, 31), met=True), Status.MET, True),
    "met late": (running("days", ended_on=date(2026, 6, 1), met=True), Status.MET_LATE, True),
    "ended without being judged": (running("days", ended_on=date(2026, 7, 1), met=False), Status.STOPPED, False),
    "still running": (running("days"), Status.OVERDUE, None),
}


@pytest.mark.parametrize(("record", "expected", "met"), ENDED.values(), ids=ENDED)
def test_a_clock_says_how_it_ended_to_lists_and_to_guards(
    record: ClockRecord, expected: Status, met: bool | None
) -> None:
    found = clocks(record)
    assert found[0].status(date(2026, 8, 1)) is expected
    (view,) = views_of(found)
    assert (view.rule, view.started_on, view.due_on, view.ended_on, view.met) == (
        "days", START, date(2026, 5, 31), record.ended_on, met,
    )  # fmt: skip


def test_before_it_ended_a_clock_still_ran() -> None:
    (clock,) = clocks(running("days", ended_on=date(2026, 5, 1), met=True))
    assert clock.status(date(2026, 4, 30)) is Status.RUNNING


def test_a_day_within_a_pause_is_left_out_of_the_count() -> None:
    (clock,) = clocks(running("days"), pauses=(PauseRecord("appraisal", date(2026, 3, 10), date(2026, 3, 20)),))
    days = [date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 19), date(2026, 3, 20)]
    assert [is_running_pause(clock, day) for day in days] == [False, True, True, False]
    assert clock.run.pauses == (Pause(date(2026, 3, 10), date(2026, 3, 19)),)


def test_guards_read_the_latest_clock_of_a_rule() -> None:
    views = views_of(clocks(running("days"), running("days", date(2026, 4, 1)), running("working")))
    assert [view.started_on for view in views if view.rule == "days"] == [START, date(2026, 4, 1)]


def test_the_clocks_of_a_proceeding_without_any_are_none() -> None:
    assert clocks() == ()
    assert views_of(()) == ()


def test_a_stopped_clock_and_its_twin_are_told_apart_by_their_place() -> None:
    first = replace(running("days"), ended_on=date(2026, 3, 5), met=False)
    found = clocks(first, running("days"))
    assert [(clock.ordinal, clock.run.ending is not None) for clock in found] == [(0, True), (1, False)]


def test_of_an_old_and_a_new_text_the_one_in_force_on_the_start_day_governs() -> None:
    both = (running("older"), running("newer"))
    assert [(item.ordinal, item.rule.id) for item in clocks(*both)] == [(1, "newer")]
    before = START - timedelta(days=1)
    assert [item.rule.id for item in clocks(running("older", before), running("newer", before))] == ["older"]


def test_the_old_text_governs_a_clock_that_another_act_started() -> None:
    later = START + timedelta(days=1)
    assert [item.rule.id for item in clocks(running("older"), running("newer", later))] == ["older", "newer"]


def test_a_right_that_lapses_ends_on_the_day_after_its_last_one_by_itself() -> None:
    (clock,) = clocks(running("right"))
    assert [clock.status(START + timedelta(days=n)) for n in (3, 4)] == [Status.RUNNING, Status.STOPPED]
    (met,) = clocks(running("right", ended_on=START, met=True))
    assert met.status(START + timedelta(days=9)) is Status.MET
    (paused,) = clocks(running("right"), pauses=(PauseRecord("suspension", START + timedelta(days=1)),))
    assert paused.run.stopped_on is None


def test_a_clock_may_be_governed_by_the_law_of_another_day_than_its_start() -> None:
    (clock,) = clocks(running("newer", date(2026, 1, 5), governed_on=START))
    assert clock.run.due.on == date(2026, 1, 14)
    assert clocks(running("newer", date(2026, 1, 5))) == ()
