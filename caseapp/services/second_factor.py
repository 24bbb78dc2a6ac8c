"""The second factor: enrolling an authenticator application, passing the second step of signing in, recovery codes."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

from sqlalchemy import delete, insert, select, update

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message, NotFound, NotPermitted, RuleRefused
from caseapp.domain.events import Stream
from caseapp.domain.policies.one_time_codes import DIGITS, SECRET_BYTES, step_to_use
from caseapp.models.account import Account
from caseapp.models.recovery_code import RecoveryCode
from caseapp.models.second_factor import SecondFactor
from caseapp.queries.second_factors import purpose_of
from caseapp.services import attempts, ledger
from caseapp.services.attempts import LockRule, Tried
from caseapp.services.unit_of_work import Unit, unit_of_work

RECOVERY_CODES = 10
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Thirty-two signs, five bits each, none mistaken for another."""
_GROUPS, _GROUP = 4, 4


def begin_enrolment(ctx: Context) -> None:
    """Make a secret for the actor, to be shown until one right code confirms it.

    raises  RuleRefused where a confirmed one exists: that is replaced with a code of its own
    """
    secret = ctx.ports.vault.seal(secrets.token_bytes(SECRET_BYTES), purpose=purpose_of(ctx.actor.id))
    with unit_of_work(ctx) as unit:
        attempts.take_turn(unit, ctx.actor.id, now=ctx.now())
        kept = unit.connection.execute(
            select(SecondFactor.confirmed_at).where(SecondFactor.user_id == ctx.actor.id)
        ).first()
        if kept is not None and kept.confirmed_at is not None:
            raise RuleRefused(Message(N_("您已启用二次验证；更换手机请先用验证码停用原有登记")))
        unit.connection.execute(delete(SecondFactor).where(SecondFactor.user_id == ctx.actor.id))
        unit.connection.execute(
            insert(SecondFactor),
            {"user_id": ctx.actor.id, "secret": secret, "begun_at": ctx.now(), "last_step": 0},
        )


def confirm_enrolment(ctx: Context, code: str) -> tuple[str, ...]:
    """Put the actor's second factor in force with one right code. Returns the recovery codes, which are kept nowhere.

    raises  NotFound (nothing begun), InputError (wrong code)
    """
    now = ctx.now()
    with unit_of_work(ctx) as unit:
        attempts.take_turn(unit, ctx.actor.id, now=now)
        kept = unit.connection.execute(
            select(SecondFactor.secret).where(SecondFactor.user_id == ctx.actor.id, SecondFactor.confirmed_at.is_(None))
        ).first()
        if kept is None:
            raise NotFound(Message(N_("没有待完成的二次验证登记")))
        secret = ctx.ports.vault.open(kept.secret, purpose=purpose_of(ctx.actor.id))
        step = step_to_use(ctx.ports.codes.matching_steps(secret, _plain(code), now=now.timestamp()))
        if step is None:
            raise InputError("code", Message(N_("验证码不正确；请核对手机时间是否准确，并输入当前显示的 6 位数字")))
        unit.connection.execute(
            update(SecondFactor).where(SecondFactor.user_id == ctx.actor.id).values(confirmed_at=now, last_step=step)
        )
        codes = _new_codes(unit, ctx.actor.id)
        ledger.append_beside(
            ctx, unit, stream=Stream.SYSTEM, kind="second_factor_enrolled", payload={"user": ctx.actor.id}
        )
    return codes


def pass_second_factor(ctx: Context, user_id: str, code: str, address: str, *, lock: LockRule) -> None:
    """Take the second step of signing in: a code of the application, or a recovery code, each worth something once.

    Failures count together with wrong passwords; a locked account refuses a right code and does not use it up.

    raises  NotPermitted
    """
    tried = _tried(ctx, user_id, address)
    now = ctx.now()
    with unit_of_work(ctx) as unit:
        count = attempts.take_turn(unit, user_id, now=now)
        if count.locked_until is not None:
            used, locks = "", False
            attempts.tell(ctx, unit, tried, "sign_in_refused", "locked")
        else:
            used = _use(ctx, unit, user_id, code)
            locks = attempts.settle(unit, user_id, count, right=bool(used), complete=True, lock=lock, now=now)
            attempts.tell(ctx, unit, tried, "signed_in" if used else "sign_in_refused", used or "code")
    if count.locked_until is not None:
        raise attempts.locked(count.locked_until)
    if locks:
        raise attempts.just_locked(lock)
    if not used:
        raise NotPermitted(Message(N_("验证码不正确或者已经用过，请等待下一个验证码")))


