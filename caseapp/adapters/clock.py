"""Time: the machine's own, and one that tests and the demonstration set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class SetClock:
    """A clock that stands where it was put."""

    at: datetime

    def now(self) -> datetime:
        return self.at
