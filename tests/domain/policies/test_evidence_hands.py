"""Who may change the evidence of a case: its officers, the head of section, clerks while it is a lead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.items import Item, Keeper, take_in
from caseapp.domain.policies.evidence_hands import obstacles_to_evidence
from caseapp.domain.roles import Role

DAY = date(2026, 11, 23)


def case(category: str = "open") -> CaseImage:
    proceeding = ProceedingImage("p", "penalty_general", 1, "x", category, DAY, DAY)
    return CaseImage(
        "c", 1, DAY, "某案", "320612-ip", "320612", ("trademark",), officers=("gu", "lu"), proceedings=(proceeding,)
    )


def guards(image: CaseImage, actor: str, role: Role, organ: str = "320612-ip") -> list[str]:
    return [one.guard for one in obstacles_to_evidence(image, actor=actor, organ=organ, roles={role})]


@pytest.mark.parametrize(
    ("actor", "role", "organ", "category", "refused_by"),
    [
        pytest.param("gu", Role.OFFICER, "320612-ip", "open", [], id="an officer of the case"),
        pytest.param("he", Role.OFFICER, "320612-ip", "open", ["actor_is_assigned"], id="another officer"),
        pytest.param("he", Role.SECTION_HEAD, "320612-ip", "open", [], id="the head of section"),
        pytest.param("he", Role.SECTION_HEAD, "320600-ip", "open", ["actor_is_assigned"], id="a head elsewhere"),
        pytest.param("he", Role.INTAKE_CLERK, "320612-ip", "lead", [], id="a clerk, of a lead"),
        pytest.param("he", Role.INTAKE_CLERK, "320612-ip", "open", ["actor_is_assigned"], id="a clerk, of a case"),
        pytest.param("gu", Role.OFFICER, "320612-ip", "closed", ["case_open"], id="an officer, of a closed case"),
        pytest.param("system", Role.SYSTEM, "", "closed", [], id="the program itself"),
    ],
)
def test_may_change_evidence(actor: str, role: Role, organ: str, category: str, refused_by: list[str]) -> None:
    assert guards(case(category), actor, role, organ) == refused_by


def test_goods_left_in_custody_keep_a_closed_case_open_for_their_papers() -> None:
    goods = Item("i", "1", "四件套", "套", 96, "证物室", Keeper(officer="gu"), DAY, "gu")
    closed = case("closed")
    assert guards(replace(closed, custody=take_in(closed.custody, goods)), "gu", Role.OFFICER) == []
