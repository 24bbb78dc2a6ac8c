"""Keeping people's accounts. The system administrator keeps who there is, the security administrator what each may do.

Every change is one transaction with an entry in the system stream. A form brings back the mark of the account it showed
(`queries.accounts.mark_of`), so that nobody overwrites unseen what a colleague has just changed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, or_, select, update

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, InputErrors, Message, NotFound, NotPermitted, RuleRefused
from caseapp.domain.events import Json, Stream
from caseapp.domain.policies.permits import permits, require
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.policies.seats import GRANTABLE, refuse_seat
from caseapp.domain.roles import ADMINISTRATORS, ROLE_NAMES, Role, Scope
from caseapp.models.account import Account
from caseapp.queries.accounts import mark_of
from caseapp.queries.security import security_policy
from caseapp.queries.staff import roles_of
from caseapp.services import ledger, notify
from caseapp.services.installation import AccountDraft, create_account, roles_text
from caseapp.services.passwords import keep_earlier
from caseapp.services.unit_of_work import Unit, unit_of_work

LONGEST_NAME = 60
LONGEST_NUMBER = 40

_ACCOUNT = Account.__table__
_ONE = select(_ACCOUNT).where(_ACCOUNT.c.id == bindparam("user_id")).with_for_update()
_ADMINISTRATORS = (
    select(_ACCOUNT.c.id, _ACCOUNT.c.roles)
    .where(_ACCOUNT.c.active.is_(True), or_(*(_ACCOUNT.c.roles.contains(f"|{role.value}|") for role in ADMINISTRATORS)))
    .order_by(_ACCOUNT.c.id)
    .with_for_update()
)
_LETTERS = ("abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789")
"""What a one-time password is made of: nothing that is mistaken for something else when it is read out."""
_GROUPS, _GROUP = 3, 4
"""Fewest groups of a one-time password, and the letters of each."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is: what the system administrator keeps. The days of the certificate are both valid."""

    name: str
    organ: str
    certificate_number: str | None = None
    certificate_from: date | None = None
    certificate_until: date | None = None


@dataclass(frozen=True, slots=True)
class OneTimePassword:
    """A password to be handed over once; it must be changed at the next sign-in and is kept nowhere in clear."""

    user_id: str
    login: str
    name: str
    password: str


def open_account(ctx: Context, login: str, person: Person) -> OneTimePassword:
    """Give somebody an account without any role, with a one-time password.

    raises  NotPermitted, InputError, InputErrors
    """
    require(ctx.actor.roles, Permission.USER_CHANGE)
    _check_person(ctx, person)
    password = one_time_password(security_policy(ctx).password_length)
    user_id = create_account(
        ctx,
        AccountDraft(
            login=login,
            name=person.name,
            organ=person.organ,
            roles=(),
            scope=Scope.OWN,
            password=password,
            certificate_number=person.certificate_number,
            certificate_from=person.certificate_from,
            certificate_until=person.certificate_until,
        ),
    )
    return OneTimePassword(user_id, login, person.name, password)


def change_person(ctx: Context, user_id: str, person: Person, *, seen: str) -> bool:
    """Change who somebody is. Returns whether anything changed.

    Roles are held in an organ: who moves to another loses them, and the security administrator grants them anew there.

    raises  NotPermitted (also moving oneself), NotFound, InputErrors, RuleRefused (changed meanwhile; the last
            administrator of a kind would lose the role)
    """
    require(ctx.actor.roles, Permission.USER_CHANGE)
    with _changing(ctx, user_id, seen) as (unit, row):
        _check_person(ctx, person, present=row.organ_id)
        values: dict[str, Any] = {
            "name": person.name,
            "organ_id": person.organ,
            "certificate_number": person.certificate_number,
            "certificate_from": person.certificate_from,
            "certificate_until": person.certificate_until,
        }
        if person.organ != row.organ_id:
            _refuse_self(ctx, row, Message(N_("不能调动自己的账号，请由另一位系统管理员办理")))
            _refuse_last(unit, row, roles_of(row.roles))
            values |= {"roles": roles_text(()), "scope": Scope.OWN.value, "session_epoch": row.session_epoch + 1}
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        if changed:
            _write(ctx, unit, row, "account_changed", changed, told=_differences(row, changed))
    return bool(changed)


