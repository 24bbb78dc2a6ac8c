"""Cases that go from one organ to another: letter, receipt, dispute, designation; what the receiver then has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select

from caseapp.adapters.clock import SetClock
from caseapp.domain.connections import KeptNumber, TransferKind
from caseapp.domain.errors import ActionRefused, InputError, InputErrors, NotFound, NotPermitted, RuleRefused
from caseapp.domain.items import Keeper, Side
from caseapp.domain.workflow.situation import Actor
from caseapp.models.case_file import CaseFile
from caseapp.queries.case_find import find_case
from caseapp.queries.case_search import CaseFilter
from caseapp.queries.case_timeline import timeline
from caseapp.queries.evidence_page import evidence_page
from caseapp.queries.kept_items import kept_count, kept_items
from caseapp.queries.notice_sight import sight_of_notices
from caseapp.queries.notifications import notices
from caseapp.queries.pending_moves import awaited_moves
from caseapp.queries.search import Group, question_of, search_page
from caseapp.queries.visibility import require_custody_visible, require_visible, visible_cases
from caseapp.services import case_assign, case_note, case_transfer, evidence_move
from caseapp.services.evidence_move import MoveDraft
from caseapp.services.ledger_rebuild import differences
from caseapp.wiring import Huhang
from tests.factories.cases import CONTACT, Course
from tests.factories.custody import ask, confirm, take
from tests.factories.organs import CITY, HAIMEN, TONGZHOU, neighbours


@pytest.fixture
def course(parts: Huhang, people: Mapping[str, Actor], clock: SetClock) -> Course:
    made = Course(parts, {**people, **neighbours(parts)}, clock)
    made.reached_at(CONTACT)
    return made


def send(course: Course, by: str, case_id: str, kind: str = "move", receiver: str = HAIMEN, **more: Any) -> str:
    """Send a case and return the transfer's id."""
    with course.as_(by) as ctx:
        told = {"reason": "违法行为发生地在海门区", "seen_version": None, **more}
        case_transfer.send(ctx, case_id, TransferKind(kind), receiver, **told)
    return course.image(case_id).transfers[-1].id


def answer(course: Course, by: str, act: str, transfer: str, **more: Any) -> Any:
    with course.as_(by) as ctx:
        return getattr(case_transfer, act)(ctx, transfer, **more)


def reasons(refused: pytest.ExceptionInfo[ActionRefused]) -> str:
    return " ".join(str(one.message) for one in refused.value.unmet)


def papers(course: Course) -> dict[str, dict[str, Any]]:
    return {row["type"]: json.loads(row["facts"]) for row in course.rows("issued_document")}


def no_differences(course: Course) -> bool:
    with course.parts.context() as ctx:
        return list(differences(ctx)) == []


def test_a_moved_case_is_found_by_the_receiver_in_all_its_texts(course: Course) -> None:
    case_id = course.filed()
    with course.as_("officer") as ctx:
        case_note.add(ctx, case_id, "仓库在叠石桥。")
    transfer = send(course, "leader", case_id)
    assert found(course, "haimen_head", Group.NOTES, "叠石桥") == []
    answer(course, "haimen_head", "receive", transfer)
    assert found(course, "haimen_head", Group.NOTES, "叠石桥") == [case_id]
    assert found(course, "haimen_head", Group.DOCUMENTS, "侵权床品")
    assert found(course, "haimen_head", Group.PARTIES, "锦屏") == [case_id]
    with course.as_("haimen_head") as ctx:
        case_note.add(ctx, case_id, "已派员到叠石桥。")
    assert found(course, "haimen_head", Group.NOTES, "叠石桥") == [case_id, case_id]
    assert no_differences(course)


def found(course: Course, login: str, group: Group, text: str) -> list[str]:
    with course.as_(login) as ctx:
        asked = question_of(ctx, CaseFilter(text=text))
        assert asked is not None
        return [row.case_id for row in search_page(ctx, group, asked).rows]


def test_who_answers_is_told_of_a_case_that_he_does_not_see_yet(course: Course) -> None:
    case_id = course.filed()
    transfer = send(course, "leader", case_id)
    with course.as_("haimen_head") as ctx:
        (coming,) = notices(ctx)
    assert "发来案件，待签收" in str(coming.message)
    assert (coming.case_id, coming.transfer) == (None, transfer)
    answer(course, "haimen_head", "receive", transfer)
    with course.as_("leader") as ctx:
        (answered,) = [one for one in notices(ctx) if one.kind == "transfer"]
    assert "已签收" in str(answered.message)
    assert (answered.case_id, answered.transfer) == (None, transfer), "the case has left his organ"
    with course.as_("haimen_officer") as ctx:
        assert sight_of_notices(ctx, {case_id}).transfers == {}, "who answers no sendings is told of none"


