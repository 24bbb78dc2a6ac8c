"""The numbers of signing in that the security administrator sets, and who needs a second factor (GB/T 22239-2019,
8.1.4.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Final

from caseapp.domain.errors import N_, InputError, InputErrors, Message
from caseapp.domain.roles import ADMINISTRATORS, Role

SECOND_FACTOR_ROLES: Final = ADMINISTRATORS | {Role.SECTION_HEAD, Role.LEGAL_REVIEWER, Role.LEADER}
"""Who signs for others or keeps the system: a password alone does not do for them."""


@dataclass(frozen=True, slots=True)
class SecurityPolicy:
    """The numbers in force.

    password_length   fewest characters of a password
    password_history  so many earlier passwords may not be chosen again; the present one never may
    password_days     after so many days a password must be changed; 0: it does not age
    lock_after, lock_minutes   failed sign-ins in a row before an account locks, and for how long
    idle_minutes, session_hours   a session ends after so long without requests, and after so long in all
    """

    password_length: int = 10
    password_history: int = 5
    password_days: int = 90
    lock_after: int = 5
    lock_minutes: int = 15
    idle_minutes: int = 30
    session_hours: int = 12


LIMITS: Final[Mapping[str, tuple[int, int]]] = {
    "password_length": (8, 64),
    "password_history": (1, 24),
    "password_days": (0, 365),
    "lock_after": (3, 10),
    "lock_minutes": (5, 1440),
    "idle_minutes": (5, 240),
    "session_hours": (1, 24),
}
"""Lowest and highest value of each number. Customs of the house: the standard asks for the measure, not for numbers."""

NAMES: Final = tuple(one.name for one in fields(SecurityPolicy))


def needs_second_factor(roles: Iterable[Role]) -> bool:
    """Return whether one of the roles is worth nothing without a second factor."""
    return not SECOND_FACTOR_ROLES.isdisjoint(roles)


def check_policy(policy: SecurityPolicy) -> None:
    """Refuse numbers outside their limits. raises InputErrors, one for each"""
    wrong = [
        InputError(name, Message(N_("应在 %(low)s 至 %(high)s 之间"), {"low": low, "high": high}))
        for name, (low, high) in LIMITS.items()
        if not low <= getattr(policy, name) <= high
    ]
    if wrong:
        raise InputErrors(wrong)
