"""Named numbers of the law: dated, in fen, replaced by an office's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from caseapp.adapters.amount_files import load_amounts
from caseapp.domain.errors import DefinitionError

WORKFLOWS = Path(__file__).parents[2] / "workflows"

ROW = """
- id: hearing_person
  name: {{zh: 听证数额, en: hearing amount}}
  value: {value}
  unit: yuan
  law: 江苏省某条例
  article: "1"
  source: ""
  confidence: design
  from: {start}
  to: {end}
"""


def folder(tmp_path: Path, *rows: str) -> Path:
    tmp_path.joinpath("amounts.yaml").write_text("amounts:\n" + "".join(rows), encoding="utf-8")
    return tmp_path


def row(value: int, start: str = "null", end: str = "null") -> str:
    return ROW.format(value=value, start=start, end=end)


def test_yuan_are_read_as_fen() -> None:
    assert load_amounts([WORKFLOWS]).at(date(2026, 1, 1))["simplified_organisation"] == 300_000


def test_the_day_decides_which_version_holds() -> None:
    amounts = load_amounts([WORKFLOWS])
    assert amounts.at(date(2021, 7, 14))["simplified_person"] == 5_000
    assert amounts.at(date(2021, 7, 15))["simplified_person"] == 20_000


def test_every_number_holds_today_and_says_where_it_stands() -> None:
    amounts = load_amounts([WORKFLOWS])
    assert set(amounts.at(date(2026, 11, 22))) == amounts.ids()
    for amount in amounts.versions:
        assert amount.citation.law
        assert amount.citation.article


def test_an_office_may_replace_a_number(tmp_path: Path) -> None:
    amounts = load_amounts([WORKFLOWS, folder(tmp_path, row(5_000))])
    assert amounts.at(date(2026, 1, 1))["hearing_person"] == 500_000
    assert amounts.at(date(2026, 1, 1))["hearing_organisation"] == 10_000_000


def test_a_folder_without_the_file_adds_nothing(tmp_path: Path) -> None:
    assert load_amounts([WORKFLOWS, tmp_path]).ids() == load_amounts([WORKFLOWS]).ids()


def test_two_versions_on_one_day_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="in force on the same day"):
        load_amounts([folder(tmp_path, row(1, end='"2026-01-01"'), row(2, start='"2026-01-01"'))])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value: 1", "value: -1"),
        ("unit: yuan", "unit: pounds"),
        ("confidence: design", "confidence: sure"),
        ("law:", "lax:"),
    ],
)
def test_a_wrong_row_is_refused(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(DefinitionError):
        load_amounts([folder(tmp_path, row(1).replace(old, new))])
