"""A metric policy: a table that says how each milestone and each manner of closing counts, for one named formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil

from caseapp.domain.events import ClosingManner, MilestoneKind


class Counts(StrEnum):
    """What a milestone does to a case in a figure."""

    FILES = "files"
    CLOSES = "closes"
    REOPENS = "reopens"
    REOPENS_IF_CLOSED = "reopens_if_closed"
    """Reopens a closed case and means nothing to an open one (a case handed back by the police)."""
    DECIDES = "decides"
    PAUSES = "pauses"
    """Begins or ends time that the handling limit does not count."""
    EXTENDS = "extends"
    IGNORED = "ignored"


class Dimension(StrEnum):
    """By what a figure may be split."""

    DIVISION = "division"
    IP_TYPE = "ip_type"
    PROCEDURE = "procedure"
    SOURCE = "source"
    MONTH = "month"


class ClosingAdds(StrEnum):
    """To which side of the fraction one more (timely) closing of an open case adds."""

    NUMERATOR = "numerator"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class MetricPolicy:
    """One version of one policy, as `workflows/metrics.yaml` states it.

    published_on   day of this version; the newest of an id is the current one
    name, description, note   `{"zh": …, "en": …}`
    formula        name of a function in `caseapp.domain.metrics.closure.FORMULAS`
    dimensions     by what this policy is always split (R5), beside what the reader asks for
    milestones     every kind of milestone -> what it does
    manners        every manner of closing -> whether a closing in that manner closes
    target         the rate aimed at, or None; `target_source` says who set it
    source, confidence   where the formula comes from and how sure that is
    """

    id: str
    version: str
    published_on: date
    name: Mapping[str, str]
    description: Mapping[str, str]
    note: Mapping[str, str]
    formula: str
    dimensions: tuple[Dimension, ...]
    milestones: Mapping[MilestoneKind, Counts]
    manners: Mapping[ClosingManner, bool]
    closing_adds: ClosingAdds
    target: Fraction | None
    target_source: str
    source: str
    confidence: str

    def effect_of(self, kind: MilestoneKind, manner: ClosingManner | None) -> Counts:
        """Return what a milestone does; a closing whose manner does not close is ignored.

        A closing without a manner (legacy records) counts as `other`.
        """
        effect = self.milestones[kind]
        if effect is Counts.CLOSES and not self.manners[manner or ClosingManner.OTHER]:
            return Counts.IGNORED
        return effect

    def reads(self) -> frozenset[MilestoneKind]:
        """Return the kinds of milestone that matter to this policy; histories may leave out all others."""
        return frozenset(kind for kind, effect in self.milestones.items() if effect is not Counts.IGNORED)

    def gap(self, numerator: int, denominator: int) -> int | None:
        """Return how many more open cases must be closed (in time) to reach the target; None without a target.

        0 where it is reached or the denominator is 0. Computed in fractions, so that 95 % of 20 is exactly 19.
        """
        if self.target is None:
            return None
        if denominator == 0 or numerator >= self.target * denominator:
            return 0
        missing = self.target * denominator - numerator
        if self.closing_adds is ClosingAdds.NUMERATOR:
            return ceil(missing)
        # Each further closing enlarges the denominator too: (n + g) / (d + g) >= t. A target of all is out of reach.
        return ceil(missing / (1 - self.target)) if self.target < 1 else None
