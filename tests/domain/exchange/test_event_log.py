from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.errors import InputError, Message
from caseapp.domain.events import MilestoneKind, Precision
from caseapp.domain.exchange.event_log import (
    ActivityRule,
    AttributeRule,
    EventMapping,
    ItemKind,
    RawCase,
    RawEvent,
    Take,
    assemble,
    assemble_all,
    read_moment,
)
from caseapp.domain.exchange.history import contradictions
from tests.support.exchange_samples import DIVISIONS, NOW

ROME = ZoneInfo("Europe/Rome")
MAPPING = EventMapping(
    case="id",
    activity="what",
    time="when",
    procedure="p",
    division="320612",
    ip_types=("other",),
    zone=ROME,
    activities={
        "file": ActivityRule(MilestoneKind.FILED, take=Take.FIRST),
        "send": ActivityRule(action="send", take=Take.LAST),
        "serve": ActivityRule(MilestoneKind.SERVED),
        "note": None,
    },
    attributes={
        "begun": AttributeRule(MilestoneKind.REGISTERED),
        "ended": AttributeRule(MilestoneKind.CLOSED, {"manner": "other"}),
    },
)


def case(*events, **attributes):
    raw = RawCase(1, "A", attributes, tuple(RawEvent(what, when, 10 + at) for at, (what, when) in enumerate(events)))
    return assemble(raw, MAPPING, now=NOW, divisions=DIVISIONS)


def test_days_of_a_case_frame_the_events_of_the_same_day():
    taken = case(("file", "2024-05-01T00:00:00"), ended="2024-05-01", begun="2024-05-01")
    assert [item.milestone.kind.value for item in taken.items] == ["registered", "filed", "closed"]
    assert contradictions(taken.record.milestones) is None


def test_an_attribute_may_be_as_imprecise_as_it_is_known():
    taken = case(ended="2024-05", begun="2023")
    assert [(item.on_text, item.precision) for item in taken.record.milestones] == [
        ("2023", Precision.YEAR),
        ("2024-05", Precision.MONTH),
    ]


def test_what_is_not_taken_stays_as_a_note():
    taken = case(("send", "2024-05-02"), ("send", "2024-05-01"), ("serve", "2024-05-01"), ("serve", "2024-05-02"))
    assert [(item.kind, item.name, item.line) for item in taken.items] == [
        (ItemKind.NOTE, "send", 11),
        (ItemKind.MILESTONE, "", 12),
        (ItemKind.ACTION, "send", 10),
        (ItemKind.MILESTONE, "", 13),
    ]


def test_the_zone_is_told_only_where_it_decides_the_date():
    taken = case(("file", "2024-05-01T23:30:00+00:00"), ("serve", "2024-05-03"))
    assert [item.details for item in taken.record.milestones] == [{"zone": "Europe/Rome"}, {}]


def test_nothing_may_lie_ahead_but_today_is_not_ahead():
    assert case(ended="2026-09-26").record.milestones[0].on == date(2026, 9, 26)
    with pytest.raises(InputError):
        case(ended="2026-09-27")
    with pytest.raises(InputError):
        case(("file", (NOW + timedelta(seconds=1)).isoformat()))


def test_a_fault_of_reading_refuses_the_case_and_the_stream_goes_on():
    broken = RawCase(3, "B", fault=Message("坏"))
    good = RawCase(4, "C", {"ended": "2024-05-01"})
    lines = list(assemble_all([broken, good], MAPPING, now=NOW, divisions=DIVISIONS))
    assert [(line.number, line.external_id, line.error is None) for line in lines] == [(3, "B", False), (4, "C", True)]


@pytest.mark.parametrize(
    ("text", "on", "at"),
    [
        ("2024-05-01T23:30:00Z", date(2024, 5, 2), datetime(2024, 5, 1, 23, 30, tzinfo=UTC)),
        ("2024/05/01 23:30", date(2024, 5, 1), datetime(2024, 5, 1, 21, 30, tzinfo=UTC)),
        (" 2024-05-01 ", date(2024, 5, 1), None),
        ("2024/05/01", date(2024, 5, 1), None),
        ("2024", date(2024, 1, 1), None),
    ],
)
def test_a_time_is_read_as_precise_as_it_is(text, on, at):
    assert read_moment(text, "when", ROME)[:2] == (on, at)


@pytest.mark.parametrize("text", ["01/05/2024", "5/1/2024 08:00", "2024-5-1", "20240501", "", "1714550400"])
def test_other_orders_of_day_and_month_are_refused_and_not_guessed(text):
    with pytest.raises(InputError) as refused:
        read_moment(text, "when", ROME)
    assert "不是可以识别的时间" in str(refused.value)


moments = st.integers(0, 4 * 86_400).map(lambda seconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
times = moments.map(datetime.isoformat) | moments.map(lambda moment: moment.date().isoformat())


@given(st.lists(st.tuples(st.sampled_from(sorted(MAPPING.activities)), times), max_size=12), times, times)
def test_every_event_has_its_place_and_the_places_never_decrease(events, begun, ended):
    taken = case(*events, begun=begun, ended=ended)
    assert sorted(item.line for item in taken.items) == sorted([1, 1, *range(10, 10 + len(events))])
    places = [item.occurred_at for item in taken.items]
    assert places == sorted(places)
    assert [item.on for item in taken.items] == sorted(item.on for item in taken.items)
    assert sum(item.kind is ItemKind.ACTION for item in taken.items) == any(what == "send" for what, _ in events)
    filings = [item for item in taken.items if item.milestone and item.milestone.kind is MilestoneKind.FILED]
    assert len(filings) == any(what == "file" for what, _ in events)
