"""Parties known from earlier cases are found by how their name or code begins, among cases in sight only."""

from __future__ import annotations

import pytest

from caseapp.queries.known_parties import KnownParty, known_parties
from caseapp.services.case_intake import PartyDraft
from tests.support.office import RESPONDENT, Office, office

__all__ = ["office"]

CODE = "91320612MA1WAXYT01"


def look(office: Office, text: str, login: str = "officer") -> tuple[KnownParty, ...]:
    with office.context(login) as ctx:
        return known_parties(ctx, text)


def test_the_most_frequent_party_comes_first(office: Office) -> None:
    office.register(respondent="南通澜山家纺店")
    for _ in range(2):
        office.register()
    assert [(one.name, one.cases) for one in look(office, "南通")] == [(RESPONDENT, 2), ("南通澜山家纺店", 1)]


@pytest.mark.parametrize("typed", [CODE[:8], CODE.lower()[:10], "旧名"])
def test_a_name_or_a_code_is_found_by_its_beginning(office: Office, typed: str) -> None:
    office.register(parties=(PartyDraft("respondent", "organisation", "旧名称有限公司", CODE),))
    (one,) = look(office, typed)
    assert one == KnownParty("organisation", "旧名称有限公司", CODE, 1)


@pytest.mark.parametrize("typed", ["", " 南 ", "锦屏", "%", "南_"])
def test_too_little_or_the_middle_of_a_name_finds_nothing(office: Office, typed: str) -> None:
    office.register()
    assert look(office, typed) == ()


def test_parties_of_cases_out_of_sight_are_not_offered(office: Office) -> None:
    office.register()
    assert look(office, "南通", "police") == ()
    assert look(office, "南通", "sysadmin") == ()
