"""`flask thresholds assess` as outside programs call it (INTERFACES §5)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from caseapp.adapters.threshold_facts import read_threshold_facts
from caseapp.adapters.threshold_files import load_thresholds
from caseapp.cli.thresholds import thresholds

WORKFLOWS = Path(__file__).parents[2] / "workflows"
Run = Callable[..., Result]
FACTS: dict[str, Any] = {
    "act_from": "2025-05-10",
    "act_to": "2025-06-01",
    "decided_on": None,
    "offences": ["213", "214"],
    "amounts": {"turnover": 50000.00, "gains": 0, "service_gains": 0, "sales": 0, "unsold_value": 0, "marks": 1},
    "prior_punishments": [],
    "seller_of_others_labels": None,
    "circumvention_helper": None,
    "bankruptcy_caused": None,
    "suspicion": {"reasonable": True, "police_measures_needed": True},
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    book = load_thresholds([WORKFLOWS])
    app = Flask(__name__)
    app.extensions["huhang"] = SimpleNamespace(
        law=SimpleNamespace(thresholds=book),
        read_threshold_facts=lambda file: read_threshold_facts(file, book),
        ports=SimpleNamespace(clock=SimpleNamespace(now=lambda: datetime(2026, 11, 22, 4, tzinfo=UTC))),
    )
    app.cli.add_command(thresholds)
    runner = app.test_cli_runner()
    file = tmp_path_factory.mktemp("facts") / "facts.json"

    def invoke(facts: object, *more: str) -> Result:
        file.write_text(facts if isinstance(facts, str) else json.dumps(facts), encoding="utf-8")
        return runner.invoke(args=["thresholds", "assess", str(file), *more])

    return invoke


def answer(run: Run, **changes: Any) -> dict[str, Any]:
    result = run({**FACTS, **changes}, "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def test_the_answer_has_the_shape_that_others_rely_on(run: Run) -> None:
    found = answer(run)
    assert found["limbs"][0] | {} == {
        "offence": "213",
        "set": "B",
        "grade": "entry",
        "result": "met",
        "fired": [
            {
                "measure": "turnover",
                "value": 50000.0,
                "limit": 50000.0,
                "condition": "base",
                "article": "法释〔2025〕5号第3条第1款第1项",
                "confidence": "verified",
            }
        ],
        "near": [],
        "governs": True,
        "counted": [],
        "notes": [],
    }
    assert [(one["offence"], one["grade"]) for one in found["limbs"]] == [
        ("213", "entry"), ("213", "upper"), ("214", "entry"), ("214", "upper"),
    ]  # fmt: skip
    assert found["suspicion"] == {
        "result": "met",
        "article": "行政执法机关移送涉嫌犯罪案件的规定（国令310号）第3条第2款",
    }
    assert found["referral"] == "required"


def test_without_offences_all_are_looked_at_and_what_is_absent_is_unknown(run: Run) -> None:
    found = json.loads(run({"act_from": "2024-05-10", "act_to": "2024-06-01"}, "--json").stdout)
    assert {one["offence"] for one in found["limbs"]} == {"213", "214", "215", "216", "217", "218", "219", "219-1"}
    assert {one["set"] for one in found["limbs"]} == {"A", "B"}
    assert {one["result"] for one in found["limbs"]} == {"unknown"}
    assert (found["suspicion"]["result"], found["referral"]) == ("unknown", "consider")


def test_more_can_be_told_than_the_least(run: Run) -> None:
    found = answer(
        run,
        offences=["213"],
        amounts={**FACTS["amounts"], "turnover": 30_000, "marks": 2},
        marks_of_one_source=True,
        prior_punishments=[{"offence": "215", "on": "2024-05-01", "kind": "criminal", "fits": False}],
        other_acts=[{"label": "乙案", "act_to": "2025-01-01", "amounts": {"turnover": 15_000.5}, "dealt_with": True}],
        suspicion=None,
    )
    assert found["limbs"][0]["result"] == "not_shown"
    assert len(found["limbs"][0]["notes"]) == 3
    assert (
        answer(run, prior_punishments=None, offences=["213"], amounts={**FACTS["amounts"], "turnover": 30_000})[
            "limbs"
        ][0]["result"]
        == "unknown"
    )


def test_it_can_be_read_without_json(run: Run) -> None:
    result = run({**FACTS, "offences": ["213", "219-1"]})
    assert result.exit_code == 0
    assert "结论  应当移送" in result.stdout
    assert "turnover 50,000.0 ≥ 50,000.0  base  法释〔2025〕5号第3条第1款第1项（verified）" in result.stdout
    assert "刑法第219条之一" in result.stdout
    below = run({**FACTS, "offences": ["213"], "amounts": {**FACTS["amounts"], "turnover": 0}, "suspicion": {}})
    assert "应当研判是否移送" in below.stdout


WRONG = {
    "no JSON": ("{", "JSON"),
    "a key twice": ('{"act_from": null, "act_from": null}', "act_from"),
    "no object": ([], "对象"),
    "an unknown key": ({**FACTS, "turnover": 1}, "turnover"),
    "an unknown amount": ({**FACTS, "amounts": {"weight": 1}}, "amounts.weight"),
    "a negative amount": ({**FACTS, "amounts": {"turnover": -1}}, "amounts.turnover"),
    "a fraction of a fen": ({**FACTS, "amounts": {"turnover": 0.001}}, "amounts.turnover"),
    "half a copy": ({**FACTS, "amounts": {"copies": 1.5}}, "amounts.copies"),
    "an amount in quotes": ({**FACTS, "amounts": {"turnover": "5"}}, "amounts.turnover"),
    "an unknown offence": ({**FACTS, "offences": ["213", "220"]}, "offences[1]"),
    "an empty list of offences": ({**FACTS, "offences": []}, "offences"),
    "no day": ({**FACTS, "act_from": "2025-02-30"}, "act_from"),
    "a month only": ({**FACTS, "act_from": "2025-02"}, "act_from"),
    "days the wrong way round": ({**FACTS, "act_to": "2025-05-09"}, "act_to"),
    "a decision before the act": ({**FACTS, "decided_on": "2025-05-31"}, "decided_on"),
    "a punishment of no kind": (
        {**FACTS, "prior_punishments": [{"offence": "213", "on": "2024-01-01", "kind": "civil"}]},
        "prior_punishments[0].kind",
    ),
    "a punishment of no day": (
        {**FACTS, "prior_punishments": [{"offence": "213", "kind": "criminal"}]}, "prior_punishments[0].on",
    ),
    "a word for a truth": ({**FACTS, "bankruptcy_caused": "yes"}, "bankruptcy_caused"),
    "an unknown suspicion": ({**FACTS, "suspicion": {"sure": True}}, "suspicion.sure"),
}  # fmt: skip


@pytest.mark.parametrize(("facts", "named"), WRONG.values(), ids=WRONG)
def test_bad_input_ends_with_one_line_that_names_the_field(run: Run, facts: object, named: str) -> None:
    result = run(facts, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.strip().splitlines()) == 1
    assert named in result.stderr


def test_a_file_that_is_not_there_or_too_large_is_refused(run: Run, tmp_path: Path) -> None:
    app = Flask(__name__)
    book = load_thresholds([WORKFLOWS])
    app.extensions["huhang"] = SimpleNamespace(
        law=SimpleNamespace(thresholds=book), read_threshold_facts=lambda file: read_threshold_facts(file, book)
    )
    app.cli.add_command(thresholds)
    runner = app.test_cli_runner()
    missing = runner.invoke(args=["thresholds", "assess", str(tmp_path / "no.json")])
    assert (missing.exit_code, "no.json" in missing.stderr) == (2, True)
    large = tmp_path / "large.json"
    large.write_bytes(b" " * (4 * 1024 * 1024 + 1))
    assert runner.invoke(args=["thresholds", "assess", str(large)]).exit_code == 2
