"""Taking a step: state, ledger, clocks, papers and notices together, or nothing at all."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import date, timedelta
from typing import Any

import pytest

from caseapp.context import Context
from caseapp.domain.documents import DocumentNotReady
from caseapp.domain.errors import ActionRefused, InputError, InputErrors, NotFound, NotPermitted, StaleCase
from caseapp.domain.events import Precision
from caseapp.queries.case_images import entries_of, load
from caseapp.queries.organ_tree import OrganContact
from caseapp.services import case_act, effects
from caseapp.services.case_act import Outcome, act
from caseapp.services.unit_of_work import Unit
from tests.factories.cases import REPORT, Course

EXCLUDED = {"excluded_reason": "appraisal"}


def told(message: str) -> str:
    """Return the words of a stored notice, filled in."""
    kept = json.loads(message)
    return str(
        kept["text"] % {key: value["zh"] if isinstance(value, dict) else value for key, value in kept["values"].items()}
    )


def refused(
    course: Course, error: type[Exception], login: str, case_id: str, action: str, fields: Any = None, **more: Any
) -> Any:
    """Submit what must be refused, and make sure that it left no trace. Returns the error."""
    before = course.everything()
    with pytest.raises(error) as why:
        course.act(login, case_id, action, fields, **more)
    assert course.everything() == before
    return why.value


# --- what a step writes ----------------------------------------------------------------------------------------------


def test_a_step_is_written_with_its_entry_its_paper_and_its_notices(course: Course) -> None:
    case_id = course.lead().id
    outcome = course.later(hours=1).act(
        "head", case_id, "assign_check", {"officers": course.officers, "assignment_note": "尽快"}
    )
    assert (outcome.case_id, outcome.version, outcome.status) == (case_id, 3, "acted")
    assert (outcome.from_state, outcome.to_state, outcome.approval) == ("lead", "checking", None)

    (row,) = course.rows("case_file")
    assert (row["state"], row["version"], row["category"], row["lead_officer"]) == (
        "checking",
        3,
        "lead",
        course.officers[0],
    )
    assert row["updated_at"] == course.clock.at
    assert course.rows("case_officer", "user_id") == sorted(course.officers)
    assert course.ledger(case_id) == ["opened", "acted", "document_issued"]

    with course.parts.context() as ctx:
        acted = entries_of(ctx, case_id)[1]
    assert (acted.actor, acted.occurred_at, acted.recorded_at) == (
        course.people["head"].id,
        course.clock.at,
        course.clock.at,
    )
    assert acted.precision is Precision.INSTANT
    assert acted.payload["facts"] == {"officers": course.officers, "assignment_note": "尽快"}
    assert acted.payload["case"] == {"officers": course.officers}

    (paper,) = course.rows("issued_document")
    assert (paper["type"], paper["number"], paper["pdf_sha256"]) == ("lead_register", None, None)
    (message,) = course.rows("outbox")
    assert (message["topic"], message["key"], message["done_at"]) == ("print_document", f"print:{paper['id']}", None)
    assert json.loads(message["payload"]) == {"document": paper["id"]}

    notices = course.rows("notification")
    assert {notice["user_id"] for notice in notices} == set(course.officers)
    assert {told(notice["message"]) for notice in notices} == {f"{row['lead_number']}：“分办核查”已办理"}
    assert all(notice["case_id"] == case_id and notice["read_at"] is None for notice in notices)


def test_nobody_is_told_what_he_did_himself(course: Course) -> None:
    case_id = course.checking()
    course.act("head", case_id, "change_officers", {"officers": course.officers, "change_reason": "轮换"})
    assert course.people["head"].id not in course.rows("notification", "user_id")


def test_a_step_that_needs_approval_only_asks_for_it(course: Course) -> None:
    case_id = course.checking()
    before = course.rows("case_file")[0]
    outcome = course.act("officer", case_id, "file_case", course.filing())
    assert (outcome.status, outcome.from_state, outcome.to_state) == ("requested", "checking", "checking")

    row = course.rows("case_file")[0]
    assert (row["state"], row["number"], row["filed_on"]) == ("checking", None, None)
    assert row["version"] == before["version"] + 1
    (request,) = course.rows("approval")
    assert (request["id"], request["status"], request["step"], request["step_role"]) == (
        outcome.approval, "pending", "section_head", "section_head",
    )  # fmt: skip
    assert request["requested_by"] == course.people["officer"].id
    assert course.ledger(case_id)[-1] == "approval_requested"
    waiting = [row for row in course.rows("notification") if row["kind"] == "approval_waits"]
    assert [row["user_id"] for row in waiting] == [course.people["head"].id]
    assert told(waiting[0]["message"]).endswith("：“立案”待您审批（办案机构负责人意见）")
    assert course.rows("number_series", "series") == ["lead"], "a number is taken when the act takes effect"


def test_a_clock_is_met_and_another_started_and_the_list_shows_the_next(course: Course) -> None:
    case_id = course.filed()
    clocks = {row["rule"]: row for row in course.rows("clock_run")}
    assert (clocks["P01"]["met"], clocks["P01"]["ended_on"]) == (True, course.today)
    assert clocks["P10"]["met"] is None
    assert clocks["P10"]["due_on"] == course.today + timedelta(days=91), "the ninetieth day is a Sunday"
    row = course.rows("case_file")[0]
    assert (row["next_due_rule"], row["next_due_on"]) == ("P10", clocks["P10"]["due_on"])
    assert [item.kind.value for item in course.image(case_id).milestones] == ["registered", "filed"]


def test_amounts_found_are_those_of_the_case(course: Course) -> None:
    case_id = course.filed(amounts={"marks": 2})
    course.act("officer", case_id, "conclude_investigation", {**REPORT, "turnover": 9_735_300, "illegal_gains": 0})
    assert course.image(case_id).amounts == {"marks": 2, "turnover": 9_735_300, "gains": 0}


# --- refusals leave no trace -----------------------------------------------------------------------------------------


def test_a_stale_form_is_refused_and_says_which_version_it_saw(course: Course) -> None:
    case_id = course.checking()
    stale = refused(course, StaleCase, "officer", case_id, "tell_rights", course.rights_told(), seen_version=1)
    assert (stale.seen, stale.current) == (1, 3)


def test_who_comes_from_no_form_need_not_have_seen_a_version(course: Course) -> None:
    case_id = course.checking()
    assert course.act("officer", case_id, "tell_rights", course.rights_told(), seen_version=None).status == "acted"


def test_an_unmet_condition_is_told_with_its_article(course: Course) -> None:
    case_id = course.checking()
    wrong = {**course.filing(), "filing_in_time": False}
    error = refused(course, ActionRefused, "officer", case_id, "file_case", wrong)
    assert [unmet.guard for unmet in error.unmet] == ["filing_conditions_met"]
    assert error.unmet[0].article


def test_a_wrong_form_is_told_field_by_field(course: Course) -> None:
    case_id = course.checking()
    error = refused(course, InputErrors, "officer", case_id, "file_case", {"case_name": "x" * 201})
    assert {item.field for item in error.errors} >= {"case_name", "officers", "filing_evidence"}


def test_somebody_elses_case_is_not_ones_own_to_act_in(course: Course) -> None:
    case_id = course.lead().id
    course.act("head", case_id, "assign_check", {"officers": course.officers})
    error = refused(course, ActionRefused, "head", case_id, "file_case", course.filing())
    assert "role" in [unmet.guard for unmet in error.unmet]


def test_a_case_or_proceeding_that_does_not_exist_is_not_found(course: Course) -> None:
    case_id = course.checking()
    with course.as_("officer") as ctx:
        with pytest.raises(NotFound):
            act(ctx, "f" * 32, "main", "tell_rights", {}, seen_version=None)
        with pytest.raises(NotFound):
            act(ctx, case_id, "f" * 32, "tell_rights", {}, seen_version=None)


def test_a_paper_that_lacks_something_stops_the_step_and_says_what(course: Course) -> None:
    case_id = course.concluded()
    course.act("legal", case_id, "review_case", course.review())
    course.reached_at(OrganContact())
    error = refused(course, DocumentNotReady, "officer", case_id, "issue_prior_notice")
    assert (error.document_type, [item.path for item in error.missing]) == (
        "prior_notice",
        ["organ.address", "organ.phone"],
    )
    assert str(error) == "行政处罚告知书尚缺以下内容：机关地址、机关联系电话"


def test_a_character_that_no_font_has_is_found_before_anything_is_issued(course: Course) -> None:
    case_id = course.checking()
    error = refused(
        course,
        DocumentNotReady,
        "officer",
        case_id,
        "file_case",
        {**course.filing(), "filing_findings": "标志为\U0001f409形"},
    )
    assert [(item.character, item.code) for item in error.unprintable] == [("\U0001f409", "U+1F409")]
    assert "U+1F409" in str(error)


# --- the same submission again ---------------------------------------------------------------------------------------


def test_the_same_submission_again_does_nothing_and_answers_the_same(course: Course) -> None:
    case_id = course.checking()
    version = course.image(case_id).version
    first = course.act("officer", case_id, "tell_rights", course.rights_told(), idempotency_key="k1")
    before = course.everything()
    again = course.act(
        "officer", case_id, "tell_rights", course.rights_told(), idempotency_key="k1", seen_version=version
    )
    assert again == first
    assert course.everything() == before


def test_a_request_for_approval_is_made_once_however_often_it_is_sent(course: Course) -> None:
    case_id = course.checking()
    first, again = (
        course.act("officer", case_id, "file_case", course.filing(), idempotency_key="k1") for _ in range(2)
    )
    assert again == first
    assert len(course.rows("approval")) == 1


def test_somebody_elses_submission_is_not_repeated(course: Course) -> None:
    case_id = course.checking()
    course.act("officer", case_id, "tell_rights", course.rights_told(), idempotency_key="k1")
    refused(course, NotPermitted, "officer2", case_id, "file_case", course.filing(), idempotency_key="k1")


def test_a_refused_submission_may_be_sent_again_under_its_key(course: Course) -> None:
    case_id = course.checking()
    refused(course, InputErrors, "officer", case_id, "tell_rights", {}, idempotency_key="k1")
    assert course.act("officer", case_id, "tell_rights", course.rights_told(), idempotency_key="k1").status == "acted"


# --- back-dated ------------------------------------------------------------------------------------------------------


def test_an_act_is_of_the_day_the_form_tells_and_known_from_today(course: Course) -> None:
    case_id = course.filed()
    day = course.today
    course.later(days=6).act(
        "officer", case_id, "exclude_time", {**EXCLUDED, "excluded_from": (day + timedelta(days=2)).isoformat()}
    )
    with course.parts.context() as ctx:
        entry = entries_of(ctx, case_id)[-1]
    assert (entry.precision, entry.recorded_at) == (Precision.DAY, course.clock.at)
    (milestone,) = (row for row in course.rows("milestone") if row["kind"] == "excluded_from")
    assert (milestone["on_date"], milestone["recorded_at"]) == (day + timedelta(days=2), course.clock.at)


def test_an_act_before_the_last_one_is_taken_where_the_whole_stays_lawful(course: Course) -> None:
    case_id = course.filed()
    day = course.today + timedelta(days=3)
    course.later(days=20)
    course.act("officer", case_id, "record_split", {"split_from": "甲案", "split_reason": "分案"})
    course.act("officer", case_id, "exclude_time", {**EXCLUDED, "excluded_from": day.isoformat()})
    acts = [item.action for item in course.image(case_id).main.acts]
    assert acts == ["assign_check", "tell_rights", "file_case", "exclude_time", "record_split"]
    assert [row["kind"] for row in course.rows("milestone")] == ["registered", "filed", "split", "excluded_from"], (
        "by sequence"
    )
    assert [item.kind.value for item in course.image(case_id).milestones][-2:] == ["excluded_from", "split"], "by time"


def test_an_act_of_a_day_comes_after_what_was_already_done_on_that_day(course: Course) -> None:
    """Filed at nine, told by its day alone: it lies after the filing, whatever was done on later days."""
    case_id = course.filed()
    day = course.today.isoformat()
    course.later(days=5).act("officer", case_id, "record_split", {"split_from": "甲案", "split_reason": "分案"})
    outcome = course.act("officer", case_id, "exclude_time", {**EXCLUDED, "excluded_from": day})
    assert outcome.status == "acted"
    acts = [item.action for item in course.image(case_id).main.acts]
    assert acts == ["assign_check", "tell_rights", "file_case", "exclude_time", "record_split"]
    assert course.image(case_id).main.pauses[0].first == date.fromisoformat(day)


def test_an_act_before_the_last_one_is_refused_where_it_would_undo_what_followed(course: Course) -> None:
    case_id = course.concluded()
    course.later(days=9)
    course.act("officer", case_id, "reinvestigate", {"reinvestigate_reason": "补充"})
    course.later(days=9)
    between = course.today - timedelta(days=12)
    error = refused(course, ActionRefused, "officer", case_id, "conclude_investigation", REPORT, occurred_on=between)
    assert error.unmet


def test_an_act_is_judged_by_what_was_so_on_its_day(course: Course) -> None:
    """Who took the case over yesterday cannot have acted in it last week."""
    case_id = course.filed()
    course.later(days=9)
    head = course.people["head"].id
    course.act("leader", case_id, "change_officers", {"officers": [head, course.officers[1]], "change_reason": "轮换"})
    day = (course.today - timedelta(days=3)).isoformat()
    assert course.act("officer", case_id, "exclude_time", {**EXCLUDED, "excluded_from": day}).status == "acted"
    today = course.today.isoformat()
    error = refused(course, ActionRefused, "officer", case_id, "end_excluded_time", {"excluded_until": today})
    assert "actor_is_assigned" in [unmet.guard for unmet in error.unmet]


def test_an_act_before_there_was_a_case_is_not_found(course: Course) -> None:
    case_id = course.filed()
    day = (course.today - timedelta(days=30)).isoformat()
    refused(course, NotFound, "officer", case_id, "exclude_time", {**EXCLUDED, "excluded_from": day})


def test_nothing_happens_in_the_future(course: Course) -> None:
    case_id = course.filed()
    tomorrow = course.today + timedelta(days=1)
    error = refused(
        course, InputError, "officer", case_id, "exclude_time", {**EXCLUDED, "excluded_from": tomorrow.isoformat()}
    )
    assert error.field == "excluded_from"
    later = {"officers": course.officers, "change_reason": "人员调整"}
    error = refused(course, InputError, "head", case_id, "change_officers", later, occurred_on=tomorrow)
    assert error.field == "occurred_on"


def test_while_a_request_waits_an_earlier_day_is_no_way_round_it(course: Course) -> None:
    case_id = course.filed()
    course.later(days=5).act(
        "officer", case_id, "terminate_investigation", {"termination_ground": "other", "termination_reason": "终止"}
    )
    day = (course.today - timedelta(days=2)).isoformat()
    error = refused(course, ActionRefused, "officer", case_id, "exclude_time", {**EXCLUDED, "excluded_from": day})
    assert [unmet.guard for unmet in error.unmet] == ["pending"]


# --- together --------------------------------------------------------------------------------------------------------


def test_of_two_acts_at_once_one_is_taken_and_the_other_is_stale(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = course.checking()
    gate = threading.Barrier(2, timeout=30)
    real = case_act.late_unit_of_work

    @contextmanager
    def together(ctx: Context) -> Iterator[Unit]:
        gate.wait()  # both have read and decided before either writes
        with real(ctx) as unit:
            yield unit

    monkeypatch.setattr(case_act, "late_unit_of_work", together)
    # As in two processes: those queue for the write alone.
    monkeypatch.setattr(case_act, "lined_up", lambda _session: nullcontext())

    def submit(login: str) -> Outcome | StaleCase:
        try:
            return course.act(login, case_id, "tell_rights", course.rights_told())
        except StaleCase as stale:
            return stale

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(submit, ("officer", "officer2")))
    assert sorted(type(item).__name__ for item in found) == ["Outcome", "StaleCase"]
    (stale,) = (item for item in found if isinstance(item, StaleCase))
    assert (stale.seen, stale.current) == (3, 4)
    assert course.ledger(case_id).count("acted") == 2
    assert course.image(case_id).version == 4


# --- cut off in the middle -------------------------------------------------------------------------------------------


class PowerCut(BaseException):
    """What no code foresees."""


@pytest.mark.parametrize("place", ["issue_documents", "after"])
def test_a_step_that_is_cut_off_has_not_happened(course: Course, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    case_id = course.lead().id
    before = course.everything()

    def fail(*_: Any, **__: Any) -> None:
        raise PowerCut

    monkeypatch.setattr(effects, place, fail)
    with pytest.raises(PowerCut):
        course.act("head", case_id, "assign_check", {"officers": course.officers}, idempotency_key="k")
    assert course.everything() == before
    monkeypatch.undo()
    assert (
        course.act("head", case_id, "assign_check", {"officers": course.officers}, idempotency_key="k").status
        == "acted"
    )


def test_loading_and_acting_do_not_hold_each_other_up(course: Course) -> None:
    """A reader in the middle of his transaction neither waits for a writer nor sees half of what he writes."""
    case_id = course.checking()
    with course.parts.context() as reader:
        seen = load(reader, case_id).version
        course.act("officer", case_id, "tell_rights", course.rights_told())
        assert load(reader, case_id).version in (seen, seen + 1)
