"""`flask metrics closure-rate` on cases taken over with `flask cases import`, with numbers counted by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import update

from caseapp.cli import cases, metrics
from caseapp.models.closure_case import ClosureCase
from caseapp.services.unit_of_work import unit_of_work
from caseapp.wiring import Huhang

YEAR = ("--from", "2025-01-01", "--to", "2025-12-31")
Run = Callable[..., Result]


def _record(external_id: str, *milestones: str, **changed: Any) -> dict[str, Any]:
    """Return an exchange record; a milestone is 'kind on [key=value …]'."""
    told = []
    for text in milestones:
        kind, on, *details = text.split()
        fields: dict[str, Any] = dict(detail.split("=") for detail in details)
        if "n" in fields:
            fields["n"] = int(fields["n"])
        told.append({"kind": kind, "on": on, **fields})
    return {
        "external_id": external_id,
        "procedure": "penalty_general",
        "organ": "320612-ip",
        "division": "320612",
        "ip_types": ["trademark"],
        "source": "complaint",
        "title": external_id,
        "parties": [{"role": "respondent", "kind": "organisation", "name": "南通某家纺有限公司"}],
        "milestones": told,
        **changed,
    }


RECORDS = [
    # Filed on 2025-03-10: the handling limit of ninety days ends on Sunday 2025-06-08, so on Monday 2025-06-09.
    _record("in-time", "filed 2025-03-10", "decided 2025-06-09 outcome=penalty", "closed 2025-07-15 manner=executed"),
    _record(
        "a-day-late",
        "filed 2025-03-10",
        "decided 2025-06-10 outcome=penalty",
        "closed 2025-07-15 manner=executed",
        ip_types=["trademark", "copyright"],
    ),
    # Twenty days of appraisal move the end to Saturday 2025-06-28, so to Monday 2025-06-30.
    _record(
        "appraised",
        "filed 2025-03-10",
        "excluded_from 2025-04-01 reason=appraisal",
        "excluded_until 2025-04-21",
        "decided 2025-06-30 outcome=penalty",
        "closed 2025-07-15 manner=executed",
        source="inspection",
    ),
    _record("open", "filed 2025-11-20", division="320613", organ="320613-ip"),
    _record(
        "carried-in",
        "filed 2024-11-20",
        "decided 2025-01-20 outcome=penalty",
        "closed 2025-02-10 manner=executed",
        division="320613",
        organ="320613-ip",
    ),
    _record(
        "settled", "filed 2024-03-20", "decided 2024-05-20 outcome=no_penalty", "closed 2024-06-01 manner=no_penalty"
    ),
    _record(
        "reopened",
        "filed 2024-03-20",
        "decided 2024-05-20 outcome=penalty",
        "closed 2024-07-01 manner=executed",
        "reopened 2025-09-01",
    ),
    _record("lead", "registered 2025-05-05"),
    _record("vague", "filed 2025-03"),
]


@pytest.fixture
def commands(parts: Huhang) -> Iterator[FlaskCliRunner]:
    """The two groups of commands over an installation of their own."""
    app = Flask("commands")
    app.extensions["huhang"] = parts
    app.cli.add_command(cases.command)
    app.cli.add_command(metrics.command)
    with app.app_context():
        yield app.test_cli_runner()


@pytest.fixture
def run(commands: FlaskCliRunner, tmp_path: Path) -> Run:
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in RECORDS), encoding="utf-8")
    taken = commands.invoke(args=["cases", "import", str(file), "--mode", "archive", "--json"])
    assert json.loads(taken.stdout)["imported"] == len(RECORDS), taken.output
    return lambda *args: commands.invoke(args=["metrics", "closure-rate", *args])


def _answer(run: Run, *args: str) -> dict[str, Any]:
    result = run(*args, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def _total(answer: dict[str, Any]) -> tuple[int, int, float | None]:
    total = answer["total"]
    return total["numerator"], total["denominator"], total["rate"]


@pytest.mark.parametrize(
    ("policy", "numerator", "denominator"),
    [
        pytest.param(
            "R1", ["a-day-late", "appraised", "carried-in", "in-time"], ["a-day-late", "appraised", "in-time", "open"]
        ),
        pytest.param(
            "R2",
            ["a-day-late", "appraised", "carried-in", "in-time"],
            ["a-day-late", "appraised", "carried-in", "in-time", "open", "reopened"],
        ),
        pytest.param("R3", ["a-day-late", "appraised", "in-time"], ["a-day-late", "appraised", "in-time", "open"]),
        pytest.param(
            "R4", ["appraised", "carried-in", "in-time"], ["a-day-late", "appraised", "carried-in", "in-time"]
        ),
    ],
)
def test_each_policy_counts_the_cases_of_its_table(
    run: Run, policy: str, numerator: Sequence[str], denominator: Sequence[str]
) -> None:
    answer = _answer(run, "--policy", policy, *YEAR, "--cases")
    assert answer["policy"] == {"id": policy, "version": "2026-1"}
    assert (answer["from"], answer["to"], answer["as_of"]) == ("2025-01-01", "2025-12-31", "2025-12-31")
    assert answer["total"]["numerator_cases"] == numerator
    assert answer["total"]["denominator_cases"] == denominator
    assert _total(answer) == (len(numerator), len(denominator), len(numerator) / len(denominator))
    assert answer["rows"] == []


def test_the_case_with_an_imprecise_date_is_told(run: Run) -> None:
    answer = _answer(run, "--policy", "R2", *YEAR, "--cases")
    assert (answer["total"]["imprecise"], answer["total"]["imprecise_cases"]) == (1, ["vague"])


def test_rows_by_division_and_by_kind_of_right(run: Run) -> None:
    rows = _answer(run, "--policy", "R2", *YEAR, "--by", "division")["rows"]
    assert [(row["division"], row["numerator"], row["denominator"]) for row in rows] == [
        ("320612", 3, 4),
        ("320613", 1, 2),
    ]
    rows = _answer(run, "--policy", "R2", *YEAR, "--by", "ip_type,source")["rows"]
    assert [(row["ip_type"], row["source"], row["numerator"], row["denominator"]) for row in rows] == [
        ("copyright", "complaint", 1, 1),
        ("trademark", "complaint", 3, 5),
        ("trademark", "inspection", 1, 1),
    ]


def test_rows_by_month_are_periods_of_their_own(run: Run) -> None:
    rows = _answer(run, "--policy", "R2", "--from", "2025-01-15", "--to", "2025-03-31", "--by", "month")["rows"]
    assert [(row["month"], row["numerator"], row["denominator"]) for row in rows] == [
        ("2025-01", 0, 1),
        ("2025-02", 1, 1),
        ("2025-03", 0, 3),
    ]


def test_r5_has_a_row_for_each_kind_of_right_and_procedure(run: Run) -> None:
    answer = _answer(run, "--policy", "R5", *YEAR)
    assert [(row["ip_type"], row["procedure"], row["numerator"], row["denominator"]) for row in answer["rows"]] == [
        ("copyright", "penalty_general", 1, 1),
        ("trademark", "penalty_general", 4, 4),
    ]
    assert _total(answer) == (4, 4, 1.0)


def test_as_of_and_known_at_shift_the_figure(run: Run) -> None:
    assert _total(_answer(run, "--policy", "R2", *YEAR, "--as-of", "2025-06-30")) == (1, 4, 0.25)
    # Everything was taken over on one day, so before it nothing was known.
    before = _answer(run, "--policy", "R2", *YEAR, "--known-at", "2026-11-22T00:00:00+08:00")
    assert (_total(before), before["known_at"]) == ((0, 0, None), "2026-11-22T00:00:00+08:00")


def test_an_instant_without_a_zone_is_chinese_time(run: Run) -> None:
    answer = _answer(run, "--policy", "R2", *YEAR, "--known-at", "2026-12-01T00:00:00")
    assert answer["known_at"] == "2026-12-01T00:00:00+08:00"


def test_for_people_it_is_a_table_in_chinese_with_percentages(run: Run) -> None:
    told = run("--policy", "R2", *YEAR, "--by", "division", "--cases")
    assert told.exit_code == 0
    lines = told.stdout.splitlines()
    assert "R2，2026-1 版" in lines[0]
    assert "地区    分子  分母  结案率" in lines
    assert "320612  3     4     75.00%" in lines
    assert "合计    4     6     66.67%" in lines
    assert any("1 件案件" in line and "未计入" in line for line in lines)
    assert "  分子：a-day-late、appraised、in-time" in lines


def test_a_rate_without_denominator_is_a_dash(run: Run) -> None:
    told = run("--policy", "R1", "--from", "2023-01-01", "--to", "2023-12-31")
    assert told.stdout.splitlines()[-1].split() == ["0", "0", "—"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(["--policy", "R9", *YEAR], "R9", id="no such policy"),
        pytest.param(["--policy", "R2", "--from", "2025-01-01"], "--to", id="no end"),
        pytest.param(["--policy", "R2", "--from", "2025-02-30", "--to", "2025-12-31"], "2025-02-30", id="no such day"),
        pytest.param(["--policy", "R2", "--from", "20250101", "--to", "2025-12-31"], "20250101", id="another form"),
        pytest.param(["--policy", "R2", "--from", "2025-12-31", "--to", "2025-01-01"], "2025-01-01", id="ends before"),
        pytest.param(["--policy", "R2", *YEAR, "--as-of", "2024-12-31"], "2024-12-31", id="as-of before the period"),
        pytest.param(["--policy", "R2", *YEAR, "--by", "officer"], "officer", id="no such dimension"),
        pytest.param(["--policy", "R2", *YEAR, "--by", ""], "--by", id="empty dimension"),
        pytest.param(["--policy", "R2", *YEAR, "--known-at", "yesterday"], "yesterday", id="no instant"),
        pytest.param(["--policy", "R2", *YEAR, "--known-at", "2025-12-31"], "2025-12-31", id="a day is no instant"),
        pytest.param(["--policy", "R2", *YEAR, "--format", "csv"], "--format", id="no such option"),
    ],
)
def test_wrong_use_is_one_clear_line_and_status_2(commands: FlaskCliRunner, args: Sequence[str], said: str) -> None:
    result = commands.invoke(args=["metrics", "closure-rate", *args, "--json"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert said in result.stderr


def test_a_version_that_is_named_is_the_one_that_counts(run: Run) -> None:
    named = _answer(run, "--policy", "R2@2026-1", *YEAR)
    assert named["policy"] == {"id": "R2", "version": "2026-1"}
    assert _total(named) == _total(_answer(run, "--policy", "R2", *YEAR))
    refused = run("--policy", "R2@1999-1", *YEAR, "--json")
    assert (refused.exit_code, refused.stdout) == (2, "")


def test_every_version_of_every_policy_is_listed_with_how_it_counts(commands: FlaskCliRunner) -> None:
    told = json.loads(commands.invoke(args=["metrics", "policies", "--json"]).stdout)["policies"]
    assert [(one["id"], one["version"], one["in_force"]) for one in told] == [
        (policy, "2026-1", True) for policy in ("R1", "R2", "R3", "R4", "R5")
    ]
    assert (told[1]["milestones"]["suspended"], told[3]["milestones"]["suspended"]) == ("ignored", "pauses")
    assert told[1]["manners"]["transferred"] is True
    assert told[1]["digest"].startswith("sha256:")
    assert "R4 2026-1" in commands.invoke(args=["metrics", "policies"]).stdout


def test_a_restatement_names_the_cases_and_the_entries_that_made_it(run: Run, commands: FlaskCliRunner) -> None:
    asked = ("metrics", "restate", "--policy", "R2", *YEAR, "--since", "2020-01-01T00:00:00+08:00")
    result = commands.invoke(args=[*asked, "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    whole = _answer(run, "--policy", "R2", *YEAR)
    assert (told["before"]["numerator"], told["before"]["denominator"], told["before"]["rate"]) == (0, 0, None)
    assert [told["after"][side] for side in ("numerator", "denominator")] == list(_total(whole)[:2])
    moved = {case["case"]: case for case in told["cases"]}
    assert {"in-time", "open", "carried-in"} <= set(moved)
    assert "settled" not in moved
    assert (moved["open"]["before"], moved["open"]["after"]) == ("out", "denominator")
    assert (moved["in-time"]["before"], moved["in-time"]["after"]) == ("out", "both")
    [filed] = [entry for entry in moved["open"]["entries"] if entry["milestone"] == "filed"]
    assert (filed["on"], filed["kind"], filed["reason"]) == ("2025-11-20", "milestone", None)
    assert "第 " in commands.invoke(args=asked).stdout
    late = commands.invoke(args=[*asked, "--known-at", "2019-01-01T00:00:00+08:00"])
    assert (late.exit_code, late.stdout) == (2, "")


def test_what_is_shown_is_verified_against_the_ledger_and_a_difference_fails(
    run: Run, commands: FlaskCliRunner, parts: Huhang
) -> None:
    result = commands.invoke(args=["metrics", "verify", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["cases"], told["differences"], told["unread"], told["altered_policies"]) == (len(RECORDS), [], [], [])
    with parts.context() as ctx:
        changed = update(ClosureCase).where(ClosureCase.source == "inspection").values(source="other")
        with unit_of_work(ctx) as unit:
            unit.connection.execute(changed)
    result = commands.invoke(args=["metrics", "verify", "--json"])
    assert result.exit_code == 1
    cells = [item["cell"]["source"] for item in json.loads(result.stdout)["differences"]]
    assert set(cells) == {"inspection", "other"}
    result = commands.invoke(args=["metrics", "verify"])
    assert (result.exit_code, "不一致" in result.stdout) == (1, True)
