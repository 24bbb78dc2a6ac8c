"""Asking the table of rights."""

from __future__ import annotations

from collections.abc import Iterable

from caseapp.domain.errors import N_, Message, NotPermitted
from caseapp.domain.policies.policy_map import POLICY, Permission
from caseapp.domain.roles import ROLE_NAMES, Role


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Return the union of what the roles hold; no role holds nothing."""
    return frozenset().union(*(POLICY[role] for role in roles))


def permits(roles: Iterable[Role], permission: Permission) -> bool:
    """Return whether any of the roles holds the permission."""
    return any(permission in POLICY[role] for role in roles)


def roles_holding(permission: Permission) -> tuple[Role, ...]:
    """Return the roles that hold the permission, in the order of `Role`: who can help a person that lacks it."""
    return tuple(role for role in Role if permission in POLICY[role])


def require(roles: Iterable[Role], permission: Permission) -> None:
    """Refuse who lacks the permission. raises NotPermitted naming the roles that hold it."""
    if permits(roles, permission):
        return
    holders = tuple(ROLE_NAMES[role] for role in roles_holding(permission))
    names = {"zh": "、".join(name["zh"] for name in holders), "en": ", ".join(name["en"] for name in holders)}
    raise NotPermitted(Message(N_("您的岗位没有这项权限。具有这项权限的岗位：%(roles)s"), {"roles": names}))
