"""`flask workflows`: one JSON document, exit status, and no need of a running application to check a broken set."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from ruamel.yaml import YAML

from caseapp.adapters.definition_files import load_procedures
from caseapp.cli.workflows import SHIPPED, workflows
from tests.domain.workflow.definitions import with_value


def run(*arguments: str) -> Result:
    return CliRunner().invoke(workflows, list(arguments))


@pytest.fixture
def shown() -> object:
    """Run `workflows show` in an application that knows the shipped procedures and nothing else."""
    app = Flask("test")
    app.extensions["huhang"] = SimpleNamespace(procedures=load_procedures([SHIPPED]))
    app.cli.add_command(workflows)
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["workflows", "show", *arguments])


def test_the_shipped_set_passes() -> None:
    result = run("check", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"problems": []}


def test_a_broken_file_is_told_with_path_rule_and_example(tmp_path: Path) -> None:
    document = with_value("actions/close", ...)
    document["states"]["stuck"] = {"name": {"zh": "死路", "en": "stuck"}, "category": "decided", "owner": "officer"}
    document["actions"]["stick"] = {
        "name": {"zh": "走错", "en": "stick"},
        "from": "decided",
        "to": "stuck",
        "by": "officer",
    }
    path = tmp_path / "broken.yaml"
    with path.open("w", encoding="utf-8") as stream:
        YAML(typ="safe", pure=True).dump(document, stream)

    result = run("check", str(path), "--json")

    assert result.exit_code == 1
    problems = json.loads(result.stdout)["problems"]
    trap = next(problem for problem in problems if problem["path"] == "/states/stuck")
    assert trap["file"] == str(path)
    assert trap["rule"] == "trap"
    assert trap["example"] == ["file", "decide", "stick"]


def test_a_file_that_is_no_yaml_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("states: [", encoding="utf-8")
    result = run("check", str(path), "--json")
    assert result.exit_code == 1
    assert [problem["rule"] for problem in json.loads(result.stdout)["problems"]] == ["unreadable"]


def test_a_missing_file_is_wrong_use(tmp_path: Path) -> None:
    result = run("check", str(tmp_path / "absent.yaml"), "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1


def test_extra_folders_are_checked_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "procedures").mkdir()
    (tmp_path / "procedures" / "other.v1.yaml").write_text("procedure: other\n", encoding="utf-8")
    monkeypatch.setenv("CASEAPP_WORKFLOWS", str(tmp_path))
    result = run("check")
    assert result.exit_code == 1
    assert "other.v1.yaml" in result.output


def test_a_definition_is_shown_as_json(shown: object) -> None:
    result = shown("penalty_general", "--format", "json")  # type: ignore[operator]
    document = json.loads(result.stdout)
    assert (document["id"], document["version"], document["kind"]) == ("penalty_general", 1, "main")
    assert {state["id"] for state in document["states"]} >= {"lead", "investigating", "closed"}
    assert not [name for name in document if name.startswith("_")]


def test_a_definition_is_shown_as_a_drawing(shown: object) -> None:
    result = shown("penalty_simplified", "--format", "svg", "--version", "1")  # type: ignore[operator]
    assert ElementTree.fromstring(result.stdout).tag == "{http://www.w3.org/2000/svg}svg"


def test_a_definition_is_shown_as_a_table(shown: object) -> None:
    result = shown("penalty_general")  # type: ignore[operator]
    assert "作出行政处罚决定　decide_penalty" in result.stdout
    assert "科室负责人" in result.stdout


def test_an_unknown_procedure_is_wrong_use(shown: object) -> None:
    result = shown("penalty_imaginary")  # type: ignore[operator]
    assert result.exit_code == 2
    assert "penalty_imaginary" in result.stderr
