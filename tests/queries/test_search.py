"""A search finds exactly what a scan of everything one may see finds, on both databases."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from caseapp.context import Context
from caseapp.domain.errors import InputError
from caseapp.domain.facts import Goods, Right
from caseapp.domain.policies.predicates import Outline, actor_sees_case, sight_of
from caseapp.domain.roles import Role, Scope
from caseapp.domain.search_text import fold
from caseapp.domain.workflow.situation import Actor
from caseapp.models.case_file import CaseFile
from caseapp.models.case_joint import CaseJoint
from caseapp.models.case_officer import CaseOfficer
from caseapp.queries import search
from caseapp.queries.case_search import CaseFilter
from caseapp.queries.search import Group, question_of, search_page
from caseapp.services import case_note, search_index
from caseapp.services.case_intake import PartyDraft
from caseapp.services.unit_of_work import unit_of_work
from tests.factories.cases import Course
from tests.factories.text_scan import LETTERS, is_found

PATHS = {
    "320600-ip": ("320600-ip",),
    "320612-ip": ("320612-ip", "320600-ip"),
    "320612-station-chuanjiang": ("320612-station-chuanjiang", "320612-ip", "320600-ip"),
    "320613-ip": ("320613-ip", "320600-ip"),
}
"""Each organ with those above it."""
ME, ANOTHER = "a" * 32, "b" * 32
CASES = 24
VIEWERS = {
    "city": ((Role.SUPERVISOR,), Scope.CITY),
    "below": ((Role.LEADER,), Scope.BELOW),
    "officer": ((Role.OFFICER,), Scope.ORGAN),
    "clerk": ((Role.INTAKE_CLERK,), Scope.ORGAN),
    "own": ((Role.OFFICER,), Scope.OWN),
    "blind": ((Role.SYSTEM_ADMINISTRATOR,), Scope.CITY),
}

Texts = dict[tuple[str, str, int], str]
"""(case, kind, place) -> text."""


@pytest.fixture
def cases(ctx: Context) -> dict[str, tuple[date, Outline, str]]:
    """Cases of several organs, some restricted, some mine: id -> (day, how it is judged, category)."""
    dice = random.Random(3)
    made: dict[str, tuple[date, Outline, str]] = {}
    with unit_of_work(ctx) as unit:
        for number in range(CASES):
            case_id, mine = f"{dice.getrandbits(128):032x}", dice.random() < 0.3
            organ, category = dice.choice(sorted(PATHS)), dice.choice(("lead", "open"))
            restricted, day = dice.random() < 0.3, date(2026, 10, 1) + timedelta(days=dice.randrange(4))
            unit.connection.execute(
                insert(CaseFile).values(
                    id=case_id, version=1, head_hash="0" * 64, number=f"第{number}号", title="案件", organ_id=organ,
                    division="320612", procedure="penalty_general", procedure_version=1, proceeding_id=case_id,
                    state="lead", category=category, counts=True, ip_types="", campaigns="", respondent="",
                    opened_on=day, restricted=restricted, demo=False, origin="user",
                    updated_at=datetime(2026, 11, 1, tzinfo=UTC), image="{}",
                )
            )  # fmt: skip
            officer = {"case_id": case_id, "user_id": ME if mine else ANOTHER, "ordinal": 0}
            unit.connection.execute(insert(CaseOfficer), officer)
            joint = dice.choice(sorted(PATHS)) if dice.random() < 0.2 else organ
            if joint != organ:
                unit.connection.execute(insert(CaseJoint), {"case_id": case_id, "organ_id": joint})
            in_charge, jointly = frozenset({ME if mine else ANOTHER}), (PATHS[joint],)
            outline = Outline(PATHS[organ], in_charge, category == "lead", restricted, jointly)
            made[case_id] = (day, outline, category)
    return made


def _as(ctx: Context, viewer: str) -> Context:
    roles, scope = VIEWERS[viewer]
    return ctx.acting_as(Actor(ME, "顾海宁", "320612-ip", frozenset(roles)), scope=scope.value)


def _write(ctx: Context, texts: Texts, cases: Any) -> None:
    rows: list[dict[str, Any]] = [
        {
            "case_id": case_id,
            "organ_id": cases[case_id][1].organ_path[0],
            "kind": kind,
            "place": place,
            "target": None,
            "text": text,
            "folded": fold(text),
        }
        for (case_id, kind, place), text in texts.items()
    ]
    with unit_of_work(ctx) as unit:
        for case_id in cases:
            search_index.remove(unit.connection, case_id)
        search_index.add(unit.connection, rows)


@st.composite
def _texts(draw: st.DrawFn) -> list[tuple[int, str, int, str]]:
    text = st.text(st.sampled_from(LETTERS), max_size=14)
    kinds = st.sampled_from([group.value for group in Group])
    return draw(st.lists(st.tuples(st.integers(0, CASES - 1), kinds, st.integers(0, 2), text), max_size=60))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    told=_texts(),
    questions=st.lists(st.text(st.sampled_from(LETTERS), min_size=1, max_size=5), min_size=1, max_size=3),
    viewer=st.sampled_from(sorted(VIEWERS)),
    size=st.integers(1, 9),
    few=st.sampled_from([0, 2, 5000]),
    category=st.sampled_from(["", "lead"]),
    organ=st.sampled_from(["", "", "320612-ip", "320613-ip"]),
)
def test_a_search_finds_what_a_scan_finds_under_each_one_s_rights(
    ctx: Context,
    cases: dict[str, tuple[date, Outline, str]],
    told: list[tuple[int, str, int, str]],
    questions: list[str],
    viewer: str,
    size: int,
    few: int,
    category: str,
    organ: str,
) -> None:
    ids = list(cases)
    texts: Texts = {(ids[number], kind, place): text for number, kind, place, text in told}
    _write(ctx, texts, cases)
    actor = _as(ctx, viewer)
    sight = sight_of(*VIEWERS[viewer])
    pieces = [text[begin : begin + 3] for text in list(texts.values())[:2] for begin in range(0, 4, 2)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "FEW", few)  # whether a question is looked up or tested along the way changes nothing
        for question in [*questions, *pieces]:
            asked = question_of(actor, CaseFilter(text=question, category=category, organ=organ))
            for group in Group:
                wanted = sorted(
                    (cases[case_id][0], case_id, place)
                    for (case_id, kind, place), text in texts.items()
                    if kind == group.value
                    and actor_sees_case(ME, "320612-ip", sight, cases[case_id][1])
                    and category in ("", cases[case_id][2])
                    and organ in ("", cases[case_id][1].organ_path[0])
                    and is_found(question, text)
                )[::-1]
                if asked is None:
                    assert wanted == []
                    continue
                pages = list(_pages(actor, group, asked, size))
                assert [(row.opened_on, row.case_id, row.place) for page in pages for row in page.rows] == wanted
                assert {page.count for page in pages} == {len(wanted)}
                back = search_page(actor, group, asked, before=pages[-1].before, limit=size) if len(pages) > 1 else None
                assert back is None or back.rows == pages[-2].rows


def _pages(actor: Context, group: Group, asked: search.Question, size: int) -> Iterator[search.SearchPage]:
    after = None
    while True:
        page = search_page(actor, group, asked, after=after, limit=size)
        yield page
        if page.after is None:
            return
        after = page.after


# --- what is found of real cases ------------------------------------------------------------------------------------


def _names(ctx: Context, group: Group, text: str) -> list[str]:
    asked = question_of(ctx, CaseFilter(text=text))
    assert asked is not None
    return [row.case_id for row in search_page(ctx, group, asked).rows]


def test_a_case_is_found_by_its_numbers_names_rights_goods_and_words(course: Course) -> None:
    case = course.lead(
        summary="举报人称夜市有人卖假货，电话13912345678。",
        rights=(Right("patent_design", "ZL202030123456.7", "四件套（花海）", "南通澜庭家纺有限公司"),),
        goods=(Goods("全棉磨毛被套", "1.8米"),),
        parties=(
            PartyDraft("respondent", "organisation", "南通锦屏家纺有限公司", "91320612MA1WAXYT01"),
            PartyDraft("reporter", "person", "翟小宁", None, {"phone": "13800000001"}),
        ),
    )
    course.later(hours=1)
    with course.as_("officer") as ctx:
        for text in (case.number, "zl2020301234567", "202030123456.7", "花海", "磨毛 澜庭", "夜市", "假"):
            assert _names(ctx, Group.CASES, text) == [case.id], text
        assert _names(ctx, Group.PARTIES, "锦屏") == [case.id]
        assert _names(ctx, Group.PARTIES, "91320612ma1waxyt01") == [case.id]
        for group in Group:
            for hidden in ("翟小宁", "翟", "13800000001", "13912345678"):
                assert _names(ctx, group, hidden) == [], hidden


def test_notes_and_documents_are_found_by_their_text(course: Course) -> None:
    case = course.lead()
    with course.as_("officer") as ctx:
        case_note.add(ctx, case.id, "电话联系店主，约定周三到店。证件320612199001011234。")
        assert _names(ctx, Group.NOTES, "店主") == [case.id]
        assert _names(ctx, Group.NOTES, "320612199001011234") == []
        assert _names(ctx, Group.CASES, "店主") == []
    filed = course.filed()
    with course.as_("officer") as ctx:
        asked = question_of(ctx, CaseFilter(text="侵权床品200件"))
        assert asked is not None
        row = search_page(ctx, Group.DOCUMENTS, asked).rows[0]
    assert row.case_id == filed
    assert row.target in {document.id for document in course.image(filed).documents}
    assert "侵权床品200件" in [piece.text for piece in row.pieces if piece.marked]


def test_what_cannot_be_searched_for_is_no_question(ctx: Context) -> None:
    for text in ("", "  ", "（）", "%_", "—— ……"):
        assert question_of(ctx, CaseFilter(text=text)) is None


@pytest.mark.parametrize("key", [("2026-10-01",), ("yesterday", "a", 1), (None, "a", 1), ("2026-10-01", "a", "1")])
def test_a_place_that_no_page_gave_out_is_refused(ctx: Context, key: Any) -> None:
    asked = question_of(ctx, CaseFilter(text="案"))
    assert asked is not None
    with pytest.raises(InputError):
        search_page(ctx, Group.CASES, asked, after=key)


@pytest.mark.parametrize("viewer", sorted(VIEWERS))
def test_a_word_that_stands_in_every_case_is_found_in_exactly_those_that_one_may_see(
    ctx: Context, cases: dict[str, tuple[date, Outline, str]], viewer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts drawn at random seldom meet in a case that is seen and in one that is not; here all of them do."""
    _write(ctx, {(case_id, Group.NOTES.value, 0): "川姜镇家纺城" for case_id in cases}, cases)
    actor, sight = _as(ctx, viewer), sight_of(*VIEWERS[viewer])
    asked = question_of(actor, CaseFilter(text="家纺"))
    assert asked is not None
    wanted = {
        case_id
        for case_id, (_day, outline, _category) in cases.items()
        if actor_sees_case(ME, "320612-ip", sight, outline)
    }
    for few in (0, 5000):  # tested along the way, and looked up
        monkeypatch.setattr(search, "FEW", few)
        pages = list(_pages(actor, Group.NOTES, asked, CASES))
        assert {row.case_id for page in pages for row in page.rows} == wanted
        assert {page.count for page in pages} == {len(wanted)}
    assert (len(wanted) < CASES) is (viewer != "city")
