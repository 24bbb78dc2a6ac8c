"""The shipped organs in four levels, and how a broken list is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from caseapp.adapters.division_files import load_divisions
from caseapp.adapters.organ_files import load_organs
from caseapp.domain.errors import DefinitionError
from caseapp.domain.numbering import DocumentNumber, NumberStyle, parse_number
from caseapp.domain.organs import ENFORCEMENT_KINDS, OrganKind, OrganLevel

WORKFLOWS = Path(__file__).parents[2] / "workflows"
DIVISIONS = load_divisions([WORKFLOWS])
SHIPPED = load_organs([WORKFLOWS], DIVISIONS)


def test_the_four_levels_hang_together_from_the_province_to_the_market_station() -> None:
    chain = ["320614-station-dieshiqiao", "320614-ip", "320600-ip", "320000-ip"]
    assert [SHIPPED.get(below).parent for below in chain] == [*chain[1:], None]
    assert [SHIPPED.get(organ_id).level for organ_id in chain] == [
        OrganLevel.STATION,
        OrganLevel.COUNTY,
        OrganLevel.CITY,
        OrganLevel.PROVINCE,
    ]
    assert SHIPPED.get("320612-station-chuanjiang").parent == "320612-ip"
    assert SHIPPED.get("320671-ip").level is OrganLevel.PARK


@pytest.mark.parametrize(
    "kind", [OrganKind.MARKET_REGULATION, OrganKind.POLICE, OrganKind.PROCURATORATE, OrganKind.COURT]
)
def test_every_part_of_the_city_has_its_enforcement_police_procuratorate_and_court(kind: OrganKind) -> None:
    for part in DIVISIONS.parts():
        found = SHIPPED.of(kind, part.code)
        assert found is not None, (kind, part.code)
        assert part.name_zh.rstrip("区县市") in found.name_zh or found.level is OrganLevel.PARK


@pytest.mark.parametrize(
    ("organ_id", "kind"),
    [
        ("320600-ip", OrganKind.IP_AUTHORITY),
        ("320612-ip", OrganKind.MARKET_REGULATION),
        ("320600-kw", OrganKind.FAST_RIGHTS_CENTRE),
        ("320600-cr", OrganKind.COPYRIGHT_ENFORCEMENT),
        ("320600-customs", OrganKind.CUSTOMS),
        ("320600-police", OrganKind.POLICE),
        ("320612-police", OrganKind.POLICE),
        ("320600-procuratorate", OrganKind.PROCURATORATE),
        ("320600-court", OrganKind.COURT),
        ("320612-court", OrganKind.COURT),
        ("320600-mediation", OrganKind.MEDIATION_BODY),
        ("320600-aid", OrganKind.RIGHTS_AID),
    ],
)
def test_the_organs_that_other_parts_rely_on_exist(organ_id: str, kind: OrganKind) -> None:
    assert SHIPPED.get(organ_id).kind is kind


def test_everyone_who_decides_cases_has_a_document_word_of_his_own() -> None:
    deciding = [item for item in SHIPPED if item.kind in ENFORCEMENT_KINDS]
    words = [item.document_word for item in deciding]
    assert all(words)
    assert len(set(words)) == len(words)


def test_a_number_of_a_shipped_organ_can_be_read_back() -> None:
    for item in SHIPPED:
        if item.document_word:
            number = DocumentNumber(item.document_word, "处罚", 2026, 1)
            assert parse_number(str(number), organ_words=SHIPPED.document_words())[0] == number


def test_the_city_sees_its_counties_but_not_the_judiciary() -> None:
    below = {item.id for item in SHIPPED.with_below("320600-ip")}
    assert {"320612-ip", "320671-ip", "320600-kw", "320612-station-chuanjiang"} <= below
    assert not any(organ_id.endswith(("-police", "-court", "-procuratorate")) for organ_id in below)


def test_all_names_are_in_both_languages() -> None:
    for item in SHIPPED:
        assert item.name["zh"]
        assert item.short["zh"]
        assert item.name["en"].isascii() or "’" in item.name["en"]


ROW = (
    "  - {{id: 320612-{role}, name: {{zh: 甲, en: A}}, short: {{zh: 甲, en: A}}, level: county, kind: market_regulation, "
    'division: "320612"{more}}}\n'
)


@pytest.mark.parametrize(
    ("rows", "place", "problem"),
    [
        pytest.param(
            ROW.format(role="ip", more=", parent: 320600-ip"), "parent", "does not exist", id="parent missing"
        ),
        pytest.param(ROW.format(role="ip", more=", level2: x"), "level2", "unknown key", id="key unknown"),
        pytest.param(
            ROW.format(role="ip", more=", number_style: {digits: 12}"), "number_style", "at most 9", id="style"
        ),
        pytest.param(ROW.format(role="IP", more=""), "320612-IP", "hyphen", id="shape of the id"),
    ],
)
def test_a_broken_list_is_refused_with_its_place(tmp_path: Path, rows: str, place: str, problem: str) -> None:
    (tmp_path / "organs.yaml").write_text(f"organs:\n{rows}", encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        load_organs([tmp_path], DIVISIONS)
    assert any(place in found.path and problem in found.problem for found in refused.value.problems)


def test_a_local_style_and_another_office_are_added_by_a_later_folder(tmp_path: Path) -> None:
    row = ROW.format(role="x", more=", parent: 320600-ip, number_style: {digits: 4, ordinal: true}")
    (tmp_path / "organs.yaml").write_text(f"organs:\n{row}", encoding="utf-8")
    table = load_organs([WORKFLOWS, tmp_path], DIVISIONS)
    assert table.get("320612-x").number_style == NumberStyle(digits=4, ordinal=True)
    changed = ROW.format(role="ip", more="")
    (tmp_path / "organs.yaml").write_text(f"organs:\n{changed}", encoding="utf-8")
    with pytest.raises(DefinitionError, match="listed twice"):
        load_organs([WORKFLOWS, tmp_path], DIVISIONS)
