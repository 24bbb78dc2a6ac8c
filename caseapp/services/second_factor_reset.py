"""Resetting the second factor of somebody who has lost the telephone and the recovery codes.

The security administrator does it, never for himself; where the person is an administrator, a second administrator of
another kind must agree, so that nobody can take over an office of control alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete, insert, select, update

from caseapp.context import SYSTEM_ACTOR, Context
from caseapp.domain.errors import N_, InputError, Message, NotFound, NotPermitted, RuleRefused
from caseapp.domain.events import Stream
from caseapp.domain.policies.permits import require
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.roles import ADMINISTRATORS
from caseapp.models.account import Account
from caseapp.models.factor_reset import FactorReset
from caseapp.models.second_factor import SecondFactor
from caseapp.queries.staff import roles_of
from caseapp.services import ledger, notify
from caseapp.services.second_factor import remove
from caseapp.services.unit_of_work import Unit, unit_of_work

LONGEST_REASON = 200


def reset_second_factor(ctx: Context, user_id: str, *, reason: str) -> bool:
    """Reset somebody's second factor, or ask for it where the person is an administrator. Returns whether it is done.

    reason  why, in words of the security administrator; it is kept in the ledger

    raises  NotPermitted (also one's own), NotFound, InputError (no reason), RuleRefused (there is none; asked already)
    """
    require(ctx.actor.roles, Permission.SECOND_FACTOR_RESET)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise InputError("reason", Message(N_("请填写重置原因，不超过 %(n)s 字"), {"n": LONGEST_REASON}))
    with _account(ctx, user_id) as (unit, row):
        _refuse_self(ctx, row)
        if unit.connection.execute(select(SecondFactor.user_id).where(SecondFactor.user_id == user_id)).first() is None:
            raise RuleRefused(Message(N_("该账号没有启用二次验证")))
        if not ADMINISTRATORS & roles_of(row.roles):
            _carry_out(ctx, unit, row, reason=reason.strip(), agreed="")
            return True
        if unit.connection.execute(select(FactorReset.user_id).where(FactorReset.user_id == user_id)).first():
            raise RuleRefused(Message(N_("已经申请重置，正在等待另一位管理员确认")))
        unit.connection.execute(
            insert(FactorReset),
            {"user_id": user_id, "asked_by": ctx.actor.id, "asked_at": ctx.now(), "reason": reason.strip()},
        )
        payload = {"user": row.id, "login": row.login, "reason": reason.strip()}
        ledger.append_beside(ctx, unit, stream=Stream.SYSTEM, kind="second_factor_reset_asked", payload=dict(payload))
    return False


def agree_to_reset(ctx: Context, user_id: str) -> None:
    """Agree, as another administrator, to the reset that was asked for, and so carry it out.

    raises  NotPermitted (also one's own, or what one has asked for), NotFound
    """
    require(ctx.actor.roles, Permission.SECOND_FACTOR_RESET_AGREE)
    with _account(ctx, user_id) as (unit, row):
        _refuse_self(ctx, row)
        asked = _asked(unit, user_id)
        if asked.asked_by == ctx.actor.id:
            raise NotPermitted(Message(N_("申请人不能确认自己的申请，请由另一位管理员办理")))
        _carry_out(ctx, unit, row, reason=asked.reason, agreed=asked.asked_by)


def drop_reset(ctx: Context, user_id: str) -> None:
    """Turn down the reset that was asked for: who could agree, or who asked. raises NotPermitted, NotFound"""
    with _account(ctx, user_id) as (unit, row):
        asked = _asked(unit, user_id)
        if asked.asked_by != ctx.actor.id:
            require(ctx.actor.roles, Permission.SECOND_FACTOR_RESET_AGREE)
        unit.connection.execute(delete(FactorReset).where(FactorReset.user_id == user_id))
        payload = {"user": row.id, "login": row.login, "asked_by": asked.asked_by}
        ledger.append_beside(ctx, unit, stream=Stream.SYSTEM, kind="second_factor_reset_dropped", payload=dict(payload))


def reset_at_the_machine(ctx: Context, login: str, *, reason: str) -> bool:
    """Reset a second factor from the command line, for the day on which the last security administrator has lost his.

    Who may run commands on the machine holds the keys anyway; the ledger keeps that it was done and why. Returns
    whether there was one.

    raises  NotPermitted where a person acts, NotFound
    """
    if ctx.actor.id != SYSTEM_ACTOR.id:
        raise NotPermitted(Message(N_("只能在服务器上办理")))
    found = ctx.session.execute(select(Account.id).where(Account.login == login)).scalar()
    if found is None:
        raise NotFound(Message(N_("没有这一账号")))
    with _account(ctx, found) as (unit, row):
        return _carry_out(ctx, unit, row, reason=reason, agreed="")


@contextmanager
def _account(ctx: Context, user_id: str) -> Iterator[tuple[Unit, Any]]:
    with unit_of_work(ctx) as unit:
        row = unit.connection.execute(
            select(Account.id, Account.login, Account.roles, Account.session_epoch)
            .where(Account.id == user_id)
            .with_for_update()
        ).first()
        if row is None:
            raise NotFound(Message(N_("没有这一账号")))
        yield unit, row


def _asked(unit: Unit, user_id: str) -> Any:
    asked = unit.connection.execute(select(FactorReset.__table__).where(FactorReset.user_id == user_id)).first()
    if asked is None:
        raise NotFound(Message(N_("没有等待确认的重置申请")))
    return asked


def _refuse_self(ctx: Context, row: Any) -> None:
    if row.id == ctx.actor.id:
        raise NotPermitted(Message(N_("不能重置自己的二次验证，请由另一位安全管理员办理")))


def _carry_out(ctx: Context, unit: Unit, row: Any, *, reason: str, agreed: str) -> bool:
    """Remove the second factor, end every session, tell the person. agreed: who asked, where a second one agreed."""
    had = remove(unit, row.id)
    unit.connection.execute(delete(FactorReset).where(FactorReset.user_id == row.id))
    epoch = row.session_epoch + 1
    unit.connection.execute(update(Account).where(Account.id == row.id).values(session_epoch=epoch))
    payload = {"user": row.id, "login": row.login, "reason": reason, "asked_by": agreed or ctx.actor.id}
    ledger.append_beside(ctx, unit, stream=Stream.SYSTEM, kind="second_factor_reset", payload=dict(payload))
    notify.tell(
        ctx,
        unit,
        [row.id],
        kind="second_factor_reset",
        key=f"second-factor-reset:{epoch}",
        message=Message(
            N_("%(name)s 于 %(on)s 重置了您的二次验证。如非您本人请求，请立即告知审计管理员"),
            {"name": ctx.actor.name, "on": ctx.today().isoformat()},
        ),
    )
    return had
