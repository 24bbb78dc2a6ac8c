"""Consequences of an act: what definitions name under `effects`, its documents, and who is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from caseapp.context import Context
from caseapp.domain.errors import N_, Message
from caseapp.domain.events import Json
from caseapp.domain.facts import ApprovalImage, CaseImage, ProceedingImage
from caseapp.domain.roles import Role
from caseapp.domain.workflow.approvals import asked_action
from caseapp.domain.workflow.definition import EffectUse
from caseapp.domain.workflow.engine import Decision
from caseapp.queries.staff import staff_of
from caseapp.services import case_file_request, document_issue, notify, numbers
from caseapp.services.case_store import CaseEdit
from caseapp.services.unit_of_work import Unit

Patch = dict[str, Json]


def case_patch(ctx: Context, unit: Unit, image: CaseImage, decision: Decision) -> Patch:
    """Return what the action's effects change in the case itself; numbers are taken in `unit`."""
    patch: Patch = {}
    for effect in decision.action.effects:
        change = _CHANGES.get(effect.name)
        if change is not None:
            change(ctx, unit, image, decision, effect, patch)
    return patch


def kept_patch(ctx: Context, image: CaseImage, decision: Decision, earlier: Mapping[str, Json]) -> Patch:
    """Return what an act that is put in other words changes in the case: its number and all else it once gave stays."""
    patch: Patch = dict(earlier)
    for effect in decision.action.effects:
        if effect.name in _REWORDED:
            _CHANGES[effect.name](ctx, None, image, decision, effect, patch)
    return patch


def _number_case(
    ctx: Context, unit: Unit | None, image: CaseImage, decision: Decision, effect: EffectUse, patch: Patch
) -> None:
    if image.number is not None:
        return
    assert unit is not None, "numbers are taken where they are written"
    series = str(effect.params["series"])
    word = numbers.word_of(ctx, series)
    patch["number"] = numbers.take(ctx, unit, organ_id=image.organ, series=series, word=word, year=decision.on.year)


def _assign_officers(
    ctx: Context, unit: Unit | None, image: CaseImage, decision: Decision, effect: EffectUse, patch: Patch
) -> None:
    officers = decision.facts.get(_fact_of(decision, str(effect.params["from_field"])))
    if isinstance(officers, list) and officers:
        patch["officers"] = list(officers)


def _set_case(
    ctx: Context, unit: Unit | None, image: CaseImage, decision: Decision, effect: EffectUse, patch: Patch
) -> None:
    values: Any = effect.params["values"]
    amounts: dict[str, Json] = dict(image.amounts)
    for item, field_id in values.items():
        value = decision.facts.get(_fact_of(decision, field_id))
        if value is None:
            continue
        if item.startswith("amounts."):
            amounts[item.removeprefix("amounts.")] = value
            patch["amounts"] = amounts
        else:
            patch[item] = value


_CHANGES: Mapping[str, Callable[[Context, Unit | None, CaseImage, Decision, EffectUse, Patch], None]] = {
    "number_case": _number_case,
    "assign_officers": _assign_officers,
    "set_case": _set_case,
}


_REWORDED = ("assign_officers", "set_case")
"""Effects that only say again what the form says; others (a number taken) are not repeated for other words."""


def _fact_of(decision: Decision, field_id: str) -> str:
    return next((field.fact_name for field in decision.action.fields if field.id == field_id), field_id)


def ready_documents(ctx: Context, image: CaseImage, proceeding: ProceedingImage, decision: Decision) -> None:
    """Refuse the act while a paper it issues is not complete. raises DocumentNotReady"""
    if ctx.issues_documents:
        for type_id in decision.action.documents_for(decision.facts):
            document_issue.require_ready(ctx, image, proceeding, decision, type_id)


def issue_documents(
    ctx: Context, unit: Unit, edit: CaseEdit, proceeding_id: str, decision: Decision, *, principal: str = ""
) -> None:
    """Issue the papers of an act that has just been folded: numbers taken, facts frozen; printing follows after
    commit.

    principal  for whom a deputy issues them, where no act tells it
    """
    if ctx.issues_documents:
        for type_id in decision.action.documents_for(decision.facts):
            document_issue.issue(ctx, unit, edit, proceeding_id, decision, type_id, principal=principal)


def after(ctx: Context, unit: Unit, edit: CaseEdit, decision: Decision) -> None:
    """Tell those whom the definition names that the act took effect."""
    image = edit.current
    name = decision.action.name
    for effect in decision.action.effects:
        if effect.name == "seal_case_file" and ctx.issues_documents:
            case_file_request.queue(ctx, unit, image.id, to_seal=True)
        if effect.name != "notify":
            continue
        role = str(effect.params["role"])
        told = image.handlers if role == "officers" else holders(ctx, image.organ, Role(role))
        notify.tell_with_deputies(
            ctx,
            unit,
            told,
            but_not=(ctx.actor.id,),
            kind="acted",
            key=f"acted:{image.id}:{image.version}",
            message=Message(
                N_("%(number)s：“%(action)s”已办理"),
                {"number": image.display_number(), "action": {"zh": name.zh, "en": name.en}},
            ),
            case_id=image.id,
        )


def approval_waits(ctx: Context, unit: Unit, image: CaseImage, approval_id: str) -> None:
    """Tell those who may sign the step that a request waits for."""
    request = next(item for item in image.approvals if item.id == approval_id)
    proceeding = image.proceeding(request.proceeding)
    assert proceeding is not None
    action = asked_action(
        ctx.law.procedures.pinned(proceeding.procedure, proceeding.version), request.action, ctx.law.corrections
    )
    step = next((item for item in action.approval if item.id == request.step), None) if action else None
    if action is None or step is None:
        return
    signers = holders(ctx, image.organ, step.role)
    notify.tell_with_deputies(
        ctx,
        unit,
        signers,
        but_not={request.by, request.principal, *image.handlers},
        kind="approval_waits",
        key=f"approval:{request.id}:{step.id}",
        message=Message(
            N_("%(number)s：“%(action)s”待您审批（%(step)s）"),
            {
                "number": image.display_number(),
                "action": {"zh": action.name.zh, "en": action.name.en},
                "step": {"zh": step.name.zh, "en": step.name.en},
            },
        ),
        case_id=image.id,
    )


def approval_ended(ctx: Context, unit: Unit, image: CaseImage, request: ApprovalImage, *, granted: bool) -> None:
    """Tell the requester how the request ended."""
    if request.by == ctx.actor.id:
        return
    text = N_("%(number)s：您提出的审批已通过") if granted else N_("%(number)s：您提出的审批被退回，请修改后再报")
    notify.tell_with_deputies(
        ctx,
        unit,
        [request.by],
        but_not=(ctx.actor.id,),
        kind="approval_ended",
        key=f"approval-ended:{request.id}",
        message=Message(text, {"number": image.display_number()}),
        case_id=image.id,
    )


def officers_told(ctx: Context, unit: Unit, image: CaseImage, officers: Iterable[str]) -> None:
    """Tell officers that a case is theirs."""
    notify.tell_with_deputies(
        ctx,
        unit,
        officers,
        but_not=(ctx.actor.id,),
        kind="assigned",
        key=f"assigned:{image.id}:{image.version}",
        message=Message(
            N_("%(number)s 已指派由您办理：%(title)s"), {"number": image.display_number(), "title": image.title}
        ),
        case_id=image.id,
    )


def holders(ctx: Context, organ_id: str, role: Role) -> list[str]:
    """Return the active members of an organ who hold a role."""
    return [person.id for person in staff_of(ctx, organ_id).values() if role in person.roles and person.active]
