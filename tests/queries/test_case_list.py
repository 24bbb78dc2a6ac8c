"""The list of cases: paging is exact in both directions, shows what may be seen, and never reads row by row."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select

from caseapp.context import Context
from caseapp.domain.errors import InputError
from caseapp.domain.roles import Role, Scope
from caseapp.domain.search_text import fold
from caseapp.domain.workflow.situation import Actor
from caseapp.models.case_file import CaseFile
from caseapp.models.case_ip_type import CaseIpType
from caseapp.models.case_officer import CaseOfficer
from caseapp.models.case_party import CaseParty
from caseapp.models.case_right import CaseRight
from caseapp.queries import case_search
from caseapp.queries.case_list import ORDERS, CaseRow, case_count, case_list, case_page, every_case
from caseapp.queries.case_search import CaseFilter, Tab
from caseapp.queries.visibility import visible_cases
from caseapp.services import search_index
from caseapp.services.unit_of_work import unit_of_work
from caseapp.wiring import Huhang
from tests.support.app import shipped_law
from tests.support.office import statements

ORGANS = ("320600-ip", "320612-ip", "320612-station-chuanjiang", "320613-ip")
ME, ANOTHER = "a" * 32, "b" * 32
CASES = 90
FIRST = date(2026, 10, 1)
CATEGORIES = ("lead", "open", "closed", "suspended")
PROCEDURES = ("penalty_general", "penalty_simplified")


def _rows(seed: int) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """Yield (case, officer, party, right, kind of right) of cases that share many dates: only ids tell them apart."""
    dice = random.Random(seed)
    for number in range(CASES):
        case_id = f"{dice.getrandbits(128):032x}"
        category = dice.choice(CATEGORIES)
        procedure = dice.choice(PROCEDURES)
        ip_type = dice.choice(["trademark", "copyright"])
        name = f"南通第{number}号{dice.choice(['家纺', '绣品'])}有限公司"
        case = {
            "id": case_id,
            "version": 1,
            "head_hash": "0" * 64,
            "external_id": f"NT-{number:04d}",
            "number": None if category == "lead" else f"通知知执字〔2026〕{number}号",
            "lead_number": f"通知知线字〔2026〕{number}号",
            "title": f"{name}涉嫌侵权案",
            "organ_id": dice.choice(ORGANS),
            "division": dice.choice(["320612", "320613"]),
            "procedure": procedure,
            "procedure_version": 1,
            "proceeding_id": case_id,
            "state": "closed" if category == "closed" else shipped_law().procedures.get(procedure).initial,
            "category": category,
            "counts": True,
            "source": dice.choice(["complaint", "report", None]),
            "channel": None,
            "ip_types": f"|{ip_type}|",
            "campaigns": dice.choice(["", "|huhang|", "|huhang|shuangda|"]),
            "respondent": name,
            "lead_officer": None,
            "opened_on": FIRST + timedelta(days=dice.randrange(6)),
            "filed_on": None if category == "lead" else FIRST + timedelta(days=dice.randrange(6)),
            "decided_on": None,
            "closed_on": FIRST if category == "closed" else None,
            "manner": None,
            "next_due_on": None if category == "closed" else date(2026, 11, 20) + timedelta(days=dice.randrange(14)),
            "next_due_rule": None if category == "closed" else "P10",
            "restricted": dice.random() < 0.2,
            "demo": False,
            "origin": "user",
            "updated_at": datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=dice.randrange(8)),
            "image": "{}",
        }
        officer = {"case_id": case_id, "user_id": ME if dice.random() < 0.3 else ANOTHER, "ordinal": 0}
        party = {"case_id": case_id, "ordinal": 0, "role": "respondent", "kind": "organisation", "name": name}
        right = {"case_id": case_id, "ordinal": 0, "kind": ip_type, "number": str(3000000 + number), "title": None}
        yield case, officer, party, right, {"case_id": case_id, "ip_type": ip_type}


@pytest.fixture
def filled(parts: Huhang, ctx: Context) -> Engine:
    """An installation with many cases that no act made: what a list needs, and nothing else."""
    columns = list(zip(*_rows(7), strict=True))
    with unit_of_work(ctx) as unit:
        for model, rows in zip((CaseFile, CaseOfficer, CaseParty, CaseRight, CaseIpType), columns, strict=True):
            unit.connection.execute(insert(model), list(rows))
        search_index.add(unit.connection, [text for row in _rows(7) for text in _texts(row[0], row[3])])
    return parts.engine


def _texts(case: dict[str, Any], right: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what a search finds of a case: its own text and its party's."""
    own = (
        "\n".join(str(case[name]) for name in ("title", "number", "lead_number", "external_id"))
        + f"\n{right['number']}"
    )
    for kind, text in (("case", own), ("party", case["respondent"])):
        yield _entry(case["id"], case["organ_id"], kind, 0, text)


