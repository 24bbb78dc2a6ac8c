"""`flask demo load`: one JSON document, or one line on what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskCliRunner

if TYPE_CHECKING:
    from flask import Flask

DAYS = ("--from", "2026-09-01", "--to", "2026-11-20")


@pytest.fixture
def runner(app: Flask) -> Iterator[FlaskCliRunner]:
    with app.app_context():  # the `flask` program opens one, the runner of tests does not
        yield app.test_cli_runner()


def test_the_counts_are_one_json_document_and_the_bar_goes_elsewhere(runner: FlaskCliRunner) -> None:
    done = runner.invoke(args=["demo", "load", "--cases", "6", "--seed", "3", *DAYS, "--json"])
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert told["cases"] == 6
    assert told["filed"] == told["closed"] + told["open"]
    assert (told["since"], told["until"], told["seed"]) == ("2026-09-01", "2026-11-20", 3)


def test_people_are_told_in_a_sentence_without_json(runner: FlaskCliRunner) -> None:
    done = runner.invoke(args=["demo", "load", "--cases", "2", *DAYS])
    assert done.exit_code == 0
    assert done.stdout.startswith("已载入 2 件")


def test_the_running_process_knows_at_once_that_it_is_a_demonstration(app: Flask, runner: FlaskCliRunner) -> None:
    parts = app.extensions["huhang"]
    assert not parts.demo
    runner.invoke(args=["demo", "load", "--cases", "1", *DAYS])
    assert parts.demo


def test_a_second_load_is_wrong_use_and_changes_nothing(runner: FlaskCliRunner) -> None:
    runner.invoke(args=["demo", "load", "--cases", "2", *DAYS])
    again = runner.invoke(args=["demo", "load", "--cases", "2", *DAYS, "--json"])
    assert again.exit_code == 2
    assert again.stdout == ""
    assert "空的数据库" in again.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--cases", "0"], id="no cases"),
        pytest.param(["--cases", "many"], id="no number"),
        pytest.param(["--from", "2026-11-20", "--to", "2026-01-01"], id="backwards"),
        pytest.param(["--to", "2027-01-01"], id="in the future"),
        pytest.param(["--to", "tomorrow"], id="no date"),
    ],
)
def test_wrong_use_ends_with_status_two(runner: FlaskCliRunner, arguments: list[str]) -> None:
    done = runner.invoke(args=["demo", "load", *arguments])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr
