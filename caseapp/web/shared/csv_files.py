"""Lists as files for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flask import Response, stream_with_context

from caseapp.context import Context
from caseapp.web.shared.context import ctx

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MARK = "\ufeff"
"""Tells spreadsheets that the file is UTF-8."""


def csv_answer(name: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """Return a list as a CSV file, streamed.

    name  of the file, without ending
    rows  may ask the database of the request's Context while they are read
    """
    response = Response(stream_with_context(_lines(heads, rows, ctx())), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def csv_line(cells: Sequence[str]) -> str:
    """Return one line; a cell that a spreadsheet would take for a formula is disarmed."""
    target = io.StringIO()
    csv.writer(target).writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return target.getvalue()


def _lines(heads: Sequence[str], rows: Iterable[Sequence[str]], held: Context) -> Iterator[str]:
    # The request ends, and its session is closed, before the first line is asked for: what the rows ask opens it
    # once more, and nobody else would give the connection back.
    try:
        yield _MARK + csv_line(heads)
        for row in rows:
            yield csv_line(row)
    finally:
        held.session.close()
