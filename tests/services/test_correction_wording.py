"""What an entry may be put in: not before its case, not for a stranger, and a deputy's act stays a deputy's."""

from __future__ import annotations

from datetime import timedelta

from caseapp.domain.errors import InputError
from caseapp.services import case_correct, deputies
from caseapp.services.case_intake import PartyDraft
from caseapp.services.correction_draft import Asked
from caseapp.services.correction_wording import Wording
from tests.factories.cases import Course
from tests.services.test_case_correct import ask, changed_facts, entered_party, seq_of, unchanged


def test_an_act_is_not_moved_to_a_day_before_its_case_or_after_today(course: Course) -> None:
    case_id = course.filed()
    course.later(days=3)
    seq = seq_of(course, case_id, "file_case")
    for days in (-9, 1):
        on = course.today + timedelta(days=days)
        asked = Asked(seq, "日期录错", Wording(on, course.filing()))
        refused = unchanged(course, InputError, lambda asked=asked: ask(course, "officer", case_id, asked))
        assert refused.field == "occurred_on"


def test_what_a_deputy_did_stays_done_for_his_principal_in_other_words(course: Course) -> None:
    case_id = course.lead().id
    named = [course.people[login].id for login in ("officer", "head")]
    course.act("leader", case_id, "assign_check", {"officers": named})
    with course.as_("officer") as ctx:
        principal, deputy = (course.people[login].id for login in ("officer", "officer2"))
        until = course.today + timedelta(days=9)
        deputies.name_deputy(ctx, principal, deputy, first_on=course.today, last_on=until, reason="出差")
    told = course.rights_told()
    course.act("officer2", case_id, "tell_rights", told)
    course.later(days=1)
    other = Wording(None, {**told, "rights_told_to": "李某"})
    with course.as_("officer") as ctx:
        (correction,) = case_correct.propose(
            ctx, case_id, Asked(seq_of(course, case_id, "tell_rights"), "录错", other)
        ).corrections
    assert correction["payload"]["for"] == principal
    assert correction["payload"]["facts"]["rights_told_to"] == "李某"


def test_parties_and_fields_that_the_entry_does_not_tell_are_refused(course: Course) -> None:
    case_id = course.filed()
    seq = entered_party(course, case_id, "南通云帆家纺有限公司")
    stranger = {"0" * 32: PartyDraft("third_party", "organisation", "另一公司", None, {})}
    refused = unchanged(
        course,
        InputError,
        lambda: ask(course, "officer", case_id, Asked(seq, "录错", Wording(None, {"parties": stranger}))),
    )
    assert refused.field == "parties"
    other = changed_facts(course, case_id, summary="夜市")
    asked = Asked(other, "录错", Wording(None, {"title": "某案"}))
    assert unchanged(course, InputError, lambda: ask(course, "officer", case_id, asked)).field == "title"


def test_the_same_words_on_the_same_day_are_no_correction(course: Course) -> None:
    case_id = course.filed()
    same = Asked(changed_facts(course, case_id, summary="夜市"), "录错", Wording(None, {"summary": "夜市"}))
    unchanged(course, InputError, lambda: ask(course, "officer", case_id, same))
