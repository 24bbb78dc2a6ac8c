from __future__ import annotations

import pytest

from caseapp.adapters.event_logs.mapping_files import load_mapping
from caseapp.domain.errors import InputError
from caseapp.domain.events import MilestoneKind
from caseapp.domain.exchange.event_log import ActivityRule, AttributeRule, FromAttribute, Take
from tests.adapters.event_logs.conftest import MAPPING
from tests.support.exchange_samples import DIVISIONS


def test_a_mapping_says_what_every_activity_is(mapping):
    assert mapping.activities == {
        "Create Fine": ActivityRule(MilestoneKind.FILED, take=Take.FIRST),
        "Insert Fine Notification": ActivityRule(action="notify"),
        "Appeal": ActivityRule(MilestoneKind.SUSPENDED, details={"reason": "appeal"}, take=Take.LAST),
        "Payment": None,
    }
    assert mapping.attributes == {"enddate": AttributeRule(MilestoneKind.CLOSED, {"manner": "other"})}
    assert mapping.zone.key == "Europe/Rome"
    assert mapping.title == FromAttribute("label")
    assert mapping.actions == {"notify"}
    assert mapping.case_attributes == ("label", "enddate")


def test_the_zone_is_that_of_china_where_none_is_named(mapping_file):
    mapping = load_mapping(mapping_file(MAPPING.replace("timezone: Europe/Rome\n", "")), divisions=DIVISIONS)
    assert mapping.zone.key == "Asia/Shanghai"


def test_a_code_without_quotes_and_an_activity_that_is_a_number_are_understood(mapping_file):
    text = MAPPING.replace('"320612"', "320611").replace("Payment:", "12:")
    mapping = load_mapping(mapping_file(text), divisions=DIVISIONS)
    assert mapping.division == "320613"
    assert "12" in mapping.activities


def test_facts_may_come_from_attributes_of_the_log(mapping_file):
    text = MAPPING.replace('division: "320612"', "division: {attribute: place}").replace(
        "ip_types: [trademark]", "ip_types: {attribute: right}\norgan: 320612-ip\nsource: {attribute: origin}"
    )
    mapping = load_mapping(mapping_file(text), divisions=DIVISIONS)
    assert mapping.division == FromAttribute("place")
    assert mapping.organ == "320612-ip"
    assert mapping.case_attributes == ("place", "right", "origin", "label", "enddate")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("case: concept:name\n", "", "case"),
        ("activity: concept:name\n", "", "activity"),
        ("time: time:timestamp\n", "", "time"),
        ("procedure: traffic_fine\n", "", "procedure"),
        ('division: "320612"\n', "", "division"),
        ('"320612"', '"990000"', "division"),
        ("ip_types: [trademark]\n", "", "ip_types"),
        ("[trademark]", "[mark]", "ip_types[0]"),
        ("[trademark]", "trademark", "ip_types"),
        ("Europe/Rome", "Europe/Romulus", "timezone"),
        ("Europe/Rome", "Europe", "timezone"),
        ("Europe/Rome", "../etc/passwd", "timezone"),
        ("timezone:", "time_zone:", "time_zone"),
        ("{attribute: label}", "{attribute: label, column: 3}", "title.column"),
        ("{milestone: closed, manner: other}", "{milestone: closed}", "attributes.enddate.manner"),
        ("{milestone: closed, manner: other}", "{milestone: shut}", "attributes.enddate.milestone"),
        ("{milestone: closed, manner: other}", "null", "attributes.enddate"),
        (
            "{milestone: closed, manner: other}",
            "{milestone: closed, manner: other, take: last}",
            "attributes.enddate.take",
        ),
        ("take: first", "take: second", "activities.Create Fine.take"),
        ("take: first", "reasn: x", "activities.Create Fine.reasn"),
        ("{action: notify}", "{action: notify, milestone: served}", "activities.Insert Fine Notification"),
        ("{action: notify}", "{take: first}", "activities.Insert Fine Notification"),
        ("{action: notify}", "{action: ''}", "activities.Insert Fine Notification.action"),
        ("{action: notify}", "notify", "activities.Insert Fine Notification"),
    ],
)
def test_a_wrong_mapping_is_refused_with_the_place(mapping_file, old, new, field):
    assert old in MAPPING
    with pytest.raises(InputError) as refused:
        load_mapping(mapping_file(MAPPING.replace(old, new)), divisions=DIVISIONS)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("case: [", "第"),
        ("a: 1\na: 2", "第"),
        (MAPPING + "  Payment: null\n", "第"),
        ("- case", "应为对象"),
        ("", "应为对象"),
        ("case: !!python/object/apply:os.system ['true']", "第"),
    ],
    ids=["broken", "a key twice", "an activity twice", "a list", "empty", "an object"],
)
def test_what_is_no_mapping_at_all_is_refused(mapping_file, text, says):
    with pytest.raises(InputError) as refused:
        load_mapping(mapping_file(text), divisions=DIVISIONS)
    assert says in str(refused.value)


def test_a_mapping_that_is_absent_is_refused(tmp_path):
    with pytest.raises(InputError) as refused:
        load_mapping(tmp_path / "absent.yaml", divisions=DIVISIONS)
    assert "无法读取" in str(refused.value)
