"""Searching the ledger and reading one entry: for the audit administrator, who sees entries and not case files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, tuple_

from caseapp.context import SYSTEM_ACTOR, Context
from caseapp.domain.errors import N_, InputError, Message, NotFound
from caseapp.domain.events import Stream, start_of
from caseapp.domain.ledger import ALGORITHM, entry_hash
from caseapp.models.account import Account
from caseapp.models.case_file import CaseFile
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.queries.users import names_of

PAGE = 50
_AT_ONCE = 500
USUAL_SPAN = timedelta(days=30)
"""A search that names neither a case, a person nor a period looks back so far: it is answered from an index."""
_NAMESAKES = 100

Key = tuple[str | int | None, ...]
"""(instant of appending, id) of an edge row."""


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """What is looked for. '' and None look for everything.

    case         number, lead number, external id or id of a case: its acts and who looked at it
    actor        login, name or id of a person; 'system' for the program
    first, last  local dates of appending, both included
    """

    case: str = ""
    actor: str = ""
    kind: str = ""
    stream: Stream | None = None
    first: date | None = None
    last: date | None = None

    def told(self) -> dict[str, str]:
        """Return what was asked, for the record of the search."""
        asked = {
            "case": self.case,
            "actor": self.actor,
            "kind": self.kind,
            "stream": self.stream.value if self.stream else "",
            "first": self.first.isoformat() if self.first else "",
            "last": self.last.isoformat() if self.last else "",
        }
        return {name: text for name, text in asked.items() if text}


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One entry as the list shows it. case: what the case is called; '' where the entry belongs to none."""

    id: int
    chain: str
    seq: int
    stream: Stream
    kind: str
    case_id: str | None
    case: str
    actor: str
    actor_name: str
    occurred_at: datetime
    precision: str
    recorded_at: datetime
    appended_at: datetime
    hash: str


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """One page, the newest first. `before` and `after` are the keys of its edge rows where more lie beyond them."""

    rows: tuple[LedgerRow, ...]
    before: Key | None
    after: Key | None


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """One entry in full.

    payload     canonical JSON as it is stored and hashed
    computed    the hash that the stored fields give; sound: it is the stored one
    linked      whether the entry before it has the hash that this one names; None for the first of its chain
    previous, following  ids of its neighbours in the chain
    """

    row: LedgerRow
    payload: str
    prev_hash: str
    algorithm: str
    computed: str
    sound: bool
    linked: bool | None
    previous: int | None
    following: int | None


def with_usual_span(ctx: Context, asked: LedgerFilter) -> LedgerFilter:
    """Return the filter, bounded to the usual span where nothing else bounds it."""
    if asked.case or asked.actor or asked.first:
        return asked
    return LedgerFilter(
        kind=asked.kind, stream=asked.stream, first=(asked.last or ctx.today()) - USUAL_SPAN, last=asked.last
    )


