"""Carrying out what waits in the outbox: at least once, each message by one service call, failures again later."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Row, select, update

from caseapp.context import Context
from caseapp.domain.errors import N_, ExternalError, Message
from caseapp.models.outbox import OutboxMessage
from caseapp.services import case_file_build, document_print, evidence_read, mail_send, notify
from caseapp.services.unit_of_work import unit_of_work

Handler = Callable[[Context, Mapping[str, Any]], object]

HANDLERS: Mapping[str, Handler] = {
    "print_document": lambda ctx, told: document_print.print_document(ctx, told["document"]),
    "notify": notify.deliver,
    "bind_case_file": lambda ctx, told: case_file_build.build(ctx, told["file"]),
    "draw_preview": evidence_read.draw,
    "mail": mail_send.send,
}
"""Topic -> what carries it out. Each may be called twice for one message and must then change nothing."""

_LEASE = timedelta(minutes=5)
"""How long a message belongs to the one who took it; after a crash it is free again."""
_FIRST_PAUSE = timedelta(seconds=10)
_LONGEST_PAUSE = timedelta(hours=1)
_TROUBLE_AFTER = 5
"""Failed attempts after which the system administrators are told."""
_LONGEST_ERROR = 500

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Dispatched:
    """How many messages were carried out, and how many failed and wait for another attempt."""

    done: int = 0
    failed: int = 0


def dispatch(ctx: Context, handlers: Mapping[str, Handler] = HANDLERS, *, limit: int = 200) -> Dispatched:
    """Carry out what is due, oldest first, at most `limit` messages. Several may do so at the same time."""
    result = Dispatched()
    while result.done + result.failed < limit:
        row = _take(ctx)
        if row is None:
            break
        if _carry_out(ctx, row, handlers):
            result = Dispatched(result.done + 1, result.failed)
        else:
            result = Dispatched(result.done, result.failed + 1)
    return result


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: 10 seconds, doubled each time, at most an hour."""
    doubled: int = 2 ** min(attempts - 1, 12)
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * doubled)


def _take(ctx: Context) -> Row[Any] | None:
    """Return the next message that is due, leased to us; None where nothing is due."""
    while True:
        row = ctx.session.execute(
            select(OutboxMessage.__table__)
            .where(OutboxMessage.done_at.is_(None), OutboxMessage.available_at <= ctx.now())
            .order_by(OutboxMessage.available_at, OutboxMessage.id)
            .limit(1)
        ).first()
        if row is None:
            return None
        with unit_of_work(ctx) as unit:
            taken = unit.connection.execute(
                update(OutboxMessage)
                .where(
                    OutboxMessage.id == row.id,
                    OutboxMessage.attempts == row.attempts,
                    OutboxMessage.done_at.is_(None),
                )
                .values(attempts=row.attempts + 1, available_at=ctx.now() + _LEASE)
            )
        if taken.rowcount == 1:
            return row


def _carry_out(ctx: Context, row: Row[Any], handlers: Mapping[str, Handler]) -> bool:
    try:
        handler = handlers.get(row.topic)
        if handler is None:
            raise ExternalError(Message(N_("没有办法处理主题为“%(topic)s”的消息"), {"topic": row.topic}))
        handler(ctx, msgspec.json.decode(row.payload))
    except Exception as error:  # noqa: BLE001 - the job loop: one bad message must not hold up the others
        ctx.session.rollback()
        _log.warning("outbox %s (%s) failed: %s", row.key, row.topic, error)
        _put_off(ctx, row, f"{type(error).__name__}: {error}")
        return False
    with unit_of_work(ctx) as unit:
        unit.connection.execute(
            update(OutboxMessage).where(OutboxMessage.id == row.id).values(done_at=ctx.now(), last_error=None)
        )
    return True


def _put_off(ctx: Context, row: Row[Any], why: str) -> None:
    attempts = row.attempts + 1
    with unit_of_work(ctx) as unit:
        unit.connection.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == row.id)
            .values(available_at=ctx.now() + pause_after(attempts), last_error=why[:_LONGEST_ERROR])
        )
        if attempts == _TROUBLE_AFTER:
            notify.tell_system_administrators(
                ctx,
                unit,
                kind="outbox_failed",
                key=f"outbox-failed:{row.id}",
                message=Message(
                    N_("待发消息 %(key)s 已失败 %(attempts)s 次：%(why)s"),
                    {"key": row.key, "attempts": attempts, "why": why[:200]},
                ),
            )
