"""Who is signed in: the session of a token, and where else the same person is signed in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from caseapp.context import Context
from caseapp.domain.policies.security import SecurityPolicy
from caseapp.models.account import Account
from caseapp.models.sign_in_session import SignInSession
from caseapp.queries.security import settings_version
from caseapp.queries.users import SessionUser, user_of, with_users

ALGORITHM = "sha256"


@dataclass(frozen=True, slots=True)
class KnownSession:
    """A session as its token finds it, over or not.

    ended           by its person, by an administrator, by another password, or because the account was shut
    rights_changed  the person's rights are not those for which the token was given out
    settings        version of the security settings in force (`queries.security.settings_version`), asked along
    """

    id: str
    user: SessionUser
    started_at: datetime
    seen_at: datetime
    ended: bool
    rights_changed: bool
    settings: str = ""

    def is_over(self, policy: SecurityPolicy, now: datetime) -> bool:
        """Return whether it was ended, was idle for too long, or is too old."""
        return self.ended or self.seconds_left(policy, now) < 0

    def seconds_left(self, policy: SecurityPolicy, now: datetime) -> int:
        """Return how long it lasts if nothing more is done in it; negative once it is over."""
        idle = self.seen_at + timedelta(minutes=policy.idle_minutes) - now
        whole = self.started_at + timedelta(hours=policy.session_hours) - now
        return int(min(idle, whole).total_seconds())


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One place where somebody is signed in."""

    id: str
    device: str
    address: str
    started_at: datetime
    seen_at: datetime


def token_hash(token: str) -> str:
    """Return what the database keeps of a token: three hundred bits of chance need no slow hash."""
    return f"{ALGORITHM}:{hashlib.sha256(token.encode()).hexdigest()}"


def rights_text(roles: str, scope: str) -> str:
    """Return what a token is given out for: the stored roles and the scope."""
    return f"{roles} {scope}"


_BY_TOKEN = (
    with_users(
        SignInSession.id.label("session_id"),
        SignInSession.epoch,
        SignInSession.rights,
        SignInSession.started_at,
        SignInSession.seen_at,
        SignInSession.ended_at,
        settings_version.label("settings"),
    )
    .join(SignInSession, SignInSession.user_id == Account.id)
    .where(SignInSession.token_hash == bindparam("of_token"))
)


def session_of(ctx: Context, token: str) -> KnownSession | None:
    """Return the session of a token, or None where there is no such session."""
    row = ctx.rows(_BY_TOKEN, {"of_token": token_hash(token)}).first()
    if row is None:
        return None
    return KnownSession(
        id=row.session_id,
        user=user_of(row),
        started_at=row.started_at,
        seen_at=row.seen_at,
        ended=row.ended_at is not None or row.epoch != row.session_epoch or not row.active,
        rights_changed=row.rights != rights_text(row.roles, row.scope),
        settings=row.settings,
    )


def live_sessions(ctx: Context, user_id: str, policy: SecurityPolicy) -> tuple[SessionRow, ...]:
    """Return where a person is signed in now, the one used last first."""
    now = ctx.now()
    rows = ctx.session.execute(
        select(SignInSession.__table__)
        .join(Account, Account.id == SignInSession.user_id)
        .where(
            SignInSession.user_id == user_id,
            Account.active.is_(True),
            SignInSession.epoch == Account.session_epoch,
            SignInSession.ended_at.is_(None),
            SignInSession.seen_at >= now - timedelta(minutes=policy.idle_minutes),
            SignInSession.started_at >= now - timedelta(hours=policy.session_hours),
        )
        .order_by(SignInSession.seen_at.desc(), SignInSession.id)
    )
    return tuple(SessionRow(row.id, row.device, row.address, row.started_at, row.seen_at) for row in rows)
