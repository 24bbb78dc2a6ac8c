"""Histories of cases with everything that was ever told of them, corrected or not: what restated figures are followed
through.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, select

from caseapp.context import Context
from caseapp.domain.metrics.history import CaseHistory, DivisionFact
from caseapp.domain.metrics.periods import Window
from caseapp.domain.metrics.policy import MetricPolicy
from caseapp.domain.metrics.restated import ToldFact
from caseapp.models.closure_case import ClosureCase
from caseapp.models.milestone import MilestoneRow
from caseapp.queries.case_histories import (
    CASE_COLUMNS,
    MILESTONE_COLUMNS,
    by_case,
    fact_from,
    handling_clocks,
    some_at_a_time,
    stream,
    unbarred,
)

_EVER = datetime.min.replace(tzinfo=UTC)
_CLOSURE = ClosureCase.__table__.c
_MILESTONE = MilestoneRow.__table__.c


@dataclass(frozen=True, slots=True)
class ToldHistory:
    """A case as figures read it, without milestones, and all milestones that were ever told of it."""

    history: CaseHistory
    told: tuple[ToldFact, ...]


def told_histories(
    ctx: Context, policy: MetricPolicy, window: Window, conditions: Sequence[ColumnElement[bool]]
) -> Iterator[ToldHistory]:
    """Stream the cases on which the conditions hold, each with what the policy reads of it up to the window's cut.

    conditions  on `closure_case`
    """
    cases = select(*CASE_COLUMNS, _CLOSURE.division)
    milestones = select(*MILESTONE_COLUMNS, _MILESTONE.recorded_at, _MILESTONE.superseded_at).where(
        _MILESTONE.kind.concat("").in_([kind.value for kind in policy.reads()]), _MILESTONE.on_date <= window.cut
    )
    clocks = handling_clocks(ctx.law)
    for some in some_at_a_time(stream(ctx, cases.where(*conditions))):
        ids = [row.case_id for row in some]
        facts = by_case(ctx.session.execute(milestones.where(_MILESTONE.case_id.in_(ids))).all())
        for row in some:
            yield ToldHistory(
                CaseHistory(
                    case_key=row.case_id,
                    procedure=row.procedure,
                    counts=True,
                    handling_clock=clocks(row.procedure, row.procedure_version),
                    ip_types=unbarred(row.ip_types),
                    source=row.source,
                    # Of which division it was does not decide whether it is counted.
                    divisions=(DivisionFact(row.division, date.min, _EVER),),
                    milestones=(),
                ),
                tuple(
                    ToldFact(fact_from(fact, fact.recorded_at), fact.seq, fact.superseded_at)
                    for fact in facts.get(row.case_id, ())
                    if fact.proceeding_id == row.proceeding_id
                ),
            )
