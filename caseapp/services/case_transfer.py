"""Sending a case to another organ of the system, and what the other organ answers (移送、交办、指定管辖).

Until its receipt the case stays where it is and nothing is done in it; from then on it is the receiver's, with a number
of its own, and counts in the receiver's division. Numbers, history and letters stay with the case.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import bindparam, select

from caseapp.context import Context
from caseapp.domain.connections import TransferKind, TransferRecord, TransferStatus
from caseapp.domain.errors import N_, ActionRefused, Message, NotFound, NotPermitted, RuleRefused, Unmet
from caseapp.domain.events import EntryKind, Json
from caseapp.domain.facts import CaseImage
from caseapp.domain.policies.permits import require
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.roles import Role
from caseapp.domain.workflow import transfers
from caseapp.models.organ_transfer import OrganTransfer
from caseapp.services import custody_handover, notify, numbers, submissions, transfer_papers
from caseapp.services.case_intake import CaseRef
from caseapp.services.case_store import CaseEdit, begin, new_id, require_text
from caseapp.services.effects import holders
from caseapp.services.unit_of_work import Unit, unit_of_work

LONGEST_REASON = 2000
_CASE_OF = select(OrganTransfer.case_id).where(OrganTransfer.id == bindparam("of_transfer"))


@submissions.once(CaseRef)
def send(
    ctx: Context,
    case_id: str,
    kind: TransferKind,
    receiver: str,
    *,
    reason: str,
    demands: str = "",
    seen_version: int | None,
    idempotency_key: str | None = None,
) -> CaseRef:
    """Send a case to another organ, with its letter; the receiver is told.

    demands  what is asked of the receiver (交办)

    A designation settles a dispute over jurisdiction and its clocks.

    raises  NotPermitted, NotFound, StaleCase, ActionRefused (with reasons and articles), InputError, DocumentNotReady
    """
    require(ctx.actor.roles, Permission.TRANSFER_SEND)
    reason = require_text("reason", reason, LONGEST_REASON)
    edit = begin(ctx, case_id, seen_version=seen_version)
    _refuse(transfers.obstacles_to_send(edit.current, kind, receiver, ctx.actor, ctx.law.organs))
    transfer_id = new_id(ctx)
    told: dict[str, Json] = {
        "id": transfer_id,
        "kind": kind.value,
        "sender": edit.current.organ,
        "receiver": receiver,
        "decided_by": ctx.actor.organ,
        "reason": reason,
        "demands": demands.strip(),
    }
    settled: list[Json] = [transfers.NEGOTIATION, transfers.DESIGNATION] if kind is TransferKind.DESIGNATE else []
    _append(edit, EntryKind.TRANSFER_SENT, {"transfer": told, "meets": settled})
    with unit_of_work(ctx) as unit:
        transfer_papers.issue_letter(ctx, unit, edit, _record(edit.current, transfer_id))
        edit.save(unit)
        _tell(
            ctx, unit, edit.current, _distributors(ctx, receiver), "sent",
            Message(
                N_("%(sender)s 发来案件，待签收：%(title)s"),
                {"sender": ctx.law.organs.get(ctx.actor.organ).short, "title": edit.current.title},
            ),
        )  # fmt: skip
        reference = _reference(edit)
        submissions.keep(ctx, unit, idempotency_key, asdict(reference))
    return reference


@submissions.once(CaseRef)
def receive(
    ctx: Context, transfer_id: str, *, seen_version: int | None = None, idempotency_key: str | None = None
) -> CaseRef:
    """Sign for a case: it is the actor's organ's from now on, with the organ's own number; its officers are to be put
    in charge.

    raises  NotPermitted, NotFound, StaleCase, RuleRefused (answered already), DocumentNotReady
    """
    edit, record = _answerable(ctx, transfer_id, seen_version)
    with unit_of_work(ctx) as unit:
        patch = _taken_over(ctx, unit, edit.current, record.receiver)
        number = patch.get("number") or patch.get("lead_number")
        payload: dict[str, Json] = {"transfer": record.id, "organ": record.receiver, "case": patch, "meets": []}
        if number:
            payload["number"] = number
        _append(edit, EntryKind.TRANSFER_RECEIVED, payload)
        transfer_papers.issue_receipt(ctx, unit, edit, _record(edit.current, transfer_id))
        edit.save(unit)
        _tell(
            ctx, unit, edit.current, {*_distributors(ctx, record.sender), record.by}, "received",
            Message(
                N_("%(receiver)s 已签收：%(title)s"),
                {"receiver": ctx.law.organs.get(record.receiver).short, "title": edit.current.title},
            ),
        )  # fmt: skip
        custody_handover.tell_keepers(ctx, unit, edit.current, record.receiver)
        reference = _reference(edit)
        submissions.keep(ctx, unit, idempotency_key, asdict(reference))
    return reference


@submissions.once(CaseRef)
def give_back(
    ctx: Context,
    transfer_id: str,
    *,
    reason: str,
    dispute: bool,
    seen_version: int | None = None,
    idempotency_key: str | None = None,
) -> CaseRef:
    """Return a case that was sent. It stays with its sender.

    dispute  the receiver denies its jurisdiction: both organs negotiate in time, then their superior decides (art 13)

    raises  NotPermitted, NotFound, StaleCase, ActionRefused (a designation binds), RuleRefused, InputError
    """
    reason = require_text("reason", reason, LONGEST_REASON)
    edit, record = _answerable(ctx, transfer_id, seen_version)
    _refuse(transfers.obstacles_to_return(record))
    starts: list[Json] = [transfers.NEGOTIATION] if dispute else []
    _append(
        edit,
        EntryKind.TRANSFER_RETURNED,
        {"transfer": record.id, "reason": reason, "dispute": dispute, "starts": starts},
    )
    text = N_("%(receiver)s 对管辖有异议，退回：%(title)s") if dispute else N_("%(receiver)s 退回：%(title)s")
    told = {"receiver": ctx.law.organs.get(record.receiver).short, "title": edit.current.title}
    people = {*_distributors(ctx, record.sender), record.by, *edit.current.handlers}
    return _finish(ctx, edit, people, "returned", Message(text, told), idempotency_key)


@submissions.once(CaseRef)
def recall(
    ctx: Context,
    transfer_id: str,
    *,
    reason: str,
    seen_version: int | None = None,
    idempotency_key: str | None = None,
) -> CaseRef:
    """Take back what was sent and not yet answered. raises as `send`"""
    require(ctx.actor.roles, Permission.TRANSFER_SEND)
    reason = require_text("reason", reason, LONGEST_REASON)
    edit, record = _waiting(ctx, transfer_id, seen_version)
    if ctx.actor.organ != record.decided_by:
        raise NotPermitted(Message(N_("由发出的机关撤回")))
    _append(edit, EntryKind.TRANSFER_RECALLED, {"transfer": record.id, "reason": reason})
    told = Message(
        N_("%(sender)s 撤回：%(title)s"),
        {"sender": ctx.law.organs.get(record.decided_by).short, "title": edit.current.title},
    )
    return _finish(ctx, edit, _distributors(ctx, record.receiver), "recalled", told, idempotency_key)


@submissions.once(CaseRef)
def report(
    ctx: Context, transfer_id: str, *, seen_version: int | None = None, idempotency_key: str | None = None
) -> CaseRef:
    """Report a dispute that was not settled to the common superior, who designates in time (art 13, 16).

    raises  NotPermitted, NotFound, StaleCase, RuleRefused (no dispute, reported already, no common superior)
    """
    require(ctx.actor.roles, Permission.TRANSFER_ANSWER)
    edit, record = _found(ctx, transfer_id, seen_version)
    if ctx.actor.organ not in (record.sender, record.receiver):
        raise NotPermitted(Message(N_("由争议双方之一报请")))
    dispute = transfers.open_dispute(edit.current)
    if dispute is None or dispute.id != record.id or dispute.reported_to:
        raise RuleRefused(Message(N_("没有待报请的管辖争议")))
    superior = transfers.common_superior(ctx.law.organs, record.sender, record.receiver)
    if superior is None:
        raise RuleRefused(Message(N_("双方没有共同的上级机关，请按法律规定另行报请")))
    payload: dict[str, Json] = {
        "transfer": record.id,
        "to": superior,
        "meets": [transfers.NEGOTIATION],
        "starts": [transfers.DESIGNATION],
    }
    _append(edit, EntryKind.TRANSFER_REPORTED, payload)
    told = Message(N_("管辖争议待指定：%(title)s"), {"title": edit.current.title})
    return _finish(ctx, edit, holders(ctx, superior, Role.LEADER), "reported", told, idempotency_key)


def _taken_over(ctx: Context, unit: Unit, image: CaseImage, receiver: str) -> dict[str, Any]:
    """Return what changes in the case itself: organ, division, number, nobody in charge yet."""
    if receiver == image.organ:
        return {}
    organ = ctx.law.organs.get(receiver)
    patch: dict[str, Any] = {"organ": receiver, "officers": []}
    if not ctx.law.divisions.within(image.division, organ.division):
        patch["division"] = organ.division
    series = "case" if image.number is not None else numbers.LEAD_SERIES
    taken = numbers.take(
        ctx, unit, organ_id=receiver, series=series, word=numbers.word_of(ctx, series), year=ctx.today().year
    )
    patch["number" if image.number is not None else "lead_number"] = taken
    return patch


def _answerable(ctx: Context, transfer_id: str, seen_version: int | None) -> tuple[CaseEdit, TransferRecord]:
    require(ctx.actor.roles, Permission.TRANSFER_ANSWER)
    edit, record = _waiting(ctx, transfer_id, seen_version)
    if ctx.actor.organ != record.receiver:
        raise NotFound(Message(N_("没有这项移送")))
    return edit, record


def _waiting(ctx: Context, transfer_id: str, seen_version: int | None) -> tuple[CaseEdit, TransferRecord]:
    edit, record = _found(ctx, transfer_id, seen_version)
    if record.status != TransferStatus.SENT:
        raise RuleRefused(Message(N_("这项移送已经签收、退回或者撤回")))
    return edit, record


def _found(ctx: Context, transfer_id: str, seen_version: int | None) -> tuple[CaseEdit, TransferRecord]:
    case_id = ctx.rows(_CASE_OF, {"of_transfer": transfer_id}).scalar()
    if case_id is None:
        raise NotFound(Message(N_("没有这项移送")))
    edit = begin(ctx, case_id, seen_version=seen_version)
    return edit, _record(edit.current, transfer_id)


def _record(image: CaseImage, transfer_id: str) -> TransferRecord:
    return next(item for item in image.transfers if item.id == transfer_id)


def _refuse(obstacles: tuple[Unmet, ...]) -> None:
    if obstacles:
        raise ActionRefused(transfer_papers.ACTION, obstacles)


def _append(edit: CaseEdit, kind: EntryKind, payload: dict[str, Json]) -> None:
    occurred_at, precision = edit.occurred(None)
    edit.append(kind, payload, occurred_at=occurred_at, precision=precision)


def _finish(
    ctx: Context, edit: CaseEdit, people: Any, what: str, message: Message, idempotency_key: str | None
) -> CaseRef:
    with unit_of_work(ctx) as unit:
        edit.save(unit)
        _tell(ctx, unit, edit.current, people, what, message)
        reference = _reference(edit)
        submissions.keep(ctx, unit, idempotency_key, asdict(reference))
    return reference


def _reference(edit: CaseEdit) -> CaseRef:
    return CaseRef(edit.case_id, edit.current.display_number(), edit.current.version)


def _distributors(ctx: Context, organ: str) -> set[str]:
    return {*holders(ctx, organ, Role.SECTION_HEAD), *holders(ctx, organ, Role.LEADER)}


def _tell(ctx: Context, unit: Unit, image: CaseImage, people: Any, what: str, message: Message) -> None:
    notify.tell(
        ctx,
        unit,
        sorted(set(people) - {ctx.actor.id}),
        kind="transfer",
        key=f"transfer:{what}:{image.id}:{image.version}",
        message=message,
        case_id=image.id,
    )
