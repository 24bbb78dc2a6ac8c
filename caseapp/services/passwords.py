"""Choosing a password: the rules that the security administrator sets, and the passwords one had before."""

from __future__ import annotations

from sqlalchemy import delete, insert, select, update

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message, NotFound
from caseapp.domain.events import Stream
from caseapp.domain.policies.own_names import Owner
from caseapp.domain.policies.passwords import refuse_weak
from caseapp.domain.policies.security import SecurityPolicy
from caseapp.models.account import Account
from caseapp.models.earlier_password import EarlierPassword
from caseapp.queries.security import security_policy
from caseapp.services import ledger
from caseapp.services.case_store import new_id
from caseapp.services.unit_of_work import Unit, unit_of_work


def change_password(ctx: Context, *, current: str, new: str) -> int:
    """Change the actor's own password; every other session of the person ends. Returns the new session epoch.

    raises  NotFound, InputError (wrong present password, against the rules, unchanged, used before)
    """
    account = ctx.session.get(Account, ctx.actor.id)
    if account is None:
        raise NotFound(Message(N_("没有这一账号")))
    policy = security_policy(ctx)
    present = account.password_hash
    if not ctx.ports.hasher.verify(present, current):
        raise InputError("current", Message(N_("现用密码不正确")))
    refuse_weak_for(ctx, new, login=account.login, name=account.name, policy=policy)
    if new == current:
        raise InputError("new", Message(N_("新密码不能与现用密码相同")))
    if any(ctx.ports.hasher.verify(encoded, new) for encoded in _earlier(ctx, policy.password_history)):
        raise InputError(
            "new", Message(N_("新密码不能与最近 %(count)s 次用过的密码相同"), {"count": policy.password_history})
        )
    epoch = account.session_epoch + 1
    encoded = ctx.ports.hasher.hash(new)
    with unit_of_work(ctx) as unit:
        unit.connection.execute(
            update(Account)
            .where(Account.id == ctx.actor.id)
            .values(password_hash=encoded, password_set_at=ctx.now(), session_epoch=epoch, must_change_password=False)
        )
        keep_earlier(ctx, unit, ctx.actor.id, present, keep=policy.password_history)
        ledger.append_beside(ctx, unit, stream=Stream.SYSTEM, kind="password_changed", payload={"user": ctx.actor.id})
    return epoch


def refuse_weak_for(ctx: Context, password: str, *, login: str, name: str, policy: SecurityPolicy) -> None:
    """Refuse a password that is weak, or weak for that person. raises InputError (field 'new')"""
    owner = Owner(login, name, ctx.ports.readings.readings(name))
    refuse_weak(password, owner, common=ctx.ports.common_passwords, policy=policy)


def keep_earlier(ctx: Context, unit: Unit, user_id: str, encoded: str, *, keep: int) -> None:
    """Remember the hash of a password that is being replaced, and forget those too old to matter."""
    unit.connection.execute(
        insert(EarlierPassword),
        {"id": new_id(ctx), "user_id": user_id, "password_hash": encoded, "replaced_at": ctx.now()},
    )
    newest = (
        select(EarlierPassword.id)
        .where(EarlierPassword.user_id == user_id)
        .order_by(EarlierPassword.replaced_at.desc(), EarlierPassword.id)
        .limit(keep)
    )
    kept = list(unit.connection.execute(newest).scalars())
    unit.connection.execute(
        delete(EarlierPassword).where(EarlierPassword.user_id == user_id, EarlierPassword.id.not_in(kept))
    )


def _earlier(ctx: Context, count: int) -> list[str]:
    return list(
        ctx.session.execute(
            select(EarlierPassword.password_hash)
            .where(EarlierPassword.user_id == ctx.actor.id)
            .order_by(EarlierPassword.replaced_at.desc(), EarlierPassword.id)
            .limit(count)
        ).scalars()
    )
