"""Cells of the list of cases, kept by what they show.

Fifty rows have three hundred and fifty cells, and most of them are the same few: states, kinds of right, names, days.
Each is written once a process and language by a macro of `officer/_case_cells.html`, and again once it was forgotten.
What a cell shows is its key, so nothing kept can be out of date or another person's.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from functools import lru_cache

from flask import Blueprint, current_app
from markupsafe import Markup

from caseapp.domain.events import legal_date
from caseapp.queries.case_list import CaseRow
from caseapp.web.shared.language import language

KEPT = 8192
"""Cells of one process: the days of about ten years in each of three columns. About 300 bytes each."""


def case_cells(row: CaseRow, today: date, soon: date) -> Markup:
    """Return the cells of a row after number and title.

    soon  the last day that is shown amber
    """
    said, due_on = language(), row.due_on
    return Markup(  # noqa: S704 - the macros escape what they are given
        "".join(
            (
                _cell(said, "rights", row.ip_types, row.campaigns),
                _cell(said, "state", row.state, row.category, row.restricted),
                _cell(said, "due", due_on, row.left, _badge(due_on, today, soon)),
                _cell(said, "person", row.officer),
                _cell(said, "opened", row.opened_on),
                _cell(said, "filed", row.filed_on),
                _cell(said, "updated", legal_date(row.updated_at)),
            )
        )
    )


def _badge(due_on: date | None, today: date, soon: date) -> str:
    if due_on is None or due_on > soon:
        return ""
    return "hh-badge-red" if due_on < today else "hh-badge-amber"


@lru_cache(KEPT)
def _cell(_said: str, name: str, *shown: Hashable) -> str:
    cells = current_app.jinja_env.get_template("officer/_case_cells.html").module
    return str(getattr(cells, name)(*shown))


def install(blueprint: Blueprint) -> None:
    """Give the cells to the list's template."""
    blueprint.add_app_template_global(case_cells)
