"""What an upgrade of the tables leaves to the program is written once, and told where it cannot be."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, insert, update

from caseapp.context import Context
from caseapp.models.personal_value import PersonalValue
from caseapp.models.referral_course import ReferralCourse
from caseapp.models.referral_share import ReferralShare
from caseapp.models.search_entry import SearchEntry
from caseapp.models.setting import Setting
from caseapp.queries.behind import Behind, behind
from caseapp.queries.case_search import CaseFilter
from caseapp.queries.persons import persons_with
from caseapp.queries.search import Group, question_of, search_page
from caseapp.services import catch_up, evidence_move, search_index, search_rows
from caseapp.services.evidence_move import ItemDraft
from caseapp.services.ledger_rebuild import differences
from caseapp.services.unit_of_work import unit_of_work
from tests.factories.cases import Course, course
from tests.factories.referrals import POLICE, handed_over
from tests.support.office import PHONE, Office, office

__all__ = ["course", "office"]


def mark(ctx: Context, *kinds: Behind) -> None:
    with unit_of_work(ctx) as unit:
        unit.connection.execute(insert(Setting), [{"name": f"behind:{kind}", "value": "0011"} for kind in kinds])


def test_nothing_is_outstanding_in_a_new_installation(office: Office) -> None:
    with office.parts.context() as ctx:
        assert behind(ctx) == ()


def test_texts_and_numbers_are_written_in_batches_and_the_marks_go(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catch_up, "_AT_ONCE", 2)
    cases = [office.register().id for _ in range(3)]
    with office.parts.context() as ctx:
        mark(ctx, Behind.NUMBERS, Behind.TEXTS)
        with unit_of_work(ctx) as unit:
            for case_id in cases:
                search_index.remove(unit.connection, case_id)
            unit.connection.execute(update(PersonalValue).values(sought=None))
        assert behind(ctx) == (Behind.TEXTS, Behind.NUMBERS)
        steps: list[int] = []
        for kind in behind(ctx):
            assert catch_up.outstanding(ctx, kind) == 3
            assert catch_up.catch_up(ctx, kind, progress=steps.append).written == 3
        assert steps == [2, 1, 2, 1]
        assert behind(ctx) == ()
        assert all(list(differences(ctx, case_id)) == [] for case_id in cases)
    with office.context("officer") as ctx:
        assert {one.case_id for one in persons_with(ctx, CaseFilter(text=PHONE))} == set(cases)


def test_the_index_is_made_anew_from_the_texts(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "_AT_ONCE", 2)
    case_id = office.register().id
    with office.parts.context() as ctx:
        mark(ctx, Behind.INDEX)
        with unit_of_work(ctx) as unit:
            if unit.connection.dialect.name == "sqlite":
                unit.connection.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('delete-all')")
            else:
                unit.connection.exec_driver_sql("UPDATE search_entry SET vector = NULL")
    with office.context("officer") as ctx:
        assert found(ctx, "锦屏") == []
    with office.parts.context() as ctx:
        steps: list[int] = []
        done = catch_up.catch_up(ctx, Behind.INDEX, progress=steps.append)
        assert (done.written, steps, behind(ctx)) == (3, [2, 1], ())
        assert list(differences(ctx, case_id)) == []
    with office.context("officer") as ctx:
        assert found(ctx, "锦屏") == [case_id]


def found(ctx: Context, text: str) -> list[str]:
    asked = question_of(ctx, CaseFilter(text=text))
    assert asked is not None
    return [row.case_id for row in search_page(ctx, Group.PARTIES, asked).rows]


def test_cases_whose_evidence_is_not_found_yet_are_written(office: Office) -> None:
    case_id, other = office.checking().id, office.register().id
    with office.context("officer") as ctx:
        evidence_move.take(ctx, case_id, ItemDraft("四件套", 9, "套", "证物室", ctx.today(), "当事人"))
    with office.parts.context() as ctx:
        with unit_of_work(ctx) as unit:
            search_index.remove(unit.connection, case_id, (search_rows.EVIDENCE,))
        assert catch_up.outstanding(ctx, Behind.TEXTS) == 1
        assert catch_up.catch_up(ctx, Behind.TEXTS).written == 1
        assert list(differences(ctx, case_id)) == []
        assert list(differences(ctx, other)) == []


def test_a_case_whose_chain_is_broken_is_left_and_counted(office: Office) -> None:
    case_id = office.register().id
    with office.parts.context() as ctx:
        mark(ctx, Behind.TEXTS)
        with unit_of_work(ctx) as unit:
            search_index.remove(unit.connection, case_id)
            unit.connection.exec_driver_sql("UPDATE case_file SET version = 99")
        done = catch_up.catch_up(ctx, Behind.TEXTS)
        assert (done.written, done.left) == (0, 1)
        assert behind(ctx) == ()
        with unit_of_work(ctx) as unit:
            assert unit.connection.execute(delete(SearchEntry)).rowcount == 0


def test_referrals_of_an_older_installation_get_their_rows(course: Course) -> None:
    case_id = course.filed()
    handed_over(course, case_id)
    other = course.filed()
    with course.parts.context() as ctx:
        mark(ctx, Behind.REFERRALS)
        with unit_of_work(ctx) as unit:
            unit.connection.execute(delete(ReferralShare))
            unit.connection.execute(delete(ReferralCourse))
        assert catch_up.outstanding(ctx, Behind.REFERRALS) == 1
        done = catch_up.catch_up(ctx, Behind.REFERRALS)
        assert (done.written, done.left, behind(ctx)) == (1, 0, ())
        assert [list(differences(ctx, one)) for one in (case_id, other)] == [[], []]
    assert course.rows("referral_share", "organ_id", "state") == [(POLICE, "handed_over")]
