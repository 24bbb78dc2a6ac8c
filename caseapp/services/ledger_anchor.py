"""Anchoring the ledger outside the database, so that a tail that is cut off is missed."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, starmap
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Select, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute

from caseapp.context import Context
from caseapp.domain.errors import N_, ExternalError, Message
from caseapp.domain.events import Stream
from caseapp.domain.ledger import ALGORITHM, GENESIS, instant_text
from caseapp.models.anchor_mark import AnchorMark
from caseapp.models.case_file import CaseFile
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.models.ledger_head import LedgerHead
from caseapp.queries import anchor_files
from caseapp.services import ledger
from caseapp.services.unit_of_work import unit_of_work

CHAINS_IN_ONE_ANCHOR = 20_000
"""A larger growth becomes several anchors in a row, so that no file and no transaction grows without bounds."""
ANCHORED = "anchored"
"""Kind of the system entry that tells of an anchor."""
_AT_ONCE = 5_000

_MARK_SEQ = func.coalesce(AnchorMark.seq, 0)
_MARKS = {name: insert(AnchorMark) for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))}
_PUT_MARKS = {
    name: mark.on_conflict_do_update(index_elements=["chain"], set_={"seq": mark.excluded.seq})
    for name, mark in _MARKS.items()
}


@dataclass(frozen=True, slots=True)
class AnchorResult:
    """What was anchored: numbers of the files written (none: nothing had changed), chains and entries newly covered."""

    numbers: tuple[int, ...] = ()
    chains: int = 0
    entries: int = 0


@dataclass(frozen=True, slots=True)
class _Grown:
    """A chain that grew: up to where it was anchored, and where it stands."""

    chain: str
    since: int
    seq: int
    hash: str


def anchor(ctx: Context) -> AnchorResult:
    """Write what grew since the last anchor into a new signed file; nothing where nothing grew.

    A crash between file and database only means that the next anchor tells the same chains again. Anchors made at the
    same time by several processes of one machine wait for each other.

    raises  ExternalError where the folder cannot be written
    """
    folder = Path(ctx.ports.anchors_folder)
    result = AnchorResult()
    try:
        with _alone_in(folder):
            grown = _grown(ctx)
            while part := list(islice(grown, CHAINS_IN_ONE_ANCHOR)):
                if not _is_news(ctx, part):
                    break
                number = _write(ctx, folder, part)
                result = AnchorResult(
                    (*result.numbers, number),
                    result.chains + len(part),
                    result.entries + sum(item.seq - item.since for item in part),
                )
    except OSError as error:
        raise ExternalError(
            Message(N_("无法写入锚定文件夹 %(folder)s：%(why)s"), {"folder": str(folder), "why": str(error)})
        ) from error
    return result


def _write(ctx: Context, folder: Path, part: Sequence[_Grown]) -> int:
    number, previous = _next(ctx, folder)
    chains, entries = _covered(ctx)
    body: dict[str, Any] = {
        "format": anchor_files.FORMAT,
        "number": number,
        "made_at": instant_text(ctx.now()),
        "previous": previous,
        "algorithms": {"hash": ALGORITHM, "signature": ctx.ports.signer.algorithm},
        "chains": {item.chain: [item.seq, item.hash] for item in part},
        "counts": {
            "chains": chains + sum(1 for item in part if item.since == 0),
            "entries": entries + sum(item.seq - item.since for item in part),
        },
        "root": anchor_files.root_of({item.chain: (item.seq, item.hash) for item in part}),
        "public_key": ctx.ports.signer.public_key(),
    }
    content = anchor_files.file_bytes(body, ctx.ports.signer)
    _put_durably(anchor_files.path_of(folder, number), content)
    with unit_of_work(ctx) as unit:
        unit.connection.execute(
            _PUT_MARKS[unit.connection.dialect.name], [{"chain": item.chain, "seq": item.seq} for item in part]
        )
        ledger.append_beside(
            ctx,
            unit,
            stream=Stream.SYSTEM,
            kind=ANCHORED,
            payload={
                "number": number,
                "algorithm": ALGORITHM,
                "sha256": hashlib.sha256(content).hexdigest(),
                "chains": len(part),
                "root": str(body["root"]),
            },
        )
    return number


def _next(ctx: Context, folder: Path) -> tuple[int, str]:
    """Return the next number and the hash it links to; files that were lost leave a gap that verification tells."""
    told = ctx.session.execute(
        select(LedgerEntry.payload)
        .where(LedgerEntry.chain == Stream.SYSTEM.value, LedgerEntry.kind == ANCHORED)
        .order_by(LedgerEntry.seq.desc())
        .limit(1)
    ).scalar()
    recorded: dict[str, Any] = msgspec.json.decode(told) if told else {"number": 0, "sha256": GENESIS}
    in_folder = max(anchor_files.numbers_in(folder), default=0)
    if in_folder and in_folder >= recorded["number"]:
        return in_folder + 1, anchor_files.sha256_of(anchor_files.path_of(folder, in_folder))
    return recorded["number"] + 1, recorded["sha256"]


def _covered(ctx: Context) -> tuple[int, int]:
    row = ctx.session.execute(select(func.count(), func.coalesce(func.sum(AnchorMark.seq), 0))).one()
    return int(row[0]), int(row[1])


def _is_news(ctx: Context, part: Sequence[_Grown]) -> bool:
    """Return whether something happened since: that an anchor was made is alone no reason for another."""
    if len(part) > 1 or part[0].chain != Stream.SYSTEM.value:
        return True
    news = exists().where(
        LedgerEntry.chain == Stream.SYSTEM.value, LedgerEntry.seq > part[0].since, LedgerEntry.kind != ANCHORED
    )
    return bool(ctx.session.execute(select(news)).scalar())


def _grown(ctx: Context) -> Iterator[_Grown]:
    """Yield the chains that are longer than their mark: cases first, then the others, each in order of its id.

    Each batch is a query of its own, since the transaction ends whenever an anchor is recorded.
    """
    cases = (
        select(CaseFile.id, _MARK_SEQ, CaseFile.version, CaseFile.head_hash)
        .outerjoin(AnchorMark, AnchorMark.chain == CaseFile.id)
        .where(CaseFile.version > _MARK_SEQ)
        .order_by(CaseFile.id)
    )
    yield from _batches(ctx, cases, CaseFile.id)
    others = (
        select(LedgerHead.chain, _MARK_SEQ, LedgerHead.seq, LedgerHead.hash)
        .outerjoin(AnchorMark, AnchorMark.chain == LedgerHead.chain)
        .where(LedgerHead.seq > _MARK_SEQ)
        .order_by(LedgerHead.chain)
    )
    yield from _batches(ctx, others, LedgerHead.chain)


def _batches(ctx: Context, query: Select[str, int, int, str], key: InstrumentedAttribute[str]) -> Iterator[_Grown]:
    rows = ctx.session.execute(query.limit(_AT_ONCE)).all()
    while rows:
        yield from starmap(_Grown, rows)
        rows = ctx.session.execute(query.where(key > rows[-1][0]).limit(_AT_ONCE)).all()


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _put_durably(path: Path, content: bytes) -> None:
    """Write a file so that after a power cut it is there whole or not at all."""
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
