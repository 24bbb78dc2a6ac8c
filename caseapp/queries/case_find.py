"""Finding the one case that a person means by any of its names."""

from __future__ import annotations

from sqlalchemy import bindparam, or_, select

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.models.case_file import CaseFile
from caseapp.models.issued_document import IssuedDocument
from caseapp.models.kept_number import KeptNumberRow
from caseapp.queries.visibility import visible_cases

_NAMES = (CaseFile.external_id, CaseFile.number, CaseFile.lead_number, CaseFile.id)
"""What a case can be called by; where two cases answer to the same text, the earlier kind of name wins."""
_FIND = select(*_NAMES).where(or_(*(name == bindparam("asked") for name in _NAMES)))
_FIND_KEPT = (
    select(KeptNumberRow.case_id)
    .join(CaseFile, CaseFile.id == KeptNumberRow.case_id)
    .where(KeptNumberRow.number == bindparam("asked"))
)
_FIND_DOCUMENT = (
    select(IssuedDocument.case_id)
    .join(CaseFile, CaseFile.id == IssuedDocument.case_id)
    .where(IssuedDocument.number == bindparam("asked"))
)


def find_case(ctx: Context, text: str) -> str:
    """Return the id of the case with this external id, number, lead number or id, else with this number of earlier,
    from before it came to its present organ.

    raises  NotFound, also where the actor may not know that the case exists
    """
    asked = text.strip()
    rows = ctx.session.execute(_FIND.where(visible_cases(ctx)), {"asked": asked}).all()
    for position in range(len(_NAMES)):
        for row in rows:
            if row[position] == asked:
                return str(row.id)
    kept = ctx.session.execute(_FIND_KEPT.where(visible_cases(ctx)), {"asked": asked}).scalar()
    if kept is not None:
        return str(kept)
    raise NotFound(Message(N_("没有这件案件：%(case)s"), {"case": asked}))


def case_of_document(ctx: Context, number: str) -> str | None:
    """Return the id of the case in which the document with exactly this number was issued, None where there is none
    that the actor may know of.
    """
    found = ctx.session.execute(_FIND_DOCUMENT.where(visible_cases(ctx)), {"asked": number.strip()}).scalar()
    return None if found is None else str(found)
