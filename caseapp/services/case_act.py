"""Taking one step in a proceeding, or asking for its approval."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from caseapp.context import Context
from caseapp.db import lined_up
from caseapp.domain.errors import N_, ActionRefused, InputError, Message, NotFound
from caseapp.domain.events import EntryKind, Json, Precision, legal_date
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.workflow import sides
from caseapp.domain.workflow.approvals import frozen_facts
from caseapp.domain.workflow.definition import FieldKind, Procedure
from caseapp.domain.workflow.engine import Decision, act_instant, day_of, decide, not_here
from caseapp.domain.workflow.replay import fold
from caseapp.queries.case_images import as_it_stands, entries_of
from caseapp.queries.situations import situation_of, standings
from caseapp.services import case_tie, effects, handoff_effects, submissions
from caseapp.services.case_store import CaseEdit, begin, new_id, told_for
from caseapp.services.unit_of_work import Unit, late_unit_of_work


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a submission.

    status    acted | requested (waits for approval) | signed | returned | withdrawn | void
    approval  id of the request, where there is one
    proceeding  id of the proceeding acted in
    """

    case_id: str
    version: int
    status: str
    from_state: str
    to_state: str
    number: str
    approval: str | None = None
    proceeding: str = ""


@submissions.once(Outcome)
def act(
    ctx: Context,
    case_id: str,
    proceeding_id: str,
    action: str,
    fields: Mapping[str, Json],
    *,
    seen_version: int | None,
    occurred_on: date | None = None,
    idempotency_key: str | None = None,
) -> Outcome:
    """Take one step in a proceeding, request its approval where the action needs one, or refuse with reasons.

    fields       by field id, typed as `caseapp.domain.workflow.fields` says
    seen_version version of the case the form was made from; None skips the check (never from a form)
    occurred_on  the day it happened, where that is not today and no field tells it; a day before the last act is
                 accepted only if the whole history, replayed in order of time, is lawful

    raises  NotFound, StaleCase, ActionRefused (unmet guards with reasons and articles), InputErrors, InputError
    """
    with lined_up(ctx.session):
        edit = begin(ctx, case_id, seen_version=seen_version)
        proceeding = proceeding_in(edit.current, proceeding_id)
        decision, principal = decided(ctx, edit, proceeding, action, fields, occurred_on)
        return carry_out(ctx, edit, proceeding, decision, occurred_on, idempotency_key, principal=principal)


def carry_out(
    ctx: Context,
    edit: CaseEdit,
    proceeding: ProceedingImage,
    decision: Decision,
    occurred_on: date | None,
    idempotency_key: str | None,
    *,
    principal: str,
) -> Outcome:
    """Write down a decided step: the act with its consequences, or the request for its approval.

    principal  for whom the actor takes it as a deputy, '' where for himself

    raises  DocumentNotReady, StaleCase
    """
    if decision.steps:
        return _request(ctx, edit, proceeding, decision, occurred_on, idempotency_key, principal=principal)
    with late_unit_of_work(ctx) as unit:
        take_effect(ctx, unit, edit, proceeding, decision, principal=principal)
        outcome = _outcome(edit, proceeding.state, proceeding.id, "acted")
        submissions.keep_beside(edit, idempotency_key, outcome)
        edit.save(unit)
        effects.after(ctx, unit, edit, decision)
        handoff_effects.tell_the_others(ctx, unit, edit.current, proceeding.id, decision)
    return outcome


def consider(
    ctx: Context,
    case_id: str,
    proceeding_id: str,
    action: str,
    fields: Mapping[str, Json],
    *,
    seen_version: int | None,
    occurred_on: date | None = None,
) -> Decision:
    """Return what `act` would decide, without taking the step: what a form asks before its answers are sent.

    proceeding_id  may also speak of a side proceeding that the step would open (`sides.spoken_of`)

    raises  as `act`; DocumentNotReady where a paper it issues is not complete
    """
    edit = begin(ctx, case_id, seen_version=seen_version)
    proceeding = proceeding_meant(ctx, edit.current, proceeding_id)
    decision, _principal = decided(ctx, edit, proceeding, action, fields, occurred_on)
    effects.ready_documents(ctx, edit.current, proceeding, decision)
    case_tie.require_mergeable(ctx, edit.current, decision)
    return decision


