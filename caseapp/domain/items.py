"""Goods and samples in custody: every item has exactly one keeper or has left in one way, and nothing gets lost.

A move is a double entry: one side gives, one side takes, and it happens when both have confirmed. Until then the item
is where it was. Where only a part moves, that part becomes an item of its own, so that an item never has two keepers;
the quantities of an item and of everything that was split from it always add up to what was taken in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from caseapp.domain.connections import Counterpart
from caseapp.domain.errors import N_, ActionRefused, Message, Unmet


class Fate(StrEnum):
    """Where an item is: in custody, or how it left."""

    HELD = "held"
    SAMPLED = "sampled"
    RETURNED = "returned"
    HANDED_OVER = "handed_over"
    CONFISCATED = "confiscated"
    DESTROYED = "destroyed"
    OTHER_CASE = "other_case"
    """It went along into another case, where it is kept now."""


class Side(StrEnum):
    """Who confirms a move: the one who gives, or the one who takes."""

    GIVING = "giving"
    TAKING = "taking"


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who holds an item: an officer by id, or a third party entrusted with it by name (the other is '')."""

    officer: str = ""
    third_party: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """Goods of one sort in one place.

    number    '1', and '1-2' for the second part split from it
    quantity  a whole number of `unit`
    keeper    None once it has left; `fate` tells how
    source    from whom it was taken; evidence: ids of pieces that show it
    parent    id of the item it was split from
    parts     how many were split from it so far
    came_from, went_to  the other case, where it came along by a merger or split, or went along into one
    """

    id: str
    number: str
    name: str
    unit: str
    quantity: int
    place: str
    keeper: Keeper | None
    taken_on: date
    taken_by: str
    spec: str = ""
    source: str = ""
    note: str = ""
    evidence: tuple[str, ...] = ()
    fate: str = Fate.HELD.value
    parent: str | None = None
    parts: int = 0
    came_from: Counterpart | None = None
    went_to: Counterpart | None = None


@dataclass(frozen=True, slots=True)
class ItemMove:
    """A move of an item, or of a part of it.

    giver     who held it when the move was asked for
    taker     who is to hold it; None where it leaves for good: `fate` tells how
    given_by, taken_by  who confirmed each side; for a side that is none of our people, who recorded it
    given_receipt, taken_receipt  id of the piece of evidence with that side's signature
    status    pending | done | refused
    """

    id: str
    item: str
    quantity: int
    giver: Keeper
    taker: Keeper | None
    fate: str
    place: str
    reason: str
    asked_by: str
    asked_on: date
    given_by: str = ""
    given_on: date | None = None
    given_receipt: str = ""
    taken_by: str = ""
    taken_on: date | None = None
    taken_receipt: str = ""
    status: str = "pending"
    ended_by: str = ""
    ended_on: date | None = None
    ended_reason: str = ""

    def waits_for(self) -> tuple[Side, ...]:
        """Return the sides that have not confirmed yet."""
        if self.status != "pending":
            return ()
        open_sides = ((Side.GIVING, self.given_by), (Side.TAKING, self.taken_by))
        return tuple(side for side, by in open_sides if not by)

    def party(self, side: Side) -> Keeper | None:
        """Return who stands on a side; None for what leaves for good."""
        return self.giver if side is Side.GIVING else self.taker

    def officer_on(self, side: Side) -> str:
        """Return the id of the officer on a side, '' where it is none of our people."""
        party = self.party(side)
        return party.officer if party else ""


@dataclass(frozen=True, slots=True)
class Custody:
    """Everything in custody in one case, and every move of it."""

    items: tuple[Item, ...] = ()
    moves: tuple[ItemMove, ...] = ()

    def item(self, item_id: str) -> Item | None:
        """Return one item by id."""
        return next((one for one in self.items if one.id == item_id), None)

    def move(self, move_id: str) -> ItemMove | None:
        """Return one move by id."""
        return next((one for one in self.moves if one.id == move_id), None)

    def pending(self, item_id: str) -> ItemMove | None:
        """Return the move of an item that is under way, if any."""
        return next((one for one in self.moves if one.item == item_id and one.status == "pending"), None)