def change_roles(ctx: Context, user_id: str, roles: Sequence[Role], scope: Scope, *, seen: str) -> bool:
    """Set what somebody may do and how far the person sees. Returns whether anything changed.

    raises  NotPermitted (also one's own roles), NotFound, InputError, RuleRefused
    """
    require(ctx.actor.roles, Permission.ROLE_CHANGE)
    held = tuple(role for role in Role if role in roles)
    if not set(held) <= set(GRANTABLE):
        raise InputError("roles", Message(N_("请从列出的角色中选择")))
    with _changing(ctx, user_id, seen) as (unit, row):
        _refuse_self(ctx, row, Message(N_("任何人不能更改自己的角色，请由另一位安全管理员办理")))
        refuse_seat(held, scope, ctx.law.organs.get(row.organ_id).kind)
        _refuse_last(unit, row, roles_of(row.roles) - set(held))
        values = {"roles": roles_text(held), "scope": scope.value}
        before = roles_of(row.roles)
        if before == set(held) and row.scope == scope.value:
            return False
        told: dict[str, Json] = {
            "roles": [[role.value for role in Role if role in before], [role.value for role in held]],
            "scope": [row.scope, scope.value],
        }
        _write(ctx, unit, row, "roles_changed", values, told=told)
    return True


def deactivate(ctx: Context, user_id: str, *, seen: str) -> None:
    """Shut an account; every session of the person ends.

    raises  NotPermitted (also one's own), NotFound, RuleRefused (the last administrator of a kind; changed meanwhile)
    """
    require(ctx.actor.roles, Permission.USER_CHANGE)
    with _changing(ctx, user_id, seen) as (unit, row):
        _refuse_self(ctx, row, Message(N_("不能停用自己的账号")))
        _refuse_last(unit, row, roles_of(row.roles))
        if not row.active:
            raise RuleRefused(Message(N_("该账号已经停用")))
        values = {"active": False, "session_epoch": row.session_epoch + 1}
        _write(ctx, unit, row, "account_deactivated", values)


def activate(ctx: Context, user_id: str, *, seen: str) -> None:
    """Open a shut account again. raises NotPermitted, NotFound, RuleRefused"""
    require(ctx.actor.roles, Permission.USER_CHANGE)
    with _changing(ctx, user_id, seen) as (unit, row):
        if row.active:
            raise RuleRefused(Message(N_("该账号正在使用")))
        values = {"active": True, "failed_logins": 0, "locked_until": None}
        _write(ctx, unit, row, "account_activated", values)


def unlock(ctx: Context, user_id: str) -> None:
    """Lift the lock that failed sign-ins put on an account. raises NotPermitted, NotFound, RuleRefused"""
    if not permits(ctx.actor.roles, Permission.ROLE_CHANGE):
        require(ctx.actor.roles, Permission.USER_CHANGE)
    with _changing(ctx, user_id, None) as (unit, row):
        if row.locked_until is None or row.locked_until <= ctx.now():
            raise RuleRefused(Message(N_("该账号没有锁定")))
        _write(ctx, unit, row, "account_unlocked", {"failed_logins": 0, "locked_until": None})


def reset_password(ctx: Context, user_id: str, *, seen: str) -> OneTimePassword:
    """Replace a forgotten password by a one-time password; every session of the person ends, and the person is told.

    raises  NotPermitted (also one's own), NotFound, RuleRefused (shut account; changed meanwhile)
    """
    require(ctx.actor.roles, Permission.USER_CHANGE)
    policy = security_policy(ctx)
    password = one_time_password(policy.password_length)
    values: dict[str, Any] = {
        "password_hash": ctx.ports.hasher.hash(password),
        "must_change_password": True,
        "password_set_at": ctx.now(),
        "failed_logins": 0,
        "locked_until": None,
    }
    with _changing(ctx, user_id, seen) as (unit, row):
        _refuse_self(ctx, row, Message(N_("请在“账号与密码”中修改自己的密码")))
        if not row.active:
            raise RuleRefused(Message(N_("该账号已经停用")))
        epoch = row.session_epoch + 1
        _write(ctx, unit, row, "password_reset", {**values, "session_epoch": epoch})
        keep_earlier(ctx, unit, row.id, row.password_hash, keep=policy.password_history)
        notify.tell(
            ctx,
            unit,
            [row.id],
            kind="password_reset",
            key=f"password-reset:{epoch}",
            message=Message(
                N_("%(name)s 于 %(on)s 重置了您的密码。如非您本人请求，请立即告知安全管理员"),
                {"name": ctx.actor.name, "on": ctx.today().isoformat()},
            ),
        )
    return OneTimePassword(row.id, row.login, row.name, password)


