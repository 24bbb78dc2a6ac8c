"""Signing in with a password, and what the audit sees of it. The second step is `services.second_factor`."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message, NotPermitted
from caseapp.models.account import Account
from caseapp.models.second_factor import SecondFactor
from caseapp.services import attempts
from caseapp.services.attempts import LockRule, Tried
from caseapp.services.unit_of_work import unit_of_work

_NO_ACCOUNT = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$Zt2d9P5vZ7v4r1Qq0w6nqg0h0m9a4y3s3v9kq8m1x7Y"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has shown the right password.

    session_epoch  goes into the session, which ends when the account has another
    second_factor  the person must show a code too (`services.second_factor.pass_second_factor`) before a session begins
    """

    id: str
    login: str
    session_epoch: int
    must_change_password: bool
    second_factor: bool = False


def authenticate(ctx: Context, login: str, password: str, address: str, *, lock: LockRule) -> SignedIn:
    """Check a login and password.

    Failures are counted per account; a locked account refuses even the right password until the lock ends. The answer
    does not tell whether the login exists. Every attempt is in the system stream.

    raises  NotPermitted
    """
    row = ctx.session.execute(
        select(Account, SecondFactor.confirmed_at)
        .outerjoin(SecondFactor, SecondFactor.user_id == Account.id)
        .where(Account.login == login.strip())
    ).first()
    now = ctx.now()
    if row is None:
        ctx.ports.hasher.verify(_NO_ACCOUNT, password)
        attempts.tell_unknown(ctx, login.strip()[:60], address)
        raise _wrong()
    account: Account = row.Account
    more = row.confirmed_at is not None
    signed_in = SignedIn(account.id, account.login, account.session_epoch, account.must_change_password, more)
    tried = Tried(account.id, account.login, account.name, account.organ_id, address)
    encoded, active = account.password_hash, account.active
    attempts.refuse_locked(ctx, tried, account.locked_until)
    right = ctx.ports.hasher.verify(encoded, password) and active
    with unit_of_work(ctx) as unit:
        count = attempts.take_turn(unit, tried.user_id, now=now)
        if count.locked_until is not None:
            attempts.tell(ctx, unit, tried, "sign_in_refused", "locked")
            locks = False
        else:
            locks = attempts.settle(unit, tried.user_id, count, right=right, complete=not more, lock=lock, now=now)
            if right and ctx.ports.hasher.needs_rehash(encoded):
                rehashed = ctx.ports.hasher.hash(password)
                unit.connection.execute(
                    update(Account).where(Account.id == tried.user_id).values(password_hash=rehashed)
                )
            kind = "sign_in_refused" if not right else "password_accepted" if more else "signed_in"
            attempts.tell(ctx, unit, tried, kind, "" if right else "password")
    if count.locked_until is not None:
        raise attempts.locked(count.locked_until)
    if locks:
        raise attempts.just_locked(lock)
    if not right:
        raise _wrong()
    return signed_in


def set_language(ctx: Context, language: str) -> None:
    """Keep the language the actor reads in. raises InputError"""
    if language not in ("zh", "en"):
        raise InputError("language", Message(N_("没有这种语言")))
    with unit_of_work(ctx) as unit:
        unit.connection.execute(update(Account).where(Account.id == ctx.actor.id).values(language=language))


def _wrong() -> NotPermitted:
    return NotPermitted(Message(N_("用户名或者密码不正确")))
