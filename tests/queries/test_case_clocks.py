"""Clocks told in words and day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from caseapp.domain.clocks.status import Status
from caseapp.domain.errors import NotFound
from caseapp.queries.case_clocks import LONGEST_SHEETS, Mark, clock_lines, clock_story
from tests.support.office import Office, office

__all__ = ["office"]


def test_every_working_day_is_numbered_up_to_the_last(office: Office) -> None:
    case = office.checking()
    main = office.image(case.id).main
    with office.context("officer") as ctx:
        story = clock_story(ctx, case.id, main.id, 0)
    cells = [cell for month in story.months for week in month.weeks for cell in week if cell.on is not None]
    counted = [cell for cell in cells if cell.mark is Mark.COUNTED]
    assert [cell.number for cell in counted] == list(range(1, 16))
    assert [cell.on for cell in cells if cell.is_due] == [story.line.due_on] == [counted[-1].on]
    assert [cell.on for cell in cells if cell.mark is Mark.START] == [office.today()]
    assert [cell.on for cell in cells if cell.is_today] == [office.today()]
    assert {cell.mark for cell in cells if cell.closed} <= {Mark.WEEKEND, Mark.HOLIDAY, Mark.OUTSIDE}
    assert story.counted == 15
    assert all(len(week) == 7 for month in story.months for week in month.weeks)


def test_a_pause_holds_the_last_day_back_and_says_why(office: Office) -> None:
    case = office.filed()
    main = office.image(case.id).main
    fields = {"excluded_from": office.today().isoformat(), "excluded_reason": "appraisal"}
    office.act(case.id, "officer", "exclude_time", fields)
    office.later(days=2)
    image = office.image(case.id)
    with office.context("officer") as ctx:
        (line,) = [line for line in clock_lines(ctx.law, image.main, ctx.today()) if line.rule == "P10"]
        story = clock_story(ctx, case.id, main.id, line.ordinal)
    assert line.status is Status.PAUSED
    assert line.left is None
    assert line.due_on is None
    assert line.paused_since == office.today() - timedelta(days=2)
    assert "鉴定" in line.paused_for["zh"]
    (pause, cause) = story.pauses[0]
    assert pause.last is None
    assert "鉴定" in cause["zh"]
    assert Mark.PAUSED in {cell.mark for month in story.months for week in month.weeks for cell in week}


def test_the_story_of_another_day_stops_there(office: Office) -> None:
    case = office.checking()
    first = office.today()
    main = office.image(case.id).main
    office.later(days=40)
    with office.context("officer") as ctx:
        assert clock_story(ctx, case.id, main.id, 0).line.status is Status.OVERDUE
        assert clock_story(ctx, case.id, main.id, 0, as_of=first).line.status is Status.RUNNING


def test_a_clock_that_is_none_is_not_found(office: Office) -> None:
    case = office.checking()
    main = office.image(case.id).main
    with office.context("officer") as ctx:
        for proceeding, ordinal in ((main.id, 7), ("0" * 32, 0)):
            with pytest.raises(NotFound):
                clock_story(ctx, case.id, proceeding, ordinal)


def test_long_limits_are_told_by_their_ends(office: Office) -> None:
    case = office.filed()
    main = office.image(case.id).main
    office.act(
        case.id, "officer", "exclude_time", {"excluded_from": office.today().isoformat(), "excluded_reason": "other"}
    )
    office.later(days=900)
    with office.context("officer") as ctx:
        story = clock_story(ctx, case.id, main.id, 1)
    assert len(story.months) <= LONGEST_SHEETS
    assert story.months[0].first == date(2026, 11, 1)
