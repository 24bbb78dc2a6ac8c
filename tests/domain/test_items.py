"""Goods in custody: nothing is lost or doubled, and nothing has two keepers, whatever is tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caseapp.domain.errors import ActionRefused
from caseapp.domain.items import (
    Custody,
    Fate,
    Item,
    ItemMove,
    Keeper,
    Side,
    ask,
    call_off,
    confirm,
    next_number,
    origin_of,
    take_in,
)

DAY = date(2026, 11, 23)
GU, LU = Keeper(officer="gu"), Keeper(officer="lu")
STORE = Keeper(third_party="南通仓储公司")


def item(item_id: str = "one", quantity: int = 96, keeper: Keeper | None = GU, fate: Fate = Fate.HELD) -> Item:
    return Item(item_id, "1", "四件套", "套", quantity, "证物室", keeper, DAY, "gu", fate=fate.value)


def move(quantity: int = 96, taker: Keeper | None = LU, by: str = "gu", **changes: object) -> ItemMove:
    told: dict[str, object] = {
        "id": "move",
        "item": "one",
        "quantity": quantity,
        "giver": GU,
        "taker": taker,
        "fate": Fate.HELD.value,
        "place": "库房",
        "reason": "入库",
        "asked_by": by,
        "asked_on": DAY,
    }
    return ItemMove(**{**told, **changes})  # type: ignore[arg-type]


def test_goods_move_when_both_sides_have_confirmed_and_not_before() -> None:
    asked = ask(take_in(Custody(), item()), move())
    [under_way] = asked.moves
    assert under_way.waits_for() == (Side.TAKING,), "whoever asks confirms his own side"
    assert asked.items[0].keeper == GU
    done = confirm(asked, "move", Side.TAKING, by="lu", on=DAY)
    assert (done.items[0].keeper, done.items[0].place) == (LU, "库房")
    assert (done.moves[0].status, done.moves[0].ended_by) == ("done", "lu")


def test_the_giver_confirms_too_where_somebody_else_asks() -> None:
    asked = ask(take_in(Custody(), item()), move(by="lu"))
    assert asked.moves[0].waits_for() == (Side.GIVING,)
    assert confirm(asked, "move", Side.GIVING, by="gu", on=DAY).items[0].keeper == LU


def test_a_part_that_moves_becomes_an_item_of_its_own() -> None:
    custody = confirm(ask(take_in(Custody(), item()), move(20)), "move", Side.TAKING, by="lu", on=DAY)
    left, part = custody.items
    assert (left.quantity, left.keeper, left.number) == (76, GU, "1")
    assert (part.quantity, part.keeper, part.number, part.parent) == (20, LU, "1-1", "one")
    assert origin_of(custody, part) == left
    assert next_number(custody) == "2"


def test_who_is_none_of_our_people_confirms_by_a_receipt() -> None:
    custody = ask(take_in(Custody(), item()), move(taker=STORE))
    with pytest.raises(ActionRefused, match="凭据"):
        confirm(custody, "move", Side.TAKING, by="gu", on=DAY)
    done = confirm(custody, "move", Side.TAKING, by="gu", on=DAY, receipt="paper")
    assert (done.items[0].keeper, done.moves[0].taken_receipt) == (STORE, "paper")


def test_what_an_officer_held_who_has_left_is_handed_over_on_paper() -> None:
    custody = ask(take_in(Custody(), item()), move(by="lu"))
    with pytest.raises(ActionRefused, match="本人确认"):
        confirm(custody, "move", Side.GIVING, by="head", on=DAY, receipt="paper", in_place_of="somebody else")
    with pytest.raises(ActionRefused, match="凭据"):
        confirm(custody, "move", Side.GIVING, by="head", on=DAY, in_place_of="gu")
    done = confirm(custody, "move", Side.GIVING, by="head", on=DAY, receipt="paper", in_place_of="gu")
    assert (done.items[0].keeper, done.moves[0].given_by, done.moves[0].given_receipt) == (LU, "head", "paper")


def test_goods_that_left_for_good_have_no_keeper_and_do_not_come_back() -> None:
    custody = ask(take_in(Custody(), item()), move(taker=None, fate=Fate.DESTROYED.value, place=""))
    custody = confirm(custody, "move", Side.TAKING, by="gu", on=DAY, receipt="record")
    assert (custody.items[0].keeper, custody.items[0].fate) == (None, Fate.DESTROYED)
    with pytest.raises(ActionRefused, match="已不在保管中"):
        ask(custody, move(id="again"))


def test_a_move_that_is_called_off_changes_nothing() -> None:
    before = take_in(Custody(), item())
    after = call_off(ask(before, move()), "move", by="lu", on=DAY, reason="数量不符")
    assert after.items == before.items
    assert (after.moves[0].status, after.moves[0].ended_reason) == ("refused", "数量不符")
    assert ask(after, move(id="again")).pending("one") is not None


REFUSED: dict[str, tuple[Callable[[Custody], Custody], str]] = {
    "more than there is": (lambda custody: ask(custody, move(97)), "现有 96"),
    "nothing at all": (lambda custody: ask(custody, move(0)), "现有 96"),
    "to the keeper himself": (lambda custody: ask(custody, move(taker=GU)), "就是现在的保管人"),
    "from somebody who does not hold it": (lambda custody: ask(custody, move(giver=LU, taker=STORE)), "不是物品"),
    "an item that is not there": (lambda custody: ask(custody, move(item="two")), "不在保管中"),
    "to nobody": (lambda custody: ask(custody, move(taker=None)), "请选择接收"),
    "to a keeper and away at once": (lambda custody: ask(custody, move(fate="destroyed")), "请选择接收"),
    "a second move at the same time": (lambda custody: ask(ask(custody, move(5)), move(5, id="b")), "尚未确认"),
    "confirmed for somebody else": (
        lambda custody: confirm(ask(custody, move()), "move", Side.TAKING, by="gu", on=DAY),
        "本人确认",
    ),
    "confirmed twice": (
        lambda custody: confirm(ask(custody, move()), "move", Side.GIVING, by="gu", on=DAY),
        "已经确认过",
    ),
    "a move that is not there": (lambda custody: confirm(custody, "none", Side.TAKING, by="lu", on=DAY), "已经完成"),
    "called off by a stranger": (
        lambda custody: call_off(ask(custody, move()), "move", by="head", on=DAY, reason="x"),
        "提出人取消",
    ),
    "goods without a number": (lambda custody: take_in(custody, item("two", 0)), "不小于 1"),
    "goods without a keeper": (lambda custody: take_in(custody, item("two", 1, None)), "应有保管人"),
}


@pytest.mark.parametrize(("step", "reason"), REFUSED.values(), ids=REFUSED)
def test_is_refused(step: Callable[[Custody], Custody], reason: str) -> None:
    with pytest.raises(ActionRefused) as refused:
        step(take_in(Custody(), item()))
    assert reason in str(refused.value)


PEOPLE = ("gu", "lu", "he")
KEEPERS = (*(Keeper(officer=one) for one in PEOPLE), STORE)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["take", "move", "move", "move", "ask", "ask", "give", "receive", "receive", "off"]),
        st.integers(0, 11),
        st.integers(-1, 40),
        st.sampled_from([*KEEPERS, *(fate for fate in Fate)]),
        st.sampled_from(PEOPLE),
    ),
    max_size=60,
)


@given(STEPS)
@example([("take", 0, 30, GU, "gu"), ("move", 0, 9, LU, "he"), ("move", 0, 20, Fate.RETURNED, "he")])
@example([("take", 0, 30, GU, "gu"), ("ask", 0, 30, LU, "gu"), ("receive", 0, 0, LU, "lu")])
@example([("take", 0, 30, GU, "gu"), ("ask", 0, 30, LU, "he"), ("receive", 0, 0, LU, "lu"), ("give", 0, 0, LU, "gu")])
def test_whatever_is_done_nothing_is_lost_and_nothing_has_two_keepers(steps: list[tuple[object, ...]]) -> None:
    custody, books = Custody(), Counter[Keeper | str]()
    for number, (step, which, quantity, to, by) in enumerate(steps):
        before = {one.id for one in custody.moves if one.status == "done"}
        try:
            custody = _stepped(custody, str(step), int(str(which)), int(str(quantity)), to, str(by), number)
        except ActionRefused:
            continue
        if step == "take":
            books[Keeper(officer=str(by))] += int(str(quantity))
        for done in (one for one in custody.moves if one.status == "done" and one.id not in before):
            books[done.giver] -= done.quantity
            books[done.taker or done.fate] += done.quantity
            assert done.given_by, "both sides confirm"
            assert done.taken_by, "both sides confirm"
        held = Counter[Keeper | str]()
        for one in custody.items:
            held[one.keeper or one.fate] += one.quantity
        assert held == books, "what each holds is what he took in and was given, less what he gave"
        assert len({one.id for one in custody.items}) == len(custody.items)
        assert len({one.number for one in custody.items}) == len(custody.items)
        for one in custody.items:
            assert one.quantity > 0
            assert (one.keeper is None) is (one.fate != Fate.HELD)
        waiting = [one.item for one in custody.moves if one.status == "pending"]
        assert len(waiting) == len(set(waiting))
        families = Counter[str]()
        for one in custody.items:
            families[origin_of(custody, one).id] += one.quantity
        assert families.total() == books.total()


def _moved(custody: Custody, which: int, quantity: int, to: object, by: str, number: int) -> Custody:
    """A move of some or all of an item that is kept, asked for and confirmed by those whose part it is."""
    kept = [one for one in custody.items if one.keeper is not None]
    if not kept:
        return custody
    chosen = kept[which % len(kept)]
    assert chosen.keeper is not None
    taker = to if isinstance(to, Keeper) else None
    fate = Fate.HELD if taker else Fate(str(to))
    amount = chosen.quantity if quantity % 3 == 0 else 1 + abs(quantity) % chosen.quantity
    told = ItemMove(f"m{number}", chosen.id, amount, chosen.keeper, taker, fate.value, "库", "x", by, DAY)
    custody = ask(custody, told)
    for side in custody.moves[-1].waits_for():
        person = told.officer_on(side) or by
        custody = confirm(custody, told.id, side, by=person, on=DAY, receipt="paper")
    return custody


def _stepped(custody: Custody, step: str, which: int, quantity: int, to: object, by: str, number: int) -> Custody:
    if step == "take":
        fresh = Item(f"i{number}", next_number(custody), "布", "米", quantity, "库", Keeper(officer=by), DAY, by)
        return take_in(custody, fresh)
    if step == "move":
        return _moved(custody, which, quantity, to, by, number)
    if step == "ask":
        if not custody.items:
            return custody
        chosen = custody.items[which % len(custody.items)]
        taker = to if isinstance(to, Keeper) else None
        fate = Fate.HELD if taker else Fate(str(to))
        giver = chosen.keeper or GU
        return ask(
            custody,
            ItemMove(f"m{number}", chosen.id, quantity, giver, taker, fate.value, "库", "x", by, DAY),
        )
    if not custody.moves:
        return custody
    chosen_move = custody.moves[which % len(custody.moves)]
    if step == "off":
        return call_off(custody, chosen_move.id, by=by, on=DAY, reason="x")
    side = Side.GIVING if step == "give" else Side.TAKING
    person = chosen_move.officer_on(side) or by
    return confirm(custody, chosen_move.id, side, by=person, on=DAY, receipt="paper" if quantity > 3 else "")
