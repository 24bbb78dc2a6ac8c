"""Targets of the city plan that figures are shown against; a target is a promise of the plan, no rule of law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class IndicatorUnit(StrEnum):
    """What the number of a target counts."""

    PERCENT = "percent"
    CASES_PER_YEAR = "cases_per_year"
    PERSONS = "persons"
    PROJECTS = "projects"


CLOSURE_RATE, CASES_FILED, OFFICERS = "closure_rate", "cases_per_year", "enforcement_officers"
COMPUTED = frozenset({CLOSURE_RATE, CASES_FILED, OFFICERS})
"""Indicators that this system counts itself; the others are entered with their source."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One target: at least `target` in `unit`, by the end of `due_year`.

    policy    id of the metric policy it is shown beside (R1…R5), '' where no figure of this system measures it alone
    sentence  the words of the plan; `place` says where they stand
    """

    id: str
    name_zh: str
    name_en: str
    target: Decimal
    unit: IndicatorUnit
    due_year: int
    policy: str
    measured_by_zh: str
    measured_by_en: str
    source: str
    place: str
    sentence: str
    confidence: str

    @property
    def name(self) -> Mapping[str, str]:
        """Return the names by language."""
        return {"zh": self.name_zh, "en": self.name_en}

    @property
    def measured_by(self) -> Mapping[str, str]:
        """Return by language what its number is read from."""
        return {"zh": self.measured_by_zh, "en": self.measured_by_en}

    def is_met_by(self, measured: Decimal) -> bool:
        """Say whether a measured value, in the same unit, reaches the target (every target is a floor)."""
        return measured >= self.target
