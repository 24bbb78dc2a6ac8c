"""Cases that go between organs: what waits for receipt here, what was sent, disputes to be settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from caseapp.context import Context
from caseapp.domain.connections import TransferKind, TransferRecord, TransferStatus
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.facts import CaseImage
from caseapp.domain.organs import ENFORCEMENT_KINDS
from caseapp.domain.workflow.transfers import obstacles_to_return, open_dispute
from caseapp.models.case_file import CaseFile
from caseapp.models.organ_transfer import OrganTransfer
from caseapp.queries.case_images import load
from caseapp.queries.users import names_of
from caseapp.queries.visibility import visible_cases

PAGE = 100
VIEWS = ("waiting", "disputes", "sent", "received")
Words = Mapping[str, str]
_LETTERS = {"move": "transfer_letter", "hand_down": "hand_down_notice", "designate": "designation_notice"}


@dataclass(frozen=True, slots=True)
class TransferLine:
    """One sending, as a list shows it. number: what the case is called now."""

    id: str
    case_id: str
    number: str
    title: str
    kind: str
    sender: Words
    receiver: Words
    sent_on: date
    status: str
    answered_on: date | None
    dispute: bool


def waiting_condition(ctx: Context) -> ColumnElement[bool]:
    """Return the condition under which a sending waits for the receipt of the actor's organ."""
    return (OrganTransfer.receiver == ctx.actor.organ) & (OrganTransfer.status == TransferStatus.SENT.value)


def _conditions(ctx: Context) -> Mapping[str, ColumnElement[bool]]:
    organ = ctx.actor.organ
    return {
        "waiting": waiting_condition(ctx),
        "disputes": (OrganTransfer.status == TransferStatus.RETURNED.value)
        & OrganTransfer.dispute.is_(True)
        & or_(OrganTransfer.reported_to == organ, OrganTransfer.sender == organ, OrganTransfer.receiver == organ),
        "sent": or_(OrganTransfer.sender == organ, OrganTransfer.decided_by == organ),
        "received": (OrganTransfer.receiver == organ) & (OrganTransfer.status != TransferStatus.SENT.value),
    }


def transfers(ctx: Context, view: str, *, limit: int = PAGE) -> tuple[TransferLine, ...]:
    """Return the sendings of a view (`VIEWS`), the latest first; those that wait, the oldest first."""
    oldest_first = view == "waiting"
    query = (
        select(*OrganTransfer.__table__.c, CaseFile.number, CaseFile.lead_number, CaseFile.external_id, CaseFile.title)
        .join(CaseFile, CaseFile.id == OrganTransfer.case_id)
        .where(_conditions(ctx)[view])
        .order_by(OrganTransfer.sent_on if oldest_first else OrganTransfer.sent_on.desc(), OrganTransfer.id)
        .limit(limit)
    )
    return tuple(_line(ctx, row) for row in ctx.session.execute(query))


def counts(ctx: Context) -> Mapping[str, int]:
    """Return how many sendings each view has."""
    return {
        view: ctx.session.execute(select(func.count()).select_from(OrganTransfer).where(condition)).scalar_one()
        for view, condition in _conditions(ctx).items()
    }


def waiting_count(ctx: Context) -> int:
    """Return how many sendings wait for the receipt of the actor's organ."""
    return ctx.session.execute(
        select(func.count()).select_from(OrganTransfer).where(waiting_condition(ctx))
    ).scalar_one()


def _line(ctx: Context, row: Any) -> TransferLine:
    return TransferLine(
        id=row.id,
        case_id=row.case_id,
        number=row.number or row.lead_number or row.external_id or row.case_id,
        title=row.title,
        kind=row.kind,
        sender=_short(ctx, row.sender),
        receiver=_short(ctx, row.receiver),
        sent_on=row.sent_on,
        status=row.status,
        answered_on=row.answered_on,
        dispute=row.dispute,
    )


def _short(ctx: Context, organ: str) -> Words:
    return ctx.law.organs.get(organ).short if organ in ctx.law.organs else {"zh": organ, "en": organ}


