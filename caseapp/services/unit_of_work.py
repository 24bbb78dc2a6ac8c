"""One write transaction: the only place where the database accepts writes, and where a case cannot change unrecorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from caseapp.db import WRITABLE
from caseapp.context import Context


class UnrecordedChange(RuntimeError):
    """A programming error: a case projection changed in a unit of work that wrote no ledger entry for it."""


@dataclass(slots=True)
class Unit:
    """The open write transaction: its connection, and which cases were changed and recorded in it."""

    session: Session
    connection: Connection
    changed: set[str] = field(default_factory=set)
    recorded: set[str] = field(default_factory=set)


@contextmanager
def unit_of_work(ctx: Context) -> Iterator[Unit]:
    """Open a write transaction; commit at the end, roll everything back on any error.

    A read transaction of the session that is still open is ended first: what was read before is guarded by the case's
    version, not by the snapshot.

    raises  UnrecordedChange before commit
    """
    session = ctx.session
    if session.in_transaction():
        session.rollback()
    connection = session.connection(execution_options={WRITABLE: True})
    unit = Unit(session, connection)
    try:
        yield unit
        session.flush()
        unrecorded = unit.changed - unit.recorded
        if unrecorded:
            raise UnrecordedChange(", ".join(sorted(unrecorded)))
        session.commit()
    except BaseException:
        session.rollback()
        raise
