"""Which open cases to close so that the target is reached by a day, and how each of them gets there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Row, func, or_, select

from caseapp.context import Context
from caseapp.db import table_of
from caseapp.domain.metrics.periods import Period
from caseapp.domain.metrics.reach import Candidate, Reach, gap_with, reach
from caseapp.domain.workflow.definition import Procedure, Text
from caseapp.domain.workflow.earliest import Standing, Way, earliest_closing, waited_for
from caseapp.models.case_file import CaseFile
from caseapp.models.clock_run import ClockRun
from caseapp.models.side_proceeding import SideProceeding
from caseapp.queries.board import BoardQuestion, Measure, count_of
from caseapp.queries.board_rates import cases_counted, headline_policy
from caseapp.queries.case_histories import CHUNK
from caseapp.queries.case_images import image_of
from caseapp.queries.users import names_of

MOST: Final = 1000
"""Open cases that are looked at one by one, the oldest filing first; where there are more, the page says so."""
_RUN = table_of(ClockRun).c
_SIDE = table_of(SideProceeding).c
_COLUMNS: Final[tuple[Any, ...]] = (
    CaseFile.id, CaseFile.number, CaseFile.lead_number, CaseFile.external_id, CaseFile.title, CaseFile.organ_id,
    CaseFile.procedure, CaseFile.procedure_version, CaseFile.proceeding_id, CaseFile.state, CaseFile.category,
    CaseFile.lead_officer, CaseFile.filed_on,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case with its way to a closing.

    way      None where no step is known to lead there
    beside   side proceedings that still run: while they do, it may not be closed
    """

    case_id: str
    name: str
    title: str
    organ: str
    officer_id: str
    officer: str
    state: Text
    category: str
    filed_on: date
    way: Way | None
    beside: int


@dataclass(frozen=True, slots=True)
class ReachPlan:
    """How the target is reached by a day.

    chosen, spare, late  the cases to close, those that could be closed as well, and those that cannot in time
    filed_lately         how many cases were filed in as many days before today as remain
    gap_then             how many closings are needed if as many are filed again and stay open
    unseen               open cases beyond `MOST` that were not looked at
    """

    by: date
    reach: Reach
    chosen: tuple[OpenCase, ...]
    spare: tuple[OpenCase, ...]
    late: tuple[OpenCase, ...]
    filed_lately: int
    gap_then: int | None
    unseen: int


def reach_plan(ctx: Context, asked: BoardQuestion, by: date) -> ReachPlan:
    """Return what to close so that the rate of the period that ends on `by` reaches its target.

    by  today or later
    """
    policy = headline_policy(ctx)
    asked = replace(asked, period=Period(min(asked.period.first, by), by))
    tally = cases_counted(ctx, asked, None, "")
    above = set(tally.above)
    wanted = [one for one in tally.below if one not in above]
    cases = {one.case_id: one for one in _open_cases(ctx, wanted, asked.today)}
    candidates = [
        Candidate(one.case_id, one.filed_on, one.way.closes_on if one.way else None, _acts(one))
        for one in cases.values()
    ]
    found = reach(policy, tally.numerator, tally.denominator, candidates, by=by)
    days = (by - asked.today).days
    lately = Period(asked.today - timedelta(days=max(days, 1) - 1), asked.today)
    filed = count_of(ctx, replace(asked, period=lately), Measure.FILED) if days else 0
    return ReachPlan(
        by=by,
        reach=found,
        chosen=tuple(cases[key] for key in found.chosen),
        spare=tuple(cases[key] for key in found.possible[len(found.chosen) :]),
        late=tuple(cases[key] for key in found.too_late),
        filed_lately=filed,
        gap_then=gap_with(policy, tally.numerator, tally.denominator, filed=filed),
        unseen=max(0, len(wanted) - len(cases)),
    )


def _acts(one: OpenCase) -> int:
    """Return how many acts a closing takes at least: each side proceeding has to be ended as well."""
    return (len(one.way.steps) if one.way else 0) + one.beside


