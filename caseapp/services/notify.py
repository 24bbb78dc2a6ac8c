"""Telling people something inside the system: one notice a person, never the same thing twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from caseapp.context import Context
from caseapp.domain.errors import N_, Message
from caseapp.domain.roles import Role
from caseapp.models.account import Account
from caseapp.models.notification import Notification
from caseapp.queries.deputies import stand_ins
from caseapp.queries.notifications import message_of, message_text
from caseapp.services import mails
from caseapp.services.unit_of_work import Unit, unit_of_work

_PUT = {
    "sqlite": sqlite.insert(Notification).on_conflict_do_nothing(index_elements=["key"]).returning(Notification.id),
    "postgresql": postgresql.insert(Notification)
    .on_conflict_do_nothing(index_elements=["key"])
    .returning(Notification.id),
}


def tell(
    ctx: Context,
    unit: Unit,
    user_ids: Iterable[str],
    *,
    kind: str,
    key: str,
    message: Message,
    case_id: str | None = None,
) -> int:
    """Put one notice before each person, in the transaction of `unit`. Returns how many had not been told yet.

    key  what it is about; a person whom the same key reached before is not told again (at most 120 characters)
    """
    stored = message_text(message)
    now = ctx.now()
    told: dict[str, int] = {}
    for user_id in dict.fromkeys(user_ids):
        put = unit.connection.execute(
            _PUT[unit.connection.dialect.name],
            {
                "user_id": user_id,
                "case_id": case_id,
                "kind": kind,
                "key": f"{key}:{user_id}",
                "message": stored,
                "created_at": now,
                "read_at": None,
                "mail_key": None,
            },
        ).scalar()
        if put is not None:
            told[user_id] = put
    if told and ctx.ports.mailer is not None:
        mails.ask_for(ctx, unit, kind, told)
    return len(told)


def tell_with_deputies(
    ctx: Context,
    unit: Unit,
    user_ids: Iterable[str],
    *,
    kind: str,
    key: str,
    message: Message,
    case_id: str,
    but_not: Collection[str] = (),
) -> int:
    """Tell people about a case, and those who stand in for them today: with the name of whom they stand in for.

    but_not  ids of people who are not told, as deputies neither

    Whoever is told himself is not told again as a deputy.
    """
    people = [one for one in user_ids if one not in but_not]
    told = {"kind": kind, "key": key, "case_id": case_id}
    count = tell(ctx, unit, people, message=message, **told)
    for deputy, name in stand_ins(ctx, people):
        if deputy not in but_not:
            behalf = Message(N_("%(message)s（您代理%(name)s）"), {"message": message, "name": name})
            count += tell(ctx, unit, [deputy], message=behalf, **told)
    return count


def tell_system_administrators(ctx: Context, unit: Unit, *, kind: str, key: str, message: Message) -> int:
    """Tell every active system administrator, as `tell` does."""
    admins = unit.connection.execute(
        select(Account.id).where(Account.active, Account.roles.contains(f"|{Role.SYSTEM_ADMINISTRATOR.value}|"))
    ).scalars()
    return tell(ctx, unit, list(admins), kind=kind, key=key, message=message)


def tell_administrators_of_record(ctx: Context, unit: Unit, *, kind: str, key: str, message: Message) -> int:
    """Tell every active system and audit administrator that the record itself was damaged, as `tell` does."""
    roles = (Role.SYSTEM_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR)
    people = unit.connection.execute(
        select(Account.id).where(Account.active, or_(*(Account.roles.contains(f"|{role.value}|") for role in roles)))
    ).scalars()
    return tell(ctx, unit, list(people), kind=kind, key=key, message=message)


def deliver(ctx: Context, told: Mapping[str, Any]) -> None:
    """Carry out a message of the outbox topic `notify`: {"users", "kind", "key", "message", "case"}.

    message  as `caseapp.queries.notifications.message_text` writes it
    """
    with unit_of_work(ctx) as unit:
        tell(
            ctx,
            unit,
            told["users"],
            kind=told["kind"],
            key=told["key"],
            message=message_of(told["message"]),
            case_id=told.get("case"),
        )


def mark_read(ctx: Context, notice_ids: Sequence[int] | None = None) -> None:
    """Mark the actor's own notices as read: those named, or all."""
    statement = (
        update(Notification)
        .where(Notification.user_id == ctx.actor.id, Notification.read_at.is_(None))
        .values(read_at=ctx.now())
    )
    if notice_ids is not None:
        statement = statement.where(Notification.id.in_(list(notice_ids)))
    with unit_of_work(ctx) as unit:
        unit.connection.execute(statement)
