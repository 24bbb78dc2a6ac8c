"""Handing a colleague's work over, and assigning many cases at once: row by row, by the rules of one."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from caseapp.domain.connections import TransferKind
from caseapp.domain.errors import InputError, NotFound, NotPermitted
from caseapp.domain.items import Keeper, Side
from caseapp.models.account import Account
from caseapp.queries.holdings import assignable, holdings_of, left_by, loads
from caseapp.queries.pending_moves import awaited_moves
from caseapp.queries.staff import staff_of
from caseapp.services import case_assign, case_facts, case_joint, case_transfer, officer_handover
from caseapp.services.ledger_rebuild import differences
from caseapp.services.officer_handover import RowResult
from caseapp.services.unit_of_work import unit_of_work
from tests.factories.cases import Course
from tests.factories.custody import ask, confirm, take
from tests.factories.organs import HAIMEN, neighbours


def hand(course: Course, plan: dict[str, str], by: str = "head", leaver: str = "officer", **more: Any) -> Any:
    with course.as_(by) as ctx:
        told = {"reason": "调离", **more}
        return officer_handover.hand_over(
            ctx, course.people[leaver].id, {case: course.people[to].id for case, to in plan.items()}, **told
        )


def held(course: Course, login: str, by: str = "head") -> Any:
    with course.as_(by) as ctx:
        person = course.people[login].id
        return holdings_of(ctx, staff_of(ctx, "", [person])[person])


def test_everything_a_colleague_holds_is_seen_and_handed_over(course: Course) -> None:
    leading, second, done = course.filed(), course.checking(), course.closed()
    with course.as_("head") as ctx:
        case_assign.assign(ctx, second, list(reversed(course.officers)), seen_version=None)
    course.act("officer", leading, "withdraw_filing", {"withdrawal_reason": "立案有误"})
    shown = held(course, "officer")
    assert {(case.id, case.role, case.asked) for case in shown.cases} == {
        (leading, "lead", True), (second, "second", False), (done, "lead", False)
    }  # fmt: skip
    assert (shown.requests, shown.items, shown.more) == (1, 0, False)
    results = hand(course, {leading: "head", second: "officer2", done: "officer2"})
    assert all(row.done for row in results)
    assert [str(note) for note in results[0].notes] == ["其待批的申请已作废，请接办人员重新提请"]
    first, other = course.people["head"].id, course.people["officer2"].id
    assert course.image(leading).officers == (first, other)
    assert course.image(leading).approvals[-1].status == "void"
    assert course.image(second).officers == (other,)
    assert held(course, "officer").cases == ()
    with course.as_("head") as ctx:
        assert not left_by(ctx, course.people["officer"].id).any
        assert list(differences(ctx)) == []
    told = [row["user_id"] for row in course.rows("notification") if row["kind"] == "assigned"]
    assert told.count(other) >= 1


def test_what_one_row_refuses_does_not_stop_the_others(course: Course) -> None:
    case_id = course.filed()
    with course.parts.context() as ctx, unit_of_work(ctx) as unit:
        unit.connection.execute(update(Account).where(Account.login == "legal").values(active=False))
    results: tuple[RowResult, ...] = hand(course, {"f" * 32: "officer2", case_id: "head"})
    assert [row.done for row in results] == [False, True]
    again = hand(course, {case_id: "officer2"})
    assert "已不办理本案" in str(again[0].refused)
    other = course.filed()
    before = course.image(other)
    assert not hand(course, {other: "legal"})[0].done
    assert course.image(other) == before


def test_joint_work_for_another_organ_goes_on_with_the_successor(course: Course) -> None:
    course.people = {**course.people, **neighbours(course.parts)}
    case_id = course.filed()
    with course.as_("leader") as ctx:
        case_joint.set_joint(
            ctx, case_id, {HAIMEN: [course.people["haimen_officer"].id]}, reason="跨区", seen_version=None
        )
    assert [case.role for case in held(course, "haimen_officer", by="haimen_head").cases] == ["joint"]
    results = hand(course, {case_id: "haimen_officer2"}, by="haimen_head", leaver="haimen_officer")
    assert results[0].done
    image = course.image(case_id)
    assert (image.officers, image.joint[0].officers) == (
        tuple(course.officers), (course.people["haimen_officer2"].id,)
    )  # fmt: skip


def test_who_hands_over_what_is_checked_first(course: Course) -> None:
    course.people = {**course.people, **neighbours(course.parts)}
    case_id = course.filed()
    with pytest.raises(NotPermitted):
        hand(course, {case_id: "officer2"}, by="officer2")
    with pytest.raises(NotPermitted):
        hand(course, {case_id: "officer2"}, by="haimen_head")
    for plan, more in (({}, {}), ({case_id: "officer"}, {}), ({case_id: "officer2"}, {"reason": ""})):
        with pytest.raises(InputError):
            hand(course, plan, **more)
    with course.as_("head") as ctx, pytest.raises(NotFound):
        officer_handover.hand_over(ctx, "f" * 32, {case_id: course.officers[1]}, reason="调离")


def test_many_cases_are_assigned_by_the_rules_of_one(course: Course) -> None:
    leads = [course.lead().id for _ in range(3)]
    with course.as_("head") as ctx:
        assert {one.id for one in assignable(ctx, unassigned=True)} == set(leads)
        results = officer_handover.assign_many(ctx, [*leads[:2], "f" * 32], course.officers, reason="分派")
    assert [row.done for row in results] == [True, True, False]
    assert course.image(leads[0]).officers == tuple(course.officers)
    with course.as_("head") as ctx:
        assert [one.id for one in assignable(ctx, unassigned=True)] == leads[2:]
        assert len(assignable(ctx, unassigned=False)) == 3
        told = {load.person.name: (load.leading, load.second) for load in loads(ctx)}
        assert told["顾海宁"] == (2, 0)
        assert told["陆文珺"] == (0, 2)
        for wrong in ((leads, []), ([], course.officers)):
            with pytest.raises(InputError):
                officer_handover.assign_many(ctx, *wrong, reason="分派")
    with course.as_("officer") as ctx, pytest.raises(NotPermitted):
        officer_handover.assign_many(ctx, leads, course.officers, reason="分派")


def test_a_case_under_way_to_another_organ_is_told_in_its_row(course: Course) -> None:
    course.people = {**course.people, **neighbours(course.parts)}
    case_id = course.filed()
    with course.as_("leader") as ctx:
        case_transfer.send(ctx, case_id, TransferKind.MOVE, HAIMEN, reason="发生地", seen_version=None)
    assert hand(course, {case_id: "officer2"})[0].done


# --- goods -----------------------------------------------------------------------------------------------------------


def waiting(course: Course, login: str) -> list[tuple[str, str, int]]:
    with course.as_(login) as ctx:
        return sorted((one.item, one.side, one.quantity) for one in awaited_moves(ctx))


def test_the_goods_a_colleague_keeps_are_asked_for_with_his_cases(course: Course) -> None:
    case_id = course.filed()
    held_here, coming = take(course, case_id), take(course, case_id, by="officer2", name="样布")
    passing = ask(course, case_id, coming, "officer", 6, by="officer2")
    shown = held(course, "officer")
    assert [(one.name, one.quantity, one.waiting, one.coming) for one in shown.kept] == [
        ("全棉四件套", 96, False, False), ("样布", 6, True, True)
    ]  # fmt: skip
    [row] = hand(course, {case_id: "head"})
    assert [str(note) for note in row.notes] == ["物品移交 2 项已提出，待双方确认"]
    custody = course.image(case_id).custody
    assert [(move.id == passing, move.status) for move in custody.moves] == [
        (True, "refused"), (False, "pending"), (False, "pending")
    ]  # fmt: skip
    assert {one.keeper for one in custody.items} == {Keeper(one) for one in course.officers}, "nothing has moved yet"
    assert waiting(course, "officer") == [("1 全棉四件套", "giving", 96)]
    assert waiting(course, "officer2") == [("2 样布", "giving", 6)], "the head took his own side by asking"
    own = next(move for move in custody.moves if move.item == held_here)
    confirm(course, case_id, own.id, "officer", Side.GIVING)
    assert course.image(case_id).custody.items[0].keeper == Keeper(course.people["head"].id)
    with course.as_("head") as ctx:
        assert list(differences(ctx)) == []


def test_goods_in_other_cases_go_to_whom_was_named_for_them(course: Course) -> None:
    mine, closed = course.filed(), course.checking()
    take(course, closed)
    with course.as_("head") as ctx:
        case_assign.assign(ctx, closed, [course.people["officer2"].id, course.people["head"].id], seen_version=None)
    assert len(hand(course, {mine: "officer2"})) == 1, "what is not named stays"
    assert course.image(closed).custody.moves == ()
    rows = hand(course, {}, goods_to=course.people["officer2"].id)
    assert [(row.case_id, row.done) for row in rows] == [(closed, True)]
    assert waiting(course, "officer2") == [("1 全棉四件套", "taking", 96)]
    again = hand(course, {}, goods_to=course.people["officer2"].id)
    assert [(row.done, row.notes) for row in again] == [(True, ())], "it is asked for once"
    with pytest.raises(InputError):
        hand(course, {}, goods_to=course.people["officer"].id)


def test_in_a_restricted_case_goods_go_to_its_officers_only(course: Course) -> None:
    case_id = course.filed()
    take(course, case_id)
    with course.as_("officer") as ctx:
        case_facts.change(ctx, case_id, {"restricted": True}, reason="保密", seen_version=None)
    refused, done = (
        hand(course, {case_id: "officer2"}, goods_to=course.people["head"].id),
        hand(course, {case_id: "officer2"}),
    )
    assert "只能交由本案办案人员" in str(refused[0].refused)
    assert done[0].done
    [row] = hand(course, {}, leaver="officer", goods_to=course.people["head"].id)
    assert row.done, "it was asked for already"
