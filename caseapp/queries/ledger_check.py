"""Checking the ledger: every hash, every head, and the anchors kept outside the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import exists, func, select

from caseapp.context import Context
from caseapp.domain.events import Stream
from caseapp.domain.ledger import Breach, SealedEntry, verify_chain
from caseapp.models.case_file import CaseFile
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.models.ledger_head import LedgerHead
from caseapp.queries import anchor_files
from caseapp.queries.ledger_entries import begin_snapshot, is_case_chain, sealed_entries

_HEADS_AT_ONCE = 500
ANCHOR_CHAIN = "anchor"
"""What stands for the chain where an anchor file itself is broken; `seq` is then its number."""
_ANCHORED = "anchored"

Heads = Mapping[str, tuple[int, str]]


@dataclass(slots=True)
class _Findings:
    cases: int = 0
    entries: int = 0
    unanchored: int = 0
    anchors: int = 0
    broken: list[Breach] = field(default_factory=list)
    ends: dict[str, tuple[int, str]] = field(default_factory=dict)


def verify(
    ctx: Context,
    case_id: str | None = None,
    anchors: Path | None = None,
    progress: Callable[[int], object] | None = None,
) -> dict[str, Any]:
    """Recompute every chain and compare it with the stored heads and with the anchors.

    case_id   only this case: its acts and who read them
    anchors   folder of anchor files kept elsewhere; by default the installation's own, in which none may be missing
    progress  called with the number of entries read since the last call

    returns  {"cases", "entries", "broken": [{"chain", "seq", "reason"}], "unanchored", "anchors"}: numbers of case
             chains, of entries, of entries after the last anchor of their chain, and of anchor files. Reasons:
             edited, gap, broken-link, times    an entry does not fit its hash, number, predecessor or time
             missing-tail, head                 entries that the head counts are gone, or the head is another
             no-entries, no-head                a case without chain; a chain without case (or head)
             cut, anchored-otherwise            an anchored entry is gone, or is another
             anchor-…                           an anchor file is missing or unsound (see `anchor_files.check_folder`)

    Memory stays bounded however long the ledger is: what the anchors tell is kept in a scratch file.
    """
    folder = anchors if anchors is not None else Path(ctx.ports.anchors_folder)
    found = _Findings()
    with closing(sqlite3.connect("")) as scratch:  # an unnamed database lives on disk and vanishes when closed
        book = _AnchorBook(scratch)
        chains = None if case_id is None else [case_id, f"{Stream.ACCESS.value}:{case_id}"]
        # Anchors first: what they tell was committed before the snapshot, so nothing in it can be too new for the
        # check.
        read = _read_anchors(found, book, folder, ctx, only=chains)
        begin_snapshot(ctx)
        recorded: dict[int, str] = {}
        for chain, entries in groupby(sealed_entries(ctx, chains), key=lambda entry: entry.chain):
            _check_chain(found, chain, entries, book.take(chain), recorded, progress)
            if len(found.ends) >= _HEADS_AT_ONCE:
                _compare_heads(ctx, found)
        _compare_heads(ctx, found)
        _find_empty(ctx, found, case_id)
        found.broken.extend(Breach(chain, seq, "cut") for chain, seq in book.left())
    ctx.session.rollback()
    for number, digest in recorded.items():
        if number in read and read[number] != digest:
            found.broken.append(Breach(ANCHOR_CHAIN, number, "anchor-replaced"))
        elif anchors is None and number not in read and not anchor_files.path_of(folder, number).exists():
            found.broken.append(Breach(ANCHOR_CHAIN, number, "anchor-missing"))
    return {
        "cases": found.cases,
        "entries": found.entries,
        "broken": [asdict(breach) for breach in found.broken],
        "unanchored": found.unanchored,
        "anchors": found.anchors,
    }


def entry_estimate(ctx: Context) -> int:
    """Return about how many entries there are, at once, for a progress bar."""
    return int(ctx.session.execute(select(func.coalesce(func.max(LedgerEntry.id), 0))).scalar_one())


class _AnchorBook:
    """What the anchors tell, by chain, on disk."""

    def __init__(self, scratch: sqlite3.Connection) -> None:
        self._scratch = scratch
        scratch.execute(
            "CREATE TABLE anchored (chain TEXT, seq INTEGER, hash TEXT, PRIMARY KEY (chain, seq)) WITHOUT ROWID"
        )

    def add(self, chains: Heads) -> list[tuple[str, int]]:
        """Keep what one anchor tells; returns where it contradicts an earlier one."""
        contradicted = []
        for chain, (seq, head) in chains.items():
            known = self._scratch.execute(
                "SELECT hash FROM anchored WHERE chain = ? AND seq = ?", (chain, seq)
            ).fetchone()
            if known is None:
                self._scratch.execute("INSERT INTO anchored VALUES (?, ?, ?)", (chain, seq, head))
            elif known[0] != head:
                contradicted.append((chain, seq))
        return contradicted

    def take(self, chain: str) -> dict[int, str]:
        """Return seq -> hash of a chain's anchored entries and forget them."""
        told = dict(self._scratch.execute("SELECT seq, hash FROM anchored WHERE chain = ?", (chain,)).fetchall())
        if told:
            self._scratch.execute("DELETE FROM anchored WHERE chain = ?", (chain,))
        return told

    def left(self) -> Iterator[tuple[str, int]]:
        """Yield the chains that were never taken, with the first entry an anchor tells of."""
        yield from self._scratch.execute("SELECT chain, min(seq) FROM anchored GROUP BY chain ORDER BY chain")


