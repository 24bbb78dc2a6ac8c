"""How sure a share of few cases is, and the middle of a list of durations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import median
from typing import Final

Z_95: Final = 1.959963984540054
"""Quantile of the normal distribution that leaves 2.5 % on either side."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Shares of one, low <= high."""

    low: float
    high: float


def wilson(numerator: int, denominator: int, *, z: float = Z_95) -> Interval | None:
    """Return the Wilson score interval of a share; None where there is nothing to divide by.

    It never leaves [0, 1] and stays honest at few cases and at shares near 0 or 1, where the plain normal interval does
    not (E. B. Wilson, JASA 22, 1927). A place that closed 3 of 3 is not shown as surely better than one with 95 of 100.

    raises  ValueError  numerator outside 0..denominator
    """
    if not 0 <= numerator <= denominator:
        raise ValueError(f"{numerator} of {denominator}")
    if denominator == 0:
        return None
    share = numerator / denominator
    z2 = z * z / denominator
    middle = (share + z2 / 2) / (1 + z2)
    half = z * sqrt(share * (1 - share) / denominator + z2 / (4 * denominator)) / (1 + z2)
    # Rounding may carry the ends of 0 of n and n of n a little beyond the share itself.
    return Interval(min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half)))


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took: number of times, median and nearest-rank 90th percentile, in days."""

    count: int
    median_days: float
    p90_days: int


def spread_of(days: Sequence[int]) -> Spread | None:
    """Return the spread of some durations; None where there are none."""
    if not days:
        return None
    ordered = sorted(days)
    return Spread(len(ordered), float(median(ordered)), ordered[ceil(len(ordered) * 9 / 10) - 1])
