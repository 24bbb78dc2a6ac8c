"""Which cases a year has is settled from the seed alone, before the first is told."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from caseapp.domain.events import legal_date
from caseapp.services.demo.people import COPYRIGHT_ORGAN, EXPIRED_ORGAN, OFFICES
from caseapp.services.demo.plan import NEWEST, REQUESTS, Telling, plan_year
from caseapp.services.demo.showcase import SHOWCASES, WINDOW
from caseapp.services.demo.stories import STORIES
from tests.services.demo.conftest import SINCE, UNTIL
from tests.support.app import shipped_law


def planned(cases: int, seed: int = 7, since: date = SINCE, until: date = UNTIL) -> list[Telling]:
    return plan_year(shipped_law(), cases=cases, seed=seed, since=since, until=until)


def test_the_same_seed_plans_the_same_year() -> None:
    assert planned(80) == planned(80)
    assert planned(80) != planned(80, seed=8)


@pytest.mark.parametrize("seed", [1, 2, 3, 7])
@pytest.mark.parametrize("cases", [150, 800])
def test_from_150_cases_on_every_story_is_told(cases: int, seed: int) -> None:
    told = Counter(telling.plan.story for telling in planned(cases, seed))
    assert set(told) == {story.id for story in STORIES} | {item.id for item in SHOWCASES}
    assert told.total() == cases


def test_no_story_is_named_twice() -> None:
    names = [story.id for story in STORIES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("cases", [1, 5, 19, 20, 60, 119])
def test_small_years_have_as_many_cases_as_asked(cases: int) -> None:
    assert len(planned(cases)) == cases


@pytest.mark.parametrize("cases", [5, 60, 800])
def test_the_newest_twenty_have_papers(cases: int) -> None:
    tellings = planned(cases)
    assert [telling.plan.papers for telling in tellings] == [place >= cases - NEWEST for place in range(cases)]
    times = [telling.plan.registered_at for telling in tellings]
    assert times == sorted(times)


def test_in_a_full_year_the_newest_twenty_are_those_made_to_be_shown() -> None:
    assert {telling.plan.story for telling in planned(800)[-NEWEST:]} == {item.id for item in SHOWCASES}


@pytest.mark.parametrize("seed", range(5))
def test_every_lead_comes_in_during_the_year(seed: int) -> None:
    for telling in planned(300, seed):
        plan = telling.plan
        assert SINCE <= plan.received_on <= legal_date(plan.registered_at) < UNTIL
        assert plan.matter.act_from <= plan.matter.act_to <= plan.received_on


def test_copyright_is_dealt_with_by_its_own_organ() -> None:
    for telling in planned(800):
        plan = telling.plan
        alone = plan.matter.ip_types == ("copyright",)
        assert alone == (plan.organ == COPYRIGHT_ORGAN) or plan.story == "pattern_moved"


def test_different_officers_are_in_charge_and_three_where_they_decide_between_parties() -> None:
    for telling in planned(800):
        officers = telling.plan.officers
        assert len(set(officers)) == len(officers) == (3 if telling.plan.procedure in REQUESTS else 2)
        assert max(officers) < OFFICES[telling.plan.organ]


def test_requests_have_a_share_of_the_year() -> None:
    told = Counter(telling.plan.procedure for telling in planned(800))
    assert 25 <= told["patent_dispute"] <= 80
    assert 12 <= told["mediation"] <= 50
    assert {telling.plan.source for telling in planned(800) if telling.plan.procedure in REQUESTS} == {"request"}


def test_the_officer_whose_certificate_runs_out_has_one_case() -> None:
    last = OFFICES[EXPIRED_ORGAN] - 1
    held = [item.plan.story for item in planned(800) if item.plan.organ == EXPIRED_ORGAN and last in item.plan.officers]
    assert held == ["certificate_expired"]


def test_a_year_too_short_for_the_certificate_to_run_out_leaves_that_story_out() -> None:
    stories = {telling.plan.story for telling in planned(300, since=UNTIL - timedelta(days=60))}
    assert "certificate_expired" not in stories


def test_big_organs_have_more_cases_than_small_ones() -> None:
    cases = Counter(telling.plan.organ for telling in planned(800))
    assert cases["320612-ip"] > cases["320682-ip"] > 20
    assert cases["320614-ip"] > cases["320671-ip"] > 10


def test_the_newest_cases_come_in_on_working_days_near_the_end() -> None:
    law = shipped_law()
    first = law.calendar.add_working_days(UNTIL, -WINDOW)
    for telling in planned(800)[-NEWEST:]:
        day = legal_date(telling.plan.registered_at)
        assert first <= day < UNTIL
        assert law.calendar.is_working(day)
