from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from caseapp.domain.events import start_of
from caseapp.domain.exchange.history import contradictions, in_order, placed, recorded


@pytest.fixture
def told(read):
    """Milestones of a short text: 'filed 2025-03-10, closed 2025 manner=other'."""

    def milestones(text):
        found = []
        for part in text.split(", "):
            kind, when, *details = part.split()
            item = {"kind": kind, "at" if "T" in when else "on": when}
            item.update(detail.split("=") for detail in details)
            needs = {"closed": ("manner", "other"), "decided": ("outcome", "penalty"), "transferred": ("to", "police")}
            if kind in needs:
                item.setdefault(*needs[kind])
            found.append(item)
        return read(milestones=found).milestones

    return milestones


def kinds(milestones):
    return [item.kind.value for item in milestones]


def test_milestones_stand_by_date_and_equal_dates_as_listed(told):
    listed = told("closed 2025-05-01, filed 2025-03-10, served 2025-04-01, decided 2025-04-01")
    assert kinds(in_order(listed)) == ["filed", "served", "decided", "closed"]


def test_an_imprecise_date_moves_only_where_it_cannot_overlap(told):
    assert kinds(in_order(told("filed 2025-03-10, decided 2025, closed 2025-06-01"))) == ["filed", "decided", "closed"]
    assert kinds(in_order(told("filed 2025-03-10, registered 2024"))) == ["registered", "filed"]
    assert kinds(in_order(told("closed 2025-06-01, filed 2025-05"))) == ["filed", "closed"]


def test_instants_of_one_day_stand_by_the_hour(told):
    assert kinds(in_order(told("served 2025-03-10T15:00, decided 2025-03-10T09:00"))) == ["decided", "served"]


def test_a_place_in_the_ledger_keeps_the_order(told):
    listed = told("filed 2025-03-10, decided 2025, served 2025-05-05T09:00, closed 2025-05-05")
    places = [item.occurred_at for item in placed(listed)]
    filed, decided, served, closed = places
    assert filed == start_of(listed[0].on)
    assert decided == filed + timedelta(microseconds=1)
    assert served == datetime(2025, 5, 5, 1, tzinfo=UTC)
    assert closed == served + timedelta(microseconds=1)


def test_a_chain_takes_claimed_recorded_times_first_and_the_rest_now(read, now):
    chain = recorded(read().milestones, now=now)
    assert kinds(item.milestone for item in chain)[:2] == ["filed", "registered"]
    assert [item.recorded_at for item in chain] == sorted(item.recorded_at for item in chain)
    assert chain[-1].recorded_at == now


@pytest.mark.parametrize(
    "text",
    [
        "registered 2025-01-01, filed 2025-01-02, decided 2025-02-01, closed 2025-03-01",
        "closed 2025-03-01",
        "decided 2025-02-01, closed 2025-03-01",
        "filed 2025-01-02, decided 2025-02-01, decided 2025-02-02",
        "filed 2025-01-02, suspended 2025-01-03, suspended 2025-01-04, resumed 2025-01-05",
        "filed 2025-01-02, excluded_from 2025-01-03 reason=appraisal, excluded_until 2025-01-04",
        "filed 2025-01-02, excluded_from 2025-01-03, excluded_until 2025-01-04 reason=other",
        "excluded_from 2025-01-03 reason=hearing, excluded_from 2025-01-03 reason=appraisal,"
        " excluded_until 2025-01-04 reason=hearing, excluded_until 2025-01-05 reason=appraisal",
        "filed 2025-01-02, closed 2025-02-01, reopened 2025-03-01, closed 2025-04-01",
        "filed 2025-01-02, transferred 2025-02-01, closed 2025-02-01, returned 2025-03-01, closed 2025-04-01",
        "filed 2025-01-02, closed 2025-02-01, returned 2025-03-01, filed 2025-03-02, closed 2025-04-01",
        "not_filed 2025-01-02, filed 2025-02-01",
        "not_filed 2025-01-02, reopened 2025-02-01, not_filed 2025-02-02, reopened 2025-03-01, filed 2025-03-02",
        "filed 2025-01-02, served 2025-01-03, decided 2025-01-04",
        "filed 2025-05, closed 2025-05-10",
        "closed 2025-05-10, filed 2025-05-01",
        "filed 2025-05-10, closed 2025",
        "filed 2025-01-02, suspended 2025-01-03",
    ],
)
def test_a_gap_is_no_contradiction(told, text):
    assert contradictions(told(text)) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("filed 2025-05-10, closed 2025-05-09", "结案早于立案"),
        ("closed 2025-05-10, filed 2025-05-10", "结案早于立案"),
        ("filed 2025-05-10, closed 2025-04", "结案早于立案"),
        ("filed 2025-05-10, closed 2024", "结案早于立案"),
        ("filed 2025-05-10T09:00, closed 2025-05-10T08:59", "结案早于立案"),
        ("filed 2025-05-10, decided 2025-05-09", "决定早于立案"),
        ("filed 2025-01-02, filed 2025-01-03", "重复立案"),
        ("filed 2025-01-02, not_filed 2025-01-03", "不予立案"),
        ("filed 2025-01-02, closed 2025-02-01, closed 2025-03-01", "重复结案"),
        ("filed 2025-01-02, resumed 2025-01-03", "没有中止"),
        ("filed 2025-01-02, resumed 2025-01-03, suspended 2025-01-04", "没有中止"),
        ("suspended 2025-01-03, resumed 2025-01-04, resumed 2025-01-05", "没有中止"),
        ("filed 2025-01-02, excluded_until 2025-01-03", "没有同一事由的起点"),
        ("excluded_from 2025-01-02 reason=appraisal, excluded_until 2025-01-03 reason=hearing", "没有同一事由的起点"),
        ("excluded_from 2025-01-02, excluded_until 2025-01-03, excluded_until 2025-01-04", "没有同一事由的起点"),
        ("filed 2025-01-02, reopened 2025-01-03", "此前没有结案"),
        ("closed 2025-01-02, returned 2025-01-03, reopened 2025-01-04", "此前没有结案"),
        ("not_filed 2025-01-02, reopened 2025-01-03, reopened 2025-01-04", "此前没有结案"),
    ],
)
def test_a_contradiction_is_refused_whatever_is_missing(told, text, says):
    assert says in str(contradictions(told(text)))