def proceeding_in(image: CaseImage, proceeding_id: str) -> ProceedingImage:
    """Return a proceeding of the case. raises NotFound"""
    proceeding = image.proceeding(proceeding_id)
    if proceeding is None:
        raise NotFound(Message(N_("案件中没有这一办理环节")))
    return proceeding


def act_time(edit: CaseEdit, decision: Decision) -> tuple[datetime, Precision]:
    """Return when a decided act happened: at the time its form tells, else on its day.

    raises  InputError for a time that is still to come
    """
    told = act_instant(decision.action, decision.facts)
    if told is None:
        return edit.occurred(decision.on)
    if told > edit.ctx.now():
        raise InputError(decision.action.occurs_on, Message(N_("办理时间不能晚于现在")))
    return told, Precision.INSTANT


def proceeding_meant(ctx: Context, image: CaseImage, proceeding_id: str) -> ProceedingImage:
    """Return a proceeding of the case, or one that an act would open. raises NotFound"""
    found = sides.spoken_of(image, proceeding_id, ctx.law.procedures, ctx.today())
    if found is None:
        raise NotFound(Message(N_("案件中没有这一办理环节")))
    return found


def decided(
    ctx: Context,
    edit: CaseEdit,
    proceeding: ProceedingImage,
    action: str,
    fields: Mapping[str, Json],
    occurred_on: date | None,
) -> tuple[Decision, str]:
    """Return the decision of a step as things stood on its day, and for whom the actor took it as a deputy ('' where
    for himself). A proceeding that is not in the case yet is opened by the step.

    raises  as `act`
    """
    procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
    opens = edit.current.proceeding(proceeding.id) is None
    today = ctx.today()
    if occurred_on is not None and occurred_on > today:
        raise InputError("occurred_on", Message(N_("办理日期不能晚于今天（%(today)s）"), {"today": today.isoformat()}))
    on = occurred_on or _told_day(procedure, action, fields) or today
    image = edit.current
    latest = image.last_occurred_at
    if latest is not None and on < legal_date(latest):
        earlier_image = fold(entries_of(ctx, edit.case_id), ctx.law.procedures, as_of=on)
        if earlier_image is None or (not opens and earlier_image.proceeding(proceeding.id) is None):
            raise NotFound(Message(N_("该日期时案件尚未建立")))
        # A request that waits now bars every act of its proceeding, whatever day the act is of.
        image = replace(as_it_stands(ctx, earlier_image, on), approvals=image.approvals)
        if not opens:
            proceeding = proceeding_in(image, proceeding.id)
    if opens:
        obstacles = sides.opening_obstacles(procedure, image, ctx.law.procedures)
        if obstacles or not sides.begins_with(procedure, action):
            raise ActionRefused(action, obstacles or [not_here(procedure, proceeding.state, action)])
    named = [item for value in fields.values() if isinstance(value, list) for item in value if isinstance(item, str)]
    situation = situation_of(ctx, image, proceeding, on=min(on, today), also=named)
    refusals: list[ActionRefused] = []
    for standing in standings(ctx, situation):
        try:
            decision = decide(procedure, standing, action, fields, today=today)
        except ActionRefused as refusal:
            refusals.append(refusal)
        else:
            return decision, standing.actor.id if standing.deputy else ""
    raise min(refusals, key=lambda refusal: len(refusal.unmet))  # what comes nearest tells best what is missing


def _told_day(procedure: Procedure, action_id: str, fields: Mapping[str, Json]) -> date | None:
    action = procedure.action(action_id)
    if action is None:
        return None
    name = action.occurs_on or (action.milestone.date_from if action.milestone else "")
    told = fields.get(name) if name else None
    try:
        return day_of(str(told)) if told else None
    except ValueError:
        return None  # the field check names it


