"""The tamper-evident ledger: canonical form, hash chain, Merkle root. Pure: the same rules serve writing and verifying.

Each chain (one per case, plus those for access and system) is a list of entries seq = 1, 2, 3 …; the hash of an entry
covers its canonical form and the hash before it, so that an edit, an insertion or a change of order breaks every later
hash. A cut tail leaves a chain that is sound in itself; only heads kept elsewhere (anchors) reveal it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

ALGORITHM = "sha256"
GENESIS = "0" * 64
"""The hash before the first entry of a chain."""

_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
).encode


def instant_text(instant: datetime) -> str:
    """Return an aware instant as UTC ISO 8601 with microseconds, the only form that is hashed."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(value: object) -> str:
    """Return the canonical JSON of a JSON-able value without floats: sorted keys, no spaces, UTF-8 characters kept.

    raises  ValueError for a float or anything JSON has no form for: amounts are integers, dates are strings
    """
    refuse_floats(value)
    return _encode(value)


def refuse_floats(value: object) -> None:
    """Raise ValueError where a float hides in a JSON-able value: floats have no single written form."""
    if isinstance(value, float):
        raise ValueError("a float has no canonical form")
    if isinstance(value, Mapping):
        for item in value.values():
            refuse_floats(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            refuse_floats(item)


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """A ledger entry as stored. `payload` is canonical JSON text, hashed as it stands."""

    chain: str
    seq: int
    stream: str
    kind: str
    case_id: str | None
    actor: str
    occurred_at: datetime
    precision: str
    recorded_at: datetime
    appended_at: datetime
    payload: str
    prev_hash: str
    hash: str
    algorithm: str = ALGORITHM


def entry_hash(
    *,
    chain: str,
    seq: int,
    stream: str,
    kind: str,
    case_id: str | None,
    actor: str,
    occurred_at: datetime,
    precision: str,
    recorded_at: datetime,
    appended_at: datetime,
    payload: str,
    prev_hash: str,
) -> str:
    """Return the sha256 (hex) of an entry: every field, in a fixed order, each on a line of its own.

    No field but the payload can hold a line feed, and canonical JSON never does, so the form is unambiguous.
    """
    text = "\n".join(
        (
            "huhang-ledger-1",
            prev_hash,
            chain,
            str(seq),
            stream,
            kind,
            case_id or "",
            actor,
            instant_text(occurred_at),
            precision,
            instant_text(recorded_at),
            instant_text(appended_at),
            payload,
        )
    )
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Breach:
    """A place where a chain is not sound. `reason`: edited | gap | order | broken-link | missing-tail | head |
    times.
    """

    chain: str
    seq: int
    reason: str


def verify_chain(entries: Iterable[SealedEntry]) -> tuple[list[Breach], int, str]:
    """Check one chain given in seq order. Returns (breaches, last seq, last hash); an empty chain ends at (0,
    GENESIS).
    """
    breaches: list[Breach] = []
    seq, last, appended = 0, GENESIS, None
    for entry in entries:
        if entry.seq != seq + 1:
            breaches.append(Breach(entry.chain, entry.seq, "gap"))
        if entry.prev_hash != last:
            breaches.append(Breach(entry.chain, entry.seq, "broken-link"))
        computed = entry_hash(
            chain=entry.chain,
            seq=entry.seq,
            stream=entry.stream,
            kind=entry.kind,
            case_id=entry.case_id,
            actor=entry.actor,
            occurred_at=entry.occurred_at,
            precision=entry.precision,
            recorded_at=entry.recorded_at,
            appended_at=entry.appended_at,
            payload=entry.payload,
            prev_hash=entry.prev_hash,
        )
        if computed != entry.hash or entry.algorithm != ALGORITHM:
            breaches.append(Breach(entry.chain, entry.seq, "edited"))
        if appended is not None and entry.appended_at < appended:
            breaches.append(Breach(entry.chain, entry.seq, "times"))
        seq, last, appended = entry.seq, entry.hash, entry.appended_at
    return breaches, seq, last


def merkle_root(leaves: Sequence[str]) -> str:
    """Return the Merkle root (hex sha256) of leaf texts in the order given; leaves and nodes are hashed apart.

    An odd node is carried up unchanged. No leaves: the hash of nothing.
    """
    level = [hashlib.sha256(b"\x00" + leaf.encode()).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        paired = [
            hashlib.sha256(b"\x01" + level[index] + level[index + 1]).digest() for index in range(0, len(level) - 1, 2)
        ]
        if len(level) % 2:
            paired.append(level[-1])
        level = paired
    return level[0].hex()


def commitment(salt: str, value: str) -> str:
    """Return the salted commitment to a personal value: the ledger holds this, the value itself stays erasable."""
    return "sha256:" + hashlib.sha256(f"{salt}\n{value}".encode()).hexdigest()
