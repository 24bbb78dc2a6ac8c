"""Keeping what can be found beside the case, in its transaction: the rows, and the index of their grams.

Nothing else writes `search_entry`: on SQLite the full-text index has no content of its own, so an entry must leave it
with the same grams with which it came in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, literal_column, or_, select, update
from sqlalchemy import text as sql

from caseapp.db import Prepared, table_of
from caseapp.domain.facts import CaseImage
from caseapp.domain.search_text import grams, kind_gram, organ_gram
from caseapp.models.search_entry import SearchEntry
from caseapp.services import search_rows

_ENTRY = table_of(SearchEntry)
_COLUMNS = ("case_id", "organ_id", "kind", "place", "target", "text", "folded")
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
_MOVE = Prepared(
    update(_ENTRY).where(_ENTRY.c.case_id == bindparam("of_case")).values(organ_id=bindparam("to_organ")).inline()
)
_REINDEX = Prepared(
    sql(
        "UPDATE search_entry SET vector = ts_delete(vector, :old_gram) || CAST(:new_gram AS tsvector) "
        "WHERE case_id = :of_case"
    )
)
_INDEX = "INSERT INTO search_index (rowid, grams) VALUES (?, ?)"
_VECTOR_AGAIN = (
    update(_ENTRY)
    .where(_ENTRY.c.id == bindparam("of_entry"))
    .values(vector=bindparam("words", type_=_ENTRY.c.vector.type))
)
_AT_ONCE = 1000
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
    old = _indexed(connection, which)
    if old:
        connection.exec_driver_sql(_UNINDEX, old)


def _indexed(connection: Connection, which: Sequence[ColumnElement[bool]]) -> list[tuple[int, str]]:
    """Return (id, grams) of entries, as the index of SQLite has them."""
    parts = (_ENTRY.c.id, _ENTRY.c.organ_id, _ENTRY.c.kind, _ENTRY.c.folded)
    return [(row.id, " ".join(_grams(row._asdict()))) for row in connection.execute(select(*parts).where(*which))]


def follow(connection: Connection, before: CaseImage | None, after: CaseImage) -> None:
    """Bring the entries of a case, its parties, evidence and goods from one image to the next. Notes and documents are
    only added; with the case all of them go to another organ.
    """
    if before is not None and before.organ != after.organ:
        _move(connection, after.id, before.organ, after.organ)
    _follow_things(connection, before, after)
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


def _move(connection: Connection, case_id: str, old: str, new: str) -> None:
    which = [_ENTRY.c.case_id == case_id]
    _unindex(connection, which)
    _MOVE.run(connection, {"of_case": case_id, "to_organ": new})
    if connection.dialect.name != "sqlite":
        grams_of = {"old_gram": organ_gram(old), "new_gram": organ_gram(new)}
        _REINDEX.run(connection, {"of_case": case_id, **grams_of})
    elif moved := _indexed(connection, which):
        connection.exec_driver_sql(_INDEX, moved)


def reindex(connection: Connection, *, progress: Callable[[int], object] | None = None) -> int:
    """Make the index of all entries anew and return how many there are; bounded memory.

    progress  called with the number of entries done since the last call
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('delete-all')")
    done = after = 0
    while batch := _indexed_after(connection, after):
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(_INDEX, batch)
        else:
            connection.execute(_VECTOR_AGAIN, [{"of_entry": entry, "words": words} for entry, words in batch])
        after = batch[-1][0]
        done += len(batch)
        if progress is not None:
            progress(len(batch))
    return done


def _indexed_after(connection: Connection, after: int) -> list[tuple[int, str]]:
    ids = select(_ENTRY.c.id).where(_ENTRY.c.id > after).order_by(_ENTRY.c.id).limit(_AT_ONCE).subquery()
    return sorted(_indexed(connection, [_ENTRY.c.id.in_(select(ids.c.id))]))


def _follow_things(connection: Connection, before: CaseImage | None, after: CaseImage) -> None:
    """Bring the entries of evidence and goods along, those alone that say something else now."""
    if before is None:
        add(connection, search_rows.things_rows(after))
        return
    if before.evidence is after.evidence and before.custody is after.custody:
        return
    old = {row["place"]: row for row in search_rows.things_rows(replace(before, organ=after.organ))}
    new = {row["place"]: row for row in search_rows.things_rows(after)}
    gone = [place for place, row in old.items() if new.get(place) != row]
    if gone:
        which = [_ENTRY.c.case_id == after.id, _ENTRY.c.kind == search_rows.EVIDENCE, _ENTRY.c.place.in_(gone)]
        _unindex(connection, which)
        connection.execute(delete(_ENTRY).where(*which))
    add(connection, [row for place, row in new.items() if old.get(place) != row])


def is_in_step(row: Mapping[str, Any]) -> bool:
    """Return whether the index that stands in the row itself (PostgreSQL) is that of its text."""
    words = row["vector"]
    return words is None or {word.strip("'") for word in words.split()} == set(_grams(row))


def _grams(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the words of an entry in the index; its kind and its organ are two, so that a search in one kind or under
    one organ meets no other.
    """
    return (kind_gram(row["kind"]), organ_gram(row["organ_id"]), *grams(row["folded"]))
