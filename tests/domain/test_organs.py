"""Organs: the tree of agencies and what makes it unsound."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from caseapp.domain.divisions import Division, DivisionKind, DivisionTable
from caseapp.domain.errors import NotFound
from caseapp.domain.organs import OrganKind, OrganLevel, OrganRecord, OrganTable, organ_problems

DIVISIONS = DivisionTable(
    {"32": {"zh": "江苏省", "en": "Jiangsu"}},
    {
        "320600": Division("320600", "南通市", "Nantong City", DivisionKind.CITY),
        "320612": Division("320612", "通州区", "Tongzhou District", DivisionKind.DISTRICT),
    },
    "320600",
)


def organ(organ_id: str, level: OrganLevel, parent: str | None = None, word: str | None = None) -> OrganRecord:
    return OrganRecord(
        organ_id,
        f"机关{organ_id}",
        organ_id,
        organ_id,
        organ_id,
        level,
        OrganKind.MARKET_REGULATION,
        organ_id[:6],
        parent,
        word,
    )


CITY = organ("320600-ip", OrganLevel.CITY, None, "通知")
CENTRE = replace(organ("320600-kw", OrganLevel.CITY, "320600-ip", "快维"), kind=OrganKind.FAST_RIGHTS_CENTRE)
COUNTY = organ("320612-ip", OrganLevel.COUNTY, "320600-ip", "通州市监")
STATION = organ("320612-station", OrganLevel.STATION, "320612-ip")
TREE = OrganTable((CITY, CENTRE, COUNTY, STATION))


def test_everything_below_an_organ_is_in_its_sight() -> None:
    assert [item.id for item in TREE.with_below("320600-ip")] == [
        "320600-ip",
        "320600-kw",
        "320612-ip",
        "320612-station",
    ]
    assert [item.id for item in TREE.with_below("320612-ip")] == ["320612-ip", "320612-station"]
    assert TREE.is_below("320612-station", "320600-ip")
    assert not TREE.is_below("320600-ip", "320612-station")
    assert not TREE.is_below("320612-ip", "320612-ip")


def test_an_unknown_organ_is_not_found() -> None:
    assert "320612-ip" in TREE
    assert "320699-ip" not in TREE
    with pytest.raises(NotFound):
        TREE.get("320699-ip")


def test_an_addressee_is_found_by_kind_and_division() -> None:
    assert TREE.of(OrganKind.FAST_RIGHTS_CENTRE, "320600") == CENTRE
    assert TREE.of(OrganKind.POLICE, "320612") is None


def test_document_words_are_collected_for_reading_numbers() -> None:
    assert TREE.document_words() == ("通知", "快维", "通州市监")


def test_an_organ_lives_from_its_first_to_its_last_day() -> None:
    merged = replace(COUNTY, valid_from=date(2009, 1, 1), valid_to=date(2020, 6, 30))
    assert merged.in_force(date(2020, 6, 30))
    assert not merged.in_force(date(2020, 7, 1))
    assert not merged.in_force(date(2008, 12, 31))


def test_a_sound_tree_has_no_problems() -> None:
    assert organ_problems(TREE, DIVISIONS) == []


def _with(changed: OrganRecord) -> list[OrganRecord]:
    """Put a changed organ in its place, known by its name; the others stay as they are."""
    return [changed if item.name_zh == changed.name_zh else item for item in TREE]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        pytest.param(replace(COUNTY, id="320600-ip", division="320600"), "listed twice", id="same id"),
        pytest.param(replace(COUNTY, parent="320600-xx"), "does not exist", id="parent missing"),
        pytest.param(replace(CITY, parent="320612-station"), "stands below", id="parent of lower rank"),
        pytest.param(replace(CITY, parent="320600-kw"), "circle", id="circle"),
        pytest.param(replace(COUNTY, id="320699-ip", division="320699"), "not in the table", id="unknown district"),
        pytest.param(replace(COUNTY, id="990000-ip", division="990000"), "is no division", id="no division"),
        pytest.param(replace(COUNTY, id="ip"), "a division code, a hyphen", id="shape of the id"),
        pytest.param(replace(COUNTY, id="320600-x"), "does not begin with its division", id="id of another division"),
        pytest.param(replace(COUNTY, document_word="通知"), "belongs to 320600-ip", id="shared document word"),
        pytest.param(replace(COUNTY, document_word="TZ"), "Chinese characters", id="document word in Latin"),
        pytest.param(
            replace(COUNTY, valid_from=date(2020, 1, 1), valid_to=date(2019, 1, 1)), "before it begins", id="backwards"
        ),
        pytest.param(
            replace(COUNTY, id="320102-ip", division="320102"), "does not lie in 320600", id="parent elsewhere"
        ),
    ],
)
def test_an_unsound_tree_is_named(changed: OrganRecord, problem: str) -> None:
    found = organ_problems(_with(changed), DIVISIONS)
    assert any(problem in text for _, text in found), found
