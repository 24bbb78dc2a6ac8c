"""Numbers without gaps: one series per organ, kind of paper and year, taken inside the transaction that uses them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite

from caseapp.context import Context
from caseapp.db import table_of
from caseapp.domain.numbering import DocumentNumber
from caseapp.models.number_series import NumberSeries
from caseapp.services.unit_of_work import Unit

_SERIES = table_of(NumberSeries)
_FIRST: dict[str, Any] = {column.name: bindparam(column.name) for column in _SERIES.columns}
_KEY = list(_SERIES.primary_key.columns)
_ONE_MORE = {"last": _SERIES.c.last + 1}
_NEXT = {
    "sqlite": sqlite.insert(_SERIES)
    .values(_FIRST)
    .on_conflict_do_update(index_elements=_KEY, set_=_ONE_MORE)
    .returning(_SERIES.c.last),
    "postgresql": postgresql.insert(_SERIES)
    .values(_FIRST)
    .on_conflict_do_update(index_elements=_KEY, set_=_ONE_MORE)
    .returning(_SERIES.c.last),
}
"""Two who take the first number of a year at once wait for each other, as with every later one."""

LEAD_SERIES = "lead"
WORDS = {"case": "知执字", "dispute": "知纠字", "mediation": "知调字", LEAD_SERIES: "知线字"}
"""Words of the series that are no document's: 通知知执字〔2026〕1号 for cases, 知纠字 and 知调字 for disputes and mediations,
通知知线字〔2026〕1号 for leads and requests."""


def word_of(ctx: Context, series: str) -> str:
    """Return the word of a series: of cases and leads, else of the documents that are numbered in it."""
    if series in WORDS:
        return WORDS[series]
    return next(item.series.word for item in ctx.law.documents.values() if item.series and item.series.id == series)


def take(ctx: Context, unit: Unit, *, organ_id: str, series: str, word: str, year: int) -> str:
    """Take the next number of a series; the row stays locked until commit, so a rollback leaves no gap.

    Organs without a word of their own (机关代字) use that of the organ above them, and count with it: numbers are told
    apart by their word.
    """
    organ = ctx.law.organs.get(organ_id)
    number_style = organ.number_style
    while organ.document_word is None and organ.parent is not None:
        organ = ctx.law.organs.get(organ.parent)
    first = {"organ_id": organ.id, "series": series, "year": year, "last": 1}
    serial: int = unit.connection.execute(_NEXT[unit.connection.dialect.name], first).scalar_one()
    return DocumentNumber(organ.document_word or "", word, year, serial).text(number_style)
