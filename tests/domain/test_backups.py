"""Cells come back as they were, and a list that does not fit what is there is told item by item."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from caseapp.domain.backups import (
    Cell,
    CellKind,
    Column,
    Manifest,
    Member,
    TableTold,
    is_known_name,
    problems_of,
    read_cell,
    told_cell,
)
from caseapp.domain.events import Json

DIGEST = f"sha256:{'0' * 64}"
PIECE = f"evidence/sha256/ab/{'ab' * 32}"


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        (CellKind.TEXT, "案件", "案件"),
        (CellKind.TEXT, None, None),
        (CellKind.INTEGER, 2**40, 2**40),
        (CellKind.BOOLEAN, False, False),
        (CellKind.DATE, date(2026, 11, 22), "2026-11-22"),
        (CellKind.INSTANT, datetime(2026, 11, 22, 1, 2, 3, 456, tzinfo=UTC), "2026-11-22T01:02:03.000456+00:00"),
    ],
)
def test_a_cell_comes_back_as_it_was(kind: CellKind, value: Cell, told: Json) -> None:
    assert told_cell(value) == told
    assert read_cell(kind, told) == value


def test_an_instant_is_told_in_universal_time() -> None:
    there = datetime(2026, 11, 22, 9, 30, tzinfo=timezone(timedelta(hours=8)))
    assert told_cell(there) == "2026-11-22T01:30:00+00:00"


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (CellKind.TEXT, 1),
        (CellKind.INTEGER, True),
        (CellKind.INTEGER, "1"),
        (CellKind.BOOLEAN, 1),
        (CellKind.DATE, "yesterday"),
        (CellKind.DATE, 20261122),
        (CellKind.INSTANT, ["2026"]),
    ],
)
def test_a_cell_of_another_kind_is_refused(kind: CellKind, told: Json) -> None:
    with pytest.raises(ValueError):
        read_cell(kind, told)


def test_a_line_has_as_many_cells_as_its_table_has_columns() -> None:
    table = TableTold("organ", (Column("id", CellKind.TEXT), Column("level", CellKind.INTEGER)), 1)
    assert table.read(["320612-ip", 3]) == {"id": "320612-ip", "level": 3}
    with pytest.raises(ValueError):
        table.read(["320612-ip"])


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("database/case_file.jsonl", True),
        (PIECE, True),
        (f"documents/ab/{'ab' * 32}", True),
        ("anchors/anchor-00000001.json", True),
        (f"keys/anchors/{'0' * 64}.pub", True),
        ("keys/organs/0123abcd.json", True),
        ("keys/organs/0123abcd.pem", False),
        ("keys/vault.key", False),
        ("../etc/passwd", False),
        (f"{PIECE}/../../x", False),
        ("database/../x.jsonl", False),
        ("database/x.jsonl\n", False),
    ],
)
def test_only_names_of_a_backup_are_known_and_no_private_key_is(name: str, known: bool) -> None:
    assert is_known_name(name) is known


def _manifest(*members: Member, tables: tuple[TableTold, ...] = ()) -> Manifest:
    return Manifest("huhang-backup", 1, "2026-11-22T01:00:00+00:00", "0018", "00", "", tables, members)


def test_what_the_list_and_the_file_do_not_have_in_common_is_told() -> None:
    table = TableTold("organ", (Column("id", CellKind.TEXT),), 0)
    organ = Member(table.member, 0, DIGEST)
    good = _manifest(organ, Member(PIECE, 5, DIGEST), tables=(table,))
    assert list(problems_of(good, {organ.name: 0, PIECE: 5})) == []
    assert [member.name for member in good.files] == [PIECE]
    assert set(problems_of(good, {PIECE: 6, "extra": 1})) == {
        (organ.name, "missing"),
        (PIECE, "size"),
        ("extra", "not-listed"),
    }
    assert (PIECE, "listed-twice") in set(problems_of(_manifest(*good.members, good.members[1]), {PIECE: 5}))
    stray = _manifest(Member("/etc/passwd", 1, DIGEST))
    assert list(problems_of(stray, {"/etc/passwd": 1})) == [("/etc/passwd", "name")]


@pytest.mark.parametrize("named", ["organ", "organ; DROP TABLE organ", "Organ"])
def test_a_table_without_lines_or_with_a_name_that_is_none_is_told(named: str) -> None:
    table = TableTold(named, (Column("id", CellKind.TEXT),), 0)
    assert list(problems_of(_manifest(tables=(table,)), {})) == [(table.member, "table")]
    good = TableTold("organ", (Column("id", CellKind.TEXT),), 0)
    wrong = replace(good, columns=(Column('id"', CellKind.TEXT),))
    lines = Member(good.member, 0, DIGEST)
    assert list(problems_of(_manifest(lines, tables=(wrong,)), {lines.name: 0})) == [(lines.name, "table")]
