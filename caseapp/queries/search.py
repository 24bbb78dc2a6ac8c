"""Searching the whole house: cases, parties, documents and notes, each group newest case first.

What is found is exactly what a scan of all visible texts would find (`caseapp.domain.search_text` says when a text is
found). A question that few texts answer is looked up in the index of grams; one that many answer is tested along the
way from the newest case, so that a page is full after few steps. Neither reads everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, Select, func, literal, select, tuple_

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.roles import Scope
from caseapp.domain.search_text import Piece, snippet, terms_of
from caseapp.domain.workflow.definition import Text
from caseapp.models.case_file import CaseFile
from caseapp.models.search_entry import SearchEntry
from caseapp.queries.case_list import COUNT_CAP, ORDERS, Key
from caseapp.queries.case_search import CaseFilter, Narrowed, narrowed
from caseapp.queries.search_lookup import holds, lookup_in_sight
from caseapp.queries.unindexed import unindexed
from caseapp.queries.visibility import scope_of, visible_parts
from caseapp.queries.void_register import void_among

PAGE = 50
FEW = 5000
"""A question that no more texts of a kind answer is looked up; one with more answers is tested along the way."""


class Group(StrEnum):
    """What is searched in; the value is the kind of `search_entry`."""

    CASES = "case"
    PARTIES = "party"
    DOCUMENTS = "document"
    EVIDENCE = "evidence"
    NOTES = "note"


@dataclass(frozen=True, slots=True)
class Found:
    """A text in which everything asked for was found, and its case.

    place   orders the texts of a case and group; the sequence number of the entry for documents and notes
    target  id of the document, or of the piece of evidence; void: of a document that was voided
    pieces  the passage, with what was found marked
    """

    case_id: str
    case_name: str
    title: str
    state: Text
    category: str
    organ: str
    opened_on: date
    place: int
    target: str | None
    pieces: tuple[Piece, ...]
    void: bool = False


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of a group. `before` and `after` are the keys of its edge rows where more lie beyond them."""

    rows: tuple[Found, ...]
    before: Key | None
    after: Key | None
    count: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its filters looked up once for all groups.

    terms  normal forms, never empty
    organ  the organ that is asked for; '' for all
    """

    terms: tuple[str, ...]
    filters: Narrowed
    organ: str = ""


def question_of(ctx: Context, asked: CaseFilter) -> Question | None:
    """Return what to look for; None where nothing in the text can be searched for.

    asked  its text is the question, the other filters narrow the cases

    raises  InputError for a filter that cannot be read
    """
    terms = terms_of(asked.text)
    return Question(terms, narrowed(ctx, replace(asked, text="")), asked.organ) if terms else None


def search_page(
    ctx: Context,
    group: Group,
    question: Question,
    *,
    after: Key | None = None,
    before: Key | None = None,
    limit: int = PAGE,
    cap: int = COUNT_CAP,
) -> SearchPage:
    """Return one page of a group, and how many texts it has, counted no further than cap + 1.

    raises  InputError for a key that is none
    """
    edge = _edge(before if before is not None else after)
    found = entries_with(ctx, group.value, question.terms, organ=question.organ, few=FEW)
    rows = _rows(ctx, group, question, found, edge=edge, backwards=before is not None, wanted=limit + 1)
    more = len(rows) > limit
    shown = list(reversed(rows[:limit])) if before is not None else rows[:limit]
    has_earlier, has_later = (more, True) if before is not None else (after is not None, more)
    void = void_among(ctx, [row["target"] for row in shown]) if group is Group.DOCUMENTS else frozenset()
    keys = [(row["opened_on"].isoformat(), row["id"], row["place"]) for row in (shown[:1] + shown[-1:])]
    return SearchPage(
        rows=tuple(_found(ctx, row, question.terms, void=row["target"] in void) for row in shown),
        before=keys[0] if shown and has_earlier else None,
        after=keys[-1] if shown and has_later else None,
        count=_count(ctx, group, question, found, cap),
    )


def entries_with(ctx: Context, kind: str, terms: Sequence[str], *, organ: str, few: int) -> list[int] | None:
    """Return the ids of the texts of a kind that answer, all that the actor may see among them; None where there are
    more than `few`.
    """
    wanted = lookup_in_sight(ctx, (kind,), terms, SearchEntry.id, organ=organ)
    rows = ctx.session.execute(wanted.limit(few + 1)).scalars().all()
    return sorted(set(rows)) if len(rows) <= few else None


_NAMES = ("id", "number", "lead_number", "external_id", "title", "procedure", "procedure_version", "state", "category")
_COLUMNS = (
    *(getattr(CaseFile, name) for name in _NAMES),
    CaseFile.organ_id,
    CaseFile.opened_on,
    SearchEntry.place,
    SearchEntry.target,
    SearchEntry.text,
)
_ORDER = (CaseFile.opened_on, CaseFile.id, SearchEntry.place)
_NO_COLUMN: frozenset[str] = frozenset()


def _parts(ctx: Context, group: Group, question: Question, found: list[int] | None, wanted: Any) -> list[Select[Any]]:
    """Return the query of the texts that answer, once for each ground on which their cases may be seen."""
    walking = found is None and not question.filters.ids
    indexed = ORDERS["opened"].indexed if walking else _NO_COLUMN
    organ = CaseFile.organ_id if walking and scope_of(ctx) == Scope.ORGAN else unindexed(CaseFile.organ_id)
    answers = holds(ctx, question.terms) if found is None else SearchEntry.id.in_(found)
    return [
        select(*wanted)
        .join_from(CaseFile, SearchEntry, SearchEntry.case_id == CaseFile.id)
        .where(part, SearchEntry.kind == group.value, answers, *question.filters.conditions(indexed))
        for part in visible_parts(ctx, organ=organ)
    ]


def _rows(
    ctx: Context,
    group: Group,
    question: Question,
    found: list[int] | None,
    *,
    edge: tuple[date, str, int] | None,
    backwards: bool,
    wanted: int,
) -> list[RowMapping]:
    """Return up to `wanted` rows beyond the edge, nearest first."""
    order = [one.asc() if backwards else one.desc() for one in _ORDER]
    rows: list[RowMapping] = []
    parts = _parts(ctx, group, question, found, _COLUMNS)
    for part in parts:
        if edge is not None:
            here = tuple_(*_ORDER)
            there = tuple_(*(literal(value, one.type) for value, one in zip(edge, _ORDER, strict=True)))
            part = part.where(here > there if backwards else here < there)
        rows.extend(ctx.session.execute(part.order_by(*order).limit(wanted)).mappings())
    if len(parts) > 1:  # no case meets two grounds, so the parts only have to be merged
        rows.sort(key=lambda row: (row["opened_on"], row["id"], row["place"]), reverse=not backwards)
    return rows[:wanted]


def _count(ctx: Context, group: Group, question: Question, found: list[int] | None, cap: int) -> int:
    total = 0
    for part in _parts(ctx, group, question, found, (literal(1).label("one"),)):
        counted = select(func.count()).select_from(part.limit(cap + 1).subquery())
        total += ctx.session.execute(counted).scalar_one()
        if total > cap:
            return cap + 1
    return total


def _edge(key: Key | None) -> tuple[date, str, int] | None:
    if key is None:
        return None
    try:
        told, case_id, place = key
        if not isinstance(told, str) or not isinstance(case_id, str) or not isinstance(place, int):
            raise ValueError
        return date.fromisoformat(told), case_id, place
    except ValueError:
        raise InputError("after", Message(N_("分页位置无效，请从第一页重新打开"))) from None


def _found(ctx: Context, row: RowMapping, terms: Sequence[str], *, void: bool) -> Found:
    return Found(
        case_id=row["id"],
        case_name=row["number"] or row["lead_number"] or row["external_id"] or row["id"],
        title=row["title"],
        state=ctx.law.procedures.pinned(row["procedure"], row["procedure_version"]).state(row["state"]).name,
        category=row["category"],
        organ=row["organ_id"],
        opened_on=row["opened_on"],
        place=row["place"],
        target=row["target"],
        pieces=snippet(row["text"], terms),
        void=void,
    )
