"""三员分立: the three administrators are kept apart, from each other and from the work (GB/T 22239-2019, 8.1.5)."""

from __future__ import annotations

from itertools import combinations

import pytest

from caseapp.domain.errors import InputError
from caseapp.domain.organs import JUDICIAL_KINDS, OrganKind
from caseapp.domain.policies.deputies import lent_roles
from caseapp.domain.policies.policy_map import LENT, POLICY, Permission
from caseapp.domain.policies.predicates import Sight, sight_of
from caseapp.domain.policies.seats import GRANTABLE, refuse_seat
from caseapp.domain.policies.security import SECOND_FACTOR_ROLES
from caseapp.domain.roles import ADMINISTRATORS, Role, Scope

WORK = set(GRANTABLE) - ADMINISTRATORS
SHARED = {
    Permission.ACCOUNT_OWN,
    Permission.ADMIN_SEE,
    Permission.USER_SEE,
    Permission.ORGAN_SEE,
    Permission.CALENDAR_SEE,
    Permission.DEFINITION_SEE,
    Permission.SECOND_FACTOR_RESET_AGREE,
}
"""What all three may: look at the installation, keep their own account, be the second of two."""
ADMINISTERING = ("admin:", "user:", "role:", "organ:change", "setting:", "security:", "second_factor:", "ledger:")


@pytest.mark.parametrize(("one", "other"), list(combinations(sorted(ADMINISTRATORS), 2)))
def test_what_one_may_change_no_other_may(one: Role, other: Role) -> None:
    assert POLICY[one] & POLICY[other] == SHARED


@pytest.mark.parametrize("role", sorted(WORK))
def test_nobody_at_work_administers_and_no_administrator_does_the_work(role: Role) -> None:
    for held in POLICY[role]:
        assert not held.startswith(ADMINISTERING), held
    for administrator in ADMINISTRATORS:
        common = POLICY[role] & POLICY[administrator]
        assert common <= SHARED, (administrator, common - SHARED)


@pytest.mark.parametrize("administrator", sorted(ADMINISTRATORS))
def test_no_account_holds_an_office_of_control_and_anything_else(administrator: Role) -> None:
    for other in set(Role) - {administrator}:
        for scope in Scope:
            with pytest.raises(InputError):
                refuse_seat((administrator, other), scope, OrganKind.MARKET_REGULATION)
    for kind in JUDICIAL_KINDS:
        with pytest.raises(InputError):
            refuse_seat((administrator,), Scope.OWN, kind)


@pytest.mark.parametrize("administrator", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("scope", list(Scope))
def test_an_administrator_sees_no_case_however_wide_the_scope(administrator: Role, scope: Scope) -> None:
    assert sight_of((administrator,), scope) is Sight.NOTHING


@pytest.mark.parametrize("administrator", sorted(ADMINISTRATORS))
def test_an_office_of_control_is_lent_to_nobody_and_borrows_nothing(administrator: Role) -> None:
    for other in GRANTABLE:
        assert lent_roles((administrator,), (other,)) == frozenset()
        assert lent_roles((other,), (administrator,)) == frozenset()
    assert POLICY[administrator] & LENT == frozenset()


def test_each_of_them_needs_a_second_factor() -> None:
    assert ADMINISTRATORS <= SECOND_FACTOR_ROLES
