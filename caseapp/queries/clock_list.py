"""Every clock of every case the actor may see, with where it stands now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select

from caseapp.context import Context
from caseapp.domain.clocks.compute import Due
from caseapp.domain.clocks.rules import Unit
from caseapp.domain.clocks.status import ClockRun as Run
from caseapp.domain.clocks.status import Ending, Status, status
from caseapp.domain.clocks.suspensions import Pause
from caseapp.domain.events import LEGAL_ZONE
from caseapp.models.case_file import CaseFile
from caseapp.models.clock_run import ClockRun
from caseapp.queries.visibility import visible_cases

_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock as `flask clocks list` tells it.

    case        external id, else number, else lead number, else id
    started_on, due_on, stopped_on  local dates; instants in Chinese time for rules in hours. due_on is None while an
                                    open
                pause makes it unknown
    """

    case: str
    rule: str
    started_on: date | datetime
    due_on: date | datetime | None
    stopped_on: date | datetime | None
    status: Status


def clock_lines(ctx: Context, *, rule: str | None = None, only: Status | None = None) -> Iterator[ClockLine]:
    """Yield clocks in the order of their cases; never more than a few thousand rows in memory.

    rule  id of one rule
    only  one status, as of the present instant
    """
    query = (
        select(ClockRun.__table__, CaseFile.external_id, CaseFile.number, CaseFile.lead_number)
        .join(CaseFile, CaseFile.id == ClockRun.case_id)
        .where(visible_cases(ctx))
        .order_by(ClockRun.case_id, ClockRun.proceeding_id, ClockRun.ordinal)
    )
    if rule is not None:
        query = query.where(ClockRun.rule == rule)
    if only is not None:
        query = query.where(_MET_IN[only] if only not in _OF_RIGHTS else or_(_MET_IN[only], _ends_by_itself(ctx)))
    now = ctx.now()
    for row in ctx.session.execute(query, execution_options={"yield_per": _AT_ONCE}):
        run = run_of(row)
        stands = status(run, now)
        if only is None or stands is only:
            in_hours = _is_in_hours(ctx, row.rule, row.started_on)
            yield ClockLine(
                case=row.external_id or row.number or row.lead_number or row.case_id,
                rule=row.rule,
                started_on=_told(run.started_at) if in_hours and run.started_at else run.started_on,
                due_on=_told(run.due.at) if run.due.at else run.due.on,
                stopped_on=_told(run.stopped_at) if in_hours and run.stopped_at else run.stopped_on,
                status=stands,
            )


def run_of(row: Row[Any]) -> Run:
    """Return a row of `clock_run` as the domain judges it. Nothing of today is stored, so its status never goes
    stale.
    """
    ending = None if row.met is None else Ending.MET if row.met else Ending.ENDED
    return Run(
        rule_id=row.rule,
        started_on=row.started_on,
        due=Due(row.due_on, at=row.due_at.astimezone(LEGAL_ZONE) if row.due_at else None, provisional=row.provisional),
        started_at=row.started_at,
        stopped_on=row.ended_on,
        stopped_at=row.ended_at,
        ending=ending,
        pauses=(Pause(row.started_on, None),) if row.paused else (),
    )


_RUNS: ColumnElement[bool] = ClockRun.met.is_(None)
_MET_IN: dict[Status, ColumnElement[bool]] = {
    Status.RUNNING: _RUNS,
    Status.PAUSED: _RUNS,
    Status.OVERDUE: _RUNS,
    Status.MET: ClockRun.met.is_(True),
    Status.MET_LATE: ClockRun.met.is_(True),
    Status.STOPPED: ClockRun.met.is_(False),
}
"""What narrows each status down in the database; the domain judges the rest."""

_OF_RIGHTS = (Status.RUNNING, Status.PAUSED)


def _ends_by_itself(ctx: Context) -> ColumnElement[bool]:
    """Clocks of rights that lapse: they carry the day after their last one as their end, long before it comes."""
    return and_(ClockRun.met.is_(False), ClockRun.ended_on > ctx.today())


def _is_in_hours(ctx: Context, rule_id: str, started_on: date) -> bool:
    rule = ctx.law.rules.find(rule_id, started_on) if rule_id in ctx.law.rules else None
    return rule is not None and rule.unit is Unit.HOURS


def _told(at: datetime) -> datetime:
    return at.astimezone(LEGAL_ZONE)
