"""Signing, returning, withdrawing: the act takes effect at the last signature, and what was frozen must still be so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from caseapp.context import Context
from caseapp.domain.errors import ActionRefused, InputError, NotFound, NotPermitted, StaleCase
from caseapp.domain.roles import Role, Scope
from caseapp.domain.workflow.situation import Actor
from caseapp.models.account import Account
from caseapp.queries.case_images import entries_of, load
from caseapp.services import case_approve, case_assign, case_facts, case_note, effects
from caseapp.services.case_act import Outcome
from caseapp.services.installation import AccountDraft, create_account
from caseapp.services.ledger_rebuild import differences
from caseapp.services.unit_of_work import Unit, unit_of_work
from tests.factories.cases import Course
from tests.support.app import PASSWORD


def asked(course: Course) -> Outcome:
    """Return a request to file a case."""
    return course.act("officer", course.checking(), "file_case", course.filing())


def refused(course: Course, error: type[Exception], login: str, outcome: Outcome, **more: Any) -> Any:
    before = course.everything()
    with pytest.raises(error) as why:
        course.sign(login, outcome, **more)
    assert course.everything() == before
    return why.value


def newcomer(course: Course, login: str, *roles: Role, organ: str = "320612-ip") -> None:
    """Give one more person an account and let `course` know him."""
    draft = AccountDraft(login, login, organ, roles, Scope.ORGAN, PASSWORD, must_change_password=False)
    with course.parts.context() as ctx:
        person = create_account(ctx, draft)
    course.people = {**course.people, login: Actor(person, login, organ, frozenset(roles))}


# --- the way to the last signature -----------------------------------------------------------------------------------


def test_each_signature_moves_the_request_on_and_the_last_one_makes_it_an_act(course: Course) -> None:
    request = asked(course)
    course.later(hours=1)
    first = course.sign("head", request, opinion="  拟同意  ")
    assert (first.status, first.from_state, first.to_state) == ("signed", "checking", "checking")
    (row,) = course.rows("approval")
    assert (row["status"], row["step"], row["step_role"]) == ("pending", "leader", "leader")
    assert course.people["leader"].id in course.rows("notification", "user_id")
    assert course.rows("case_file", "state") == ["checking"]

    course.later(hours=1)
    last = course.sign("leader", request)
    assert (last.status, last.from_state, last.to_state) == ("acted", "checking", "investigating")
    (row,) = course.rows("approval")
    assert (row["status"], row["step"], row["step_role"]) == ("granted", None, None)
    assert last.number == course.rows("case_file", "number")[0] == "通州市监知执字〔2026〕1号"
    assert course.ledger(request.case_id)[-5:] == [
        "approval_requested", "approval_signed", "approval_signed", "acted", "document_issued",
    ]  # fmt: skip
    with course.parts.context() as ctx:
        entries = entries_of(ctx, request.case_id)
    acted = next(entry for entry in reversed(entries) if entry.kind == "acted")
    assert acted.actor == course.people["officer"].id, "the act is the officer's; the signatures are the signers'"
    assert acted.payload["approval"] == request.approval
    assert [entry.payload["opinion"] for entry in entries if entry.kind == "approval_signed"] == ["拟同意", ""]


def test_everybody_concerned_is_told_once(course: Course) -> None:
    request = asked(course)
    course.sign("head", request)
    course.sign("leader", request)
    kinds = [(row["kind"], row["user_id"]) for row in course.rows("notification") if row["kind"].startswith("approval")]
    assert kinds == [
        ("approval_waits", course.people["head"].id),
        ("approval_waits", course.people["leader"].id),
        ("approval_ended", course.people["officer"].id),
    ]


def test_the_paper_carries_the_opinions_of_all_who_signed(course: Course) -> None:
    request = asked(course)
    course.sign("head", request, opinion="拟同意立案。")
    course.sign("leader", request)
    facts = course.rows("issued_document", "type", "facts")
    (paper,) = (text for kind, text in facts if kind == "filing_approval")
    assert "拟同意立案。" in paper
    assert "同意。" in paper


def test_the_day_of_the_act_is_the_day_of_the_last_signature(course: Course) -> None:
    request = asked(course)
    course.later(days=2).sign("head", request)
    course.later(days=3).sign("leader", request)
    filed = next(item for item in course.image(request.case_id).milestones if item.kind.value == "filed")
    assert filed.on == course.today


def test_a_leader_of_the_city_may_sign_for_the_county(course: Course) -> None:
    newcomer(course, "city", Role.LEADER, organ="320600-ip")
    newcomer(course, "neighbour", Role.LEADER, organ="320613-ip")
    request = asked(course)
    course.sign("head", request)
    refused(course, NotPermitted, "neighbour", request)
    assert course.sign("city", request).status == "acted"


# --- who may not -----------------------------------------------------------------------------------------------------


def test_whoever_does_not_hold_the_step_may_not_sign_it(course: Course) -> None:
    request = asked(course)
    for login in set(course.people) - {"head"}:
        refused(course, NotPermitted, login, request)


def test_nobody_signs_his_own_request_or_case_whatever_else_he_is(course: Course) -> None:
    newcomer(course, "both", Role.SECTION_HEAD, Role.OFFICER)
    request = asked(course)
    with course.as_("head") as ctx:
        case_assign.assign(ctx, request.case_id, [*course.officers, course.people["both"].id], seen_version=None)
    refused(course, NotPermitted, "both", request)


def test_one_person_does_not_sign_twice(course: Course) -> None:
    newcomer(course, "all", Role.SECTION_HEAD, Role.LEADER)
    request = asked(course)
    course.sign("all", request)
    error = refused(course, NotPermitted, "all", request)
    assert "另一步骤" in str(error)
    assert course.sign("leader", request).status == "acted"


# --- refusals and ends -----------------------------------------------------------------------------------------------


def test_a_request_is_returned_with_a_reason_and_the_case_goes_on(course: Course) -> None:
    request = asked(course)
    error = refused(course, InputError, "head", request, verdict="returned", opinion=" \n")
    assert error.field == "opinion"
    outcome = course.sign("head", request, verdict="returned", opinion="证据不足")
    assert (outcome.status, outcome.to_state) == ("returned", "checking")
    assert course.rows("approval", "status") == ["returned"]
    assert course.rows("case_file", "state") == ["checking"]
    assert course.rows("number_series", "series") == ["lead"]
    (notice,) = (row for row in course.rows("notification") if row["kind"] == "approval_ended")
    assert notice["user_id"] == course.people["officer"].id
    assert "被退回" in notice["message"]
    again = course.act("officer", request.case_id, "file_case", course.filing())
    assert again.approval != request.approval


def test_a_request_that_has_ended_is_signed_no_more(course: Course) -> None:
    request = asked(course)
    course.sign("head", request, verdict="returned", opinion="证据不足")
    error = refused(course, ActionRefused, "head", request)
    assert [unmet.guard for unmet in error.unmet] == ["pending"]


def test_a_request_that_does_not_exist_is_not_found(course: Course) -> None:
    with course.as_("head") as ctx:
        with pytest.raises(NotFound):
            case_approve.sign(ctx, "f" * 32, verdict="signed")
        with pytest.raises(NotFound):
            case_approve.withdraw(ctx, "f" * 32)


def test_another_word_than_signed_or_returned_is_none(course: Course) -> None:
    error = refused(course, InputError, "head", asked(course), verdict="perhaps")
    assert error.field == "verdict"


def test_an_opinion_has_an_end(course: Course) -> None:
    request = asked(course)
    refused(course, InputError, "head", request, opinion="字" * (case_approve.LONGEST_OPINION + 1))
    assert course.sign("head", request, opinion="字" * case_approve.LONGEST_OPINION).status == "signed"


def test_only_who_asked_takes_a_request_back(course: Course) -> None:
    request = asked(course)
    assert request.approval is not None
    with course.as_("officer2") as ctx, pytest.raises(NotPermitted):
        case_approve.withdraw(ctx, request.approval)
    with course.as_("officer") as ctx:
        with pytest.raises(StaleCase):
            case_approve.withdraw(ctx, request.approval, seen_version=1)
        outcome = case_approve.withdraw(ctx, request.approval, seen_version=request.version, idempotency_key="k")
        assert case_approve.withdraw(ctx, request.approval, idempotency_key="k") == outcome
    assert outcome.status == "withdrawn"
    assert course.rows("approval", "status", "step") == [("withdrawn", None)]
    assert "approval_ended" not in course.rows("notification", "kind"), "who took it back knows"
    assert course.act("officer", request.case_id, "file_case", course.filing()).status == "requested"


def test_a_stale_page_is_refused(course: Course) -> None:
    request = asked(course)
    with course.as_("officer") as ctx:
        case_note.add(ctx, request.case_id, "补记")
    error = refused(course, StaleCase, "head", request, seen_version=request.version)
    assert error.current == request.version + 1


def test_signing_twice_by_one_click_is_signing_once(course: Course) -> None:
    request = asked(course)
    first = course.sign("head", request, idempotency_key="k")
    before = course.everything()
    assert course.sign("head", request, idempotency_key="k") == first
    assert course.everything() == before
    refused(course, NotPermitted, "leader", request, idempotency_key="k")


# --- what was frozen -------------------------------------------------------------------------------------------------


def test_a_fact_that_changed_meanwhile_voids_the_request_instead(course: Course) -> None:
    request = asked(course)
    course.sign("head", request)
    with course.as_("officer") as ctx:
        case_facts.change(ctx, request.case_id, {"amounts": {"turnover": 1}}, reason="更正", seen_version=None)
    outcome = course.sign("leader", request)
    assert (outcome.status, outcome.to_state) == ("void", "checking")
    assert course.rows("approval", "status") == ["void"]
    assert course.ledger(request.case_id)[-1] == "approval_withdrawn"
    assert course.act("officer", request.case_id, "file_case", course.filing()).status == "requested"


def test_a_note_does_not_void_a_request(course: Course) -> None:
    request = asked(course)
    with course.as_("officer") as ctx:
        case_note.add(ctx, request.case_id, "补记")
    assert course.sign("head", request).status == "signed"


def test_conditions_are_judged_again_at_the_last_signature(course: Course) -> None:
    """A certificate that ran out while the request waited stops the act, and the request waits on."""
    request = asked(course)
    course.sign("head", request)
    with course.parts.context() as ctx, unit_of_work(ctx) as unit:
        unit.connection.execute(
            update(Account).where(Account.login == "officer").values(certificate_until=course.today - timedelta(days=1))
        )
    error = refused(course, ActionRefused, "leader", request)
    assert {unmet.guard for unmet in error.unmet} == {"two_certified_officers"}
    assert course.rows("approval", "status", "step") == [("pending", "leader")]


def test_who_asked_and_left_meanwhile_is_still_who_asked(course: Course) -> None:
    request = course.act("officer", course.filed(), "merge_case", {"merged_into": "甲案", "merge_reason": "关联"})
    with course.parts.context() as ctx, unit_of_work(ctx) as unit:
        unit.connection.execute(update(Account).where(Account.login == "officer").values(active=False))
    course.sign("head", request)
    assert course.sign("leader", request).status == "acted"
    assert course.image(request.case_id).main.acts[-1].actor == course.people["officer"].id


# --- together and cut off --------------------------------------------------------------------------------------------


def test_of_two_who_sign_one_step_at_once_one_signs_and_the_other_is_stale(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    newcomer(course, "head2", Role.SECTION_HEAD)
    request = asked(course)
    gate = threading.Barrier(2, timeout=30)
    real = case_approve.unit_of_work

    @contextmanager
    def together(ctx: Context) -> Iterator[Unit]:
        gate.wait()
        with real(ctx) as unit:
            yield unit

    monkeypatch.setattr(case_approve, "unit_of_work", together)

    def sign(login: str) -> str:
        try:
            return course.sign(login, request).status
        except StaleCase:
            return "stale"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sign, ("head", "head2"))) == ["signed", "stale"]
    assert course.ledger(request.case_id).count("approval_signed") == 1


def test_a_last_signature_that_is_cut_off_was_not_given_and_took_no_number(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = asked(course)
    course.sign("head", request)
    before = course.everything()

    def fail(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(effects, "approval_ended", fail)
    with pytest.raises(KeyboardInterrupt):
        course.sign("leader", request)
    assert course.everything() == before
    monkeypatch.undo()
    assert course.sign("leader", request).number.endswith("〔2026〕1号")


def test_the_image_after_the_last_signature_is_that_of_the_ledger(course: Course) -> None:
    case_id = course.filed()
    with course.parts.context() as ctx:
        assert list(differences(ctx, case_id)) == []
        assert load(ctx, case_id).version == len(entries_of(ctx, case_id))
