"""What a request works with: the application's parts, the person at the screen, and the Context of services."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Flask, current_app, g
from flask_login import UserMixin, current_user
from werkzeug.local import LocalProxy

from caseapp.domain.roles import Role, Scope
from caseapp.domain.workflow.situation import Actor

if TYPE_CHECKING:
    from caseapp.context import Context
    from caseapp.domain.workflow.definition import Text
    from caseapp.queries.users import SessionUser
    from caseapp.wiring import Huhang

NOBODY = Actor(id="", name="", organ="", roles=frozenset())
"""Who acts for somebody who is not signed in: without a role, so without a right."""

_STACK = "huhang_stack"
_CONTEXT = "huhang_context"


@dataclass(frozen=True, slots=True, eq=False)
class Viewer(UserMixin):
    """The person at the screen, in the shape Flask-Login asks for."""

    id: str
    login: str
    name: str
    organ_id: str
    organ_name: Text
    roles: frozenset[Role]
    scope: Scope
    language: str | None
    session_epoch: int
    must_change_password: bool
    demo: bool
    second_factor: bool
    password_set_at: datetime

    @classmethod
    def of(cls, user: SessionUser) -> Viewer:
        """Take over a user as the query layer tells it."""
        return cls(
            id=user.id,
            login=user.login,
            name=user.name,
            organ_id=user.organ_id,
            organ_name=user.organ_name,
            roles=frozenset(user.roles),
            scope=user.scope,
            language=user.language,
            session_epoch=user.session_epoch,
            must_change_password=user.must_change_password,
            demo=user.demo,
            second_factor=user.second_factor,
            password_set_at=user.password_set_at,
        )

    @property
    def actor(self) -> Actor:
        """Return the person as the rules see one who acts."""
        return Actor(id=self.id, name=self.name, organ=self.organ_id, roles=self.roles)


def huhang() -> Huhang:
    """Return the parts of the running application: configuration, law, calendar, organs (`caseapp.wiring`)."""
    parts: Huhang = current_app.extensions["huhang"]
    return parts


def viewer_or_none() -> Viewer | None:
    """Return the person who is signed in, or None."""
    person = current_user._get_current_object()
    return person if isinstance(person, Viewer) else None


viewer = LocalProxy(viewer_or_none)
"""The person at the screen; false where nobody is signed in. Templates know it under the same name."""


def ctx() -> Context:
    """Return the Context of this request: who is signed in acts, else nobody, who may see nothing."""
    person = viewer_or_none()
    return ctx_of_nobody() if person is None else ctx_of_nobody().acting_as(person.actor, scope=person.scope)


def ctx_of_nobody() -> Context:
    """Return the request's Context with nobody acting: loading the person of a session, signing in, health checks.

    It is opened once and closed when the request ends.
    """
    known: Context | None = g.get(_CONTEXT)
    if known is None:
        stack = ExitStack()
        known = stack.enter_context(huhang().context()).acting_as(NOBODY, scope=Scope.OWN)
        setattr(g, _STACK, stack)
        setattr(g, _CONTEXT, known)
    return known


def install(app: Flask) -> None:
    """Close the Context of a request, however it ends."""

    @app.teardown_request
    def close_context(_error: BaseException | None) -> None:
        stack: ExitStack | None = g.pop(_STACK, None)
        g.pop(_CONTEXT, None)
        if stack is not None:
            stack.close()
