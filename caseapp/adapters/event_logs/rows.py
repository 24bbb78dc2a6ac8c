"""Reading event logs that are tables: CSV with a header, one event a row, the rows of a case in any order.

Rows of one case need not stand together, so the whole table is first put into a temporary SQLite file (only the columns
that the mapping reads) and then read back case by case, in the order in which the cases first appear. Memory stays
bounded; the file lies in a folder that nobody else may read and is gone when reading ends.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from caseapp.adapters.outside_files import BROKEN, Progress, opened, unreadable
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.exchange.event_log import EventMapping, RawCase, RawEvent

_DELIMITERS = (",", ";", "\t")
_CASE_PREFIX = "case:"
"""Tables made of XES logs put it before the names of case-level attributes."""
_BATCH = 5_000
_CACHE_KIB = 16_000
_LONGEST_HEADER = 1 << 20


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where in a row the mapping finds its values. `attributes` are (name in the mapping, column)."""

    width: int
    case: int
    activity: int
    time: int
    attributes: tuple[tuple[str, int], ...]


def read_rows(
    path: Path, mapping: EventMapping, *, progress: Progress | None = None, workspace: Path | None = None
) -> Iterator[RawCase]:
    """Give every case of a CSV file (UTF-8; comma, semicolon or tab; plain or gzip), its events in file order.

    workspace  folder for the temporary file; None = the system's
    raises     InputError, before any case is given, when the file cannot be read to its end, is no CSV or lacks a
               column that the mapping names. Rows without a case id are given as cases at fault.
    """
    with (
        tempfile.TemporaryDirectory(prefix="huhang-", dir=workspace) as folder,
        closing(sqlite3.connect(Path(folder) / "rows.sqlite3", isolation_level=None)) as store,
    ):
        try:
            with opened(path, progress=progress) as stream:
                columns = _fill(store, stream, path, mapping)
        except BROKEN as wrong:
            raise unreadable(path, wrong) from wrong
        yield from _cases(store, columns, mapping)


def _fill(store: sqlite3.Connection, stream: BinaryIO, path: Path, mapping: EventMapping) -> _Columns:
    # A byte that is no UTF-8 survives as a surrogate, so that it refuses its own case and not the table.
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    header = text.readline(_LONGEST_HEADER)
    delimiter, columns = _columns(header, path, mapping)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "temp_store = FILE", f"cache_size = -{_CACHE_KIB}"):
        store.execute(f"PRAGMA {pragma}")
    store.execute("CREATE TABLE event_row (case_id TEXT, line INTEGER, cells TEXT)")
    store.execute("BEGIN")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        rows = _rows(reader, columns)
        while batch := list(islice(rows, _BATCH)):
            store.executemany("INSERT INTO event_row VALUES (?, ?, ?)", batch)
    except csv.Error as wrong:
        raise InputError(
            "", Message(N_("第 %(line)s 行的引号不成对或单元格过长，无法分列"), {"line": reader.line_num + 1})
        ) from wrong
    store.execute("COMMIT")
    store.execute("CREATE INDEX row_of_case ON event_row (case_id, line)")
    return columns


def _rows(reader: Iterator[list[str]], columns: _Columns) -> Iterator[tuple[str, int, str]]:
    for cells in reader:
        if not any(cells):
            continue
        # The header was line 1; a row that spans several lines is named by its last.
        line = reader.line_num + 1  # type: ignore[attr-defined]
        case_id = cells[columns.case].strip() if columns.case < len(cells) else ""
        if len(cells) != columns.width:
            kept: list[str] | None = None
        else:
            kept = [cells[columns.activity], cells[columns.time], *(cells[place] for _, place in columns.attributes)]
        # ASCII JSON, for SQLite takes no surrogates; the case id is kept the same way.
        yield json.dumps(case_id), line, json.dumps(kept)


def _columns(header: str, path: Path, mapping: EventMapping) -> tuple[str, _Columns]:
    """Return the delimiter and the places of the columns: the first delimiter with which all of them are found."""
    missing: list[str] = []
    for delimiter in _DELIMITERS:
        try:
            names = [name.strip() for name in next(csv.reader([header], delimiter=delimiter, strict=True), [])]
        except csv.Error:
            names = []
        taken = {"case": _case_level(mapping.case, names), "activity": mapping.activity, "time": mapping.time}
        attributes = {name: _case_level(name, names) for name in mapping.case_attributes}
        lacking = [name for name in (*taken.values(), *attributes.values()) if name not in names]
        if not lacking:
            for name in (*taken.values(), *attributes.values()):
                if names.count(name) > 1:
                    raise InputError("", Message(N_("列名“%(name)s”重复出现"), {"name": name}))
            places = {key: names.index(name) for key, name in taken.items()}
            return delimiter, _Columns(
                len(names),
                places["case"],
                places["activity"],
                places["time"],
                tuple((key, names.index(name)) for key, name in attributes.items()),
            )
        if not missing or len(lacking) < len(missing):
            missing = lacking
    raise InputError(
        "",
        Message(
            N_("文件 %(file)s 缺少映射所列的列：%(names)s"),
            {"file": path.name, "names": ", ".join(dict.fromkeys(missing))},
        ),
    )


def _case_level(name: str, names: Sequence[str]) -> str:
    """Return the column of a case-level name: with the prefix of tables made of logs, where there is one."""
    return f"{_CASE_PREFIX}{name}" if f"{_CASE_PREFIX}{name}" in names else name


def _cases(store: sqlite3.Connection, columns: _Columns, mapping: EventMapping) -> Iterator[RawCase]:
    cases = store.execute("SELECT case_id, MIN(line) FROM event_row GROUP BY case_id ORDER BY MIN(line)")
    for case_id, first in cases:
        rows = store.execute("SELECT line, cells FROM event_row WHERE case_id = ? ORDER BY line", (case_id,))
        name = json.loads(case_id)
        if not name.strip():
            for line, _ in rows:
                yield RawCase(line, "", fault=Message(N_("该行没有案件编号")))
        else:
            yield _case(name, first, rows, columns, mapping)


def _case(
    case_id: str, first: int, rows: Iterator[tuple[int, str]], columns: _Columns, mapping: EventMapping
) -> RawCase:
    events: list[RawEvent] = []
    attributes: dict[str, str] = {}
    fault: Message | None = None
    for line, cells in rows:
        told = json.loads(cells)
        wrong = _fault_of(told, line, mapping)
        if wrong is not None:
            fault = fault or wrong
            continue
        activity, time, *values = told
        events.append(RawEvent(activity, time, line))
        for (name, _), value in zip(columns.attributes, values, strict=True):
            if value.strip() and attributes.setdefault(name, value) != value:
                fault = fault or Message(
                    N_("同一案件的“%(name)s”列前后不一（第 %(line)s 行）"), {"name": name, "line": line}
                )
    return RawCase(first, case_id, attributes, events, fault)


def _fault_of(told: list[str] | None, line: int, mapping: EventMapping) -> Message | None:
    if told is None:
        return Message(N_("第 %(line)s 行的列数与表头不符"), {"line": line})
    if any("\udc80" <= character <= "\udcff" for cell in told for character in cell):
        return Message(N_("第 %(line)s 行不是 UTF-8 编码"), {"line": line})
    if not told[0]:
        return Message(N_("第 %(line)s 行的事件没有活动名称（%(name)s）"), {"line": line, "name": mapping.activity})
    if not told[1].strip():
        return Message(N_("第 %(line)s 行的事件没有时间（%(name)s）"), {"line": line, "name": mapping.time})
    return None
