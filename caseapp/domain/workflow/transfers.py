"""When a case may go to another organ of the system, and what its receiver may answer.

市场监督管理行政处罚程序规定 art 13 (a dispute is negotiated, then reported to the common superior), 14 (who receives a
moved case and denies its jurisdiction reports, and never moves it on), 15 (the superior designates; cases are handed
down), 16 (the superior decides within its time).
"""

from __future__ import annotations

from caseapp.domain.connections import TransferKind, TransferRecord, TransferStatus
from caseapp.domain.errors import N_, Message, Unmet
from caseapp.domain.facts import CaseImage
from caseapp.domain.organs import ENFORCEMENT_KINDS, OrganTable
from caseapp.domain.roles import Role
from caseapp.domain.workflow import evidence_follow
from caseapp.domain.workflow.definition import Category
from caseapp.domain.workflow.situation import Actor

RULES = "《市场监督管理行政处罚程序规定》第{}条"
NEGOTIATION, DESIGNATION = "P02a", "P02b"
"""Clocks of a dispute: both organs negotiate, then their superior designates."""
_OPEN = frozenset({Category.LEAD, Category.OPEN, Category.SUSPENDED})


def obstacles_to_move(case: CaseImage) -> tuple[Unmet, ...]:
    """Return what keeps a case in its organ, or whole and alone: an answer or signature waited for, a decision made."""
    found: list[Unmet] = []
    if case.waiting_transfer is not None:
        found.append(Unmet(Message(N_("本案已发往其他机关，尚未签收")), cure=Role.LEADER.value, guard="transfer"))
    if any(request.status == "pending" for request in case.approvals):
        text = N_("有一项审批正在进行，请先办结、退回或者撤回")
        found.append(Unmet(Message(text), cure=Role.OFFICER.value, guard="pending"))
    if case.main.category not in _OPEN:
        found.append(Unmet(Message(N_("本案已作出决定或者已办结")), guard="category"))
    if any(item.category != Category.CLOSED for item in case.proceedings[1:]):
        text = N_("有措施或者附属程序尚未办结，请先处理")
        found.append(Unmet(Message(text), cure=Role.OFFICER.value, guard="side"))
    return tuple(found)


def obstacles_to_send(
    case: CaseImage, kind: TransferKind, receiver: str, actor: Actor, organs: OrganTable
) -> tuple[Unmet, ...]:
    """Return why the actor may not send the case to that organ in this way; () = may."""
    found = [
        *obstacles_to_move(case),
        *evidence_follow.obstacles_on_the_way(case, evidence_follow.held(case.custody)),
    ]
    if Role.LEADER not in actor.roles:
        found.append(Unmet(Message(N_("由机关负责人决定")), cure=Role.LEADER.value, article=RULES.format("14、15")))
    if actor.id in case.handlers:
        text = N_("办案人员不能决定自己办理的案件的去向，请由另一位负责人办理")
        found.append(Unmet(Message(text), cure=Role.LEADER.value))
    if receiver not in organs or organs.get(receiver).kind not in ENFORCEMENT_KINDS:
        found.append(Unmet(Message(N_("接收机关应当是本系统内有处罚权的机关")), guard="receiver"))
        return tuple(found)
    found += _BY_KIND[kind](case, receiver, actor, organs)
    return tuple(found)


def _move(case: CaseImage, receiver: str, actor: Actor, organs: OrganTable) -> list[Unmet]:
    found = _from_own_organ(case, receiver, actor)
    if any(item.kind == TransferKind.MOVE and _received_by(item, case.organ) for item in case.transfers):
        text = N_("受移送的机关不得再自行移送；对管辖权有异议的，报请共同的上一级机关指定管辖")
        found.append(Unmet(Message(text), cure=Role.LEADER.value, article=RULES.format("14"), guard="moved_before"))
    if any(_received_by(item, case.organ) and item.kind == TransferKind.DESIGNATE for item in case.transfers):
        text = N_("本案由上级指定本机关管辖，不得自行移送")
        found.append(Unmet(Message(text), article=RULES.format("15"), guard="designated"))
    return found


def _hand_down(case: CaseImage, receiver: str, actor: Actor, organs: OrganTable) -> list[Unmet]:
    found = _from_own_organ(case, receiver, actor)
    if not organs.is_below(receiver, case.organ):
        text = N_("交办只能交给下级机关")
        found.append(Unmet(Message(text), article=RULES.format("15"), guard="receiver"))
    return found


def _designate(case: CaseImage, receiver: str, actor: Actor, organs: OrganTable) -> list[Unmet]:
    superior = case.organ in organs and organs.is_below(case.organ, actor.organ)
    if not superior or not organs.is_below(receiver, actor.organ):
        text = N_("指定管辖由双方共同的上级机关决定")
        return [Unmet(Message(text), cure=Role.LEADER.value, article=RULES.format("13、15"), guard="superior")]
    return []


_BY_KIND = {TransferKind.MOVE: _move, TransferKind.HAND_DOWN: _hand_down, TransferKind.DESIGNATE: _designate}


def _from_own_organ(case: CaseImage, receiver: str, actor: Actor) -> list[Unmet]:
    if actor.organ != case.organ:
        return [Unmet(Message(N_("本案不由您所在机关办理")), cure=Role.LEADER.value, guard="organ")]
    if receiver == case.organ:
        return [Unmet(Message(N_("本案已由该机关办理")), guard="receiver")]
    return []


def _received_by(record: TransferRecord, organ: str) -> bool:
    return record.receiver == organ and record.status == TransferStatus.RECEIVED


def obstacles_to_return(record: TransferRecord) -> tuple[Unmet, ...]:
    """Return why the receiver must keep the case; () = it may go back with reasons."""
    if record.kind == TransferKind.DESIGNATE:
        text = N_("上级指定管辖的案件应当接收，不能退回")
        return (Unmet(Message(text), article=RULES.format("15"), guard="designated"),)
    return ()


def common_superior(organs: OrganTable, one: str, other: str) -> str | None:
    """Return the lowest organ above both, None where there is none."""
    above = organs.upward(other)[1:]
    return next((organ for organ in organs.upward(one)[1:] if organ in above), None)


def open_dispute(case: CaseImage) -> TransferRecord | None:
    """Return the latest transfer that was returned for want of jurisdiction and not settled by a later one."""
    last = case.transfers[-1] if case.transfers else None
    return last if last is not None and last.dispute and last.status == TransferStatus.RETURNED else None
