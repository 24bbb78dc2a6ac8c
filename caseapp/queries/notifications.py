"""Notices to the person who is signed in: how many are unread, and the list, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import func, select

from caseapp.context import Context
from caseapp.domain.errors import Message
from caseapp.models.notification import Notification

_NOTICE = Notification.__table__
_NESTED = "message"


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. `case_id` is where it leads to; `read_at` None = unread."""

    id: int
    kind: str
    message: Message
    case_id: str | None
    created_at: datetime
    read_at: datetime | None


def unread(ctx: Context) -> int:
    """Return how many notices the actor has not read."""
    return int(
        ctx.session.execute(
            select(func.count())
            .select_from(_NOTICE)
            .where(_NOTICE.c.user_id == ctx.actor.id, _NOTICE.c.read_at.is_(None))
        ).scalar_one()
    )


def notices(
    ctx: Context, *, before: int | None = None, limit: int = 50, unread_only: bool = False
) -> tuple[Notice, ...]:
    """Return the actor's notices, newest first, at most `limit`.

    before  id of the last notice already shown; the next page begins after it
    """
    query = select(_NOTICE).where(_NOTICE.c.user_id == ctx.actor.id)
    if unread_only:
        query = query.where(_NOTICE.c.read_at.is_(None))
    if before is not None:
        query = query.where(_NOTICE.c.id < before)
    return tuple(
        Notice(row.id, row.kind, message_of(row.message), row.case_id, row.created_at, row.read_at)
        for row in ctx.session.execute(query.order_by(_NOTICE.c.id.desc()).limit(limit))
    )


def message_text(message: Message) -> str:
    """Return the stored form of a message: JSON of its msgid and values, translated only when somebody reads it."""
    return msgspec.json.encode(_plain(message)).decode()


def message_of(text: str) -> Message:
    """Return the message from its stored form."""
    return _message(msgspec.json.decode(text))


def _plain(message: Message) -> dict[str, Any]:
    return {
        "text": message.text,
        "values": {
            name: {_NESTED: _plain(value)} if isinstance(value, Message) else value
            for name, value in message.values.items()
        },
    }


def _message(told: Mapping[str, Any]) -> Message:
    return Message(
        told["text"],
        {
            name: _message(value[_NESTED]) if isinstance(value, dict) and _NESTED in value else value
            for name, value in told["values"].items()
        },
    )
