"""Standing in for a colleague: inside the dates, by his rights and no further, with both names on record."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from caseapp.domain.errors import ActionRefused, CaseAppError, InputError, InputErrors, NotPermitted, RuleRefused
from caseapp.domain.items import Keeper, Side
from caseapp.models.case_file import CaseFile
from caseapp.queries.case_images import entries_of
from caseapp.queries.case_page import case_page
from caseapp.queries.case_timeline import timeline
from caseapp.queries.deputies import deputyships
from caseapp.queries.desk import desk_of
from caseapp.queries.evidence_page import evidence_page
from caseapp.queries.inbox import inbox, paper, waiting_count
from caseapp.queries.notifications import notices
from caseapp.queries.pending_moves import awaited_moves
from caseapp.queries.visibility import visible_cases
from caseapp.services import case_approve, case_assign, case_facts, deputies, evidence_change, evidence_move
from caseapp.services.deadlines_watch import watch
from caseapp.services.ledger_rebuild import differences
from tests.factories.cases import Course
from tests.factories.custody import ask, attach, confirm, take
from tests.support import evidence_files as files


def name(course: Course, by: str, principal: str, deputy: str, **more: Any) -> str:
    told = {"first_on": course.today, "last_on": course.today + timedelta(days=6), "reason": "出差", **more}
    with course.as_(by) as ctx:
        return deputies.name_deputy(ctx, course.people[principal].id, course.people[deputy].id, **told)


def checking_by(course: Course, *logins: str) -> str:
    """A lead that is checked by these people."""
    case_id = course.lead().id
    course.act("leader", case_id, "assign_check", {"officers": [course.people[login].id for login in logins]})
    return case_id


def sees(course: Course, login: str, case_id: str) -> bool:
    with course.as_(login) as ctx:
        return case_id in set(ctx.session.execute(select(CaseFile.id).where(visible_cases(ctx))).scalars())


# --- officers --------------------------------------------------------------------------------------------------------


def test_a_deputy_acts_in_the_cases_of_his_principal_and_the_record_names_both(course: Course) -> None:
    case_id = checking_by(course, "officer", "head")
    with pytest.raises(ActionRefused):
        course.act("officer2", case_id, "tell_rights", course.rights_told())
    name(course, "officer", "officer", "officer2")
    course.act("officer2", case_id, "tell_rights", course.rights_told())
    act = course.image(case_id).main.acts[-1]
    principal, deputy = course.people["officer"].id, course.people["officer2"].id
    assert (act.actor, act.principal) == (deputy, principal)
    with course.as_("officer2") as ctx:
        page = case_page(ctx, case_id)
        told = timeline(ctx, case_id).items[0]
    assert page.main.acts[-1].actor == "陆文珺（代顾海宁）"
    assert told.actor == "陆文珺（代顾海宁）"


def test_a_paper_that_a_deputy_issues_names_both_in_the_record(course: Course) -> None:
    case_id = checking_by(course, "officer", "head")
    name(course, "officer", "officer", "officer2")
    by = (course.today + timedelta(days=5)).isoformat()
    notice = {"materials_of": "张某", "materials_list": "进货台账", "materials_by": by}
    course.act("officer2", case_id, "materials_notice", notice)
    with course.as_("officer2") as ctx:
        assert timeline(ctx, case_id).items[0].actor == "陆文珺（代顾海宁）"
        assert entries_of(ctx, case_id)[-1].payload["for"] == course.people["officer"].id


def test_outside_the_dates_or_once_revoked_nobody_stands_in(course: Course) -> None:
    case_id = checking_by(course, "officer", "head")
    tomorrow = course.today + timedelta(days=1)
    deputyship = name(course, "officer", "officer", "officer2", first_on=tomorrow, last_on=tomorrow)
    with pytest.raises(ActionRefused):
        course.act("officer2", case_id, "tell_rights", course.rights_told())
    course.later(days=1)
    with course.as_("officer2") as ctx:
        assert [item.behalf for item in desk_of(ctx).due] == ["顾海宁"]
    with course.as_("officer") as ctx:
        assert [item.behalf for item in desk_of(ctx).due] == [""]
        deputies.revoke_deputy(ctx, deputyship)
        assert [one.status for one in deputyships(ctx)] == ["revoked"]
        with pytest.raises(RuleRefused):
            deputies.revoke_deputy(ctx, deputyship)
    with pytest.raises(ActionRefused):
        course.act("officer2", case_id, "tell_rights", course.rights_told())


def test_a_deputy_sees_what_his_principal_sees_and_only_as_long(course: Course) -> None:
    case_id = checking_by(course, "officer", "head")
    with course.as_("officer") as ctx:
        case_facts.change(ctx, case_id, {"restricted": True}, reason="涉密", seen_version=None)
    assert not sees(course, "officer2", case_id)
    name(course, "officer", "officer", "officer2", last_on=course.today)
    assert sees(course, "officer2", case_id)
    course.later(days=1)
    assert not sees(course, "officer2", case_id)


def test_a_request_made_by_a_deputy_is_the_principals_and_is_granted_by_his_rights(course: Course) -> None:
    case_id = checking_by(course, "officer", "officer2")
    course.act("officer", case_id, "tell_rights", course.rights_told())
    course.approved("officer", case_id, "file_case", course.filing())
    with course.as_("leader") as ctx:
        case_assign.assign(ctx, case_id, [course.people["officer"].id, course.people["head"].id], seen_version=None)
    name(course, "officer", "officer", "officer2")
    outcome = course.act("officer2", case_id, "withdraw_filing", {"withdrawal_reason": "立案有误"})
    request = course.image(case_id).approvals[-1]
    assert (request.by, request.principal) == (course.people["officer2"].id, course.people["officer"].id)
    with course.as_("officer") as ctx:
        assert case_approve.withdraw(ctx, outcome.approval or "", seen_version=None).status == "withdrawn"


# --- signatures ------------------------------------------------------------------------------------------------------


def filing_asked(course: Course) -> Any:
    case_id = checking_by(course, "officer", "officer2")
    course.act("officer", case_id, "tell_rights", course.rights_told())
    return course.act("officer", case_id, "file_case", course.filing())


def test_a_deputy_who_lacks_the_role_waits_for_the_leaders_leave_and_then_signs(course: Course) -> None:
    asked = filing_asked(course)
    deputyship = name(course, "head", "head", "legal")
    with course.as_("legal") as ctx:
        assert waiting_count(ctx) == 0
    assert [one for one in course.rows("notification", "user_id", "kind") if one[1] == "deputy"] == [
        (course.people["leader"].id, "deputy")
    ]
    with course.as_("officer") as ctx, pytest.raises(NotPermitted):
        deputies.allow_deputy(ctx, deputyship)
    with course.as_("leader") as ctx:
        deputies.allow_deputy(ctx, deputyship)
        with pytest.raises(RuleRefused):
            deputies.allow_deputy(ctx, deputyship)
    with course.as_("legal") as ctx:
        assert [item.behalf for item in inbox(ctx).papers] == ["钱立新"]
        assert [item.behalf for item in desk_of(ctx).to_sign] == ["钱立新"]
        assert paper(ctx, asked.approval).behalf == "钱立新"
    course.sign("legal", asked, opinion="同意立案。")
    signature = course.image(asked.case_id).approvals[0].signatures[0]
    assert (signature.by, signature.principal) == (course.people["legal"].id, course.people["head"].id)
    course.sign("leader", asked)
    with course.as_("leader") as ctx:
        shown = paper(ctx, asked.approval)
        assert shown.chain[0].by == "沈思齐（代钱立新）"
    facts = "".join(course.rows("issued_document", "facts"))
    assert "沈思齐（代钱立新）" in facts


def test_the_deputy_is_told_what_waits_for_his_principal(course: Course) -> None:
    name(course, "leader", "head", "legal")
    filing_asked(course)
    told = [user for user, kind in course.rows("notification", "user_id", "kind") if kind == "approval_waits"]
    assert sorted(told) == sorted([course.people["head"].id, course.people["legal"].id])


def test_nobody_approves_his_own_work_as_a_deputy(course: Course) -> None:
    asked = filing_asked(course)
    name(course, "leader", "head", "officer2")
    with course.as_("officer2") as ctx:
        assert inbox(ctx).papers == ()
    with pytest.raises(NotPermitted, match="办案人员"):
        course.sign("officer2", asked)


def test_who_signed_a_step_as_deputy_signs_no_other(course: Course) -> None:
    asked = filing_asked(course)
    name(course, "leader", "head", "legal")
    name(course, "leader", "leader", "legal")
    course.sign("legal", asked)
    with pytest.raises(NotPermitted, match="另一步骤"):
        course.sign("legal", asked)


def test_a_deputy_may_not_what_his_principal_may_not(course: Course) -> None:
    case_id = checking_by(course, "officer", "head")
    course.act("officer", case_id, "tell_rights", course.rights_told())
    asked = course.act("officer", case_id, "file_case", {**course.filing(), "officers": course.officers})
    name(course, "leader", "head", "legal")
    with pytest.raises(NotPermitted):
        course.sign("legal", asked)  # the section head investigates this case himself


# --- naming ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "principal", "deputy", "field"),
    [
        ("officer", "officer", "officer", "deputy"),
        ("officer", "officer", "legal", "deputy"),
        ("legal", "legal", "officer", "deputy"),
        ("officer", "officer", "supervisor", "deputy"),
    ],
    ids=["himself", "an uncertified colleague", "an unqualified reviewer", "somebody of another organ"],
)
def test_who_cannot_stand_in_is_refused(course: Course, by: str, principal: str, deputy: str, field: str) -> None:
    before = course.everything()
    with pytest.raises(InputErrors) as why:
        name(course, by, principal, deputy)
    assert field in {error.field for error in why.value.errors}
    assert course.everything() == before


@pytest.mark.parametrize(
    ("first_on", "last_on"), [(date(2026, 12, 2), date(2026, 12, 1)), (date(2026, 11, 1), date(2026, 11, 2))]
)
def test_days_that_end_before_they_begin_or_are_past_are_refused(course: Course, first_on: date, last_on: date) -> None:
    with pytest.raises(InputErrors) as why:
        name(course, "officer", "officer", "officer2", first_on=first_on, last_on=last_on)
    assert [error.field for error in why.value.errors] == ["last_on"]


def test_one_names_for_oneself_a_leader_also_for_others_and_two_terms_never_overlap(course: Course) -> None:
    with pytest.raises(NotPermitted):
        name(course, "head", "officer", "officer2")
    first = name(course, "leader", "officer", "officer2")
    with pytest.raises(RuleRefused):
        name(course, "officer", "officer", "officer2", first_on=course.today + timedelta(days=6))
    with course.as_("head") as ctx, pytest.raises(NotPermitted):
        deputies.revoke_deputy(ctx, first)
    with course.as_("officer2") as ctx:
        deputies.revoke_deputy(ctx, first)
    name(course, "officer", "officer", "officer2")
    kinds = [row["kind"] for row in course.rows("ledger_entry") if row["chain"] == "system"]
    assert kinds[-3:] == ["deputy_named", "deputy_revoked", "deputy_named"]


def test_no_reason_nobody_and_those_who_left_are_refused(course: Course) -> None:
    with pytest.raises(InputError):
        name(course, "officer", "officer", "officer2", reason=" ")
    with course.as_("officer") as ctx:
        for missing in (
            lambda: deputies.name_deputy(
                ctx, ctx.actor.id, "f" * 32, first_on=course.today, last_on=course.today, reason="出差"
            ),
            lambda: deputies.allow_deputy(ctx, "f" * 32),
        ):
            with pytest.raises(CaseAppError):
                missing()


# --- goods -----------------------------------------------------------------------------------------------------------


def test_a_deputy_confirms_and_refuses_moves_of_goods_inside_the_dates(course: Course) -> None:
    case_id = checking_by(course, "officer", "head")
    item = take(course, case_id, by="head")
    first = ask(course, case_id, item, "officer", 6, by="head")
    with pytest.raises(ActionRefused):
        confirm(course, case_id, first, "officer2")
    name(course, "officer", "officer", "officer2")
    with course.as_("officer2") as ctx:
        [awaited] = awaited_moves(ctx)
        assert (awaited.side, awaited.behalf) == ("taking", course.people["officer"].name)
        [line] = evidence_page(ctx, course.image(case_id), {}).pending
        assert (line.mine, line.behalf, line.ends) == ((Side.TAKING,), course.people["officer"].name, True)
    confirm(course, case_id, first, "officer2")
    assert course.image(case_id).custody.items[1].keeper == Keeper(course.people["officer"].id)
    second = ask(course, case_id, item, "officer", 5, by="head")
    with course.as_("officer2") as ctx:
        evidence_move.call_off(ctx, case_id, second, reason="数量不符")
        told = timeline(ctx, case_id).items
    assert [str(item.actor) for item in told[:3:2]] == ["陆文珺（代顾海宁）"] * 2
    third = ask(course, case_id, item, "officer", 4, by="head")
    course.later(days=8)
    with pytest.raises(ActionRefused):
        confirm(course, case_id, third, "officer2")
    with course.as_("officer2") as ctx:
        assert awaited_moves(ctx) == ()
        with pytest.raises(ActionRefused):
            evidence_move.call_off(ctx, case_id, third, reason="已过代理期")


def test_a_deputy_moves_what_his_principal_keeps_and_the_record_names_both(course: Course) -> None:
    case_id = checking_by(course, "officer", "head")
    item = take(course, case_id)
    with pytest.raises(ActionRefused):
        ask(course, case_id, item, "head", 6, by="officer2")
    name(course, "officer", "officer", "officer2")
    with course.as_("officer2") as ctx:
        page = evidence_page(ctx, course.image(case_id), {})
        assert (page.why_not, [line.movable for line in page.items]) == (None, [True])
    with pytest.raises(ActionRefused, match="同一人"):
        ask(course, case_id, item, "officer2", 6, by="officer2")
    move = ask(course, case_id, item, "head", 6, by="officer2")
    with course.as_("officer2") as ctx:
        assert str(timeline(ctx, case_id).items[0].actor) == "陆文珺（代顾海宁）"
    asked = course.image(case_id).custody.moves[-1]
    assert (asked.asked_by, asked.given_by, asked.taken_by) == (
        course.people["officer2"].id,
        course.people["officer2"].id,
        "",
    )
    confirm(course, case_id, move, "head")
    assert [one.keeper for one in course.image(case_id).custody.items] == [
        Keeper(course.people["officer"].id),
        Keeper(course.people["head"].id),
    ]
    course.later(days=8)
    with pytest.raises(ActionRefused):
        ask(course, case_id, item, "head", 5, by="officer2")
    with course.parts.context() as ctx:
        assert list(differences(ctx, case_id)) == []


def test_nobody_gives_for_his_principal_what_he_takes_himself(course: Course) -> None:
    case_id = checking_by(course, "officer", "officer2")
    item = take(course, case_id)
    name(course, "officer", "officer", "officer2")
    move = ask(course, case_id, item, "officer2", 6, by="officer2")
    with pytest.raises(ActionRefused, match="同一人"):
        confirm(course, case_id, move, "officer2", Side.GIVING)
    confirm(course, case_id, move, "officer", Side.GIVING)
    assert course.image(case_id).custody.items[1].keeper == Keeper(course.people["officer2"].id)


def test_what_a_deputy_brings_into_the_file_is_on_record_for_his_principal(course: Course) -> None:
    case_id = checking_by(course, "officer", "head")
    name(course, "officer", "officer", "officer2")
    piece = attach(course, case_id, files.jpeg(), by="officer2")
    taken = take(course, case_id, by="officer2")
    with course.as_("officer2") as ctx:
        evidence_change.withdraw(ctx, case_id, piece, reason="重复")
        told = timeline(ctx, case_id).items
    assert [str(item.actor) for item in told[:3]] == ["陆文珺（代顾海宁）"] * 3
    held = course.image(case_id).custody.item(taken)
    assert held is not None
    assert held.keeper == Keeper(course.people["officer2"].id), "who signs for goods keeps them"


# --- notices ---------------------------------------------------------------------------------------------------------


def told(course: Course, login: str) -> list[str]:
    """Return what a person was told about cases, the newest first."""
    with course.as_(login) as ctx:
        return [str(one.message) for one in notices(ctx) if one.case_id]


def test_what_reaches_a_person_reaches_his_deputy_once_and_names_him(course: Course) -> None:
    name(course, "officer", "officer", "officer2")
    case_id = checking_by(course, "officer", "head")
    (heard,) = told(course, "officer2")
    assert heard.endswith("（您代理顾海宁）")
    assert heard.startswith(told(course, "officer")[0])
    course.later(days=30)
    with course.parts.context() as ctx:
        watch(ctx)
        watch(ctx)
    assert len(told(course, "officer")) > 1
    assert len(told(course, "officer2")) == 1, "the term of the deputy is over"
    with course.as_("leader") as ctx:
        case_assign.assign(ctx, case_id, [course.people["officer2"].id], seen_version=None, reason="换人")
    assert not told(course, "officer2")[0].endswith("（您代理顾海宁）")


def test_a_deadline_is_told_to_the_deputy_too(course: Course) -> None:
    checking_by(course, "officer", "head")
    course.later(days=30)
    name(course, "officer", "officer", "officer2")
    with course.parts.context() as ctx:
        watch(ctx)
    heard = told(course, "officer2")
    assert heard
    assert all(one.endswith("（您代理顾海宁）") for one in heard)
    assert {one.removesuffix("（您代理顾海宁）") for one in heard} <= set(told(course, "officer"))
