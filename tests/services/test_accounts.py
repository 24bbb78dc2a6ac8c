"""Keeping accounts: who may do it, what it changes, and what the ledger says of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from caseapp.adapters.clock import SetClock
from caseapp.adapters.common_passwords import PasswordList
from caseapp.context import Context
from caseapp.domain.errors import InputError, InputErrors, NotFound, NotPermitted, RuleRefused
from caseapp.domain.policies.own_names import Owner
from caseapp.domain.policies.passwords import refuse_weak
from caseapp.domain.roles import Role, Scope
from caseapp.domain.workflow.situation import Actor
from caseapp.models import Account, LedgerEntry, Notification
from caseapp.queries.accounts import account
from caseapp.services import accounts
from caseapp.services.accounts import Person
from caseapp.services.attempts import LockRule
from caseapp.services.installation import AccountDraft, create_account
from caseapp.services.sign_in import authenticate
from caseapp.services.unit_of_work import unit_of_work
from tests.support.app import ORGAN, PASSWORD

As = Callable[[str], AbstractContextManager[Context]]
People = Mapping[str, Actor]
LOCK = LockRule(after=3, minutes=15)
SOMEBODY = Person("周晓舟", ORGAN, "苏F060001", date(2024, 1, 1), date(2028, 12, 31))


def row_of(ctx: Context, user_id: str) -> Account:
    ctx.session.rollback()
    return ctx.session.execute(
        select(Account).where(Account.id == user_id).execution_options(populate_existing=True)
    ).scalar_one()


def mark(ctx: Context, user_id: str) -> str:
    return account(ctx, user_id).row.mark


def told(ctx: Context, kind: str) -> list[dict[str, Any]]:
    rows = ctx.session.execute(
        select(LedgerEntry.payload)
        .where(LedgerEntry.chain == "system", LedgerEntry.kind == kind)
        .order_by(LedgerEntry.seq)
    ).scalars()
    return [json.loads(row) for row in rows]


def second(ctx: Context, login: str, role: Role) -> str:
    """Give the house a second administrator of a kind."""
    return create_account(
        ctx, AccountDraft(login, login, ORGAN, (role,), Scope.OWN, PASSWORD, must_change_password=False)
    )


# --- opening ------------------------------------------------------------------------------------------------------


def test_a_new_account_has_no_role_and_a_password_that_must_be_changed(as_user: As) -> None:
    with as_user("sysadmin") as ctx:
        issued = accounts.open_account(ctx, "zhou", SOMEBODY)
        row = row_of(ctx, issued.user_id)
        assert (row.login, row.name, row.organ_id) == ("zhou", "周晓舟", ORGAN)
        assert (row.roles, row.scope, row.must_change_password) == ("|", "own", True)
        assert account(ctx, issued.user_id).row.roles == ()
        assert told(ctx, "accounts_created")[-1] == {"logins": ["zhou"]}
        assert authenticate(ctx, "zhou", issued.password, "127.0.0.1", lock=LOCK).must_change_password


def test_the_one_time_password_is_in_no_table_and_no_entry(as_user: As) -> None:
    with as_user("sysadmin") as ctx:
        issued = accounts.open_account(ctx, "zhou", SOMEBODY)
        assert issued.password not in row_of(ctx, issued.user_id).password_hash
        payloads = ctx.session.execute(select(LedgerEntry.payload)).scalars().all()
        assert not any(issued.password in payload for payload in payloads)


def test_one_time_passwords_keep_the_rule_and_differ() -> None:
    made = {accounts.one_time_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        refuse_weak(password, Owner("zhou"), common=PasswordList())
        assert not set(password) & set("0O1lI")


@pytest.mark.parametrize("login", ["secadmin", "audit", "leader", "officer"])
def test_only_the_system_administrator_keeps_accounts(as_user: As, people: People, login: str) -> None:
    with as_user(login) as ctx:
        other = people["officer2"].id
        seen = mark(ctx, other)
        for attempt in (
            lambda: accounts.open_account(ctx, "zhou", SOMEBODY),
            lambda: accounts.change_person(ctx, other, SOMEBODY, seen=seen),
            lambda: accounts.deactivate(ctx, other, seen=seen),
            lambda: accounts.activate(ctx, other, seen=seen),
            lambda: accounts.reset_password(ctx, other, seen=seen),
        ):
            with pytest.raises(NotPermitted):
                attempt()
        assert mark(ctx, other) == seen


def test_what_makes_no_sense_is_refused_beside_its_field(as_user: As) -> None:
    wrong: dict[str, Person] = {
        "name": replace(SOMEBODY, name=""),
        "organ": replace(SOMEBODY, organ="999999-ip"),
        "certificate_number": replace(SOMEBODY, certificate_number=None),
        "certificate_until": replace(SOMEBODY, certificate_until=date(2023, 12, 31)),
    }
    with as_user("sysadmin") as ctx:
        for field, person in wrong.items():
            with pytest.raises(InputErrors) as refused:
                accounts.open_account(ctx, "zhou", person)
            assert [error.field for error in refused.value.errors] == [field]
        assert ctx.session.execute(select(Account.id).where(Account.login == "zhou")).first() is None


def test_a_login_is_given_once(as_user: As) -> None:
    with as_user("sysadmin") as ctx:
        accounts.open_account(ctx, "zhou", SOMEBODY)
        with pytest.raises(InputError) as refused:
            accounts.open_account(ctx, "zhou", SOMEBODY)
        assert refused.value.field == "login"


# --- changing -----------------------------------------------------------------------------------------------------


def test_a_change_says_what_was_and_what_is(as_user: As, people: People) -> None:
    officer = people["officer"].id
    with as_user("sysadmin") as ctx:
        changed = Person("顾海宁", ORGAN, "测F000999", date(2026, 1, 1), date(2031, 12, 31))
        assert accounts.change_person(ctx, officer, changed, seen=mark(ctx, officer))
        row = row_of(ctx, officer)
        assert (row.certificate_number, row.certificate_until) == ("测F000999", date(2031, 12, 31))
        assert row.roles == "|officer|"
        assert told(ctx, "account_changed") == [
            {
                "user": officer,
                "login": "officer",
                "changed": {
                    "certificate_number": ["测F000002", "测F000999"],
                    "certificate_from": ["2020-01-01", "2026-01-01"],
                    "certificate_until": ["2030-12-31", "2031-12-31"],
                },
            }
        ]


def test_nothing_changed_is_no_news(as_user: As, people: People) -> None:
    officer = people["officer"].id
    with as_user("sysadmin") as ctx:
        same = Person("顾海宁", ORGAN, "测F000002", date(2020, 1, 1), date(2030, 12, 31))
        assert not accounts.change_person(ctx, officer, same, seen=mark(ctx, officer))
        assert told(ctx, "account_changed") == []


def test_who_moves_to_another_organ_leaves_the_roles_behind(as_user: As, people: People) -> None:
    leader = people["leader"].id
    with as_user("sysadmin") as ctx:
        epoch = row_of(ctx, leader).session_epoch
        accounts.change_person(ctx, leader, Person("施明远", "320600-ip"), seen=mark(ctx, leader))
        row = row_of(ctx, leader)
        assert (row.organ_id, row.roles, row.scope) == ("320600-ip", "|", "own")
        assert row.session_epoch == epoch + 1
        assert told(ctx, "account_changed")[0]["changed"]["roles"] == ["|leader|", "|"]


def test_nobody_moves_himself(as_user: As, people: People) -> None:
    own = people["sysadmin"].id
    with as_user("sysadmin") as ctx:
        second(ctx, "sysadmin2", Role.SYSTEM_ADMINISTRATOR)
        with pytest.raises(NotPermitted):
            accounts.change_person(ctx, own, Person("管小青", "320600-ip"), seen=mark(ctx, own))


def test_a_form_over_what_somebody_changed_meanwhile_is_refused(as_user: As, people: People) -> None:
    officer = people["officer"].id
    with as_user("sysadmin") as ctx:
        seen = mark(ctx, officer)
        accounts.change_person(ctx, officer, Person("顾海宁", ORGAN), seen=seen)
        with pytest.raises(RuleRefused):
            accounts.change_person(ctx, officer, SOMEBODY, seen=seen)
        with pytest.raises(RuleRefused):
            accounts.reset_password(ctx, officer, seen=seen)
        assert row_of(ctx, officer).name == "顾海宁"


def test_nobody_is_changed_who_does_not_exist(as_user: As) -> None:
    with as_user("sysadmin") as ctx, pytest.raises(NotFound):
        accounts.change_person(ctx, "0" * 32, SOMEBODY, seen="")


# --- roles --------------------------------------------------------------------------------------------------------


def test_the_security_administrator_grants_roles_and_scope(as_user: As, people: People) -> None:
    officer = people["officer"].id
    with as_user("secadmin") as ctx:
        roles = [Role.SECTION_HEAD, Role.OFFICER]
        assert accounts.change_roles(ctx, officer, roles, Scope.BELOW, seen=mark(ctx, officer))
        row = row_of(ctx, officer)
        assert (row.roles, row.scope) == ("|officer|section_head|", "below")
        assert told(ctx, "roles_changed") == [
            {
                "user": officer,
                "login": "officer",
                "changed": {"roles": [["officer"], ["officer", "section_head"]], "scope": ["organ", "below"]},
            }
        ]
        assert not accounts.change_roles(ctx, officer, roles, Scope.BELOW, seen=mark(ctx, officer))
        assert len(told(ctx, "roles_changed")) == 1


def test_the_system_administrator_grants_none(as_user: As, people: People) -> None:
    with as_user("sysadmin") as ctx, pytest.raises(NotPermitted):
        accounts.change_roles(
            ctx, people["officer"].id, [Role.LEADER], Scope.CITY, seen=mark(ctx, people["officer"].id)
        )


def test_nobody_changes_his_own_roles(as_user: As, people: People) -> None:
    own = people["secadmin"].id
    with as_user("secadmin") as ctx:
        second(ctx, "secadmin2", Role.SECURITY_ADMINISTRATOR)
        with pytest.raises(NotPermitted):
            accounts.change_roles(ctx, own, [Role.LEADER], Scope.CITY, seen=mark(ctx, own))
        assert row_of(ctx, own).roles == "|security_administrator|"


def test_seats_that_one_person_may_not_hold_are_refused(as_user: As, people: People) -> None:
    officer = people["officer"].id
    with as_user("secadmin") as ctx:
        for roles, scope in (
            ((Role.SYSTEM_ADMINISTRATOR, Role.OFFICER), Scope.ORGAN),
            ((Role.SYSTEM_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR), Scope.OWN),
            ((Role.SYSTEM,), Scope.CITY),
            ((Role.LIAISON,), Scope.ORGAN),
        ):
            with pytest.raises(InputError):
                accounts.change_roles(ctx, officer, roles, scope, seen=mark(ctx, officer))
        assert row_of(ctx, officer).roles == "|officer|"
        assert told(ctx, "roles_changed") == []


def test_a_policeman_becomes_nothing_but_a_liaison(as_user: As, people: People) -> None:
    police = people["police"].id
    with as_user("secadmin") as ctx, pytest.raises(InputError):
        accounts.change_roles(ctx, police, [Role.SUPERVISOR], Scope.CITY, seen=mark(ctx, police))


@pytest.mark.parametrize("login", ["sysadmin", "audit"])
def test_the_last_administrator_of_a_kind_keeps_the_role(as_user: As, people: People, login: str) -> None:
    last = people[login].id
    with as_user("secadmin") as ctx:
        with pytest.raises(RuleRefused):
            accounts.change_roles(ctx, last, [Role.OFFICER], Scope.ORGAN, seen=mark(ctx, last))
        second(ctx, f"{login}2", next(iter(people[login].roles)))
        assert accounts.change_roles(ctx, last, [Role.OFFICER], Scope.ORGAN, seen=mark(ctx, last))


# --- shutting and opening -------------------------------------------------------------------------------------------


def test_a_shut_account_ends_its_sessions_and_signs_in_no_more(as_user: As, people: People) -> None:
    officer = people["officer"].id
    with as_user("sysadmin") as ctx:
        epoch = row_of(ctx, officer).session_epoch
        accounts.deactivate(ctx, officer, seen=mark(ctx, officer))
        row = row_of(ctx, officer)
        assert (row.active, row.session_epoch) == (False, epoch + 1)
        assert told(ctx, "account_deactivated") == [{"user": officer, "login": "officer"}]
        with pytest.raises(NotPermitted):
            authenticate(ctx, "officer", PASSWORD, "127.0.0.1", lock=LOCK)
        with pytest.raises(RuleRefused):
            accounts.deactivate(ctx, officer, seen=mark(ctx, officer))
        accounts.activate(ctx, officer, seen=mark(ctx, officer))
        assert authenticate(ctx, "officer", PASSWORD, "127.0.0.1", lock=LOCK).id == officer
        assert told(ctx, "account_activated") == [{"user": officer, "login": "officer"}]


def test_nobody_shuts_his_own_account_or_the_last_administrators(as_user: As, people: People) -> None:
    with as_user("sysadmin") as ctx:
        own, security = people["sysadmin"].id, people["secadmin"].id
        with pytest.raises(NotPermitted):
            accounts.deactivate(ctx, own, seen=mark(ctx, own))
        with pytest.raises(RuleRefused) as refused:
            accounts.deactivate(ctx, security, seen=mark(ctx, security))
        assert "安全管理员" in str(refused.value.message)
        other = second(ctx, "secadmin2", Role.SECURITY_ADMINISTRATOR)
        accounts.deactivate(ctx, security, seen=mark(ctx, security))
        with pytest.raises(RuleRefused):
            accounts.deactivate(ctx, other, seen=mark(ctx, other))


@pytest.mark.parametrize("login", ["sysadmin", "secadmin"])
def test_a_lock_is_lifted_by_either_administrator_who_may(as_user: As, people: People, login: str) -> None:
    officer = people["officer"].id
    with as_user(login) as ctx:
        for _ in range(LOCK.after):
            with pytest.raises(NotPermitted):
                authenticate(ctx, "officer", "wrong", "127.0.0.1", lock=LOCK)
        assert account(ctx, officer).row.locked_until is not None
        accounts.unlock(ctx, officer)
        assert account(ctx, officer).row.locked_until is None
        assert authenticate(ctx, "officer", PASSWORD, "127.0.0.1", lock=LOCK).id == officer
        assert told(ctx, "account_unlocked") == [{"user": officer, "login": "officer"}]
        with pytest.raises(RuleRefused):
            accounts.unlock(ctx, officer)


def test_the_audit_administrator_lifts_no_lock(as_user: As, people: People) -> None:
    with as_user("audit") as ctx, pytest.raises(NotPermitted):
        accounts.unlock(ctx, people["officer"].id)


# --- passwords ------------------------------------------------------------------------------------------------------


def test_a_reset_replaces_the_password_ends_sessions_and_tells_the_person(as_user: As, people: People) -> None:
    officer = people["officer"].id
    with as_user("sysadmin") as ctx:
        epoch = row_of(ctx, officer).session_epoch
        issued = accounts.reset_password(ctx, officer, seen=mark(ctx, officer))
        row = row_of(ctx, officer)
        assert (row.must_change_password, row.session_epoch) == (True, epoch + 1)
        with pytest.raises(NotPermitted):
            authenticate(ctx, "officer", PASSWORD, "127.0.0.1", lock=LOCK)
        assert authenticate(ctx, "officer", issued.password, "127.0.0.1", lock=LOCK).must_change_password
        assert told(ctx, "password_reset") == [{"user": officer, "login": "officer"}]
        kinds = ctx.session.execute(select(Notification.kind).where(Notification.user_id == officer)).scalars().all()
        assert kinds == ["password_reset"]


def test_ones_own_password_is_not_reset_but_changed(as_user: As, people: People) -> None:
    own = people["sysadmin"].id
    with as_user("sysadmin") as ctx, pytest.raises(NotPermitted):
        accounts.reset_password(ctx, own, seen=mark(ctx, own))


def test_a_refused_change_leaves_nothing_behind(as_user: As, people: People, clock: SetClock) -> None:
    """Whatever refuses a change inside its transaction, neither the account nor the ledger is touched."""
    officer = people["officer"].id
    with as_user("sysadmin") as ctx:
        with unit_of_work(ctx) as unit:
            unit.connection.execute(update(Account).where(Account.id == officer).values(active=False))
        before = len(ctx.session.execute(select(LedgerEntry.id)).all())
        clock.at += timedelta(minutes=1)
        with pytest.raises(RuleRefused):
            accounts.reset_password(ctx, officer, seen=mark(ctx, officer))
        assert row_of(ctx, officer).must_change_password is False
        assert len(ctx.session.execute(select(LedgerEntry.id)).all()) == before
