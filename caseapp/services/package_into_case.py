"""What the other organ did, as its package tells, taken into our case: in its name, and as the screen would take it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from caseapp.context import Context
from caseapp.domain.errors import N_, CaseAppError, InputErrors, Message
from caseapp.domain.packages.conversation import Step, yielding
from caseapp.domain.workflow.attached import KeptFile, attached
from caseapp.queries.package_matters import Matter, matter
from caseapp.services import package_opening, package_yield, referral_answer
from caseapp.services.package_reception import opened
from caseapp.services.unit_of_work import Unit


def into_case(ctx: Context, unit: Unit, kept: Matter, step: Step) -> tuple[str, int | None]:
    """Take an act of the other organ into the case; returns why not ('' = it took effect) and the ledger's entry."""
    assert kept.case_id is not None
    body = step.body
    them = ctx.acting_as(package_opening.authority(kept, str(body.get("person") or "")))
    on = max(date.fromisoformat(body["on"]), _opened_on(ctx, kept))
    procedure = ctx.law.procedures.pinned(kept.procedure, kept.version)
    yields = {action.id: action.sends.yields_to for action in procedure.actions if action.sends is not None}
    fields = body.get("fields")
    if not isinstance(fields, Mapping):
        return str(Message(N_("没有填写内容"))), None
    try:
        files = _files(ctx, them, kept, step)
    except CaseAppError as error:
        return why_not(error), None
    try:
        return "", _act(them, kept, body["action"], fields, on, files)
    except CaseAppError as error:
        giving_way = yielding([one.step for one in kept.ours], step.seen, yields, str(body["action"]))
        if not giving_way:
            return why_not(error), None
    fresh = matter(ctx, kept.id)
    assert fresh is not None
    seqs = [one.act_seq for one in fresh.ours if one.step.sequence in {gone.sequence for gone in giving_way}]
    try:
        package_yield.give_way(ctx, unit, kept.case_id, [seq for seq in seqs if seq is not None])
        return "", _act(them, kept, body["action"], fields, on, files)
    except CaseAppError as error:
        return why_not(error), None


def _opened_on(ctx: Context, kept: Matter) -> date:
    """Return the day on which the matter began for us: one that the other began reached us later than he acted."""
    assert kept.case_id is not None
    proceeding = package_yield.image_of(ctx, kept.case_id).proceeding(kept.proceeding_id)
    return proceeding.opened_on if proceeding is not None else date.min


def _files(ctx: Context, them: Context, kept: Matter, step: Step) -> tuple[KeptFile, ...]:
    """Keep the files that came with an act. raises InputError, NotFound"""
    if not attached(step.body["payload"].get("facts")):
        return ()
    fresh = matter(ctx, kept.id)
    assert fresh is not None
    parcel = opened(ctx, ctx.ports.files.get(fresh.waiting[step.sequence].file_sha256), addressed=False)
    return package_opening.kept_files(them, parcel)


def _act(
    them: Context, kept: Matter, action: str, fields: Mapping[str, Any], on: date, files: tuple[KeptFile, ...]
) -> int:
    outcome = referral_answer.answer(
        them, kept.proceeding_id, action, fields, seen_acts=None, occurred_on=on, files=files
    )
    image = package_yield.image_of(them, outcome.case_id)
    proceeding = image.proceeding(kept.proceeding_id)
    assert proceeding is not None
    return max(act.seq for act in proceeding.acts if act.action == action)


def why_not(error: CaseAppError) -> str:
    if isinstance(error, InputErrors):
        return "；".join(str(one.message) for one in error.errors)
    unmet = getattr(error, "unmet", ())
    return "；".join(str(one.message) for one in unmet) if unmet else str(error.message)
