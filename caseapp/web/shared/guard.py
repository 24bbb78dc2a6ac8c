"""The door: every view says who may enter, and a view that says nothing lets nobody in.

`@allow(Permission.X)` or `@public` marks the view function itself, so it may stand above or below the route decorator.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from caseapp.domain.errors import N_, Message, NotPermitted
from caseapp.domain.policies.permits import permits, require
from caseapp.domain.policies.policy_map import LENT, Permission
from caseapp.domain.roles import Role
from caseapp.queries.deputies import principals_of
from caseapp.web.shared.context import ctx, viewer_or_none
from caseapp.web.shared.login import first_things_first
from caseapp.web.shared.outlived import ask_to_sign_in

View = TypeVar("View", bound=Callable[..., Any])

_ENTRY = "huhang_entry"
PUBLIC = "public"
"""What `entry_of` answers for a view that needs no sign-in."""


def allow(*permissions: Permission) -> Callable[[View], View]:
    """Let in whoever holds any of the permissions.

    raises  TypeError at import where no permission is named: an open door is written `@public`
    """
    if not permissions:
        raise TypeError("allow() needs at least one permission; an open view is marked @public")

    def mark(view: View) -> View:
        setattr(view, _ENTRY, frozenset(permissions))
        return view

    return mark


def public(view: View) -> View:
    """Let everybody in without signing in."""
    setattr(view, _ENTRY, PUBLIC)
    return view


def entry_of(view: Callable[..., Any]) -> frozenset[Permission] | str | None:
    """Return the permissions that open the view, `PUBLIC`, or None where the view says nothing (it is then shut)."""
    entry: frozenset[Permission] | str | None = getattr(view, _ENTRY, None)
    return entry


def may(permission: Permission | str) -> bool:
    """Return whether the person at the screen holds the permission; templates ask it for navigation only."""
    person = viewer_or_none()
    return person is not None and _holds(person.roles, Permission(permission))


def _holds(roles: frozenset[Role], permission: Permission) -> bool:
    """Return whether the person at the screen holds a permission himself, or is lent it as somebody's deputy."""
    if permits(roles, permission):
        return True
    return permission in LENT and any(permits(one.actor.roles, permission) for one in principals_of(ctx()))


def check_entry() -> ResponseReturnValue | None:
    """Refuse, before any view runs, whoever may not enter. raises NotPermitted."""
    if request.endpoint is None or request.routing_exception is not None:
        return None
    entry = entry_of(current_app.view_functions[request.endpoint])
    if entry == PUBLIC:
        return None
    if not current_user.is_authenticated:
        return ask_to_sign_in()
    if not isinstance(entry, frozenset):
        raise NotPermitted(Message(N_("这个页面没有登记准入权限，任何人都不能打开")))
    if not current_user.roles:
        raise NotPermitted(Message(N_("您的账号还没有角色，请安全管理员授予后再使用")))
    g.entry = entry
    if not any(permits(current_user.roles, permission) for permission in entry):
        if not any(_holds(current_user.roles, permission) for permission in entry):
            require(current_user.roles, min(entry))
        g.lent_roles = frozenset().union(*(one.actor.roles for one in principals_of(ctx())))
    return first_things_first()


def install(app: Flask) -> None:
    """Put the guard in front of every route; files under /static are open."""
    app.view_functions["static"] = public(app.view_functions["static"])
    app.before_request(check_entry)
