"""One write transaction: the only place where the database accepts writes, and where a case cannot change
unrecorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from caseapp.context import Context
from caseapp.db import WRITABLE


class UnrecordedChange(RuntimeError):
    """A programming error: a case projection changed in a unit of work that wrote no ledger entry for it."""


@dataclass(slots=True)
class Unit:
    """The open write transaction: its connection, and which cases were changed and recorded in it."""

    session: Session
    connection: Connection
    changed: set[str] = field(default_factory=set)
    recorded: set[str] = field(default_factory=set)


_SHARED = "huhang_shared_unit"


@contextmanager
def unit_of_work(ctx: Context) -> Iterator[Unit]:
    """Open a write transaction; commit at the end, roll everything back on any error.

    A read transaction of the session that is still open is ended first: what was read before is guarded by the case's
    version, not by the snapshot. Inside `one_transaction` the unit joins that and is committed with it.

    raises  UnrecordedChange before commit
    """
    shared: Connection | None = ctx.session.info.get(_SHARED)
    if shared is not None:
        unit = Unit(ctx.session, shared)
        yield unit
        _check(unit)
        return
    with _transaction(ctx.session) as connection:
        unit = Unit(ctx.session, connection)
        yield unit
        _check(unit)


@contextmanager
def one_transaction(ctx: Context) -> Iterator[None]:
    """Let the units of work inside commit together, or not at all: for loading much into a system nobody works with
    yet.
    """
    with _transaction(ctx.session) as connection:
        ctx.session.info[_SHARED] = connection
        try:
            yield
        finally:
            del ctx.session.info[_SHARED]


@contextmanager
def _transaction(session: Session) -> Iterator[Connection]:
    if session.in_transaction():
        session.rollback()
    connection = session.connection(execution_options={WRITABLE: True})
    try:
        yield connection
        session.commit()
    except BaseException:
        session.rollback()
        raise


def _check(unit: Unit) -> None:
    unit.session.flush()
    unrecorded = unit.changed - unit.recorded
    if unrecorded:
        raise UnrecordedChange(", ".join(sorted(unrecorded)))
