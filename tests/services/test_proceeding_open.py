"""Side proceedings run beside the case, each with its clock; the case cannot close while one is active."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from caseapp.domain.errors import ActionRefused, InputError, NotFound, StaleCase
from caseapp.queries.case_page import case_page
from caseapp.queries.inbox import inbox, paper
from caseapp.services import case_act
from caseapp.services.case_act import consider
from caseapp.services.case_export import export_cases
from caseapp.services.case_import import Mode, import_records
from caseapp.services.deadlines_watch import watch
from caseapp.services.ledger_rebuild import differences
from tests.factories.cases import CLOSING, REPORT, Course
from tests.factories.sides import (
    LIFTED,
    MEASURE,
    ON_SITE,
    PRESERVED,
    act_in,
    applied,
    granted,
    open_side,
    preserved,
    seized,
    sent,
    side_of,
)
from tests.support.app import Installations


def refused(
    course: Course, case_id: str, procedure: str, action: str, fields: dict[str, object], **more: object
) -> set[str]:
    with pytest.raises(ActionRefused) as error:
        open_side(course, case_id, procedure, action, fields, **more)  # type: ignore[arg-type]
    return {item.guard for item in error.value.unmet}


def stored_is_folded(course: Course) -> None:
    with course.parts.context() as ctx:
        assert list(differences(ctx, None)) == []


def test_a_seizure_is_applied_for_approved_and_carried_out(course: Course) -> None:
    case_id = course.filed()
    asked = applied(course, case_id)
    assert (asked.status, asked.from_state, asked.to_state) == ("requested", "proposed", "proposed")
    assert side_of(course, case_id, "seizure").id == asked.proceeding
    granted(course, asked)
    assert side_of(course, case_id, "seizure").state == "approved"
    act_in(course, case_id, "seizure", "impose", {"imposed_on": course.today.isoformat(), **ON_SITE})
    held = side_of(course, case_id, "seizure")
    assert (held.state, [clock.rule for clock in held.clocks]) == ("held", ["P05"])
    assert course.image(case_id).main.state == "investigating"
    assert course.rows("side_proceeding", "procedure", "state", "category", "ordinal") == [
        ("seizure", "held", "open", 1)
    ]
    assert [row["rule"] for row in course.rows("clock_run") if row["proceeding_id"] == held.id] == ["P05"]
    assert course.ledger(case_id)[-10:] == [
        "proceeding_opened", "approval_requested", "approval_signed", "approval_signed", "acted", "document_issued",
        "acted", "document_issued", "document_issued", "document_issued",
    ]  # fmt: skip
    stored_is_folded(course)


def test_an_emergency_measure_runs_from_its_hour_and_is_to_be_reported_within_a_day(course: Course) -> None:
    case_id = course.filed()
    hour = course.clock.at - timedelta(minutes=20)
    fields = {**MEASURE, **ON_SITE, "imposed_at": hour.isoformat(), "emergency_reason": "当事人正在转移货物。"}
    opened = open_side(course, case_id, "seizure", "impose_at_once", fields)
    assert (opened.status, opened.to_state) == ("acted", "unreported")
    runs = {row["rule"]: row for row in course.rows("clock_run") if row["proceeding_id"] == opened.proceeding}
    assert runs["P03"]["due_at"] == hour + timedelta(hours=24)
    granted(course, act_in(course, case_id, "seizure", "report_back", {"report_course": "当场查封。"}))
    clocks = {clock.rule: clock.met for clock in side_of(course, case_id, "seizure").clocks}
    assert clocks == {"P05": None, "P03": True}
    stored_is_folded(course)


def test_a_measure_cannot_be_said_to_happen_later_than_now(course: Course) -> None:
    case_id = course.filed()
    later = (course.clock.at + timedelta(minutes=5)).isoformat()
    fields = {**MEASURE, **ON_SITE, "imposed_at": later, "emergency_reason": "当事人正在转移货物。"}
    with pytest.raises(InputError) as error:
        open_side(course, case_id, "seizure", "impose_at_once", fields)
    assert error.value.field == "imposed_at"
    assert course.image(case_id).proceedings[1:] == ()


def test_it_opens_only_with_a_first_act_in_a_state_that_the_definition_names(course: Course) -> None:
    fields: dict[str, object] = {**MEASURE, "measure_proposed": "床品"}
    lead = course.lead().id
    assert refused(course, lead, "seizure", "apply_measure", fields) == {"opening"}
    case_id = course.filed()
    assert refused(course, case_id, "seizure", "lift", LIFTED) == {"state"}
    assert refused(course, case_id, "seizure", "apply_measure", fields, by="head") == {"role"}
    with pytest.raises(InputError):
        open_side(course, case_id, "penalty_general", "file_case", {})
    with pytest.raises(InputError):
        open_side(course, case_id, "nothing", "file_case", {})
    with pytest.raises(StaleCase):
        open_side(course, case_id, "seizure", "apply_measure", fields, seen_version=1)


def test_the_same_submission_opens_one(course: Course) -> None:
    case_id = course.filed()
    fields = {**MEASURE, "measure_proposed": "床品"}
    first = open_side(course, case_id, "seizure", "apply_measure", fields, idempotency_key="k" * 32)
    again = open_side(course, case_id, "seizure", "apply_measure", fields, idempotency_key="k" * 32)
    assert first == again
    assert len(course.image(case_id).proceedings) == 2


def test_a_form_asks_what_opening_would_mean_without_opening(course: Course) -> None:
    case_id = course.filed()
    fields = {**MEASURE, "measure_proposed": "床品"}
    before = course.everything()
    with course.as_("officer") as ctx:
        decision = consider(ctx, case_id, "new.seizure", "apply_measure", fields, seen_version=None)
        assert [step.id for step in decision.steps] == ["section_head", "leader"]
        with pytest.raises(NotFound):
            consider(ctx, case_id, "new.nothing", "apply_measure", fields, seen_version=None)
    assert course.everything() == before


def test_a_request_in_a_side_proceeding_waits_in_the_inbox_and_does_not_bar_the_main_one(course: Course) -> None:
    case_id = course.filed()
    asked = applied(course, case_id)
    with course.as_("head") as ctx:
        assert [item.action.zh for item in inbox(ctx).papers] == ["申请查封、扣押"]
        assert asked.approval is not None
        assert paper(ctx, asked.approval).action.id == "apply_measure"
    with course.as_("officer") as ctx:
        offers = case_page(ctx, case_id).main.offers
    assert offers is not None
    assert "conclude_investigation" in {offer.action for offer in offers.first}


def test_the_page_tells_what_may_be_opened_and_why_not(course: Course) -> None:
    case_id = course.lead().id
    with course.as_("officer") as ctx:
        shut = {opening.procedure.zh: opening for opening in case_page(ctx, case_id).openings}
    assert not shut["查封、扣押"].open
    assert shut["查封、扣押"].shut
    assert shut["回避"].open
    case_id = course.filed()
    with course.as_("officer") as ctx:
        page = case_page(ctx, case_id)
        opened = {opening.procedure.zh: opening for opening in page.openings}
        assert opened["查封、扣押"].open
        assert [offer.proceeding for offer in opened["查封、扣押"].offers] == ["new.seizure", "new.seizure"]
        assert case_page(ctx, case_id, as_of=course.today).openings == ()


# --- time that does not count ----------------------------------------------------------------------------------------


def test_an_appraisal_is_left_out_of_the_handling_limit_and_of_the_seizure(course: Course) -> None:
    case_id = course.filed()
    seized(course, case_id)
    due = {row["rule"]: row["due_on"] for row in course.rows("clock_run") if row["met"] is None}
    course.later(days=2)
    sent(course, case_id)
    paused = {row["rule"] for row in course.rows("clock_run") if row["paused"]}
    assert paused == {"P10", "P05"}
    course.later(days=10)
    result = {"result_on": course.today.isoformat(), "result_number": "J-1", "result_text": "不是注册人生产。"}
    act_in(course, case_id, "appraisal", "receive", result)
    moved = {row["rule"]: row["due_on"] for row in course.rows("clock_run") if row["met"] is None}
    assert moved["P05"] == due["P05"] + timedelta(days=10)
    assert moved["P10"] > due["P10"]
    told = {"told_on": course.today.isoformat(), "told_to": "张某"}
    act_in(course, case_id, "appraisal", "tell_result", told)
    assert side_of(course, case_id, "appraisal").category == "closed"
    stored_is_folded(course)


def test_a_case_with_an_appraisal_is_taken_over_elsewhere_with_its_time_left_out(
    course: Course, installations: Installations, tmp_path: Path
) -> None:
    case_id = course.filed()
    seized(course, case_id)
    sent(course, case_id)
    course.later(days=3)
    act_in(course, case_id, "appraisal", "call_off", {"call_off_reason": "无法检测。"})
    file = tmp_path / "cases.jsonl"
    with course.as_("supervisor") as ctx:
        export_cases(ctx, file, shape="exchange")
    other = installations.new(course.clock)
    with other.context() as ctx:
        report = import_records(ctx, other.read_exchange(file, now=ctx.now()), mode=Mode.STRICT)
        assert (report.imported, report.rejections) == (1, [])
        again = tmp_path / "again.jsonl"
        export_cases(ctx, again, shape="exchange")
    assert json.loads(again.read_text()) == json.loads(file.read_text())
    told = json.loads(file.read_text())["milestones"]
    assert [item["kind"] for item in told] == ["registered", "filed", "excluded_from", "excluded_until"]
    with course.as_("supervisor") as ctx:
        export_cases(ctx, tmp_path / "log.xes", shape="xes")
    assert 'value="impose"' in (tmp_path / "log.xes").read_text()


# --- what the law ends -----------------------------------------------------------------------------------------------


def test_a_seizure_whose_time_is_up_has_expired_whether_or_not_it_was_written_down(course: Course) -> None:
    case_id = course.filed()
    seized(course, case_id)
    course.later(days=40)
    expired = side_of(course, case_id, "seizure")
    assert expired.state == "expired", "whoever reads finds it expired, though nobody wrote it down"
    assert course.rows("side_proceeding", "state") == ["held"]
    with course.as_("officer") as ctx:
        page = case_page(ctx, case_id)
        assert page.parts[1].state.id == "expired"
        assert page.parts[1].active
    with course.parts.context() as ctx:
        assert watch(ctx).lapsed == 1
        assert watch(ctx).lapsed == 0
    assert course.rows("side_proceeding", "state") == ["expired"]
    assert course.ledger(case_id)[-1] == "lapsed"
    stored_is_folded(course)
    granted(course, act_in(course, case_id, "seizure", "lift", LIFTED))
    assert side_of(course, case_id, "seizure").state == "released"
    stored_is_folded(course)


def test_preserved_evidence_is_released_by_law_with_the_next_change_of_the_case(course: Course) -> None:
    case_id = course.filed()
    preserved(course, case_id)
    course.later(days=20)
    assert side_of(course, case_id, "evidence_preservation").state == "lapsed"
    sent(course, case_id)
    assert "lapsed" in course.ledger(case_id)
    kept = side_of(course, case_id, "evidence_preservation")
    assert [act.action for act in kept.acts][-1] == "lapse"
    assert {clock.rule: clock.met for clock in kept.clocks} == {"P04": False}
    with pytest.raises(ActionRefused):
        act_in(
            course, case_id, "evidence_preservation", "release", {"release_reason": "不再需要", "returned_to": "张某"}
        )
    stored_is_folded(course)


def test_a_follow_up_in_time_ends_the_preservation_and_must_be_under_way(course: Course) -> None:
    case_id = course.filed()
    preserved(course, case_id)
    course.later(days=3)
    fields = {"followed_on": course.today.isoformat(), "follow_up": "appraisal", "follow_up_note": "送检。"}
    with pytest.raises(ActionRefused) as error:
        act_in(course, case_id, "evidence_preservation", "follow_up", fields)
    assert [item.guard for item in error.value.unmet] == ["followed_by_side_proceeding"]
    sent(course, case_id)
    act_in(course, case_id, "evidence_preservation", "follow_up", fields)
    assert side_of(course, case_id, "evidence_preservation").state == "followed"
    assert {clock.met for clock in side_of(course, case_id, "evidence_preservation").clocks} == {True}


def test_what_the_law_ended_cannot_be_extended_any_more(course: Course) -> None:
    case_id = course.filed()
    seized(course, case_id)
    course.later(days=20)
    fields = {"extension_n": 30, "extension_reason": "案情复杂。"}
    asked = act_in(course, case_id, "seizure", "extend_measure", fields)
    course.later(days=15)
    assert side_of(course, case_id, "seizure").state == "expired"
    with pytest.raises(ActionRefused):
        course.sign("head", asked)
    assert [request.status for request in course.image(case_id).approvals][-1] == "void"


def test_an_extension_granted_in_time_moves_the_last_day(course: Course) -> None:
    case_id = course.filed()
    seized(course, case_id)
    (due,) = [row["due_on"] for row in course.rows("clock_run") if row["rule"] == "P05"]
    course.later(days=20)
    fields = {"extension_n": 30, "extension_reason": "案情复杂。"}
    granted(course, act_in(course, case_id, "seizure", "extend_measure", fields))
    (moved,) = [row["due_on"] for row in course.rows("clock_run") if row["rule"] == "P05"]
    assert moved == due + timedelta(days=30)
    course.later(days=20)
    assert side_of(course, case_id, "seizure").state == "held"
    with pytest.raises(ActionRefused) as error:
        act_in(course, case_id, "seizure", "extend_measure", fields)
    assert [item.guard for item in error.value.unmet] == ["act_not_done"]


def test_a_closing_names_what_still_runs(course: Course) -> None:
    case_id = course.filed()
    seized(course, case_id)
    course.act("officer", case_id, "conclude_investigation", REPORT)
    course.act("legal", case_id, "review_case", course.review())
    course.approved("officer", case_id, "issue_prior_notice")
    course.act("officer", case_id, "serve_prior_notice", course.service(course.today.isoformat()))
    course.later(days=10)
    course.act("officer", case_id, "submit_for_decision")
    course.approved("officer", case_id, "decide_penalty", course.decision())
    course.act("officer", case_id, "serve_decision", course.service(course.today.isoformat()))
    done = {"performed_on": course.today.isoformat(), "paid_total": 500_000}
    course.act("officer", case_id, "confirm_performance", done)
    with pytest.raises(ActionRefused) as error:
        course.approved("officer", case_id, "close_executed", CLOSING)
    (unmet,) = error.value.unmet
    assert str(unmet.message) == "本案的“查封、扣押”尚未办结（查封、扣押中）"
    assert unmet.cure == "officer"
    confiscated = {"confiscated_on": course.today.isoformat(), "confiscated_items": "床品", "confiscated_by": "1号"}
    act_in(course, case_id, "seizure", "confiscate", confiscated)
    course.approved("officer", case_id, "close_executed", CLOSING)
    assert course.image(case_id).main.category == "closed"
    stored_is_folded(course)


# --- recusal ---------------------------------------------------------------------------------------------------------


def test_a_recusal_is_decided_by_the_head_and_names_the_successors(course: Course) -> None:
    case_id = course.filed()
    first, second = course.officers
    fields = {
        "recusal_of": first,
        "recusal_rank": "staff",
        "recusal_by": "party",
        "recusal_asked_on": course.today.isoformat(),
        "recusal_reason": "亲属关系",
    }
    open_side(course, case_id, "recusal", "request_recusal", fields)
    with pytest.raises(ActionRefused) as open_still:
        course.act("officer", case_id, "conclude_investigation", REPORT)
    assert [str(item.message) for item in open_still.value.unmet] == ["回避申请还没有决定"]
    answer = {
        "recusal_decider": "leader",
        "recusal_verdict": "granted",
        "recused_officers": [first],
        "officers": [first, second],
        "recusal_opinion": "成立",
    }
    with pytest.raises(ActionRefused) as error:
        act_in(course, case_id, "recusal", "decide_recusal", answer, by="leader")
    assert [item.guard for item in error.value.unmet] == ["officers_not_recused"]
    refused_ = {**answer, "recusal_verdict": "refused", "recusal_opinion": "不成立"}
    del refused_["recused_officers"]
    act_in(course, case_id, "recusal", "decide_recusal", refused_, by="leader")
    assert side_of(course, case_id, "recusal").state == "refused"
    course.act("officer", case_id, "conclude_investigation", REPORT)


def test_whoever_recused_himself_is_in_charge_no_more(course: Course) -> None:
    case_id = course.filed()
    first, second = course.officers
    fields = {
        "recusal_of": first,
        "recusal_rank": "staff",
        "recusal_by": "self",
        "recusal_asked_on": course.today.isoformat(),
        "recusal_reason": "亲属关系",
    }
    open_side(course, case_id, "recusal", "request_recusal", fields)
    answer = {
        "recusal_decider": "leader",
        "recusal_verdict": "granted",
        "recused_officers": [first],
        "officers": [second, course.people["head"].id],
        "recusal_opinion": "成立",
    }
    act_in(course, case_id, "recusal", "decide_recusal", answer, by="leader")
    assert course.image(case_id).officers == (second, course.people["head"].id)
    with pytest.raises(ActionRefused) as error:
        again = {"officers": course.officers, "change_reason": "人员调整"}
        course.act("head", case_id, "change_officers", again)
    assert [item.guard for item in error.value.unmet] == ["officers_not_recused"]
    stored_is_folded(course)


def test_evidence_kept_in_an_emergency_and_released_at_once(course: Course) -> None:
    case_id = course.filed()
    fields = {**PRESERVED, "kept_at": course.clock.at.isoformat(), "kept_reason": "账簿可能被销毁。"}
    open_side(course, case_id, "evidence_preservation", "preserve_at_once", fields)
    asked = act_in(
        course, case_id, "evidence_preservation", "release", {"release_reason": "不再需要", "returned_to": "张某"}
    )
    granted(course, asked)
    kept = side_of(course, case_id, "evidence_preservation")
    assert (kept.state, {clock.rule: clock.met for clock in kept.clocks}) == ("released", {"P04": True, "P03": False})
    with course.as_("officer") as ctx, pytest.raises(NotFound):
        case_act.act(ctx, case_id, "nothing", "release", {}, seen_version=None)
