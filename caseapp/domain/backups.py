"""What a backup holds: every table as lines of JSON, the kept files by name, and a list of both with sizes and hashes.

It is a plain ZIP that another database and another machine can take in. Private keys are never part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final

from caseapp.domain.events import Json

FORMAT: Final = "huhang-backup"
VERSION: Final = 1
ALGORITHM: Final = "sha256"
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig.json"

_NAMES: Final = re.compile(
    r"database/[a-z][a-z0-9_]{0,62}\.jsonl"
    r"|evidence/sha256/[0-9a-f]{2}/[0-9a-f]{64}"
    r"|documents/[0-9a-f]{2}/[0-9a-f]{64}"
    r"|anchors/anchor-[0-9]{8,}\.json"
    r"|keys/(organs|trusted)/[0-9a-z-]{1,80}\.json"
    r"|keys/anchors/[0-9a-f]{64}\.pub"
)
_TABLE: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")


class CellKind(StrEnum):
    """What a column holds, whatever the database calls it."""

    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    INSTANT = "instant"


_PLAIN: Final[Mapping[CellKind, type]] = {CellKind.TEXT: str, CellKind.INTEGER: int, CellKind.BOOLEAN: bool}
Cell = str | int | bool | date | datetime | None


def told_cell(value: Cell) -> Json:
    """Return a value as JSON has it: days and instants (UTC) in ISO 8601."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def read_cell(kind: CellKind, value: Json) -> Cell:
    """Return what `told_cell` told. raises ValueError where it is of another kind"""
    if value is None:
        return None
    if kind is CellKind.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    if kind is CellKind.INSTANT and isinstance(value, str):
        return datetime.fromisoformat(value)
    if isinstance(value, str | int) and type(value) is _PLAIN.get(kind):
        return value
    raise ValueError(f"{value!r} is no {kind}")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    kind: CellKind


@dataclass(frozen=True, slots=True)
class TableTold:
    """A table: its columns in the order of the cells of each line, and how many rows it had."""

    name: str
    columns: tuple[Column, ...]
    rows: int

    @property
    def member(self) -> str:
        """Return the name of its lines in the backup."""
        return member_of(self.name)

    def read(self, cells: Sequence[Json]) -> dict[str, Cell]:
        """Return a row by column. raises ValueError for a line of another shape"""
        if len(cells) != len(self.columns):
            raise ValueError("another number of cells")
        return {column.name: read_cell(column.kind, cell) for column, cell in zip(self.columns, cells, strict=True)}


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside the backup. digest: '<algorithm>:<hex>'"""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The list of everything. Tables stand in the order in which they can be filled.

    made_at     instant
    revision    of the tables (the newest migration)
    public_key  with which it is signed: the key of the installation's anchors
    vault_mark  tells whether the key that seals second factors and personal numbers is the same elsewhere
    """

    format: str
    version: int
    made_at: str
    revision: str
    public_key: str
    vault_mark: str
    tables: tuple[TableTold, ...]
    members: tuple[Member, ...]

    @property
    def rows(self) -> int:
        """Return how many rows all tables have."""
        return sum(table.rows for table in self.tables)

    @property
    def files(self) -> tuple[Member, ...]:
        """Return what is no table."""
        tables = {table.member for table in self.tables}
        return tuple(member for member in self.members if member.name not in tables)


def member_of(table: str) -> str:
    """Return the name of a table's lines in a backup."""
    return f"database/{table}.jsonl"


def is_known_name(name: str) -> bool:
    """Return whether a backup may hold a member of that name; no other is ever written to a disk."""
    return _NAMES.fullmatch(name) is not None


def problems_of(manifest: Manifest, found: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield (member, reason) of what the list itself shows.

    found   name and size of every member that is really there, list and signature left out
    reason  name (may not be in a backup) | listed-twice | missing | not-listed | size | table
    """
    listed: dict[str, Member] = {}
    for member in manifest.members:
        if not is_known_name(member.name):
            yield member.name, "name"
        if member.name in listed:
            yield member.name, "listed-twice"
        listed[member.name] = member
        if member.name not in found:
            yield member.name, "missing"
        elif found[member.name] != member.size:
            yield member.name, "size"
    yield from ((name, "not-listed") for name in found if name not in listed)
    for table in manifest.tables:
        named = [table.name, *(column.name for column in table.columns)]
        if not all(_TABLE.fullmatch(name) for name in named) or table.member not in listed:
            yield table.member, "table"
