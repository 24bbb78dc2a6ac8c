"""Whose turn it is to write into a SQLite database."""

from __future__ import annotations

import fcntl
import os
from collections import deque
from dataclasses import dataclass
from threading import Lock, get_ident

_PATIENCE_SECONDS = 15.0


class Turns:
    """Where the writers of a SQLite database queue: those of this process one behind the other, the processes for a
    file's lock.

    SQLite lets one write at a time and has the others try again after ever longer sleeps, so that some wait very long.
    It still has the last word: who did not get his turn here is let in or refused by SQLite itself.
    """

    def __init__(self, database: str | None) -> None:
        self._queue = _Queue()
        self._path = f"{database}-turn" if database and database != ":memory:" else None
        self._file: int | None = None

    def line_up(self) -> bool:
        """Wait until those of this process that came before have written; False where it already is one's own turn, or
        did not come in time.

        For who has much to work out before the write: Python runs one thread at a time, so whoever holds the file and
        is kept from running by those who prepare keeps the other processes waiting for nothing.
        """
        return self._queue.holder != get_ident() and self._queue.enter(_PATIENCE_SECONDS)

    @property
    def waiting(self) -> int:
        """Return how many of this process wait."""
        return self._queue.length

    def step_out(self) -> None:
        """Let the next one of this process prepare."""
        self._queue.leave()

    def take(self) -> Turn | None:
        """Wait for the turn; None where it did not come in time."""
        came_first = self._queue.holder == get_ident()
        if not came_first and not self._queue.enter(_PATIENCE_SECONDS):
            return None
        if self._file is None and self._path is not None:
            self._open(self._path)
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_EX)
        return Turn(self, came_first)

    def _open(self, path: str) -> None:
        try:
            self._file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError:
            self._path = None  # a database in a folder where nothing can be added

    def give(self, turn: Turn) -> None:
        """Let the next one write."""
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        if not turn.lined_up:
            self._queue.leave()


@dataclass(frozen=True, slots=True)
class Turn:
    """That one may write. lined_up: whether one queued in the process before, and so steps out later."""

    turns: Turns
    lined_up: bool

    def give(self) -> None:
        """Let the next one write."""
        self.turns.give(self)


class _Queue:
    """A lock that is handed on in the order in which it was asked for; `holder` is the thread that has it."""

    __slots__ = ("_mutex", "_waiting", "holder")

    def __init__(self) -> None:
        self._mutex = Lock()
        self._waiting: deque[tuple[Lock, int]] = deque()
        self.holder: int | None = None

    @property
    def length(self) -> int:
        return len(self._waiting)

    def enter(self, patience: float) -> bool:
        """Wait for it, that many seconds at most; False where it did not come."""
        me = get_ident()
        with self._mutex:
            if self.holder is None:
                self.holder = me
                return True
            gate = Lock()
            gate.acquire()
            self._waiting.append((gate, me))
        if gate.acquire(timeout=patience):
            return True
        with self._mutex:
            if self.holder == me:  # handed on at the very last moment
                return True
            self._waiting.remove((gate, me))
            return False

    def leave(self) -> None:
        """Hand it on."""
        with self._mutex:
            gate, self.holder = self._waiting.popleft() if self._waiting else (None, None)
            if gate is not None:
                gate.release()
