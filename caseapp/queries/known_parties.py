"""Parties of earlier cases, so that a name and its credit code are typed once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from caseapp.context import Context
from caseapp.models.case_file import CaseFile
from caseapp.models.case_party import CaseParty
from caseapp.queries.case_search import begins_with
from caseapp.queries.visibility import visible_cases

SHOWN = 6
SHORTEST = 2
"""Letters that must have been typed before anything is looked up."""
_LOOKED_THROUGH = 400
"""Rows of the look-up that are grouped; a prefix so common that it has more is no help to anyone."""


@dataclass(frozen=True, slots=True)
class KnownParty:
    """A party as it stands in cases that the actor may see, and in how many of those looked through."""

    kind: str
    name: str
    uscc: str | None
    cases: int


def known_parties(ctx: Context, text: str) -> tuple[KnownParty, ...]:
    """Return parties whose name or credit code begins with the text, the most frequent first, at most `SHOWN`."""
    wanted = text.strip()
    if len(wanted) < SHORTEST:
        return ()
    rows = (
        select(CaseParty.kind, CaseParty.name, CaseParty.uscc, CaseParty.case_id)
        .join(CaseFile, CaseFile.id == CaseParty.case_id)
        .where(
            or_(begins_with(ctx, CaseParty.name, wanted), begins_with(ctx, CaseParty.uscc, wanted.upper())),
            visible_cases(ctx),
        )
        .limit(_LOOKED_THROUGH)
        .subquery()
    )
    count = func.count(rows.c.case_id.distinct())
    found = ctx.session.execute(
        select(rows.c.kind, rows.c.name, rows.c.uscc, count.label("cases"))
        .group_by(rows.c.kind, rows.c.name, rows.c.uscc)
        .order_by(count.desc(), rows.c.name, rows.c.uscc)
        .limit(SHOWN)
    )
    return tuple(KnownParty(row.kind, row.name, row.uscc, row.cases) for row in found)
