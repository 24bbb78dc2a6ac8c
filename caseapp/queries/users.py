"""Who is signed in, and who works where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from caseapp.context import Context
from caseapp.domain.roles import Role, Scope
from caseapp.domain.workflow.definition import Text
from caseapp.models.account import Account
from caseapp.models.organ import Organ
from caseapp.models.second_factor import SecondFactor

ORGAN_ACTOR = "organ:"
"""Begins the id of who acted by a signed package: the id of his organ follows."""


@dataclass(frozen=True, slots=True)
class SessionUser:
    """The person behind a session.

    second_factor    whether the person has one, so that a password alone opens no session
    password_set_at  when the password was chosen
    """

    id: str
    login: str
    name: str
    organ_id: str
    organ_name: Text
    roles: frozenset[Role]
    scope: Scope
    language: str | None
    session_epoch: int
    must_change_password: bool
    demo: bool
    second_factor: bool
    password_set_at: datetime


def with_users(*columns: Any) -> Select[Any]:
    """Return a query of accounts with what `user_of` needs, and these columns beside."""
    return (
        select(
            *columns,
            Account.id,
            Account.login,
            Account.name,
            Account.organ_id,
            Account.roles,
            Account.scope,
            Account.language,
            Account.session_epoch,
            Account.must_change_password,
            Account.password_set_at,
            Account.created_at,
            Account.demo,
            Account.active,
            Organ.short_zh,
            Organ.short_en,
            SecondFactor.confirmed_at,
        )
        .select_from(Account)
        .join(Organ, Organ.id == Account.organ_id)
        .outerjoin(SecondFactor, SecondFactor.user_id == Account.id)
    )


def user_of(row: Row[Any]) -> SessionUser:
    """Return the person of a row of `with_users`."""
    return SessionUser(
        id=row.id,
        login=row.login,
        name=row.name,
        organ_id=row.organ_id,
        organ_name=Text(row.short_zh, row.short_en),
        roles=frozenset(Role(part) for part in row.roles.split("|") if part),
        scope=Scope(row.scope),
        language=row.language,
        session_epoch=row.session_epoch,
        must_change_password=row.must_change_password,
        demo=row.demo,
        second_factor=row.confirmed_at is not None,
        password_set_at=row.password_set_at or row.created_at,
    )


_SESSION_USER = with_users().where(Account.id == bindparam("of_account"))


def user_for_session(ctx: Context, user_id: str) -> SessionUser | None:
    """Return the active person with that id, or None."""
    row = ctx.rows(_SESSION_USER, {"of_account": user_id}).first()
    return user_of(row) if row is not None and row.active else None


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
    names = {row.id: row.name for row in rows}
    for one in user_ids:  # who acted by a package of his organ is known here by the organ alone
        organ = one.removeprefix(ORGAN_ACTOR)
        if organ != one and organ in ctx.law.organs:
            names[one] = ctx.law.organs.get(organ).short["zh"]
    return names
