"""The numbers of signing in that are in force: what the security administrator set, else the defaults."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from typing import Final

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.ledger import canonical
from caseapp.domain.policies.security import NAMES, SecurityPolicy
from caseapp.models.setting import Setting

PREFIX: Final = "security:"
_SET = select(Setting.name, Setting.value).where(Setting.name.in_([PREFIX + name for name in NAMES]))


@dataclass(frozen=True, slots=True)
class SecuritySettings:
    """What the page of the settings shows.

    mark    stands for the numbers: another mark means that somebody changed them meanwhile
    """

    policy: SecurityPolicy
    defaults: SecurityPolicy
    mark: str


def security_policy(ctx: Context, defaults: SecurityPolicy | None = None) -> SecurityPolicy:
    """Return the numbers in force."""
    found = {row.name.removeprefix(PREFIX): int(row.value) for row in ctx.session.execute(_SET)}
    return replace(defaults or SecurityPolicy(), **found)


def security_settings(ctx: Context, defaults: SecurityPolicy) -> SecuritySettings:
    """Return the numbers in force beside what they are where nobody sets them."""
    policy = security_policy(ctx, defaults)
    return SecuritySettings(policy, defaults, mark_of(policy))


def mark_of(policy: SecurityPolicy) -> str:
    """Return what stands for the numbers."""
    return hashlib.sha256(canonical(asdict(policy)).encode()).hexdigest()[:32]
