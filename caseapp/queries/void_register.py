"""The void register: numbers and papers that were voided, why, on whose request, and what took their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from caseapp.context import Context
from caseapp.models.case_file import CaseFile
from caseapp.models.void_number import VoidNumber
from caseapp.queries.users import names_of
from caseapp.queries.visibility import visible_cases

PAGE = 500


@dataclass(frozen=True, slots=True)
class VoidLine:
    """One line of the register. what: document | case"""

    case_id: str
    case: str
    what: str
    number: str | None
    title: str
    document: str | None
    taken_on: date
    voided_at: datetime
    reason: str
    by: str
    replaced_by: str | None


@dataclass(frozen=True, slots=True)
class VoidRegister:
    """The newest first; `more` tells that older lines were left off."""

    lines: tuple[VoidLine, ...]
    more: bool


def void_register(ctx: Context, case_id: str | None = None) -> VoidRegister:
    """Return the register over the cases the actor may see, or of one of them."""
    query = (
        select(VoidNumber, CaseFile.number, CaseFile.lead_number, CaseFile.external_id)
        .join(CaseFile, CaseFile.id == VoidNumber.case_id)
        .where(visible_cases(ctx))
        .order_by(VoidNumber.voided_at.desc(), VoidNumber.case_id, VoidNumber.ordinal)
        .limit(PAGE + 1)
    )
    if case_id is not None:
        query = query.where(VoidNumber.case_id == case_id)
    rows = ctx.session.execute(query).all()
    names = names_of(ctx, {row.VoidNumber.asked_by for row in rows})
    return VoidRegister(
        tuple(
            VoidLine(
                case_id=void.case_id,
                case=number or lead or external or void.case_id,
                what=void.what,
                number=void.number,
                title=void.title,
                document=void.document_id,
                taken_on=void.taken_on,
                voided_at=void.voided_at,
                reason=void.reason,
                by=names.get(void.asked_by, void.asked_by),
                replaced_by=void.replaced_by,
            )
            for void, number, lead, external in rows[:PAGE]
        ),
        len(rows) > PAGE,
    )


def is_void(ctx: Context, document_id: str) -> bool:
    """Return whether a document was voided."""
    return bool(void_among(ctx, [document_id]))


def void_among(ctx: Context, documents: Sequence[str | None]) -> frozenset[str]:
    """Return the ids of those documents that were voided; asks nothing where there are none."""
    wanted = [item for item in documents if item]
    if not wanted:
        return frozenset()
    rows = ctx.session.execute(select(VoidNumber.document_id).where(VoidNumber.document_id.in_(wanted)))
    return frozenset(item for item in rows.scalars() if item is not None)
