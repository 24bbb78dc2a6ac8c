"""No penalty in place of a transfer: what bars it, what it says, and what settles it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from caseapp.domain.errors import Unmet
from caseapp.domain.facts import ActRecord, CaseImage, ProceedingImage
from caseapp.domain.thresholds.assess import Assessment
from caseapp.domain.workflow.guards import GUARDS
from caseapp.domain.workflow.guards.crime import limbs_met, referral_settled
from caseapp.domain.workflow.situation import Situation
from tests.domain.thresholds.matters import assessed, matter
from tests.domain.workflow.situations import TODAY, act, milestone, situation

OVER = assessed(matter("213", "214", amounts={"turnover": 50_000_00, "sales": 50_000_00}))
BELOW = assessed(matter("213", amounts={"turnover": 49_999_99}))
SUSPECTED = assessed(matter("213", reasonable=True, police_measures_needed=True))


def where(found: Assessment, **more: Any) -> Situation:
    return replace(situation(**more), crime=lambda: found)


def refused(found: Assessment, guard: str = "not_penalised_instead_of_transfer", **more: Any) -> tuple[Unmet, ...]:
    return GUARDS[guard].check(where(found, **more), {})


def referral(state: str, *actions: str) -> ProceedingImage:
    acts = tuple(ActRecord(action, "a", TODAY, index, state) for index, action in enumerate(actions))
    return ProceedingImage("side", "referral", 1, state, "open", TODAY, TODAY, acts=acts)


def test_a_penalty_is_barred_once_a_limb_is_met_and_the_block_names_article_and_cure() -> None:
    (unmet,) = refused(OVER)
    assert "刑法第213条、第214条" in str(unmet.message)
    assert (unmet.article, unmet.cure) == ("《行政执法机关移送涉嫌犯罪案件的规定》第11条", "leader")
    (unmet,) = refused(SUSPECTED)
    assert "合理理由怀疑" in str(unmet.message)
    assert refused(BELOW) == ()


def test_nothing_is_barred_where_nobody_holds_the_case_against_the_limits() -> None:
    for name in ("not_penalised_instead_of_transfer", "crime_limb_met"):
        assert GUARDS[name].check(situation(), {}) == ()


def test_only_what_is_met_can_be_refused() -> None:
    assert refused(OVER, "crime_limb_met") == ()
    assert refused(SUSPECTED, "crime_limb_met") == ()
    (unmet,) = refused(BELOW, "crime_limb_met")
    assert unmet.cure == "officer"


HEAD_REFUSED: dict[str, Any] = {"acts": ["refuse_referral"], "facts": {"refused_limbs": ["a213", "a214", "suspicion"]}}
SETTLED: dict[str, dict[str, Any]] = {
    "the case was transferred": {"acts": ["transfer_to_police"], "milestones": [milestone("transferred", to="公安")]},
    "it was transferred and came back": {
        "acts": ["transfer_to_police"], "milestones": [milestone("transferred"), milestone("returned")],
    },
    "the head refused with reasons": HEAD_REFUSED,
    "the head refused in the referral itself": {"siblings": [referral("not_referred")]},
    "it was handed over by the referral": {"siblings": [referral("handed_over", "hand_over")]},
    "the police refused to file": {"siblings": [referral("returned", "hand_over")]},
}  # fmt: skip
OPEN: dict[str, dict[str, Any]] = {
    "nothing was done": {},
    "another offence was refused": {"acts": ["refuse_referral"], "facts": {"refused_limbs": ["a213"]}},
    "the referral is only being prepared": {"siblings": [referral("verifying")]},
    "it was withdrawn before the receipt": {
        "siblings": [referral("withdrawn", "hand_over")], "acts": ["hand_over_by_referral"],
        "milestones": [milestone("transferred")],
    },
    "the case went to another authority": {
        "acts": ["move_to_other_organ"], "milestones": [milestone("transferred", to="别的局")],
    },
    "it was decided to move it to another authority": {
        "milestones": [milestone("decided", outcome="moved"), milestone("transferred")],
    },
    "something else goes on beside it": {
        "siblings": [ProceedingImage("side", "seizure", 1, "held", "open", TODAY, TODAY)],
    },
}  # fmt: skip


@pytest.mark.parametrize("more", SETTLED.values(), ids=SETTLED)
def test_a_transfer_or_a_reasoned_refusal_lifts_the_block(more: dict[str, Any]) -> None:
    assert refused(OVER, **more) == ()


@pytest.mark.parametrize("more", OPEN.values(), ids=OPEN)
def test_nothing_less_does(more: dict[str, Any]) -> None:
    (unmet,) = refused(OVER, **more)
    assert "第214条" in str(unmet.message)


def test_what_is_met_after_a_refusal_is_open_again() -> None:
    case = where(OVER, **HEAD_REFUSED).case
    assert referral_settled(case, frozenset({"213", "219-1", "suspicion"})) == {"219-1"}
    covered = replace(case.main, facts={"refused_limbs": ["a219_1"]})
    assert referral_settled(_with(case, covered), frozenset({"219-1"})) == frozenset()


def _with(case: CaseImage, *proceedings: ProceedingImage) -> CaseImage:
    return replace(case, proceedings=tuple(proceedings))


def test_both_limbs_are_named() -> None:
    both = assessed(matter("219-1", amounts={"loss": 300_000_00}, reasonable=True, police_measures_needed=True))
    assert limbs_met(both) == {"219-1", "suspicion"}
    (unmet,) = refused(both)
    assert "刑法第219条之一" in str(unmet.message)


def test_a_transfer_on_another_day_than_the_move_counts() -> None:
    acts: Sequence[ActRecord] = [act("move_to_other_organ", date(2026, 1, 1))]
    assert refused(OVER, acts=acts, milestones=[milestone("transferred")]) == ()


def test_no_offence_means_nothing_met() -> None:
    assert limbs_met(Assessment.nothing()) == frozenset()
