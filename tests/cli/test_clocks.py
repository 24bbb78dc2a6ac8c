"""`flask clocks due` on the shipped rules and calendars, with dates counted by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from caseapp.adapters.calendar_files import load_calendar
from caseapp.adapters.clock_files import load_rule_book
from caseapp.cli.clocks import clocks

WORKFLOWS = [Path(__file__).parents[2] / "workflows"]
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def run() -> Run:
    app = Flask(__name__)
    app.extensions["huhang"] = SimpleNamespace(rules=load_rule_book(WORKFLOWS), calendar=load_calendar(WORKFLOWS))
    app.cli.add_command(clocks)
    runner = app.test_cli_runner()
    return lambda *args: runner.invoke(args=["clocks", "due", *args])


def answer(run: Run, line: str) -> dict[str, Any]:
    result = run(*line.split(), "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("P01 --start 2026-09-25", "2026-10-22", id="checking a lead over the National Day"),
        pytest.param("P01 --start 2025-01-20 --extend 15", "2025-03-07", id="checking, extended"),
        pytest.param("P02a --start 2026-02-11", "2026-02-27", id="over the Spring Festival, make-up Saturday 14th"),
        pytest.param("P03 --start 2026-02-14 --at 23:30", "2026-02-15T23:30:00+08:00", id="24 hours"),
        pytest.param("P04 --start 2021-07-14", "2021-07-21", id="registration under the old text: calendar days"),
        pytest.param("P04 --start 2021-07-15", "2021-07-26", id="registration under the new text: working days"),
        pytest.param("P05 --start 2026-09-03", "2026-10-03", id="seizure ends on a holiday"),
        pytest.param("P05 --start 2026-09-03 --extend 30", "2026-11-02", id="seizure extended"),
        pytest.param(
            "P05 --start 2026-09-03 --pause 2026-09-07..2026-09-11", "2026-10-08", id="seizure, appraisal left out"
        ),
        pytest.param("P08 --start 2021-07-14", "2021-07-19", id="defence: three days until 2021-07-14"),
        pytest.param("P08 --start 2021-07-15", "2021-07-22", id="defence: five days from 2021-07-15"),
        pytest.param("P09 --start 2026-10-12", "2026-09-24", id="notice before a hearing"),
        pytest.param("P10 --start 2025-03-10", "2025-06-09", id="handling limit rolls from a Sunday"),
        pytest.param("P10 --start 2025-03-10 --extend 30", "2025-07-08", id="handling limit extended"),
        pytest.param("P10 --start 2020-11-04", "2021-02-02", id="handling limit under the 2018 text"),
        pytest.param(
            "P10 --start 2025-03-10 --pause 2025-04-01..2025-04-15 --pause 2025-04-10..2025-04-20",
            "2025-06-30",
            id="overlapping pauses",
        ),
        pytest.param("P12 --start 2026-09-01", "2026-10-01", id="public notice does not roll"),
        pytest.param("P14 --start 2026-09-25", "2026-10-10", id="payment due on a make-up Saturday"),
        pytest.param("P14 --start 2026-09-18", "2026-10-08", id="payment rolls behind the holiday"),
        pytest.param("P16 --start 2026-09-01", "2026-10-05", id="surcharge capped after 34 days"),
        pytest.param("P18 --start 2025-11-30", "2026-02-28", id="three months to the end of February"),
        pytest.param("P23a --start 2026-07-03", "2026-10-03", id="publication ends on a holiday"),
        pytest.param("P23b --start 2023-10-01", "2026-10-01", id="three years of publication"),
        pytest.param("P25b --start 2023-12-20", "2024-01-02", id="reply: ten calendar days until 2023, rolled"),
        pytest.param("P25b --start 2024-01-02", "2024-01-16", id="reply: ten working days from 2024"),
        pytest.param("P26a --start 2025-08-31", "2026-02-28", id="six months end on a worked Saturday"),
        pytest.param("P27a --start 2024-10-05", "2026-10-05", id="limitation ends on a holiday"),
        pytest.param("P27a --start 2020-02-29", "2022-02-28", id="limitation from a leap day, old text"),
        pytest.param("P29 --start 2026-04-14", "2026-04-21", id="last day of the complaint rules"),
        pytest.param("D03b --start 2026-09-01", "2026-10-08", id="answer from abroad"),
        pytest.param("D09 --start 2026-10-09", "2026-09-29", id="notice of an oral hearing"),
        pytest.param("D12 --start 2025-11-20", "2026-02-24", id="adjudication rolls over the Spring Festival"),
        pytest.param("D12 --start 2025-07-31 --extend 1", "2025-12-01", id="adjudication plus a month"),
        pytest.param("D12 --start 2025-08-31 --extend 3", "2026-02-28", id="adjudication at its longest"),
        pytest.param(
            "D12 --start 2025-03-31 --pause 2025-06-30..2025-07-09",
            "2025-07-10",
            id="adjudication paused on its last day",
        ),
        pytest.param("Q07 --start 2023-11-30", "2024-02-29", id="older adjudication to a leap day"),
        pytest.param("Q12 --start 2024-01-31 --extend 15", "2024-03-15", id="a month and fifteen days"),
        pytest.param("Q10 --start 2024-02-29", "2025-02-28", id="a year from a leap day"),
        pytest.param("T04 --start 2026-09-30", "2026-10-08", id="transfer decision rolls"),
        pytest.param(
            "T05 --start 2026-09-30 --at 10:00", "2026-10-01T10:00:00+08:00", id="handing over into a holiday"
        ),
        pytest.param("T07 --start 2024-02-28 --at 09:15:30", "2024-02-29T09:15:30+08:00", id="seconds are kept"),
        pytest.param("H05 --start 2026-09-29", "2026-10-12", id="hearing report"),
        pytest.param("E43 --start 2026-11-06", "2026-11-23", id="platform waits"),
    ],
)
def test_due(run: Run, line: str, expected: str) -> None:
    found = answer(run, line)
    assert found["due"] == expected
    assert found["provisional"] is False
    assert found["rule"] == line.split()[0]


def test_the_document_has_exactly_the_promised_parts(run: Run) -> None:
    found = answer(run, "T04 --start 2026-09-30")
    assert found == {
        "rule": "T04",
        "start": "2026-09-30",
        "due": "2026-10-08",
        "provisional": False,
        "source": "行政执法机关移送涉嫌犯罪案件的规定 第5条；刑事诉讼法第105条"
        "（国务院令第310号，2020年修订，自2020-08-07起施行）",
        "days": [
            {"date": "2026-09-30", "kind": "start"},
            {"date": "2026-10-01", "kind": "counted"},
            {"date": "2026-10-02", "kind": "counted"},
            {"date": "2026-10-03", "kind": "counted"},
            *({"date": f"2026-10-0{number}", "kind": "rolled"} for number in range(4, 9)),
        ],
    }


def test_every_day_of_a_paused_working_day_limit_is_told(run: Run) -> None:
    found = answer(run, "P22 --start 2026-09-24 --pause 2026-09-28..2026-09-29")
    assert [day["kind"] for day in found["days"]] == [
        "start", "holiday", "holiday", "holiday", "paused", "paused", "counted",
        *["holiday"] * 7, "counted", "counted",
    ]  # fmt: skip
    assert found["due"] == found["days"][-1]["date"] == "2026-10-09"


def test_hours_start_and_end_at_an_instant(run: Run) -> None:
    found = answer(run, "T05 --start 2026-11-20 --at 16:45")
    assert (found["start"], found["due"]) == ("2026-11-20T16:45:00+08:00", "2026-11-21T16:45:00+08:00")


def test_a_time_of_day_does_not_matter_to_days(run: Run) -> None:
    assert answer(run, "T04 --start 2026-09-30 --at 23:59") == answer(run, "T04 --start 2026-09-30")


def test_a_year_without_calendar_is_provisional(run: Run) -> None:
    found = answer(run, "P01 --start 2026-12-25")
    assert (found["due"], found["provisional"]) == ("2027-01-15", True)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        pytest.param("P99 --start 2026-01-05", "没有编号为 P99 的时限", id="unknown rule"),
        pytest.param("D30 --start 2026-01-05", "没有期限数字", id="a row without a number"),
        pytest.param("T01 --start 2026-01-05", "没有期限数字", id="a standard, not a limit"),
        pytest.param("P02 --start 2026-01-05", "P02a、P02b", id="a row with several limits"),
        pytest.param("P01 --start 2019-03-31", "没有现行有效的版本", id="before the first version"),
        pytest.param("D12 --start 2025-01-31", "没有现行有效的版本", id="the day before order 81"),
        pytest.param("P29 --start 2026-04-15", "没有现行有效的版本", id="after the last version"),
        pytest.param("P01 --start 2026-02-30", "--start 不是有效的日期", id="no such day"),
        pytest.param("P01 --start 20260105", "--start 不是有效的日期", id="a date without dashes"),
        pytest.param("P01 --start 2026-1-5", "--start 不是有效的日期", id="a date without zeros"),
        pytest.param("P01", "--start", id="no start"),
        pytest.param("--start 2026-01-05", "RULE", id="no rule"),
        pytest.param("P01 --start 2026-01-05 --pause 2026-01-06", "A..B", id="a pause without an end"),
        pytest.param(
            "P01 --start 2026-01-05 --pause 2026-01-06..x", "--pause 不是有效的日期", id="a pause that is none"
        ),
        pytest.param("P01 --start 2026-01-05 --pause 2026-01-07..2026-01-06", "早于", id="a pause that ends first"),
        pytest.param("T05 --start 2026-01-05", "需要起算时刻", id="hours without an instant"),
        pytest.param("T05 --start 2026-01-05 --at 25:00", "--at 不是有效的时刻", id="no such hour"),
        pytest.param("P01 --start 2026-01-05 --at noon", "--at 不是有效的时刻", id="an hour in words"),
        pytest.param("P01 --start 2026-01-05 --extend -1", "--extend", id="a negative extension"),
        pytest.param("P08 --start 2026-01-05 --extend 1", "P08 不得延长", id="no right to extend"),
        pytest.param("P01 --start 9999-12-30", "超出可以计算的范围", id="beyond the calendar"),
        pytest.param("P10 --start 2026-01-05 --extend 99999999999", "超出可以计算的范围", id="a monstrous extension"),
        pytest.param("P01 --start 2026-01-05 --begin 1", "--begin", id="unknown option"),
    ],
)
def test_wrong_use_is_one_line_and_status_two(run: Run, line: str, told: str) -> None:
    for flags in ([], ["--json"]):
        result = run(*line.split(), *flags)
        assert result.exit_code == 2
        assert result.stdout == ""
        (only,) = result.stderr.splitlines()
        assert told in only


def test_more_than_the_law_allows_is_counted_but_said(run: Run) -> None:
    result = run("P01", "--start", "2026-09-25", "--extend", "20", "--json")
    assert result.exit_code == 0
    assert "最多延长 15" in result.stderr
    assert json.loads(result.stdout)["due"] == "2026-11-19"


def test_within_the_law_nothing_is_said(run: Run) -> None:
    for line in ("P01 --start 2026-09-25 --extend 15 --json", "P10 --start 2026-09-25 --extend 500 --json"):
        assert run(*line.split()).stderr == ""


def test_people_read_a_table(run: Run) -> None:
    result = run("P01", "--start", "2026-09-25")
    assert result.exit_code == 0
    for told in (
        "P01  线索核查并决定是否立案",
        "依据  市场监督管理行政处罚程序规定 第18条",
        "期限  15个工作日",
        "届满  2026-10-22（星期四）",
        "2026-10-10  星期六  计入，第 6        国庆节调休上班",
        "2026-10-03  星期六  节假日，不计入    国庆节",
    ):
        assert told in result.stdout.splitlines() or told in result.stdout
    assert len(result.stdout.splitlines()) == 6 + 28


def test_people_are_told_what_is_provisional(run: Run) -> None:
    assert "届满日可能变动" in run("P01", "--start", "2026-12-25").stdout
    assert "本时限不顺延，届满日不受影响" in run("P05", "--start", "2026-12-25").stdout
    assert "注意" not in run("P01", "--start", "2026-09-25").stdout


def test_people_read_how_far_ahead_notice_must_come(run: Run) -> None:
    assert "期限  提前7个工作日" in run("P09", "--start", "2026-10-12").stdout
