"""Reading a case: its stored image, and its ledger entries folded anew for another day or another knowledge."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, select

from caseapp.context import Context
from caseapp.db import PreparedQuery
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.events import Entry, Precision, legal_date
from caseapp.domain.facts import CaseImage
from caseapp.domain.workflow.replay import fold
from caseapp.domain.workflow.sides import settled
from caseapp.models.case_file import CaseFile
from caseapp.models.ledger_entry import LedgerEntry

_CASE = CaseFile.__table__
_ENTRY = LedgerEntry.__table__

_LOAD = PreparedQuery(
    select(_CASE.c.id, _CASE.c.version, _CASE.c.head_hash, _CASE.c.updated_at, _CASE.c.image).where(
        _CASE.c.id == bindparam("case_id")
    )
)
_ENTRIES = (
    select(
        _ENTRY.c.seq,
        _ENTRY.c.kind,
        _ENTRY.c.occurred_at,
        _ENTRY.c.recorded_at,
        _ENTRY.c.actor,
        _ENTRY.c.payload,
        _ENTRY.c.precision,
    )
    .where(_ENTRY.c.chain == bindparam("of_chain"))
    .order_by(_ENTRY.c.seq)
)

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(CaseImage).decode


def image_text(image: CaseImage) -> str:
    """Return the stored form of an image."""
    return _encode(image).decode()


def image_of(text: str) -> CaseImage:
    """Return the image from its stored form."""
    return _decode(text)


@dataclass(frozen=True, slots=True)
class LoadedCase:
    """A case as read: its image, and what guards the next write.

    version, head_hash, appended_at  of the last stored entry
    """

    id: str
    version: int
    head_hash: str
    appended_at: datetime
    image: CaseImage


def load(ctx: Context, case_id: str) -> LoadedCase:
    """Read a case by id as it stands now, without asking whether the actor may see it (`queries.visibility` does that).

    What the law has ended by itself has ended, whether or not it was written down yet.

    raises  NotFound
    """
    stored = load_stored(ctx, case_id)
    return replace(stored, image=as_it_stands(ctx, stored.image, ctx.today()))


def as_it_stands(ctx: Context, image: CaseImage, day: date) -> CaseImage:
    """Return an image with the lapses that nobody has written down by that day."""
    if len(image.proceedings) == 1:
        return image
    law = ctx.law
    return settled(image, law.procedures, law.rules, law.calendar, today=day, now=ctx.now())


def load_stored(ctx: Context, case_id: str) -> LoadedCase:
    """Read a case exactly as it is stored: what a write begins from. raises NotFound"""
    row = _LOAD.first(ctx.session.connection(), {"case_id": case_id})
    if row is None:
        raise NotFound(Message(N_("没有这件案件")))
    of_case, version, head_hash, updated_at, image = row
    return LoadedCase(of_case, version, head_hash, updated_at, image_of(image))


def entries_of(ctx: Context, case_id: str) -> list[Entry]:
    """Return every case-stream entry of a case in the order of the chain."""
    return [entry_of(row) for row in ctx.rows(_ENTRIES, {"of_chain": case_id})]


def entry_of(row: Any) -> Entry:
    """Return an entry as the fold takes it, from its columns in `ledger_entry`."""
    payload, precision = msgspec.json.decode(row.payload), Precision(row.precision)
    return Entry(row.seq, row.kind, row.occurred_at, row.recorded_at, row.actor, payload, precision)


def known_until(ctx: Context, case_id: str, known_at: datetime | None) -> list[Entry]:
    """Return the entries that were recorded by an instant."""
    return [entry for entry in entries_of(ctx, case_id) if known_at is None or entry.recorded_at <= known_at]


def image_at(
    ctx: Context, case_id: str, *, as_of: date | None = None, known_at: datetime | None = None
) -> CaseImage | None:
    """Return the case as it stood at the end of a day and as it was known at an instant; None where it was not there
    yet.

    raises  NotFound where the case never existed
    """
    if as_of is None and known_at is None:
        return load(ctx, case_id).image
    if not entries_of(ctx, case_id):
        raise NotFound(Message(N_("没有这件案件")))
    image = fold(known_until(ctx, case_id, known_at), ctx.law.procedures, lenient=True, as_of=as_of)
    if image is None:
        return None
    day = as_of or ctx.today()
    return as_it_stands(ctx, image, min(day, legal_date(known_at)) if known_at is not None else day)
