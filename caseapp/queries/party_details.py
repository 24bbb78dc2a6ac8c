"""The parties of a case with their personal values: masked, unless somebody who may has asked for them in full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.facts import CaseImage, Party
from caseapp.domain.masking import MaskedKind, mask
from caseapp.models.personal_value import PersonalValue

KINDS: Mapping[str, MaskedKind] = {
    "id_number": MaskedKind.ID_NUMBER,
    "legal_representative": MaskedKind.PERSON_NAME,
    "phone": MaskedKind.PHONE,
    "address": MaskedKind.ADDRESS,
    "email": MaskedKind.EMAIL,
}
"""Personal values in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class PersonalLine:
    """One personal value as it may be shown; `erased` where it was, by law or on request."""

    field: str
    text: str
    erased: bool = False


@dataclass(frozen=True, slots=True)
class PartyDetails:
    """A party with the values that belong to it."""

    party: Party
    personal: tuple[PersonalLine, ...]


def party_details(ctx: Context, image: CaseImage, *, in_full: bool = False) -> tuple[PartyDetails, ...]:
    """Return the parties of a case. The caller has asked whether the actor may see it, and keeps looks in full."""
    wanted = [commitment for party in image.parties for commitment in party.personal.values()]
    values: dict[str, str | None] = {}
    if wanted:
        rows = ctx.session.execute(
            select(PersonalValue.commitment, PersonalValue.value).where(PersonalValue.case_id == image.id)
        )
        values = {row.commitment: row.value for row in rows}
    return tuple(PartyDetails(party, tuple(_lines(party, values, in_full=in_full))) for party in image.parties)


def _lines(party: Party, values: Mapping[str, str | None], *, in_full: bool) -> list[PersonalLine]:
    lines = []
    for field, kind in KINDS.items():
        commitment = party.personal.get(field)
        if commitment is None:
            continue
        value = values.get(commitment)
        if value is None:
            lines.append(PersonalLine(field, "", erased=True))
        else:
            lines.append(PersonalLine(field, value if in_full else mask(kind, value)))
    return lines
