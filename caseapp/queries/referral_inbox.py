"""The list of what was sent to the reader's organ: any page of it costs the same, whatever else is in the house.

Everything comes from rows that hold no more than is disclosed to that organ (`services.share_rows`), under the
condition of `queries.visibility.shared_referrals`; what came as packages from another network, from rows of its own
(`services.package_lines`), in the same order and the same counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, select, true, tuple_

from caseapp.context import Context
from caseapp.db import table_of
from caseapp.domain.clocks.status import Remaining, Status, is_due_soon, remaining, status
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.workflow.definition import Category, Peer, Text
from caseapp.models.clock_run import ClockRun
from caseapp.models.package_line import PackageLine
from caseapp.models.referral_share import ReferralShare
from caseapp.queries.case_clocks import LIVE, ClockLine
from caseapp.queries.case_page import organ_name
from caseapp.queries.clock_list import run_of
from caseapp.queries.package_clocks import clocks_of_matters
from caseapp.queries.told_days import day_as_told
from caseapp.queries.visibility import received_lines, shared_referrals

PAGE = 50
CHUNK = 500
"""Lines an export asks for at once."""
Words = Mapping[str, str]
Key = tuple[str, str]
"""(what is sorted by, as text, and the id of the proceeding) of an edge row."""
SENT_ON_WORDS = Text("已转送其他机关", "Sent on to another organ")
TURNED_DOWN = Text("对方未能接收", "Could not be taken in there")


class Tab(StrEnum):
    """Which referrals are listed."""

    OPEN = "open"
    MINE = "mine"
    """The next act is awaited from the reader's organ."""
    OVERDUE = "overdue"
    ALL = "all"


class Order(StrEnum):
    """By which the list goes: the clock that ends first, or what was sent last."""

    CLOCK = "clock"
    SENT = "sent"


class Way(StrEnum):
    """Who sent it to whom, as the reader's organ sees it."""

    TO_US = "to_us"
    FROM_US = "from_us"


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """What is asked for. way, offence: None for any; an offence is known only of what is open to the organ."""

    tab: Tab = Tab.OPEN
    way: Way | None = None
    offence: str | None = None


@dataclass(frozen=True, slots=True)
class ClockMark:
    """The clock that binds most: where it stands, what is left, its last day."""

    status: Status
    left: Remaining | None
    due_on: date | None
    soon: bool


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One referral in the list.

    packed   it came as packages, or was begun for another network
    title    '' until the dossier is open to the reader
    mine     the next act is awaited from the reader's organ
    clock    None where no clock runs that both sides know of
    """

    id: str
    procedure: Text
    sender: Words
    way: Way
    state: Text
    offence: str
    sent_on: date
    opened_on: date | None
    title: str
    mine: bool
    over: bool
    clock: ClockMark | None
    packed: bool = False


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page. before, after: keys of its edge rows where more lie beyond; counts: rows of every tab."""

    lines: tuple[InboxLine, ...]
    before: Key | None
    after: Key | None
    counts: Mapping[Tab, int]


_S = table_of(ReferralShare).c
_L = table_of(PackageLine).c
_C = table_of(ClockRun).c
_SAME = (
    "peer", "sender_id", "procedure", "procedure_version", "state", "category", "mine", "title", "offence", "sent_on",
    "opened_on", "until_on", "binds_at",
)  # fmt: skip
_COLUMNS = (
    _S.proceeding_id.label("key"), *(_S[name] for name in _SAME), _S.acts, _S.clock,
    _C.rule, _C.started_on, _C.started_at, _C.due_on, _C.due_at, _C.provisional, _C.paused, _C.ended_on, _C.ended_at,
    _C.met,
)  # fmt: skip
_OF_CLOCK = and_(_C.case_id == _S.case_id, _C.proceeding_id == _S.proceeding_id, _C.ordinal == _S.clock)
_CLOSED = Category.CLOSED.value


@dataclass(frozen=True, slots=True)
class _Source:
    """One of the two tables that the list is made of. key: column of the id by which a line is opened"""

    columns: Any
    key: ColumnElement[str]
    rows: Select[Any]
    conditions: tuple[ColumnElement[bool], ...]
    packed: bool


def _sources(ctx: Context, asked: InboxFilter) -> tuple[_Source, _Source]:
    shares = select(*_COLUMNS).select_from(_S.case_id.table.outerjoin(_C.case_id.table, _OF_CLOCK))
    lines = select(_L.matter_id.label("key"), *(_L[name] for name in _SAME), _L.turned_down)
    return (
        _Source(_S, _S.proceeding_id, shares, (shared_referrals(ctx), _S.latest, *_narrowed(asked, _S)), packed=False),
        _Source(_L, _L.matter_id, lines, (received_lines(ctx), *_narrowed(asked, _L)), packed=True),
    )


