"""Asking the table of rights."""

from __future__ import annotations

import pytest

from caseapp.domain.errors import NotPermitted
from caseapp.domain.policies.permits import permissions_of, permits, require, roles_holding
from caseapp.domain.policies.policy_map import POLICY, Permission
from caseapp.domain.roles import Role


def test_a_person_without_a_role_may_do_nothing() -> None:
    assert permissions_of([]) == frozenset()
    assert not any(permits([], permission) for permission in Permission)


def test_a_person_holds_what_any_of_the_roles_holds() -> None:
    both = permissions_of([Role.OFFICER, Role.LEADER])
    assert both == POLICY[Role.OFFICER] | POLICY[Role.LEADER]
    assert permits([Role.OFFICER, Role.LEADER], Permission.APPROVAL_SIGN)


def test_a_refusal_names_the_roles_that_could_help_in_both_languages() -> None:
    with pytest.raises(NotPermitted) as refused:
        require([Role.OFFICER], Permission.CASE_ASSIGN)
    assert refused.value.message.values["roles"] == {
        "zh": "科室负责人、机关负责人",
        "en": "Section head, Head of organ",
    }


def test_who_holds_the_permission_is_not_refused() -> None:
    require([Role.SECTION_HEAD], Permission.CASE_ASSIGN)


def test_roles_are_told_in_a_steady_order() -> None:
    assert roles_holding(Permission.APPROVAL_SIGN) == (Role.SECTION_HEAD, Role.LEGAL_REVIEWER, Role.LEADER)
