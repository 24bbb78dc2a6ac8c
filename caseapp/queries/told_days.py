"""Days of which no more is known than the month, the year, or nothing: pages show what is known, and no day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from caseapp.domain.events import Precision
from caseapp.domain.facts import ActRecord

_LENGTHS = {4: Precision.YEAR, 7: Precision.MONTH, 0: Precision.UNKNOWN}


class ToldDay(date):
    """A day that is not known: it sorts as the date that is kept for it. precision: month | year | unknown"""

    precision: str

    @classmethod
    def of(cls, on: date, precision: str) -> ToldDay:
        """Return a date with how much of it is known."""
        found = cls(on.year, on.month, on.day)
        found.precision = precision
        return found


def told_day(act: ActRecord) -> date:
    """Return the day of an act: a plain date where it is known."""
    return ToldDay.of(act.on, act.precision) if act.precision else act.on


def day_of_act(acts: Iterable[ActRecord], seq: int | None, kept: date) -> date:
    """Return the day of the act that an entry of the ledger told. kept: where there is none"""
    return next((told_day(act) for act in acts if act.seq == seq), kept)


def day_as_told(on: date, texts: Iterable[str]) -> date:
    """Return a day as acts tell it. texts: their dates as `ActRecord.on_text` writes them"""
    kept, told = on.isoformat(), list(texts)
    if kept in told:
        return on
    text = next((text for text in sorted(told, key=len, reverse=True) if kept.startswith(text)), kept)
    return ToldDay.of(on, _LENGTHS[len(text)].value) if len(text) in _LENGTHS else on


def day_text(on: date) -> str:
    """Return a day as files write it: '2023', '2023-04', a day; '' where nothing is known."""
    if not isinstance(on, ToldDay):
        return on.isoformat()
    return on.isoformat()[: next(length for length, known in _LENGTHS.items() if known == on.precision)]
