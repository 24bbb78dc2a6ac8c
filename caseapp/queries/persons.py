"""Looking up people in cases by a whole identity number or telephone, without any text that could be read or scanned.

What is compared are fingerprints (`services.personal.sought_by`). Found is what the page of the case shows in full to
the same person: values of the parties as the case stands now, in cases that he may see.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from caseapp.context import Context
from caseapp.domain.masking import mask
from caseapp.domain.personal_numbers import PURPOSE, number_asked
from caseapp.domain.workflow.definition import Text
from caseapp.models.case_file import CaseFile
from caseapp.models.personal_value import PersonalValue
from caseapp.queries.case_images import image_of
from caseapp.queries.case_search import CaseFilter, narrowed
from caseapp.queries.party_details import KINDS
from caseapp.queries.visibility import visible_cases

MOST = 100
"""So many people are shown, those of the newest cases."""
_CASE = ("id", "image", "procedure", "procedure_version", "state", "category", "opened_on")
_COLUMNS: tuple[Any, ...] = (
    *(getattr(CaseFile, name) for name in _CASE),
    PersonalValue.field,
    PersonalValue.commitment,
    PersonalValue.value,
)


@dataclass(frozen=True, slots=True)
class PersonFound:
    """A party to whom a number belongs, and its case.

    role    word of the party's part in the case
    field   which value it is: id_number | phone
    masked  the value as it may be shown
    """

    case_id: str
    case_name: str
    title: str
    procedure: str
    state: Text
    category: str
    opened_on: date
    name: str
    role: str
    field: str
    masked: str


def persons_with(ctx: Context, asked: CaseFilter, *, most: int = MOST) -> tuple[PersonFound, ...]:
    """Return the parties whose identity number or telephone is exactly the text of the question, newest case first.

    The caller has asked whether the actor may see such values in full (`case:personal:read`), and records the search.
    """
    number = number_asked(asked.text)
    if number is None:
        return ()
    prints = [ctx.ports.vault.fingerprint(number, purpose=purpose) for purpose in PURPOSE.values()]
    found: list[PersonFound] = []
    for row in ctx.session.execute(_query(ctx, [one for one in prints if one], asked, most)):
        image = image_of(row.image)
        for party in image.parties:
            if party.personal.get(row.field) == row.commitment:
                found.append(
                    PersonFound(
                        case_id=row.id,
                        case_name=image.number or image.lead_number or image.external_id or row.id,
                        title=image.title,
                        procedure=row.procedure,
                        state=ctx.law.procedures.pinned(row.procedure, row.procedure_version).state(row.state).name,
                        category=row.category,
                        opened_on=row.opened_on,
                        name=party.name,
                        role=party.role,
                        field=row.field,
                        masked=mask(KINDS[row.field], row.value),
                    )
                )
        if len(found) >= most:
            break
    return tuple(found[:most])


def _query(ctx: Context, prints: list[str], asked: CaseFilter, most: int) -> Select[Any]:
    filters = narrowed(ctx, replace(asked, text=""))
    return (
        select(*_COLUMNS)
        .join(CaseFile, CaseFile.id == PersonalValue.case_id)
        .where(PersonalValue.sought.in_(prints), visible_cases(ctx), *filters.conditions(frozenset()))
        .order_by(CaseFile.opened_on.desc(), CaseFile.id.desc(), PersonalValue.commitment)
        .limit(most * 4)
    )
