"""The list of cases: any page of it costs the same, the last as the first, at a thousand cases and at a million.

A page is named by the key of its edge row. Every order ends with the case's id, so that it is total; cases without the
date that is sorted by come last in both directions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, func, select, tuple_
from sqlalchemy.sql import literal

from caseapp.context import Context, Law
from caseapp.domain.clocks.compute import Due
from caseapp.domain.clocks.status import ClockRun, Remaining, remaining
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.roles import Scope
from caseapp.domain.workflow.definition import Text
from caseapp.models.account import Account
from caseapp.models.case_file import CaseFile
from caseapp.queries.case_search import CaseFilter, Narrowed, Tab, narrowed
from caseapp.queries.unindexed import unindexed
from caseapp.queries.visibility import scope_of, visible_parts

PAGE = 50
CHUNK = 500
"""Rows an export asks for at once."""
COUNT_CAP = 1000

Key = tuple[str | int | None, ...]
"""(value sorted by as text or None, id) of an edge row."""


@dataclass(frozen=True, slots=True)
class Order:
    """A column to sort by.

    nullable  cases without it come last
    indexed   columns with an index that goes on in this order: a condition on one of them may choose it
    """

    column: Any
    nullable: bool
    indexed: frozenset[str] = frozenset()


ORDERS: Mapping[str, Order] = {
    "opened": Order(
        CaseFile.opened_on,
        nullable=False,
        indexed=frozenset({"organ_id", "category", "division", "procedure", "opened_on"}),
    ),
    "due": Order(CaseFile.next_due_on, nullable=True, indexed=frozenset({"organ_id", "next_due_on"})),
    "filed": Order(CaseFile.filed_on, nullable=True, indexed=frozenset({"filed_on"})),
    "updated": Order(CaseFile.updated_at, nullable=False, indexed=frozenset({"updated_at"})),
}


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as a list shows it.

    left    what is left until the next last day, None where nothing runs or the end is held back
    """

    id: str
    number: str | None
    lead_number: str | None
    external_id: str | None
    title: str
    respondent: str
    organ: str
    division: str
    procedure: str
    state: Text
    category: str
    source: str | None
    ip_types: tuple[str, ...]
    campaigns: tuple[str, ...]
    officer: str
    opened_on: date
    filed_on: date | None
    decided_on: date | None
    closed_on: date | None
    manner: str | None
    due_on: date | None
    due_rule: str | None
    left: Remaining | None
    updated_at: datetime
    restricted: bool
    demo: bool

    @property
    def name(self) -> str:
        """Return the number by which people call it."""
        return self.number or self.lead_number or self.external_id or self.id


@dataclass(frozen=True, slots=True)
class CaseListPage:
    """One page. `before` and `after` are the keys of its edge rows where more rows lie beyond them."""

    rows: tuple[CaseRow, ...]
    before: Key | None
    after: Key | None


def read_order(sort: str, tab: Tab) -> tuple[str, bool]:
    """Return (key of `ORDERS`, descending) of a word such as 'due' or '-opened'; '' is the view's own order.

    raises  InputError for an unknown word
    """
    if not sort:
        sort = "due" if tab in (Tab.MINE, Tab.DUE) else "-opened"
    key = sort.removeprefix("-")
    if key not in ORDERS:
        raise InputError("sort", Message(N_("不能按“%(key)s”排序"), {"key": key}))
    return key, sort.startswith("-")


def case_page(
    ctx: Context,
    asked: CaseFilter,
    *,
    sort: str = "",
    after: Key | None = None,
    before: Key | None = None,
    limit: int = PAGE,
) -> CaseListPage:
    """Return one page of the cases that the actor may see.

    sort           key of `ORDERS`, with '-' for descending; '' as the view has it
    after, before  key of the row that the page follows or precedes; not both

    raises  InputError (unknown order, a key that is none)
    """
    return _page(ctx, narrowed(ctx, asked), *read_order(sort, asked.tab), after=after, before=before, limit=limit)


def case_count(ctx: Context, asked: CaseFilter, *, cap: int = COUNT_CAP) -> int:
    """Return how many cases the list has, counted no further than cap + 1."""
    return _count(ctx, narrowed(ctx, asked), cap)


