"""The database: one unbound SQLAlchemy registry with a naming convention, and how connections behave.

SQLite runs in WAL mode with synchronous=FULL (the record is evidence). Writes happen only inside a unit of work: a
connection refuses INSERT, UPDATE and DELETE unless the unit of work marked it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast
from weakref import WeakKeyDictionary

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Date, DateTime, Dialect, Engine, Executable, MetaData, Select, Table, event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator, TypeEngine

from caseapp.turns import Turns


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
        turns = _turns_of[engine.dialect] = Turns(engine.url.database)

        @event.listens_for(engine, "connect")
        def _pragmas(connection: sqlite3.Connection, record: Any) -> None:
            connection.isolation_level = None
            cursor = connection.cursor()
            for pragma in ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.execute("PRAGMA cache_size=-32000")
            cursor.close()
            record.info[_TURNS] = turns

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            if connection.get_execution_options().get(WRITABLE):
                _begin_immediate(connection)
            else:
                # On the driver's own connection: this runs in every act, and has no parameters to prepare.
                _driver(connection).execute("BEGIN")

        @event.listens_for(engine, "commit")
        def _commit(connection: Connection) -> None:
            # Here and not by the driver's own commit, which then finds nothing to do: what SQLAlchemy clears up after
            # a commit need not keep the next one waiting.
            _driver(connection).execute("COMMIT")
            _next_please(None, connection)

        @event.listens_for(engine, "checkin")
        def _next_please(_connection: Any, record: Any) -> None:
            turn = record.info.pop(_TURN, None)
            if turn is not None:
                turn.give()

    @event.listens_for(engine, "before_cursor_execute")
    def _refuse_stray_writes(
        connection: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool
    ) -> None:
        if statement.lstrip()[:8].upper().startswith(_WRITES) and not connection.get_execution_options().get(WRITABLE):
            raise WriteOutsideUnitOfWork(statement.split("\n", 1)[0][:80])


_TURNS, _TURN = "huhang_turns", "huhang_turn"
"""Keys in a driver connection's `info`: its `Turns`, and the turn it has."""

_turns_of: WeakKeyDictionary[Dialect, Turns] = WeakKeyDictionary()


@contextmanager
def lined_up(session: Session) -> Iterator[None]:
    """Queue with the other writers of this process for the whole of an act, not for its write alone.

    On PostgreSQL nobody queues.
    """
    turns = _turns_of.get(session.get_bind().dialect)
    if turns is None or not turns.line_up():
        yield
        return
    try:
        yield
    finally:
        turns.step_out()


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _begin_immediate(connection: Connection) -> None:
    info = connection.info
    if info.get(_TURN) is None:  # one that writes again and again keeps its turn
        info[_TURN] = info[_TURNS].take()
    _driver(connection).execute("BEGIN IMMEDIATE")


def begin_writing(session: Session) -> Connection:
    """Begin a write transaction on a session and return its connection, on which the database accepts writes.

    A read transaction that is still open ends. What it was opened for may bind it in a way of its own (a snapshot for
    a figure): then another connection is taken. On PostgreSQL it else goes on as a writing one, in which every
    statement sees what is committed by then.
    """
    if not session.in_transaction():
        return session.connection(execution_options={WRITABLE: True})
    connection = session.connection()
    if "isolation_level" in connection.get_execution_options():
        session.rollback()
        return session.connection(execution_options={WRITABLE: True})
    if connection.dialect.name == "sqlite":
        _driver(connection).execute("ROLLBACK")
        _begin_immediate(connection)
    return connection.execution_options(**{WRITABLE: True})


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


Bound = tuple[str, Any, bool]


