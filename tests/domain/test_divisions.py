"""Divisions: today's code for a code of the past, names, and what lies in what."""

from __future__ import annotations

from datetime import date

import pytest

from caseapp.domain.divisions import Division, DivisionKind, DivisionTable, division_problems
from caseapp.domain.errors import InputError

PROVINCES = {"32": {"zh": "江苏省", "en": "Jiangsu"}, "42": {"zh": "湖北省", "en": "Hubei"}}


def division(code: str, *, since: date | None = None, until: date | None = None, heir: str | None = None) -> Division:
    kind = DivisionKind.CITY if code.endswith("00") else DivisionKind.DISTRICT
    return Division(code, f"区{code}", f"District {code}", kind, since, until, heir)


ROWS = (
    division("320600"),
    division("320603", until=date(1982, 12, 31), heir="320611"),
    division("320611", since=date(1983, 1, 1), until=date(2020, 6, 30), heir="320613"),
    division("320602", since=date(1983, 1, 1), until=date(2020, 6, 30), heir="320613"),
    division("320613", since=date(2020, 7, 1)),
    division("320671"),
)
TABLE = DivisionTable(PROVINCES, {row.code: row for row in ROWS}, "320600")


@pytest.mark.parametrize("code", ["320602", "320603", "320611", "320613"])
def test_a_code_of_the_past_counts_for_its_last_successor(code: str) -> None:
    assert TABLE.current(code) == "320613"


@pytest.mark.parametrize(
    ("code", "on", "expected"),
    [
        pytest.param("320611", date(2020, 6, 30), "320611", id="its last day"),
        pytest.param("320611", date(2020, 7, 1), "320613", id="the day after"),
        pytest.param("320603", date(2000, 1, 1), "320611", id="one step of two"),
        pytest.param("320613", date(2000, 1, 1), "320613", id="before its own time it stands for itself"),
    ],
)
def test_on_a_day_the_code_of_that_day_is_meant(code: str, on: date, expected: str) -> None:
    assert TABLE.current(code, on) == expected


def test_a_code_of_another_city_stands_for_itself_under_the_name_of_its_province() -> None:
    assert TABLE.current("420102") == "420102"
    assert TABLE.name("420102") == {"zh": "湖北省（420102）", "en": "Hubei (420102)"}
    assert TABLE.name("420000") == {"zh": "湖北省", "en": "Hubei"}
    assert TABLE.accept("420102") == "420102"


def test_an_old_code_keeps_its_own_name() -> None:
    assert TABLE.name("320611")["zh"] == "区320611"


@pytest.mark.parametrize("code", ["", "32061", "3206120", "32061A", "990000", "３２０６１２", "000000"])
def test_a_code_without_six_digits_or_province_is_refused(code: str) -> None:
    assert not TABLE.is_well_formed(code)
    for ask in (TABLE.accept, TABLE.current, TABLE.name):
        with pytest.raises(InputError, match="行政区划代码"):
            ask(code)


@pytest.mark.parametrize(
    ("code", "ancestor", "expected"),
    [
        ("320611", "320613", True),
        ("320613", "320611", True),
        ("320611", "320602", True),
        ("320611", "320600", True),
        ("320671", "320600", True),
        ("320600", "320600", True),
        ("320600", "320613", False),
        ("320671", "320613", False),
        ("320613", "320000", True),
        ("320102", "320600", False),
        ("420102", "320000", False),
        ("420102", "420100", True),
    ],
)
def test_old_codes_lie_where_they_belong_today(code: str, ancestor: str, expected: bool) -> None:
    assert TABLE.within(code, ancestor) is expected


def test_the_home_city_knows_its_own() -> None:
    assert TABLE.is_nantong("320603")
    assert TABLE.is_nantong("320699")
    assert not TABLE.is_nantong("320000")
    assert not TABLE.is_nantong("420600")


def test_parts_and_predecessors_follow_the_day() -> None:
    assert [item.code for item in TABLE.parts()] == ["320613", "320671"]
    assert [item.code for item in TABLE.parts(date(2010, 1, 1))] == ["320602", "320611", "320671"]
    assert TABLE.predecessors("320613") == ("320602", "320611")


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        pytest.param([division("320613"), division("320613")], "listed twice", id="twice"),
        pytest.param([division("990613")], "province", id="no province"),
        pytest.param(
            [division("320613", since=date(2020, 1, 1), until=date(2019, 1, 1), heir="320600")],
            "before it begins",
            id="backwards",
        ),
        pytest.param([division("320613", until=date(2020, 1, 1))], "needs a successor", id="ended without heir"),
        pytest.param([division("320613", heir="320600")], "needs a successor", id="heir of the living"),
        pytest.param(
            [division("320613", until=date(2020, 1, 1), heir="320699")], "not in the table", id="unknown heir"
        ),
        pytest.param(
            [division("320613", until=date(2020, 1, 1), heir="320614"), division("320614", since=date(2019, 1, 1))],
            "before 320613 has ended",
            id="overlap",
        ),
        pytest.param(
            [
                division("320613", until=date(2020, 1, 1), heir="320614"),
                division("320614", until=date(2020, 1, 1), heir="320613"),
            ],
            "circle",
            id="circle",
        ),
    ],
)
def test_a_broken_succession_is_named(rows: list[Division], problem: str) -> None:
    found = division_problems(PROVINCES, [division("320600"), *rows], "320600")
    assert any(problem in text for _, text in found)


def test_a_sound_table_has_no_problems_and_a_missing_home_is_one() -> None:
    assert division_problems(PROVINCES, ROWS, "320600") == []
    assert division_problems(PROVINCES, ROWS, "320500") == [("home", "home city 320500 is not in the table")]
