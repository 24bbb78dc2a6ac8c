"""The parties of a case with their personal values: masked, unless somebody who may has asked for them in full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import N_, Message
from caseapp.domain.facts import CaseImage, Party
from caseapp.domain.masking import MaskedKind, mask
from caseapp.models.personal_value import PersonalValue
from caseapp.queries.timeline_items import Change

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
    values = _values(ctx, image.id) if wanted else {}
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


_PERSONAL = "parties.personal."
_NEW = Message(N_("新填的内容（提请后遮盖显示）"))
_ERASED = Message(N_("已依法删除"))
_UNSEEN = N_("%(text)s（改动在遮盖的部分）")


class Masks:
    """Puts masked values in the place of the commitments to personal ones; they are read once, and only if needed."""

    def __init__(self, ctx: Context, case_id: str) -> None:
        self._ctx, self._case_id = ctx, case_id
        self._known: dict[str, str | None] | None = None

    def over(self, changes: Iterable[Change]) -> tuple[Change, ...]:
        """Return changes of the case as they may be shown."""
        return tuple(self._one(change) for change in changes)

    def _one(self, change: Change) -> Change:
        if not change.field.startswith(_PERSONAL):
            return change
        if self._known is None:
            self._known = _values(self._ctx, self._case_id)
        return _masked(change, self._known)


def _masked(change: Change, values: Mapping[str, str | None]) -> Change:
    kind = KINDS.get(change.field.removeprefix(_PERSONAL), MaskedKind.ADDRESS)
    before, after = (_shown(kind, commitment, values) for commitment in (change.before, change.after))
    if before is not None and before == after:
        after = Message(_UNSEEN, {"text": after})
    return replace(change, before=before, after=after)


def _shown(kind: MaskedKind, commitment: str | None, values: Mapping[str, str | None]) -> str | Message | None:
    if commitment is None:
        return None
    if commitment not in values:
        return _NEW
    value = values[commitment]
    return mask(kind, value) if value is not None else _ERASED


def _values(ctx: Context, case_id: str) -> dict[str, str | None]:
    rows = ctx.session.execute(
        select(PersonalValue.commitment, PersonalValue.value).where(PersonalValue.case_id == case_id)
    )
    return {row.commitment: row.value for row in rows}
