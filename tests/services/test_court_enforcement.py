"""Our decision is enforced by the court: what is sent, what the court rules, and how it moves our own case on."""

from __future__ import annotations

import pytest

from caseapp.domain.errors import ActionRefused, NotFound
from caseapp.queries.referral_desk import shared_page
from caseapp.services.ledger_rebuild import differences
from tests.factories.cases import Course
from tests.factories.courts import (
    APPLICATION,
    RULING,
    accepted,
    by_court,
    court_liaison,
    enforcing,
    examined,
    sent_to_court,
)
from tests.factories.sides import act_in, open_side, side_of

sqlite_only = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")


def clocks(course: Course, case_id: str) -> dict[str, bool | None]:
    """Return the clocks of the application: True met, False ended, None running."""
    return {clock.rule: clock.met for clock in side_of(course, case_id, "court_enforcement").clocks}


def step(course: Course, case_id: str, action: str, **fields: object) -> None:
    """Take a step of our own in the application."""
    act_in(course, case_id, "court_enforcement", action, fields)


def test_the_court_sees_an_outline_then_the_papers_and_what_it_rules_moves_the_case_on(course: Course) -> None:
    case_id = enforcing(course)
    proceeding = sent_to_court(course, case_id)
    liaison = court_liaison(course)
    with course.parts.context(liaison) as ctx:
        page = shared_page(ctx, proceeding)
        assert (page.line.title, page.number, page.papers, page.outline) == ("", "", (), APPLICATION["preview"])
    with course.parts.context(course.people["police"]) as ctx, pytest.raises(NotFound):
        shared_page(ctx, proceeding)
    by_court(course, proceeding, "sign_receipt", {"receipt_signer": "联络员2"})
    with course.parts.context(liaison) as ctx:
        titles = [paper.title for paper in shared_page(ctx, proceeding).papers]
    for wanted in ("强制执行申请书", "行政处罚决定书", "催告书"):
        assert any(wanted in title for title in titles), wanted
    assert not any("审批表" in title or "调查" in title for title in titles)
    on = course.today.isoformat()
    taken = {"court_answered_on": on, "court_answer": "accepted", "court_number": "（2026）苏0612行审8号"}
    by_court(course, proceeding, "accept_application", taken)
    assert clocks(course, case_id) == {"P19a": True, "P19b": None}
    assert course.image(case_id).main.facts["court_number"] == "（2026）苏0612行审8号"
    running = {clock.rule for clock in course.image(case_id).main.clocks if clock.met is None}
    assert running.isdisjoint({"P19a", "P19b"})  # the court's terms run once, where both sides see them
    by_court(course, proceeding, "allow_execution", {"court_ruled_on": on, "court_ruling": "allowed", **RULING})
    main = course.image(case_id).main
    assert (main.state, main.facts["court_ruling"]) == ("enforcing", "allowed")
    done = {"executed_on": on, "paid_total": 500_000, "execution_text": "划拨存款五千元。"}
    by_court(course, proceeding, "finish_execution", done)
    main = course.image(case_id).main
    assert (main.state, main.facts["court_execution"], main.facts["paid_total"]) == ("performed", "completed", 500_000)
    assert side_of(course, case_id, "court_enforcement").category == "closed"
    with course.parts.context() as ctx:
        assert list(differences(ctx, None)) == []


@sqlite_only
def test_a_refusal_is_final_only_when_the_higher_court_was_not_asked_or_upheld_it(course: Course) -> None:
    case_id = enforcing(course)
    gap = {**APPLICATION, "enforcement_papers": ["application", "decision"]}
    elsewhere = {**APPLICATION, "court_organ": "320613-court"}
    for fields, guard in ((gap, "list_complete"), (elsewhere, "organ_is_local")):
        with pytest.raises(ActionRefused) as caught:
            open_side(course, case_id, "court_enforcement", "send_application", fields)
        assert {item.guard for item in caught.value.unmet} == {guard}
    proceeding = examined(course, case_id)
    on = course.today.isoformat()
    refused = {"court_answered_on": on, "court_answer": "refused", "court_number": "12号", "court_reasons": "管辖有误"}
    by_court(course, proceeding, "refuse_application", refused)
    assert clocks(course, case_id) == {"P19a": True, "C03": None}
    assert course.image(case_id).main.state == "enforcing"
    step(course, case_id, "ask_review_of_refusal", review_court="中院", review_grounds="有管辖权")
    step(course, case_id, "record_review_of_refusal", court_answered_on=on, court_answer="refused", court_number="13号")
    assert side_of(course, case_id, "court_enforcement").state == "not_executed"
    assert course.image(case_id).main.state == "performing"
    with pytest.raises(ActionRefused) as caught:
        open_side(course, case_id, "court_enforcement", "send_application", APPLICATION)
    assert caught.value.unmet


@sqlite_only
def test_a_denial_may_be_overturned_by_the_higher_court_and_execution_may_end_without_success(course: Course) -> None:
    case_id = enforcing(course)
    proceeding = accepted(course, case_id)
    on = course.today.isoformat()
    denied = {"court_ruled_on": on, "court_ruling": "denied", "ruling_number": "9号", "court_reasons": "缺乏依据"}
    by_court(course, proceeding, "deny_execution", denied)
    assert course.image(case_id).main.state == "enforcing"
    step(course, case_id, "ask_review_of_denial", review_court="中院", review_grounds="依据充分")
    step(course, case_id, "record_review_of_denial", court_ruled_on=on, court_ruling="allowed", ruling_number="10号")
    assert side_of(course, case_id, "court_enforcement").state == "executing"
    assert course.image(case_id).main.facts["court_ruling"] == "allowed"
    ended = {"execution_ended_on": on, "execution_ended_number": "11号", "execution_text": "被执行人死亡。"}
    by_court(course, proceeding, "end_execution", ended)
    assert course.image(case_id).main.state == "terminated"
