"""Signing, returning and withdrawing requests for approval."""

from __future__ import annotations

from dataclasses import asdict, replace

from sqlalchemy import bindparam, select

from caseapp.context import Context
from caseapp.domain.errors import N_, ActionRefused, InputError, Message, NotFound, NotPermitted, Unmet
from caseapp.domain.events import EntryKind, Json
from caseapp.domain.facts import ApprovalImage, CaseImage, ProceedingImage
from caseapp.domain.workflow.approvals import asked_action, waiting_step
from caseapp.domain.workflow.correction_rules import CORRECT
from caseapp.domain.workflow.definition import Action, ApprovalStep
from caseapp.domain.workflow.engine import decide
from caseapp.domain.workflow.proposals import PROPOSALS
from caseapp.domain.workflow.situation import Actor
from caseapp.models.approval import Approval
from caseapp.queries.signers import signer_of
from caseapp.queries.situations import situation_of
from caseapp.queries.staff import staff_of
from caseapp.services import case_correct, case_propose, effects, submissions
from caseapp.services.case_act import Outcome, frozen_digest, proceeding_in, take_effect
from caseapp.services.case_store import CaseEdit, begin, told_for
from caseapp.services.unit_of_work import Unit, unit_of_work

LONGEST_OPINION = 2000
_APPROVAL = Approval.__table__
_CASE_OF = select(_APPROVAL.c.case_id).where(_APPROVAL.c.id == bindparam("of_approval"))


@submissions.once(Outcome)
def sign(
    ctx: Context,
    approval_id: str,
    *,
    verdict: str,
    opinion: str = "",
    seen_version: int | None = None,
    idempotency_key: str | None = None,
) -> Outcome:
    """Sign the step a request waits for, or return the request for revision with reasons.

    verdict  'signed' or 'returned'

    At the last signature the action takes effect, once its guards are judged again. A fact that the signers rely on and
    that changed since the request was made voids the request instead (status 'void').

    raises  NotFound, StaleCase, NotPermitted (not this person's to sign), ActionRefused, InputError (returned
            unreasoned)
    """
    if len(opinion) > LONGEST_OPINION:
        raise InputError("opinion", Message(N_("不得超过 %(longest)s 字"), {"longest": LONGEST_OPINION}))
    edit, request = _pending(ctx, approval_id, seen_version)
    proceeding, _action, step = _place(ctx, edit.current, request)
    signer = signer_of(ctx, edit.current, request, step)
    if signer.obstacles:
        raise NotPermitted(signer.obstacles[0].message)
    for_whom = told_for(signer.principal)
    if verdict not in ("signed", "returned"):
        raise InputError("verdict", Message(N_("请选择同意或者退回")))
    if verdict == "returned":
        if not opinion.strip():
            raise InputError("opinion", Message(N_("退回修改须写明理由")))
        return _close(
            ctx, edit, proceeding, request, EntryKind.APPROVAL_RETURNED,
            {"step": step.id, "opinion": opinion.strip(), **for_whom}, "returned", idempotency_key,
        )  # fmt: skip
    if frozen_digest(edit.current, proceeding.id) != request.frozen or case_propose.is_outdated(ctx, request):
        return _close(
            ctx, edit, proceeding, request, EntryKind.APPROVAL_WITHDRAWN, {"void": True, "opinion": ""},
            "void", idempotency_key,
        )  # fmt: skip
    occurred_at, precision = edit.occurred(None)
    edit.append(
        EntryKind.APPROVAL_SIGNED,
        {"approval": request.id, "step": step.id, "opinion": opinion.strip(), **for_whom},
        occurred_at=occurred_at,
        precision=precision,
    )
    last = request.steps[-1] == step.id
    if last and request.action in PROPOSALS:
        return case_propose.decide(ctx, edit, request, principal=signer.principal, idempotency_key=idempotency_key)
    requester = _requester(ctx, request)
    with unit_of_work(ctx) as unit:
        if last:
            _grant(ctx, unit, edit, proceeding, request, requester)
            effects.approval_ended(ctx, unit, edit.current, request, granted=True)
        else:
            edit.save(unit)
            effects.approval_waits(ctx, unit, edit.current, request.id)
        outcome = _outcome(edit, proceeding, "acted" if last else "signed", request.id)
        submissions.keep(ctx, unit, idempotency_key, asdict(outcome))
    return outcome


