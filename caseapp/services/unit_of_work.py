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
from caseapp.db import begin_writing


class UnrecordedChange(RuntimeError):
    """A programming error: a case projection changed in a unit of work that wrote no ledger entry for it."""


@dataclass(slots=True)
class Unit:
    """The write transaction: its connection, and which cases were changed and recorded in it."""

    session: Session
    changed: set[str] = field(default_factory=set)
    recorded: set[str] = field(default_factory=set)
    _connection: Connection | None = None

    @property
    def connection(self) -> Connection:
        """Return the connection on which the database accepts writes; the transaction begins when it is first asked
        for.
        """
        if self._connection is None:
            self._connection = begin_writing(self.session)
        return self._connection


_SHARED = "huhang_shared_unit"


@contextmanager
def unit_of_work(ctx: Context) -> Iterator[Unit]:
    """Open a write transaction; commit at the end, roll everything back on any error.

    What the session read before is no longer sure: it is guarded by the case's version, or read again in the unit.
    Inside `one_transaction` the unit joins that and is committed with it.

    raises  UnrecordedChange before commit
    """
    with late_unit_of_work(ctx) as unit:
        assert unit.connection is not None
        yield unit


@contextmanager
def late_unit_of_work(ctx: Context) -> Iterator[Unit]:
    """Open a write transaction as `unit_of_work` does, but only with the first write: for writes that a version guards.

    On SQLite whoever writes keeps all others waiting; what can be worked out beforehand is.
    """
    unit = Unit(ctx.session, _connection=ctx.session.info.get(_SHARED))
    if unit._connection is not None:
        yield unit
        _check(unit)
        return
    with _to_the_end(ctx.session):
        yield unit
        _check(unit)


@contextmanager
def one_transaction(ctx: Context) -> Iterator[None]:
    """Let the units of work inside commit together, or not at all: acts that belong together, or much that is loaded
    into a system nobody works with yet. Inside another it joins that.
    """
    if _SHARED in ctx.session.info:
        yield
        return
    with _to_the_end(ctx.session):
        ctx.session.info[_SHARED] = begin_writing(ctx.session)
        try:
            yield
        finally:
            del ctx.session.info[_SHARED]


@contextmanager
def _to_the_end(session: Session) -> Iterator[None]:
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise


def _check(unit: Unit) -> None:
    unrecorded = unit.changed - unit.recorded
    if unrecorded:
        raise UnrecordedChange(", ".join(sorted(unrecorded)))