def case_list(
    ctx: Context,
    asked: CaseFilter,
    *,
    sort: str = "",
    after: Key | None = None,
    before: Key | None = None,
    limit: int = PAGE,
    cap: int = COUNT_CAP,
) -> tuple[CaseListPage, int]:
    """Return `case_page` and `case_count` together, the filters looked up once."""
    filters = narrowed(ctx, asked)
    order = read_order(sort, asked.tab)
    return _page(ctx, filters, *order, after=after, before=before, limit=limit), _count(ctx, filters, cap)


def every_case(ctx: Context, asked: CaseFilter, *, sort: str = "") -> Iterator[CaseRow]:
    """Yield every case of the list in its order, in pieces, so that an export of any length takes little memory."""
    filters = narrowed(ctx, asked)
    order = read_order(sort, asked.tab)
    after: Key | None = None
    while True:
        page = _page(ctx, filters, *order, after=after, before=None, limit=CHUNK)
        yield from page.rows
        if page.after is None:
            return
        after = page.after


# --- the statements -------------------------------------------------------------------------------------------------

_CASE = CaseFile.__table__
_NAMES = (
    "id", "number", "lead_number", "external_id", "title", "respondent", "organ_id", "division", "procedure",
    "procedure_version", "state", "category", "source", "ip_types", "campaigns", "lead_officer", "opened_on",
    "filed_on", "decided_on", "closed_on", "manner", "next_due_on", "next_due_rule", "updated_at", "restricted",
    "demo",
)  # fmt: skip
_COLUMNS = tuple(_CASE.c[name] for name in _NAMES)
"""What a row needs; never the image."""


_OFFICER_NAME = (
    select(Account.name)
    .where(Account.id == CaseFile.lead_officer)
    .correlate(CaseFile)
    .scalar_subquery()
    .label("officer_name")
)

_ROW = select(*_COLUMNS, _OFFICER_NAME)

_NO_COLUMN: frozenset[str] = frozenset()
_EVERY_COLUMN = frozenset(_NAMES)


def _count(ctx: Context, filters: Narrowed, cap: int) -> int:
    conditions = filters.conditions(_NO_COLUMN if filters.ids else _EVERY_COLUMN)
    organ = unindexed(CaseFile.organ_id) if filters.ids else CaseFile.organ_id
    parts = [
        select(literal(1)).select_from(CaseFile).where(part, *conditions).limit(cap + 1)
        for part in visible_parts(ctx, organ=organ)
    ]
    total = 0
    for part in parts:
        total += ctx.rows(select(func.count()).select_from(part.subquery())).scalar_one()
        if total > cap:
            return cap + 1
    return total


def _page(
    ctx: Context,
    filters: Narrowed,
    key: str,
    descending: bool,
    *,
    after: Key | None,
    before: Key | None,
    limit: int,
) -> CaseListPage:
    order = ORDERS[key]
    backwards = before is not None
    edge = _edge(order, before if backwards else after)
    rows = _rows(ctx, filters, order, descending, edge=edge, backwards=backwards, wanted=limit + 1)
    more = len(rows) > limit
    shown = list(reversed(rows[:limit])) if backwards else rows[:limit]
    column = order.column.key
    keys = [(_told(row[column]), row["id"]) for row in (shown[:1] + shown[-1:])]
    has_earlier, has_later = (more, True) if backwards else (after is not None, more)
    return CaseListPage(
        rows=_read_rows(ctx, shown),
        before=keys[0] if shown and has_earlier else None,
        after=keys[-1] if shown and has_later else None,
    )


def _rows(
    ctx: Context,
    filters: Narrowed,
    order: Order,
    descending: bool,
    *,
    edge: tuple[Any, str] | None,
    backwards: bool,
    wanted: int,
) -> list[RowMapping]:
    """Return up to `wanted` rows beyond the edge, nearest first: dated ones, then those without a date (or
    backwards).
    """
    downwards = descending is not backwards
    segments = [True, False] if order.nullable else [True]
    if backwards:
        segments.reverse()
    if edge is not None:
        segments = segments[segments.index(edge[0] is not None) :]
    rows: list[RowMapping] = []
    for number, dated in enumerate(segments):
        beyond = edge if number == 0 else None
        rows += _segment(
            ctx, filters, order, dated=dated, beyond=beyond, downwards=downwards, wanted=wanted - len(rows)
        )
        if len(rows) >= wanted:
            break
    return rows


