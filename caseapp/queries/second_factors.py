"""Second factors as their owners and the administrators see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.models.account import Account
from caseapp.models.factor_reset import FactorReset
from caseapp.models.recovery_code import RecoveryCode
from caseapp.models.second_factor import SecondFactor

ISSUER = "护航 Huhang"
"""What an authenticator application calls this installation."""


@dataclass(frozen=True, slots=True)
class FactorState:
    """How somebody stands.

    begun, confirmed_at  begun and not confirmed: the secret has been shown, and nothing is asked for at sign-in yet
    codes_left           recovery codes that were not used
    """

    begun: bool
    confirmed_at: datetime | None
    codes_left: int


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the person's application needs: as a QR code, or typed."""

    address: str
    secret: str


@dataclass(frozen=True, slots=True)
class WaitingReset:
    """A reset that waits for a second administrator."""

    asked_by: str
    asked_by_name: str
    asked_at: datetime
    reason: str


def purpose_of(user_id: str) -> str:
    """Return for what the secret of a person is sealed: moved to another row it opens nothing."""
    return f"totp:{user_id}"


def factor_state(ctx: Context, user_id: str) -> FactorState:
    """Return how somebody stands with the second factor."""
    row = ctx.session.execute(select(SecondFactor.confirmed_at).where(SecondFactor.user_id == user_id)).first()
    left = ctx.session.execute(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    ).scalar_one()
    return FactorState(row is not None, row.confirmed_at if row is not None else None, left)


def enrolment(ctx: Context) -> Enrolment:
    """Return what the actor's application needs, as long as the enrolment is not confirmed.

    raises  NotFound: a secret that is in use is never shown again
    """
    row = ctx.session.execute(
        select(SecondFactor.secret, Account.login)
        .join(Account, Account.id == SecondFactor.user_id)
        .where(SecondFactor.user_id == ctx.actor.id, SecondFactor.confirmed_at.is_(None))
    ).first()
    if row is None:
        raise NotFound(Message(N_("没有待完成的二次验证登记")))
    secret = ctx.ports.vault.open(row.secret, purpose=purpose_of(ctx.actor.id))
    codes = ctx.ports.codes
    return Enrolment(
        codes.enrolment_address(secret, issuer=ISSUER, login=row.login), grouped(codes.secret_text(secret))
    )


def grouped(text: str) -> str:
    """Return a text in groups of four, as it is read out."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def waiting_reset(ctx: Context, user_id: str) -> WaitingReset | None:
    """Return the reset that waits for a second administrator, or None."""
    row = ctx.session.execute(
        select(FactorReset.asked_by, Account.name, FactorReset.asked_at, FactorReset.reason)
        .join(Account, Account.id == FactorReset.asked_by)
        .where(FactorReset.user_id == user_id)
    ).first()
    return None if row is None else WaitingReset(row.asked_by, row.name, row.asked_at, row.reason)
