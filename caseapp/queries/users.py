"""Who is signed in, and who works where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from caseapp.context import Context
from caseapp.domain.roles import Role, Scope
from caseapp.models.account import Account
from caseapp.models.organ import Organ


@dataclass(frozen=True, slots=True)
class SessionUser:
    """The person behind a session."""

    id: str
    login: str
    name: str
    organ_id: str
    organ_name: str
    roles: frozenset[Role]
    scope: Scope
    language: str | None
    session_epoch: int
    must_change_password: bool
    demo: bool


_SESSION_USER = (
    select(
        Account.id,
        Account.login,
        Account.name,
        Account.organ_id,
        Account.roles,
        Account.scope,
        Account.language,
        Account.session_epoch,
        Account.must_change_password,
        Account.demo,
        Account.active,
        Organ.short_zh,
    )
    .join(Organ, Organ.id == Account.organ_id)
    .where(Account.id == bindparam("of_account"))
)


def user_for_session(ctx: Context, user_id: str) -> SessionUser | None:
    """Return the active person with that id, or None."""
    row = ctx.rows(_SESSION_USER, {"of_account": user_id}).first()
    if row is None or not row.active:
        return None
    return SessionUser(
        id=row.id,
        login=row.login,
        name=row.name,
        organ_id=row.organ_id,
        organ_name=row.short_zh,
        roles=frozenset(Role(part) for part in row.roles.split("|") if part),
        scope=Scope(row.scope),
        language=row.language,
        session_epoch=row.session_epoch,
        must_change_password=row.must_change_password,
        demo=row.demo,
    )


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person as lists show one."""

    id: str
    login: str
    name: str
    organ_id: str
    organ_name: str
    roles: tuple[Role, ...]
    scope: Scope
    certificate_number: str | None
    certificate_from: date | None
    certificate_until: date | None
    active: bool
    locked: bool


def staff(ctx: Context, organ_id: str | None = None, *, limit: int = 500) -> tuple[StaffMember, ...]:
    """Return people by organ and login, at most `limit`."""
    query = select(Account, Organ.short_zh).join(Organ, Organ.id == Account.organ_id)
    if organ_id is not None:
        query = query.where(Account.organ_id == organ_id)
    now = ctx.now()
    return tuple(
        StaffMember(
            id=row.Account.id,
            login=row.Account.login,
            name=row.Account.name,
            organ_id=row.Account.organ_id,
            organ_name=row.short_zh,
            roles=tuple(Role(part) for part in row.Account.roles.split("|") if part),
            scope=Scope(row.Account.scope),
            certificate_number=row.Account.certificate_number,
            certificate_from=row.Account.certificate_from,
            certificate_until=row.Account.certificate_until,
            active=row.Account.active,
            locked=row.Account.locked_until is not None and row.Account.locked_until > now,
        )
        for row in ctx.session.execute(query.order_by(Account.organ_id, Account.login).limit(limit))
    )


def names_of(ctx: Context, user_ids: set[str]) -> dict[str, str]:
    """Return id -> name for the people named, in one query."""
    if not user_ids:
        return {}
    rows = ctx.session.execute(select(Account.id, Account.name).where(Account.id.in_(user_ids)))
    return {row.id: row.name for row in rows}