def renew_recovery_codes(ctx: Context, code: str, address: str, *, lock: LockRule) -> tuple[str, ...]:
    """Give the actor new recovery codes against a right code; those before are worth nothing any more.

    raises  NotPermitted (locked), InputError (wrong code)
    """
    with_code(ctx, code, address, lock=lock)
    with unit_of_work(ctx) as unit:
        codes = _new_codes(unit, ctx.actor.id)
        ledger.append_beside(
            ctx, unit, stream=Stream.SYSTEM, kind="recovery_codes_renewed", payload={"user": ctx.actor.id}
        )
    return codes


def give_up_second_factor(ctx: Context, code: str, address: str, *, lock: LockRule) -> None:
    """Take the actor's second factor out of force against a right code: to enrol another telephone.

    Whose role demands one can then do nothing but enrol again.

    raises  NotPermitted (locked), InputError (wrong code)
    """
    with_code(ctx, code, address, lock=lock)
    with unit_of_work(ctx) as unit:
        remove(unit, ctx.actor.id)
        ledger.append_beside(
            ctx, unit, stream=Stream.SYSTEM, kind="second_factor_given_up", payload={"user": ctx.actor.id}
        )


def with_code(ctx: Context, code: str, address: str, *, lock: LockRule) -> None:
    """Let the actor, who is signed in, show a code again before something grave.

    raises  NotPermitted (locked), InputError (wrong code)
    """
    tried = _tried(ctx, ctx.actor.id, address)
    now = ctx.now()
    with unit_of_work(ctx) as unit:
        count = attempts.take_turn(unit, ctx.actor.id, now=now)
        used = "" if count.locked_until is not None else _use(ctx, unit, ctx.actor.id, code)
        if count.locked_until is None and not used:
            attempts.settle(unit, ctx.actor.id, count, right=False, complete=False, lock=lock, now=now)
            attempts.tell(ctx, unit, tried, "code_refused", "code")
    if count.locked_until is not None:
        raise attempts.locked(count.locked_until)
    if not used:
        raise InputError("code", Message(N_("验证码不正确或者已经用过，请等待下一个验证码")))


def remove(unit: Unit, user_id: str) -> bool:
    """Remove somebody's second factor and recovery codes; return whether there was one."""
    unit.connection.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    return bool(unit.connection.execute(delete(SecondFactor).where(SecondFactor.user_id == user_id)).rowcount)


def _use(ctx: Context, unit: Unit, user_id: str, code: str) -> str:
    """Use a code up; return what it was ('totp', 'recovery'), or '' where it is worth nothing."""
    typed = _plain(code)
    if len(typed) == DIGITS and typed.isdigit():
        kept = unit.connection.execute(
            select(SecondFactor.secret, SecondFactor.last_step).where(
                SecondFactor.user_id == user_id, SecondFactor.confirmed_at.is_not(None)
            )
        ).first()
        if kept is None:
            return ""
        secret = ctx.ports.vault.open(kept.secret, purpose=purpose_of(user_id))
        matching = ctx.ports.codes.matching_steps(secret, typed, now=ctx.now().timestamp())
        step = step_to_use(matching, after=kept.last_step)
        if step is None:
            return ""
        unit.connection.execute(update(SecondFactor).where(SecondFactor.user_id == user_id).values(last_step=step))
        return "totp"
    used = unit.connection.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_hash == _code_hash(user_id, typed),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=ctx.now())
    )
    return "recovery" if used.rowcount == 1 else ""


def _new_codes(unit: Unit, user_id: str) -> tuple[str, ...]:
    codes = tuple(
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
        for _ in range(RECOVERY_CODES)
    )
    unit.connection.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    unit.connection.execute(
        insert(RecoveryCode),
        [{"user_id": user_id, "code_hash": _code_hash(user_id, _plain(code))} for code in codes],
    )
    return codes


def _code_hash(user_id: str, plain: str) -> str:
    return f"sha256:{hashlib.sha256(f'{user_id}:{plain}'.encode()).hexdigest()}"


def _plain(code: str) -> str:
    """Return a code without blanks and lines, its letters small or wide ones made plain."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", code).upper() if letter.isalnum())


def _tried(ctx: Context, user_id: str, address: str) -> Tried:
    row = ctx.session.execute(
        select(Account.login, Account.name, Account.organ_id, Account.active).where(Account.id == user_id)
    ).first()
    if row is None or not row.active:
        raise NotPermitted(Message(N_("用户名或者密码不正确")))
    return Tried(user_id, row.login, row.name, row.organ_id, address)
