"""A metric policy: a table that says how each milestone and each manner of closing counts, for one named formula."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil

from caseapp.domain.events import ClosingManner, MilestoneKind

_AT = "@"


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

    @property
    def reference(self) -> str:
        """Return what names this very version in an address or a command: 'R2@2026-1'."""
        return f"{self.id}{_AT}{self.version}"

    def digest(self) -> str:
        """Return 'sha256:…' of all that decides a number: a published version must never have another one.

        Names, descriptions and sources may be put better at any time and are left out.
        """
        decides = {
            "id": self.id,
            "version": self.version,
            "published_on": self.published_on.isoformat(),
            "formula": self.formula,
            "dimensions": [dimension.value for dimension in self.dimensions],
            "milestones": {kind.value: effect.value for kind, effect in self.milestones.items()},
            "manners": {manner.value: closes for manner, closes in self.manners.items()},
            "closing_adds": self.closing_adds.value,
            "target": None if self.target is None else str(self.target),
        }
        text = json.dumps(decides, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"

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
        return None if self.target is None else self.gap_to(self.target, numerator, denominator)

    def gap_to(self, target: Fraction, numerator: int, denominator: int) -> int | None:
        """Return what `gap` does, for another target; None where no number of closings reaches it."""
        if denominator == 0 or numerator >= target * denominator:
            return 0
        missing = target * denominator - numerator
        if self.closing_adds is ClosingAdds.NUMERATOR:
            return ceil(missing)
        # Each further closing enlarges the denominator too: (n + g) / (d + g) >= t. A target of all is out of reach.
        return ceil(missing / (1 - target)) if target < 1 else None


@dataclass(frozen=True, slots=True)
class InForce:
    """One version with the days on which it is the one that counts; `until` None: no later version is known."""

    policy: MetricPolicy
    first: date
    until: date | None

    def holds_on(self, day: date) -> bool:
        """Whether figures asked for on that day are counted by this version unless another is named."""
        return self.first <= day and (self.until is None or day <= self.until)


def in_force(versions: Sequence[MetricPolicy]) -> tuple[InForce, ...]:
    """Return the versions with their days, those of one policy together and the newest first."""
    found: list[InForce] = []
    for policy_id in dict.fromkeys(policy.id for policy in versions):
        until: date | None = None
        own = (policy for policy in versions if policy.id == policy_id)
        for policy in sorted(own, key=lambda policy: policy.published_on, reverse=True):
            found.append(InForce(policy, policy.published_on, until))
            until = policy.published_on - timedelta(days=1)
    return tuple(found)


def policy_asked(
    newest: Mapping[str, MetricPolicy], versions: Sequence[MetricPolicy], asked: str, on: date
) -> MetricPolicy | None:
    """Return the policy that is asked for, or None where there is no such policy or version.

    asked   'R2': the version in force on the day `on` (the first one, where none is yet); 'R2@2026-1': that version
    newest  the newest version of each policy by id; `versions` all of them
    """
    policy_id, named, version = asked.partition(_AT)
    own = [policy for policy in versions if policy.id == policy_id]
    last = newest.get(policy_id)
    if named:
        # What is told to be the newest goes before a list that may lack it.
        offered = [last, *own] if last is not None else own
        return next((policy for policy in offered if policy.version == version), None)
    if last is None or last.published_on <= on or not own:
        return last
    begun = [policy for policy in own if policy.published_on <= on]
    return max(begun, key=_published_on) if begun else min(own, key=_published_on)


def _published_on(policy: MetricPolicy) -> date:
    return policy.published_on
