"""The ledger as it is stored: streamed in the order of its chains, from one unchanging view of the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import starmap

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.events import Stream
from caseapp.domain.ledger import SealedEntry
from caseapp.models.ledger_entry import LedgerEntry

_AT_ONCE = 2000
_ENTRY = LedgerEntry.__table__
_SEALED = select(
    _ENTRY.c.chain,
    _ENTRY.c.seq,
    _ENTRY.c.stream,
    _ENTRY.c.kind,
    _ENTRY.c.case_id,
    _ENTRY.c.actor,
    _ENTRY.c.occurred_at,
    _ENTRY.c.precision,
    _ENTRY.c.recorded_at,
    _ENTRY.c.appended_at,
    _ENTRY.c.payload,
    _ENTRY.c.prev_hash,
    _ENTRY.c.hash,
    _ENTRY.c.algorithm,
).order_by(_ENTRY.c.chain, _ENTRY.c.seq)
_SHARED_CHAINS = frozenset({Stream.ACCESS.value, Stream.SYSTEM.value})


def is_case_chain(chain: str) -> bool:
    """Return whether a chain holds the acts of a case; the others are 'access', 'system' and 'access:<case id>'."""
    return chain not in _SHARED_CHAINS and ":" not in chain


def begin_snapshot(ctx: Context) -> None:
    """End the session's transaction and begin a read that later commits do not change.

    SQLite reads so by itself; PostgreSQL is asked to.
    """
    session = ctx.session
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})


def sealed_entries(ctx: Context, chains: Sequence[str] | None = None) -> Iterator[SealedEntry]:
    """Yield entries ordered by (chain, seq), never more than a few thousand in memory; of all chains, or of those
    named.
    """
    query = _SEALED if chains is None else _SEALED.where(_ENTRY.c.chain.in_(list(chains)))
    yield from starmap(SealedEntry, ctx.session.execute(query, execution_options={"yield_per": _AT_ONCE}))
