"""The table of rights (DESIGN §5)."""

from __future__ import annotations

import pytest

from caseapp.domain.policies.policy_map import POLICY, Permission
from caseapp.domain.roles import ADMINISTRATORS, Role

CONTENT = ("case:", "document:", "desk:", "lead:", "approval:", "figure:", "overdue:", "referral:", "fast_channel:")
CHANGING = {
    Permission.CASE_ACT,
    Permission.CASE_ASSIGN,
    Permission.CASE_NOTE,
    Permission.CASE_FACTS_CHANGE,
    Permission.LEAD_REGISTER,
    Permission.DOCUMENT_ISSUE,
    Permission.APPROVAL_SIGN,
    Permission.USER_CHANGE,
    Permission.ROLE_CHANGE,
    Permission.ORGAN_CHANGE,
    Permission.SETTING_CHANGE,
    Permission.DEFINITION_SIGN,
}


def test_every_role_has_a_row() -> None:
    assert set(POLICY) == set(Role)


def test_every_permission_is_held_by_somebody() -> None:
    assert frozenset().union(*POLICY.values()) == set(Permission)


def test_the_program_itself_comes_through_no_door() -> None:
    assert POLICY[Role.SYSTEM] == frozenset()


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_administrators_see_no_case_content(role: Role) -> None:
    assert [held for held in POLICY[role] if held.startswith(CONTENT)] == []


@pytest.mark.parametrize(
    "power", [Permission.USER_CHANGE, Permission.ROLE_CHANGE, Permission.LEDGER_SEARCH, Permission.DEFINITION_SIGN]
)
def test_each_power_of_the_three_administrators_is_one_persons(power: Permission) -> None:
    assert len([role for role in Role if power in POLICY[role]]) == 1


def test_who_makes_users_does_not_give_rights_and_neither_reads_the_audit() -> None:
    assert Permission.ROLE_CHANGE not in POLICY[Role.SYSTEM_ADMINISTRATOR]
    assert Permission.USER_CHANGE not in POLICY[Role.SECURITY_ADMINISTRATOR]
    assert Permission.LEDGER_SEARCH not in POLICY[Role.SYSTEM_ADMINISTRATOR] | POLICY[Role.SECURITY_ADMINISTRATOR]


def test_supervisors_only_read() -> None:
    assert POLICY[Role.SUPERVISOR] & CHANGING == set()


def test_officers_do_not_sign_approvals() -> None:
    assert Permission.APPROVAL_SIGN not in POLICY[Role.OFFICER]


def test_liaisons_see_what_was_sent_to_them_and_no_case_list() -> None:
    assert {held for held in POLICY[Role.LIAISON] if held.startswith(CONTENT)} == {
        Permission.REFERRAL_LIST,
        Permission.REFERRAL_READ,
        Permission.REFERRAL_ANSWER,
        Permission.REFERRAL_OPEN,
    }


def test_right_holders_have_their_own_account_and_nothing_else() -> None:
    assert POLICY[Role.RIGHT_HOLDER] == {Permission.ACCOUNT_OWN}


def test_every_person_may_change_their_own_password() -> None:
    assert [role for role in Role if role is not Role.SYSTEM and Permission.ACCOUNT_OWN not in POLICY[role]] == []