@dataclass(frozen=True, slots=True)
class TransferPage:
    """One sending with what its receiver looks at before signing.

    answerable  whether the actor's organ may sign for it now; returnable: or send it back
    recallable  whether the actor's organ sent it and may take it back
    reportable  whether a dispute may be reported to the common superior now
    opens       whether the actor may open the case itself
    letter      id of the letter, None where none was issued
    """

    case: CaseImage
    version: int
    record: TransferRecord
    sender: Words
    receiver: Words
    decided_by: Words
    people: Mapping[str, str]
    answerable: bool
    returnable: bool
    recallable: bool
    reportable: bool
    opens: bool
    letter: str | None
    reported_to: Words | None


def transfer_page(ctx: Context, transfer_id: str) -> TransferPage:
    """Return one sending. raises NotFound, also for an organ that has no part in it"""
    organ = ctx.actor.organ
    row = ctx.session.execute(
        select(OrganTransfer.case_id).where(
            OrganTransfer.id == transfer_id,
            or_(
                OrganTransfer.sender == organ,
                OrganTransfer.receiver == organ,
                OrganTransfer.decided_by == organ,
                OrganTransfer.reported_to == organ,
            ),
        )
    ).first()
    if row is None:
        raise NotFound(Message(N_("没有这项移送")))
    loaded = load(ctx, row.case_id)
    image = loaded.image
    record = next(item for item in image.transfers if item.id == transfer_id)
    waits = record.status == TransferStatus.SENT
    dispute = open_dispute(image)
    return TransferPage(
        case=image,
        version=loaded.version,
        record=record,
        sender=_name(ctx, record.sender),
        receiver=_name(ctx, record.receiver),
        decided_by=_name(ctx, record.decided_by),
        people=names_of(ctx, {one for one in (record.by, record.answered_by) if one}),
        answerable=waits and organ == record.receiver,
        returnable=waits and organ == record.receiver and not obstacles_to_return(record),
        recallable=waits and organ == record.decided_by,
        reportable=dispute is not None
        and dispute.id == record.id
        and not record.reported_to
        and organ in (record.sender, record.receiver),
        opens=ctx.session.execute(select(CaseFile.id).where(CaseFile.id == image.id, visible_cases(ctx))).first()
        is not None,
        letter=letter_of(image, record),
        reported_to=_name(ctx, record.reported_to) if record.reported_to else None,
    )


def letter_of(image: CaseImage, record: TransferRecord) -> str | None:
    """Return the id of the letter that went with a sending: letters of a kind are issued in the order of sendings."""
    sent = [item.id for item in image.transfers if item.kind == record.kind]
    letters = [item.id for item in image.documents if item.type == _LETTERS[record.kind]]
    place = sent.index(record.id)
    return letters[place] if place < len(letters) else None


def _name(ctx: Context, organ: str) -> Words:
    return ctx.law.organs.get(organ).name if organ in ctx.law.organs else {"zh": organ, "en": organ}


@dataclass(frozen=True, slots=True)
class Destinations:
    """Where the actor may send a case: kinds that fit his place, organs by kind (id, name)."""

    kinds: tuple[str, ...]
    organs: tuple[tuple[str, Words], ...]


def destinations(ctx: Context, image: CaseImage) -> Destinations:
    """Return the ways and organs that the actor's place allows for a case."""
    organs, mine, today = ctx.law.organs, ctx.actor.organ, ctx.today()
    able = [one for one in organs if one.kind in ENFORCEMENT_KINDS and one.in_force(today)]
    if image.organ == mine:
        kinds = [TransferKind.MOVE.value]
        if any(organs.is_below(one.id, mine) for one in able):
            kinds.append(TransferKind.HAND_DOWN.value)
        return Destinations(tuple(kinds), tuple((one.id, one.name) for one in able if one.id != mine))
    if image.organ in organs and organs.is_below(image.organ, mine):
        below = tuple((one.id, one.name) for one in able if organs.is_below(one.id, mine))
        return Destinations((TransferKind.DESIGNATE.value,), below)
    return Destinations((), ())
