"""`flask clocks list`: every clock as one JSON document (INTERFACES §4)."""

from __future__ import annotations

import json

import pytest

from caseapp.cli.clocks import command
from tests.cli.conftest import Run
from tests.support.spine import House


def test_an_empty_house_has_an_empty_list(house: House, run: Run) -> None:
    done = run(command, "list", "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, [])


def test_clocks_are_told_with_case_rule_days_and_status(house: House, run: Run) -> None:
    reference = house.register()
    other = house.register()
    house.take(reference.id, "file")
    house.take(reference.id, "suspend")
    house.execute(f"UPDATE case_file SET external_id = 'NT-1' WHERE id = '{reference.id}'")
    told = json.loads(run(command, "list", "--json").stdout)
    expected = [
        {
            "case": "NT-1",
            "rule": "P01",
            "started_on": "2026-03-02",
            "due_on": "2026-03-23",
            "stopped_on": "2026-03-02",
            "status": "met",
        },
        {
            "case": "NT-1",
            "rule": "P10",
            "started_on": "2026-03-02",
            "due_on": None,
            "stopped_on": None,
            "status": "paused",
        },
        {
            "case": other.number,
            "rule": "P01",
            "started_on": "2026-03-02",
            "due_on": "2026-03-23",
            "stopped_on": None,
            "status": "running",
        },
    ]
    assert sorted(told, key=str) == sorted(expected, key=str)


def test_the_list_is_narrowed_by_rule_and_status(house: House, run: Run) -> None:
    house.take(house.register().id, "file")
    house.register()
    house.later(days=30)
    assert [item["rule"] for item in json.loads(run(command, "list", "--rule", "P10", "--json").stdout)] == ["P10"]
    late = json.loads(run(command, "list", "--status", "overdue", "--json").stdout)
    assert [(item["rule"], item["status"]) for item in late] == [("P01", "overdue")]
    assert "overdue" in run(command, "list", "--status", "overdue").stdout


@pytest.mark.parametrize("arguments", [("--rule", "P99"), ("--status", "lost")])
def test_an_unknown_rule_or_status_is_wrong_use(house: House, run: Run, arguments: tuple[str, str]) -> None:
    done = run(command, "list", *arguments, "--json")
    assert (done.exit_code, done.stdout) == (2, "")
