"""Numbers of the plan: entered with their source, never overwritten, shown beside what the system counts itself."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from caseapp.domain.errors import InputError
from caseapp.models.plan_number import PlanNumber
from caseapp.queries.plan_figures import PlanLine, PlanYear, plan_year
from caseapp.services.plan_number_enter import NumberDraft, enter, enter_all
from tests.factories.cases import Course, course

__all__ = ["course"]

AWARENESS = NumberDraft("measured", "public_awareness", 2026, "76.3", "2026年社会调查报告第3页")


def line(found: PlanYear, indicator: str) -> PlanLine:
    return next(one for one in found.lines if one.indicator.id == indicator)


def test_the_latest_number_counts_and_the_earlier_ones_stay(course: Course) -> None:
    course.closed()
    course.filed()
    year = course.today.year
    with course.as_("supervisor") as ctx:
        assert line(plan_year(ctx, year), "public_awareness").is_met is None
        enter(ctx, replace(AWARENESS, year=year, value="74"))
        assert line(plan_year(ctx, year), "public_awareness").is_met is False
        enter(ctx, replace(AWARENESS, year=year))
        enter(ctx, NumberDraft("target", "cases_per_year", year, "1", "年度计划"))
        enter(ctx, NumberDraft("target", "closure_rate", year, "40", "目标责任书", "320612"))
        enter(ctx, NumberDraft("target", "closure_rate", year, "90", "目标责任书", "320613"))
        found = plan_year(ctx, year)
        awareness = line(found, "public_awareness")
        assert (awareness.measured, awareness.source, awareness.is_met) == (Decimal("76.3"), AWARENESS.source, True)
        filed = line(found, "cases_per_year")
        assert (filed.measured, filed.target, filed.computed, filed.is_met) == (2, 1, True, True)
        rate = line(found, "closure_rate")
        assert (rate.measured, rate.target, rate.is_met) == (50, 95, False)
        assert line(found, "enforcement_officers").measured == 2
        assert line(plan_year(ctx, year - 1), "closure_rate").is_met is None
        parts = {part.code: part for part in found.divisions}
        here, there = parts["320612"], parts["320613"]
        assert (here.target, here.entered, here.gap, here.is_met) == (40, True, 0, True)
        assert (there.target, there.row.denominator, there.is_met) == (90, 0, None)
        assert ctx.session.execute(select(func.count()).select_from(PlanNumber)).scalar_one() == 5
    assert sum("plan_number_entered" in row for row in course.ledger("system")) == 5


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"subject": "nothing"}, "subject"),
        ({"subject": "closure_rate"}, "subject"),
        ({"kind": "guess"}, "kind"),
        ({"year": 1999}, "year"),
        ({"division": "999999"}, "division"),
        ({"source": "  "}, "source"),
        ({"source": "长" * 401}, "source"),
        ({"value": "-1"}, "value"),
        ({"value": "约80"}, "value"),
        ({"value": "100.5"}, "value"),
    ],
)
def test_what_is_no_number_of_the_plan_is_refused_by_its_field(
    course: Course, changed: dict[str, Any], field: str
) -> None:
    with course.as_("supervisor") as ctx:
        with pytest.raises(InputError) as refused:
            enter(ctx, replace(AWARENESS, **changed))
        assert refused.value.field == field
        assert ctx.session.execute(select(PlanNumber)).first() is None


def test_rows_of_a_table_are_taken_or_refused_one_by_one(course: Course) -> None:
    row = {"kind": "measured", "subject": "risk_projects", "year": "2026", "value": "104", "source": "项目清单"}
    with course.as_("supervisor") as ctx:
        found = enter_all(ctx, [row, {**row, "year": "26"}, {**row, "value": ""}, {}])
        assert (found.read, found.taken, [number for number, _ in found.rejections]) == (4, 1, [2, 3, 4])
        with pytest.raises(InputError):
            plan_year(ctx, course.today.year + 1)
