"""今日: what is due, what waits for me, what I wait for. Every part is bounded; nothing is read row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select, union_all

from caseapp.context import Context
from caseapp.domain.calendar import DayKind
from caseapp.domain.events import legal_date
from caseapp.domain.facts import CaseImage
from caseapp.domain.roles import ROLE_NAMES, Role
from caseapp.domain.workflow.approvals import asked_action, waiting_step
from caseapp.domain.workflow.definition import Text
from caseapp.domain.workflow.situation import Officer
from caseapp.models.account import Account
from caseapp.models.approval import Approval
from caseapp.models.case_file import CaseFile
from caseapp.queries.case_clocks import ClockLine, clock_lines
from caseapp.queries.case_images import as_it_stands, image_of
from caseapp.queries.crime import crime_warning, read_others
from caseapp.queries.deputies import principals_of
from caseapp.queries.inbox import signable
from caseapp.queries.next_steps import Offer, next_step, offers_of
from caseapp.queries.notifications import Notice, notices, unread
from caseapp.queries.own_cases import own_parts
from caseapp.queries.signers import Signer, signer_of
from caseapp.queries.situations import people_of
from caseapp.queries.staff import roles_of, staff_of
from caseapp.queries.visibility import visible_cases

DUE_ROWS = 12
SIDE_ROWS = 10
NOTICE_ROWS = 5
WEEK = 7
_DAY = timedelta(days=1)

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DueItem:
    """One running clock of a case that is mine: assigned to me, or in a state that waits for my role.

    step   the one next action, open or with its reasons; None where nothing is to be done now
    waits  name of the approval that is under way instead
    behalf  the principal whose case it is, where I stand in for him, '' for my own
    crime   required | near: what its amounts show of the limits of crime; '' where nothing calls for a look
    """

    case_id: str
    number: str
    title: str
    proceeding: str
    state: Text
    clock: ClockLine
    step: Offer | None
    waits: Text | None
    behalf: str = ""
    crime: str = ""


@dataclass(frozen=True, slots=True)
class SignItem:
    """A request that waits for my signature; `behalf`: the principal for whom I would sign, '' where for myself."""

    approval: str
    case_id: str
    number: str
    title: str
    action: Text
    step: Text
    by: str
    since: date
    behalf: str = ""


@dataclass(frozen=True, slots=True)
class WaitItem:
    """A request of mine that waits for somebody else: the step, the role, and the people who can sign it."""

    approval: str
    case_id: str
    number: str
    title: str
    action: Text
    step: Text
    role: Words
    people: tuple[str, ...]
    since: date
    days: int


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day of the strip. kind: working | weekend | holiday; name of the festival; make_up: a worked weekend day."""

    on: date
    kind: str
    name: str
    make_up: bool
    due: int


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the page shows.

    more_*    whether the list was cut
    overdue   cases whose last day has passed
    next_due  the earliest last day after the strip's week, for the empty state
    """

    today: date
    due: tuple[DueItem, ...]
    more_due: bool
    to_sign: tuple[SignItem, ...]
    more_to_sign: bool
    waiting: tuple[WaitItem, ...]
    more_waiting: bool
    week: tuple[WeekDay, ...]
    overdue: int
    next_due: date | None
    notices: tuple[Notice, ...]
    unread: int


def desk_of(ctx: Context) -> Desk:
    """Return the actor's desk."""
    today = ctx.today()
    rows = _due_rows(ctx)
    images = [as_it_stands(ctx, image_of(row.image), today) for row in rows[:DUE_ROWS]]
    sign_rows = ctx.session.execute(_sign_rows(ctx)).all()
    wait_rows = ctx.session.execute(_wait_rows(ctx)).all()
    sign_images = [image_of(row.image) for row in sign_rows[:SIDE_ROWS]]
    read_others(ctx, images)
    people = set().union(*(people_of(image) for image in images), {row.requested_by for row in sign_rows})
    staff = staff_of(ctx, ctx.actor.organ, people)
    due = _due_items(ctx, images, staff)
    counts = _counts(ctx, today)
    to_sign = [
        _sign_item(ctx, row, staff, signer.name)
        for row, image in zip(sign_rows, sign_images, strict=False)
        if (signer := _signs(ctx, row, image)) is not None and not signer.obstacles
    ]
    return Desk(
        today=today,
        due=due[:DUE_ROWS],
        more_due=len(rows) > DUE_ROWS or len(due) > DUE_ROWS,
        to_sign=tuple(to_sign),
        more_to_sign=len(sign_rows) > SIDE_ROWS,
        waiting=_wait_items(ctx, wait_rows[:SIDE_ROWS], today),
        more_waiting=len(wait_rows) > SIDE_ROWS,
        week=tuple(_week_day(ctx, today + number * _DAY, counts) for number in range(WEEK)),
        overdue=sum(count for day, count in counts.items() if day < today),
        next_due=min((day for day in counts if day >= today), default=None),
        notices=notices(ctx, limit=NOTICE_ROWS, unread_only=True),
        unread=unread(ctx),
    )


