"""How the closure rate will develop: from how long cases took so far, with an interval, and how good such forecasts
would have been.

Durations are counted in steps (weeks, as the caller has them). What is still open tells that it lasts at least so long
(it is censored), so the curves are those of Kaplan and Meier (JASA 53, 1958) with Greenwood's variance. The rate that
is forecast is R2: closed at the end ÷ (open at the start + filed since).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, hypot, sqrt
from typing import Final

Z_90: Final = 1.6448536269514722
"""Quantile of the normal distribution that leaves 5 % on either side."""
LEAST_CLOSINGS: Final = 20
"""Closings below which nothing is forecast: chosen, not law."""


@dataclass(frozen=True, slots=True)
class Record:
    """So many cases of one course.

    filed, closed  positions on one scale of steps, later is larger; closed None: open still
    """

    procedure: str
    filed: int
    closed: int | None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Survival:
    """The share of cases still open after so many steps.

    ends      steps after which cases were closed, ascending
    shares    share still open after each of them
    spread    Greenwood's sum up to each of them: the variance of the logarithm of the share
    hazard    closings a step and open case over all: what holds where the curve knows nothing
    """

    ends: tuple[int, ...]
    shares: tuple[float, ...]
    spread: tuple[float, ...]
    hazard: float
    cases: int
    closings: int

    def open_after(self, steps: int) -> float:
        """Return the share still open after so many steps."""
        place = bisect_right(self.ends, steps)
        return self.shares[place - 1] if place else 1.0

    def median(self) -> int | None:
        """Return after how many steps half of the cases are closed; None where that is not known."""
        return next((end for end, share in zip(self.ends, self.shares, strict=True) if share <= 0.5), None)

    def closes_within(self, age: int, ahead: int) -> tuple[float, float]:
        """Return the chance that a case that is open at an age is closed within so many steps, and its error."""
        if ahead <= 0:
            return 0.0, 0.0
        left = self.open_after(age)
        if left <= 0.0 or (self.ends and age >= self.ends[-1]):
            return 1.0 - exp(-self.hazard * ahead), 0.0
        remain = self.open_after(age + ahead) / left
        spread = self._spread_after(age + ahead) - self._spread_after(age)
        return 1.0 - remain, remain * sqrt(max(0.0, spread))

    def _spread_after(self, steps: int) -> float:
        place = bisect_right(self.ends, steps)
        return self.spread[place - 1] if place else 0.0


def survival(durations: Iterable[tuple[int, bool, int]]) -> Survival:
    """Return the curve of (steps, whether it ended then, how many such cases)."""
    ended: dict[int, int] = {}
    left: dict[int, int] = {}
    for steps, is_over, times in durations:
        kind = ended if is_over else left
        kind[steps] = kind.get(steps, 0) + times
    closings, cases = sum(ended.values()), sum(ended.values()) + sum(left.values())
    exposure = sum((steps + 0.5) * times for kind in (ended, left) for steps, times in kind.items())
    at_risk, share, spread = cases, 1.0, 0.0
    ends, shares, spreads = [], [], []
    for steps in sorted({*ended, *left}):
        gone = ended.get(steps, 0)
        if gone:
            share *= 1 - gone / at_risk
            spread += gone / (at_risk * (at_risk - gone)) if at_risk > gone else 0.0
            ends.append(steps)
            shares.append(share)
            spreads.append(spread)
        # Who is still open at this age was at risk through it.
        at_risk -= gone + left.get(steps, 0)
    return Survival(
        tuple(ends), tuple(shares), tuple(spreads), closings / exposure if exposure else 0.0, cases, closings
    )


def curves(records: Sequence[Record], now: int) -> Mapping[str, Survival]:
    """Return the curve of each procedure as it could be drawn at a position."""
    durations: dict[str, list[tuple[int, bool, int]]] = {}
    for record in records:
        if record.filed > now:
            continue
        over = record.closed is not None and record.closed <= now
        end = record.closed if over and record.closed is not None else now
        durations.setdefault(record.procedure, []).append((max(0, end - record.filed), over, record.times))
    return {procedure: survival(some) for procedure, some in durations.items()}


@dataclass(frozen=True, slots=True)
class Rate:
    """A fraction on the scale of steps."""

    numerator: int
    denominator: int

    @property
    def share(self) -> float | None:
        """Return numerator ÷ denominator; None where the denominator is 0."""
        return self.numerator / self.denominator if self.denominator else None


def rate_at(records: Iterable[Record], start: int, now: int) -> Rate:
    """Return R2 of the period that begins after `start`, as it stood at `now`."""
    numerator = denominator = 0
    for record in records:
        if record.filed > now or (record.closed is not None and record.closed <= start):
            continue
        denominator += record.times
        if record.closed is not None and record.closed <= now:
            numerator += record.times
    return Rate(numerator, denominator)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The rate expected `ahead` steps from `now`, and the interval that holds it nine times in ten if all goes as
    before.

    closings  expected closings of cases that are open now, and of those still to be filed
    filings   expected filings
    chance    standard deviation of the rate that chance and the curves' own error give
    """

    now: int
    ahead: int
    mean: float
    low: float
    high: float
    closings: float
    filings: float
    chance: float = 0.0