def refuse(message: str, **values: object) -> ActionRefused:
    """Return the refusal of a step in custody, to be raised."""
    return ActionRefused("item", [Unmet(Message(message, values), guard="custody")])


def take_in(custody: Custody, item: Item) -> Custody:
    """Return the custody with one more item. raises ActionRefused where it has no quantity or keeper"""
    if item.quantity < 1:
        raise refuse(N_("数量应为不小于 1 的整数"))
    if item.keeper is None or item.fate != Fate.HELD:
        raise refuse(N_("收存的物品应有保管人"))
    return replace(custody, items=(*custody.items, item))


def next_number(custody: Custody) -> str:
    """Return the number of the next item that is taken in."""
    return str(1 + sum(1 for item in custody.items if item.parent is None))


def ask(custody: Custody, move: ItemMove, *, principal: str = "") -> Custody:
    """Return the custody with a move under way. Whoever asks confirms his own side by asking; a deputy that of his
    principal.

    raises  ActionRefused: the item has left, is on its way already, is too few, or would stay where it is
    """
    item = custody.item(move.item)
    if item is None or item.keeper is None:
        raise refuse(N_("这件物品已不在保管中"))
    if custody.pending(item.id) is not None:
        raise refuse(N_("物品 %(number)s 有一次移交尚未确认，确认或者取消后才能再次移交"), number=item.number)
    if not 1 <= move.quantity <= item.quantity:
        raise refuse(
            N_("物品 %(number)s 现有 %(have)s %(unit)s，移交数量应在 1 至 %(have)s 之间"),
            number=item.number,
            have=item.quantity,
            unit=item.unit,
        )
    if move.giver != item.keeper:
        raise refuse(N_("移出人不是物品 %(number)s 现在的保管人"), number=item.number)
    if (move.taker is None) is (move.fate == Fate.HELD) or move.fate == Fate.OTHER_CASE:
        raise refuse(N_("请选择接收的保管人或者处理方式"))
    if move.taker == item.keeper:
        raise refuse(N_("接收人就是现在的保管人"))
    for side in Side:
        if move.officer_on(side) == (principal or move.asked_by):
            move = _confirmed(move, side, by=move.asked_by, on=move.asked_on, receipt="")
    return replace(custody, moves=(*custody.moves, move))


def confirm(
    custody: Custody,
    move_id: str,
    side: Side,
    *,
    by: str,
    on: date,
    receipt: str = "",
    in_place_of: str = "",
    principal: str = "",
) -> Custody:
    """Return the custody after one side confirmed; with the second side the item moves.

    An officer confirms for himself. A side that is none of our people is confirmed by whoever records it, with the
    piece of evidence that carries its signature; so is that of an officer who has left.

    in_place_of  id of the officer on that side, where he has left: what he held must still be handed over
    principal    id of the officer on that side, whose deputy confirms for him

    raises  ActionRefused
    """
    move = _under_way(custody, move_id)
    if side not in move.waits_for():
        raise refuse(N_("这一方已经确认过"))
    officer = move.officer_on(side)
    if officer and officer not in (by, in_place_of, principal):
        raise refuse(N_("移交由移出人、接收人本人确认"))
    if (not officer or officer not in (by, principal)) and not receipt:
        raise refuse(N_("对方不是本机关人员，请附上其签收（处理）凭据"))
    confirmed = _confirmed(move, side, by=by, on=on, receipt=receipt)
    if confirmed.waits_for():
        return _put_move(custody, confirmed)
    done = replace(confirmed, status="done", ended_by=by, ended_on=on)
    return _settled(_put_move(custody, done), done)


def call_off(custody: Custody, move_id: str, *, by: str, on: date, reason: str, principal: str = "") -> Custody:
    """Return the custody after a move was refused or taken back: the item stays where it was.

    principal  id of the one for whom it is refused: whose deputy does so, or whose work is handed over

    raises  ActionRefused
    """
    move = _under_way(custody, move_id)
    if not {by, principal} & ({move.asked_by, move.officer_on(Side.GIVING), move.officer_on(Side.TAKING)} - {""}):
        raise refuse(N_("移交由移出人、接收人或者提出人取消"))
    return _put_move(custody, replace(move, status="refused", ended_by=by, ended_on=on, ended_reason=reason))


