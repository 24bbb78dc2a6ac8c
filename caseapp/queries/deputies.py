"""Who stands in for whom today, and every deputyship of an organ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, or_, select

from caseapp.context import Context
from caseapp.domain.policies.deputies import lent_roles, needs_leave
from caseapp.domain.roles import Role
from caseapp.domain.workflow.situation import Actor
from caseapp.models.account import Account
from caseapp.models.deputy import Deputy
from caseapp.queries.staff import roles_of

_ACCOUNT, _DEPUTY = Account.__table__, Deputy.__table__
_PRINCIPALS = (
    select(_ACCOUNT.c.id, _ACCOUNT.c.name, _ACCOUNT.c.organ_id, _ACCOUNT.c.roles, _ACCOUNT.c.scope)
    .join(_DEPUTY, _DEPUTY.c.principal_id == _ACCOUNT.c.id)
    .where(
        _DEPUTY.c.deputy_id == bindparam("of_deputy"),
        _DEPUTY.c.first_on <= bindparam("on_day"),
        _DEPUTY.c.last_on >= bindparam("on_day"),
        _DEPUTY.c.allowed_by.is_not(None),
        or_(_DEPUTY.c.revoked_on.is_(None), _DEPUTY.c.revoked_on > bindparam("on_day")),
        _ACCOUNT.c.active.is_(True),
    )
    .order_by(_DEPUTY.c.first_on, _ACCOUNT.c.id)
)
_STANDING_IN = (
    select(_DEPUTY.c.deputy_id, _DEPUTY.c.principal_id, _ACCOUNT.c.name)
    .join(_ACCOUNT, _ACCOUNT.c.id == _DEPUTY.c.principal_id)
    .where(
        _DEPUTY.c.first_on <= bindparam("on_day"),
        _DEPUTY.c.last_on >= bindparam("on_day"),
        _DEPUTY.c.allowed_by.is_not(None),
        or_(_DEPUTY.c.revoked_on.is_(None), _DEPUTY.c.revoked_on > bindparam("on_day")),
        _ACCOUNT.c.active.is_(True),
    )
    .order_by(_DEPUTY.c.first_on, _DEPUTY.c.deputy_id)
)
_MEMORY = "deputies"


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody the actor stands in for today: `actor` holds the roles that are lent; scope as of his account."""

    actor: Actor
    scope: str


def principals_of(ctx: Context) -> tuple[Principal, ...]:
    """Return for whom the actor stands in today; asked of the database once a day and Context."""
    if not ctx.actor.id or Role.SYSTEM in ctx.actor.roles:
        return ()
    key = (_MEMORY, ctx.actor.id, ctx.today())
    known: tuple[Principal, ...] | None = ctx.memory.get(key)
    if known is None:
        known = _asked(ctx)
        ctx.memory[key] = known
    return known


def _asked(ctx: Context) -> tuple[Principal, ...]:
    found: dict[str, Principal] = {}
    for row in ctx.rows(_PRINCIPALS, {"of_deputy": ctx.actor.id, "on_day": ctx.today()}):
        roles = lent_roles(roles_of(row.roles), ctx.actor.roles)
        if roles and row.organ_id == ctx.actor.organ:
            found.setdefault(row.id, Principal(Actor(row.id, row.name, row.organ_id, roles), row.scope))
    return tuple(found.values())


def stand_ins(ctx: Context, persons: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return (id of the deputy, name of the principal) for everybody who stands in today for one of these people.

    They are few; asked of the database once a day and Context.
    """
    key = (_MEMORY, "", ctx.today())
    known: tuple[tuple[str, str, str], ...] | None = ctx.memory.get(key)
    if known is None:
        rows = ctx.rows(_STANDING_IN, {"on_day": ctx.today()})
        known = ctx.memory[key] = tuple((row.deputy_id, row.principal_id, row.name) for row in rows)
    named = set(persons)
    return tuple((deputy, name) for deputy, principal, name in known if principal in named)


def forget(ctx: Context) -> None:
    """Ask again the next time: a deputyship was just written."""
    for key in [key for key in ctx.memory if isinstance(key, tuple) and key[0] == _MEMORY]:
        del ctx.memory[key]


@dataclass(frozen=True, slots=True)
class Deputyship:
    """One deputyship as a page shows it.

    status  waiting (for a leader's leave) | coming | running | over | revoked
    lent    whether the deputy is lent a role that he does not hold himself
    """

    id: str
    principal_id: str
    principal: str
    deputy_id: str
    deputy: str
    first_on: date
    last_on: date
    reason: str
    status: str
    lent: bool
    revoked_on: date | None = None

    @property
    def live(self) -> bool:
        """Return whether it can still take effect."""
        return self.status in ("waiting", "coming", "running")


def deputyships(ctx: Context, *, of_person: str | None = None, live_only: bool = False) -> tuple[Deputyship, ...]:
    """Return the deputyships inside the actor's organ, the latest first; of one person: as principal or as deputy."""
    principal, deputy = Account.__table__.alias("principal"), Account.__table__.alias("stand_in")
    query = (
        select(
            *_DEPUTY.c,
            principal.c.name.label("principal_name"),
            principal.c.roles.label("principal_roles"),
            deputy.c.name.label("deputy_name"),
            deputy.c.roles.label("deputy_roles"),
        )
        .join(principal, principal.c.id == _DEPUTY.c.principal_id)
        .join(deputy, deputy.c.id == _DEPUTY.c.deputy_id)
        .where(principal.c.organ_id == ctx.actor.organ)
        .order_by(_DEPUTY.c.first_on.desc(), _DEPUTY.c.id)
        .limit(200)
    )
    if of_person is not None:
        query = query.where(or_(_DEPUTY.c.principal_id == of_person, _DEPUTY.c.deputy_id == of_person))
    today = ctx.today()
    found = tuple(
        Deputyship(
            id=row.id,
            principal_id=row.principal_id,
            principal=row.principal_name,
            deputy_id=row.deputy_id,
            deputy=row.deputy_name,
            first_on=row.first_on,
            last_on=row.last_on,
            reason=row.reason,
            status=_status(row.first_on, row.last_on, row.allowed_by, row.revoked_on, today),
            lent=needs_leave(roles_of(row.principal_roles), roles_of(row.deputy_roles)),
            revoked_on=row.revoked_on,
        )
        for row in ctx.session.execute(query)
    )
    return tuple(one for one in found if one.live) if live_only else found


def _status(first_on: date, last_on: date, allowed_by: str | None, revoked_on: date | None, today: date) -> str:
    if revoked_on is not None and revoked_on <= today:
        return "revoked"
    if last_on < today:
        return "over"
    if allowed_by is None:
        return "waiting"
    return "coming" if first_on > today else "running"
