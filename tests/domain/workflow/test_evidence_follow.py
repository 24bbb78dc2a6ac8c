"""What follows a merger or split: everything is in one case at a time, and its quantities add up over all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.domain.connections import Counterpart
from caseapp.domain.errors import ActionRefused
from caseapp.domain.events import Entry, EntryKind
from caseapp.domain.evidence import Evidence, EvidenceFile
from caseapp.domain.facts import CaseImage
from caseapp.domain.items import Custody, Fate, Item, ItemMove, Keeper, Side, ask, come_along, confirm, take_in
from caseapp.domain.workflow.evidence_follow import follow, followed, held, obstacles_on_the_way

DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
GU, LU = Keeper(officer="gu"), Keeper(officer="lu")


def case(name: str, *items: Item, evidence: tuple[Evidence, ...] = ()) -> CaseImage:
    custody = Custody()
    for one in items:
        custody = take_in(custody, one)
    return CaseImage(
        name, 1, DAY, "案", "organ", "320612", ("trademark",), number=f"{name}号", evidence=evidence, custody=custody
    )


def item(item_id: str, number: str = "1", quantity: int = 10, **more: object) -> Item:
    return Item(item_id, number, "布", "米", quantity, "库", GU, DAY, "gu", **more)  # type: ignore[arg-type]


def piece(piece_id: str, number: int = 1, digest: str = "sha256:a") -> Evidence:
    file = EvidenceFile("a.jpg", digest, 9, "jpeg")
    return Evidence(piece_id, number, "documentary", "照片", file, "货架", DAY, "店", "scene", ("gu",), DAY, "gu", 3)


def ids() -> Iterator[str]:
    return (f"new{number}" for number in count())


def gone_from(source: CaseImage, into: CaseImage, *, items: tuple[str, ...] = (), pieces: tuple[str, ...] = (),
              fresh: Iterator[str] | None = None, stays_too: bool = False) -> tuple[CaseImage, CaseImage]:  # fmt: skip
    fresh = fresh or ids()
    told = follow(source, into, pieces=pieces, items=items, new_id=lambda: next(fresh), stays_too=stays_too)
    return tuple(  # type: ignore[return-value]
        followed(image, Entry(9, EntryKind.LINKED, AT, AT, "leader", payload))
        for image, payload in ((source, told.going), (into, told.coming))
    )


def test_goods_are_in_the_same_hands_in_the_other_case_and_in_nobodys_here() -> None:
    source, into = gone_from(case("a", item("x")), case("b", item("y")), items=("x",))
    [here] = source.custody.items
    assert (here.keeper, here.fate, here.went_to) == (None, Fate.OTHER_CASE, Counterpart("b", "b号", "2"))
    there = into.custody.items[1]
    assert (there.number, there.keeper, there.quantity) == ("2", GU, 10)
    assert there.came_from == Counterpart("a", "a号", "1")


def test_parts_stay_under_what_they_were_split_from_where_both_go() -> None:
    source = case("a", item("x"))
    custody = ask(source.custody, ItemMove("m", "x", 4, GU, LU, "held", "库", "入库", "gu", DAY))
    source = replace(source, custody=confirm(custody, "m", Side.TAKING, by="lu", on=DAY))
    _left, into = gone_from(source, case("b", item("y")), items=("x", "m"))
    assert [(one.number, one.quantity, one.keeper) for one in into.custody.items[1:]] == [("2", 6, GU), ("2-1", 4, LU)]
    assert into.custody.items[2].parent == into.custody.items[1].id
    left, alone = gone_from(source, case("b"), items=("m",))
    assert [(one.number, one.parent) for one in alone.custody.items] == [("1", None)]
    assert [one.keeper for one in left.custody.items] == [GU, None]


def test_a_piece_counts_in_one_case_unless_both_need_it() -> None:
    source, into = gone_from(case("a", evidence=(piece("p"),)), case("b"), pieces=("p",))
    assert [one.stands for one in source.evidence] == [False]
    assert (into.evidence[0].came_from, into.evidence[0].seq) == (Counterpart("a", "a号", "1"), 9)
    assert into.evidence[0].added_on == DAY
    source, into = gone_from(case("a", evidence=(piece("p"),)), case("b"), pieces=("p",), stays_too=True)
    assert (source.evidence[0].stands, into.evidence[0].stands) == (True, True)


def test_the_same_file_is_one_piece_and_goods_still_name_it() -> None:
    into = case("b", evidence=(piece("q", 4),))
    source = case("a", item("x", evidence=("p",)), evidence=(piece("p"),))
    source, into = gone_from(source, into, items=("x",), pieces=("p",))
    assert [one.id for one in into.evidence] == ["q"]
    assert into.custody.items[0].evidence == ("q",)
    assert source.evidence[0].went_to == Counterpart("b", "b号", "4")


def test_what_is_on_its_way_to_another_keeper_does_not_go_along() -> None:
    source = case("a", item("x"))
    source = replace(source, custody=ask(source.custody, ItemMove("m", "x", 4, GU, LU, "held", "库", "x", "gu", DAY)))
    [obstacle] = obstacles_on_the_way(source, ("x",))
    assert obstacle.cure == "officer"
    with pytest.raises(ActionRefused, match="尚未确认"):
        gone_from(source, case("b"), items=("x",))


def test_what_has_gone_does_not_go_again() -> None:
    source, _into = gone_from(case("a", item("x"), evidence=(piece("p"),)), case("b"), items=("x",), pieces=("p",))
    assert held(source.custody) == ()
    for gone in ({"items": {"x": {"case": "c", "case_number": "c", "number": "1"}}},
                 {"evidence": {"p": {"case": "c", "case_number": "c", "number": "1"}}}):  # fmt: skip
        with pytest.raises(ActionRefused):
            followed(source, Entry(9, EntryKind.LINKED, AT, AT, "leader", {"gone": gone}))


@pytest.mark.parametrize(
    "wrong",
    [
        item("x"),
        item("z", "1"),
        item("z", "2", 0),
        item("z", "2", fate="destroyed"),
        item("z", "2", parent="nothing"),
    ],
    ids=["id taken", "number taken", "nothing of it", "left and held", "part of nothing"],
)
def test_goods_that_cannot_be_are_not_taken_along(wrong: Item) -> None:
    with pytest.raises(ActionRefused):
        come_along(case("a", item("x")).custody, [wrong])


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["take", "move", "confirm", "merge", "split"]),
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(0, 9),
        st.integers(1, 30),
    ),
    max_size=40,
)


@given(STEPS)
def test_over_all_cases_nothing_is_lost_and_nothing_has_two_keepers(
    steps: list[tuple[str, int, int, int, int]],
) -> None:
    cases = {name: case(name) for name in "abc"}
    fresh, taken = ids(), 0
    for step, one, other, which, quantity in steps:
        source, into = cases["abc"[one]], cases["abc"[other]]
        custody = source.custody
        chosen = custody.items[which % len(custody.items)] if custody.items else None
        try:
            if step == "take":
                number = str(1 + sum(found.parent is None for found in custody.items))
                custody = take_in(custody, item(next(fresh), number, quantity))
                cases[source.id], taken = replace(source, custody=custody), taken + quantity
            elif step == "move" and chosen is not None:
                move = ItemMove(next(fresh), chosen.id, quantity, chosen.keeper or GU, LU, "held", "库", "x", "gu", DAY)
                cases[source.id] = replace(source, custody=ask(custody, move))
            elif step == "confirm" and custody.moves:
                move = custody.moves[which % len(custody.moves)]
                cases[source.id] = replace(source, custody=confirm(custody, move.id, Side.TAKING, by="lu", on=DAY))
            elif one != other and step in ("merge", "split"):
                going = held(custody) if step == "merge" else (chosen.id,) if chosen else ()
                cases[source.id], cases[into.id] = gone_from(source, into, items=going, fresh=fresh)
        except ActionRefused:
            continue
        everywhere = [found for image in cases.values() for found in image.custody.items]
        here = [found for found in everywhere if found.went_to is None]
        assert sum(found.quantity for found in here) == taken
        assert len({found.id for found in everywhere}) == len(everywhere)
        assert all((found.keeper is None) is (found.fate != Fate.HELD) for found in everywhere)
        for image in cases.values():
            numbers = [found.number for found in image.custody.items]
            assert len(numbers) == len(set(numbers))
