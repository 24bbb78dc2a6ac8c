"""Notices to the person who is signed in: how many are unread, and the list, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, bindparam, func, select

from caseapp.context import Context
from caseapp.domain.errors import N_, Message
from caseapp.domain.notices import NoticeGroup, kinds_of
from caseapp.models.notification import Notification
from caseapp.queries.notice_sight import TRANSFER, Sight, sight_of_notices

_NOTICE = Notification.__table__
_NESTED = "message"
_ASK_FOR_SIGNATURE = frozenset({"approval_waits", "nudge"})
"""Kinds whose key names the request after the first colon."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. read_at: None = unread.

    case_id   the case that it leads to, None where to none
    transfer  id of the sending between organs that it leads to instead, '' where to none
    approval  id of the request that waits for the reader's signature, '' where none does
    """

    id: int
    kind: str
    message: Message
    case_id: str | None
    created_at: datetime
    read_at: datetime | None
    transfer: str = ""
    approval: str = ""


_UNREAD = (
    select(func.count()).select_from(_NOTICE).where(_NOTICE.c.user_id == bindparam("of"), _NOTICE.c.read_at.is_(None))
)


def unread(ctx: Context) -> int:
    """Return how many notices the actor has not read."""
    return int(ctx.rows(_UNREAD, {"of": ctx.actor.id}).scalar_one())


def notices(
    ctx: Context,
    *,
    before: int | None = None,
    limit: int = 50,
    unread_only: bool = False,
    group: NoticeGroup | None = None,
) -> tuple[Notice, ...]:
    """Return the actor's notices, newest first, at most `limit`.

    before  id of the last notice already shown; the next page begins after it
    group   those of one group only

    A notice about a case that the actor may no longer see says no more than that.
    """
    query = select(_NOTICE).where(_NOTICE.c.user_id == ctx.actor.id)
    if unread_only:
        query = query.where(_NOTICE.c.read_at.is_(None))
    if before is not None:
        query = query.where(_NOTICE.c.id < before)
    if group is not None:
        kinds, exactly = kinds_of(group)
        query = query.where(_NOTICE.c.kind.in_(kinds) if exactly else _NOTICE.c.kind.not_in(kinds))
    rows = ctx.session.execute(query.order_by(_NOTICE.c.id.desc()).limit(limit)).all()
    sight = sight_of_notices(ctx, {row.case_id for row in rows if row.case_id})
    return tuple(_notice(row, sight) for row in rows)


def _notice(row: Row[Any], sight: Sight) -> Notice:
    if not sight.tells(row.kind, row.case_id):
        message = Message(N_("这条消息所涉的案件已不在您的职责范围内"))
        return Notice(row.id, row.kind, message, None, row.created_at, row.read_at)
    return Notice(
        row.id,
        row.kind,
        message_of(row.message),
        row.case_id if row.case_id in sight.cases else None,
        row.created_at,
        row.read_at,
        transfer=sight.transfers.get(row.case_id or "", "") if row.kind == TRANSFER else "",
        approval=row.key.split(":")[1] if row.kind in _ASK_FOR_SIGNATURE else "",
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
