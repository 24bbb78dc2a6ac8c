"""The numbers of signing in that are in force: what the security administrator set, else the defaults."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from typing import Final

from sqlalchemy import func, select

from caseapp.context import Context
from caseapp.domain.ledger import canonical
from caseapp.domain.policies.security import NAMES, SecurityPolicy
from caseapp.models.setting import Setting

PREFIX: Final = "security:"
VERSION: Final = f"{PREFIX}version"
"""Setting whose value is another one after every change, so that a process sees at once that it knows old numbers."""
_SET = select(Setting.name, Setting.value).where(Setting.name.in_([VERSION, *(PREFIX + name for name in NAMES)]))
settings_version = func.coalesce(select(Setting.value).where(Setting.name == VERSION).scalar_subquery(), "")
"""The version in force as a column of another query: '' where nobody has ever set a number."""


@dataclass(frozen=True, slots=True)
class SecuritySettings:
    """What the page of the settings shows.

    mark    stands for the numbers: another mark means that somebody changed them meanwhile
    """

    policy: SecurityPolicy
    defaults: SecurityPolicy
    mark: str


@dataclass(frozen=True, slots=True)
class KnownPolicy:
    """The numbers in force and of which version they are (`settings_version`)."""

    version: str
    policy: SecurityPolicy


def known_policy(ctx: Context, defaults: SecurityPolicy) -> KnownPolicy:
    """Return the numbers in force with their version."""
    found = {row.name: row.value for row in ctx.session.execute(_SET)}
    version = found.pop(VERSION, "")
    numbers = {name.removeprefix(PREFIX): int(value) for name, value in found.items()}
    return KnownPolicy(version, replace(defaults, **numbers))


def security_policy(ctx: Context, defaults: SecurityPolicy | None = None) -> SecurityPolicy:
    """Return the numbers in force."""
    return known_policy(ctx, defaults or SecurityPolicy()).policy


def security_settings(ctx: Context, defaults: SecurityPolicy) -> SecuritySettings:
    """Return the numbers in force beside what they are where nobody sets them."""
    policy = security_policy(ctx, defaults)
    return SecuritySettings(policy, defaults, mark_of(policy))


def mark_of(policy: SecurityPolicy) -> str:
    """Return what stands for the numbers."""
    return hashlib.sha256(canonical(asdict(policy)).encode()).hexdigest()[:32]