def test_a_moved_case_is_the_receivers_once_signed_for_with_a_number_of_its_own(course: Course) -> None:
    case_id = course.filed()
    old = course.image(case_id)
    transfer = send(course, "leader", case_id)
    waiting = course.image(case_id)
    assert (waiting.organ, waiting.division, waiting.waiting_transfer is not None) == (TONGZHOU, "320612", True)
    with pytest.raises(ActionRefused, match="等候签收"):
        course.act("officer", case_id, "withdraw_filing", {"withdrawal_reason": "立案有误"})
    told = answer(course, "haimen_head", "receive", transfer)
    image = course.image(case_id)
    assert (image.organ, image.division, image.officers) == (HAIMEN, "320614", ())
    assert image.number == told.number != old.number
    assert image.kept_numbers == (KeptNumber("case", old.number or "", TONGZHOU, course.today),)
    assert [(item.code, item.on) for item in image.divisions] == [("320612", course.today), ("320614", course.today)]
    assert (image.main.state, image.milestones) == (old.main.state, old.milestones)
    letter, receipt = papers(course)["transfer_letter"], papers(course)["transfer_receipt"]
    assert letter["organ"]["name"] != receipt["organ"]["name"]
    assert letter["number"] == receipt["transfer"]["letter"]
    assert receipt["transfer"]["number"] == image.number
    assert no_differences(course)


def test_sight_goes_with_the_case_and_the_old_number_still_finds_it(course: Course) -> None:
    case_id = course.filed()
    old = course.image(case_id).number
    transfer = send(course, "leader", case_id)

    def seen_by(login: str) -> bool:
        with course.as_(login) as ctx:
            return case_id in set(ctx.session.execute(select(CaseFile.id).where(visible_cases(ctx))).scalars())

    assert (seen_by("head"), seen_by("haimen_head"), seen_by("officer")) == (True, False, True)
    answer(course, "haimen_leader", "receive", transfer)
    assert (seen_by("head"), seen_by("haimen_head"), seen_by("officer")) == (False, True, False)
    with course.as_("haimen_head") as ctx:
        assert find_case(ctx, old or "") == case_id
        titles = [str(item.title) for item in timeline(ctx, case_id).items]
    assert any("签收" in title for title in titles)
    with course.as_("head") as ctx, pytest.raises(NotFound):
        find_case(ctx, old or "")


def test_the_receiver_goes_on_where_the_sender_stopped(course: Course) -> None:
    case_id = course.filed()
    answer(course, "haimen_head", "receive", send(course, "leader", case_id))
    chosen = [course.people["haimen_officer"].id, course.people["haimen_officer2"].id]
    with course.as_("haimen_head") as ctx:
        case_assign.assign(ctx, case_id, chosen, seen_version=None)
    with pytest.raises(ActionRefused):
        course.act("officer", case_id, "withdraw_filing", {"withdrawal_reason": "立案有误"})
    asked = course.act("haimen_officer", case_id, "withdraw_filing", {"withdrawal_reason": "立案有误"})
    assert course.sign("haimen_head", asked).status == "signed"


def test_a_lead_moves_too_and_gets_a_lead_number(course: Course) -> None:
    case_id = course.lead().id
    old = course.image(case_id).lead_number
    answer(course, "haimen_head", "receive", send(course, "leader", case_id))
    image = course.image(case_id)
    assert image.number is None
    assert image.lead_number != old
    assert [item.kind for item in image.kept_numbers] == ["lead"]


