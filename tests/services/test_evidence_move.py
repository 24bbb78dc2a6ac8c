"""Goods in custody over the services: both sides confirm, others by their receipt, and the tables follow the ledger."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from caseapp.domain.errors import ActionRefused, CaseAppError, InputError, InputErrors, NotFound, StaleCase
from caseapp.domain.items import Fate, Item, Keeper, Side
from caseapp.models.account import Account
from caseapp.queries.evidence_page import EvidencePage, evidence_page
from caseapp.queries.pending_moves import awaited_moves
from caseapp.services import evidence_change, evidence_entry, evidence_move
from caseapp.services.evidence_move import MoveDraft
from caseapp.services.ledger_rebuild import differences
from caseapp.services.unit_of_work import unit_of_work
from tests.factories.cases import Course
from tests.factories.custody import ask, confirm, receipt, take
from tests.support import evidence_files as files


def items(course: Course, case_id: str) -> dict[str, Item]:
    return {item.number: item for item in course.image(case_id).custody.items}


def page(course: Course, case_id: str, login: str) -> EvidencePage:
    names = {person.id: person.name for person in course.people.values()}
    with course.as_(login) as ctx:
        return evidence_page(ctx, course.image(case_id), names)


def rebuilt_as_stored(course: Course, case_id: str) -> None:
    with course.parts.context() as ctx:
        assert list(differences(ctx, case_id)) == []


def test_goods_go_from_hand_to_hand_when_the_other_has_confirmed(course: Course) -> None:
    case_id = course.checking()
    item = take(course, case_id)
    move = ask(course, case_id, item, "officer2", 20)
    assert items(course, case_id)["1"].quantity == 96, "nothing has moved yet"
    with course.as_("officer2") as ctx:
        [waiting] = awaited_moves(ctx)
    assert (waiting.item, waiting.quantity, waiting.side) == ("1 全棉四件套", 20, "taking")
    told = [kind for user, kind in course.rows("notification", "user_id", "kind") if kind == "item_waits"]
    assert told == ["item_waits"]
    with pytest.raises(ActionRefused, match="本人确认"):
        confirm(course, case_id, move, "officer")
    confirm(course, case_id, move, "officer2")
    after = items(course, case_id)
    assert (after["1"].quantity, after["1-1"].quantity) == (76, 20)
    assert after["1-1"].keeper == Keeper(officer=course.people["officer2"].id)
    with course.as_("officer2") as ctx:
        assert awaited_moves(ctx) == ()
    stored = {row["number"]: row for row in course.rows("case_item")}
    assert (stored["1-1"]["quantity"], stored["1-1"]["keeper_id"]) == (20, course.people["officer2"].id)
    rebuilt_as_stored(course, case_id)


def test_a_third_party_confirms_by_its_receipt_and_goods_leave_by_a_record(course: Course) -> None:
    case_id = course.checking()
    item = take(course, case_id)
    move = ask(course, case_id, item, Keeper(third_party="南通仓储公司"))
    with pytest.raises(ActionRefused, match="凭据"):
        confirm(course, case_id, move, "officer")
    paper = receipt(course, case_id)
    confirm(course, case_id, move, "officer2", receipt=paper)
    assert items(course, case_id)["1"].keeper == Keeper(third_party="南通仓储公司")
    gone = ask(course, case_id, item, Fate.DESTROYED)
    record = receipt(course, case_id, files.jpeg(70))
    confirm(course, case_id, gone, "officer", Side.GIVING, paper)
    assert items(course, case_id)["1"].keeper is not None, "one side alone moves nothing"
    confirm(course, case_id, gone, "officer", Side.TAKING, record)
    assert (items(course, case_id)["1"].keeper, items(course, case_id)["1"].fate) == (None, "destroyed")
    rebuilt_as_stored(course, case_id)


def test_a_withdrawn_piece_is_no_receipt(course: Course) -> None:
    case_id = course.checking()
    move = ask(course, case_id, take(course, case_id), Fate.RETURNED)
    paper = receipt(course, case_id)
    with course.as_("officer") as ctx:
        evidence_change.withdraw(ctx, case_id, paper, reason="签名不清")
    with pytest.raises(ActionRefused, match="已经撤回"):
        confirm(course, case_id, move, "officer", receipt=paper)


def test_a_move_is_refused_by_who_should_receive_it(course: Course) -> None:
    case_id = course.checking()
    item = take(course, case_id)
    move = ask(course, case_id, item, "officer2")
    with course.as_("officer2") as ctx:
        with pytest.raises(InputError):
            evidence_move.call_off(ctx, case_id, move, reason=" ")
        evidence_move.call_off(ctx, case_id, move, reason="数量不符")
    assert items(course, case_id)["1"].keeper == Keeper(officer=course.people["officer"].id)
    assert course.image(case_id).custody.moves[0].ended_reason == "数量不符"
    told = [user for user, kind in course.rows("notification", "user_id", "kind") if kind == "item_off"]
    assert told == [course.people["officer"].id]
    rebuilt_as_stored(course, case_id)


def test_goods_of_an_officer_who_has_left_are_handed_over_by_the_head(course: Course) -> None:
    case_id = course.checking()
    item = take(course, case_id)
    paper = receipt(course, case_id)
    move = ask(course, case_id, item, "officer2", by="officer2")
    with pytest.raises(ActionRefused, match="本人确认"):
        confirm(course, case_id, move, "head", Side.GIVING, paper)
    with course.parts.context() as ctx, unit_of_work(ctx) as unit:
        unit.connection.execute(update(Account).where(Account.id == course.people["officer"].id).values(active=False))
    assert page(course, case_id, "head").pending[0].records == (Side.GIVING,)
    confirm(course, case_id, move, "head", Side.GIVING, paper)
    assert items(course, case_id)["1"].keeper == Keeper(officer=course.people["officer2"].id)
    rebuilt_as_stored(course, case_id)


def test_a_keeper_who_is_no_officer_of_the_case_moves_what_he_holds(course: Course) -> None:
    case_id = course.checking()
    item = take(course, case_id)
    confirm(course, case_id, ask(course, case_id, item, "intake"), "intake")
    back = ask(course, case_id, item, "officer", by="intake")
    confirm(course, case_id, back, "officer")
    assert items(course, case_id)["1"].keeper == Keeper(officer=course.people["officer"].id)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_what_may_not_be_is_refused(course: Course) -> None:
    case_id = course.checking()
    item = take(course, case_id)
    with pytest.raises(InputErrors, match="有 6 处"):
        take(
            course,
            case_id,
            name="",
            unit=" ",
            place="",
            source="",
            quantity=0,
            taken_on=course.today.replace(year=2030),
        )
    with pytest.raises(InputErrors, match="有 1 处"):
        take(course, case_id, name="长" * 300)
    with pytest.raises(InputError, match="没有这份证据"):
        take(course, case_id, evidence=("0" * 32,))
    with pytest.raises(ActionRefused, match="本案办案人员"):
        take(course, case_id, by="legal")
    with pytest.raises(ActionRefused, match="本案办案人员"):
        ask(course, case_id, item, "officer2", by="legal")
    with pytest.raises(NotFound):
        ask(course, case_id, "0" * 32, "officer2")
    with pytest.raises(NotFound):
        confirm(course, case_id, "0" * 32, "officer")
    for wrong in (Keeper(), Keeper("x", "y"), Keeper(officer="0" * 32)):
        with pytest.raises(InputErrors):
            ask(course, case_id, item, wrong)
    with course.as_("officer") as ctx:
        for draft in (
            MoveDraft(1, None, "", "melted"),
            MoveDraft(1, Keeper(third_party="仓库"), "入库", place=" "),
        ):
            with pytest.raises(InputErrors):
                evidence_move.ask(ctx, case_id, item, draft)
    confirm(course, case_id, ask(course, case_id, item, Fate.RETURNED), "officer", receipt=receipt(course, case_id))
    with pytest.raises(ActionRefused, match="已不在保管中"):
        ask(course, case_id, item, "officer2")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_the_page_offers_each_what_he_can_do(course: Course) -> None:
    case_id = course.checking()
    item = take(course, case_id)
    theirs = ask(course, case_id, item, "officer2", 20)
    mine = page(course, case_id, "officer")
    [asked] = mine.pending
    assert (asked.mine, asked.records, asked.ends, asked.waits) == ((), (), True, ("陆文珺",))
    assert not mine.items[0].movable, "a move is under way"
    [other] = page(course, case_id, "officer2").pending
    assert (other.mine, other.ends) == ((Side.TAKING,), True)
    [seen] = page(course, case_id, "leader").pending
    assert (seen.mine, seen.records, seen.ends) == ((), (), False)
    confirm(course, case_id, theirs, "officer2")
    lines = page(course, case_id, "officer").items
    assert [(line.item.number, line.keeper, line.movable) for line in lines] == [
        ("1", "顾海宁", True),
        ("1-1", "陆文珺", True),
    ]
    ask(course, case_id, item, Fate.RETURNED, 5)
    [leaving] = page(course, case_id, "officer2").pending
    assert (leaving.records, leaving.taker, leaving.waits) == ((Side.TAKING,), "", ("",))
    assert not page(course, case_id, "leader").items[0].movable


def test_in_a_restricted_case_only_its_officers_keep_goods(course: Course) -> None:
    from caseapp.services import case_facts

    case_id = course.checking()
    item = take(course, case_id)
    with course.as_("officer") as ctx:
        version = course.image(case_id).version
        case_facts.change(ctx, case_id, {"restricted": True}, reason="举报人要求保密", seen_version=version)
    with pytest.raises(InputErrors):
        ask(course, case_id, item, "intake")
    confirm(course, case_id, ask(course, case_id, item, "officer2"), "officer2")


def test_who_is_always_too_slow_is_told_so(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = course.checking()
    tries = []

    def too_slow(self: Any, unit: Any) -> None:
        tries.append(1)
        raise StaleCase(1, 2)

    monkeypatch.setattr("caseapp.services.case_store.CaseEdit.save", too_slow)
    with pytest.raises(StaleCase):
        take(course, case_id)
    assert len(tries) == evidence_entry.ATTEMPTS


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["take", "ask", "ask", "confirm", "confirm", "confirm", "off"]),
        st.integers(0, 7),
        st.integers(1, 30),
        st.sampled_from(["officer", "officer2", "head", Keeper(third_party="仓储公司"), *list(Fate)[1:]]),
        st.sampled_from(["officer", "officer2", "head"]),
    ),
    min_size=8,
    max_size=20,
)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(STEPS)
def test_random_moves_rebuild_as_stored(course: Course, steps: list[tuple[Any, ...]]) -> None:
    case_id = course.checking()
    paper = receipt(course, case_id)
    taken = 0
    for step, which, quantity, to, by in steps:
        custody = course.image(case_id).custody
        try:
            if step == "take":
                take(course, case_id, by=by, quantity=quantity)
                taken += quantity
            elif step == "ask" and custody.items:
                ask(course, case_id, custody.items[which % len(custody.items)].id, to, quantity, by=by)
            elif custody.moves:
                move = custody.moves[which % len(custody.moves)]
                if step == "off":
                    with course.as_(by) as ctx:
                        evidence_move.call_off(ctx, case_id, move.id, reason="x")
                elif move.waits_for():
                    side = move.waits_for()[0]
                    people = {person.id: login for login, person in course.people.items()}
                    confirm(course, case_id, move.id, people.get(move.officer_on(side), by), side, paper)
        except CaseAppError:
            continue
        after = course.image(case_id).custody
        assert sum(item.quantity for item in after.items) == taken
        assert all((item.keeper is None) is (item.fate != Fate.HELD) for item in after.items)
    rebuilt_as_stored(course, case_id)