# --- what is due ----------------------------------------------------------------------------------------------------


def _due_rows(ctx: Context) -> list[Any]:
    parts = [
        select(CaseFile.id, CaseFile.next_due_on)
        .where(part, CaseFile.next_due_on.is_not(None), visible_cases(ctx))
        .order_by(CaseFile.next_due_on, CaseFile.id)
        .limit(DUE_ROWS + 1)
        for part in own_parts(ctx)
    ]
    found = union_all(*(select(part.subquery()) for part in parts)).subquery("mine")
    query = (
        select(CaseFile.id, CaseFile.image)
        .join(found, found.c.id == CaseFile.id)
        .order_by(found.c.next_due_on, found.c.id)
        .limit(DUE_ROWS + 1)
    )
    return list(ctx.session.execute(query).all())


def _due_items(ctx: Context, images: list[CaseImage], staff: Mapping[str, Officer]) -> tuple[DueItem, ...]:
    items = []
    stood_for = {one.actor.id: one.actor.name for one in principals_of(ctx)}
    for image in images:
        behalf = _behalf(ctx, image, stood_for)
        crime = crime_warning(ctx, image, on=ctx.today())
        for proceeding in image.proceedings:
            running = [line for line in clock_lines(ctx.law, proceeding, ctx.now()) if line.live and line.due_on]
            if not running:
                continue
            procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
            pending = image.pending_approval(proceeding.id)
            asked = asked_action(procedure, pending.action, ctx.law.corrections) if pending else None
            offers = offers_of(ctx, image, proceeding, staff=staff) if pending is None else None
            items += [
                DueItem(
                    case_id=image.id,
                    number=image.display_number(),
                    title=image.title,
                    proceeding=proceeding.id,
                    state=procedure.state(proceeding.state).name,
                    clock=line,
                    step=next_step(offers, line.rule) if offers else None,
                    waits=asked.name if asked else None,
                    behalf=behalf,
                    crime=crime,
                )
                for line in running
            ]
    return tuple(sorted(items, key=lambda item: (item.clock.due_on or date.max, item.number)))


def _behalf(ctx: Context, image: CaseImage, stood_for: Mapping[str, str]) -> str:
    """Return the name of the principal whose case it is; '' where it is the actor's own, or his role's."""
    if not stood_for or ctx.actor.id in image.handlers:
        return ""
    return next((stood_for[one] for one in image.handlers if one in stood_for), "")


def _counts(ctx: Context, today: date) -> dict[date, int]:
    """Return due day -> number of cases: every overdue day, the week, and the one day that comes next."""
    counts: dict[date, int] = {}
    for part in own_parts(ctx):
        mine = (part, visible_cases(ctx), CaseFile.next_due_on.is_not(None))
        week = (
            select(CaseFile.next_due_on, func.count())
            .where(*mine, CaseFile.next_due_on < today + WEEK * _DAY)
            .group_by(CaseFile.next_due_on)
        )
        for day, count in ctx.session.execute(week):
            if day is not None:
                counts[day] = counts.get(day, 0) + count
    if not any(day >= today for day in counts):
        later = [
            ctx.session.execute(
                select(func.min(CaseFile.next_due_on)).where(part, visible_cases(ctx), CaseFile.next_due_on >= today)
            ).scalar()
            for part in own_parts(ctx)
        ]
        first = min((day for day in later if day is not None), default=None)
        if first is not None:
            counts[first] = 0
    return counts


def _week_day(ctx: Context, day: date, counts: Mapping[date, int]) -> WeekDay:
    row = ctx.law.calendar.row(day)
    kind = ctx.law.calendar.kind(day)
    return WeekDay(
        on=day,
        kind=kind.value,
        name=row.name if row else "",
        make_up=row is not None and kind is DayKind.WORKING,
        due=counts.get(day, 0),
    )


