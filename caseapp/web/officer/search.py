"""全局搜索: cases, parties, documents and notes; a number that is exactly right opens its case at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from caseapp.domain.errors import N_, InputError, Message, NotFound
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.case_find import case_of_document, find_case
from caseapp.queries.case_list import COUNT_CAP, Key
from caseapp.queries.case_search import CaseFilter, normal_text
from caseapp.queries.joint_work import CAP as MOST_WORKS
from caseapp.queries.joint_work import works_with
from caseapp.queries.list_choices import list_choices
from caseapp.queries.persons import PersonFound, persons_with
from caseapp.queries.search import Found, Group, Question, question_of, search_page
from caseapp.services.access_log import note_search
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow, may
from caseapp.web.shared.labels import choices
from caseapp.web.shared.paging import Pager, decode_cursor, pager, url_with

GROUPS: Mapping[Group, object] = {
    Group.CASES: lazy_gettext("案件"),
    Group.PARTIES: lazy_gettext("各方当事人"),
    Group.DOCUMENTS: lazy_gettext("文书"),
    Group.EVIDENCE: lazy_gettext("证据和物品"),
    Group.NOTES: lazy_gettext("办案记事"),
}
FIRST_FEW = 5
"""Texts of each group on the first page of a search."""
FILTERS = ("category", "ip_type", "division", "procedure", "organ")


@dataclass(frozen=True, slots=True)
class GroupShown:
    """A group of results: its name, its texts, how many there are (counted no further than the cap), and where all of
    them stand.
    """

    group: Group
    name: object
    rows: tuple[Found, ...]
    count: int
    url: str
    pager: Pager | None = None


@dataclass(frozen=True, slots=True)
class GroupTab:
    """A tab over the results."""

    name: object
    url: str
    active: bool


@blueprint.get("/search", endpoint="search")
@allow(Permission.CASE_LIST)
def search() -> ResponseReturnValue:
    """Show what was found, group by group, or one group page by page."""
    asked = _asked()
    chosen, after, before = _group(), _key("after"), _key("before")
    text = normal_text(asked.text)
    persons: tuple[PersonFound, ...] = ()
    if text and after is None and before is None:
        persons = _persons(asked, chosen)
        note_search(ctx(), asked.text, found_persons=bool(persons))
        target = _exactly(text) if chosen is None else None
        if target is not None:
            return redirect(target)
    question = question_of(ctx(), asked)
    shown: list[GroupShown] = []
    if question is not None:
        shown = [_shown(group, question, chosen, after, before) for group in ([chosen] if chosen else Group)]
    # Joint work is no part of a case: filters of cases leave it out.
    plain = chosen is None and may(Permission.JOINT_SEE) and not any(getattr(asked, name) for name in FILTERS)
    works, works_count = works_with(ctx(), asked.text, limit=FIRST_FEW) if plain else ((), 0)
    return render_template(
        "officer/search.html",
        works=works,
        works_count=works_count,
        most_works=MOST_WORKS,
        asked=asked,
        text=asked.text,
        persons=persons,
        searched=question is not None,
        groups=[group for group in shown if group.rows or chosen],
        tabs=_tabs(chosen),
        options=list_choices(ctx(), organ=asked.organ),
        offered={"category": choices("category"), "ip_type": choices("ip_type")},
        filtered=any(getattr(asked, name) for name in FILTERS),
    )


def _persons(asked: CaseFilter, chosen: Group | None) -> tuple[PersonFound, ...]:
    """Return whose identity number or telephone the question is, for those who may see such values in full."""
    if chosen not in (None, Group.PARTIES) or not may(Permission.CASE_PERSONAL_READ):
        return ()
    return persons_with(ctx(), asked)


def _asked() -> CaseFilter:
    words = {name: request.args.get(name, "").strip() for name in ("q", *FILTERS)}
    return CaseFilter(
        text=words["q"],
        category=words["category"],
        ip_type=words["ip_type"],
        division=words["division"],
        procedure=words["procedure"],
        organ=words["organ"],
    )


def _group() -> Group | None:
    word = request.args.get("in", "")
    if not word:
        return None
    if word not in set(Group):
        raise InputError("in", Message(N_("没有这种搜索范围")))
    return Group(word)


def _key(name: str) -> Key | None:
    text = request.args.get(name, "")
    return decode_cursor(text) if text else None


def _exactly(text: str) -> str | None:
    """Return where a number that is exactly right leads."""
    try:
        return url_for("officer.case_page", case_id=find_case(ctx(), text))
    except NotFound:
        case_id = case_of_document(ctx(), text)
        return None if case_id is None else url_for("officer.case_page", case_id=case_id, tab="documents")


def _shown(group: Group, question: Question, chosen: Group | None, after: Key | None, before: Key | None) -> GroupShown:
    if chosen is None:
        page = search_page(ctx(), group, question, limit=FIRST_FEW)
        return GroupShown(group, GROUPS[group], page.rows, page.count, url_with(**{"in": group.value}))
    page = search_page(ctx(), group, question, after=after, before=before)
    under = pager(len(page.rows), before=page.before, after=page.after, total=page.count, cap=COUNT_CAP)
    return GroupShown(group, GROUPS[group], page.rows, page.count, "", under)


def _tabs(chosen: Group | None) -> tuple[GroupTab, ...]:
    everything = GroupTab(lazy_gettext("全部"), url_with(**{"in": None}), chosen is None)
    one = [GroupTab(name, url_with(**{"in": group.value}), chosen is group) for group, name in GROUPS.items()]
    return (everything, *one)
