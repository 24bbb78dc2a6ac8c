"""What must be closed to reach a target, and whether it can be: a choice among the open cases of a figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from caseapp.domain.metrics.policy import ClosingAdds, MetricPolicy


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open case of the denominator.

    closes_on  the earliest day on which it can lawfully be closed; None where no way to a closing is known
    steps      how many acts that takes
    """

    key: str
    filed_on: date
    closes_on: date | None
    steps: int = 0


@dataclass(frozen=True, slots=True)
class Reach:
    """What it takes to reach the target of a policy by a day, if nothing else is filed meanwhile.

    gap       how many more closings; None where the policy has no target
    possible  keys of the cases that can be closed in time: what is sooner done, and in fewer acts, comes first
    too_late  keys of the others, the nearest first
    best      the rate if everything possible is closed; None where there is nothing to divide by
    """

    numerator: int
    denominator: int
    gap: int | None
    possible: tuple[str, ...]
    too_late: tuple[str, ...]
    best: float | None

    @property
    def chosen(self) -> tuple[str, ...]:
        """Return the cases to close: the first of the possible ones that fill the gap, or all of them."""
        return self.possible[: self.gap or 0]

    @property
    def is_reached(self) -> bool:
        """Return whether nothing more is needed."""
        return self.gap == 0

    @property
    def is_possible(self) -> bool:
        """Return whether the target can still be reached."""
        return self.gap is not None and self.gap <= len(self.possible)


def reach(
    policy: MetricPolicy, numerator: int, denominator: int, candidates: Iterable[Candidate], *, by: date
) -> Reach:
    """Choose what to close by a day."""
    ordered = sorted(candidates, key=_order)
    possible = [one.key for one in ordered if one.closes_on is not None and one.closes_on <= by]
    late = [one.key for one in ordered if one.closes_on is None or one.closes_on > by]
    closings = len(possible)
    below = denominator + (closings if policy.closing_adds is ClosingAdds.BOTH else 0)
    return Reach(
        numerator,
        denominator,
        policy.gap(numerator, denominator),
        tuple(possible),
        tuple(late),
        (numerator + closings) / below if below else None,
    )


def gap_with(policy: MetricPolicy, numerator: int, denominator: int, *, filed: int) -> int | None:
    """Return the gap if so many more cases are filed and stay open; None without a target."""
    return policy.gap(numerator, denominator + filed)


def _order(one: Candidate) -> tuple[date, int, date, str]:
    return one.closes_on or date.max, one.steps, one.filed_on, one.key
