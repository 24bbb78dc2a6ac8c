"""Attempts to sign in: counted on the locked row of the account, told in the system stream under the account's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotPermitted
from caseapp.domain.events import LEGAL_ZONE, Stream
from caseapp.domain.workflow.situation import Actor
from caseapp.models.account import Account
from caseapp.services import ledger
from caseapp.services.unit_of_work import Unit, unit_of_work


@dataclass(frozen=True, slots=True)
class LockRule:
    """After how many failures in a row an account locks, and for how long."""

    after: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Tried:
    """Whose account an attempt is about, and where from."""

    user_id: str
    login: str
    name: str
    organ: str
    address: str


@dataclass(frozen=True, slots=True)
class Count:
    """How the account stood when the attempt took its turn."""

    failed: int
    locked_until: datetime | None


def take_turn(unit: Unit, user_id: str, *, now: datetime) -> Count:
    """Lock the account's row and tell how it stands: guesses sent at the same time hide behind each other no more than
    those in a row. `locked_until` is None where the account is not locked now.
    """
    kept = unit.connection.execute(
        select(Account.failed_logins, Account.locked_until).where(Account.id == user_id).with_for_update()
    ).one()
    locked = kept.locked_until is not None and kept.locked_until > now
    return Count(kept.failed_logins, kept.locked_until if locked else None)


def settle(
    unit: Unit, user_id: str, count: Count, *, right: bool, complete: bool, lock: LockRule, now: datetime
) -> bool:
    """Count an attempt on an account that is not locked; return whether it locks the account.

    complete  a right attempt lets the person in, and earlier failures are forgotten. Where another step is still to
              come they are not: else who knows the password could guess codes without end.
    """
    failed = count.failed + 1
    locks = not right and failed >= lock.after
    values: dict[str, object] = {}
    if not right:
        values["failed_logins"] = 0 if locks else failed
        values["locked_until"] = now + timedelta(minutes=lock.minutes) if locks else None
    elif complete:
        values = {"failed_logins": 0, "locked_until": None, "last_login_at": now}
    if values:
        unit.connection.execute(update(Account).where(Account.id == user_id).values(**values))
    return locks


def tell(ctx: Context, unit: Unit, tried: Tried, kind: str, reason: str = "") -> None:
    """Add an entry about the attempt, under the person whose account it is about."""
    actor = Actor(tried.user_id, tried.name, tried.organ, frozenset())
    payload = {"user": tried.user_id, "login": tried.login, "address": tried.address, "reason": reason}
    ledger.append_beside(ctx.acting_as(actor), unit, stream=Stream.SYSTEM, kind=kind, payload=dict(payload))


def tell_unknown(ctx: Context, login: str, address: str) -> None:
    """Add an entry about an attempt with a login that nobody has."""
    with unit_of_work(ctx) as unit:
        payload = {"login": login, "address": address, "reason": "unknown"}
        ledger.append_beside(ctx, unit, stream=Stream.SYSTEM, kind="sign_in_refused", payload=dict(payload))


def refuse_locked(ctx: Context, tried: Tried, until: datetime | None) -> None:
    """Refuse an account that is known to be locked, before anything dear is computed. raises NotPermitted"""
    if until is not None and until > ctx.now():
        with unit_of_work(ctx) as unit:
            tell(ctx, unit, tried, "sign_in_refused", "locked")
        raise locked(until)


def locked(until: datetime) -> NotPermitted:
    """Return the refusal of a locked account."""
    shown = until.astimezone(LEGAL_ZONE).strftime("%H:%M")
    return NotPermitted(
        Message(N_("登录失败次数过多，账号已锁定至 %(until)s；急需使用请联系系统管理员解锁"), {"until": shown})
    )


def just_locked(lock: LockRule) -> NotPermitted:
    """Return the refusal of the attempt that locked the account."""
    return NotPermitted(Message(N_("登录失败次数过多，账号已锁定 %(minutes)s 分钟"), {"minutes": lock.minutes}))
