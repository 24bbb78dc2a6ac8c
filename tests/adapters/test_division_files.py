"""The shipped divisions, and how a broken table is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from caseapp.adapters.division_files import load_divisions
from caseapp.domain.divisions import DivisionKind
from caseapp.domain.errors import DefinitionError

WORKFLOWS = Path(__file__).parents[2] / "workflows"
SHIPPED = load_divisions([WORKFLOWS])


@pytest.mark.parametrize(
    ("old", "today"),
    [
        ("320602", "320613"),
        ("320611", "320613"),
        ("320603", "320613"),
        ("320683", "320612"),
        ("320624", "320612"),
        ("320684", "320614"),
        ("320625", "320614"),
        ("320621", "320685"),
        ("320622", "320682"),
        ("320626", "320681"),
        ("320612", "320612"),
        ("320623", "320623"),
        ("320671", "320671"),
    ],
)
def test_old_codes_of_nantong_are_mapped_to_their_successors(old: str, today: str) -> None:
    assert SHIPPED.current(old) == today
    assert SHIPPED.is_nantong(old)


def test_nantong_has_three_districts_a_county_three_cities_and_the_development_zone() -> None:
    assert [item.code for item in SHIPPED.parts()] == [
        "320612",
        "320613",
        "320614",
        "320623",
        "320671",
        "320681",
        "320682",
        "320685",
    ]
    assert SHIPPED.divisions["320671"].kind is DivisionKind.STATISTICAL


def test_before_july_2020_the_old_districts_are_meant() -> None:
    assert SHIPPED.current("320684", date(2020, 6, 30)) == "320684"
    assert SHIPPED.current("320684", date(2020, 7, 1)) == "320614"
    assert SHIPPED.current("320683", date(2009, 1, 1)) == "320612"
    assert {"320602", "320611", "320684"} <= {item.code for item in SHIPPED.parts(date(2019, 12, 31))}


def test_every_province_of_the_standard_is_known_and_nothing_else() -> None:
    assert len(SHIPPED.provinces) == 34
    assert SHIPPED.name("110000") == {"zh": "北京市", "en": "Beijing"}
    assert SHIPPED.is_well_formed("659001")
    assert not SHIPPED.is_well_formed("990000")
    assert not SHIPPED.is_well_formed("160000")


def test_every_row_says_where_it_is_from_and_how_sure_it_is() -> None:
    words = {"verified", "recalled_high", "recalled_medium", "uncertain"}
    assert all(item.source and item.confidence in words for item in SHIPPED.divisions.values())


HEAD = 'home: "320600"\nprovinces:\n  "32": {zh: 江苏省, en: Jiangsu}\n'
CITY = '  - {code: "320600", name: {zh: 南通市, en: Nantong}, kind: city, source: x, confidence: verified}\n'


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param(
            HEAD + "divisions:\n" + CITY.replace('"320600"', "320600"), "divisions/0/code", id="code unquoted"
        ),
        pytest.param(HEAD + "divisions:\n" + CITY.replace("city", "town"), "divisions/0/kind", id="unknown kind"),
        pytest.param(HEAD + "divisions:\n" + CITY + CITY, "divisions/320600", id="code twice"),
        pytest.param(HEAD + "divisions: none\n", "divisions", id="no list"),
        pytest.param("divisions: []\n", "provinces", id="no provinces"),
    ],
)
def test_a_broken_table_is_refused_with_its_place(tmp_path: Path, text: str, place: str) -> None:
    (tmp_path / "divisions.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        load_divisions([tmp_path])
    assert place in {problem.path for problem in refused.value.problems}
    assert {problem.file for problem in refused.value.problems} == {"divisions.yaml"}


def test_another_office_adds_its_divisions_and_may_repeat_but_not_change_ours(tmp_path: Path) -> None:
    row = '{code: "320500", name: {zh: 苏州市, en: Suzhou}, kind: city, source: x, confidence: verified}'
    (tmp_path / "divisions.yaml").write_text(f"divisions:\n  - {row}\n", encoding="utf-8")
    table = load_divisions([WORKFLOWS, tmp_path, tmp_path])
    assert table.name("320500")["zh"] == "苏州市"
    (tmp_path / "divisions.yaml").write_text("divisions:\n" + CITY, encoding="utf-8")
    with pytest.raises(DefinitionError, match="listed twice"):
        load_divisions([WORKFLOWS, tmp_path])
