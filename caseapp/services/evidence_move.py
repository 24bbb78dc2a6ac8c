"""Goods and samples: taken into custody, moved from keeper to keeper, and out of the house; both sides confirm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, InputErrors, Message, NotFound
from caseapp.domain.events import EntryKind, Json
from caseapp.domain.facts import CaseImage
from caseapp.domain.items import Fate, Item, ItemMove, Keeper, Side, next_number, refuse
from caseapp.queries.deputies import principals_of
from caseapp.queries.evidence_hands import Hand, hand_in
from caseapp.queries.staff import staff_of
from caseapp.services import notify, submissions
from caseapp.services.case_store import CaseEdit, new_id, require_text, told_for
from caseapp.services.evidence_entry import record, require_hand_in
from caseapp.services.unit_of_work import Unit

LONGEST_NAME = 200
LONGEST_REASON = 500
MOST_PIECES = 1_000_000_000

_BOTH_SIDES = N_("移出和接收不能由同一人确认：您代理的一方请由其本人或者另一位代理人确认")


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """Goods as they are taken in; the actor is their first keeper. source: from whom, on what paper."""

    name: str
    quantity: int
    unit: str
    place: str
    taken_on: date
    source: str
    spec: str = ""
    note: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MoveDraft:
    """A move as asked for.

    taker  None where the goods leave for good; `fate` tells how
    place  where they will be; '' where they leave
    """

    quantity: int
    taker: Keeper | None
    reason: str
    fate: str = Fate.HELD.value
    place: str = ""


@dataclass(frozen=True, slots=True)
class CustodyRef:
    """Which item or move a service worked on."""

    case_id: str
    id: str


@submissions.once(CustodyRef)
def take(ctx: Context, case_id: str, draft: ItemDraft, *, idempotency_key: str | None = None) -> CustodyRef:
    """Take goods into custody: the actor signs for them and is their keeper.

    raises  NotFound, ActionRefused, InputErrors
    """
    _check_item(ctx, draft)
    item_id = new_id(ctx)

    def tell(edit: CaseEdit) -> tuple[EntryKind, Mapping[str, Json]]:
        image = edit.current
        principal = require_hand_in(ctx, image)
        if any((piece := image.piece(one)) is None or not piece.stands for one in draft.evidence):
            raise InputError("evidence", Message(N_("案件中没有这份证据，或者它已经撤回")))
        told: dict[str, Json] = {
            "id": item_id,
            "number": next_number(image.custody),
            "name": draft.name.strip(),
            "spec": draft.spec.strip(),
            "quantity": draft.quantity,
            "unit": draft.unit.strip(),
            "place": draft.place.strip(),
            "keeper": asdict(Keeper(officer=ctx.actor.id)),
            "source": draft.source.strip(),
            "note": draft.note.strip(),
            "taken_on": draft.taken_on.isoformat(),
            "taken_by": ctx.actor.id,
            "evidence": list(draft.evidence),
        }
        return EntryKind.ITEM_TAKEN, {"item": told, **told_for(principal)}

    answer = CustodyRef(case_id, item_id)
    record(ctx, case_id, tell, key=idempotency_key, answer=lambda _edit: asdict(answer))
    return answer


@submissions.once(CustodyRef)
def ask(
    ctx: Context, case_id: str, item_id: str, draft: MoveDraft, *, idempotency_key: str | None = None
) -> CustodyRef:
    """Ask for a move of an item or a part of it. Whoever asks confirms his own side by it, a deputy that of his
    principal; the others are told.

    raises  NotFound, ActionRefused, InputErrors
    """
    move_id = new_id(ctx)

    def tell(edit: CaseEdit) -> tuple[EntryKind, Mapping[str, Json]]:
        image = edit.current
        item = _item(image, item_id)
        if item.keeper is None:
            raise refuse(N_("这件物品已不在保管中"))
        principal = _asks_for(ctx, image, item.keeper, draft.taker)
        _check_move(ctx, image, draft)
        told: dict[str, Json] = {
            "id": move_id,
            "item": item_id,
            "quantity": draft.quantity,
            "giver": asdict(item.keeper),
            "taker": asdict(draft.taker) if draft.taker else None,
            "fate": draft.fate,
            "place": draft.place.strip(),
            "reason": draft.reason.strip(),
        }
        return EntryKind.ITEM_MOVE_ASKED, {"move": told, **told_for(principal)}

    answer = CustodyRef(case_id, move_id)
    record(
        ctx,
        case_id,
        tell,
        beside=lambda unit, edit: tell_awaited(ctx, unit, edit.current, move_id),
        key=idempotency_key,
        answer=lambda _edit: asdict(answer),
    )
    return answer


def confirm(ctx: Context, case_id: str, move_id: str, side: Side, *, receipt: str = "") -> CaseImage:
    """Confirm one side of a move: an officer his own, or as a deputy inside the dates that of his principal; that of
    others whoever records it, with their signed receipt, and that of an officer who has left with the record of his
    handing over.

    receipt  id of the piece of evidence with the signature of the other side
    raises   NotFound, ActionRefused
    """

    def tell(edit: CaseEdit) -> tuple[EntryKind, Mapping[str, Json]]:
        image = edit.current
        move = _move(image, move_id)
        told: dict[str, Json] = {"move": move_id, "side": side.value, "receipt": receipt}
        officer = move.officer_on(side)
        if officer == ctx.actor.id or officer in _stood_for(ctx):
            _refuse_both_sides(ctx, move, side)
            return EntryKind.ITEM_MOVE_CONFIRMED, {**told, **told_for("" if officer == ctx.actor.id else officer)}
        told.update(told_for(require_hand_in(ctx, image)))
        if officer and not _is_here(ctx, image, officer):
            told["in_place_of"] = officer
        return EntryKind.ITEM_MOVE_CONFIRMED, told

    return record(ctx, case_id, tell)


def call_off(ctx: Context, case_id: str, move_id: str, *, reason: str) -> CaseImage:
    """Refuse a move that waits for the actor, or take back one's own. The goods stay where they were.

    raises  NotFound, ActionRefused, InputError (no reason)
    """
    reason = require_text("reason", reason, LONGEST_REASON)

    def tell(edit: CaseEdit) -> tuple[EntryKind, Mapping[str, Json]]:
        move = _move(edit.current, move_id)
        sides = {move.officer_on(side) for side in Side} - {""}
        told: dict[str, Json] = {"move": move_id, "reason": reason}
        principal = next((one for one in _stood_for(ctx) if one in sides), "")
        if principal and ctx.actor.id not in {move.asked_by, *sides}:
            told["for"] = principal
        return EntryKind.ITEM_MOVE_REFUSED, told

    def told(unit: Unit, edit: CaseEdit) -> None:
        move = _move(edit.current, move_id)
        _tell(ctx, unit, edit.current, move, [move.asked_by], N_("%(number)s：物品 %(item)s 的移交已取消"), "item_off")

    return record(ctx, case_id, tell, beside=told)


def _check_item(ctx: Context, draft: ItemDraft) -> None:
    errors = []
    for name, text, longest in (
        ("name", draft.name, LONGEST_NAME),
        ("unit", draft.unit, 20),
        ("place", draft.place, LONGEST_NAME),
        ("source", draft.source, LONGEST_NAME),
    ):
        if not text.strip():
            errors.append(InputError(name, Message(N_("请填写内容"))))
        elif len(text) > longest:
            errors.append(InputError(name, Message(N_("不得超过 %(longest)s 字"), {"longest": longest})))
    if not 1 <= draft.quantity <= MOST_PIECES:
        errors.append(InputError("quantity", Message(N_("数量应为不小于 1 的整数"))))
    if draft.taken_on > ctx.today():
        errors.append(InputError("taken_on", Message(N_("收存日期不能晚于今天"))))
    if errors:
        raise InputErrors(errors)


def _check_move(ctx: Context, image: CaseImage, draft: MoveDraft) -> None:
    errors = []
    if not draft.reason.strip():
        errors.append(InputError("reason", Message(N_("请填写内容"))))
    if draft.fate not in tuple(Fate):
        errors.append(InputError("fate", Message(N_("请选择接收的保管人或者处理方式"))))
    taker = draft.taker
    if taker is not None:
        if not draft.place.strip():
            errors.append(InputError("place", Message(N_("请填写存放地点"))))
        if bool(taker.officer) is bool(taker.third_party.strip()):
            errors.append(InputError("taker", Message(N_("请选择一名保管人，或者填写受委托保管的单位"))))
        elif taker.officer:
            errors += _unfit(ctx, image, taker.officer)
    if errors:
        raise InputErrors(errors)


def _unfit(ctx: Context, image: CaseImage, officer: str) -> list[InputError]:
    staff = staff_of(ctx, image.organ)
    if officer not in staff or not staff[officer].active:
        return [InputError("taker", Message(N_("保管人应为本机关在岗人员")))]
    if image.restricted and officer not in image.officers:
        return [InputError("taker", Message(N_("限制查阅的案件，物品只能交由本案办案人员保管")))]
    return []


def _asks_for(ctx: Context, image: CaseImage, keeper: Keeper, taker: Keeper | None) -> str:
    """Return for whom the actor asks for a move as a deputy, '' where for himself.

    raises  ActionRefused: he has no right to, or would give for his principal and take himself
    """
    if keeper.officer == ctx.actor.id:
        return ""
    if keeper.officer not in _stood_for(ctx):
        return require_hand_in(ctx, image)
    if taker is None or taker.officer != ctx.actor.id:
        return keeper.officer
    if hand_in(ctx, image) == Hand():
        return ""
    raise refuse(_BOTH_SIDES)


def _refuse_both_sides(ctx: Context, move: ItemMove, side: Side) -> None:
    other = Side.TAKING if side is Side.GIVING else Side.GIVING
    confirmed_by = move.taken_by if other is Side.TAKING else move.given_by
    if move.officer_on(other) and confirmed_by == ctx.actor.id:
        raise refuse(_BOTH_SIDES)


def _stood_for(ctx: Context) -> tuple[str, ...]:
    return tuple(one.actor.id for one in principals_of(ctx))


def _is_here(ctx: Context, image: CaseImage, officer: str) -> bool:
    person = staff_of(ctx, image.organ, [officer]).get(officer)
    return person is not None and person.active


def _item(image: CaseImage, item_id: str) -> Item:
    item = image.custody.item(item_id)
    if item is None:
        raise NotFound(Message(N_("案件中没有这件物品")))
    return item


def _move(image: CaseImage, move_id: str) -> ItemMove:
    move = image.custody.move(move_id)
    if move is None:
        raise NotFound(Message(N_("案件中没有这次移交")))
    return move


def tell_awaited(ctx: Context, unit: Unit, image: CaseImage, move_id: str) -> None:
    """Tell those who have to confirm a move that it waits for them."""
    move = _move(image, move_id)
    awaited = [move.officer_on(side) for side in move.waits_for()]
    _tell(ctx, unit, image, move, awaited, N_("%(number)s：物品 %(item)s 的移交待您确认"), "item_waits")


def _tell(ctx: Context, unit: Unit, image: CaseImage, move: ItemMove, people: list[str], text: str, kind: str) -> None:
    item = _item(image, move.item)
    notify.tell(
        ctx,
        unit,
        [person for person in people if person and person != ctx.actor.id],
        kind=kind,
        key=f"{kind}:{move.id}",
        message=Message(text, {"number": image.display_number(), "item": f"{item.number} {item.name}"}),
        case_id=image.id,
    )
