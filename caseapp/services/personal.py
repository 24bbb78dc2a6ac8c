"""Personal values: kept in an erasable table, known to the ledger only by salted commitments."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, insert, select

from caseapp.context import Context
from caseapp.db import Prepared, table_of
from caseapp.domain.ledger import commitment
from caseapp.domain.personal_numbers import PURPOSE, comparable
from caseapp.models.personal_value import PersonalValue
from caseapp.services.case_store import CaseEdit, new_id

PERSONAL_FIELDS = ("id_number", "phone", "address", "legal_representative", "email")
"""Fields of a party that are personal values."""

_PERSONAL = table_of(PersonalValue)
_KEEP = Prepared(
    insert(_PERSONAL).values({column.name: bindparam(column.name) for column in _PERSONAL.columns}).inline()
)


def commit_values(edit: CaseEdit, subject: str, values: Mapping[str, str | None]) -> dict[str, str]:
    """Keep the values beside the edit and return field -> commitment for the ledger; empty values are left out."""
    commitments: dict[str, str] = {}
    for name, value in values.items():
        if not value:
            continue
        salt = new_id(edit.ctx)
        commitments[name] = commitment(salt, value)
        edit.beside(
            _KEEP,
            {
                "commitment": commitments[name],
                "case_id": edit.case_id,
                "subject": subject,
                "field": name,
                "salt": salt,
                "value": value,
                "sought": sought_by(edit.ctx, name, value),
                "erased_at": None,
            },
        )
    return commitments


def sought_by(ctx: Context, field: str, value: str) -> str | None:
    """Return the fingerprint by which a value is looked up; None where it is no number, or without a key."""
    number = comparable(field, value)
    return (ctx.ports.vault.fingerprint(number, purpose=PURPOSE[field]) or None) if number else None


def values_of(ctx: Context, case_id: str) -> dict[str, str | None]:
    """Return commitment -> value for a case; None where the value was erased."""
    rows = ctx.session.execute(select(_PERSONAL.c.commitment, _PERSONAL.c.value).where(_PERSONAL.c.case_id == case_id))
    return {row.commitment: row.value for row in rows}
