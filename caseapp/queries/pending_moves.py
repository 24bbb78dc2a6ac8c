"""Moves of goods that wait for the actor's own confirmation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, or_, select

from caseapp.context import Context
from caseapp.models.case_file import CaseFile
from caseapp.models.case_item import CaseItem
from caseapp.models.item_move import ItemMoveRow
from caseapp.queries.deputies import principals_of
from caseapp.queries.users import names_of
from caseapp.queries.visibility import in_custody_of, visible_cases

MOST = 20


@dataclass(frozen=True, slots=True)
class AwaitedMove:
    """A move that the actor has to confirm.

    side    giving | taking
    behalf  for whom he would confirm as a deputy, '' where for himself
    opens   whether he may open the case
    """

    case_id: str
    number: str
    title: str
    move: str
    item: str
    quantity: int
    unit: str
    side: str
    asked_by: str
    asked_on: date
    behalf: str = ""
    opens: bool = True


def awaited_moves(ctx: Context) -> tuple[AwaitedMove, ...]:
    """Return the moves that wait for the actor or whom he stands in for, the oldest first, at most `MOST`."""
    stood_for = {one.actor.id: one.actor.name for one in principals_of(ctx)}
    hands = [ctx.actor.id, *stood_for]
    rows = ctx.session.execute(
        select(
            CaseFile.id.label("case_id"),
            CaseFile.number,
            CaseFile.lead_number,
            CaseFile.external_id,
            CaseFile.title,
            ItemMoveRow.id,
            ItemMoveRow.quantity,
            ItemMoveRow.asked_by,
            ItemMoveRow.asked_on,
            case((ItemMoveRow.giver_awaited.in_(hands), "giving"), else_="taking").label("side"),
            ItemMoveRow.giver_awaited,
            ItemMoveRow.taker_awaited,
            visible_cases(ctx).label("opens"),
            CaseItem.number.label("item_number"),
            CaseItem.name,
            CaseItem.unit,
        )
        .join(CaseFile, CaseFile.id == ItemMoveRow.case_id)
        .join(CaseItem, (CaseItem.case_id == ItemMoveRow.case_id) & (CaseItem.id == ItemMoveRow.item_id))
        .where(
            or_(ItemMoveRow.giver_awaited.in_(hands), ItemMoveRow.taker_awaited.in_(hands)),
            or_(visible_cases(ctx), in_custody_of(hands)),
        )
        .order_by(ItemMoveRow.asked_on, ItemMoveRow.id)
        .limit(MOST)
    ).all()
    names = names_of(ctx, {row.asked_by for row in rows}) if rows else {}
    return tuple(
        AwaitedMove(
            case_id=row.case_id,
            number=row.number or row.lead_number or row.external_id or row.case_id,
            title=row.title,
            move=row.id,
            item=f"{row.item_number} {row.name}",
            quantity=row.quantity,
            unit=row.unit,
            side=row.side,
            asked_by=names.get(row.asked_by, row.asked_by),
            asked_on=row.asked_on,
            opens=bool(row.opens),
            behalf=stood_for.get(row.giver_awaited if row.side == "giving" else row.taker_awaited, ""),
        )
        for row in rows
    )
