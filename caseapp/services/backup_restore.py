"""Taking a backup back into an installation that holds nothing yet, on the same or on another kind of database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Connection, Date, String, column, delete, insert, select, table, text
from sqlalchemy.types import TypeEngine

from caseapp.context import Context
from caseapp.db import Instant
from caseapp.domain.backups import CellKind, Manifest, TableTold
from caseapp.domain.errors import N_, InputError, Message
from caseapp.models.setting import Setting
from caseapp.ports import BackupSource
from caseapp.queries.behind import PREFIX, Behind
from caseapp.services.backup_create import backups_of, vault_mark
from caseapp.services.unit_of_work import unit_of_work

Progress = Callable[[int], object]

_CHUNK: Final = 500
_TYPES: Final[dict[CellKind, TypeEngine[Any]]] = {
    CellKind.TEXT: String(),
    CellKind.INTEGER: BigInteger(),
    CellKind.BOOLEAN: Boolean(),
    CellKind.DATE: Date(),
    CellKind.INSTANT: Instant(),
}
_SEQUENCE: Final = text("SELECT pg_get_serial_sequence(:of_table, :of_column)")
_GO_ON: Final = "SELECT setval('{sequence}', greatest((SELECT coalesce(max({column}), 0) FROM {table}), 1))"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was taken back.

    other_vault     the key that seals second factors is another here: they have to be set up anew
    keys_to_bring   own organ keys whose private half is not here, and is in no backup
    """

    rows: int
    files: int
    other_vault: bool
    keys_to_bring: tuple[str, ...]


def load(ctx: Context, archive: BackupSource, *, progress: Progress | None = None) -> Restored:
    """Fill the tables, which are those of the backup's revision and empty, and put the files where they belong.

    All rows are taken or none. What a database derives for itself is marked as still to be written (`flask database
    prepare`).

    progress  called with the number of rows and files done since the last call

    raises  InputError for a line that does not fit its table
    """
    manifest, other = archive.manifest, archive.manifest.vault_mark != vault_mark(ctx)
    for member in manifest.files:
        backups_of(ctx).put(archive, member)
        if progress is not None:
            progress(1)
    with unit_of_work(ctx) as unit:
        unit.connection.execute(delete(Setting))  # marks that the migrations have set in the empty tables
        for told in manifest.tables:
            _fill(unit.connection, archive, told, progress)
        for kind in (Behind.INDEX, *((Behind.NUMBERS,) if other else ())):
            _mark(unit.connection, kind)
        if unit.connection.dialect.name == "postgresql":
            _go_on_counting(unit.connection, manifest)
    return Restored(manifest.rows, len(manifest.files), other, backups_of(ctx).lacks_private_keys())


def _fill(connection: Connection, archive: BackupSource, told: TableTold, progress: Progress | None) -> None:
    target = table(told.name, *(column(one.name, _TYPES[one.kind]) for one in told.columns))
    rows, count = _read(archive, told), 0
    while part := list(islice(rows, _CHUNK)):
        connection.execute(insert(target), part)
        count += len(part)
        if progress is not None:
            progress(len(part))
    if count != told.rows:
        raise _unfit(told)


def _read(archive: BackupSource, told: TableTold) -> Iterator[dict[str, Any]]:
    try:
        for cells in archive.rows(told):
            yield told.read(cells)
    except ValueError as error:
        raise _unfit(told) from error


def _unfit(told: TableTold) -> InputError:
    return InputError("file", Message(N_("备份中表 %(table)s 的内容与清单不符"), {"table": told.name}))


def _mark(connection: Connection, kind: Behind) -> None:
    name = f"{PREFIX}{kind.value}"
    if connection.execute(select(Setting.name).where(Setting.name == name)).first() is None:
        connection.execute(insert(Setting).values(name=name, value=""))


def _go_on_counting(connection: Connection, manifest: Manifest) -> None:
    """Let numbers that PostgreSQL gives go on after the last one taken back."""
    for told in manifest.tables:
        for one in told.columns:
            if one.kind is not CellKind.INTEGER:
                continue
            sequence = connection.execute(_SEQUENCE, {"of_table": told.name, "of_column": one.name}).scalar()
            if sequence is not None:
                connection.execute(text(_GO_ON.format(sequence=sequence, column=one.name, table=told.name)))
