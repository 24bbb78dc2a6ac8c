"""What waits for the actor's signature, and what he needs to see before signing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select

from caseapp.context import Context
from caseapp.domain.errors import N_, ActionRefused, Message, NotFound, Unmet
from caseapp.domain.events import legal_date
from caseapp.domain.facts import ApprovalImage, CaseImage
from caseapp.domain.workflow.approvals import asked_action, waiting_step
from caseapp.domain.workflow.correction_rules import CORRECT
from caseapp.domain.workflow.corrections import Proposal
from caseapp.domain.workflow.definition import Action, ApprovalStep, Text
from caseapp.domain.workflow.proposals import CARRY_OUT, MERGE
from caseapp.domain.workflow.situation import Actor
from caseapp.models.approval import Approval
from caseapp.models.case_file import CaseFile
from caseapp.models.case_officer import CaseOfficer
from caseapp.models.organ import Organ
from caseapp.models.side_proceeding import SideProceeding
from caseapp.queries.case_images import load
from caseapp.queries.correction_effects import Effects, effects_of
from caseapp.queries.deputies import principals_of
from caseapp.queries.signers import Signer, by_and_for, signed_by, signer_of
from caseapp.queries.told_values import ToldValue, people_in, told_values
from caseapp.queries.users import names_of
from caseapp.queries.visibility import visible_cases

PAGE = 50


@dataclass(frozen=True, slots=True)
class WaitingPaper:
    """One row of the inbox; `behalf`: the principal for whom the reader would sign, '' where for himself."""

    approval: str
    case_id: str
    number: str
    title: str
    respondent: str
    action: Text
    step: Text
    requested_by: str
    requested_on: date
    since: date
    next_due_on: date | None
    behalf: str = ""


@dataclass(frozen=True, slots=True)
class Inbox:
    """What waits, oldest first; `more` tells that the list was cut."""

    papers: tuple[WaitingPaper, ...]
    more: bool


def signable(ctx: Context) -> ColumnElement[bool]:
    """Return the condition on `approval` under which the actor may be the one who signs its present step.

    The same rules as `approvals.obstacles_to_sign`, but for the steps he already signed: those rows are few.
    """
    own = _signable_as(ctx.actor, ctx.actor.id)
    return or_(own, *(_signable_as(one.actor, ctx.actor.id) for one in principals_of(ctx)))


def _signable_as(actor: Actor, signer: str) -> ColumnElement[bool]:
    """Return the condition for one seat: the actor's own, or that of a principal whose deputy `signer` is."""
    roles = [role.value for role in actor.roles]
    if not roles:
        return false()
    both = {actor.id, signer}
    path = select(Organ.path).where(Organ.id == actor.organ).scalar_subquery()
    within = select(Organ.id).where(Organ.path.startswith(path))
    investigates = exists(select(1).where(CaseOfficer.case_id == Approval.case_id, CaseOfficer.user_id.in_(both)))
    return and_(
        Approval.status == "pending",
        Approval.step_role.in_(roles),
        Approval.organ_id.in_(within),
        Approval.requested_by.not_in(both),
        ~investigates,
    )


def inbox(ctx: Context) -> Inbox:
    """Return the requests that wait for the actor's signature."""
    rows = ctx.session.execute(_rows(ctx).order_by(Approval.step_since, Approval.id).limit(PAGE + 1)).all()
    names = names_of(ctx, {row.requested_by for row in rows})
    papers = []
    for row in rows[:PAGE]:
        action = asked_action(
            ctx.law.procedures.pinned(row.procedure, row.procedure_version), row.action, ctx.law.corrections
        )
        if action is None:
            continue
        step = next((item for item in action.approval if item.id == row.step), None)
        papers.append(
            WaitingPaper(
                approval=row.id,
                case_id=row.case_id,
                number=row.number or row.lead_number or row.external_id or row.case_id,
                title=row.title,
                respondent=row.respondent,
                action=action.name,
                step=step.name if step else Text(row.step or "", row.step or ""),
                requested_by=names.get(row.requested_by, row.requested_by),
                requested_on=legal_date(row.requested_at),
                since=legal_date(row.step_since),
                next_due_on=row.next_due_on,
                behalf="" if row.as_self else _behalf(ctx, row),
            )
        )
    return Inbox(tuple(papers), len(rows) > PAGE)


def _behalf(ctx: Context, row: Any) -> str:
    return next((one.actor.name for one in principals_of(ctx) if row.step_role in one.actor.roles), "")


def waiting_count(ctx: Context, *, at_most: int = 99) -> int:
    """Return how many requests wait for the actor, counted no further than `at_most`."""
    limited = select(Approval.id).where(signable(ctx)).limit(at_most).subquery()
    return ctx.session.execute(select(func.count()).select_from(limited)).scalar_one()