def test_a_dispute_runs_its_clocks_until_the_superior_designates(course: Course) -> None:
    case_id = course.filed()
    transfer = send(course, "leader", case_id)
    answer(course, "haimen_leader", "give_back", transfer, reason="主要违法行为在通州", dispute=True)
    clocks = {clock.rule: clock.met for clock in course.image(case_id).main.clocks}
    assert clocks["P02a"] is None
    assert course.image(case_id).organ == TONGZHOU
    answer(course, "head", "report", transfer)
    clocks = {clock.rule: clock.met for clock in course.image(case_id).main.clocks}
    assert (clocks["P02a"], clocks["P02b"]) == (True, None)
    with pytest.raises(RuleRefused):
        answer(course, "head", "report", transfer)
    decided = send(course, "city_leader", case_id, "designate", HAIMEN)
    clocks = {clock.rule: clock.met for clock in course.image(case_id).main.clocks}
    assert clocks["P02b"] is True
    with pytest.raises(ActionRefused) as refused:
        answer(course, "haimen_leader", "give_back", decided, reason="仍有异议", dispute=True)
    assert "不能退回" in reasons(refused)
    answer(course, "haimen_leader", "receive", decided)
    assert course.image(case_id).organ == HAIMEN
    assert "designation_notice" in papers(course)
    with pytest.raises(ActionRefused) as refused:
        send(course, "haimen_leader", case_id, "move", TONGZHOU)
    assert "不得自行移送" in reasons(refused)
    assert no_differences(course)


def test_a_superior_may_leave_the_case_where_it_is(course: Course) -> None:
    case_id = course.filed()
    transfer = send(course, "leader", case_id)
    answer(course, "haimen_leader", "give_back", transfer, reason="主要违法行为在通州", dispute=True)
    before = course.image(case_id)
    answer(course, "leader", "receive", send(course, "city_leader", case_id, "designate", TONGZHOU))
    image = course.image(case_id)
    assert (image.organ, image.number, image.officers, image.kept_numbers) == (
        TONGZHOU, before.number, before.officers, ()
    )  # fmt: skip


def test_who_received_a_moved_case_never_moves_it_on(course: Course) -> None:
    case_id = course.filed()
    answer(course, "haimen_leader", "receive", send(course, "leader", case_id))
    with pytest.raises(ActionRefused) as refused:
        send(course, "haimen_leader", case_id, "move", TONGZHOU)
    assert "不得再自行移送" in reasons(refused)
    assert refused.value.unmet[0].article.endswith("第14条")


def test_a_superior_hands_its_case_down_with_demands(course: Course) -> None:
    case_id = course.lead(by="city_leader", organ=CITY, division="320612").id
    with pytest.raises(ActionRefused) as refused:
        send(course, "city_leader", case_id, "hand_down", CITY)
    assert "已由该机关办理" in reasons(refused)
    transfer = send(course, "city_leader", case_id, "hand_down", TONGZHOU, demands="三十日内报告结果")
    answer(course, "head", "receive", transfer)
    image = course.image(case_id)
    assert (image.organ, image.division, [item.code for item in image.divisions]) == (TONGZHOU, "320612", ["320612"])
    assert papers(course)["hand_down_notice"]["transfer"]["demands"] == "三十日内报告结果"
    with pytest.raises(ActionRefused):
        send(course, "leader", case_id, "hand_down", HAIMEN)


def test_what_was_not_answered_can_be_recalled_by_its_sender_alone(course: Course) -> None:
    case_id = course.filed()
    transfer = send(course, "leader", case_id)
    with pytest.raises(NotPermitted):
        answer(course, "city_leader", "recall", transfer, reason="材料有误")
    answer(course, "leader", "recall", transfer, reason="材料有误")
    assert course.image(case_id).waiting_transfer is None
    for act, more in (("receive", {}), ("give_back", {"reason": "x", "dispute": False})):
        with pytest.raises(RuleRefused):
            answer(course, "haimen_leader", act, transfer, **more)
    send(course, "leader", case_id)


def test_only_the_organ_that_it_was_sent_to_answers(course: Course) -> None:
    transfer = send(course, "leader", course.filed())
    with pytest.raises(NotFound):
        answer(course, "head", "receive", transfer)
    with pytest.raises(NotPermitted):
        answer(course, "haimen_officer", "receive", transfer)
    with pytest.raises(NotPermitted):
        answer(course, "haimen_officer", "report", transfer)
    with pytest.raises(NotPermitted):
        answer(course, "city_leader", "report", transfer)
    with pytest.raises(RuleRefused):
        answer(course, "haimen_leader", "report", transfer)
    with pytest.raises(NotFound):
        answer(course, "haimen_leader", "receive", "f" * 32)


def test_a_case_with_something_open_does_not_go(course: Course) -> None:
    case_id = course.filed()
    course.act("officer", case_id, "withdraw_filing", {"withdrawal_reason": "立案有误"})
    with pytest.raises(ActionRefused) as refused:
        send(course, "leader", case_id)
    assert "审批正在进行" in reasons(refused)
    closed = course.closed()
    with pytest.raises(ActionRefused) as refused:
        send(course, "leader", closed, receiver="320612-police")
    assert "已作出决定" in reasons(refused)
    assert "有处罚权" in reasons(refused)


