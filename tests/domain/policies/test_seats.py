"""Which roles go together, and where."""

from __future__ import annotations

import pytest

from caseapp.domain.errors import InputError
from caseapp.domain.organs import OrganKind
from caseapp.domain.policies.seats import GRANTABLE, refuse_seat
from caseapp.domain.roles import ADMINISTRATORS, Role, Scope

MARKET = OrganKind.MARKET_REGULATION


@pytest.mark.parametrize(
    ("roles", "scope", "kind"),
    [
        pytest.param((), Scope.OWN, MARKET, id="nobody yet"),
        pytest.param((Role.OFFICER, Role.INTAKE_CLERK), Scope.ORGAN, MARKET, id="an officer who also takes in leads"),
        pytest.param((Role.LEADER,), Scope.BELOW, MARKET, id="a head who sees below"),
        pytest.param((Role.LIAISON,), Scope.SENT_TO_US, OrganKind.POLICE, id="a police liaison"),
        pytest.param((Role.LIAISON,), Scope.SENT_TO_US, OrganKind.CUSTOMS, id="a customs liaison"),
        pytest.param((Role.AUDIT_ADMINISTRATOR,), Scope.OWN, MARKET, id="an administrator"),
    ],
)
def test_these_may_be_held(roles: tuple[Role, ...], scope: Scope, kind: OrganKind) -> None:
    refuse_seat(roles, scope, kind)


@pytest.mark.parametrize(
    ("roles", "scope", "kind", "field"),
    [
        pytest.param(
            (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR),
            Scope.OWN,
            MARKET,
            "roles",
            id="two kinds of admin",
        ),
        pytest.param((Role.AUDIT_ADMINISTRATOR, Role.LEADER), Scope.OWN, MARKET, "roles", id="an admin who leads"),
        pytest.param((Role.LIAISON, Role.OFFICER), Scope.SENT_TO_US, MARKET, "roles", id="a liaison who investigates"),
        pytest.param((Role.OFFICER,), Scope.ORGAN, OrganKind.COURT, "roles", id="an officer in a court"),
        pytest.param((Role.SYSTEM,), Scope.CITY, MARKET, "roles", id="the program itself"),
        pytest.param((Role.LIAISON,), Scope.CITY, OrganKind.POLICE, "scope", id="a liaison who sees the city"),
        pytest.param((Role.OFFICER,), Scope.SENT_TO_US, MARKET, "scope", id="an officer who sees what is sent"),
    ],
)
def test_these_may_not(roles: tuple[Role, ...], scope: Scope, kind: OrganKind, field: str) -> None:
    with pytest.raises(InputError) as refused:
        refuse_seat(roles, scope, kind)
    assert refused.value.field == field


def test_every_role_of_staff_can_be_granted_but_not_the_programs() -> None:
    assert set(GRANTABLE) == set(Role) - {Role.SYSTEM, Role.RIGHT_HOLDER}
    assert set(GRANTABLE) > ADMINISTRATORS
