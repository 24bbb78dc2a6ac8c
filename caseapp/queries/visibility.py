"""Who may see which cases, as one WHERE clause: lists, counts, search, feeds, exports and single pages all use it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from caseapp.domain.errors import Message, N_, NotFound
from caseapp.domain.roles import Role, Scope
from caseapp.models.case_file import CaseFile
from caseapp.models.case_officer import CaseOfficer
from caseapp.models.organ import Organ
from caseapp.context import Context

_BLIND = frozenset(
    {Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR, Role.LIAISON, Role.RIGHT_HOLDER}
)
"""Roles that see no case content of their own accord (三员; liaisons see what was sent to their organ)."""
_CLERKS = frozenset({Role.INTAKE_CLERK})


def visible_cases(ctx: Context) -> ColumnElement[bool]:
    """Return the condition on `case_file` under which the actor may know that a case exists (DESIGN §5)."""
    roles = ctx.actor.roles
    if Role.SYSTEM in roles:
        return true()
    if not roles - _BLIND:
        return false()
    own = exists(select(1).where(CaseOfficer.case_id == CaseFile.id, CaseOfficer.user_id == ctx.actor.id))
    if ctx.scope == Scope.CITY:
        return true()
    if ctx.scope == Scope.BELOW:
        path = select(Organ.path).where(Organ.id == ctx.actor.organ).scalar_subquery()
        below = select(Organ.id).where(Organ.path.startswith(path, autoescape=False))
        return or_(CaseFile.organ_id.in_(below), own)
    if ctx.scope == Scope.ORGAN:
        in_organ: ColumnElement[bool] = CaseFile.organ_id == ctx.actor.organ
        if roles <= _CLERKS:
            in_organ = and_(in_organ, CaseFile.category == "lead")
        elif Role.OFFICER in roles and not roles - {Role.OFFICER, Role.INTAKE_CLERK}:
            in_organ = and_(in_organ, CaseFile.restricted.is_(False))
        return or_(in_organ, own)
    if ctx.scope == Scope.OWN:
        return own
    return false()


def require_visible(ctx: Context, case_id: str) -> None:
    """Raise NotFound unless the actor may see the case: not to be told apart from a case that does not exist."""
    found = ctx.session.execute(select(CaseFile.id).where(CaseFile.id == case_id, visible_cases(ctx))).first()
    if found is None:
        raise NotFound(Message(N_("没有这件案件")))
