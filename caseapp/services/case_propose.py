"""Asking the head of the organ to merge, split or transfer a case; at his signature it is carried out.

What he decides is judged twice by the same rules: when it is asked for, as if some head decided it, and when he signs,
as himself. The request is an approval like others: it waits in his inbox, can be returned with reasons and withdrawn,
and nobody decides on what he asked for or on a case that he handles.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, cast

from caseapp.context import Context
from caseapp.domain.connections import TransferKind
from caseapp.domain.errors import N_, ActionRefused, Message, Unmet
from caseapp.domain.events import EntryKind, Json
from caseapp.domain.facts import ApprovalImage
from caseapp.domain.policies.permits import require
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.roles import Role
from caseapp.domain.workflow import merging, transfers
from caseapp.domain.workflow.definition import Action
from caseapp.domain.workflow.merging import Part, Portion
from caseapp.domain.workflow.proposals import (
    CARRY_OUT,
    MERGE,
    MOVE,
    PROPOSALS,
    SPLIT,
    obstacles_to_propose,
    who_decides,
)
from caseapp.queries.deputies import principals_of
from caseapp.services import case_merge, case_transfer, effects, submissions
from caseapp.services.case_act import Outcome, frozen_digest
from caseapp.services.case_store import CaseEdit, begin, new_id, require_text
from caseapp.services.unit_of_work import one_transaction, unit_of_work

LONGEST_REASON = case_merge.LONGEST_REASON


@submissions.once(Outcome)
def merge(
    ctx: Context,
    into_id: str,
    other_id: str,
    *,
    reason: str,
    take: Collection[Part] = (),
    seen_version: int | None,
    idempotency_key: str | None = None,
) -> Outcome:
    """Ask for another case to be merged into this one. The facts of both are frozen until it is decided.

    raises  NotPermitted, NotFound, StaleCase, ActionRefused (with reasons), InputError
    """
    reason = _reason(ctx, reason)
    into, other = begin(ctx, into_id, seen_version=seen_version), begin(ctx, other_id)
    _refuse(into, MERGE, ctx, case_merge.obstacles(ctx, into.current, other.current, who_decides(into.current)))
    parts = [part.value for part in Part if part in take]
    fields: dict[str, Json] = {
        "other": f"{other.current.display_number()} {other.current.title}",
        "take": [*parts],
        "reason": reason,
        CARRY_OUT: {"other": other.case_id, "take": [*parts], "frozen": _frozen(other)},
    }
    return _ask(ctx, into, MERGE, fields, idempotency_key)


@submissions.once(Outcome)
def split(
    ctx: Context,
    case_id: str,
    portion: Portion,
    *,
    title: str,
    reason: str,
    seen_version: int | None,
    idempotency_key: str | None = None,
) -> Outcome:
    """Ask for a new case to be split off; what goes is told as for `case_merge.split`.

    raises  NotPermitted, NotFound, StaleCase, ActionRefused, InputError
    """
    reason = _reason(ctx, reason)
    title = require_text("title", title, 200)
    edit = begin(ctx, case_id, seen_version=seen_version)
    image = edit.current
    _refuse(edit, SPLIT, ctx, merging.obstacles_to_split(image, who_decides(image), portion.items))
    case_merge.require_divisible(image, portion)
    carried = asdict(portion)
    both = carried.pop("evidence_in_both")  # told among what signers read
    fields: dict[str, Json] = {
        "title": title,
        "parties": [party.name for party in image.parties if party.id in portion.parties],
        "rights": [
            right.number or right.title or "" for place, right in enumerate(image.rights) if place in portion.rights
        ],
        "goods": [item.name for place, item in enumerate(image.goods) if place in portion.goods],
        "evidence": [f"{piece.number} {piece.title}" for piece in image.evidence if piece.id in portion.evidence],
        "items": [f"{item.number} {item.name}" for item in image.custody.items if item.id in portion.items],
        "reason": reason,
        CARRY_OUT: {name: [*chosen] for name, chosen in carried.items()},
    }
    if portion.evidence:
        fields["evidence_in_both"] = both
    return _ask(ctx, edit, SPLIT, fields, idempotency_key)


@submissions.once(Outcome)
def transfer(
    ctx: Context,
    case_id: str,
    kind: TransferKind,
    receiver: str,
    *,
    reason: str,
    demands: str = "",
    seen_version: int | None,
    idempotency_key: str | None = None,
) -> Outcome:
    """Ask for the case to be sent to another organ.

    raises  NotPermitted, NotFound, StaleCase, ActionRefused (with reasons and articles), InputError
    """
    reason = _reason(ctx, reason)
    edit = begin(ctx, case_id, seen_version=seen_version)
    decides, organs = who_decides(edit.current), ctx.law.organs
    _refuse(edit, MOVE, ctx, transfers.obstacles_to_send(edit.current, kind, receiver, decides, organs))
    fields: dict[str, Json] = {
        "kind": kind.value,
        "receiver": {**organs.get(receiver).name},
        "reason": reason,
        "demands": demands.strip(),
        CARRY_OUT: {"receiver": receiver},
    }
    return _ask(ctx, edit, MOVE, fields, idempotency_key)


def is_outdated(ctx: Context, request: ApprovalImage) -> bool:
    """Return whether the other case of a merger has changed since the request, in what signers rely on."""
    if request.action != MERGE.id:
        return False
    told = _carried(request)
    return _frozen(begin(ctx, told["other"])) != str(told["frozen"])


def decide(
    ctx: Context, edit: CaseEdit, request: ApprovalImage, *, principal: str, idempotency_key: str | None
) -> Outcome:
    """Write the signature that the edit holds and carry out what was asked for: both, or neither.

    principal  id of whom the actor signs for as deputy, '' where for himself

    raises  ActionRefused, InputError, DocumentNotReady: nothing is written, the request stays where it was
    """
    proceeding = edit.current.proceeding(request.proceeding)
    assert proceeding is not None
    deciding = _in_place_of(ctx, principal)
    with one_transaction(ctx):
        with unit_of_work(ctx) as unit:
            edit.save(unit)
            effects.approval_ended(ctx, unit, edit.current, request, granted=True)
        _carry_out(deciding, edit.case_id, request, principal)
        with unit_of_work(ctx) as unit:
            image = begin(ctx, edit.case_id).current
            after = image.proceeding(proceeding.id)
            assert after is not None
            outcome = Outcome(
                case_id=image.id,
                version=image.version,
                status="acted",
                from_state=proceeding.state,
                to_state=after.state,
                number=image.display_number(),
                approval=request.id,
                proceeding=proceeding.id,
            )
            submissions.keep(ctx, unit, idempotency_key, asdict(outcome))
    return outcome


def _carry_out(ctx: Context, case_id: str, request: ApprovalImage, principal: str) -> None:
    told, fields = _carried(request), request.fields
    reason = str(fields["reason"])
    if request.action == MERGE.id:
        if principal and principal in begin(ctx, told["other"]).current.handlers:
            text = N_("办案人员不能决定自己办理的案件的并案、分案，请由另一位负责人办理")
            raise ActionRefused(MERGE.id, [Unmet(Message(text), cure=Role.LEADER.value)])
        take = [Part(part) for part in told["take"]]
        case_merge.merge(ctx, case_id, told["other"], reason=reason, take=take, seen_version=None)
    elif request.action == SPLIT.id:
        portion = Portion(**told, evidence_in_both=bool(fields.get("evidence_in_both")))
        case_merge.split(ctx, case_id, portion, title=str(fields["title"]), reason=reason, seen_version=None)
    else:
        case_transfer.send(
            ctx, case_id, TransferKind(str(fields["kind"])), told["receiver"], reason=reason,
            demands=str(fields.get("demands", "")), seen_version=None,
        )  # fmt: skip


def _in_place_of(ctx: Context, principal: str) -> Context:
    """Return the hold of a deputy: he acts, with the rights of whom he stands in for."""
    for one in principals_of(ctx) if principal else ():
        if one.actor.id == principal:
            return ctx.acting_as(replace(one.actor, id=ctx.actor.id, name=ctx.actor.name), scope=one.scope)
    return ctx


def _reason(ctx: Context, reason: str) -> str:
    require(ctx.actor.roles, Permission.CASE_PROPOSE)
    return require_text("reason", reason, LONGEST_REASON)


def _refuse(edit: CaseEdit, action: Action, ctx: Context, obstacles: Sequence[Unmet]) -> None:
    found = [*obstacles_to_propose(edit.current, ctx.actor), *obstacles]
    if found:
        raise ActionRefused(action.id, found)


def _frozen(edit: CaseEdit) -> str:
    return frozen_digest(edit.current, edit.current.main.id)


def _carried(request: ApprovalImage) -> Mapping[str, Any]:
    told: Any = request.fields[CARRY_OUT]
    return cast("Mapping[str, Any]", told)


def _ask(ctx: Context, edit: CaseEdit, action: Action, fields: dict[str, Json], idempotency_key: str | None) -> Outcome:
    assert action.id in PROPOSALS
    image, approval_id = edit.current, new_id(ctx)
    occurred_at, precision = edit.occurred(None)
    payload: dict[str, Json] = {
        "approval": approval_id,
        "proceeding": image.main.id,
        "action": action.id,
        "facts": fields,
        "steps": [step.id for step in action.approval],
        "frozen": _frozen(edit),
    }
    edit.append(EntryKind.APPROVAL_REQUESTED, payload, occurred_at=occurred_at, precision=precision)
    with unit_of_work(ctx) as unit:
        edit.save(unit)
        effects.approval_waits(ctx, unit, edit.current, approval_id)
        after = edit.current
        outcome = Outcome(
            case_id=after.id,
            version=after.version,
            status="requested",
            from_state=image.main.state,
            to_state=after.main.state,
            number=after.display_number(),
            approval=approval_id,
            proceeding=after.main.id,
        )
        submissions.keep(ctx, unit, idempotency_key, asdict(outcome))
    return outcome