def _grant(
    ctx: Context,
    unit: Unit,
    edit: CaseEdit,
    proceeding: ProceedingImage,
    request: ApprovalImage,
    requester: Actor,
) -> None:
    """Let what was signed take effect, and write it."""
    if request.action == CORRECT:
        case_correct.take_effect(ctx, unit, edit, request)
        edit.save(unit)
        return
    procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
    on = request.occurred_on or ctx.today()
    situation = situation_of(ctx.acting_as(requester), edit.current, proceeding, on=on)
    if request.principal:
        situation = replace(situation, deputy=request.by)
    decision = decide(procedure, situation, request.action, request.fields, today=ctx.today(), approved=True)
    take_effect(
        ctx, unit, edit, proceeding, decision,
        approval=request.id, actor=request.by, principal=request.principal,
    )  # fmt: skip
    edit.save(unit)
    effects.after(ctx, unit, edit, decision)


@submissions.once(Outcome)
def withdraw(
    ctx: Context, approval_id: str, *, seen_version: int | None = None, idempotency_key: str | None = None
) -> Outcome:
    """Take back one's own request while it is pending (拿回).

    raises  NotFound, StaleCase, NotPermitted
    """
    edit, request = _pending(ctx, approval_id, seen_version)
    if ctx.actor.id not in (request.by, request.principal):
        raise NotPermitted(Message(N_("只有申请人本人可以撤回审批")))
    proceeding = proceeding_in(edit.current, request.proceeding)
    return _close(
        ctx, edit, proceeding, request, EntryKind.APPROVAL_WITHDRAWN, {"void": False, "opinion": ""},
        "withdrawn", idempotency_key,
    )  # fmt: skip


def _pending(ctx: Context, approval_id: str, seen_version: int | None) -> tuple[CaseEdit, ApprovalImage]:
    case_id = ctx.rows(_CASE_OF, {"of_approval": approval_id}).scalar()
    if case_id is None:
        raise NotFound(Message(N_("没有这项审批")))
    edit = begin(ctx, case_id, seen_version=seen_version)
    request = next(item for item in edit.current.approvals if item.id == approval_id)
    if request.status != "pending":
        raise ActionRefused(request.action, [Unmet(Message(N_("该审批已经办结")), guard="pending")])
    return edit, request


def _place(ctx: Context, image: CaseImage, request: ApprovalImage) -> tuple[ProceedingImage, Action, ApprovalStep]:
    proceeding = proceeding_in(image, request.proceeding)
    action = asked_action(
        ctx.law.procedures.pinned(proceeding.procedure, proceeding.version), request.action, ctx.law.corrections
    )
    step = waiting_step(action, request) if action else None
    if action is None or step is None:
        raise NotFound(Message(N_("没有这项审批")))
    return proceeding, action, step


def _requester(ctx: Context, request: ApprovalImage) -> Actor:
    """Return by whose rights the act was asked for: the principal's, where a deputy asked."""
    person = request.principal or request.by
    officer = staff_of(ctx, "", [person]).get(person)
    if officer is None:
        return Actor(person, person, "", frozenset())
    return Actor(officer.id, officer.name, officer.organ, officer.roles)


def _close(
    ctx: Context,
    edit: CaseEdit,
    proceeding: ProceedingImage,
    request: ApprovalImage,
    kind: EntryKind,
    payload: dict[str, Json],
    status: str,
    idempotency_key: str | None,
) -> Outcome:
    occurred_at, precision = edit.occurred(None)
    edit.append(kind, {"approval": request.id, **payload}, occurred_at=occurred_at, precision=precision)
    with unit_of_work(ctx) as unit:
        edit.save(unit)
        effects.approval_ended(ctx, unit, edit.current, request, granted=False)
        outcome = _outcome(edit, proceeding, status, request.id)
        submissions.keep(ctx, unit, idempotency_key, asdict(outcome))
    return outcome


def _outcome(edit: CaseEdit, before: ProceedingImage, status: str, approval: str) -> Outcome:
    image = edit.current
    return Outcome(
        case_id=image.id,
        version=image.version,
        status=status,
        from_state=before.state,
        to_state=proceeding_in(image, before.id).state,
        number=image.display_number(),
        approval=approval,
        proceeding=before.id,
    )