def _open_cases(ctx: Context, ids: Sequence[str], today: date) -> Iterator[OpenCase]:
    rows: list[Row[Any]] = []
    for start in range(0, len(ids), CHUNK):
        rows += ctx.rows(select(*_COLUMNS).where(CaseFile.id.in_(ids[start : start + CHUNK])))
    rows = sorted(rows, key=lambda row: (row.filed_on or date.max, row.id))[:MOST]
    names = names_of(ctx, {row.lead_officer for row in rows if row.lead_officer})
    ways = _Ways(ctx, rows, today)
    beside = _beside(ctx, [row.id for row in rows])
    for row in rows:
        procedure = ctx.law.procedures.pinned(row.procedure, row.procedure_version)
        yield OpenCase(
            case_id=row.id,
            name=row.number or row.lead_number or row.external_id or row.id,
            title=row.title,
            organ=row.organ_id,
            officer_id=row.lead_officer or "",
            officer=names.get(row.lead_officer, "") if row.lead_officer else "",
            state=procedure.state(row.state).name,
            category=row.category,
            filed_on=row.filed_on or today,
            way=ways.of(row, procedure),
            beside=beside.get(row.id, 0),
        )


@dataclass(slots=True)
class _Ways:
    """Ways to a closing; cases that stand alike share one."""

    ctx: Context
    rows: Sequence[Row[Any]]
    today: date
    _clocks: Mapping[str, tuple[dict[str, date | None], set[str]]] = field(init=False)
    _saved: Mapping[str, str | None] = field(init=False)
    _known: dict[object, Way | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._clocks = _clocks(self.ctx, self.rows)
        self._saved = _saved(self.ctx, [row.id for row in self.rows if row.category == "suspended"])

    def of(self, row: Row[Any], procedure: Procedure) -> Way | None:
        """Return the way of a case."""
        running, over = self._clocks.get(row.id, ({}, set()))
        standing = Standing(row.state, self._saved.get(row.id), running, frozenset(over))
        key = (
            procedure.id,
            procedure.version,
            row.state,
            standing.saved,
            tuple(sorted(running.items(), key=str)),
            standing.over,
        )
        if key not in self._known:
            law = self.ctx.law
            self._known[key] = earliest_closing(procedure, standing, self.today, rules=law.rules, calendar=law.calendar)
        return self._known[key]


def _clocks(ctx: Context, rows: Sequence[Row[Any]]) -> Mapping[str, tuple[dict[str, date | None], set[str]]]:
    """Return by case the clocks that its steps may wait for: those that run with their last day, and those met."""
    procedures = {(row.procedure, row.procedure_version) for row in rows}
    definitions = [ctx.law.procedures.pinned(*one) for one in procedures]
    rules = sorted(
        {rule for one in definitions for rule in waited_for(one)}
        | {rule for one in definitions for action in one.actions for rule in action.clocks.meets}
    )
    main = {row.id: row.proceeding_id for row in rows}
    found: dict[str, tuple[dict[str, date | None], set[str]]] = {}
    for start in range(0, len(rows), CHUNK):
        ids = [row.id for row in rows[start : start + CHUNK]]
        runs = (
            select(_RUN.case_id, _RUN.proceeding_id, _RUN.rule, _RUN.due_on, _RUN.met)
            .where(_RUN.case_id.in_(ids), _RUN.rule.in_(rules), or_(_RUN.met.is_(None), _RUN.met.is_(True)))
            .order_by(_RUN.case_id, _RUN.started_on, _RUN.ordinal)
        )
        for run in ctx.rows(runs):
            if run.proceeding_id != main[run.case_id]:
                continue
            running, over = found.setdefault(run.case_id, ({}, set()))
            # The clock started last is the one that counts.
            if run.met:
                running.pop(run.rule, None)
                over.add(run.rule)
            else:
                over.discard(run.rule)
                running[run.rule] = run.due_on
    return found


def _saved(ctx: Context, ids: Sequence[str]) -> Mapping[str, str | None]:
    """Return the states from which cases were suspended: only their images tell."""
    found: dict[str, str | None] = {}
    for start in range(0, len(ids), CHUNK):
        for row in ctx.rows(select(CaseFile.id, CaseFile.image).where(CaseFile.id.in_(ids[start : start + CHUNK]))):
            found[row.id] = image_of(row.image).main.saved
    return found


def _beside(ctx: Context, ids: Sequence[str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(ids), CHUNK):
        counted = (
            select(_SIDE.case_id, func.count().label("times"))
            .where(_SIDE.case_id.in_(ids[start : start + CHUNK]), _SIDE.closed_on.is_(None), _SIDE.category != "closed")
            .group_by(_SIDE.case_id)
        )
        found |= {row.case_id: row.times for row in ctx.rows(counted)}
    return found
