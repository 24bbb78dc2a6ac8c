"""Putting officers in charge of many cases, and handing everything a colleague holds to others, row by row.

Every row obeys the rules of a single assignment; what one row refuses does not stop the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from caseapp.context import Context
from caseapp.domain.errors import N_, CaseAppError, InputError, Message, NotFound, NotPermitted
from caseapp.domain.events import EntryKind, Json
from caseapp.domain.policies.permits import require
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.workflow.situation import Officer
from caseapp.queries.case_images import load
from caseapp.queries.kept_items import cases_with_goods
from caseapp.queries.staff import staff_of
from caseapp.queries.visibility import require_visible
from caseapp.services import case_assign, custody_handover, effects
from caseapp.services.case_store import CaseEdit, begin, require_text
from caseapp.services.unit_of_work import unit_of_work


@dataclass(frozen=True, slots=True)
class RowResult:
    """What came of one case. refused: why not, None where it was done; notes: what else was done in it."""

    case_id: str
    number: str
    title: str
    refused: Message | None = None
    notes: tuple[Message, ...] = ()

    @property
    def done(self) -> bool:
        """Return whether the case was handed over."""
        return self.refused is None


def assign_many(
    ctx: Context, case_ids: Sequence[str], officers: Sequence[str], *, reason: str
) -> tuple[RowResult, ...]:
    """Put the same officers in charge of many cases, the first leading.

    raises  NotPermitted, InputError (no reason, no case, nobody named)
    """
    require(ctx.actor.roles, Permission.CASE_ASSIGN)
    reason = require_text("reason", reason, 500)
    if not case_ids:
        raise InputError("cases", Message(N_("请至少选择一件案件")))
    if not officers:
        raise InputError("officers", Message(N_("请至少指派一名办案人员")))
    return tuple(_each(ctx, case_id, officers, reason) for case_id in dict.fromkeys(case_ids))


def hand_over(
    ctx: Context, leaver_id: str, plan: Mapping[str, str], *, reason: str, goods_to: str = ""
) -> tuple[RowResult, ...]:
    """Hand cases of a colleague to others, in the same place among the officers, and ask for the moves of the goods
    that he keeps.

    plan      case id -> id of who takes over
    goods_to  id of who takes over the goods, in other cases too; '' = in each case its successor

    A request of his that waits for a signature is made void: its signers would decide on officers who no longer
    handle the case. Joint handling for another organ goes on with the successor.

    raises  NotPermitted (not of the actor's organ), NotFound, InputError (no reason, nothing planned, to himself)
    """
    require(ctx.actor.roles, Permission.CASE_ASSIGN)
    reason = require_text("reason", reason, 500)
    leaver = staff_of(ctx, "", [leaver_id]).get(leaver_id)
    if leaver is None:
        raise NotFound(Message(N_("没有这一人员")))
    if leaver.organ != ctx.actor.organ:
        raise NotPermitted(Message(N_("只能交接本机关人员的工作")))
    elsewhere = [case_id for case_id in cases_with_goods(ctx, leaver_id) if case_id not in plan] if goods_to else []
    if not plan and not elsewhere:
        raise InputError("cases", Message(N_("请为至少一件案件选择接办人员")))
    if leaver_id in (*plan.values(), goods_to):
        raise InputError("cases", Message(N_("接办人员不能是交出人本人")))
    handed = [_hand_one(ctx, case_id, leaver, to, goods_to or to, reason) for case_id, to in plan.items()]
    return (*handed, *(_hand_goods(ctx, case_id, leaver, goods_to, reason) for case_id in elsewhere))


def _each(ctx: Context, case_id: str, officers: Sequence[str], reason: str) -> RowResult:
    number, title = case_id, ""
    try:
        require_visible(ctx, case_id)
        image = load(ctx, case_id).image
        number, title = image.display_number(), image.title
        case_assign.assign(ctx, case_id, officers, seen_version=image.version, reason=reason)
    except CaseAppError as error:
        ctx.session.rollback()
        return RowResult(case_id, number, title, refused=error.message)
    return RowResult(case_id, number, title)


def _hand_goods(ctx: Context, case_id: str, leaver: Officer, to: str, reason: str) -> RowResult:
    """Ask for the moves of what somebody keeps in a case that is not handed over with it."""
    number, title = case_id, ""
    try:
        edit = begin(ctx, case_id)
        number, title = edit.current.display_number(), edit.current.title
        case_assign.refuse_strangers(ctx, leaver.organ, [to])
        moves = custody_handover.pass_on(edit, leaver.id, to, reason)
        with unit_of_work(ctx) as unit:
            edit.save(unit)
            custody_handover.tell_asked(ctx, unit, edit.current, moves)
    except CaseAppError as error:
        ctx.session.rollback()
        return RowResult(case_id, number, title, refused=error.message)
    return RowResult(case_id, number, title, notes=_of_goods(moves))


def _of_goods(moves: Sequence[str]) -> tuple[Message, ...]:
    if not moves:
        return ()
    return (Message(N_("物品移交 %(count)s 项已提出，待双方确认"), {"count": len(moves)}),)


def _hand_one(ctx: Context, case_id: str, leaver: Officer, to: str, goods_to: str, reason: str) -> RowResult:
    number, title = case_id, ""
    notes: list[Message] = []
    try:
        require_visible(ctx, case_id)
        edit = begin(ctx, case_id)
        image = edit.current
        number, title = image.display_number(), image.title
        if leaver.id not in image.handlers:
            raise InputError("cases", Message(N_("%(name)s已不办理本案"), {"name": leaver.name}))
        case_assign.refuse_strangers(ctx, leaver.organ, [to])
        if _void_requests(edit, leaver, reason):
            notes.append(Message(N_("其待批的申请已作废，请接办人员重新提请")))
        if leaver.id in image.officers:
            told: dict[str, Json] = {"officers": list(_replaced(image.officers, leaver.id, to)), "reason": reason}
            _append(edit, EntryKind.OFFICERS_ASSIGNED, told)
        else:
            joint: list[Json] = [
                {"organ": item.organ, "officers": list(_replaced(item.officers, leaver.id, to))} for item in image.joint
            ]
            _append(edit, EntryKind.JOINT_SET, {"joint": joint, "reason": reason})
            notes.append(Message(N_("联合办案由接办人员继续")))
        case_assign.refuse_strangers(ctx, leaver.organ, [goods_to])
        moves = custody_handover.pass_on(edit, leaver.id, goods_to, reason)
        notes += _of_goods(moves)
        with unit_of_work(ctx) as unit:
            edit.save(unit)
            effects.officers_told(ctx, unit, edit.current, [to])
            custody_handover.tell_asked(ctx, unit, edit.current, moves)
    except CaseAppError as error:
        ctx.session.rollback()
        return RowResult(case_id, number, title, refused=error.message)
    return RowResult(case_id, number, title, notes=tuple(notes))


def _replaced(officers: Sequence[str], leaver: str, to: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(to if one == leaver else one for one in officers))


def _void_requests(edit: CaseEdit, leaver: Officer, reason: str) -> bool:
    waiting = [one for one in edit.current.approvals if one.status == "pending" and one.by == leaver.id]
    for request in waiting:
        _append(edit, EntryKind.APPROVAL_WITHDRAWN, {"approval": request.id, "void": True, "opinion": reason})
    return bool(waiting)


def _append(edit: CaseEdit, kind: EntryKind, payload: dict[str, Json]) -> None:
    occurred_at, precision = edit.occurred(None)
    edit.append(kind, payload, occurred_at=occurred_at, precision=precision)
