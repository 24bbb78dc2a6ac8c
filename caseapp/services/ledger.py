"""Appending to the ledger: sealing entries, and the chains that are not cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from caseapp.context import Context
from caseapp.db import Prepared
from caseapp.domain.errors import N_, ExternalError, Message
from caseapp.domain.events import Entry, Json, Stream
from caseapp.domain.ledger import ALGORITHM, GENESIS, SealedEntry, canonical, entry_hash
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.models.ledger_head import LedgerHead
from caseapp.services.unit_of_work import Unit

_ENTRY = LedgerEntry.__table__
_HEAD = LedgerHead.__table__

INSERT_ENTRY = Prepared(
    insert(_ENTRY)  # type: ignore[arg-type]
    .values({column.name: bindparam(column.name) for column in _ENTRY.columns if column.name != "id"})
    .inline()
)
_HEAD_OF = select(_HEAD.c.seq, _HEAD.c.hash).where(_HEAD.c.chain == bindparam("of_chain")).with_for_update()
_NEW_HEAD = {
    "sqlite": sqlite.insert(LedgerHead).on_conflict_do_nothing(index_elements=["chain"]),
    "postgresql": postgresql.insert(LedgerHead).on_conflict_do_nothing(index_elements=["chain"]),
}
_APPENDED_AT = select(_ENTRY.c.appended_at).where(
    _ENTRY.c.chain == bindparam("of_chain"), _ENTRY.c.seq == bindparam("of_seq")
)
_MOVE_HEAD = (
    update(_HEAD)  # type: ignore[arg-type]
    .where(_HEAD.c.chain == bindparam("of_chain"), _HEAD.c.seq == bindparam("of_seq"))
    .values(seq=bindparam("new_seq"), hash=bindparam("new_hash"))
)


def seal(
    entry: Entry,
    *,
    chain: str,
    stream: Stream,
    case_id: str | None,
    prev_hash: str,
    appended_at: datetime,
) -> SealedEntry:
    """Return the entry with its canonical payload and hash."""
    payload = canonical(entry.payload)
    return SealedEntry(
        chain=chain,
        seq=entry.seq,
        stream=stream.value,
        kind=str(entry.kind),
        case_id=case_id,
        actor=entry.actor,
        occurred_at=entry.occurred_at,
        precision=entry.precision.value,
        recorded_at=entry.recorded_at,
        appended_at=appended_at,
        payload=payload,
        prev_hash=prev_hash,
        hash=entry_hash(
            chain=chain,
            seq=entry.seq,
            stream=stream.value,
            kind=str(entry.kind),
            case_id=case_id,
            actor=entry.actor,
            occurred_at=entry.occurred_at,
            precision=entry.precision.value,
            recorded_at=entry.recorded_at,
            appended_at=appended_at,
            payload=payload,
            prev_hash=prev_hash,
        ),
    )


def row_of(sealed: SealedEntry) -> dict[str, object]:
    """Return the column values of a sealed entry."""
    return {
        "chain": sealed.chain,
        "seq": sealed.seq,
        "stream": sealed.stream,
        "kind": sealed.kind,
        "case_id": sealed.case_id,
        "actor": sealed.actor,
        "occurred_at": sealed.occurred_at,
        "precision": sealed.precision,
        "recorded_at": sealed.recorded_at,
        "appended_at": sealed.appended_at,
        "payload": sealed.payload,
        "prev_hash": sealed.prev_hash,
        "hash": sealed.hash,
        "algorithm": ALGORITHM,
    }


def append_beside(
    ctx: Context, unit: Unit, *, stream: Stream, kind: str, payload: Mapping[str, Json], case_id: str | None = None
) -> None:
    """Append one entry to the access or the system stream.

    Reads of a case go to that case's own access chain; exports and searches to the chain 'access'; the rest to
    'system'.

    The chain's head stays locked until commit, so concurrent writers wait for each other instead of colliding.

    raises  ExternalError where the head moved all the same (the caller may try again)
    """
    chain = f"access:{case_id}" if stream is Stream.ACCESS and case_id else stream.value
    head = unit.connection.execute(_HEAD_OF, {"of_chain": chain}).first()
    if head is None:
        first = _NEW_HEAD[unit.connection.dialect.name]
        unit.connection.execute(first, {"chain": chain, "seq": 0, "hash": GENESIS})
        head = unit.connection.execute(_HEAD_OF, {"of_chain": chain}).one()
    earlier = unit.connection.execute(_APPENDED_AT, {"of_chain": chain, "of_seq": head.seq}).scalar()
    now, appended_at = ctx.now(), ctx.ports.clock.now()
    entry = Entry(head.seq + 1, kind, now, now, ctx.actor.id, payload)
    sealed = seal(
        entry,
        chain=chain,
        stream=stream,
        case_id=case_id,
        prev_hash=head.hash,
        appended_at=max(appended_at, earlier) if earlier else appended_at,
    )
    INSERT_ENTRY.run(unit.connection, row_of(sealed))
    moved = unit.connection.execute(
        _MOVE_HEAD, {"of_chain": chain, "of_seq": head.seq, "new_seq": sealed.seq, "new_hash": sealed.hash}
    )
    if moved.rowcount != 1:
        raise _moved()


def _moved() -> ExternalError:
    return ExternalError(Message(N_("台账正被另一操作写入，请重试")))
