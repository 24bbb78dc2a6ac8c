"""Office hours of the demonstration."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random

import pytest

from caseapp.domain.events import LEGAL_ZONE, legal_date
from caseapp.services.demo.clock import CLOSES, OPENS, instant, office_hour, working_later
from tests.support.app import shipped_law


def local_time(at: datetime) -> datetime:
    return at.astimezone(LEGAL_ZONE)


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("days", [0, 1, 3])
def test_work_goes_on_in_office_hours_of_a_working_day(days: int, seed: int) -> None:
    calendar, chance = shipped_law().calendar, Random(seed)
    now = instant(date(2026, 9, 28), 8, 45)
    for _ in range(25):
        later = working_later(now, days, calendar, chance)
        assert later > now
        assert calendar.is_working(legal_date(later))
        assert OPENS <= local_time(later).time() <= CLOSES
        now = later


def test_what_cannot_be_done_today_any_more_is_done_the_next_working_day() -> None:
    friday_evening = instant(date(2026, 9, 30), 17, 18)
    later = working_later(friday_evening, 0, shipped_law().calendar, Random(1))
    assert legal_date(later) == date(2026, 10, 8), "the National Day holiday lies between"


def test_an_emergency_on_a_saturday_is_followed_up_on_monday() -> None:
    saturday_night = instant(date(2026, 6, 13), 20, 15)
    for days in (0, 1):
        assert legal_date(working_later(saturday_night, days, shipped_law().calendar, Random(1))) == date(2026, 6, 15)


def test_an_office_hour_after_now_is_never_before_it() -> None:
    noon = instant(date(2026, 6, 15), 12)
    for seed in range(20):
        assert office_hour(date(2026, 6, 15), Random(seed), after=noon) > noon


def test_instants_are_told_in_local_time() -> None:
    assert instant(date(2026, 6, 15), 9) == datetime(2026, 6, 15, 1, tzinfo=UTC)