class WritingList:
    """Prepared statements with their values, put together before the write begins and then run in one go: whoever
    writes into SQLite keeps all others waiting.
    """

    __slots__ = ("_bound", "_dialect")

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._bound: list[Bound] = []

    def add(self, statement: Prepared, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> None:
        """Put a statement on the list, to be run once or once for each mapping of a sequence."""
        self._bound.append(statement.bound(self._dialect, values))

    def run(self, connection: Connection) -> None:
        """Run everything in the order in which it was put there. raises as `Prepared.send`"""
        for bound in self._bound:
            _sent(connection, bound)


class Prepared:
    """A writing statement compiled once per database and run on the connection's own cursor.

    The hot path of every act goes through a handful of these: what SQLAlchemy adds to each execution (compiled cache,
    contexts, events) costs more than the statement itself. Same statement, same types, same transaction.
    """

    __slots__ = ("_compiled", "statement")

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._compiled: dict[str, tuple[str, list[tuple[str, Any]], bool]] = {}

    def run(self, connection: Connection | WritingList, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> int:
        """Run it once, or once for each mapping of a sequence; or put it on a list, to be run later.

        returns the number of rows it touched; -1 where it is not run yet, and inside `sent_together`, where the answer
                is still under way

        raises  WriteOutsideUnitOfWork, sqlalchemy.exc.IntegrityError
        """
        if isinstance(connection, WritingList):
            connection.add(self, values)
            return -1
        return self.send(connection, values).touched

    def send(self, connection: Connection, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Sent:
        """Run it as `run` does; how many rows it touched can be asked after `sent_together` has ended.

        raises  WriteOutsideUnitOfWork, sqlalchemy.exc.IntegrityError
        """
        return _sent(connection, self.bound(connection.dialect, values))

    def bound(self, dialect: Dialect, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Bound:
        """Return the statement as the driver takes it: (SQL, parameters, whether they are those of many rows)."""
        sql, binds, positional = self._for(dialect)
        if isinstance(values, Mapping):
            return sql, _bound(values, binds, positional), False
        return sql, [_bound(row, binds, positional) for row in values], True

    def _for(self, dialect: Dialect) -> tuple[str, list[tuple[str, Any]], bool]:
        known = self._compiled.get(dialect.name)
        if known is None:
            compiled = self.statement.compile(dialect=dialect)  # type: ignore[attr-defined]
            names = list(compiled.positiontup or compiled.binds)
            binds = [(name, _processor(compiled.binds[name].type, dialect)) for name in names]
            known = (str(compiled), binds, compiled.positional)
            self._compiled[dialect.name] = known
        return known


class PreparedQuery:
    """A reading statement for one row, compiled once per database and run on the connection's own cursor, as `Prepared`
    is for writing.
    """

    __slots__ = ("_prepared", "_results")

    def __init__(self, statement: Select[Any]) -> None:
        self._prepared = Prepared(statement)
        self._results: dict[str, list[Any]] = {}

    def first(self, connection: Connection, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Return the first row, None where there is none."""
        dialect = connection.dialect
        sql, parameters, _many = self._prepared.bound(dialect, values)
        cursor = connection.connection.cursor()
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
        cursor.close()
        if row is None:
            return None
        results = self._results.get(dialect.name)
        if results is None:
            columns = cast("Select[Any]", self._prepared.statement).selected_columns
            results = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
            self._results[dialect.name] = results
        return tuple(read(value) if read else value for read, value in zip(results, row, strict=True))


def _sent(connection: Connection, bound: Bound) -> Sent:
    sql, parameters, many = bound
    if not connection.get_execution_options().get(WRITABLE):
        raise WriteOutsideUnitOfWork(sql.split("\n", 1)[0][:80])
    cursor = connection.connection.cursor()
    try:
        if many:
            cursor.executemany(sql, parameters)
        else:
            cursor.execute(sql, parameters)
    except connection.dialect.loaded_dbapi.IntegrityError as error:
        raise IntegrityError(sql, parameters, error) from error
    return Sent(cursor)


def _processor(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return what turns a value of a type into what the driver takes; None where it takes the value itself.

    SQLite keeps instants and days as text. SQLAlchemy puts that together part by part, and every act binds a dozen.
    """
    if dialect.name == "sqlite" and isinstance(kind, Instant):
        return _instant_text
    if dialect.name == "sqlite" and type(kind) is Date:
        return _day_text
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _instant_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _day_text(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _bound(values: Mapping[str, Any], binds: list[tuple[str, Any]], positional: bool) -> Any:
    if positional:
        return [process(values[name]) if process else values[name] for name, process in binds]
    return {name: process(values[name]) if process else values[name] for name, process in binds}
