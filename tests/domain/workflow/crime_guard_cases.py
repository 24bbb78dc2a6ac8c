"""Situations in which each condition about crime is met and not met; `test_guards` tries them with all the others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from caseapp.domain.thresholds.assess import Assessment
from caseapp.domain.workflow.situation import Situation
from tests.domain.thresholds.matters import assessed, matter
from tests.domain.workflow.situations import situation

Case = tuple[str, dict[str, Any], Situation]

OVER = assessed(matter("213", amounts={"turnover": 50_000_00}))
BELOW = assessed(matter("213", amounts={"turnover": 49_999_99}))


def shown(found: Assessment) -> Situation:
    return replace(situation(), crime=lambda: found)


MET: dict[str, Case] = {
    "a fen below the limit": ("not_penalised_instead_of_transfer", {}, shown(BELOW)),
    "a limb of the duty to transfer is met": ("crime_limb_met", {}, shown(OVER)),
}
UNMET: dict[str, Case] = {
    "at the limit, neither transferred nor refused": ("not_penalised_instead_of_transfer", {}, shown(OVER)),
    "no limb of the duty to transfer is met": ("crime_limb_met", {}, shown(BELOW)),
}