def inbox_page(
    ctx: Context,
    asked: InboxFilter,
    *,
    order: Order = Order.CLOCK,
    after: Key | None = None,
    before: Key | None = None,
    limit: int = PAGE,
) -> Inbox:
    """Return one page of what was sent to the reader's organ, and how many there are of each tab: two statements for
    what is in this house and two for what came as packages, however many there are.

    after, before  key of the row that the page follows or precedes; not both

    raises  InputError (a key that is none)
    """
    sources = _sources(ctx, asked)
    name = "binds_at" if order is Order.CLOCK else "sent_on"
    backwards = before is not None
    downwards = (order is Order.SENT) is not backwards
    edge = _edge(order, before if backwards else after)
    found: list[tuple[Row[Any], bool]] = []
    for source in sources:
        column = source.columns[name]
        keys = (column, source.key)
        limits = [_tabs(ctx, source.columns)[asked.tab]]
        if edge is not None:
            here, there = tuple_(*keys), tuple_(literal(edge[0], column.type), literal(edge[1]))
            limits.append(here < there if downwards else here > there)
        query = (
            source.rows.where(*source.conditions, *limits)
            .order_by(*(key.desc() if downwards else key.asc() for key in keys))
            .limit(limit + 1)
        )
        found += [(row, source.packed) for row in ctx.rows(query)]
    found.sort(key=lambda one: (one[0]._mapping[name], one[0].key), reverse=downwards)
    more = len(found) > limit
    shown = list(reversed(found[:limit])) if backwards else found[:limit]
    earlier, later = (more, True) if backwards else (after is not None, more)
    return Inbox(
        lines=_lines(ctx, shown),
        before=_key(shown[0][0], name) if shown and earlier else None,
        after=_key(shown[-1][0], name) if shown and later else None,
        counts=_counts(ctx, sources),
    )


def every_line(ctx: Context, asked: InboxFilter, *, order: Order = Order.CLOCK) -> tuple[InboxLine, ...]:
    """Return every line of the list, read in pieces."""
    lines: list[InboxLine] = []
    after: Key | None = None
    while True:
        page = inbox_page(ctx, asked, order=order, after=after, limit=CHUNK)
        lines += page.lines
        if page.after is None:
            return tuple(lines)
        after = page.after


def offences_of(ctx: Context) -> Mapping[str, Text]:
    """Return what suspected offences are called, as the forms of the newest definitions offer them."""
    return {
        value: words
        for procedure in ctx.law.procedures.latest()
        for action in procedure.actions
        for field in action.fields
        if field.fact_name == "offence"
        for value, words in field.choices
    }


def _narrowed(asked: InboxFilter, columns: Any) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.way is not None:
        from_us = columns.peer == Peer.AUTHORITY.value
        found.append(from_us if asked.way is Way.FROM_US else ~from_us)
    if asked.offence:
        found.append(columns.offence == asked.offence)
    return found


def _tabs(ctx: Context, columns: Any) -> dict[Tab, ColumnElement[bool]]:
    is_open = columns.category != _CLOSED
    return {
        Tab.OPEN: is_open,
        Tab.MINE: and_(is_open, columns.mine),
        Tab.OVERDUE: and_(is_open, columns.binds_at < ctx.now()),
        Tab.ALL: true(),
    }


def _counts(ctx: Context, sources: Sequence[_Source]) -> dict[Tab, int]:
    sums = dict.fromkeys(Tab, 0)
    for source in sources:
        tabs = _tabs(ctx, source.columns)
        counted = (func.count(case((tabs[tab], 1))) for tab in Tab)
        row = ctx.rows(select(*counted).select_from(source.key.table).where(*source.conditions)).one()
        sums = {tab: sums[tab] + number for tab, number in zip(Tab, row, strict=True)}
    return sums


def _edge(order: Order, key: Key | None) -> tuple[date | datetime, str] | None:
    if key is None:
        return None
    told, proceeding_id = key
    try:
        if order is Order.SENT:
            return date.fromisoformat(told), proceeding_id
        instant = datetime.fromisoformat(told)
        if instant.tzinfo is None:
            raise ValueError
    except ValueError:
        raise InputError("after", Message(N_("分页位置无效，请从第一页重新打开"))) from None
    return instant, proceeding_id


def _key(row: Row[Any], name: str) -> Key:
    return row._mapping[name].isoformat(), row.key


def _lines(ctx: Context, found: Sequence[tuple[Row[Any], bool]]) -> tuple[InboxLine, ...]:
    packed = [row.key for row, is_packed in found if is_packed]
    clocks = clocks_of_matters(ctx, packed) if packed else {}
    return tuple(
        _line(ctx, row, _mark_of(clocks.get(row.key)), packed=True)
        if is_packed
        else _line(ctx, row, _clock(ctx, row), packed=False)
        for row, is_packed in found
    )


def _line(ctx: Context, row: Row[Any], clock: ClockMark | None, *, packed: bool) -> InboxLine:
    procedure = ctx.law.procedures.pinned(row.procedure, row.procedure_version)
    days = [] if packed else [on for _action, _to, on in msgspec.json.decode(row.acts)]
    state = SENT_ON_WORDS if row.until_on is not None else procedure.state(row.state).name
    return InboxLine(
        id=row.key,
        procedure=procedure.name,
        sender=organ_name(ctx, row.sender_id),
        way=Way.FROM_US if row.peer == Peer.AUTHORITY else Way.TO_US,
        state=TURNED_DOWN if packed and row.turned_down else state,
        offence=row.offence,
        sent_on=day_as_told(row.sent_on, days),
        opened_on=day_as_told(row.opened_on, days) if row.opened_on is not None else None,
        title=row.title,
        mine=row.mine,
        over=row.category == _CLOSED,
        clock=clock,
        packed=packed,
    )


def _mark_of(line: ClockLine | None) -> ClockMark | None:
    return None if line is None else ClockMark(line.status, line.left, line.due_on, line.soon)


def _clock(ctx: Context, row: Row[Any]) -> ClockMark | None:
    rule = ctx.law.rules.find(row.rule, row.started_on) if row.clock is not None else None
    if rule is None:
        return None
    run, now = run_of(row), ctx.now()
    stands = status(run, now)
    left = remaining(run, rule, now, calendar=ctx.law.calendar) if stands in LIVE else None
    return ClockMark(stands, left, run.due.on, is_due_soon(run, rule, ctx.today()))
