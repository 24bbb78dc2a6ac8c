"""The sums by month follow every change of a case's row in its own transaction, whoever makes it."""

from __future__ import annotations

from collections import Counter
from datetime import date

from sqlalchemy import delete, func, insert, select, update

from caseapp.context import Context
from caseapp.domain.metrics.flows import month_number
from caseapp.models.closure_case import ClosureCase
from caseapp.models.closure_flow import ClosureFlow
from caseapp.queries.closure import Period, closure_rate
from caseapp.services.closure_flows_join import join_flows
from caseapp.services.ledger_rebuild import rewrite
from caseapp.services.unit_of_work import unit_of_work
from tests.factories.cases import Course, course

__all__ = ["course"]

Kind = tuple[int, bool, str, str, str | None, str]


def summed(ctx: Context) -> dict[Kind, int]:
    found: Counter[Kind] = Counter()
    for row in ctx.session.execute(select(ClosureFlow)).scalars():
        found[row.month, row.closing, row.division, row.procedure, row.source, row.ip_types] += row.cases
    ctx.session.rollback()
    return {kind: cases for kind, cases in found.items() if cases}


def expected(ctx: Context) -> dict[Kind, int]:
    found: Counter[Kind] = Counter()
    for row in ctx.session.execute(select(ClosureCase).where(ClosureCase.plain)).scalars():
        for closing, day in ((False, row.filed_on), (True, row.closed_on)):
            if day is not None:
                month = month_number(day.year, day.month)
                found[month, closing, row.division, row.procedure, row.source, row.ip_types] += 1
    ctx.session.rollback()
    return dict(found)


def test_filing_closing_and_every_other_change_are_followed_at_once(course: Course) -> None:
    course.closed()
    case_id = course.filed()
    with course.parts.context() as ctx:
        assert summed(ctx) == expected(ctx)
        assert {kind[1] for kind in summed(ctx)} == {False, True}
        for changes in (
            {"closed_on": date(2026, 5, 5)},
            {"closed_on": date(2026, 6, 5), "division": "320613"},
            {"source": None},
            {"plain": False},
            {"plain": True, "ip_types": "|gi|", "filed_on": date(2025, 1, 1)},
            {"closed_on": None, "manner": None},
        ):
            with unit_of_work(ctx) as unit:
                unit.connection.execute(update(ClosureCase).where(ClosureCase.case_id == case_id).values(**changes))
            assert summed(ctx) == expected(ctx), changes
        assert rewrite(ctx, case_id)
        assert summed(ctx) == expected(ctx)
        with unit_of_work(ctx) as unit:
            unit.connection.execute(delete(ClosureCase))
        assert summed(ctx) == {}


def test_joined_rows_say_the_same_and_figures_do_not_move(course: Course) -> None:
    course.closed()
    course.filed()
    with course.parts.context() as ctx:
        one = ctx.session.execute(select(ClosureFlow)).scalars().first()
        assert one is not None
        kind = {name: getattr(one, name) for name in ("month", "closing", "division", "procedure", "ip_types")}
        ctx.session.rollback()
        with unit_of_work(ctx) as unit:
            unit.connection.execute(
                insert(ClosureFlow), [{**kind, "source": None, "cases": cases} for cases in (2, -1, -1, 5, -4, -1)]
            )
        year = Period(date(2026, 1, 1), date(2026, 12, 31))
        before = summed(ctx), closure_rate(ctx, "R2", year).total
        ctx.session.rollback()
        assert join_flows(ctx) >= 6
        assert (summed(ctx), closure_rate(ctx, "R2", year).total) == before
        rows = ctx.session.execute(select(func.count()).select_from(ClosureFlow)).scalar_one()
        assert rows == len(before[0])
        ctx.session.rollback()
        assert join_flows(ctx) == 0
