"""Who begins joint work, who is asked, and what it ends with."""

from __future__ import annotations

import pytest

from caseapp.domain.errors import InputError, NotFound, RuleRefused
from caseapp.domain.joint_work import JointWorkRules, refuse_closing, refuse_opening
from caseapp.domain.organs import OrganKind
from tests.support.app import shipped_law

RULES = shipped_law().joint_work
POLICE, COURT, MARKET = OrganKind.POLICE, OrganKind.COURT, OrganKind.MARKET_REGULATION


def opening(kind: str, opener: OrganKind, invited: dict[str, OrganKind], topic: str = "evidence") -> None:
    refuse_opening(RULES.kind(kind), ("us", opener), invited, RULES.topics, topic)


def test_the_plan_names_five_kinds_and_five_links() -> None:
    assert [kind.id for kind in RULES.kinds] == [
        "early_intervention",
        "clue_notice",
        "consultation",
        "co_handling",
        "joint_operation",
    ]
    assert {"protection", "sharing", "evidence", "support", "disputes"} <= set(RULES.topics)
    assert {POLICE, OrganKind.PROCURATORATE, COURT, MARKET} <= RULES.organs
    with pytest.raises(NotFound):
        RULES.kind("lunch")


@pytest.mark.parametrize(
    ("kind", "opener", "invited", "topic", "refused"),
    [
        ("joint_operation", COURT, {"them": MARKET}, "evidence", RuleRefused),
        ("consultation", MARKET, {}, "evidence", InputError),
        ("consultation", MARKET, {"us": MARKET}, "evidence", InputError),
        ("early_intervention", MARKET, {"them": COURT}, "evidence", InputError),
        ("consultation", MARKET, {"them": POLICE}, "weather", InputError),
    ],
    ids=["a court begins no operation", "nobody asked", "itself asked", "a court does not intervene", "no such link"],
)
def test_what_a_kind_does_not_allow_is_refused(
    kind: str, opener: OrganKind, invited: dict[str, OrganKind], topic: str, refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        opening(kind, opener, invited, topic)


def test_what_it_allows_is_begun() -> None:
    opening("consultation", COURT, {"them": POLICE, "others": MARKET})
    assert "joint_operation" not in {kind.id for kind in RULES.opened_by(COURT)}


def test_a_consultation_ends_with_minutes_and_by_who_began_it() -> None:
    kind = RULES.kind("consultation")
    with pytest.raises(RuleRefused):
        refuse_closing(kind, is_opener=False, has_minutes=True)
    with pytest.raises(RuleRefused):
        refuse_closing(kind, is_opener=True, has_minutes=False)
    refuse_closing(kind, is_opener=True, has_minutes=True)
    refuse_closing(RULES.kind("clue_notice"), is_opener=True, has_minutes=False)
    assert JointWorkRules().opened_by(COURT) == ()
