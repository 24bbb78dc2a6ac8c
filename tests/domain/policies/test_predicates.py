"""Who may know that a case exists (DESIGN §5)."""

from __future__ import annotations

import pytest

from caseapp.domain.policies.predicates import Outline, Sight, actor_is_assigned, actor_sees_case, sight_of
from caseapp.domain.roles import ADMINISTRATORS, Role, Scope

CASE = Outline(organ_path=("county", "city"), officers=frozenset({"wang"}))
LEAD = Outline(organ_path=("county", "city"), officers=frozenset(), is_lead=True)
RESTRICTED = Outline(organ_path=("county", "city"), officers=frozenset({"wang"}), restricted=True)


@pytest.mark.parametrize(
    ("roles", "scope", "sight"),
    [
        pytest.param([Role.SYSTEM], Scope.OWN, Sight.EVERYTHING, id="the program itself sees everything"),
        pytest.param([], Scope.CITY, Sight.NOTHING, id="no role sees nothing however wide the scope"),
        pytest.param([Role.LIAISON], Scope.SENT_TO_US, Sight.NOTHING, id="a liaison sees no case folder"),
        pytest.param([Role.LIAISON], Scope.CITY, Sight.NOTHING, id="a wide scope does not open the eyes of a liaison"),
        pytest.param([Role.OFFICER], Scope.OWN, Sight.OWN, id="own"),
        pytest.param([Role.OFFICER], Scope.ORGAN, Sight.ORGAN_UNRESTRICTED, id="officer in the organ"),
        pytest.param(
            [Role.OFFICER, Role.INTAKE_CLERK],
            Scope.ORGAN,
            Sight.ORGAN_UNRESTRICTED,
            id="officer who also takes in leads",
        ),
        pytest.param([Role.INTAKE_CLERK], Scope.ORGAN, Sight.LEADS_OF_ORGAN, id="intake clerk"),
        pytest.param([Role.SECTION_HEAD], Scope.ORGAN, Sight.ORGAN, id="section head"),
        pytest.param([Role.OFFICER, Role.SECTION_HEAD], Scope.ORGAN, Sight.ORGAN, id="officer who heads the section"),
        pytest.param([Role.LEADER], Scope.BELOW, Sight.BELOW, id="leader"),
        pytest.param([Role.SUPERVISOR], Scope.CITY, Sight.EVERYTHING, id="city supervisor"),
        *(
            pytest.param([role], Scope.CITY, Sight.NOTHING, id=f"{role} sees no case content")
            for role in sorted(ADMINISTRATORS)
        ),
    ],
)
def test_roles_and_scope_decide_how_far_somebody_sees(roles: list[Role], scope: Scope, sight: Sight) -> None:
    assert sight_of(roles, scope) is sight


@pytest.mark.parametrize(
    ("actor", "organ", "sight", "case", "sees"),
    [
        pytest.param("wang", "county", Sight.OWN, CASE, True, id="own case"),
        pytest.param("li", "county", Sight.OWN, CASE, False, id="another's case"),
        pytest.param("wang", "other", Sight.ORGAN, CASE, True, id="joint case of another organ"),
        pytest.param("li", "county", Sight.ORGAN, CASE, True, id="case of the organ"),
        pytest.param("li", "city", Sight.ORGAN, CASE, False, id="the organ above does not see it by organ alone"),
        pytest.param("li", "city", Sight.BELOW, CASE, True, id="the organ above sees below"),
        pytest.param("li", "other", Sight.BELOW, CASE, False, id="a sister organ sees nothing"),
        pytest.param(
            "li", "county", Sight.ORGAN_UNRESTRICTED, RESTRICTED, False, id="restricted is hidden from colleagues"
        ),
        pytest.param("wang", "county", Sight.ORGAN_UNRESTRICTED, RESTRICTED, True, id="but not from who is in charge"),
        pytest.param("li", "county", Sight.ORGAN, RESTRICTED, True, id="nor from the section head"),
        pytest.param("he", "county", Sight.LEADS_OF_ORGAN, LEAD, True, id="clerk and lead"),
        pytest.param("he", "county", Sight.LEADS_OF_ORGAN, CASE, False, id="clerk and case"),
        pytest.param("wang", "county", Sight.NOTHING, CASE, False, id="nothing is nothing, even one's own"),
        pytest.param("anyone", "", Sight.EVERYTHING, RESTRICTED, True, id="everything"),
    ],
)
def test_sight_decides_about_a_case(actor: str, organ: str, sight: Sight, case: Outline, sees: bool) -> None:
    assert actor_sees_case(actor, organ, sight, case) is sees


def test_in_charge_is_who_is_named() -> None:
    assert actor_is_assigned("wang", CASE)
    assert not actor_is_assigned("li", CASE)
