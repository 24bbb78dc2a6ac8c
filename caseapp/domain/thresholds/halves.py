"""The rule of two halves: items each missed, but two of them reached by half.

Items and metrics are counted once each: two halves within one item, or one amount that reaches half of two items, do
not make two. The text leaves that open, so such a case is shown as near and not as met.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from caseapp.domain.thresholds.measuring import Measured
from caseapp.domain.thresholds.rules import Condition, HalfLimit, HalfRule, Result


@dataclass(frozen=True, slots=True)
class Halves:
    """What a rule of two halves shows.

    reached  the half limits of the two items that are reached, with their values
    near     two halves are reached in a way that the text leaves open, or nearly
    """

    rule: HalfRule
    result: Result
    reached: tuple[tuple[HalfLimit, int], ...] = ()
    near: bool = False


def halves(
    rule: HalfRule, measured: Measured, conditions: Mapping[Condition, bool | None], warn_at_percent: int
) -> Halves:
    """Hold a matter against a rule of two halves."""
    sure = [[half for half in item if _at(half, measured, conditions, 100)] for item in rule.items]
    for one, other in _pairs(sure):
        reached = tuple((half, measured.of(half.measure).at_least) for half in (one, other))
        return Halves(rule, Result.MET, reached)
    possible = [[half for half in item if _may(half, measured, conditions)] for item in rule.items]
    result = Result.UNKNOWN if next(_pairs(possible), None) is not None else Result.NOT_SHOWN
    close = [[half for half in item if _at(half, measured, conditions, warn_at_percent)] for item in rule.items]
    doubtful = sum(map(len, sure)) > 1
    return Halves(rule, result, near=doubtful or next(_pairs(close), None) is not None)


def _pairs(items: Sequence[Sequence[HalfLimit]]) -> Iterator[tuple[HalfLimit, HalfLimit]]:
    for first, second in combinations(items, 2):
        for one, other in product(first, second):
            if one.measure != other.measure:
                yield one, other


def _at(half: HalfLimit, measured: Measured, conditions: Mapping[Condition, bool | None], percent: int) -> bool:
    applies = conditions.get(half.condition, True)
    return applies is True and measured.of(half.measure).at_least * 100 >= half.limit * percent


def _may(half: HalfLimit, measured: Measured, conditions: Mapping[Condition, bool | None]) -> bool:
    value = measured.of(half.measure)
    return conditions.get(half.condition, True) is not False and (value.at_least >= half.limit or not value.exact)
