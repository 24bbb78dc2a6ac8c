"""What people are told of, in groups, and how often they want to be told by e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from caseapp.domain.errors import N_


class NoticeGroup(StrEnum):
    """Kinds of notices that are treated alike."""

    DEADLINES = "deadlines"
    APPROVALS = "approvals"
    CASES = "cases"
    SYSTEM = "system"


class Cadence(StrEnum):
    """How often a person wants an e-mail about a group of notices. Inside the system everything is always shown."""

    NOW = "now"
    DAILY = "daily"
    NONE = "none"


DEFAULT_CADENCE = Cadence.DAILY
"""For whoever has given an address and chosen nothing."""

_GROUPS: Mapping[str, NoticeGroup] = {
    "clock_due_soon": NoticeGroup.DEADLINES,
    "clock_overdue": NoticeGroup.DEADLINES,
    "lapsed": NoticeGroup.DEADLINES,
    "approval_waits": NoticeGroup.APPROVALS,
    "approval_ended": NoticeGroup.APPROVALS,
    "nudge": NoticeGroup.APPROVALS,
    "job_failed": NoticeGroup.SYSTEM,
    "figures_differ": NoticeGroup.SYSTEM,
    "outbox_failed": NoticeGroup.SYSTEM,
    "mail_failed": NoticeGroup.SYSTEM,
    "password_reset": NoticeGroup.SYSTEM,
    "deputy": NoticeGroup.SYSTEM,
}

HINTS: Mapping[str, str] = {
    "clock_due_soon": N_("时限将满"),
    "clock_overdue": N_("时限已过"),
    "lapsed": N_("措施已届期失效"),
    "approval_waits": N_("等候您审批"),
    "approval_ended": N_("您提出的审批有了结果"),
    "nudge": N_("催办审批"),
    "reminder": N_("督促办结"),
    "acted": N_("办理有进展"),
    "assigned": N_("指派由您办理"),
    "item_waits": N_("物品移交待您确认"),
    "item_off": N_("物品移交已取消"),
    "item_away": N_("保管的物品待移交"),
    "handoff": N_("移送的案件有进展"),
    "joint": N_("协作事项有进展"),
    "transfer": N_("机关间移送有进展"),
    "job_failed": N_("后台任务失败"),
    "figures_differ": N_("统计与台账不一致"),
    "outbox_failed": N_("待发消息失败"),
    "mail_failed": N_("邮件未能送达"),
    "password_reset": N_("密码已被重置"),
    "deputy": N_("代理事项"),
}
"""Kind of notice -> the few words that an e-mail may say of it: nothing about people or the matter."""
OTHER_HINT = N_("有新消息")


def group_of(kind: str) -> NoticeGroup:
    """Return the group of a kind; what is not known is about a case."""
    return _GROUPS.get(kind, NoticeGroup.CASES)


def kinds_of(group: NoticeGroup) -> tuple[frozenset[str], bool]:
    """Return (kinds, whether the group is exactly those: else it is all kinds but those)."""
    if group is NoticeGroup.CASES:
        return frozenset(_GROUPS), False
    return frozenset(kind for kind, its in _GROUPS.items() if its is group), True


def hint_of(kind: str) -> str:
    """Return the few words for a kind, a text to be translated."""
    return HINTS.get(kind, OTHER_HINT)