def forecast(
    records: Sequence[Record], *, start: int, now: int, ahead: int, season: int = 52, doubt: float = 0.0
) -> Forecast | None:
    """Forecast R2 of the period that begins after `start`; None where too little is known.

    season  steps before `now` from which the pace of filing is taken
    doubt   standard deviation that is added for changes of the way of working, as earlier forecasts taught it: see
            `doubt_of`
    """
    known = curves(records, now)
    pooled = survival(_pooled(records, now))
    if pooled.closings < LEAST_CLOSINGS:
        return None
    rate = rate_at(records, start, now)
    closings = variance = 0.0
    errors: dict[str, float] = {}
    filed: dict[str, int] = {}
    first = now
    for record in records:
        if record.filed > now:
            continue
        first = min(first, record.filed)
        curve = _curve(known, pooled, record.procedure)
        if record.filed > now - season:
            filed[record.procedure] = filed.get(record.procedure, 0) + record.times
        if record.closed is None or record.closed > now:
            chance, error = curve.closes_within(now - record.filed, ahead)
            closings += record.times * chance
            variance += record.times * chance * (1 - chance)
            errors[record.procedure] = errors.get(record.procedure, 0.0) + record.times * error
    # Errors of one curve go the same way for all of its cases.
    variance += sum(error * error for error in errors.values())
    filings = anew = 0.0
    for procedure, times in filed.items():
        pace = times / max(1, min(season, now - first + 1))
        curve = _curve(known, pooled, procedure)
        filings += pace * ahead
        anew += sum(pace * (1 - curve.open_after(ahead - 1 - step)) for step in range(ahead))
    below = rate.denominator + filings
    if below <= 0:
        return None
    mean = (rate.numerator + closings + anew) / below
    # Closings of new cases and filings are counts of chance (Poisson); the more filed, the more closed and below.
    wide = variance + anew + mean * mean * filings - 2 * mean * anew
    chance = sqrt(max(0.0, wide)) / below
    half = Z_90 * hypot(chance, doubt)
    return Forecast(
        now, ahead, min(1.0, mean), max(0.0, mean - half), min(1.0, mean + half), closings + anew, filings, chance
    )


def _pooled(records: Iterable[Record], now: int) -> Iterable[tuple[int, bool, int]]:
    for record in records:
        if record.filed <= now:
            over = record.closed is not None and record.closed <= now
            end = record.closed if over and record.closed is not None else now
            yield max(0, end - record.filed), over, record.times


def _curve(known: Mapping[str, Survival], pooled: Survival, procedure: str) -> Survival:
    """Return the curve of a procedure; that of all where it has too few closings of its own."""
    curve = known.get(procedure)
    return curve if curve is not None and curve.closings >= LEAST_CLOSINGS else pooled


@dataclass(frozen=True, slots=True)
class Trial:
    """A forecast as it would have been made, and what came."""

    made: Forecast
    came: float

    @property
    def hit(self) -> bool:
        """Return whether the interval held what came."""
        return self.made.low <= self.came <= self.made.high

    @property
    def error(self) -> float:
        """Return forecast minus truth."""
        return self.made.mean - self.came


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """How good the trials were. coverage: share of the intervals that held; errors in shares of one."""

    trials: tuple[Trial, ...]
    coverage: float
    mean_error: float
    bias: float


def doubt_of(trials: Iterable[Trial]) -> float:
    """Return by how much forecasts missed beyond what chance explains, as a standard deviation; 0 without trials."""
    beyond = [trial.error**2 - trial.made.chance**2 for trial in trials]
    return sqrt(max(0.0, sum(beyond) / len(beyond))) if beyond else 0.0


def backtest(records: Sequence[Record], cuts: Iterable[tuple[int, int, int]]) -> TrackRecord | None:
    """Make forecasts at earlier positions from what was known then: (start, now, ahead) each; None where none could be
    made. The earlier of them teach the later how much to doubt.

    Whatever was recorded late is taken as known on its day.
    """
    trials: list[Trial] = []
    for start, now, ahead in sorted(cuts, key=lambda cut: cut[1]):
        taught = doubt_of(trial for trial in trials if trial.made.now + trial.made.ahead <= now)
        made = forecast(records, start=start, now=now, ahead=ahead, doubt=taught)
        came = rate_at(records, start, now + ahead).share
        if made is not None and came is not None:
            trials.append(Trial(made, came))
    if not trials:
        return None
    number = len(trials)
    return TrackRecord(
        tuple(trials),
        sum(trial.hit for trial in trials) / number,
        sum(abs(trial.error) for trial in trials) / number,
        sum(trial.error for trial in trials) / number,
    )
