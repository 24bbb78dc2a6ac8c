"""Keeping what can be found beside the case, in its transaction: the rows, and the index of their grams.

Nothing else writes `search_entry`: on SQLite the full-text index has no content of its own, so an entry must leave it
with the same grams with which it came in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, literal_column, or_, select

from caseapp.db import Prepared, table_of
from caseapp.domain.facts import CaseImage
from caseapp.domain.search_text import grams
from caseapp.models.search_entry import SearchEntry
from caseapp.services import search_rows

_ENTRY = table_of(SearchEntry)
_COLUMNS = ("case_id", "kind", "place", "target", "text", "folded")
_VALUES: dict[str, Any] = {name: bindparam(name) for name in _COLUMNS}
_INSERT = Prepared(insert(_ENTRY).values(_VALUES).inline())
_INSERT_WITH_VECTOR = Prepared(
    insert(_ENTRY).values({**_VALUES, "vector": bindparam("vector", type_=_ENTRY.c.vector.type)}).inline()
)
_INSERT_KNOWING_ID = insert(_ENTRY).values(_VALUES).returning(_ENTRY.c.id, sort_by_parameter_order=True)
_DELETE_CASE_AND_PARTIES = Prepared(
    delete(_ENTRY).where(
        _ENTRY.c.case_id == bindparam("of_case"),
        or_(_ENTRY.c.kind == literal_column("'case'"), _ENTRY.c.kind == literal_column("'party'")),
    )
)
_INDEX = "INSERT INTO search_index (rowid, grams) VALUES (?, ?)"
_UNINDEX = "INSERT INTO search_index (search_index, rowid, grams) VALUES ('delete', ?, ?)"


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add entries: rows as `services.search_rows` makes them."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        ids = connection.execute(_INSERT_KNOWING_ID, [dict(row) for row in rows]).scalars().all()
        pairs = [(entry, " ".join(_grams(row))) for entry, row in zip(ids, rows, strict=True)]
        connection.exec_driver_sql(_INDEX, pairs)
    else:
        _INSERT_WITH_VECTOR.run(connection, [{**row, "vector": " ".join(_grams(row))} for row in rows])


def remove(connection: Connection, case_id: str, kinds: Sequence[str] | None = None) -> None:
    """Remove the entries of a case: those of some kinds, or all."""
    which = [_ENTRY.c.case_id == case_id]
    if kinds is not None:
        which.append(_ENTRY.c.kind.in_(kinds))
    _unindex(connection, which)
    connection.execute(delete(_ENTRY).where(*which))


def _unindex(connection: Connection, which: Sequence[ColumnElement[bool]]) -> None:
    if connection.dialect.name != "sqlite":
        return
    old = connection.execute(select(_ENTRY.c.id, _ENTRY.c.kind, _ENTRY.c.folded).where(*which)).all()
    if old:
        connection.exec_driver_sql(_UNINDEX, [(row.id, " ".join(_grams(row._asdict()))) for row in old])


def follow(connection: Connection, before: CaseImage | None, after: CaseImage) -> None:
    """Bring the entries of a case and its parties from one image to the next. Notes and documents are only added."""
    if before is not None and all(
        getattr(before, name) is getattr(after, name) or getattr(before, name) == getattr(after, name)
        for name in search_rows.FIELDS
    ):
        return
    if before is not None:
        which = [_ENTRY.c.case_id == after.id, _ENTRY.c.kind.in_((search_rows.CASE, search_rows.PARTY))]
        _unindex(connection, which)
        _DELETE_CASE_AND_PARTIES.run(connection, {"of_case": after.id})
    add(connection, search_rows.rows_of(after))


def is_in_step(row: Mapping[str, Any]) -> bool:
    """Return whether the index that stands in the row itself (PostgreSQL) is that of its text."""
    words = row["vector"]
    return words is None or {word.strip("'") for word in words.split()} == set(_grams(row))


def _grams(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the words of an entry in the index; its kind is one, so that a search in one kind meets no other."""
    return (f"k{row['kind']}", *grams(row["folded"]))
