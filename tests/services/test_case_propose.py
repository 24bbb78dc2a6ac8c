"""Officers ask for a merger, a split or a transfer; the head of the organ decides, and it is carried out or not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from caseapp.adapters.clock import SetClock
from caseapp.domain.connections import TransferKind
from caseapp.domain.errors import ActionRefused, InputError, NotPermitted
from caseapp.domain.workflow.merging import Part, Portion
from caseapp.domain.workflow.situation import Actor
from caseapp.models.notification import Notification
from caseapp.queries.case_timeline import timeline
from caseapp.queries.inbox import inbox, paper
from caseapp.services import case_approve, case_facts, case_propose, deputies
from caseapp.services.case_act import Outcome
from caseapp.services.ledger_rebuild import differences
from caseapp.wiring import Huhang
from tests.factories.cases import CONTACT, Course
from tests.factories.organs import HAIMEN, neighbours


@pytest.fixture
def course(parts: Huhang, people: Mapping[str, Actor], clock: SetClock) -> Course:
    made = Course(parts, {**people, **neighbours(parts)}, clock)
    made.reached_at(CONTACT)
    return made


def ask(course: Course, what: str, *given: Any, by: str = "officer", **more: Any) -> Outcome:
    with course.as_(by) as ctx:
        outcome: Outcome = getattr(case_propose, what)(
            ctx, *given, **{"reason": "同一违法行为", "seen_version": None, **more}
        )
    assert outcome.status == "requested"
    return outcome


def sign(course: Course, approval: str | None, by: str = "leader", verdict: str = "signed", **more: Any) -> Outcome:
    assert approval is not None
    with course.as_(by) as ctx:
        return case_approve.sign(ctx, approval, verdict=verdict, **more)


def told(course: Course, login: str) -> list[tuple[str, str]]:
    with course.parts.context() as ctx:
        rows = ctx.session.execute(
            select(Notification.kind, Notification.case_id)
            .where(Notification.user_id == course.people[login].id)
            .order_by(Notification.created_at, Notification.id)
        )
        return [(row.kind, row.case_id) for row in rows]


def sound(course: Course) -> bool:
    with course.parts.context() as ctx:
        return list(differences(ctx)) == []


def reasons(refused: pytest.ExceptionInfo[ActionRefused]) -> str:
    return " ".join(str(one.message) for one in refused.value.unmet)


def test_a_merger_that_was_asked_for_is_carried_out_at_the_leaders_signature(course: Course) -> None:
    into, other = course.filed(), course.filed()
    asked = ask(course, "merge", into, other, take=[Part.PARTIES, Part.AMOUNTS])
    assert course.image(other).main.category == "open"
    with course.as_("leader") as ctx:
        (waiting,) = [one for one in inbox(ctx).papers if one.approval == asked.approval]
        assert waiting.action.zh == "并案"
        shown = paper(ctx, waiting.approval)
        assert [str(part) for value in shown.values for part in value.parts][-1] == "同一违法行为"
        assert shown.other is not None
        assert shown.other.id == other
    done = sign(course, asked.approval)
    assert (done.status, done.case_id) == ("acted", into)
    gone, kept = course.image(other), course.image(into)
    assert (gone.main.category, gone.links[-1].kind, kept.links[-1].case) == ("closed", "merged_into", other)
    assert (kept.approvals[-1].status, done.version) == ("granted", kept.version)
    assert ("approval_ended", into) in told(course, "officer")
    assert sound(course)
    with course.as_("officer") as ctx:
        titles = [str(item.title) for item in timeline(ctx, into).items]
    assert any("并入本案" in title for title in titles)


def test_a_split_that_was_asked_for_makes_the_new_case(course: Course) -> None:
    case_id = course.filed()
    with pytest.raises(InputError, match="请选择分出的"):
        ask(course, "split", case_id, Portion(), title="另案")
    asked = ask(course, "split", case_id, Portion(rights=[0]), title="另案", by="head")
    assert sign(course, asked.approval).status == "acted"
    link = course.image(case_id).links[-1]
    assert (link.kind, course.image(link.case).title) == ("split_into", "另案")
    assert sound(course)


def test_a_transfer_that_was_asked_for_is_sent_with_its_letter(course: Course) -> None:
    case_id = course.filed()
    asked = ask(course, "transfer", case_id, TransferKind.MOVE, HAIMEN, reason="违法行为发生地在海门区")
    assert course.image(case_id).waiting_transfer is None
    sign(course, asked.approval)
    image = course.image(case_id)
    assert image.waiting_transfer is not None
    assert (image.waiting_transfer.receiver, image.waiting_transfer.reason) == (HAIMEN, "违法行为发生地在海门区")
    assert image.documents[-1].type == "transfer_letter"
    assert ("transfer", case_id) in told(course, "haimen_head")
    assert sound(course)


def test_a_returned_proposal_changes_nothing_and_its_officer_learns_why(course: Course) -> None:
    into, other = course.filed(), course.filed()
    asked = ask(course, "merge", into, other)
    assert sign(course, asked.approval, verdict="returned", opinion="两案当事人不同").status == "returned"
    assert course.image(other).main.category == "open"
    assert course.image(into).approvals[-1].signatures[-1].opinion == "两案当事人不同"
    assert told(course, "officer")[-1] == ("approval_ended", into)


def test_what_the_leader_could_not_decide_is_refused_when_it_is_asked_for(course: Course) -> None:
    case_id, lead = course.filed(), course.lead().id
    with pytest.raises(ActionRefused) as refused:
        ask(course, "transfer", case_id, TransferKind.MOVE, "320612-ip")
    assert "本案已由该机关办理" in reasons(refused)
    with pytest.raises(ActionRefused) as refused:
        ask(course, "merge", lead, case_id)
    assert "尚未立案的线索" in reasons(refused)
    with pytest.raises(NotPermitted):
        ask(course, "merge", case_id, lead, by="intake")
    ask(course, "transfer", case_id, TransferKind.MOVE, HAIMEN)
    with pytest.raises(ActionRefused) as refused:
        ask(course, "split", case_id, Portion(rights=[0]), title="另案")
    assert "有一项审批正在进行" in reasons(refused)


def test_only_who_handles_the_case_or_heads_the_section_may_ask(course: Course) -> None:
    into, other = course.filed(), course.filed()
    with pytest.raises(ActionRefused) as refused:
        ask(course, "merge", into, other, by="haimen_officer")
    assert "由本案办案人员或者本机关科室负责人提出" in reasons(refused)


def test_a_change_of_the_other_case_voids_the_proposal(course: Course) -> None:
    into, other = course.filed(), course.filed()
    asked = ask(course, "merge", into, other)
    with course.as_("officer") as ctx:
        case_facts.change(ctx, other, {"amounts": {"turnover": 100}}, reason="核实", seen_version=None)
    assert sign(course, asked.approval).status == "void"
    assert course.image(other).main.category == "open"
    assert course.image(into).approvals[-1].status == "void"


def test_what_is_no_longer_lawful_at_the_signature_leaves_nothing_half_done(course: Course) -> None:
    into, other = course.filed(), course.filed()
    asked = ask(course, "merge", into, other)
    third = course.filed()
    ask(course, "merge", other, third)  # the other case now waits for a decision of its own
    with pytest.raises(ActionRefused) as refused:
        sign(course, asked.approval)
    assert "有一项审批正在进行" in reasons(refused)
    assert course.image(into).approvals[-1].status == "pending"
    assert sound(course)


# --- deputies ------------------------------------------------------------------------------------------------------


def leaders_deputy(course: Course, deputy: str) -> None:
    with course.as_("leader") as ctx:
        principal, other = course.people["leader"].id, course.people[deputy].id
        last_on = course.today + timedelta(days=6)
        deputies.name_deputy(ctx, principal, other, first_on=course.today, last_on=last_on, reason="出差")


def test_the_leaders_deputy_decides_by_his_rights_and_both_are_named(course: Course) -> None:
    into, other = course.filed(), course.filed()
    asked = ask(course, "merge", into, other)
    with pytest.raises(NotPermitted):
        sign(course, asked.approval, by="head")
    leaders_deputy(course, "head")
    with course.as_("head") as ctx:
        (waiting,) = [one for one in inbox(ctx).papers if one.approval == asked.approval]
        assert (waiting.behalf, paper(ctx, waiting.approval).behalf) == ("施明远", "施明远")
    assert sign(course, asked.approval, by="head").status == "acted"
    image = course.image(into)
    (signature,) = image.approvals[-1].signatures
    assert (signature.by, signature.principal) == (course.people["head"].id, course.people["leader"].id)
    assert (image.links[-1].case, course.image(other).main.category) == (other, "closed")
    with course.as_("officer") as ctx:
        actors = [item.actor for item in timeline(ctx, into).items]
        assert "（代" in paper(ctx, asked.approval).chain[-1].by
    assert any("（代" in actor for actor in actors)
    assert sound(course)


def test_a_deputy_decides_neither_what_he_asked_for_himself_nor_a_case_that_he_handles(course: Course) -> None:
    leaders_deputy(course, "head")
    into, other = course.filed(), course.filed()
    own = ask(course, "merge", into, other, by="head")
    with pytest.raises(NotPermitted):
        sign(course, own.approval, by="head")
    assert sign(course, own.approval).status == "acted"


def test_a_deputy_sends_a_case_away_for_the_leader(course: Course) -> None:
    case_id = course.filed()
    asked = ask(course, "transfer", case_id, TransferKind.MOVE, HAIMEN)
    leaders_deputy(course, "head")
    assert sign(course, asked.approval, by="head").status == "acted"
    assert course.image(case_id).waiting_transfer is not None
    assert sound(course)
