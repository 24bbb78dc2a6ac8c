"""Open cases of an organ that can be merged or heard together with one: the same right, or the same party."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, or_, select

from caseapp.context import Context
from caseapp.domain.facts import CaseImage
from caseapp.domain.workflow.definition import Action, Category, FieldKind
from caseapp.domain.workflow.merging import spellings_of
from caseapp.models.case_file import CaseFile
from caseapp.models.case_party import CaseParty
from caseapp.models.case_right import CaseRight
from caseapp.queries.visibility import visible_cases

SHOWN = 50

_GOING_ON = (Category.OPEN.value, Category.SUSPENDED.value)


def cases_offered(ctx: Context, image: CaseImage, action: Action) -> tuple[tuple[str, str], ...]:
    """Return (number, number and title) of the cases that the form of an act may name; nothing is read where it names
    none.

    For a field `case` those about one of the same rights, for `cases` also those of one of the same parties: filed, not
    decided yet, of the same organ and procedure, and such as the reader may see. At most `SHOWN`, the oldest first.
    """
    kinds = {field.kind for field in action.fields}
    if not kinds & {FieldKind.CASE, FieldKind.CASES}:
        return ()
    alike = [_same_right(image)] if FieldKind.CASE in kinds else [_same_right(image), _same_party(image)]
    return _alike(ctx, image, or_(*alike), CaseFile.category.in_(_GOING_ON), CaseFile.number.is_not(None))


def cases_to_merge(ctx: Context, image: CaseImage) -> tuple[tuple[str, str], ...]:
    """Return (number, number and title) of the cases that a leader is likely to merge into this one: about one of the
    same rights or against one of the same parties, not decided yet, of the same organ and procedure, and such as the
    reader may see. Into a lead only leads go. At most `SHOWN`, the oldest first.
    """
    lead = Category.LEAD.value
    fitting = (lead,) if image.main.category == Category.LEAD else (lead, *_GOING_ON)
    return _alike(ctx, image, or_(_same_right(image), _same_party(image)), CaseFile.category.in_(fitting))


def _alike(ctx: Context, image: CaseImage, *conditions: ColumnElement[bool]) -> tuple[tuple[str, str], ...]:
    number = func.coalesce(CaseFile.number, CaseFile.lead_number)
    rows = ctx.session.execute(
        select(number.label("number"), CaseFile.title)
        .where(
            CaseFile.id != image.id,
            CaseFile.organ_id == image.organ,
            CaseFile.procedure == image.main.procedure,
            number.is_not(None),
            *conditions,
            visible_cases(ctx),
        )
        .order_by(CaseFile.opened_on, CaseFile.id)
        .limit(SHOWN)
    )
    return tuple((row.number, f"{row.number} · {row.title}") for row in rows)


def case_of_number(ctx: Context, organ: str, number: str) -> str | None:
    """Return the id of the organ's case of that number, or None."""
    return ctx.session.execute(
        select(CaseFile.id).where(CaseFile.organ_id == organ, CaseFile.number == number)
    ).scalar()


def _same_right(image: CaseImage) -> ColumnElement[bool]:
    numbers = {one for right in image.rights if right.number for one in spellings_of(right.number)}
    return CaseFile.id.in_(select(CaseRight.case_id).where(CaseRight.number.in_(sorted(numbers))))


def _same_party(image: CaseImage) -> ColumnElement[bool]:
    names = sorted({party.name for party in image.parties if party.name and party.role != "reporter"})
    return CaseFile.id.in_(select(CaseParty.case_id).where(CaseParty.name.in_(names)))
