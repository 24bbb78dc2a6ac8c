"""One scheduler at a time: whoever holds the lock of the installation runs its jobs.

The lock dies with the process that holds it, so another takes over after a crash. That two hold it for a moment (a
database that was cut off and came back) does no harm: each run is claimed as well (`job_runs`).
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from caseapp.context import Context

_ADVISORY_KEY = 0x48_55_48_41_4E_47
"""'HUHANG': the number under which PostgreSQL keeps the lock, apart in each database."""


class SchedulerLock(Protocol):
    """The right to run the jobs of one installation."""

    def take(self) -> bool:
        """Try to get it, without waiting. Returns whether it is ours."""
        ...

    def is_held(self) -> bool:
        """Return whether it is still ours."""
        ...

    def release(self) -> None:
        """Give it up; doing so twice is no error."""
        ...


def scheduler_lock(ctx: Context) -> SchedulerLock:
    """Return the lock of this installation's database, not yet taken."""
    engine = ctx.session.get_bind()
    assert isinstance(engine, Engine)
    if engine.dialect.name == "postgresql":
        return _AdvisoryLock(engine)
    return _FileLock(Path(f"{engine.url.database}.scheduler.lock"))


class _FileLock:
    """A lock on a file beside the SQLite database; the system frees it when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def take(self) -> bool:
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def is_held(self) -> bool:
        return self._handle is not None

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


class _AdvisoryLock:
    """A session lock of PostgreSQL on a connection of its own, which lives as long as the lock.

    It must not pass through a pooler that shares sessions between transactions.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def take(self) -> bool:
        try:
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        except SQLAlchemyError:
            return False  # the server is away; whoever asked tries again
        connection.detach()
        try:
            taken = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _ADVISORY_KEY}).scalar())
        except SQLAlchemyError:
            taken = False
        if taken:
            self._connection = connection
        else:
            connection.close()
        return taken

    def is_held(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            self.release()
            return False
        return True

    def release(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()