def ledger_page(
    ctx: Context, asked: LedgerFilter, *, after: Key | None = None, before: Key | None = None, limit: int = PAGE
) -> LedgerPage:
    """Return one page of entries, the newest first.

    after, before  key of the row that the page follows or precedes; not both

    raises  InputError (a period that ends before it begins, a key that is none), NotFound (a case or person named that
            does not exist)
    """
    place = tuple_(LedgerEntry.appended_at, LedgerEntry.id)
    query = _entries().where(*_conditions(ctx, asked))
    backwards = before is not None
    edge = _key(before if backwards else after)
    if edge is not None:
        query = query.where(place > edge if backwards else place < edge)
    order = (LedgerEntry.appended_at, LedgerEntry.id)
    ordered = query.order_by(*order) if backwards else query.order_by(*(column.desc() for column in order))
    found = list(ctx.session.execute(ordered.limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    if backwards:
        found.reverse()
    first, last = (_place_of(found[0]), _place_of(found[-1])) if found else (None, None)
    return LedgerPage(
        rows=_told(ctx, found),
        before=first if (more if backwards else edge is not None) else None,
        after=last if (edge is not None if backwards else more) else None,
    )


def ledger_count(ctx: Context, asked: LedgerFilter, *, cap: int) -> int:
    """Return how many entries are found, counted no further than cap + 1. raises as `ledger_page`"""
    limited = select(LedgerEntry.id).where(*_conditions(ctx, asked)).limit(cap + 1).subquery()
    return ctx.session.execute(select(func.count()).select_from(limited)).scalar_one()


def every_entry(ctx: Context, asked: LedgerFilter) -> Iterator[LedgerRow]:
    """Yield everything that is found, the newest first; never more than a few hundred rows in memory."""
    page = ledger_page(ctx, asked, limit=_AT_ONCE)
    yield from page.rows
    while page.after is not None:
        page = ledger_page(ctx, asked, after=page.after, limit=_AT_ONCE)
        yield from page.rows


def ledger_entry(ctx: Context, entry_id: int) -> EntryDetail:
    """Return one entry with its hash computed anew. raises NotFound"""
    row = ctx.session.execute(
        _entries(LedgerEntry.payload, LedgerEntry.prev_hash, LedgerEntry.algorithm).where(LedgerEntry.id == entry_id)
    ).first()
    if row is None:
        raise NotFound(Message(N_("没有这条台账")))
    neighbours = {
        found.seq: found
        for found in ctx.session.execute(
            select(LedgerEntry.id, LedgerEntry.seq, LedgerEntry.hash).where(
                LedgerEntry.chain == row.chain, LedgerEntry.seq.in_((row.seq - 1, row.seq + 1))
            )
        )
    }
    previous, following = neighbours.get(row.seq - 1), neighbours.get(row.seq + 1)
    computed = _computed(row)
    return EntryDetail(
        row=_told(ctx, [row])[0],
        payload=row.payload,
        prev_hash=row.prev_hash,
        algorithm=row.algorithm,
        computed=computed,
        sound=computed == row.hash and row.algorithm == ALGORITHM,
        linked=None if row.seq == 1 else previous is not None and previous.hash == row.prev_hash,
        previous=previous.id if previous else None,
        following=following.id if following else None,
    )


def case_called(ctx: Context, text: str) -> str:
    """Return the id of the case of that number, lead number, external id or id, without telling anything of it.

    raises  NotFound
    """
    names = (CaseFile.external_id, CaseFile.number, CaseFile.lead_number, CaseFile.id)
    asked = text.strip()
    rows = ctx.session.execute(select(*names).where(or_(*(name == asked for name in names)))).all()
    for position in range(len(names)):
        for row in rows:
            if row[position] == asked:
                return str(row.id)
    raise NotFound(Message(N_("没有这件案件：%(case)s"), {"case": asked}))


def _computed(row: Row[Any]) -> str:
    return entry_hash(
        chain=row.chain,
        seq=row.seq,
        stream=row.stream,
        kind=row.kind,
        case_id=row.case_id,
        actor=row.actor,
        occurred_at=row.occurred_at,
        precision=row.precision,
        recorded_at=row.recorded_at,
        appended_at=row.appended_at,
        payload=row.payload,
        prev_hash=row.prev_hash,
    )


def _entries(*more: Any) -> Select[*tuple[Any, ...]]:
    return select(
        LedgerEntry.id,
        LedgerEntry.chain,
        LedgerEntry.seq,
        LedgerEntry.stream,
        LedgerEntry.kind,
        LedgerEntry.case_id,
        LedgerEntry.actor,
        LedgerEntry.occurred_at,
        LedgerEntry.precision,
        LedgerEntry.recorded_at,
        LedgerEntry.appended_at,
        LedgerEntry.hash,
        func.coalesce(CaseFile.number, CaseFile.lead_number, CaseFile.external_id, "").label("case_name"),
        *more,
    ).outerjoin(CaseFile, CaseFile.id == LedgerEntry.case_id)


def _conditions(ctx: Context, asked: LedgerFilter) -> list[ColumnElement[bool]]:
    if asked.first and asked.last and asked.last < asked.first:
        raise InputError("last", Message(N_("期间的止日不能早于起日")))
    found: list[ColumnElement[bool]] = []
    if asked.case:
        case_id = case_called(ctx, asked.case)
        found.append(LedgerEntry.chain.in_((case_id, f"{Stream.ACCESS.value}:{case_id}")))
    if asked.actor:
        found.append(LedgerEntry.actor.in_(_people_called(ctx, asked.actor)))
    if asked.kind:
        found.append(LedgerEntry.kind == asked.kind)
    if asked.stream is not None:
        found.append(LedgerEntry.stream == asked.stream.value)
    if asked.first:
        found.append(LedgerEntry.appended_at >= start_of(asked.first))
    if asked.last:
        found.append(LedgerEntry.appended_at < start_of(asked.last + timedelta(days=1)))
    return found


def _people_called(ctx: Context, text: str) -> list[str]:
    asked = text.strip()
    if asked in (SYSTEM_ACTOR.id, SYSTEM_ACTOR.name):
        return [SYSTEM_ACTOR.id]
    query = select(Account.id).where(or_(Account.login == asked, Account.name == asked, Account.id == asked))
    people = list(ctx.session.execute(query.order_by(Account.id).limit(_NAMESAKES)).scalars())
    if not people:
        raise NotFound(Message(N_("没有登录名或者姓名为“%(name)s”的人员"), {"name": asked}))
    return people


def _told(ctx: Context, rows: list[Row[Any]]) -> tuple[LedgerRow, ...]:
    names = {**names_of(ctx, {row.actor for row in rows}), SYSTEM_ACTOR.id: SYSTEM_ACTOR.name}
    return tuple(
        LedgerRow(
            id=row.id,
            chain=row.chain,
            seq=row.seq,
            stream=Stream(row.stream),
            kind=row.kind,
            case_id=row.case_id,
            case=row.case_name or row.case_id or "",
            actor=row.actor,
            actor_name=names.get(row.actor, row.actor),
            occurred_at=row.occurred_at,
            precision=row.precision,
            recorded_at=row.recorded_at,
            appended_at=row.appended_at,
            hash=row.hash,
        )
        for row in rows
    )


def _place_of(row: Row[Any]) -> Key:
    return (row.appended_at.isoformat(), row.id)


def _key(key: Key | None) -> tuple[datetime, int] | None:
    if key is None:
        return None
    try:
        at, entry_id = key
        instant = datetime.fromisoformat(str(at))
        if instant.tzinfo is None or not isinstance(entry_id, int):
            raise ValueError
    except ValueError as wrong:
        raise InputError("after", Message(N_("分页位置无效，请从第一页重新打开"))) from wrong
    return instant, entry_id
