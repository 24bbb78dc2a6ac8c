"""What can be found follows the ledger: kept in the act's transaction, and written anew from the ledger where lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select, update

from caseapp.context import Context
from caseapp.models.search_entry import SearchEntry
from caseapp.queries.case_search import CaseFilter
from caseapp.queries.search import Group, question_of, search_page
from caseapp.services import case_note, evidence_change, search_index
from caseapp.services.case_facts import change
from caseapp.services.ledger_rebuild import differences, rebuild
from caseapp.services.unit_of_work import unit_of_work
from tests.factories.cases import Course
from tests.factories.custody import ask, attach, confirm, take
from tests.factories.organs import neighbours
from tests.support import evidence_files as files


def found(ctx: Context, group: Group, text: str) -> list[str]:
    asked = question_of(ctx, CaseFilter(text=text))
    assert asked is not None
    return [row.case_id for row in search_page(ctx, group, asked).rows]


def stored(ctx: Context, case_id: str) -> set[tuple[str, int, str, str]]:
    rows = ctx.session.execute(select(SearchEntry.__table__).where(SearchEntry.case_id == case_id))
    return {(row.kind, row.place, row.text, row.folded) for row in rows}


def test_a_changed_fact_is_found_by_its_new_words_only(course: Course) -> None:
    case = course.lead()
    with course.as_("intake") as ctx:
        change(ctx, case.id, {"summary": "改为夜市摊位"}, reason="核实后更正", seen_version=case.version)
        assert found(ctx, Group.CASES, "夜市") == [case.id]
        assert found(ctx, Group.CASES, "举报人称") == []
        assert list(differences(ctx, case.id)) == []


def test_an_act_that_changes_no_text_writes_none(course: Course) -> None:
    case = course.lead()
    with course.as_("officer") as ctx:
        before = ctx.session.execute(select(SearchEntry.id).where(SearchEntry.case_id == case.id)).scalars().all()
        case_note.add(ctx, case.id, "再查")
        after = ctx.session.execute(select(SearchEntry.id).where(SearchEntry.case_id == case.id)).scalars().all()
    assert set(before) < set(after)


def test_what_was_lost_or_changed_is_listed_and_written_anew(course: Course) -> None:
    case_id = course.filed()
    with course.as_("officer") as ctx:
        case_note.add(ctx, case_id, "店主称货从叠石桥来。")
    with course.parts.context() as ctx:
        assert list(differences(ctx, case_id)) == []
        whole = stored(ctx, case_id)
        assert {kind for kind, *_ in whole} == {"case", "party", "document", "note"}
        with unit_of_work(ctx) as unit:
            search_index.remove(unit.connection, case_id, ("note", "document"))
            unit.connection.execute(update(SearchEntry).where(SearchEntry.kind == "party").values(text="别人"))
        assert found(ctx, Group.NOTES, "叠石桥") == []
        tables = {(item.table, item.field) for item in differences(ctx, case_id)}
        assert tables == {("search_entry", ""), ("search_entry", "text")}
        assert rebuild(ctx, case_id).rewritten == (case_id,)
        assert stored(ctx, case_id) == whole
        assert found(ctx, Group.NOTES, "叠石桥") == [case_id]
        assert list(differences(ctx, case_id)) == []


def test_an_index_out_of_step_with_its_text_is_a_difference(course: Course) -> None:
    case = course.lead()
    with course.parts.context() as ctx:
        if ctx.session.get_bind().dialect.name == "sqlite":
            row: dict[str, Any] = {"kind": "case", "folded": "案", "vector": None}
            assert search_index.is_in_step(row)
            return
        with unit_of_work(ctx) as unit:
            unit.connection.execute(update(SearchEntry).where(SearchEntry.kind == "case").values(vector="'kcase'"))
        assert [item.field for item in differences(ctx, case.id)] == ["vector"]
        rebuild(ctx, case.id)
        assert list(differences(ctx, case.id)) == []


def test_evidence_and_goods_are_found_by_what_is_said_of_them(course: Course) -> None:
    case_id = course.checking()
    piece = attach(course, case_id, files.jpeg(), "仓库全景.jpg")
    item = take(course, case_id, source="冯老板，电话13912345678", note="外箱破损")
    with course.as_("officer") as ctx:
        for text in ("仓库全景", "店铺货架", "家纺城 侵权"):
            assert found(ctx, Group.EVIDENCE, text) == [case_id], text
        assert found(ctx, Group.EVIDENCE, "外箱破损") == [case_id]
        assert found(ctx, Group.EVIDENCE, "13912345678") == []
        before = stored(ctx, case_id)
    confirm(course, case_id, ask(course, case_id, item, "officer2"), "officer2")
    with course.as_("officer") as ctx:
        assert stored(ctx, case_id) == before, "a move says nothing new"
        draft = evidence_change.draft_of(course.image(case_id).evidence[0])
        changed = replace(draft, title="发货单照片")
        evidence_change.describe(ctx, case_id, piece, changed, reason="看清后更正")
        assert found(ctx, Group.EVIDENCE, "发货单") == [case_id]
        asked = question_of(ctx, CaseFilter(text="发货单"))
        assert asked is not None
        [row] = search_page(ctx, Group.EVIDENCE, asked).rows
        assert row.target == piece
        assert list(differences(ctx, case_id)) == []
    course.people = {**course.people, **neighbours(course.parts)}
    with course.as_("haimen_officer") as ctx:
        assert found(ctx, Group.EVIDENCE, "发货单") == []
