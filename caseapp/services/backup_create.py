"""Writing a backup: every table as it stood at one moment, and every kept file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Boolean, Column, Connection, Date, DateTime, Integer, Table, select
from sqlalchemy.types import TypeDecorator

from caseapp.context import Context
from caseapp.db import Model
from caseapp.domain.backups import FORMAT, VERSION, CellKind, Manifest, TableTold, member_of, told_cell
from caseapp.domain.backups import Column as ColumnTold
from caseapp.domain.errors import N_, ExternalError, Message
from caseapp.ports import Backups, BackupTarget
from caseapp.queries.ledger_entries import begin_snapshot
from caseapp.services.access_log import note_export
from caseapp.services.ledger_rebuild import count_cases

Progress = Callable[[int], object]

_CHUNK: Final = 1000
_LEFT_OUT: Final = frozenset({"sign_in_session", "closure_flow"})
"""Who is signed in is nothing to bring back; sums that triggers keep come back by themselves."""
_DERIVED: Final = frozenset({("search_entry", "vector")})
"""Columns that a database fills for itself, in its own way."""
_KINDS: Final = (
    (DateTime, CellKind.INSTANT),
    (Date, CellKind.DATE),
    (Boolean, CellKind.BOOLEAN),
    (Integer, CellKind.INTEGER),
)
VAULT_MARK: Final = "backup"


def create(ctx: Context, path: Path, *, progress: Progress | None = None) -> Manifest:
    """Write a backup of this installation and return its list. The export is in the ledger, and in the backup.

    progress  called with the number of rows and files written since the last call

    raises  InputError where there is a file already, or none can be written; ExternalError
    """
    note_export(ctx, "backup", {"file": path.name}, rows=count_cases(ctx, None))
    with backups_of(ctx).writing(path) as archive:
        begin_snapshot(ctx)
        connection = ctx.session.connection()
        revision = MigrationContext.configure(connection).get_current_revision() or ""
        made_at = ctx.now().isoformat()
        tables = [_written(archive, connection, table, progress) for table in _tables()]
        for name, file in backups_of(ctx).kept():
            archive.add_file(name, file)
            _tell(progress, 1)
        known = {member.name for member in archive.members}
        for key in ctx.ports.signer.public_keys():
            if (name := f"keys/anchors/{key}.pub") not in known:
                archive.add(name, [key.encode()])
        manifest = Manifest(
            format=FORMAT,
            version=VERSION,
            made_at=made_at,
            revision=revision,
            public_key=ctx.ports.signer.public_key(),
            vault_mark=vault_mark(ctx),
            tables=tuple(tables),
            members=archive.members,
        )
        archive.finish(manifest, algorithm=ctx.ports.signer.algorithm, sign=ctx.ports.signer.sign)
    return manifest


def backups_of(ctx: Context) -> Backups:
    """Return where backups are written and read. raises ExternalError where the installation keeps none"""
    if ctx.ports.backups is None:
        raise ExternalError(Message(N_("本系统没有配置备份")))
    return ctx.ports.backups


def vault_mark(ctx: Context) -> str:
    """Return what is the same wherever the same key seals second factors and personal numbers."""
    return ctx.ports.vault.fingerprint(FORMAT, purpose=VAULT_MARK)


def _tables() -> Sequence[Table]:
    """Return the tables in an order in which they can be filled again."""
    return [table for table in Model.metadata.sorted_tables if table.name not in _LEFT_OUT]


def _written(archive: BackupTarget, connection: Connection, table: Table, progress: Progress | None) -> TableTold:
    columns = [column for column in table.columns if (table.name, column.name) not in _DERIVED]
    count = 0

    def lines() -> Iterator[bytes]:
        nonlocal count
        query = select(*columns).order_by(*_order(table))
        rows = connection.execution_options(yield_per=_CHUNK).execute(query)
        for part in rows.partitions(_CHUNK):
            yield b"".join(msgspec.json.encode([told_cell(cell) for cell in row]) + b"\n" for row in part)
            count += len(part)
            _tell(progress, len(part))

    archive.add(member_of(table.name), lines())
    told = tuple(ColumnTold(str(column.name), _kind(column)) for column in columns)
    return TableTold(str(table.name), told, count)


def _order(table: Table) -> list[Column[Any]]:
    """Return the key; rows that name another row of their table come after it (the path of an organ begins with that of
    the organ above).
    """
    names_itself = any(key.column.table is table for key in table.foreign_keys)
    return [table.c.path] if names_itself else list(table.primary_key.columns)


def _kind(column: Column[Any]) -> CellKind:
    plain = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    return next((kind for sort, kind in _KINDS if isinstance(plain, sort)), CellKind.TEXT)


def _tell(progress: Progress | None, number: int) -> None:
    if progress is not None:
        progress(number)
