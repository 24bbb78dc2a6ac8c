"""The table of rights: which role holds which permission. Nothing is held that is not written here (DESIGN §5).

Steps of a procedure are not listed one by one: `case:act` opens the door, and the roles written on the action in
`workflows/procedures` decide which step it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from caseapp.domain.roles import Role


class Permission(StrEnum):
    """A right, as noun:verb or noun:part:verb."""

    ACCOUNT_OWN = "account:own"
    """Change one's own password, second factor, sessions and language."""

    DESK_SEE = "desk:see"
    CASE_LIST = "case:list"
    CASE_READ = "case:read"
    CASE_ACT = "case:act"
    CASE_ASSIGN = "case:assign"
    CASE_NOTE = "case:note:add"
    CASE_MERGE = "case:merge"
    """Merge cases, and split one."""
    CASE_PROPOSE = "case:propose"
    """Ask the head of the organ to merge, split or transfer a case; whose case it is decides case by case."""
    HANDOVER_SEE = "handover:see"
    """See who holds what in one's organ, and hand it over."""
    DEPUTY_NAME = "deputy:name"
    """Name a deputy for oneself; a leader also for others, and allows what needs leave."""
    TRANSFER_SEE = "transfer:see"
    TRANSFER_SEND = "transfer:send"
    """Send a case to another organ, designate who handles it, name joint organs."""
    TRANSFER_ANSWER = "transfer:answer"
    """Sign for a case that another organ sent, or return it."""
    CASE_FACTS_CHANGE = "case:facts:change"
    CASE_CORRECT = "case:correct"
    """Ask for a wrong entry to be voided or put in other words; who may do so in a case is judged case by case."""
    CASE_EXPORT = "case:export"
    VIEW_SHARE = "view:share"
    """Show a saved view of the case list to everybody in the organ."""
    CASE_PERSONAL_READ = "case:personal:read"
    """See identity numbers, telephones and addresses in full; every look is kept in the access stream."""
    LEAD_REGISTER = "lead:register"
    EVIDENCE_READ = "evidence:read"
    EVIDENCE_CHANGE = "evidence:change"
    """Add, describe and withdraw evidence; keep goods. Whose case it is decides `evidence_hands`."""
    DOCUMENT_READ = "document:read"
    DOCUMENT_ISSUE = "document:issue"
    CASE_FILE_BIND = "case_file:bind"
    """Have the case file bound; the volumes are read with `document:read`."""

    APPROVAL_LIST = "approval:list"
    APPROVAL_SIGN = "approval:sign"

    FIGURE_SEE = "figure:see"
    FIGURE_EXPORT = "figure:export"
    CASE_REMIND = "case:remind"
    """Remind the officers who lead cases in sight to close them; no step in any of them."""
    OVERDUE_SEE = "overdue:see"
    PLAN_ENTER = "plan:enter"
    """Enter measured values of the plan's indicators with their source, and targets of divisions."""

    REFERRAL_LIST = "referral:list"
    REFERRAL_READ = "referral:read"
    REFERRAL_ANSWER = "referral:answer"
    REFERRAL_OPEN = "referral:open"
    """Send a matter to an enforcing organ from one's own room (反向移送)."""

    SUPERVISION_SEE = "supervision:see"
    """See the list "should have been transferred": procuratorates of their place, supervisors as far as they see cases.

    Of a case that was not sent to it a procuratorate sees number, organ, offence, figures and days, and no more.
    """
    SUPERVISION_WRITE = "supervision:write"
    """Write to an organ about a row of that list; procuratorates only."""

    JOINT_SEE = "joint:see"
    """See the joint work in which one's organ takes part."""
    JOINT_WRITE = "joint:write"
    """Begin joint work in the name of one's organ, answer, keep minutes, end it."""

    FAST_CHANNEL_LIST = "fast_channel:list"
    FAST_CHANNEL_ACT = "fast_channel:act"

    ADMIN_SEE = "admin:see"
    USER_SEE = "user:see"
    USER_CHANGE = "user:change"
    ROLE_CHANGE = "role:change"
    ORGAN_SEE = "organ:see"
    ORGAN_CHANGE = "organ:change"
    LETTERHEAD_CHANGE = "letterhead:change"
    """Keep letterhead, signature block and usual phrases: of one's own organ and those below it."""
    CALENDAR_SEE = "calendar:see"
    DEFINITION_SEE = "definition:see"
    DEFINITION_SIGN = "definition:sign"
    SETTING_CHANGE = "setting:change"
    SECURITY_SETTING_CHANGE = "security:setting:change"
    """Set the numbers of passwords, locks and sessions."""
    SECOND_FACTOR_RESET = "second_factor:reset"
    SECOND_FACTOR_RESET_AGREE = "second_factor:reset:agree"
    """Agree, as a second administrator, to the reset of an administrator's second factor."""
    KEY_SEE = "key:see"
    """See the keys with which organs sign packages, and hand out the public ones."""
    KEY_CHANGE = "key:change"
    """Make, trust and revoke keys of organs."""
    MAIL_SEE = "mail:see"
    """See where e-mails ended, and have one that was lost tried again."""
    LEDGER_SEARCH = "ledger:search"
    LEDGER_VERIFY = "ledger:verify"


