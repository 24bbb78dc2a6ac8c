"""Which roles may be held together, and where: the rules about a person's seat (DESIGN §5)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.organs import JUDICIAL_KINDS, OrganKind
from caseapp.domain.roles import ADMINISTRATORS, Role, Scope

GRANTABLE: Final = tuple(role for role in Role if role not in (Role.SYSTEM, Role.RIGHT_HOLDER))
"""Roles that a member of staff may be given. Right holders have accounts of their own kind; the program is nobody."""

_ALONE = ADMINISTRATORS | {Role.LIAISON, Role.RIGHT_HOLDER}


def refuse_seat(roles: Collection[Role], scope: Scope, kind: OrganKind) -> None:
    """Refuse roles that one person may not hold together, or not in an organ of this kind, or not with this scope.

    Administrators of the three kinds are different people who hold no other role (三员分立, GB/T 22239-2019, 8.1.5).
    People of the police, procuratorates and courts are liaisons and nothing else: they see what was sent to them.

    roles   may be empty: a person without a role may do nothing
    raises  InputError (fields 'roles', 'scope')
    """
    held = set(roles)
    if Role.SYSTEM in held:
        raise InputError("roles", Message(N_("“系统”是程序自身的角色，不能授予人员")))
    if held & ADMINISTRATORS and len(held) > 1:
        raise InputError("roles", Message(N_("系统、安全、审计三类管理员应由不同的人担任，且不兼任其他角色")))
    if held & _ALONE and len(held) > 1:
        raise InputError("roles", Message(N_("司法联络员和权利人不兼任其他角色")))
    if kind in JUDICIAL_KINDS and held - {Role.LIAISON}:
        raise InputError("roles", Message(N_("公安机关、检察院、法院的人员只能担任司法联络员")))
    if held and (scope is Scope.SENT_TO_US) is not (Role.LIAISON in held):
        raise InputError("scope", Message(N_("司法联络员的可见范围为“移送我方”，其他角色不使用这一范围")))
