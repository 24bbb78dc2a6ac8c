"""The example of another office's procedure: its definition, its clock and its mapping, held against the event log
itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from caseapp.adapters.calendar_files import load_calendar
from caseapp.adapters.clock_files import load_rule_book
from caseapp.adapters.definition_files import check_definitions, load_procedures
from caseapp.adapters.division_files import load_divisions
from caseapp.adapters.event_logs.mapping_files import load_mapping
from caseapp.domain.clocks.compute import due

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "receipt"
FOLDERS = [ROOT / "workflows", EXAMPLE]
XES = "{http://www.xes-standard.org/}"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def test_definition_and_clock_are_sound() -> None:
    assert check_definitions([], FOLDERS) == ()
    procedure = load_procedures(FOLDERS, rules=load_rule_book(FOLDERS)).get("receipt_phase")
    assert procedure.counts
    assert procedure.handling_clock == ("W08",)


def test_eight_weeks_may_become_fourteen() -> None:
    rule = load_rule_book(FOLDERS).at("W08", date(2011, 3, 1))
    calendar = load_calendar(FOLDERS)
    assert due(rule, calendar=calendar, started_on=date(2011, 3, 1)).on == date(2011, 4, 26)
    assert due(rule, calendar=calendar, started_on=date(2011, 3, 1), extension=42).on == date(2011, 6, 7)


@pytest.fixture(scope="module")
def traces(shared_data: Callable[[str], Path]) -> list[tuple[dict[str, str], set[str]]]:
    """Return the attributes of every trace and the names of its activities."""
    found = []
    for _, trace in etree.iterparse(str(shared_data("receipt.xes")), tag=f"{XES}trace"):
        attributes = {item.get("key"): item.get("value") for item in trace if item.tag != f"{XES}event"}
        names = {
            item.get("value")
            for event in trace.iter(f"{XES}event")
            for item in event
            if item.get("key") == "concept:name"
        }
        found.append((attributes, names))
    return found


def local(told: str) -> date:
    return datetime.fromisoformat(told).astimezone(AMSTERDAM).date()


def test_the_mapping_names_every_activity_of_the_log(traces: list[tuple[dict[str, str], set[str]]]) -> None:
    mapping = load_mapping(EXAMPLE / "mapping.yaml", divisions=load_divisions(FOLDERS))
    assert set(mapping.activities) == set().union(*(names for _, names in traces))
    assert set(mapping.activities.values()) == {None}
    assert mapping.zone == AMSTERDAM


def test_the_log_holds_what_the_readme_says(traces: list[tuple[dict[str, str], set[str]]]) -> None:
    assert len(traces) == 1_434
    assert sum("enddate" not in attributes for attributes, _ in traces) == 105
    ended = [attributes for attributes, _ in traces if "enddate" in attributes]
    assert sum(local(item["enddate"]) <= local(item["deadline"]) for item in ended) == 1_020
    assert not any(local(item["enddate"]) < local(item["startdate"]) for item in ended)


def test_the_clock_reproduces_the_deadline_of_every_case_that_had_eight_weeks(
    traces: list[tuple[dict[str, str], set[str]]],
) -> None:
    rules, calendar = load_rule_book(FOLDERS), load_calendar(FOLDERS)
    same = longer = shorter = 0
    for attributes, _ in traces:
        started_on, deadline = local(attributes["startdate"]), local(attributes["deadline"])
        computed = due(rules.at("W08", started_on), calendar=calendar, started_on=started_on).on
        same += computed == deadline
        longer += computed < deadline
        shorter += computed > deadline
    assert (same, longer, shorter) == (1_080, 331, 23)
