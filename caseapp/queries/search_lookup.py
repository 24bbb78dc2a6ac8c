"""Texts that hold every term of a question: as a query that the index of grams answers, and asked of one text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, cast, column, func, literal, select, table, text, union_all
from sqlalchemy.dialects.postgresql import TSQUERY

from caseapp.context import Context
from caseapp.domain.search_text import grams_asked, kind_gram, organ_gram
from caseapp.models.search_entry import SearchEntry
from caseapp.queries.visibility import cases_seen_otherwise, organs_in_sight


def lookup_in_sight(
    ctx: Context, kinds: Sequence[str], terms: Sequence[str], wanted: Any, *, organ: str = ""
) -> Select[Any]:
    """Return the query for a column of the texts that answer, leaving out most of what the actor may not see.

    It finds all that he may see, perhaps something else and perhaps something twice: the caller asks `visible_cases` of
    each. What makes a common word rare for him, that his own organ does not use it, so makes it quick to answer.

    organ  the organ of the cases where only those are wanted
    """
    organs = organs_in_sight(ctx)
    if organ:
        organs = (organ,) if organs is None or organ in organs else ()
    if organs is None:
        return lookup(ctx, kinds, terms, wanted)
    beside = select(wanted).where(
        SearchEntry.case_id.in_(cases_seen_otherwise(ctx)), SearchEntry.kind.in_(kinds), holds(ctx, terms)
    )
    if not organs:
        return beside
    found = union_all(lookup(ctx, kinds, terms, wanted, organs=organs), beside).subquery()
    return select(found.c[0])


def lookup(
    ctx: Context, kinds: Sequence[str], terms: Sequence[str], wanted: Any, *, organs: Sequence[str] = ()
) -> Select[Any]:
    """Return the query for a column of the texts that answer, found by the index, those of all the kinds.

    organs  of the cases; () for all of them
    """
    exact: list[str] = []
    begun: list[str] = []
    for term in terms:
        whole, beginning = grams_asked(term)
        exact.extend(whole)
        begun.extend([beginning] if beginning else [])
    either = [[kind_gram(kind) for kind in kinds], *([[organ_gram(organ) for organ in organs]] if organs else [])]
    if ctx.session.get_bind().dialect.name == "sqlite":
        anyhow = [" OR ".join(f'"{gram}"' for gram in grams) for grams in either]
        words = [*(f"({one})" for one in anyhow), *(f'"{gram}"' for gram in exact), *(f'"{gram}"*' for gram in begun)]
        match = text("search_index MATCH :grams").bindparams(grams=" AND ".join(words))
        index: Select[Any] = select(column("rowid")).select_from(table("search_index")).where(match)
        answered = SearchEntry.id.in_(index)
    else:
        anyhow = [" | ".join(f"'{gram}'" for gram in grams) for grams in either]
        words = [*(f"({one})" for one in anyhow), *(f"'{gram}'" for gram in exact), *(f"'{gram}':*" for gram in begun)]
        answered = SearchEntry.vector.op("@@")(cast(literal(" & ".join(words)), TSQUERY))
    return select(wanted).where(answered, holds(ctx, terms))


def holds(ctx: Context, terms: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a text holds every term."""
    position = func.instr if ctx.session.get_bind().dialect.name == "sqlite" else func.strpos
    return and_(*(position(SearchEntry.folded, term) > 0 for term in terms))
