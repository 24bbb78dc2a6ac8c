"""Sessions: begun at sign-in, given another token where rights change, ended by their person or an administrator."""

from __future__ import annotations

import secrets

from sqlalchemy import insert, select, update

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.events import Json, Stream
from caseapp.domain.policies.permits import permits, require
from caseapp.domain.policies.policy_map import Permission
from caseapp.models.account import Account
from caseapp.models.sign_in_session import SignInSession
from caseapp.queries.sessions import rights_text, token_hash
from caseapp.services import ledger
from caseapp.services.case_store import new_id
from caseapp.services.unit_of_work import Unit, unit_of_work

TOKEN_BYTES = 40
LONGEST_DEVICE = 200
LONGEST_ADDRESS = 60


def begin_session(
    ctx: Context, user_id: str, *, epoch: int, device: str, address: str, instead_of: str | None = None
) -> str:
    """Begin a session of somebody who has just shown who it is, and return its token; the token is kept nowhere.

    epoch       the account's `session_epoch` when that was shown: raised since, the session is over at once
    instead_of  token of the session this browser had before: it ends

    raises  NotFound
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = ctx.now()
    with unit_of_work(ctx) as unit:
        account = unit.connection.execute(select(Account.roles, Account.scope).where(Account.id == user_id)).first()
        if account is None:
            raise NotFound(Message(N_("没有这一账号")))
        if instead_of is not None:
            unit.connection.execute(
                update(SignInSession)
                .where(SignInSession.token_hash == token_hash(instead_of), SignInSession.ended_at.is_(None))
                .values(ended_at=now)
            )
        unit.connection.execute(
            insert(SignInSession),
            {
                "id": new_id(ctx),
                "token_hash": token_hash(token),
                "user_id": user_id,
                "epoch": epoch,
                "rights": rights_text(account.roles, account.scope),
                "started_at": now,
                "seen_at": now,
                "device": device[:LONGEST_DEVICE],
                "address": address[:LONGEST_ADDRESS],
            },
        )
    return token


def note_seen(ctx: Context, session_id: str) -> None:
    """Keep that a session was used just now."""
    with unit_of_work(ctx) as unit:
        unit.connection.execute(update(SignInSession).where(SignInSession.id == session_id).values(seen_at=ctx.now()))


def renew_token(ctx: Context, session_id: str) -> str:
    """Give a session another token, because its person's rights were changed; the token before is worth nothing.

    raises  NotFound
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with unit_of_work(ctx) as unit:
        account = unit.connection.execute(
            select(Account.roles, Account.scope)
            .join(SignInSession, SignInSession.user_id == Account.id)
            .where(SignInSession.id == session_id)
        ).first()
        if account is None:
            raise _no_session()
        unit.connection.execute(
            update(SignInSession)
            .where(SignInSession.id == session_id)
            .values(token_hash=token_hash(token), rights=rights_text(account.roles, account.scope), seen_at=ctx.now())
        )
    return token


def end_own_session(ctx: Context, session_id: str) -> None:
    """End one of the actor's own sessions. raises NotFound where it is another's, or over already"""
    with unit_of_work(ctx) as unit:
        ended = unit.connection.execute(
            update(SignInSession)
            .where(
                SignInSession.id == session_id,
                SignInSession.user_id == ctx.actor.id,
                SignInSession.ended_at.is_(None),
            )
            .values(ended_at=ctx.now())
        )
        if ended.rowcount != 1:
            raise _no_session()
        _record(ctx, unit, "signed_out", {"user": ctx.actor.id, "session": session_id})


def end_own_sessions(ctx: Context) -> None:
    """Sign the actor out everywhere, here too. raises NotFound"""
    with unit_of_work(ctx) as unit:
        _end_all(unit, ctx.actor.id)
        _record(ctx, unit, "signed_out_everywhere", {"user": ctx.actor.id})


def end_sessions_of(ctx: Context, user_id: str) -> None:
    """Sign somebody out everywhere: for a system or a security administrator. raises NotPermitted, NotFound"""
    if not permits(ctx.actor.roles, Permission.ROLE_CHANGE):
        require(ctx.actor.roles, Permission.USER_CHANGE)
    with unit_of_work(ctx) as unit:
        _end_all(unit, user_id)
        _record(ctx, unit, "sessions_ended", {"user": user_id})


def _end_all(unit: Unit, user_id: str) -> None:
    raised = unit.connection.execute(
        update(Account).where(Account.id == user_id).values(session_epoch=Account.session_epoch + 1)
    )
    if raised.rowcount != 1:
        raise NotFound(Message(N_("没有这一账号")))


def _record(ctx: Context, unit: Unit, kind: str, payload: dict[str, Json]) -> None:
    ledger.append_beside(ctx, unit, stream=Stream.SYSTEM, kind=kind, payload=payload)


def _no_session() -> NotFound:
    return NotFound(Message(N_("没有这一登录，或者已经退出")))
