"""Correcting the ledger: asking for it with a reason, and carrying out what was signed.

An entry is never edited. A `corrected` entry voids it or puts it in other words from then on; the papers of an act that
falls are voided with it, their numbers stay taken. What will be written is fixed when the correction is asked for, and
is tried on the whole history then and once more at the last signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

from caseapp.context import Context
from caseapp.domain.errors import N_, ActionRefused, Message, NotFound, Unmet
from caseapp.domain.events import Entry, EntryKind, Json
from caseapp.domain.facts import ApprovalImage, CaseImage, ProceedingImage
from caseapp.domain.roles import Role
from caseapp.domain.workflow.correction_rules import CORRECT
from caseapp.domain.workflow.corrections import CORRECTABLE, Proposal, corrected
from caseapp.services import document_issue, effects, submissions
from caseapp.services.case_act import Outcome, frozen_digest
from caseapp.services.case_store import CaseEdit, Told, begin, new_id, require_text
from caseapp.services.correction_draft import Asked, drafted, still_lawful
from caseapp.services.correction_judgement import proceeding_of
from caseapp.services.unit_of_work import Unit, unit_of_work

LONGEST_REASON = 1000


def propose(ctx: Context, case_id: str, asked: Asked, *, seen_version: int | None = None) -> Proposal:
    """Return what a correction would write, tried on the whole history; nothing is written.

    raises  NotFound, StaleCase, InputError(s), ActionRefused (not for this person or this entry, or a later act no
            longer fits: the refusal names it), DocumentNotReady (a paper to be issued anew lacks a fact)
    """
    return _proposed(ctx, begin(ctx, case_id, seen_version=seen_version), asked)


@submissions.once(Outcome)
def request(
    ctx: Context, case_id: str, asked: Asked, *, seen_version: int | None, idempotency_key: str | None = None
) -> Outcome:
    """Ask for a correction: it takes effect at the last signature.

    raises  as `propose`
    """
    edit = begin(ctx, case_id, seen_version=seen_version)
    proposal = _proposed(ctx, edit, asked)
    proceeding = proceeding_of(edit.current, _entry(edit.all_entries(), asked.entry))
    approval_id = new_id(ctx)
    occurred_at, precision = edit.occurred(None)
    payload: dict[str, Json] = {
        "approval": approval_id,
        "proceeding": proceeding.id,
        "action": CORRECT,
        "facts": proposal.facts(),
        "steps": [step.id for step in ctx.law.corrections.of(proceeding.procedure).steps_for(ctx.actor.roles)],
        "frozen": frozen_digest(edit.current, proceeding.id),
    }
    edit.append(EntryKind.APPROVAL_REQUESTED, payload, occurred_at=occurred_at, precision=precision)
    with unit_of_work(ctx) as unit:
        edit.save(unit)
        effects.approval_waits(ctx, unit, edit.current, approval_id)
        outcome = _outcome(edit.current, proceeding, approval_id)
        submissions.keep(ctx, unit, idempotency_key, asdict(outcome))
    return outcome


def obstacles_to_ask(ctx: Context, image: CaseImage, entries: Sequence[Entry], seq: int) -> tuple[Unmet, ...]:
    """Return why this person may not ask for a correction of that entry; () = may."""
    entry = _entry(entries, seq)
    found: list[Unmet] = []
    if entry.kind not in CORRECTABLE:
        found.append(Unmet(Message(N_("这类记录不能更正：立案前的登记、审批签署和更正本身都保持原样")), guard="kind"))
    elif corrected(entries).is_void(seq):
        found.append(Unmet(Message(N_("该记录已经作废；如需恢复，请按实际日期重新办理")), guard="void"))
    elif "moved_by" in entry.payload:
        text = N_("该记录随并行环节的事项自动产生，不单独更正；请更正引起它的第 %(seq)s 号记录")
        found.append(Unmet(Message(text, {"seq": str(entry.payload["moved_by"])}), guard="moved"))
    proceeding = proceeding_of(image, entry)
    asked_by = ctx.law.corrections.of(proceeding.procedure).action.roles
    if not _may_ask(ctx, image, asked_by):
        found.append(
            Unmet(
                Message(N_("更正由本案办案人员，或者本机关有权的人员提出")),
                cure="|".join(role.value for role in asked_by),
                guard="role",
            )
        )
    pending = image.pending_approval(proceeding.id)
    if pending is not None:
        found.append(
            Unmet(
                Message(N_("有一项审批正在进行，待其办结、退回或由申请人撤回后再办理")),
                cure=pending.by,
                guard="pending",
            )
        )
    return tuple(found)


def take_effect(ctx: Context, unit: Unit, edit: CaseEdit, request_: ApprovalImage) -> None:
    """Write a correction that was signed, and issue the papers anew that it names. Numbers are taken in `unit`.

    raises  ActionRefused where the history is no longer lawful with it, DocumentNotReady
    """
    proposal = Proposal.of(request_.fields)
    occurred_at, precision = edit.occurred(None)
    edit.append_all(
        [
            Told(
                EntryKind.CORRECTED,
                {**item, "approval": request_.id},
                occurred_at,
                precision,
                actor=request_.by,
            )
            for item in proposal.written()
        ]
    )
    still_lawful(ctx, edit.current, edit.all_entries(), proposal)
    for document_id in proposal.reissue:
        document_issue.reissue(ctx, unit, edit, document_id)


def _proposed(ctx: Context, edit: CaseEdit, asked: Asked) -> Proposal:
    told = replace(asked, reason=require_text("reason", asked.reason, LONGEST_REASON))
    entries = edit.all_entries()
    entry = _entry(entries, asked.entry)
    obstacles = obstacles_to_ask(ctx, edit.current, entries, asked.entry)
    if obstacles:
        raise ActionRefused(CORRECT, obstacles)
    return drafted(edit, entry, told)


def _entry(entries: Sequence[Entry], seq: int) -> Entry:
    found = next((item for item in entries if item.seq == seq), None)
    if found is None:
        raise NotFound(Message(N_("台账中没有这条记录")))
    return found


def _may_ask(ctx: Context, image: CaseImage, asked_by: Sequence[Role]) -> bool:
    """Return whether the actor handles the case, or holds another role that may ask in its organ."""
    if Role.OFFICER in asked_by and ctx.actor.id in image.handlers:
        return True
    others = {role for role in asked_by if role is not Role.OFFICER}
    return bool(others & ctx.actor.roles) and ctx.actor.organ == image.organ


def _outcome(image: CaseImage, proceeding: ProceedingImage, approval: str) -> Outcome:
    return Outcome(
        case_id=image.id,
        version=image.version,
        status="requested",
        from_state=proceeding.state,
        to_state=proceeding.state,
        number=image.display_number(),
        approval=approval,
    )
