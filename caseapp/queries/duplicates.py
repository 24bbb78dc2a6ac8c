"""Cases that a new lead may repeat: the same right against the same respondent, or the same respondent in an open case.

Only cases that the actor may see are found and counted: a warning tells nobody of a case that is not his to know.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select

from caseapp.context import Context
from caseapp.domain.workflow.definition import Text
from caseapp.models.case_file import CaseFile
from caseapp.models.case_party import CaseParty
from caseapp.models.case_right import CaseRight
from caseapp.queries.visibility import visible_cases

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Likeness:
    """A case that resembles what is being entered.

    same_right   one of the rights is the same as well: a duplicate in all likelihood
    """

    case_id: str
    number: str
    title: str
    state: Text
    category: str
    organ: str
    opened_on: date
    same_right: bool


def likenesses(
    ctx: Context, *, respondents: Collection[str], credit_codes: Collection[str], right_numbers: Collection[str]
) -> tuple[Likeness, ...]:
    """Return cases of the same respondent, those about the same right first, then open ones; at most `SHOWN`.

    respondents    names as entered; credit_codes and right_numbers in every spelling under which they may be stored
    """
    by_name = [name.strip() for name in respondents if name.strip()]
    if not by_name and not credit_codes:
        return ()
    party = select(CaseParty.case_id).where(
        CaseParty.role == "respondent",
        or_(CaseParty.name.in_(by_name), CaseParty.uscc.in_(list(credit_codes))),
    )
    right: ColumnElement[bool] = exists(
        select(1).where(CaseRight.case_id == CaseFile.id, CaseRight.number.in_(list(right_numbers)))
    )
    rows = ctx.session.execute(
        select(
            CaseFile.id,
            CaseFile.number,
            CaseFile.lead_number,
            CaseFile.external_id,
            CaseFile.title,
            CaseFile.procedure,
            CaseFile.procedure_version,
            CaseFile.state,
            CaseFile.category,
            CaseFile.organ_id,
            CaseFile.opened_on,
            right.label("same_right"),
        )
        .where(CaseFile.id.in_(party), visible_cases(ctx), or_(right, CaseFile.category != "closed"))
        .order_by(right.desc(), CaseFile.opened_on.desc(), CaseFile.id)
        .limit(SHOWN)
    )
    return tuple(
        Likeness(
            case_id=row.id,
            number=row.number or row.lead_number or row.external_id or row.id,
            title=row.title,
            state=ctx.law.procedures.pinned(row.procedure, row.procedure_version).state(row.state).name,
            category=row.category,
            organ=row.organ_id,
            opened_on=row.opened_on,
            same_right=bool(row.same_right),
        )
        for row in rows
    )