def _entry(case_id: str, organ: str, kind: str, place: int, text: str) -> dict[str, Any]:
    of = {"case_id": case_id, "organ_id": organ, "target": None}
    return {**of, "kind": kind, "place": place, "text": text, "folded": fold(text)}


def _as(ctx: Context, *roles: Role, scope: Scope, organ: str = "320612-ip") -> Context:
    return ctx.acting_as(Actor(ME, "顾海宁", organ, frozenset(roles)), scope=scope.value)


VIEWERS = {
    "city": ((Role.SUPERVISOR,), Scope.CITY),
    "below": ((Role.LEADER,), Scope.BELOW),
    "organ": ((Role.SECTION_HEAD,), Scope.ORGAN),
    "officer": ((Role.OFFICER,), Scope.ORGAN),
    "clerk": ((Role.INTAKE_CLERK,), Scope.ORGAN),
    "own": ((Role.OFFICER,), Scope.OWN),
    "blind": ((Role.SYSTEM_ADMINISTRATOR,), Scope.CITY),
}

As = Callable[[str], Context]


@pytest.fixture
def as_viewer(ctx: Context) -> As:
    """`as_viewer("clerk")` is a Context in which one of `VIEWERS` acts."""

    def acting(viewer: str) -> Context:
        roles, scope = VIEWERS[viewer]
        return _as(ctx, *roles, scope=scope)

    return acting


FILTERS = [
    CaseFilter(),
    CaseFilter(tab=Tab.MINE),
    CaseFilter(tab=Tab.DUE),
    CaseFilter(tab=Tab.LEADS),
    CaseFilter(tab=Tab.OPEN),
    CaseFilter(tab=Tab.CLOSED),
    CaseFilter(category="suspended"),
    CaseFilter(procedure="penalty_simplified", source="report"),
    CaseFilter(division="320613", ip_type="copyright"),
    CaseFilter(campaign="shuangda"),
    CaseFilter(officer=ME),
    CaseFilter(organ="320613-ip", due="overdue"),
    CaseFilter(due="soon"),
    CaseFilter(due="2026-11-24"),
    CaseFilter(filed_from=date(2026, 10, 2), filed_to=date(2026, 10, 4)),
    CaseFilter(text="绣品"),
    CaseFilter(text="南通第1"),
    CaseFilter(text="3000012"),
    CaseFilter(text="没有这样的文字"),
]


def _walk(ctx: Context, asked: CaseFilter, sort: str, size: int) -> list[CaseRow]:
    rows: list[CaseRow] = []
    after = None
    while True:
        page = case_page(ctx, asked, sort=sort, after=after, limit=size)
        assert len(page.rows) <= size
        assert (page.before is None) == (after is None or not page.rows)
        rows += page.rows
        if page.after is None:
            return rows
        after = page.after


