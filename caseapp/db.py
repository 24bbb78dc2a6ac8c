"""The database: one unbound SQLAlchemy registry with a naming convention, and how connections behave.

SQLite runs in WAL mode with synchronous=FULL (the record is evidence). Writes happen only inside a unit of work: a
connection refuses INSERT, UPDATE and DELETE unless the unit of work marked it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Engine, Executable, MetaData, Table, event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator


class Model(DeclarativeBase):
    """Base of every table, with fixed names for constraints so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Model)


def table_of(model: type[Model]) -> Table:
    """Return a model's table, for statements that go below the ORM."""
    return cast(Table, model.__table__)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant with microseconds; stored without offset where the database has none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


WRITABLE = "huhang_writable"
"""Key in `Connection.info` that a unit of work sets while it may write."""

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "TRUNCATE", "COPY")


class WriteOutsideUnitOfWork(RuntimeError):
    """A programming error: something tried to write without a unit of work."""


def prepare_engine(engine: Engine) -> None:
    """Attach the connection rules to an engine: SQLite pragmas and own BEGIN, and the refusal of stray writes."""

    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _pragmas(connection: sqlite3.Connection, _record: Any) -> None:
            connection.isolation_level = None
            cursor = connection.cursor()
            for pragma in ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.execute("PRAGMA cache_size=-32000")
            cursor.close()

        @event.listens_for(engine, "begin")
        def _begin(connection: Any) -> None:
            immediate = connection.get_execution_options().get(WRITABLE, False)
            # On the driver's own connection: this runs twice in every act, and has no parameters to prepare.
            connection.connection.driver_connection.execute("BEGIN IMMEDIATE" if immediate else "BEGIN")

    @event.listens_for(engine, "before_cursor_execute")
    def _refuse_stray_writes(
        connection: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool
    ) -> None:
        if statement.lstrip()[:8].upper().startswith(_WRITES) and not connection.get_execution_options().get(WRITABLE):
            raise WriteOutsideUnitOfWork(statement.split("\n", 1)[0][:80])


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement that was given to the database."""

    cursor: Any

    @property
    def touched(self) -> int:
        """Return the number of rows it touched; -1 while the answer is under way."""
        return int(self.cursor.rowcount)


@contextmanager
def sent_together(connection: Connection) -> Iterator[None]:
    """Let prepared statements go to the database one behind the other, without waiting for each answer.

    PostgreSQL answers a whole burst in one round trip instead of one a statement; SQLite has no trips to save. Where
    one is refused, those behind it do nothing.

    raises  sqlalchemy.exc.IntegrityError at the end
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    try:
        with connection.connection.driver_connection.pipeline():  # type: ignore[union-attr]
            yield
    except connection.dialect.loaded_dbapi.IntegrityError as error:
        raise IntegrityError(None, None, error) from error


class Prepared:
    """A writing statement compiled once per database and run on the connection's own cursor.

    The hot path of every act goes through a handful of these: what SQLAlchemy adds to each execution (compiled cache,
    contexts, events) costs more than the statement itself. Same statement, same types, same transaction.
    """

    __slots__ = ("_compiled", "statement")

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._compiled: dict[str, tuple[str, list[tuple[str, Any]], bool]] = {}

    def run(self, connection: Connection, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> int:
        """Run it once, or once for each mapping of a sequence.

        returns the number of rows it touched; -1 inside `sent_together`, where the answer is still under way

        raises  WriteOutsideUnitOfWork, sqlalchemy.exc.IntegrityError
        """
        return self.send(connection, values).touched

    def send(self, connection: Connection, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Sent:
        """Run it as `run` does; how many rows it touched can be asked after `sent_together` has ended.

        raises  WriteOutsideUnitOfWork, sqlalchemy.exc.IntegrityError
        """
        if not connection.get_execution_options().get(WRITABLE):
            raise WriteOutsideUnitOfWork(str(self.statement).split("\n", 1)[0][:80])
        sql, binds, positional = self._for(connection.dialect)
        cursor = connection.connection.cursor()
        try:
            if isinstance(values, Mapping):
                cursor.execute(sql, _bound(values, binds, positional))
            else:
                cursor.executemany(sql, [_bound(row, binds, positional) for row in values])
        except connection.dialect.loaded_dbapi.IntegrityError as error:
            raise IntegrityError(sql, values, error) from error
        return Sent(cursor)

    def _for(self, dialect: Dialect) -> tuple[str, list[tuple[str, Any]], bool]:
        known = self._compiled.get(dialect.name)
        if known is None:
            compiled = self.statement.compile(dialect=dialect)  # type: ignore[attr-defined]
            names = list(compiled.positiontup or compiled.binds)
            binds = [(name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names]
            known = (str(compiled), binds, compiled.positional)
            self._compiled[dialect.name] = known
        return known


def _bound(values: Mapping[str, Any], binds: list[tuple[str, Any]], positional: bool) -> Any:
    if positional:
        return tuple(process(values[name]) if process else values[name] for name, process in binds)
    return {name: process(values[name]) if process else values[name] for name, process in binds}
