"""Goods of somebody whose work goes to others: of an officer who leaves, of an organ that sent the case on.

Nobody's goods change hands behind his back: what is asked for here waits, like every move, until both sides have
confirmed; for an officer who has left by then, his section head records it with a signed paper.
"""

from __future__ import annotations

from dataclasses import asdict

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import EntryKind, Json
from caseapp.domain.facts import CaseImage
from caseapp.domain.items import Fate, Item, Keeper, Side
from caseapp.services import notify
from caseapp.services.case_store import CaseEdit, new_id
from caseapp.services.evidence_move import tell_awaited
from caseapp.services.unit_of_work import Unit


def pass_on(edit: CaseEdit, leaver: str, to: str, reason: str) -> tuple[str, ...]:
    """Ask for the moves by which everything that somebody keeps in a case comes to another. Returns their ids.

    A move that waits for the leaver to receive is called off, and asked for anew to his successor. One by which he
    gives something to a third stays as it is.

    raises  InputError: in a restricted case only its officers keep goods
    """
    asked: list[str] = []
    for move in edit.current.custody.moves:
        if Side.TAKING in move.waits_for() and move.officer_on(Side.TAKING) == leaver:
            told: dict[str, Json] = {"move": move.id, "reason": reason, "for": leaver}
            _append(edit, EntryKind.ITEM_MOVE_REFUSED, told)
            if move.giver.officer != to:
                asked.append(_ask(edit, move.item, move.quantity, move.giver, to, move.place, reason))
    for item in kept_by(edit.current, leaver):
        if edit.current.custody.pending(item.id) is None:
            asked.append(_ask(edit, item.id, item.quantity, Keeper(officer=leaver), to, item.place, reason))
    if asked and edit.current.restricted and to not in edit.current.officers:
        raise InputError("goods", Message(N_("限制查阅的案件，物品只能交由本案办案人员保管")))
    return tuple(asked)


def kept_by(image: CaseImage, officer: str) -> tuple[Item, ...]:
    """Return the items that somebody keeps."""
    return tuple(item for item in image.custody.items if item.keeper is not None and item.keeper.officer == officer)


def tell_asked(ctx: Context, unit: Unit, image: CaseImage, moves: tuple[str, ...]) -> None:
    """Tell both sides of every move that was asked for."""
    for move in moves:
        tell_awaited(ctx, unit, image, move)


def tell_keepers(ctx: Context, unit: Unit, image: CaseImage, receiver: str) -> None:
    """Tell who keeps goods of a case that another organ has just signed for that they are to be handed over."""
    keepers = {item.keeper.officer for item in image.custody.items if item.keeper and item.keeper.officer}
    organ = ctx.law.organs.get(receiver).short
    notify.tell(
        ctx,
        unit,
        sorted(keepers),
        kind="item_away",
        key=f"item_away:{image.id}:{image.version}",
        message=Message(
            N_("%(receiver)s 已签收“%(title)s”，请在“我保管的物品”中把物品移交其人员"),
            {"receiver": organ, "title": image.title},
        ),
    )


def _ask(edit: CaseEdit, item: str, quantity: int, giver: Keeper, to: str, place: str, reason: str) -> str:
    move_id = new_id(edit.ctx)
    told: dict[str, Json] = {
        "id": move_id,
        "item": item,
        "quantity": quantity,
        "giver": asdict(giver),
        "taker": asdict(Keeper(officer=to)),
        "fate": Fate.HELD.value,
        "place": place,
        "reason": reason,
    }
    _append(edit, EntryKind.ITEM_MOVE_ASKED, {"move": told})
    return move_id


def _append(edit: CaseEdit, kind: EntryKind, payload: dict[str, Json]) -> None:
    occurred_at, precision = edit.occurred(None)
    edit.append(kind, payload, occurred_at=occurred_at, precision=precision)
