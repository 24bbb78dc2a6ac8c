"""Who works here: roles and the scope of what they see (DESIGN §5)."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A role that a user holds in an organ. One person may hold several, save for the three administrators."""

    INTAKE_CLERK = "intake_clerk"
    OFFICER = "officer"
    SECTION_HEAD = "section_head"
    LEGAL_REVIEWER = "legal_reviewer"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    LIAISON = "liaison"
    FAST_CHANNEL_DESK = "fast_channel_desk"
    EXAMINER = "examiner"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDIT_ADMINISTRATOR = "audit_administrator"
    RIGHT_HOLDER = "right_holder"
    SYSTEM = "system"
    """The program itself: clocks that lapse, imports, demonstration. Never given to a person."""


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR})
"""三员分立: three different people, and none of them sees case content (GB/T 22239-2019, 8.1.5)."""

ROLE_NAMES: dict[Role, dict[str, str]] = {
    Role.INTAKE_CLERK: {"zh": "受理人员", "en": "Intake clerk"},
    Role.OFFICER: {"zh": "办案人员", "en": "Enforcement officer"},
    Role.SECTION_HEAD: {"zh": "科室负责人", "en": "Section head"},
    Role.LEGAL_REVIEWER: {"zh": "法制审核人员", "en": "Legal reviewer"},
    Role.LEADER: {"zh": "机关负责人", "en": "Head of organ"},
    Role.SUPERVISOR: {"zh": "督查人员", "en": "Supervisor"},
    Role.LIAISON: {"zh": "司法联络员", "en": "Judiciary liaison"},
    Role.FAST_CHANNEL_DESK: {"zh": "快维窗口", "en": "Fast-channel desk"},
    Role.EXAMINER: {"zh": "快维审查员", "en": "Fast-channel examiner"},
    Role.SYSTEM_ADMINISTRATOR: {"zh": "系统管理员", "en": "System administrator"},
    Role.SECURITY_ADMINISTRATOR: {"zh": "安全管理员", "en": "Security administrator"},
    Role.AUDIT_ADMINISTRATOR: {"zh": "审计管理员", "en": "Audit administrator"},
    Role.RIGHT_HOLDER: {"zh": "权利人", "en": "Right holder"},
    Role.SYSTEM: {"zh": "系统", "en": "System"},
}


class Scope(StrEnum):
    """How far a user sees."""

    OWN = "own"
    ORGAN = "organ"
    BELOW = "below"
    CITY = "city"
    SENT_TO_US = "sent_to_us"
