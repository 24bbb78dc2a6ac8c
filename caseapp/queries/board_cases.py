"""Exactly the cases behind a number of a board."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, func, select

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.metrics.signs import Sign
from caseapp.models.case_file import CaseFile
from caseapp.queries.board import BoardQuestion, By, Measure, carries, conditions
from caseapp.queries.board_rates import cases_counted
from caseapp.queries.board_stays import cases_that_stayed
from caseapp.queries.case_histories import CHUNK, stream
from caseapp.queries.signs import sign_conditions
from caseapp.queries.users import names_of

SHOWN: Final = 200
"""Cases that the page lists; the file holds all."""


class Side(StrEnum):
    """Which cases of a rate."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    OPEN = "open"
    """In the denominator and not in the numerator."""
    IMPRECISE = "imprecise"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of a board: a measure, a side of a rate, a sign, or the stays in a state; of one value of a dimension.

    month  'YYYY-MM' of a rate; '' the whole period
    """

    measure: Measure | None = None
    side: Side | None = None
    sign: Sign | None = None
    by: By | None = None
    value: str = ""
    month: str = ""
    stayed: bool = False


@dataclass(frozen=True, slots=True)
class BoardCase:
    """A case behind a number, as a list shows it."""

    case_id: str
    name: str
    title: str
    organ: str
    division: str
    procedure: str
    procedure_version: int
    state: str
    category: str
    officer: str
    filed_on: date | None
    closed_on: date | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class BoardCases:
    """The first cases behind a number, the oldest filing first, and how many there are."""

    lines: tuple[BoardCase, ...]
    total: int


_COLUMNS: Final[tuple[Any, ...]] = (
    CaseFile.id, CaseFile.number, CaseFile.lead_number, CaseFile.external_id, CaseFile.title, CaseFile.organ_id,
    CaseFile.division, CaseFile.procedure, CaseFile.procedure_version, CaseFile.state, CaseFile.category,
    CaseFile.lead_officer, CaseFile.filed_on, CaseFile.closed_on, CaseFile.next_due_on,
)  # fmt: skip


def cases_behind(ctx: Context, asked: BoardQuestion, cell: Cell) -> BoardCases:
    """Return the cases behind a number as the page shows them.

    raises  InputError  no such number
    """
    limits = _limits(ctx, asked, cell)
    if limits is not None:
        total = int(ctx.rows(select(func.count()).select_from(CaseFile).where(*limits)).scalar_one())
        rows = ctx.rows(_ordered(limits).limit(SHOWN)).all()
        return BoardCases(tuple(_lines(ctx, rows)), total)
    ids = _ids(ctx, asked, cell)
    found = sorted(_by_id(ctx, ids), key=_order)
    return BoardCases(tuple(_lines(ctx, found[:SHOWN])), len(ids))


def all_cases_behind(ctx: Context, asked: BoardQuestion, cell: Cell) -> Iterator[BoardCase]:
    """Stream every case behind a number. raises InputError (no such number)"""
    limits = _limits(ctx, asked, cell)
    if limits is not None:
        rows: Iterable[Row[Any]] = stream(ctx, _ordered(limits))
    else:
        rows = sorted(_by_id(ctx, _ids(ctx, asked, cell)), key=_order)
    some: list[Row[Any]] = []
    for row in rows:
        some.append(row)
        if len(some) == CHUNK:
            yield from _lines(ctx, some)
            some = []
    yield from _lines(ctx, some)


def _limits(ctx: Context, asked: BoardQuestion, cell: Cell) -> list[ColumnElement[bool]] | None:
    """Return the conditions on `case_file` of a number; None where it takes more than conditions to find its cases."""
    if cell.sign is not None:
        return sign_conditions(ctx, asked, cell.sign)
    if cell.measure is None:
        return None
    found = conditions(ctx, asked, cell.measure)
    if cell.by is not None:
        # By officer a number counts those who lead, while the filter finds all in charge.
        exact = CaseFile.lead_officer == cell.value if cell.by is By.OFFICER and cell.value != "none" else None
        found.append(carries(cell.by, cell.value, asked) if exact is None else exact)
    return found


def _ids(ctx: Context, asked: BoardQuestion, cell: Cell) -> Sequence[str]:
    if cell.stayed:
        return cases_that_stayed(ctx, asked, cell.value)
    if cell.side is None:
        raise InputError("measure", Message(N_("没有这种明细")))
    tally = cases_counted(ctx, asked, cell.by, cell.value, cell.month)
    if cell.side is Side.OPEN:
        above = set(tally.above)
        return [one for one in tally.below if one not in above]
    return {Side.NUMERATOR: tally.above, Side.DENOMINATOR: tally.below, Side.IMPRECISE: tally.vague}[cell.side]


def _ordered(limits: Sequence[ColumnElement[bool]]) -> Select[Any]:
    return select(*_COLUMNS).where(and_(*limits)).order_by(CaseFile.filed_on, CaseFile.id)


def _by_id(ctx: Context, ids: Sequence[str]) -> Iterator[Row[Any]]:
    for start in range(0, len(ids), CHUNK):
        yield from ctx.rows(select(*_COLUMNS).where(CaseFile.id.in_(ids[start : start + CHUNK])))


def _order(row: Row[Any]) -> tuple[date, str]:
    return row.filed_on or date.max, row.id


def _lines(ctx: Context, rows: Sequence[Row[Any]]) -> Iterator[BoardCase]:
    names = names_of(ctx, {row.lead_officer for row in rows if row.lead_officer})
    for row in rows:
        yield BoardCase(
            case_id=row.id,
            name=row.number or row.lead_number or row.external_id or row.id,
            title=row.title,
            organ=row.organ_id,
            division=row.division,
            procedure=row.procedure,
            procedure_version=row.procedure_version,
            state=row.state,
            category=row.category,
            officer=names.get(row.lead_officer, "") if row.lead_officer else "",
            filed_on=row.filed_on,
            closed_on=row.closed_on,
            due_on=row.next_due_on,
        )