def _rows(ctx: Context) -> Select[*tuple[Any, ...]]:
    found: Select[*tuple[Any, ...]] = (
        select(
            Approval.id,
            Approval.case_id,
            Approval.action,
            Approval.step,
            Approval.requested_by,
            Approval.requested_at,
            Approval.step_since,
            CaseFile.number,
            CaseFile.lead_number,
            CaseFile.external_id,
            CaseFile.title,
            CaseFile.respondent,
            func.coalesce(SideProceeding.procedure, CaseFile.procedure).label("procedure"),
            func.coalesce(SideProceeding.procedure_version, CaseFile.procedure_version).label("procedure_version"),
            CaseFile.next_due_on,
            Approval.step_role,
            _signable_as(ctx.actor, ctx.actor.id).label("as_self"),
        )
        .join(CaseFile, CaseFile.id == Approval.case_id)
        .outerjoin(
            SideProceeding,
            and_(SideProceeding.case_id == Approval.case_id, SideProceeding.proceeding_id == Approval.proceeding_id),
        )
        .where(signable(ctx))
    )
    return found


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One step of the chain as the page shows it: done, waited for, or to come."""

    name: Text
    role: str
    by: str
    on: date | None
    verdict: str
    opinion: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A request for approval with everything a signer looks at.

    obstacles  why this reader may not sign it now; () = may
    documents  (type id, name) of the papers that will be issued
    behalf     name of the principal for whom the reader would sign as deputy, '' where for himself
    other      the case that is to be merged into this one, where that is asked for
    """

    approval: str
    case: CaseImage
    request: ApprovalImage
    action: Action
    step: ApprovalStep | None
    requested_by: str
    values: tuple[ToldValue, ...]
    chain: tuple[SignatureLine, ...]
    documents: tuple[tuple[str, Text], ...]
    obstacles: tuple[Unmet, ...]
    officers: tuple[str, ...]
    behalf: str = ""
    correction: Effects | None = None
    other: CaseImage | None = None


def paper(ctx: Context, approval_id: str) -> Paper:
    """Return a request for approval.

    raises  NotFound where there is none, or the actor may neither sign it nor see its case
    """
    allowed = or_(visible_cases(ctx), signable(ctx))
    case_id = ctx.session.execute(
        select(Approval.case_id)
        .join(CaseFile, CaseFile.id == Approval.case_id)
        .where(Approval.id == approval_id, allowed)
    ).scalar()
    if case_id is None:
        raise NotFound(Message(N_("没有这项审批")))
    image = load(ctx, case_id).image
    request = next(item for item in image.approvals if item.id == approval_id)
    proceeding = image.proceeding(request.proceeding)
    assert proceeding is not None
    action = asked_action(
        ctx.law.procedures.pinned(proceeding.procedure, proceeding.version), request.action, ctx.law.corrections
    )
    if action is None:
        raise NotFound(Message(N_("没有这项审批")))
    step = waiting_step(action, request)
    people = {
        *({request.by, request.principal} - {""}),
        *image.officers,
        *(one for item in request.signatures for one in (item.by, item.principal) if one),
        *people_in(action, request.fields),
    }
    names = names_of(ctx, people)
    signer = signer_of(ctx, image, request, step) if step is not None else Signer()
    return Paper(
        approval=approval_id,
        case=image,
        request=request,
        action=action,
        step=step,
        requested_by=by_and_for(request.by, request.principal, names),
        values=told_values(action, request.fields, names),
        chain=_chain(action, request, names),
        documents=tuple(
            (type_id, Text(ctx.law.documents[type_id].name["zh"], ctx.law.documents[type_id].name["en"]))
            for type_id in action.documents_for(request.fields)
        ),
        obstacles=signer.obstacles,
        behalf=signer.name,
        correction=_correction(ctx, case_id, request),
        other=_other(ctx, request),
        officers=tuple(names.get(officer, officer) for officer in image.officers),
    )


def _correction(ctx: Context, case_id: str, request: ApprovalImage) -> Effects | None:
    """Return what a correction under way means; None for other requests, and where it no longer fits the history."""
    if request.action != CORRECT or request.status != "pending":
        return None
    try:
        return effects_of(ctx, case_id, Proposal.of(request.fields))
    except ActionRefused:
        return None


def _other(ctx: Context, request: ApprovalImage) -> CaseImage | None:
    if request.action != MERGE.id:
        return None
    told: Any = request.fields[CARRY_OUT]
    return load(ctx, told["other"]).image


def _chain(action: Action, request: ApprovalImage, names: dict[str, str]) -> tuple[SignatureLine, ...]:
    steps = {step.id: step for step in action.approval}
    lines = []
    for step_id in request.steps:
        step = steps.get(step_id)
        if step is None:
            continue
        signature = next((item for item in reversed(request.signatures) if item.step == step_id), None)
        waiting = request.step == step_id
        lines.append(
            SignatureLine(
                name=step.name,
                role=step.role.value,
                by=signed_by(signature, names) if signature else "",
                on=signature.on if signature else None,
                verdict=signature.verdict if signature else "waiting" if waiting else "",
                opinion=signature.opinion if signature else "",
            )
        )
    return tuple(lines)
