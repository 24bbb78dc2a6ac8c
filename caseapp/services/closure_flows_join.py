"""Joining the sums of plain cases by month: many rows of one kind become one that says the same."""

from __future__ import annotations

from sqlalchemy import delete, func, insert, select

from caseapp.context import Context
from caseapp.models.closure_flow import ClosureFlow
from caseapp.services.unit_of_work import unit_of_work

_FLOW = ClosureFlow.metadata.tables[ClosureFlow.__tablename__]
_KIND = (_FLOW.c.month, _FLOW.c.closing, _FLOW.c.division, _FLOW.c.procedure, _FLOW.c.source, _FLOW.c.ip_types)
_NAMES = [*(column.name for column in _KIND), "cases"]


def join_flows(ctx: Context) -> int:
    """Join rows of the same kind; those that add up to nothing go. Returns how many rows fewer there are.

    Whoever files or closes a case meanwhile is not waited for and waits for nobody; a reader sees all of it or nothing.
    """
    before = _count(ctx)
    with unit_of_work(ctx) as unit:
        if unit.connection.dialect.name == "postgresql":
            # One statement sees one state: rows that are appended meanwhile are neither summed nor removed.
            gone = delete(_FLOW).returning(*_FLOW.c).cte("gone")
            kinds = [gone.c[column.name] for column in _KIND]
            total = func.sum(gone.c.cases)
            joined = select(*kinds, total).group_by(*kinds).having(total != 0)
            unit.connection.execute(insert(_FLOW).from_select(_NAMES, joined))
        else:
            last = unit.connection.execute(select(func.coalesce(func.max(_FLOW.c.id), 0))).scalar_one()
            total = func.sum(_FLOW.c.cases)
            joined = select(*_KIND, total).where(_FLOW.c.id <= last).group_by(*_KIND).having(total != 0)
            unit.connection.execute(insert(_FLOW).from_select(_NAMES, joined))
            unit.connection.execute(delete(_FLOW).where(_FLOW.c.id <= last))
    return before - _count(ctx)


def _count(ctx: Context) -> int:
    return ctx.session.execute(select(func.count()).select_from(_FLOW)).scalar_one()
