"""What leaves the house: written with the act, carried out after commit, each once by its key."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, insert

from caseapp.context import Context
from caseapp.db import Prepared, table_of
from caseapp.domain.events import Json
from caseapp.domain.ledger import canonical
from caseapp.models.outbox import OutboxMessage
from caseapp.services.unit_of_work import Unit

_OUTBOX = table_of(OutboxMessage)
_PUT = Prepared(
    insert(_OUTBOX)
    .values({name: bindparam(name) for name in ("topic", "key", "payload", "created_at", "available_at", "attempts")})
    .inline()
)


def put(ctx: Context, unit: Unit, *, topic: str, key: str, payload: Mapping[str, Json]) -> None:
    """Add one message. `key` identifies what it is about; the receiver drops repeats by it."""
    now = ctx.now()
    _PUT.run(
        unit.connection,
        {
            "topic": topic,
            "key": key,
            "payload": canonical(payload),
            "created_at": now,
            "available_at": now,
            "attempts": 0,
        },
    )
