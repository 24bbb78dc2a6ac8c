"""Interleaved rounds, medians, and what a row of the table is."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One measured bar.

    ratio       median over the rounds of (product ÷ floor), or of another quotient that `what` names
    at_most     True: the ratio must not exceed the bar; False: it must reach it
    attainable, ambitious   the two bars
    note        absolute figures, for orientation only
    """

    number: str
    what: str
    ratio: float
    at_most: bool
    attainable: float
    ambitious: float
    note: str = ""

    @property
    def met(self) -> bool:
        return self.ratio <= self.attainable if self.at_most else self.ratio >= self.attainable

    @property
    def verdict(self) -> str:
        ambitious = self.ratio <= self.ambitious if self.at_most else self.ratio >= self.ambitious
        return "ambitious" if ambitious else "attainable" if self.met else "MISSED"


def timed(work: Callable[[], object]) -> float:
    """Return the seconds of wall time that the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def cpu(work: Callable[[], object]) -> float:
    """Return the seconds of CPU time of this process that the work takes."""
    started = time.process_time()
    work()
    return time.process_time() - started


def ratios(product: Callable[[], float], floor: Callable[[], float], *, rounds: int = 7) -> tuple[float, float, float]:
    """Measure both in turn, round by round. Returns (median ratio, median of the product, median of the floor)."""
    product(), floor()  # warm both
    pairs = []
    for turn in range(rounds):
        if turn % 2:
            below = floor()
            above = product()
        else:
            above = product()
            below = floor()
        pairs.append((above, below))
    return (
        statistics.median(above / below for above, below in pairs),
        statistics.median(above for above, _ in pairs),
        statistics.median(below for _, below in pairs),
    )


def percentile(values: list[float], share: float) -> float:
    """Return the value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
