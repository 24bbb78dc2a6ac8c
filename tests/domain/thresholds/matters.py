"""Matters to be assessed, everything in them given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from caseapp.adapters.threshold_files import load_thresholds
from caseapp.domain.facts import COUNT_AMOUNTS, MONEY_AMOUNTS
from caseapp.domain.thresholds.assess import Assessment, Limb, assess
from caseapp.domain.thresholds.matter import Matter, PriorPunishment
from caseapp.domain.thresholds.rules import FLAGS, ThresholdBook

WORKFLOWS = Path(__file__).parents[3] / "workflows"
TODAY = date(2026, 11, 22)
NOTHING: Mapping[str, int | None] = {**dict.fromkeys((*MONEY_AMOUNTS, *COUNT_AMOUNTS), 0), "marks": 1, "patents": 1}
"""Every amount given: nothing of anything, about one mark or patent."""


@cache
def book() -> ThresholdBook:
    """Return the shipped limits."""
    return load_thresholds([WORKFLOWS])


def matter(*offences: str, on: date = date(2025, 5, 10), **changes: Any) -> Matter:
    """Return a matter in which everything is known and nothing is reached; `amounts` are put over `NOTHING`."""
    amounts = {**NOTHING, **changes.pop("amounts", {})}
    told: dict[str, Any] = {
        "act_from": on,
        "act_to": on,
        "offences": offences,
        "amounts": amounts,
        "priors": (),
        "flags": dict.fromkeys(FLAGS, False),
        "reasonable": False,
        "police_measures_needed": False,
        **changes,
    }
    return Matter(**told)


def prior(offence: str, on: date, kind: str = "administrative", **more: Any) -> PriorPunishment:
    """Return an earlier punishment."""
    return PriorPunishment(offence, on, kind, **more)


def assessed(told: Matter, today: date = TODAY) -> Assessment:
    """Return what the shipped limits make of a matter."""
    return assess(book(), told, today=today)


def limb(found: Assessment, offence: str, grade: str = "entry", rule_set: str = "B") -> Limb:
    """Return one limb of an assessment."""
    return next(one for one in found.limbs if (one.offence, one.grade, one.rule_set.id) == (offence, grade, rule_set))