def _walk_back(ctx: Context, asked: CaseFilter, sort: str, size: int, last: CaseRow) -> list[CaseRow]:
    rows: list[CaseRow] = []
    attribute = {"due": "due_on"}.get(sort.removeprefix("-"), f"{sort.removeprefix('-')}_on")
    value = last.updated_at if "updated" in sort else getattr(last, attribute)
    before: Any = (value.isoformat() if value else None, last.id)
    while before is not None:
        page = case_page(ctx, asked, sort=sort, before=before, limit=size)
        assert page.after is not None or not page.rows
        rows = [*page.rows, *rows]
        before = page.before
    return rows


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    viewer=st.sampled_from(sorted(VIEWERS)),
    asked=st.sampled_from(FILTERS),
    key=st.sampled_from(sorted(ORDERS)),
    descending=st.booleans(),
    size=st.integers(4, 50),
    few=st.sampled_from([0, 5000]),
)
def test_every_case_is_on_exactly_one_page_in_both_directions(
    filled: Engine, as_viewer: As, viewer: str, asked: CaseFilter, key: str, descending: bool, size: int, few: int
) -> None:
    actor = as_viewer(viewer)
    sort = f"-{key}" if descending else key
    wanted = _wanted(actor, asked, key, descending)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(case_search, "FEW", few)  # whether a filter is looked up or tested along the way changes nothing
        forwards = [row.id for row in _walk(actor, asked, sort, size)]
        assert forwards == wanted
        assert case_count(actor, asked) == len(wanted)
        assert [row.id for row in every_case(actor, asked, sort=sort)] == wanted
        if len(wanted) > 1:
            last = next(row for row in every_case(actor, asked, sort=sort) if row.id == wanted[-1])
            assert [row.id for row in _walk_back(actor, asked, sort, size, last)] == wanted[:-1]


def _wanted(actor: Context, asked: CaseFilter, key: str, descending: bool) -> list[str]:
    """Return the ids as a plain reading of the whole table gives them."""
    rows = actor.session.execute(select(CaseFile).where(visible_cases(actor))).scalars().all()
    mine = set(actor.session.execute(select(CaseOfficer.case_id).where(CaseOfficer.user_id == ME)).scalars())
    rights = {row.case_id: row.number for row in actor.session.execute(select(CaseRight.case_id, CaseRight.number))}
    today = actor.today()
    procedures = actor.law.procedures
    found = []
    for row in rows:
        owner = procedures.pinned(row.procedure, 1).state(row.state).owner
        waits = row.organ_id == actor.actor.organ and owner is not Role.OFFICER and owner in actor.actor.roles
        due = row.next_due_on
        tests = {
            "text": asked.text in row.title or rights[row.id].startswith(asked.text),
            "mine": asked.tab is not Tab.MINE or row.id in mine or waits,
            "due tab": asked.tab is not Tab.DUE or (due is not None and due <= today + timedelta(days=7)),
            "leads": asked.tab is not Tab.LEADS or row.category == "lead",
            "open": asked.tab is not Tab.OPEN or row.category in ("open", "suspended", "decided"),
            "closed": asked.tab is not Tab.CLOSED or row.category == "closed",
            "category": asked.category in ("", row.category),
            "procedure": asked.procedure in ("", row.procedure),
            "organ": asked.organ in ("", row.organ_id),
            "division": asked.division in ("", row.division),
            "source": asked.source in ("", row.source),
            "ip_type": f"|{asked.ip_type}|" in row.ip_types or not asked.ip_type,
            "campaign": f"|{asked.campaign}|" in row.campaigns or not asked.campaign,
            "officer": not asked.officer or row.id in mine,
            "due": _is_due(asked.due, due, today),
            "filed": asked.filed_from is None or _is_filed(asked, row.filed_on),
        }
        if all(tests.values()):
            found.append(row)
    column = ORDERS[key].column.key
    dated = [row for row in found if getattr(row, column) is not None]
    blank = [row for row in found if getattr(row, column) is None]
    dated.sort(key=lambda row: (getattr(row, column), row.id))
    blank.sort(key=lambda row: row.id)
    if descending:
        dated.reverse()
        blank.reverse()
    return [row.id for row in (*dated, *blank)]


def _is_filed(asked: CaseFilter, filed_on: date | None) -> bool:
    first, last = asked.filed_from or date.min, asked.filed_to or date.max
    return filed_on is not None and first <= filed_on <= last


def _is_due(word: str, due: date | None, today: date) -> bool:
    if not word:
        return True
    if due is None:
        return False
    if word == "overdue":
        return due < today
    if word == "soon":
        return today <= due <= today + timedelta(days=7)
    return due.isoformat() == word


@pytest.mark.parametrize("viewer", sorted(VIEWERS))
def test_list_count_and_export_show_exactly_what_may_be_seen(filled: Engine, ctx: Context, viewer: str) -> None:
    roles, scope = VIEWERS[viewer]
    actor = _as(ctx, *roles, scope=scope)
    seen = set(actor.session.execute(select(CaseFile.id).where(visible_cases(actor))).scalars())
    rows = list(every_case(actor, CaseFilter()))
    assert {row.id for row in rows} == seen
    assert len(rows) == len(seen) == case_count(actor, CaseFilter())


