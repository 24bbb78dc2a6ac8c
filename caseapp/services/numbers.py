"""Numbers without gaps: one series per organ, kind of paper and year, taken inside the transaction that uses them."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, update
from sqlalchemy.exc import IntegrityError

from caseapp.context import Context
from caseapp.db import table_of
from caseapp.domain.errors import N_, ExternalError, Message
from caseapp.domain.numbering import DocumentNumber
from caseapp.models.number_series import NumberSeries
from caseapp.services.unit_of_work import Unit

_SERIES = table_of(NumberSeries)
_NEXT = (
    update(_SERIES)
    .where(
        _SERIES.c.organ_id == bindparam("of_organ"),
        _SERIES.c.series == bindparam("of_series"),
        _SERIES.c.year == bindparam("of_year"),
    )
    .values(last=_SERIES.c.last + 1)
    .returning(_SERIES.c.last)
)
_FIRST = insert(_SERIES).values({column.name: bindparam(column.name) for column in _SERIES.columns})

LEAD_SERIES = "lead"
WORDS = {"case": "知执字", LEAD_SERIES: "知线字"}
"""Words of the series that are no document's: 通知知执字〔2026〕1号 for cases, 通知知线字〔2026〕1号 for leads."""


def word_of(ctx: Context, series: str) -> str:
    """Return the word of a series: of cases and leads, else of the documents that are numbered in it."""
    if series in WORDS:
        return WORDS[series]
    return next(item.series.word for item in ctx.law.documents.values() if item.series and item.series.id == series)


def take(ctx: Context, unit: Unit, *, organ_id: str, series: str, word: str, year: int) -> str:
    """Take the next number of a series; the row stays locked until commit, so a rollback leaves no gap.

    Organs without a word of their own (机关代字) use that of the organ above them.

    raises  ExternalError where two first numbers of a year collide (the caller may try again)
    """
    keys = {"of_organ": organ_id, "of_series": series, "of_year": year}
    serial = unit.connection.execute(_NEXT, keys).scalar()
    if serial is None:
        serial = 1
        try:
            unit.connection.execute(_FIRST, {"organ_id": organ_id, "series": series, "year": year, "last": serial})
        except IntegrityError as error:
            raise ExternalError(Message(N_("编号正被另一操作占用，请重试"))) from error
    organ = ctx.law.organs.get(organ_id)
    number_style = organ.number_style
    document_word = organ.document_word
    while document_word is None and organ.parent is not None:
        organ = ctx.law.organs.get(organ.parent)
        document_word = organ.document_word
    return DocumentNumber(document_word or "", word, year, serial).text(number_style)
