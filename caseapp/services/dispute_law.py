"""Under which text a dispute goes: what its papers cite where the clock began before 专利纠纷行政裁决和调解办法."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from caseapp.context import Context
from caseapp.domain.facts import CaseImage
from caseapp.domain.workflow.cited import began_on, older_text
from caseapp.domain.workflow.timing import clocks_of, views_of

Facts = dict[str, Any]

_CITED = re.compile(r"《(?P<law>[^》]+)》第(?P<article>.+)条")
_FULL_NAMES: Final = {
    "专利法": "中华人民共和国专利法",
    "专利法实施细则": "中华人民共和国专利法实施细则",
}
"""Papers name a law in full; definitions and refusals by its short title."""


def older_articles(ctx: Context, image: CaseImage, on: date) -> Facts | None:
    """Return what papers of the case cite in place of the articles of the newer text, by the number of the article.

    on       day of the act
    returns  None where the newer text governs. `other`: cited for articles that the older text does not replace, where
             the act itself lies before the newer one was in force
    """
    main = image.main
    procedure = ctx.law.procedures.pinned(main.procedure, main.version)
    clocks = views_of(clocks_of(main, ctx.law.rules, ctx.law.calendar, as_of=on))
    other = older_text(procedure, main=main.procedure, began=began_on(procedure, clocks, on=on))
    if other is None or other.before is None:
        return None
    found: Facts = {}
    for newer, older in other.instead.items():
        match = _CITED.fullmatch(newer)
        if match and match["law"] == other.law:
            found[match["article"]] = _printed(older)
    if on < other.before and other.otherwise:
        found["other"] = _printed(other.otherwise)
    return found


def _printed(citation: str) -> Facts:
    match = _CITED.fullmatch(citation)
    if match is None:
        raise ValueError(f"{citation!r} is no citation")
    return {"law": _FULL_NAMES.get(match["law"], match["law"]), "article": match["article"]}