_READS_CASES = frozenset(
    {
        Permission.ACCOUNT_OWN,
        Permission.CASE_LIST,
        Permission.CASE_READ,
        Permission.EVIDENCE_READ,
        Permission.DOCUMENT_READ,
        Permission.CALENDAR_SEE,
        Permission.DEFINITION_SEE,
    }
)
_WORKS_ON_CASES = _READS_CASES | {
    Permission.DESK_SEE,
    Permission.CASE_ACT,
    Permission.CASE_NOTE,
    Permission.DEPUTY_NAME,
}
_DISTRIBUTES = frozenset(
    {Permission.CASE_ASSIGN, Permission.HANDOVER_SEE, Permission.TRANSFER_SEE, Permission.TRANSFER_ANSWER}
)
_WORKS_JOINTLY = frozenset({Permission.JOINT_SEE, Permission.JOINT_WRITE})
_READS_FIGURES = frozenset(
    {Permission.FIGURE_SEE, Permission.FIGURE_EXPORT, Permission.OVERDUE_SEE, Permission.CASE_REMIND}
)
_ADMINISTERS = frozenset(
    {
        Permission.ACCOUNT_OWN,
        Permission.ADMIN_SEE,
        Permission.SECOND_FACTOR_RESET_AGREE,
        Permission.USER_SEE,
        Permission.ORGAN_SEE,
        Permission.CALENDAR_SEE,
        Permission.DEFINITION_SEE,
    }
)

POLICY: Mapping[Role, frozenset[Permission]] = {
    Role.INTAKE_CLERK: _WORKS_ON_CASES
    | {Permission.LEAD_REGISTER, Permission.CASE_FACTS_CHANGE, Permission.EVIDENCE_CHANGE},
    Role.OFFICER: _WORKS_ON_CASES
    | _WORKS_JOINTLY
    | {
        Permission.LEAD_REGISTER,
        Permission.CASE_FACTS_CHANGE,
        Permission.CASE_CORRECT,
        Permission.CASE_PROPOSE,
        Permission.CASE_EXPORT,
        Permission.CASE_PERSONAL_READ,
        Permission.DOCUMENT_ISSUE,
        Permission.CASE_FILE_BIND,
        Permission.EVIDENCE_CHANGE,
    },
    Role.SECTION_HEAD: _WORKS_ON_CASES
    | _WORKS_JOINTLY
    | _READS_FIGURES
    | _DISTRIBUTES
    | {
        Permission.LEAD_REGISTER,
        Permission.CASE_FILE_BIND,
        Permission.EVIDENCE_CHANGE,
        Permission.DOCUMENT_ISSUE,
        Permission.CASE_CORRECT,
        Permission.CASE_PROPOSE,
        Permission.CASE_EXPORT,
        Permission.VIEW_SHARE,
        Permission.CASE_PERSONAL_READ,
        Permission.APPROVAL_LIST,
        Permission.APPROVAL_SIGN,
    },
    Role.LEGAL_REVIEWER: _WORKS_ON_CASES
    | {Permission.CASE_PERSONAL_READ, Permission.APPROVAL_LIST, Permission.APPROVAL_SIGN},
    Role.LEADER: _WORKS_ON_CASES
    | _WORKS_JOINTLY
    | _READS_FIGURES
    | _DISTRIBUTES
    | {
        Permission.CASE_MERGE,
        Permission.TRANSFER_SEND,
        Permission.CASE_EXPORT,
        Permission.VIEW_SHARE,
        Permission.CASE_PERSONAL_READ,
        Permission.APPROVAL_LIST,
        Permission.APPROVAL_SIGN,
    },
    Role.SUPERVISOR: _READS_CASES
    | _READS_FIGURES
    | {Permission.PLAN_ENTER, Permission.CASE_EXPORT, Permission.SUPERVISION_SEE, Permission.JOINT_SEE},
    Role.LIAISON: frozenset(
        {
            Permission.ACCOUNT_OWN,
            Permission.REFERRAL_LIST,
            Permission.REFERRAL_READ,
            Permission.REFERRAL_ANSWER,
            Permission.REFERRAL_OPEN,
            Permission.SUPERVISION_SEE,
            Permission.SUPERVISION_WRITE,
            Permission.JOINT_SEE,
            Permission.JOINT_WRITE,
        }
    ),
    Role.FAST_CHANNEL_DESK: _WORKS_ON_CASES
    | {Permission.LEAD_REGISTER, Permission.EVIDENCE_CHANGE, Permission.FAST_CHANNEL_LIST, Permission.FAST_CHANNEL_ACT},
    Role.EXAMINER: frozenset(
        {Permission.ACCOUNT_OWN, Permission.FAST_CHANNEL_LIST, Permission.FAST_CHANNEL_ACT, Permission.DEFINITION_SEE}
    ),
    Role.SYSTEM_ADMINISTRATOR: _ADMINISTERS
    | {
        Permission.USER_CHANGE,
        Permission.ORGAN_CHANGE,
        Permission.LETTERHEAD_CHANGE,
        Permission.SETTING_CHANGE,
        Permission.MAIL_SEE,
    },
    Role.SECURITY_ADMINISTRATOR: _ADMINISTERS
    | {
        Permission.ROLE_CHANGE,
        Permission.DEFINITION_SIGN,
        Permission.SECURITY_SETTING_CHANGE,
        Permission.SECOND_FACTOR_RESET,
        Permission.KEY_SEE,
        Permission.KEY_CHANGE,
    },
    Role.AUDIT_ADMINISTRATOR: _ADMINISTERS | {Permission.LEDGER_SEARCH, Permission.LEDGER_VERIFY},
    Role.RIGHT_HOLDER: frozenset({Permission.ACCOUNT_OWN}),
    Role.SYSTEM: frozenset(),
}
"""Every role has a row. The program itself needs no permission: it never comes through a door."""

LENT: frozenset[Permission] = frozenset(
    {
        Permission.DESK_SEE,
        Permission.CASE_ACT,
        Permission.APPROVAL_LIST,
        Permission.APPROVAL_SIGN,
        Permission.EVIDENCE_READ,
        Permission.EVIDENCE_CHANGE,
    }
)
"""What a deputy holds inside the dates by the roles of his principal: acts that record both of them."""
