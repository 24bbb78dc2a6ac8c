"""Which cases are mine to move on: those assigned to me or to whom I stand in for, and those of my organ whose state
waits for a role I hold.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, not_, or_, select, union_all

from caseapp.context import Context
from caseapp.domain.roles import Role
from caseapp.models.case_file import CaseFile
from caseapp.models.case_officer import CaseOfficer
from caseapp.queries.deputies import principals_of


def own_parts(ctx: Context) -> tuple[ColumnElement[bool], ...]:
    """Return the condition on `case_file` as parts that no case meets twice and that one index can serve each."""
    assigned = CaseFile.id.in_(select(CaseOfficer.case_id).where(CaseOfficer.user_id.in_(_me_and_principals(ctx))))
    waiting = _waits_for_my_role(ctx)
    return (assigned,) if waiting is None else (assigned, and_(waiting, not_(assigned)))


def own_lookup(ctx: Context) -> Select[Any]:
    """Return the ids of the actor's cases."""
    found = union_all(*(select(CaseFile.id).where(part) for part in own_parts(ctx))).subquery()
    return select(found.c.id)


def is_own(ctx: Context) -> ColumnElement[bool]:
    """Return the same as one condition, to be asked of one case after another."""
    me = _me_and_principals(ctx)
    assigned = exists(select(1).where(CaseOfficer.case_id == CaseFile.id, CaseOfficer.user_id.in_(me)))
    waiting = _waits_for_my_role(ctx)
    return assigned if waiting is None else or_(assigned, waiting)


def _me_and_principals(ctx: Context) -> list[str]:
    """Return the actor's id, and the ids of those he stands in for today: their cases are on his desk."""
    return [ctx.actor.id, *(one.actor.id for one in principals_of(ctx))]


def _waits_for_my_role(ctx: Context) -> ColumnElement[bool] | None:
    states = []
    for procedure in ctx.law.procedures.all():
        owned = [state.id for state in procedure.states if _mine(ctx, state.owner)]
        if owned:
            states.append(
                and_(
                    CaseFile.procedure == procedure.id,
                    CaseFile.procedure_version == procedure.version,
                    CaseFile.state.in_(owned),
                )
            )
    return and_(CaseFile.organ_id == ctx.actor.organ, or_(*states)) if states else None


def _mine(ctx: Context, owner: Role | None) -> bool:
    """Return whether a state waits for a role of the actor; officers are waited for by name, not by role."""
    held = ctx.actor.roles.union(*(one.actor.roles for one in principals_of(ctx)))
    return owner is not None and owner is not Role.OFFICER and owner in held