# --- approvals ------------------------------------------------------------------------------------------------------

_APPROVAL_COLUMNS: tuple[Any, ...] = (
    Approval.id, Approval.case_id, Approval.proceeding_id, Approval.organ_id, Approval.action, Approval.step,
    Approval.step_role, Approval.step_since, Approval.requested_by, CaseFile.number, CaseFile.lead_number,
    CaseFile.external_id, CaseFile.title, CaseFile.procedure, CaseFile.procedure_version, CaseFile.image,
)  # fmt: skip


def _sign_rows(ctx: Context) -> Select[Any]:
    return (
        select(*_APPROVAL_COLUMNS)
        .join(CaseFile, CaseFile.id == Approval.case_id)
        .where(signable(ctx))
        .order_by(Approval.step_since, Approval.id)
        .limit(SIDE_ROWS + 1)
    )


def _wait_rows(ctx: Context) -> Select[Any]:
    return (
        select(*_APPROVAL_COLUMNS)
        .join(CaseFile, CaseFile.id == Approval.case_id)
        .where(Approval.requested_by == ctx.actor.id, Approval.status == "pending")
        .order_by(Approval.step_since, Approval.id)
        .limit(SIDE_ROWS + 1)
    )


def _names(ctx: Context, image: CaseImage, row: Any) -> tuple[Text, Text]:
    """Return what an approval's action and present step are called."""
    proceeding = image.proceeding(row.proceeding_id)
    assert proceeding is not None
    procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
    action = asked_action(procedure, row.action, ctx.law.corrections)
    step = next((one for one in action.approval if one.id == row.step), None) if action else None
    return (
        action.name if action else Text(row.action, row.action),
        step.name if step else Text(row.step or "", row.step or ""),
    )


def _signs(ctx: Context, row: Any, image: CaseImage) -> Signer | None:
    """Return as whom the actor may sign, by what only the image tells as well; None where there is nothing to sign."""
    request = next((one for one in image.approvals if one.id == row.id), None)
    proceeding = image.proceeding(row.proceeding_id)
    if request is None or proceeding is None:
        return None
    procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
    action = asked_action(procedure, row.action, ctx.law.corrections)
    step = waiting_step(action, request) if action else None
    return signer_of(ctx, image, request, step) if step is not None else None


def _sign_item(ctx: Context, row: Any, staff: Mapping[str, Officer], behalf: str) -> SignItem:
    action, step = _names(ctx, image_of(row.image), row)
    by = staff.get(row.requested_by)
    return SignItem(
        approval=row.id,
        case_id=row.case_id,
        number=row.number or row.lead_number or row.external_id or row.case_id,
        title=row.title,
        action=action,
        step=step,
        by=by.name if by else row.requested_by,
        since=legal_date(row.step_since),
        behalf=behalf,
    )


def _wait_items(ctx: Context, rows: Sequence[Any], today: date) -> tuple[WaitItem, ...]:
    signers = _signers(ctx, rows)
    items = []
    for row in rows:
        image = image_of(row.image)
        action, step = _names(ctx, image, row)
        request = next(one for one in image.approvals if one.id == row.id)
        barred = {request.by, *image.officers, *(one.by for one in request.signatures)}
        since = request.signatures[-1].on if request.signatures else request.on
        items.append(
            WaitItem(
                approval=row.id,
                case_id=row.case_id,
                number=row.number or row.lead_number or row.external_id or row.case_id,
                title=row.title,
                action=action,
                step=step,
                role=ROLE_NAMES[Role(row.step_role)] if row.step_role else {"zh": "", "en": ""},
                people=tuple(
                    person.name for person in signers.get((row.organ_id, row.step_role), ()) if person.id not in barred
                ),
                since=since,
                days=(today - since).days,
            )
        )
    return tuple(items)


def _signers(ctx: Context, rows: Sequence[Any]) -> dict[tuple[str, str], list[Any]]:
    """Return (organ, role) -> the active people who hold it there, in one query."""
    wanted = {(row.organ_id, row.step_role) for row in rows if row.step_role}
    if not wanted:
        return {}
    people = ctx.session.execute(
        select(Account.id, Account.name, Account.organ_id, Account.roles)
        .where(Account.active, Account.organ_id.in_({organ for organ, _role in wanted}))
        .order_by(Account.name)
    ).all()
    return {
        (organ, role): [one for one in people if one.organ_id == organ and Role(role) in roles_of(one.roles)]
        for organ, role in wanted
    }
