"""Choosing a password: who may, which one, and the ones before."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import pairwise

import pytest
from sqlalchemy import func, insert, select

from caseapp.adapters.clock import SetClock
from caseapp.context import Context
from caseapp.domain.errors import InputError, NotFound, NotPermitted
from caseapp.domain.roles import Role
from caseapp.domain.workflow.situation import Actor
from caseapp.models import Account, EarlierPassword, Setting
from caseapp.queries.accounts import account
from caseapp.services import accounts
from caseapp.services.attempts import LockRule
from caseapp.services.passwords import change_password
from caseapp.services.sign_in import SignedIn, authenticate
from caseapp.services.unit_of_work import unit_of_work
from caseapp.wiring import Huhang
from tests.support.app import PASSWORD

As = Callable[[str], AbstractContextManager[Context]]
LOCK = LockRule(after=3, minutes=15)
NEW = "Haimen-2026-x"


def signs_in(parts: Huhang, password: str) -> SignedIn | None:
    with parts.context() as ctx:
        try:
            return authenticate(ctx, "officer", password, "10.0.0.1", lock=LOCK)
        except NotPermitted:
            return None


def test_a_new_password_ends_every_other_session(parts: Huhang, as_user: As, clock: SetClock) -> None:
    with as_user("officer") as ctx:
        assert change_password(ctx, current=PASSWORD, new=NEW) == 1
        chosen = ctx.session.execute(select(Account.password_set_at).where(Account.id == ctx.actor.id)).scalar_one()
    assert chosen == clock.at
    assert signs_in(parts, PASSWORD) is None
    signed_in = signs_in(parts, NEW)
    assert signed_in is not None
    assert (signed_in.session_epoch, signed_in.must_change_password) == (1, False)


def test_a_password_is_changed_only_by_who_knows_it_and_to_another_one(as_user: As) -> None:
    wrong = {"current": ("x", NEW), "new": (PASSWORD, PASSWORD)}
    with as_user("officer") as ctx:
        for field, (current, new) in wrong.items():
            with pytest.raises(InputError) as refused:
                change_password(ctx, current=current, new=new)
            assert refused.value.field == field
        for weak in ("short", "顾海宁-Kt-2026"):
            with pytest.raises(InputError):
                change_password(ctx, current=PASSWORD, new=weak)
    with as_user("officer") as ctx, pytest.raises(NotFound):
        stranger = Actor("f" * 32, "x", "320612-ip", frozenset({Role.OFFICER}))
        change_password(ctx.acting_as(stranger), current="x", new=NEW)


def test_the_last_few_passwords_may_not_be_chosen_again_and_older_ones_may(as_user: As, clock: SetClock) -> None:
    with as_user("officer") as ctx:
        with unit_of_work(ctx) as unit:
            unit.connection.execute(insert(Setting), {"name": "security:password_history", "value": "2"})
        chain = [PASSWORD, "Kestrel-41-moss", "Kestrel-42-moss", "Kestrel-43-moss"]
        for current, new in pairwise(chain):
            clock.at = clock.at.replace(minute=clock.at.minute + 1)
            change_password(ctx, current=current, new=new)
            ctx.session.expire_all()
        for used in chain[1:3]:
            with pytest.raises(InputError, match="最近 2 次"):
                change_password(ctx, current=chain[-1], new=used)
        change_password(ctx, current=chain[-1], new=PASSWORD)
        kept = ctx.session.execute(select(func.count()).select_from(EarlierPassword)).scalar_one()
    assert kept == 2


def test_the_password_before_a_reset_may_not_be_chosen_again(parts: Huhang, as_user: As) -> None:
    with as_user("sysadmin") as ctx:
        officer = ctx.session.execute(select(Account.id).where(Account.login == "officer")).scalar_one()
        issued = accounts.reset_password(ctx, officer, seen=account(ctx, officer).row.mark)
    with as_user("officer") as ctx, pytest.raises(InputError, match="用过"):
        change_password(ctx, current=issued.password, new=PASSWORD)


def test_a_one_time_password_is_as_long_as_the_policy_asks() -> None:
    assert len(accounts.one_time_password()) == 14
    for shortest in (14, 15, 24, 64):
        assert len(accounts.one_time_password(shortest)) >= shortest