def one_time_password(shortest: int = 0) -> str:
    """Return a password of three or more groups that keeps the house's rule on passwords and can be read out."""
    count = max(_GROUPS, -(-(shortest + 1) // (_GROUP + 1)))
    while True:
        groups = ["".join(secrets.choice("".join(_LETTERS)) for _ in range(_GROUP)) for _ in range(count)]
        password = "-".join(groups)
        if all(any(letter in kind for letter in password) for kind in _LETTERS):
            return password


@contextmanager
def _changing(ctx: Context, user_id: str, seen: str | None) -> Iterator[tuple[Unit, Row[Any]]]:
    """Open the transaction of a change and give out the account's row, locked.

    The administrators are locked first and in one order: changes of accounts then wait for each other, so that no two
    of them can each leave the other as the last administrator.
    """
    with unit_of_work(ctx) as unit:
        unit.connection.execute(_ADMINISTRATORS)
        row = unit.connection.execute(_ONE, {"user_id": user_id}).first()
        if row is None:
            raise NotFound(Message(N_("没有这一账号")))
        if seen is not None and mark_of(row) != seen:
            raise RuleRefused(Message(N_("该账号在您打开页面后已被他人更改，请重新打开核对后再提交")))
        yield unit, row


def _write(
    ctx: Context,
    unit: Unit,
    row: Row[Any],
    kind: str,
    values: Mapping[str, Any],
    *,
    told: Mapping[str, Json] | None = None,
) -> None:
    unit.connection.execute(update(Account).where(Account.id == row.id).values(**values))
    payload: dict[str, Json] = {"user": row.id, "login": row.login}
    if told:
        payload["changed"] = dict(told)
    ledger.append_beside(ctx, unit, stream=Stream.SYSTEM, kind=kind, payload=payload)


def _differences(row: Row[Any], changed: Mapping[str, Any]) -> dict[str, Json]:
    """Return name -> [before, after] for what people read; the number of sessions ended is no news."""
    return {
        name: [_plain(getattr(row, name)), _plain(value)] for name, value in changed.items() if name != "session_epoch"
    }


def _plain(value: object) -> Json:
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)


def _refuse_self(ctx: Context, row: Row[Any], message: Message) -> None:
    if row.id == ctx.actor.id:
        raise NotPermitted(message)


def _refuse_last(unit: Unit, row: Row[Any], leaving: frozenset[Role] | set[Role]) -> None:
    """Refuse to take the last active administrator of a kind away: nobody could undo it."""
    if not row.active:
        return
    others = [roles_of(other.roles) for other in unit.connection.execute(_ADMINISTRATORS) if other.id != row.id]
    for role in sorted(ADMINISTRATORS & leaving):
        if not any(role in held for held in others):
            raise RuleRefused(
                Message(
                    N_("%(name)s 是唯一在用的%(role)s，请先设置另一位再办理"),
                    {"name": row.name, "role": ROLE_NAMES[role]},
                )
            )


def _check_person(ctx: Context, person: Person, *, present: str = "") -> None:
    """Refuse what cannot be kept. present: the organ the person is in, which may have been abolished meanwhile."""
    errors: list[InputError] = []
    if not person.name or len(person.name) > LONGEST_NAME:
        errors.append(InputError("name", Message(N_("请填写姓名，不超过 %(n)s 字"), {"n": LONGEST_NAME})))
    if person.organ not in ctx.law.organs:
        errors.append(InputError("organ", Message(N_("没有编号为 %(organ)s 的机关"), {"organ": person.organ})))
    elif person.organ != present and not ctx.law.organs.get(person.organ).in_force(ctx.today()):
        errors.append(InputError("organ", Message(N_("该机关已经撤销或者尚未设立"))))
    if person.certificate_number and len(person.certificate_number) > LONGEST_NUMBER:
        errors.append(InputError("certificate_number", Message(N_("执法证号不超过 %(n)s 字"), {"n": LONGEST_NUMBER})))
    if not person.certificate_number and (person.certificate_from or person.certificate_until):
        errors.append(InputError("certificate_number", Message(N_("填写有效期的，应当填写执法证号"))))
    if person.certificate_from and person.certificate_until and person.certificate_until < person.certificate_from:
        errors.append(InputError("certificate_until", Message(N_("有效期止不能早于有效期起"))))
    if errors:
        raise InputErrors(errors)
