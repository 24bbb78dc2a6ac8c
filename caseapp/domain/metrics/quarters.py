"""Quarters, the periods whose figures are frozen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.metrics.periods import Period

_NAME = re.compile(r"([0-9]{4})-Q([1-4])")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """The quarter `number` (1-4) of a year."""

    year: int
    number: int

    @property
    def name(self) -> str:
        """Return 'YYYY-Qn'."""
        return f"{self.year}-Q{self.number}"

    @property
    def period(self) -> Period:
        """Return its days."""
        first = date(self.year, 3 * self.number - 2, 1)
        following = date(self.year + self.number // 4, 3 * (self.number % 4) + 1, 1)
        return Period(first, following - timedelta(days=1))


def quarter_named(name: str) -> Quarter:
    """Return the quarter of 'YYYY-Qn'. raises InputError"""
    match = _NAME.fullmatch(name)
    if match is None:
        raise InputError("quarter", Message(N_("“%(name)s”不是季度（如 2026-Q3）"), {"name": name}))
    return Quarter(int(match[1]), int(match[2]))


def last_ended(day: date) -> Quarter:
    """Return the last quarter that was over before a day."""
    number = (day.month - 1) // 3
    return Quarter(day.year, number) if number else Quarter(day.year - 1, 4)