def _read_anchors(
    found: _Findings, book: _AnchorBook, folder: Path, ctx: Context, *, only: list[str] | None
) -> dict[int, str]:
    """Read every anchor file into the book. Returns number -> sha256 of those read."""
    read: dict[int, str] = {}
    for file in anchor_files.check_folder(folder, ctx.ports.signer):
        found.anchors += 1
        read[file.number] = file.sha256
        found.broken.extend(Breach(ANCHOR_CHAIN, file.number, f"anchor-{problem}") for problem in file.problems)
        chains = file.chains if only is None else {chain: file.chains[chain] for chain in only if chain in file.chains}
        found.broken.extend(Breach(chain, seq, "anchored-otherwise") for chain, seq in book.add(chains))
    return read


def _check_chain(
    found: _Findings,
    chain: str,
    entries: Iterator[SealedEntry],
    anchored: dict[int, str],
    recorded: dict[int, str],
    progress: Callable[[int], object] | None,
) -> None:
    safe = max(anchored, default=0)
    count = 0

    def watched() -> Iterator[SealedEntry]:
        nonlocal count
        for entry in entries:
            count += 1
            found.unanchored += entry.seq > safe
            expected = anchored.pop(entry.seq, None)
            if expected is not None and expected != entry.hash:
                found.broken.append(Breach(chain, entry.seq, "anchored-otherwise"))
            if entry.kind == _ANCHORED and chain == Stream.SYSTEM.value:
                _note_anchor(recorded, entry)
            yield entry

    breaches, seq, last = verify_chain(watched())
    found.broken.extend(breaches)
    if anchored:
        found.broken.append(Breach(chain, min(anchored), "cut"))
    found.entries += count
    found.cases += is_case_chain(chain)
    found.ends[chain] = (seq, last)
    if progress is not None:
        progress(count)


def _note_anchor(recorded: dict[int, str], entry: SealedEntry) -> None:
    try:
        told = msgspec.json.decode(entry.payload)
        recorded[int(told["number"])] = str(told["sha256"])
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError):
        return  # an edited payload is told by its hash already


def _compare_heads(ctx: Context, found: _Findings) -> None:
    """Compare the ends of the chains read so far with the stored heads, and forget them."""
    cases = [chain for chain in found.ends if is_case_chain(chain)]
    others = [chain for chain in found.ends if not is_case_chain(chain)]
    heads: dict[str, tuple[int, str]] = {}
    for query in (
        select(CaseFile.id, CaseFile.version, CaseFile.head_hash).where(CaseFile.id.in_(cases)),
        select(LedgerHead.chain, LedgerHead.seq, LedgerHead.hash).where(LedgerHead.chain.in_(others)),
    ):
        heads.update({chain: (seq, last) for chain, seq, last in ctx.session.execute(query)})
    for chain, (seq, last) in found.ends.items():
        head = heads.get(chain)
        if head is None:
            found.broken.append(Breach(chain, seq, "no-head"))
        elif head[0] > seq:
            found.broken.append(Breach(chain, head[0], "missing-tail"))
        elif head != (seq, last):
            found.broken.append(Breach(chain, seq, "head"))
    found.ends.clear()


def _find_empty(ctx: Context, found: _Findings, case_id: str | None) -> None:
    """Tell the heads for which there is no entry at all."""
    cases = select(CaseFile.id, CaseFile.version).where(~exists().where(LedgerEntry.chain == CaseFile.id))
    others = select(LedgerHead.chain, LedgerHead.seq).where(~exists().where(LedgerEntry.chain == LedgerHead.chain))
    if case_id is not None:
        cases = cases.where(CaseFile.id == case_id)
        others = others.where(LedgerHead.chain == f"{Stream.ACCESS.value}:{case_id}")
    for query in (cases, others):
        for chain, seq in ctx.session.execute(query.order_by(query.selected_columns[0])):
            found.broken.append(Breach(chain, seq, "no-entries"))
