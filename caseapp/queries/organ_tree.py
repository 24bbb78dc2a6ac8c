"""The organs as a tree, with what the administrator keeps about each: how it is reached, where its fines are paid."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import func, select

from caseapp.context import Context
from caseapp.domain.ledger import canonical
from caseapp.domain.organs import OrganKind, OrganLevel, OrganRecord
from caseapp.domain.workflow.definition import Text
from caseapp.models.account import Account
from caseapp.models.organ import Organ


@dataclass(frozen=True, slots=True)
class OrganContact:
    """What documents print about an organ beside its name; '' where nobody has filled it in."""

    address: str = ""
    phone: str = ""
    postcode: str = ""
    fee_bank: str = ""

    @property
    def mark(self) -> str:
        """Return what stands for this state; a form brings it back."""
        return hashlib.sha256(canonical(asdict(self)).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class OrganRow:
    """One organ in the tree.

    depth       0 at the top
    in_force    whether it exists today
    incomplete  it issues documents, and address or telephone are missing that they print
    people      how many active accounts it has
    """

    id: str
    depth: int
    name: Text
    short: Text
    level: OrganLevel
    kind: OrganKind
    division: str
    division_name: Text
    parent: str | None
    document_word: str | None
    valid_from: date | None
    valid_to: date | None
    in_force: bool
    note: str
    contact: OrganContact
    incomplete: bool
    people: int


@dataclass(frozen=True, slots=True)
class OrganDetail:
    """One organ with those above and directly below it."""

    row: OrganRow
    above: tuple[OrganRow, ...]
    below: tuple[OrganRow, ...]


def organ_tree(ctx: Context) -> tuple[OrganRow, ...]:
    """Return every organ, each followed by those below it, in the order of `workflows/organs.yaml`."""
    contacts = _contacts(ctx)
    people = {
        row[0]: row[1]
        for row in ctx.session.execute(
            select(Account.organ_id, func.count()).where(Account.active.is_(True)).group_by(Account.organ_id)
        )
    }
    return tuple(
        _row(ctx, record, depth, contacts.get(record.id, OrganContact()), people.get(record.id, 0))
        for record, depth in _depth_first(ctx)
    )


def organ(ctx: Context, organ_id: str) -> OrganDetail:
    """Return one organ. raises NotFound"""
    record = ctx.law.organs.get(organ_id)
    rows = {row.id: row for row in organ_tree(ctx)}
    above = [rows[known] for known in reversed(ctx.law.organs.upward(organ_id)[1:])]
    below = [rows[child.id] for child in ctx.law.organs.children(organ_id)]
    return OrganDetail(rows[record.id], tuple(above), tuple(below))


def contacts_of(ctx: Context, organ_ids: list[str]) -> Mapping[str, OrganContact]:
    """Return the contact data of the organs named."""
    return _contacts(ctx, organ_ids)


def organ_choices(ctx: Context) -> list[tuple[str, Text, int]]:
    """Return (id, short name, depth) of the organs that exist today, in the order of the tree."""
    return [
        (record.id, Text(record.short_zh, record.short_en), depth)
        for record, depth in _depth_first(ctx)
        if record.in_force(ctx.today())
    ]


def _contacts(ctx: Context, organ_ids: list[str] | None = None) -> dict[str, OrganContact]:
    query = select(Organ.id, Organ.address, Organ.phone, Organ.postcode, Organ.fee_bank)
    if organ_ids is not None:
        query = query.where(Organ.id.in_(organ_ids))
    return {
        row.id: OrganContact(row.address or "", row.phone or "", row.postcode or "", row.fee_bank or "")
        for row in ctx.session.execute(query)
    }


def _depth_first(ctx: Context) -> Iterator[tuple[OrganRecord, int]]:
    waiting = [(record, 0) for record in reversed(tuple(ctx.law.organs)) if record.parent is None]
    while waiting:
        record, depth = waiting.pop()
        yield record, depth
        waiting.extend((child, depth + 1) for child in reversed(ctx.law.organs.children(record.id)))


def _row(ctx: Context, record: OrganRecord, depth: int, contact: OrganContact, people: int) -> OrganRow:
    in_force = record.in_force(ctx.today())
    divisions = ctx.law.divisions.divisions
    division = divisions.get(record.division)
    return OrganRow(
        id=record.id,
        depth=depth,
        name=Text(record.name_zh, record.name_en),
        short=Text(record.short_zh, record.short_en),
        level=record.level,
        kind=record.kind,
        division=record.division,
        division_name=Text(division.name_zh, division.name_en) if division else Text("", ""),
        parent=record.parent,
        document_word=record.document_word,
        valid_from=record.valid_from,
        valid_to=record.valid_to,
        in_force=in_force,
        note=record.note,
        contact=contact,
        incomplete=in_force and record.document_word is not None and not (contact.address and contact.phone),
        people=people,
    )
