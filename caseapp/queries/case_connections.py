"""What ties a case to other cases and organs, for its page and for the forms that change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message, NotFound
from caseapp.domain.facts import CaseImage
from caseapp.domain.organs import ENFORCEMENT_KINDS
from caseapp.domain.roles import Role
from caseapp.domain.workflow.situation import Officer
from caseapp.models.case_file import CaseFile
from caseapp.queries.case_find import find_case
from caseapp.queries.staff import staff_of
from caseapp.queries.users import names_of
from caseapp.queries.visibility import visible_cases

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A tie to another case; title '' where the reader may not open it."""

    kind: str
    case: str
    number: str
    title: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class JointLine:
    """A joint organ and its officers by name."""

    organ: Words
    officers: tuple[str, ...]
    since: date | None


@dataclass(frozen=True, slots=True)
class Connections:
    """Everything that ties the case: links, joint organs, earlier numbers (number, organ, until), sendings."""

    links: tuple[LinkLine, ...]
    joint: tuple[JointLine, ...]
    numbers: tuple[tuple[str, Words, date], ...]
    transfers: tuple[tuple[str, str, Words, Words, date, str], ...]

    @property
    def any(self) -> bool:
        """Return whether there is anything to show."""
        return bool(self.links or self.joint or self.numbers or self.transfers)


def connections(ctx: Context, image: CaseImage) -> Connections:
    """Return what ties a case. Nothing is read for a case without ties."""
    titles: dict[str, str] = {}
    if image.links:
        rows = ctx.session.execute(
            select(CaseFile.id, CaseFile.title).where(
                CaseFile.id.in_([link.case for link in image.links]), visible_cases(ctx)
            )
        )
        titles = {row.id: row.title for row in rows}
    named = {one for item in image.joint for one in item.officers}
    names = names_of(ctx, named) if named else {}
    return Connections(
        links=tuple(
            LinkLine(link.kind, link.case, link.number, titles.get(link.case, ""), link.on, link.reason)
            for link in image.links
        ),
        joint=tuple(
            JointLine(_name(ctx, item.organ), tuple(names.get(one, one) for one in item.officers), item.since)
            for item in image.joint
        ),
        numbers=tuple((item.number, _name(ctx, item.organ), item.until) for item in image.kept_numbers),
        transfers=tuple(
            (item.id, item.kind, _name(ctx, item.sender), _name(ctx, item.receiver), item.on, item.status)
            for item in image.transfers
        ),
    )


def _name(ctx: Context, organ: str) -> Words:
    return ctx.law.organs.get(organ).short if organ in ctx.law.organs else {"zh": organ, "en": organ}


def case_named(ctx: Context, text: str, *, field: str) -> str:
    """Return the id of the case that somebody typed a number of. raises InputError beside that field"""
    try:
        return find_case(ctx, text)
    except NotFound as error:
        raise InputError(field, error.message if text.strip() else Message(N_("请填写内容"))) from error


def joint_candidates(ctx: Context, image: CaseImage) -> tuple[tuple[Words, Officer], ...]:
    """Return the officers of other enforcing organs near by (beside, above and below the main organ), by organ."""
    organs = ctx.law.organs
    top = organs.get(image.organ).parent if image.organ in organs else None
    near = organs.with_below(top or image.organ)
    found = []
    for organ in near:
        if organ.id == image.organ or organ.kind not in ENFORCEMENT_KINDS or not organ.in_force(ctx.today()):
            continue
        staff = staff_of(ctx, organ.id).values()
        able = [one for one in staff if one.active and one.roles & {Role.OFFICER, Role.SECTION_HEAD}]
        found += [(organ.short, one) for one in sorted(able, key=lambda one: (one.name, one.id))]
    return tuple(found)
