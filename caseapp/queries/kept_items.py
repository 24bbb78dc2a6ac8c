"""Goods that somebody keeps, in whatever case, wherever that case is handled now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from caseapp.context import Context
from caseapp.models.case_file import CaseFile
from caseapp.models.case_item import CaseItem
from caseapp.models.item_move import ItemMoveRow
from caseapp.queries.visibility import visible_cases

MOST = 500


@dataclass(frozen=True, slots=True)
class KeptItem:
    """An item in somebody's keeping, or on its way to him.

    opens    whether the reader may open the case
    waiting  a move of it waits to be confirmed; coming: by which it is to come to him
    """

    case_id: str
    case_number: str
    title: str
    opens: bool
    id: str
    number: str
    name: str
    quantity: int
    unit: str
    place: str
    waiting: bool
    coming: bool


def kept_items(ctx: Context, person: str) -> tuple[KeptItem, ...]:
    """Return what somebody keeps and what is on its way to him, by case, at most `MOST`."""
    move, item = ItemMoveRow, CaseItem
    rows = ctx.session.execute(
        select(
            CaseFile.id.label("case_id"), CaseFile.number.label("case_number"), CaseFile.lead_number,
            CaseFile.external_id, CaseFile.title, visible_cases(ctx).label("opens"), item.id, item.number, item.name,
            item.quantity, item.unit, item.place, item.keeper_id, move.id.label("move"),
            move.quantity.label("moving"),
        )
        .join(item, item.case_id == CaseFile.id)
        .outerjoin(move, (move.case_id == item.case_id) & (move.item_id == item.id) & (move.status == "pending"))
        .where(or_(item.keeper_id == person, move.taker_awaited == person))
        .order_by(CaseFile.id, item.number)
        .limit(MOST)
    ).all()  # fmt: skip
    return tuple(
        KeptItem(
            case_id=row.case_id,
            case_number=row.case_number or row.lead_number or row.external_id or row.case_id,
            title=row.title,
            opens=bool(row.opens),
            id=row.id,
            number=row.number,
            name=row.name,
            quantity=row.quantity if row.keeper_id == person else row.moving,
            unit=row.unit,
            place=row.place,
            waiting=row.move is not None,
            coming=row.keeper_id != person,
        )
        for row in rows
    )


def kept_count(ctx: Context) -> int:
    """Return how many items the actor keeps."""
    query = select(func.count()).select_from(CaseItem).where(CaseItem.keeper_id == ctx.actor.id)
    return ctx.session.execute(query).scalar_one()


def cases_with_goods(ctx: Context, person: str) -> tuple[str, ...]:
    """Return the ids of the cases in which somebody keeps goods or is to receive some."""
    return tuple(dict.fromkeys(one.case_id for one in kept_items(ctx, person)))