def on_the_way(custody: Custody, item_ids: Sequence[str]) -> tuple[Item, ...]:
    """Return which of these items have a move that waits: they cannot go into another case meanwhile."""
    named = [custody.item(item_id) for item_id in item_ids]
    return tuple(item for item in named if item is not None and custody.pending(item.id) is not None)


def go_along(custody: Custody, gone: Mapping[str, Counterpart]) -> Custody:
    """Return the custody after items went along into another case: they stay listed, in nobody's hands here.

    raises  ActionRefused: one is not there, has gone along already, or is on its way to another keeper
    """
    if any((item := custody.item(item_id)) is None or item.went_to is not None for item_id in gone):
        raise refuse(N_("这件物品已不在保管中"))
    for item in on_the_way(custody, tuple(gone)):
        raise refuse(N_("物品 %(number)s 有一次移交尚未确认，确认或者取消后才能再次移交"), number=item.number)
    return replace(
        custody,
        items=tuple(
            replace(item, keeper=None, fate=Fate.OTHER_CASE.value, went_to=gone[item.id]) if item.id in gone else item
            for item in custody.items
        ),
    )


def come_along(custody: Custody, items: Sequence[Item]) -> Custody:
    """Return the custody with items out of another case, in the hands they were in there, or as they left.

    raises  ActionRefused: an id or number is taken, or what it was split from is not here
    """
    known = {item.id for item in (*custody.items, *items)}
    numbers = {item.number for item in (*custody.items, *items)}
    if min(len(known), len(numbers)) < len(custody.items) + len(items):
        raise refuse(N_("转入的物品编号重复"))
    for item in items:
        if item.quantity < 1 or (item.keeper is None) is (item.fate == Fate.HELD) or item.fate == Fate.OTHER_CASE:
            raise refuse(N_("收存的物品应有保管人"))
        if item.parent is not None and item.parent not in known:
            raise refuse(N_("转入的物品编号重复"))
    return replace(custody, items=(*custody.items, *items))


def origin_of(custody: Custody, item: Item) -> Item:
    """Return the item as it was taken in, of which another is a part."""
    while item.parent is not None:
        above = custody.item(item.parent)
        assert above is not None, "a part has an item it was split from"
        item = above
    return item


def _under_way(custody: Custody, move_id: str) -> ItemMove:
    move = custody.move(move_id)
    if move is None or move.status != "pending":
        raise refuse(N_("这次移交已经完成或者取消"))
    return move


def _confirmed(move: ItemMove, side: Side, *, by: str, on: date, receipt: str) -> ItemMove:
    if side is Side.GIVING:
        return replace(move, given_by=by, given_on=on, given_receipt=receipt)
    return replace(move, taken_by=by, taken_on=on, taken_receipt=receipt)


def _put_move(custody: Custody, move: ItemMove) -> Custody:
    return replace(custody, moves=tuple(move if one.id == move.id else one for one in custody.moves))


def _settled(custody: Custody, move: ItemMove) -> Custody:
    item = custody.item(move.item)
    assert item is not None, "a move is of an item that is there"
    if move.quantity == item.quantity:
        moved = replace(item, keeper=move.taker, fate=move.fate, place=move.place)
        return replace(custody, items=tuple(moved if one.id == item.id else one for one in custody.items))
    left = replace(item, quantity=item.quantity - move.quantity, parts=item.parts + 1)
    part = replace(
        item,
        id=move.id,
        number=f"{item.number}-{left.parts}",
        quantity=move.quantity,
        keeper=move.taker,
        fate=move.fate,
        place=move.place,
        parent=item.id,
        parts=0,
    )
    kept = tuple(left if one.id == item.id else one for one in custody.items)
    return replace(custody, items=(*kept, part))
