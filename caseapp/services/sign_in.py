"""Signing in: passwords, lockout, and what the audit sees of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message, NotFound, NotPermitted
from caseapp.domain.events import LEGAL_ZONE, Stream
from caseapp.models.account import Account
from caseapp.services import ledger
from caseapp.services.unit_of_work import unit_of_work

SHORTEST_PASSWORD = 10
_NO_ACCOUNT = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$Zt2d9P5vZ7v4r1Qq0w6nqg0h0m9a4y3s3v9kq8m1x7Y"


@dataclass(frozen=True, slots=True)
class LockRule:
    """After how many failures in a row an account locks, and for how long."""

    after: int
    minutes: int


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in; `session_epoch` is kept in the session and ends it when it changes."""

    id: str
    login: str
    session_epoch: int
    must_change_password: bool


def authenticate(ctx: Context, login: str, password: str, address: str, *, lock: LockRule) -> SignedIn:
    """Check a login and password.

    Failures are counted per account; a locked account refuses even the right password until the lock ends. The answer
    does not tell whether the login exists. Every attempt is in the system stream.

    raises  NotPermitted
    """
    account = ctx.session.execute(select(Account).where(Account.login == login.strip())).scalar_one_or_none()
    now = ctx.now()
    if account is None:
        ctx.ports.hasher.verify(_NO_ACCOUNT, password)
        _record(ctx, "sign_in_refused", {"login": login.strip()[:60], "address": address, "reason": "unknown"})
        raise NotPermitted(Message(N_("用户名或者密码不正确")))
    signed_in = SignedIn(account.id, account.login, account.session_epoch, account.must_change_password)
    encoded, active = account.password_hash, account.active
    _refuse_locked(ctx, signed_in.login, address, account.locked_until)
    right = ctx.ports.hasher.verify(encoded, password) and active
    with unit_of_work(ctx) as unit:
        # Counted on the locked row: guesses sent at the same time hide behind each other no more than those in a row.
        kept = unit.connection.execute(
            select(Account.failed_logins, Account.locked_until).where(Account.id == signed_in.id).with_for_update()
        ).one()
        locked = kept.locked_until is not None and kept.locked_until > now
        failed = kept.failed_logins + 1
        locks = not right and not locked and failed >= lock.after
        values: dict[str, object] = {}
        if not locked:
            values["failed_logins"] = 0 if right or locks else failed
            values["locked_until"] = now + timedelta(minutes=lock.minutes) if locks else None
        if right and not locked:
            values["last_login_at"] = now
            if ctx.ports.hasher.needs_rehash(encoded):
                values["password_hash"] = ctx.ports.hasher.hash(password)
        if values:
            unit.connection.execute(update(Account).where(Account.id == signed_in.id).values(**values))
        reason = "locked" if locked else "" if right else "password"
        ledger.append_beside(
            ctx,
            unit,
            stream=Stream.SYSTEM,
            kind="sign_in_refused" if reason else "signed_in",
            payload={"login": signed_in.login, "address": address, "reason": reason},
        )
    if locked:
        raise _locked(kept.locked_until)
    if locks:
        raise NotPermitted(Message(N_("登录失败次数过多，账号已锁定 %(minutes)s 分钟"), {"minutes": lock.minutes}))
    if not right:
        raise NotPermitted(Message(N_("用户名或者密码不正确")))
    return signed_in


def _refuse_locked(ctx: Context, login: str, address: str, until: datetime | None) -> None:
    if until is not None and until > ctx.now():
        _record(ctx, "sign_in_refused", {"login": login, "address": address, "reason": "locked"})
        raise _locked(until)


def _locked(until: datetime) -> NotPermitted:
    shown = until.astimezone(LEGAL_ZONE).strftime("%H:%M")
    return NotPermitted(
        Message(N_("登录失败次数过多，账号已锁定至 %(until)s；急需使用请联系系统管理员解锁"), {"until": shown})
    )


def change_password(ctx: Context, *, current: str, new: str) -> int:
    """Change the actor's own password; every other session of the person ends. Returns the new session epoch.

    raises  NotFound, InputError (wrong present password, too short, too simple, unchanged)
    """
    account = ctx.session.get(Account, ctx.actor.id)
    if account is None:
        raise NotFound(Message(N_("没有这一账号")))
    if not ctx.ports.hasher.verify(account.password_hash, current):
        raise InputError("current", Message(N_("现用密码不正确")))
    refuse_weak(new, account.login)
    if new == current:
        raise InputError("new", Message(N_("新密码不能与现用密码相同")))
    epoch = account.session_epoch + 1
    encoded = ctx.ports.hasher.hash(new)
    with unit_of_work(ctx) as unit:
        unit.connection.execute(
            update(Account)
            .where(Account.id == ctx.actor.id)
            .values(password_hash=encoded, session_epoch=epoch, must_change_password=False)
        )
        ledger.append_beside(ctx, unit, stream=Stream.SYSTEM, kind="password_changed", payload={"user": ctx.actor.id})
    return epoch


def refuse_weak(password: str, login: str) -> None:
    """Refuse a password that breaks the policy: length, three of four kinds of character, not the login (GB/T 22239
    8.1.4.1).

    raises  InputError
    """
    if len(password) < SHORTEST_PASSWORD:
        raise InputError("new", Message(N_("密码至少 %(count)s 位"), {"count": SHORTEST_PASSWORD}))
    kinds = (
        any(character.islower() for character in password),
        any(character.isupper() for character in password),
        any(character.isdigit() for character in password),
        any(not character.isalnum() for character in password),
    )
    if sum(kinds) < 3:
        raise InputError("new", Message(N_("密码须包含大写字母、小写字母、数字、符号中的三类")))
    if login.lower() in password.lower():
        raise InputError("new", Message(N_("密码不能包含用户名")))


def set_language(ctx: Context, language: str) -> None:
    """Keep the language the actor reads in. raises InputError"""
    if language not in ("zh", "en"):
        raise InputError("language", Message(N_("没有这种语言")))
    with unit_of_work(ctx) as unit:
        unit.connection.execute(update(Account).where(Account.id == ctx.actor.id).values(language=language))


def _record(ctx: Context, kind: str, payload: dict[str, str]) -> None:
    with unit_of_work(ctx) as unit:
        ledger.append_beside(ctx, unit, stream=Stream.SYSTEM, kind=kind, payload=dict(payload))
