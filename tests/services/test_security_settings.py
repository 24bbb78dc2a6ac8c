"""The numbers of signing in: who sets them, within which limits, and what the ledger says."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import InputErrors, NotPermitted, RuleRefused
from caseapp.domain.policies.security import LIMITS, NAMES, SecurityPolicy
from caseapp.models import LedgerEntry
from caseapp.queries.security import security_policy, security_settings
from caseapp.queries.sessions import session_of
from caseapp.services.security_settings import change_security
from caseapp.services.sessions import begin_session
from caseapp.wiring import Huhang
from tests.support.office import count

As = Callable[[str], AbstractContextManager[Context]]
DEFAULTS = SecurityPolicy(lock_after=4)


def change(ctx: Context, **numbers: int) -> bool:
    present = security_settings(ctx, DEFAULTS)
    return change_security(ctx, replace(present.policy, **numbers), defaults=DEFAULTS, seen=present.mark)


def test_until_somebody_sets_them_the_configuration_decides(ctx: Context) -> None:
    assert security_policy(ctx, DEFAULTS) == DEFAULTS
    assert security_policy(ctx) == SecurityPolicy()


def test_the_security_administrator_sets_them_and_the_ledger_tells(as_user: As) -> None:
    with as_user("secadmin") as ctx:
        assert change(ctx, password_length=12, lock_after=6) is True
        assert change(ctx, password_length=12) is False, "nothing new"
        assert security_policy(ctx, DEFAULTS).password_length == 12
        assert change(ctx, password_length=14) is True
        assert security_policy(ctx, DEFAULTS) == replace(DEFAULTS, password_length=14, lock_after=6, password_days=0), (
            "and what nobody touched is as it was"
        )
        payloads = ctx.session.execute(
            select(LedgerEntry.payload).where(LedgerEntry.kind == "security_settings_changed").order_by(LedgerEntry.seq)
        ).scalars()
        assert [json.loads(payload)["changed"] for payload in payloads] == [
            {"lock_after": [4, 6], "password_length": [10, 12]},
            {"password_length": [12, 14]},
        ]


@pytest.mark.parametrize("login", ["sysadmin", "audit", "leader"])
def test_nobody_else_does(as_user: As, login: str) -> None:
    with as_user(login) as ctx, pytest.raises(NotPermitted):
        change(ctx, password_length=12)


def test_numbers_beyond_their_limits_are_refused_beside_their_fields(as_user: As) -> None:
    with as_user("secadmin") as ctx:
        with pytest.raises(InputErrors) as refused:
            change(ctx, password_length=7, idle_minutes=241)
        assert [error.field for error in refused.value.errors] == ["password_length", "idle_minutes"]
        assert security_policy(ctx, DEFAULTS).password_length == 10


def test_nobody_overwrites_unseen_what_another_has_just_set(as_user: As) -> None:
    with as_user("secadmin") as ctx:
        seen = security_settings(ctx, DEFAULTS).mark
        change(ctx, password_length=12)
        with pytest.raises(RuleRefused):
            change_security(ctx, DEFAULTS, defaults=DEFAULTS, seen=seen)


def version(parts: Huhang, token: str) -> str:
    """Return the version of the settings as the query of a session tells it."""
    with parts.context() as ctx:
        known = session_of(ctx, token)
        assert known is not None
        return known.settings


def test_another_process_follows_at_its_next_request_and_asks_nothing_until_then(parts: Huhang, as_user: As) -> None:
    with as_user("officer") as ctx:
        token = begin_session(ctx, ctx.actor.id, epoch=0, device="", address="")
    elsewhere = Huhang(config=parts.config, law=parts.law, ports=parts.ports, engine=parts.engine)
    for _ in range(2):
        with as_user("secadmin") as ctx:
            present = security_settings(ctx, parts.configured_security)
            minutes = present.policy.idle_minutes - 1
            before = version(elsewhere, token)
            assert elsewhere.security_at(before) == present.policy
            new = replace(present.policy, idle_minutes=minutes)
            change_security(ctx, new, defaults=parts.configured_security, seen=present.mark)
        assert elsewhere.security_at(before) == present.policy, "as long as no session tells of another version"
        told = version(elsewhere, token)
        assert told != before
        assert elsewhere.security_at(told).idle_minutes == minutes
        assert count(parts.engine, partial(elsewhere.security_at, told)) == 0


def test_every_number_has_limits_and_its_default_keeps_them() -> None:
    assert set(NAMES) == set(LIMITS)
    for name, (low, high) in LIMITS.items():
        assert low <= getattr(SecurityPolicy(), name) <= high