def test_leaders_decide_and_not_over_cases_of_their_own(course: Course) -> None:
    case_id = course.filed()
    with pytest.raises(NotPermitted):
        send(course, "head", case_id)
    with pytest.raises(ActionRefused) as refused:
        send(course, "haimen_leader", case_id, "move", TONGZHOU)
    assert "不由您所在机关办理" in reasons(refused)
    with pytest.raises(ActionRefused) as refused:
        send(course, "haimen_leader", case_id, "designate", TONGZHOU)
    assert "共同的上级机关" in reasons(refused)
    with course.as_("head") as ctx:
        case_assign.assign(ctx, case_id, [course.people["leader"].id, course.officers[0]], seen_version=None)
    with pytest.raises(ActionRefused) as refused:
        send(course, "leader", case_id)
    assert "自己办理的案件" in reasons(refused)
    with pytest.raises(InputError):
        send(course, "leader", case_id, reason=" ")


def test_both_sides_are_told_once(course: Course) -> None:
    transfer = send(course, "leader", course.filed())
    answer(course, "haimen_head", "give_back", transfer, reason="材料不全", dispute=False)
    told = [
        (row["user_id"], row["key"].split(":")[1]) for row in course.rows("notification") if row["kind"] == "transfer"
    ]
    names = {actor.id: login for login, actor in course.people.items()}
    assert sorted((names[user], what) for user, what in told) == sorted(
        [("haimen_leader", "sent"), ("haimen_head", "sent"), ("head", "returned"), ("leader", "returned"),
         ("officer", "returned"), ("officer2", "returned")]
    )  # fmt: skip


# --- goods -----------------------------------------------------------------------------------------------------------


def test_goods_go_to_the_other_organ_from_hand_to_hand(course: Course) -> None:
    case_id = course.filed()
    item = take(course, case_id)
    move = ask(course, case_id, item, "officer2", 6)
    with pytest.raises(ActionRefused) as refused, course.as_("leader") as ctx:
        case_transfer.send(ctx, case_id, TransferKind.MOVE, HAIMEN, reason="发生地", seen_version=None)
    assert "尚未确认" in " ".join(str(one.message) for one in refused.value.unmet)
    confirm(course, case_id, move, "officer2")
    with course.as_("leader") as ctx:
        case_transfer.send(ctx, case_id, TransferKind.MOVE, HAIMEN, reason="发生地", seen_version=None)
    with course.as_("haimen_head") as ctx:
        case_transfer.receive(ctx, course.image(case_id).transfers[-1].id)
    told = [row["user_id"] for row in course.rows("notification") if row["kind"] == "item_away"]
    assert sorted(told) == sorted(course.officers)
    keeper, stranger = course.people["officer"], course.people["intake"]
    with course.as_("officer") as ctx:
        with pytest.raises(NotFound):
            require_visible(ctx, case_id)
        assert not require_custody_visible(ctx, case_id), "the goods are opened to him, not the case"
        [kept] = kept_items(ctx, keeper.id)
        assert (kept.quantity, kept.opens, kept_count(ctx)) == (90, False, 1)
    with course.as_("intake") as ctx, pytest.raises(NotFound):
        require_custody_visible(ctx, case_id)
    with course.as_("haimen_head") as ctx:
        page = evidence_page(ctx, course.image(case_id), {})
        assert [line.away["zh"] for line in page.items if line.away] == ["通州市监局", "通州市监局"]
        with pytest.raises(InputErrors):
            evidence_move.ask(ctx, case_id, item, MoveDraft(90, Keeper(stranger.id), "接收", place="海门库房"))
    given = ask(course, case_id, item, "haimen_head", 90)
    with course.as_("haimen_head") as ctx:
        assert require_custody_visible(ctx, case_id)
    confirm(course, case_id, given, "haimen_head")
    asked = ask(course, case_id, move, "haimen_head", 6, by="haimen_head")
    with course.as_("officer2") as ctx:
        [awaited] = awaited_moves(ctx)
        assert (awaited.move, awaited.side, awaited.opens) == (asked, "giving", False)
    confirm(course, case_id, asked, "officer2", Side.GIVING)
    assert {one.keeper for one in course.image(case_id).custody.items} == {Keeper(course.people["haimen_head"].id)}
    with course.as_("officer") as ctx, pytest.raises(NotFound):
        require_custody_visible(ctx, case_id)
    with course.as_("haimen_head") as ctx:
        assert list(differences(ctx)) == []