def test_a_page_takes_the_same_few_statements_however_many_rows_it_has(filled: Engine, ctx: Context) -> None:
    actor = _as(ctx, Role.OFFICER, scope=Scope.ORGAN)
    counts = []
    case_list(actor, CaseFilter(), limit=1)  # whom the reader stands in for is asked once a request
    for size in (2, 12):
        with statements(filled) as sent:
            page, _total = case_list(actor, CaseFilter(), limit=size)
        assert len(page.rows) == size
        assert not any(".image" in statement for statement in sent)
        counts.append(len(sent))
    # The rows and the count ask each ground on which a case may be seen by itself: the organ, and being in charge.
    assert counts[0] == counts[1] <= 4


def test_counting_stops_at_the_cap(filled: Engine, ctx: Context) -> None:
    city = _as(ctx, Role.SUPERVISOR, scope=Scope.CITY)
    assert case_count(city, CaseFilter(), cap=10) == 11
    assert case_count(city, CaseFilter(text="南通第3号"), cap=10) == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("通知知线字〔2026〕7号", {"NT-0007"}),
        ("通知知线字[2026]7号", {"NT-0007"}),
        ("  NT-0007 ", {"NT-0007"}),
        ("3000007", {"NT-0007"}),
        ("第7号", {"NT-0007"}),
        ("100%", set()),
        ("_", set()),
    ],
    ids=["lead number", "other brackets", "blanks around", "right number", "inside a name", "percent", "underscore"],
)
def test_a_case_is_found_by_any_of_its_names(filled: Engine, ctx: Context, text: str, shown: set[str]) -> None:
    city = _as(ctx, Role.SUPERVISOR, scope=Scope.CITY)
    assert {row.external_id for row in every_case(city, CaseFilter(text=text))} == shown


def test_a_credit_code_finds_the_party(filled: Engine, ctx: Context) -> None:
    city = _as(ctx, Role.SUPERVISOR, scope=Scope.CITY)
    found = select(CaseFile.id, CaseFile.organ_id).where(CaseFile.external_id == "NT-0003")
    case_id, organ = ctx.session.execute(found).one()
    text = "某代理\n91320612MA1WAXYT01"
    with unit_of_work(ctx) as unit:
        search_index.add(unit.connection, [_entry(case_id, organ, "party", 1, text)])
    assert [row.id for row in every_case(city, CaseFilter(text="91320612ma1waxyt01"))] == [case_id]


def test_views_have_their_own_order(filled: Engine, ctx: Context) -> None:
    city = _as(ctx, Role.SUPERVISOR, scope=Scope.CITY)
    opened = [row.opened_on for row in case_page(city, CaseFilter()).rows]
    due = [row.due_on for row in case_page(city, CaseFilter(tab=Tab.DUE)).rows]
    assert opened == sorted(opened, reverse=True)
    assert due == sorted(due, key=lambda day: day or date.max)


@pytest.mark.parametrize("sort", ["title", "--due", "-"])
def test_an_unknown_order_is_refused(ctx: Context, sort: str) -> None:
    with pytest.raises(InputError):
        case_page(ctx, CaseFilter(), sort=sort)


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("-opened", ("yesterday", "a" * 32)),
        ("-opened", (None, "a" * 32)),
        ("-opened", ("2026-10-01",)),
        ("due", (20261001, "a" * 32)),
        ("due", ("2026-10-01", 5)),
        ("-updated", ("2026-10-01T00:00:00", "a" * 32)),
    ],
    ids=["no date", "no date where there must be one", "too short", "a number", "no id", "no zone"],
)
def test_a_page_that_no_list_named_is_refused(ctx: Context, sort: str, key: Any) -> None:
    with pytest.raises(InputError):
        case_page(ctx, CaseFilter(), sort=sort, after=key)


def test_a_day_that_is_none_is_refused(ctx: Context) -> None:
    with pytest.raises(InputError):
        case_page(ctx, CaseFilter(due="tomorrow"))
