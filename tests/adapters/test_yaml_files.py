"""Definition files are read safely and refused with every problem at once."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest

from caseapp.adapters.yaml_files import Reader, read_yaml
from caseapp.domain.errors import DefinitionError


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "file.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_yaml_is_version_1_2(tmp_path: Path) -> None:
    assert read_yaml(written(tmp_path, "on: no\n")) == {"on": "no"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: 1\na: 2\n", id="duplicate key"),
        pytest.param("a: [1\n", id="broken syntax"),
        pytest.param(b"a: \xff\n", id="no UTF-8"),
        pytest.param("a: !!python/object/apply:os.getcwd []\n", id="object of Python"),
    ],
)
def test_what_is_no_safe_yaml_is_refused_by_file(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(DefinitionError) as refused:
        read_yaml(written(tmp_path, text))
    assert refused.value.problems[0].file == "file.yaml"


def test_a_missing_file_is_a_broken_definition(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"absent\.yaml"):
        read_yaml(tmp_path / "absent.yaml")


def test_every_problem_is_told_with_its_place() -> None:
    reader = Reader("file.yaml")
    rows = list(
        reader.rows([{"a": "x", "colour": "green", "typo": 1}, "no row"], "rows", keys=frozenset({"a", "colour"}))
    )
    place, row = rows[0]
    assert reader.text(row, "a", place) == "x"
    assert reader.word(row, "colour", place, Colour) is Colour.RED
    assert reader.whole_number(row, "a", place) == 0
    assert reader.truth(row, "a", place, default=True) is True
    assert reader.mapping({1: 2}, "codes") == {}
    with pytest.raises(DefinitionError) as refused:
        reader.finish()
    assert {problem.path for problem in refused.value.problems} == {
        "rows/0/typo",
        "rows/1",
        "rows/0/colour",
        "rows/0/a",
        "codes",
    }


def test_a_file_without_problems_is_finished_silently() -> None:
    reader = Reader("file.yaml")
    assert reader.optional_text({"a": None}, "a", "") is None
    assert reader.both_languages({"name": {"zh": "甲", "en": "A"}}, "name", "") == ("甲", "A")
    assert reader.word({"colour": "blue"}, "colour", "", Colour) is Colour.BLUE
    reader.finish()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020-07-03", date(2020, 7, 3), date(2020, 7, 3)),
        ("2020-07", date(2020, 7, 1), date(2020, 7, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2009", date(2009, 1, 1), date(2009, 12, 31)),
        (None, None, None),
    ],
)
def test_a_date_is_as_precise_as_it_is_written(text: str | None, first: date | None, last: date | None) -> None:
    reader = Reader("file.yaml")
    assert reader.first_day({"from": text}, "from", "") == first
    assert reader.last_day({"from": text}, "from", "") == last
    reader.finish()


@pytest.mark.parametrize(
    "wrong", ["2020-13", "2020-00", "2021-02-29", "20", "0000", "July 2020", 2020, date(2020, 7, 1)]
)
def test_what_is_no_quoted_date_is_refused(wrong: object) -> None:
    reader = Reader("file.yaml")
    assert reader.first_day({"from": wrong}, "from", "rows/0") is None
    with pytest.raises(DefinitionError, match="date in quotes"):
        reader.finish()
