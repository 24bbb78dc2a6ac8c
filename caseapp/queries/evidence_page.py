"""The evidence of a case and the goods in its custody, as its page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import Message
from caseapp.domain.evidence import Evidence
from caseapp.domain.facts import CaseImage
from caseapp.domain.file_kinds import KINDS, FileGroup, Preview, size_text
from caseapp.domain.items import Fate, Item, ItemMove, Keeper, Side
from caseapp.domain.policies.permits import permits
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.workflow.situation import Officer
from caseapp.models.case_file import CaseFile
from caseapp.queries.action_page import colleagues
from caseapp.queries.deputies import principals_of
from caseapp.queries.evidence_hands import hand_in
from caseapp.queries.staff import staff_of
from caseapp.queries.visibility import visible_cases


@dataclass(frozen=True, slots=True)
class PieceLine:
    """One piece of evidence. group: a `FileGroup`; picture: whether its preview is good as a small one.

    preview  a word of `file_kinds.Preview`, '' where nothing can be shown
    ending   the usual ending of the kind, '' where the kind has several
    opened_with  programs that open the file
    """

    piece: Evidence
    group: str
    picture: bool
    size: str
    officers: tuple[str, ...]
    added_by: str
    withdrawn_by: str
    preview: str = ""
    ending: str = ""
    opened_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One move of an item.

    mine     the sides that the reader confirms for himself, or as a deputy: then `behalf` names for whom
    records  the sides of others that the reader may record with their receipt
    waits    who has not confirmed yet, in words ('' for what leaves for good)
    ends     whether the reader may refuse it or take it back
    """

    move: ItemMove
    item: Item
    giver: str
    taker: str
    waits: tuple[str, ...]
    mine: tuple[Side, ...] = ()
    records: tuple[Side, ...] = ()
    ends: bool = False
    behalf: str = ""


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item. keeper '' once it has left; movable: whether the reader may ask for a move now.

    away  the keeper's organ where the case is handled by another by now, None where it is at home
    """

    item: Item
    keeper: str
    pending: MoveLine | None
    movable: bool
    away: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """Everything the page shows.

    why_not  why the reader may not change anything; None where he may
    receipts standing pieces that can serve as a receipt: (id, words)
    open_cases  ids of the cases that things came from or went to and that the reader may open
    """

    pieces: tuple[PieceLine, ...]
    items: tuple[ItemLine, ...]
    moves: tuple[MoveLine, ...]
    receipts: tuple[tuple[str, str], ...]
    why_not: Message | None
    open_cases: frozenset[str] = frozenset()

    @property
    def pending(self) -> tuple[MoveLine, ...]:
        """Return the moves under way."""
        return tuple(line for line in self.moves if line.move.status == "pending")


def evidence_page(ctx: Context, image: CaseImage, names: Mapping[str, str]) -> EvidencePage:
    """Return the page of a case's evidence. The caller has asked whether the actor may see the case.

    names  id -> name of everybody the case names
    """
    why_not = why_not_change(ctx, image)
    left, away = _left(ctx, image), _away(ctx, image)
    moves = tuple(_move(ctx, image, move, names, left, may=why_not is None) for move in image.custody.moves)
    under_way = {line.move.item: line for line in moves if line.move.status == "pending"}
    hands = (ctx.actor.id, *(one.actor.id for one in principals_of(ctx)))
    items = []
    for item in sorted(image.custody.items, key=lambda one: [int(part) for part in one.number.split("-")]):
        own = item.keeper is not None and item.keeper.officer in hands
        movable = item.keeper is not None and item.id not in under_way and (own or why_not is None)
        items.append(
            ItemLine(item, keeper_name(item.keeper, names), under_way.get(item.id), movable, away.get(item.id))
        )
    return EvidencePage(
        pieces=tuple(piece_line(piece, names) for piece in image.evidence),
        items=tuple(items),
        moves=moves,
        receipts=receipts_of(image),
        why_not=why_not,
        open_cases=open_cases(ctx, image),
    )


def open_cases(ctx: Context, image: CaseImage) -> frozenset[str]:
    """Return the ids of the cases that evidence or goods came from or went to, as far as the actor may open them."""
    things: tuple[Evidence | Item, ...] = (*image.evidence, *image.custody.items)
    named = {there.case for one in things for there in (one.came_from, one.went_to) if there is not None}
    if not named:
        return frozenset()
    query = select(CaseFile.id).where(CaseFile.id.in_(named), visible_cases(ctx))
    return frozenset(ctx.session.execute(query).scalars())


def why_not_change(ctx: Context, image: CaseImage) -> Message | None:
    """Return why the actor may not change evidence or custody, None where he may."""
    unmet = hand_in(ctx, image).unmet
    return unmet[0].message if unmet else None


def piece_line(piece: Evidence, names: Mapping[str, str]) -> PieceLine:
    """Return one piece in words."""
    kind = KINDS[piece.file.kind]
    return PieceLine(
        piece=piece,
        group=kind.group.value,
        picture=kind.preview in (Preview.PICTURE, Preview.PAGES),
        preview=kind.preview,
        ending=kind.endings[0].upper() if kind.group is not FileGroup.OFFICE else "",
        size=size_text(piece.file.size),
        opened_with=kind.opened_with,
        officers=tuple(names.get(officer, officer) for officer in piece.officers),
        added_by=names.get(piece.added_by, piece.added_by),
        withdrawn_by=names.get(piece.withdrawn_by, piece.withdrawn_by),
    )


def receipts_of(image: CaseImage) -> tuple[tuple[str, str], ...]:
    """Return the standing pieces that may serve as a receipt, the newest first."""
    return tuple((piece.id, f"{piece.number} {piece.title}") for piece in reversed(image.evidence) if piece.stands)


def keeper_name(keeper: Keeper | None, names: Mapping[str, str]) -> str:
    """Return who keeps something, '' where nobody does."""
    if keeper is None:
        return ""
    return keeper.third_party or names.get(keeper.officer, keeper.officer)


def keepers_of(ctx: Context, image: CaseImage) -> tuple[Officer, ...]:
    """Return who may be entrusted with goods of the case: colleagues who may keep goods, in a restricted case only its
    officers.
    """
    people = colleagues(image.organ, staff_of(ctx, image.organ).values())
    return tuple(
        person
        for person in people
        if permits(person.roles, Permission.EVIDENCE_CHANGE) and (not image.restricted or person.id in image.officers)
    )


def _left(ctx: Context, image: CaseImage) -> frozenset[str]:
    """Return the ids of keepers who work here no more: what they held is handed over by whoever records it."""
    waiting = [move for move in image.custody.moves if move.status == "pending"]
    officers = {move.officer_on(side) for move in waiting for side in Side} - {""}
    staff = staff_of(ctx, image.organ, officers) if officers else {}
    return frozenset(one for one in officers if one not in staff or not staff[one].active)


def _away(ctx: Context, image: CaseImage) -> Mapping[str, Mapping[str, str]]:
    """Return item id -> the organ of its keeper, where that is not the one that handles the case."""
    keepers = {item.id: item.keeper.officer for item in image.custody.items if item.keeper and item.keeper.officer}
    staff = staff_of(ctx, image.organ, set(keepers.values())) if keepers else {}
    return {
        item: ctx.law.organs.get(staff[keeper].organ).short
        for item, keeper in keepers.items()
        if keeper in staff and staff[keeper].organ != image.organ and staff[keeper].organ in ctx.law.organs
    }


def _move(
    ctx: Context,
    image: CaseImage,
    move: ItemMove,
    names: Mapping[str, str],
    left: frozenset[str],
    *,
    may: bool,
) -> MoveLine:
    item = image.custody.item(move.item)
    assert item is not None, "a move is of an item that is there"
    waits = move.waits_for()
    stood_for = {one.actor.id: one.actor.name for one in principals_of(ctx)}
    hands = (ctx.actor.id, *stood_for)
    mine = tuple(side for side in waits if move.officer_on(side) in hands)
    return MoveLine(
        move=move,
        item=item,
        giver=keeper_name(move.giver, names),
        taker=keeper_name(move.taker, names),
        waits=tuple(keeper_name(move.party(side), names) for side in waits),
        mine=mine,
        records=tuple(side for side in waits if may and move.officer_on(side) in ("", *left)),
        ends=move.status == "pending"
        and bool({*hands} & {move.asked_by, move.officer_on(Side.GIVING), move.officer_on(Side.TAKING)}),
        behalf=next((stood_for[person] for side in mine if (person := move.officer_on(side)) in stood_for), ""),
    )


LEAVING = tuple(fate.value for fate in Fate if fate not in (Fate.HELD, Fate.OTHER_CASE))
"""Ways in which goods leave the house for good."""