def _request(
    ctx: Context,
    edit: CaseEdit,
    proceeding: ProceedingImage,
    decision: Decision,
    occurred_on: date | None,
    idempotency_key: str | None,
    *,
    principal: str,
) -> Outcome:
    effects.ready_documents(ctx, edit.current, proceeding, decision)
    case_tie.require_mergeable(ctx, edit.current, decision)
    approval_id = new_id(ctx)
    now, precision = edit.occurred(None)
    payload: dict[str, Json] = {
        "approval": approval_id,
        "proceeding": proceeding.id,
        "action": decision.action.id,
        "facts": dict(decision.facts),
        "steps": [step.id for step in decision.steps],
        "frozen": frozen_digest(edit.current, proceeding.id),
        "occurred_on": occurred_on.isoformat() if occurred_on else None,
        **told_for(principal),
    }
    edit.append(EntryKind.APPROVAL_REQUESTED, payload, occurred_at=now, precision=precision)
    with late_unit_of_work(ctx) as unit:
        outcome = _outcome(edit, proceeding.state, proceeding.id, "requested", approval_id)
        submissions.keep_beside(edit, idempotency_key, outcome)
        edit.save(unit)
        effects.approval_waits(ctx, unit, edit.current, approval_id)
    return outcome


def frozen_digest(image: CaseImage, proceeding_id: str) -> str:
    """Return the sha256 of the facts a request freezes."""
    return "sha256:" + hashlib.sha256(frozen_facts(image, proceeding_id).encode()).hexdigest()


def take_effect(
    ctx: Context,
    unit: Unit,
    edit: CaseEdit,
    proceeding: ProceedingImage,
    decision: Decision,
    *,
    approval: str | None = None,
    actor: str | None = None,
    principal: str = "",
) -> None:
    """Append the act and the papers it issues to the edit. Numbers are taken in `unit`.

    actor, principal  who did it, and for whom as a deputy
    """
    effects.ready_documents(ctx, edit.current, proceeding, decision)
    before = edit.current
    if not decision.action.paper:  # what a paper's form asks is kept with the paper, not in the ledger
        _record(ctx, unit, edit, proceeding, decision, approval=approval, actor=actor, principal=principal)
        handoff_effects.main_follows(ctx, edit, proceeding.id, decision)
        case_tie.tie(ctx, unit, edit, before, decision)
    alone = decision.action.paper and approval is None
    effects.issue_documents(ctx, unit, edit, proceeding.id, decision, principal=principal if alone else "")


def _record(
    ctx: Context,
    unit: Unit,
    edit: CaseEdit,
    proceeding: ProceedingImage,
    decision: Decision,
    *,
    approval: str | None,
    actor: str | None,
    principal: str,
) -> None:
    """Append the entry that says the act took effect."""
    procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
    occurred_at, precision = act_time(edit, decision)
    payload = act_payload(
        procedure, proceeding.id, decision, effects.case_patch(ctx, unit, edit.current, decision), approval
    )
    payload.update(told_for(principal))
    edit.append(EntryKind.ACTED, payload, occurred_at=occurred_at, precision=precision, actor=actor)


def act_payload(
    procedure: Procedure, proceeding_id: str, decision: Decision, patch: Mapping[str, Json], approval: str | None
) -> dict[str, Any]:
    """Return the payload under which a decision's act is written into the ledger."""
    action = decision.action
    # What was signed on glass is kept with the document it stands on, as what people said is with a paper.
    signed = {field.fact_name for field in action.fields if field.kind is FieldKind.SIGNATURE}
    payload: dict[str, Any] = {
        "proceeding": proceeding_id,
        "procedure": procedure.id,
        "version": procedure.version,
        "action": action.id,
        "from": decision.from_state,
        "to": decision.to_state,
        "saved": decision.saved,
        "facts": {name: value for name, value in decision.facts.items() if name not in signed},
        "milestone": dict(decision.milestone) if decision.milestone else None,
        "starts": list(action.clocks.started(decision.facts)),
        "meets": list(action.clocks.meets),
        "ends": list(action.clocks.ends),
        "extends": [dict(item) for item in decision.extends],
        "tells": [dict(item) for item in decision.tells],
        "case": dict(patch),
        "approval": approval,
    }
    return {name: value for name, value in payload.items() if value not in (None, [], {})}


def _outcome(edit: CaseEdit, from_state: str, proceeding_id: str, status: str, approval: str | None = None) -> Outcome:
    image = edit.current
    return Outcome(
        case_id=image.id,
        version=image.version,
        status=status,
        from_state=from_state,
        to_state=proceeding_in(image, proceeding_id).state,
        number=image.display_number(),
        approval=approval,
        proceeding=proceeding_id,
    )
