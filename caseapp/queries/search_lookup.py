"""Texts that hold every term of a question: as a query that the index of grams answers, and asked of one text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, cast, column, func, literal, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY

from caseapp.context import Context
from caseapp.domain.search_text import grams_asked
from caseapp.models.search_entry import SearchEntry


def lookup(ctx: Context, kinds: Sequence[str], terms: Sequence[str], wanted: Any) -> Select[Any]:
    """Return the query for a column of the texts that answer, found by the index, those of all the kinds."""
    exact: list[str] = []
    begun: list[str] = []
    for term in terms:
        whole, beginning = grams_asked(term)
        exact.extend(whole)
        begun.extend([beginning] if beginning else [])
    if ctx.session.get_bind().dialect.name == "sqlite":
        anyhow = " OR ".join(f'"k{kind}"' for kind in kinds)
        words = [f"({anyhow})", *(f'"{gram}"' for gram in exact), *(f'"{gram}"*' for gram in begun)]
        match = text("search_index MATCH :grams").bindparams(grams=" AND ".join(words))
        index: Select[Any] = select(column("rowid")).select_from(table("search_index")).where(match)
        answered = SearchEntry.id.in_(index)
    else:
        anyhow = " | ".join(f"'k{kind}'" for kind in kinds)
        words = [f"({anyhow})", *(f"'{gram}'" for gram in exact), *(f"'{gram}':*" for gram in begun)]
        answered = SearchEntry.vector.op("@@")(cast(literal(" & ".join(words)), TSQUERY))
    return select(wanted).where(answered, holds(ctx, terms))


def holds(ctx: Context, terms: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a text holds every term."""
    position = func.instr if ctx.session.get_bind().dialect.name == "sqlite" else func.strpos
    return and_(*(position(SearchEntry.folded, term) > 0 for term in terms))