def _segment(
    ctx: Context,
    filters: Narrowed,
    order: Order,
    *,
    dated: bool,
    beyond: tuple[Any, str] | None,
    downwards: bool,
    wanted: int,
) -> list[RowMapping]:
    column, by_id = order.column, CaseFile.id
    # Cases that are known by their ids are fetched and sorted; all others are walked in the order of an index.
    indexed = _NO_COLUMN if filters.ids else order.indexed
    conditions = filters.conditions(indexed)
    one_organ = scope_of(ctx) == Scope.ORGAN and "organ_id" in indexed
    grounds = visible_parts(ctx, organ=CaseFile.organ_id if one_organ else unindexed(CaseFile.organ_id))
    keys = (column, by_id) if dated else (by_id,)
    limits: list[ColumnElement[bool]] = []
    if order.nullable:
        limits.append(column.is_not(None) if dated else column.is_(None))
    if beyond is not None:
        here = tuple_(*keys)
        edge = tuple_(*([literal(beyond[0], column.type), beyond[1]] if dated else [beyond[1]]))
        limits.append(here < edge if downwards else here > edge)
    parts: list[Select[Any]] = [
        _ROW.where(part, *conditions, *limits)
        .order_by(*(item.desc() if downwards else item.asc() for item in keys))
        .limit(wanted)
        for part in grounds
    ]
    found = [row for part in parts for row in ctx.rows(part).mappings()]
    if len(parts) > 1:  # no case meets two grounds, so the parts only have to be merged
        name = column.key
        found.sort(key=lambda row: (row[name], row["id"]) if dated else row["id"], reverse=downwards)
    return found[:wanted]


def _edge(order: Order, key: Key | None) -> tuple[Any, str] | None:
    if key is None:
        return None
    try:
        told, case_id = key
        if not isinstance(case_id, str) or not (told is None or isinstance(told, str)):
            raise ValueError
        if told is None:
            if not order.nullable:
                raise ValueError
            return None, case_id
        parse = datetime.fromisoformat if order.column is CaseFile.updated_at else date.fromisoformat
        value = parse(told)
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError
    except ValueError:
        raise InputError("after", Message(N_("分页位置无效，请从第一页重新打开"))) from None
    return value, case_id


def _told(value: date | datetime | None) -> str | None:
    return None if value is None else value.isoformat()


def _read_rows(ctx: Context, rows: Sequence[RowMapping]) -> tuple[CaseRow, ...]:
    law, today = ctx.law, ctx.today()
    return tuple(_row(law, today, row) for row in rows)


def _row(law: Law, today: date, row: RowMapping) -> CaseRow:
    return CaseRow(
        id=row["id"],
        number=row["number"],
        lead_number=row["lead_number"],
        external_id=row["external_id"],
        title=row["title"],
        respondent=row["respondent"],
        organ=row["organ_id"],
        division=row["division"],
        procedure=row["procedure"],
        state=law.procedures.pinned(row["procedure"], row["procedure_version"]).state(row["state"]).name,
        category=row["category"],
        source=row["source"],
        ip_types=unbarred(row["ip_types"]),
        campaigns=unbarred(row["campaigns"]),
        officer=row["officer_name"] or "",
        opened_on=row["opened_on"],
        filed_on=row["filed_on"],
        decided_on=row["decided_on"],
        closed_on=row["closed_on"],
        manner=row["manner"],
        due_on=row["next_due_on"],
        due_rule=row["next_due_rule"],
        left=left_until(law, row["next_due_on"], row["next_due_rule"], today),
        updated_at=row["updated_at"],
        restricted=row["restricted"],
        demo=row["demo"],
    )


def unbarred(text: str) -> tuple[str, ...]:
    """Return the words of '|a|b|'."""
    return tuple(part for part in text.split("|") if part)


def left_until(law: Law, due_on: date | None, rule_id: str | None, today: date) -> Remaining | None:
    """Return what is left until a last day, told as its rule counts; None where there is none."""
    if due_on is None or rule_id is None or rule_id not in law.rules:
        return None
    rule = law.rules.versions(rule_id)[0]
    return remaining(ClockRun(rule.id, due_on, Due(due_on)), rule, today, calendar=law.calendar)
