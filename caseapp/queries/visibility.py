"""Who may see which cases, as one WHERE clause: lists, counts, search, feeds, exports and single pages all use it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, False_, and_, bindparam, exists, false, not_, or_, select, true

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.roles import Role, Scope
from caseapp.models.account import Account
from caseapp.models.case_file import CaseFile
from caseapp.models.case_officer import CaseOfficer
from caseapp.models.organ import Organ

_BLIND = frozenset(
    {Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR, Role.LIAISON, Role.RIGHT_HOLDER}
)
"""Roles that see no case content of their own accord (三员; liaisons see what was sent to their organ)."""
_SCOPE = select(Account.scope).where(Account.id == bindparam("of_account"))
_CLERKS = frozenset({Role.INTAKE_CLERK})


def visible_cases(ctx: Context) -> ColumnElement[bool]:
    """Return the condition on `case_file` under which the actor may know that a case exists (DESIGN §5)."""
    by_place, assigned = _grounds(ctx)
    if not assigned:
        return by_place
    own = exists(select(1).where(CaseOfficer.case_id == CaseFile.id, CaseOfficer.user_id == ctx.actor.id))
    return or_(by_place, own)


def visible_parts(ctx: Context, *, organ: Any = CaseFile.organ_id) -> tuple[ColumnElement[bool], ...]:
    """Return `visible_cases` as conditions that no case meets twice and that one index can serve each.

    A long list asks for the first rows of every part and merges them: an OR over two tables would be walked row by row.

    organ  the column of the organ, as the caller wants it in conditions (see `queries.unindexed`)
    """
    by_place, assigned = _grounds(ctx, organ)
    if not assigned:
        return (by_place,)
    own = CaseFile.id.in_(select(CaseOfficer.case_id).where(CaseOfficer.user_id == ctx.actor.id))
    return (own,) if isinstance(by_place, False_) else (by_place, and_(own, not_(by_place)))


def _grounds(ctx: Context, organ: Any = CaseFile.organ_id) -> tuple[ColumnElement[bool], bool]:
    """Return for which cases the actor's place is ground enough, and whether being assigned is a ground of its own."""
    roles = ctx.actor.roles
    if Role.SYSTEM in roles:
        return true(), False
    if not roles - _BLIND:
        return false(), False
    scope = scope_of(ctx)
    if scope == Scope.CITY:
        return true(), False
    if scope == Scope.BELOW:
        path = select(Organ.path).where(Organ.id == ctx.actor.organ).scalar_subquery()
        below = select(Organ.id).where(Organ.path.startswith(path, autoescape=False))
        return organ.in_(below), True
    if scope == Scope.ORGAN:
        in_organ: ColumnElement[bool] = organ == ctx.actor.organ
        if roles <= _CLERKS:
            in_organ = and_(in_organ, CaseFile.category == "lead")
        elif Role.OFFICER in roles and not roles - {Role.OFFICER, Role.INTAKE_CLERK}:
            in_organ = and_(in_organ, CaseFile.restricted.is_(False))
        return in_organ, True
    return false(), scope == Scope.OWN


def scope_of(ctx: Context) -> str:
    """Return how far the actor sees: as the Context says, else as the account says; without an account, own cases
    only.
    """
    if ctx.scope is not None:
        return ctx.scope
    return ctx.rows(_SCOPE, {"of_account": ctx.actor.id}).scalar() or Scope.OWN.value


def require_visible(ctx: Context, case_id: str) -> None:
    """Raise NotFound unless the actor may see the case: not to be told apart from a case that does not exist."""
    found = ctx.session.execute(select(CaseFile.id).where(CaseFile.id == case_id, visible_cases(ctx))).first()
    if found is None:
        raise NotFound(Message(N_("没有这件案件")))
