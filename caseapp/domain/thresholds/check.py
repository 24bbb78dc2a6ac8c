"""Whether a book of limits makes sense: what a slip of the pen in its file would break."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from caseapp.domain.thresholds.rules import Condition, Grade, HalfRule, Threshold, ThresholdBook


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and the row it is about; None: about the whole book."""

    rule: str
    problem: str
    at: Threshold | HalfRule | None = None


def faults(book: ThresholdBook) -> Iterator[Fault]:
    """Yield what contradicts itself: limits of zero, conditions that cannot hold, grades in the wrong order."""
    for limit in book.thresholds:
        yield from _of(book, limit)
    for offence in book.offences:
        if not any(item.offence == offence.id and item.grade is Grade.ENTRY for item in book.thresholds):
            yield Fault("no-entry", f"offence {offence.id} has no limit of the entry grade")


def _of(book: ThresholdBook, limit: Threshold) -> Iterator[Fault]:
    if limit.limit < 1:
        yield Fault("limit", "a limit is at least one", limit)
    if limit.condition is Condition.PLURAL and not book.offence(limit.offence).plural:
        yield Fault("condition", f"offence {limit.offence} counts neither marks nor patents", limit)
    if limit.condition is Condition.REPEAT and book.repeat is None:
        yield Fault("condition", "nothing says what a repeat is", limit)
    for other in book.thresholds:
        if other is limit or (other.offence, other.set, other.measure) != (limit.offence, limit.set, limit.measure):
            continue
        if other.needs != limit.needs or not _share_a_day(limit, other):
            continue
        if other.grade is limit.grade and other.column is Condition.BASE and limit.limit > other.limit:
            yield Fault("order", f"a condition makes the limit higher ({limit.limit} > {other.limit})", limit)
        same = other.column is limit.column and other.grade is Grade.ENTRY and limit.grade is Grade.UPPER
        if same and limit.limit < other.limit:
            yield Fault("order", "the upper grade begins below the entry grade", limit)


def _share_a_day(one: Threshold, other: Threshold) -> bool:
    starts = other.last is None or one.first is None or one.first <= other.last
    ends = one.last is None or other.first is None or other.first <= one.last
    return starts and ends
