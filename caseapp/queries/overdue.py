"""Clocks that have run out, or soon will, over all cases the actor may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, or_, select

from caseapp.context import Context
from caseapp.domain.clocks.status import Remaining, remaining
from caseapp.models.case_file import CaseFile
from caseapp.models.clock_run import ClockRun
from caseapp.queries.clock_list import run_of
from caseapp.queries.users import names_of
from caseapp.queries.visibility import visible_cases

PAGE = 50
CAP = 1000


@dataclass(frozen=True, slots=True)
class DueLine:
    """One running clock: whose case, which rule and article, by when, what is left (negative: how late)."""

    case_id: str
    number: str
    title: str
    division: str
    organ: str
    officer: str
    state: str
    procedure: str
    procedure_version: int
    rule: str
    rule_name: dict[str, str]
    citation: str
    started_on: date
    due_on: date
    left: Remaining | None
    provisional: bool
    key: tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class DueList:
    """A page of clocks by due date; `after` is the key of the last row where more follow."""

    lines: tuple[DueLine, ...]
    after: tuple[str, str, int] | None
    total: int
    """Counted no further than CAP + 1."""


def due_list(
    ctx: Context,
    *,
    until: date,
    since: date | None = None,
    division: str | None = None,
    rule: str | None = None,
    after: tuple[str, str, int] | None = None,
) -> DueList:
    """Return running clocks due on or before a day, the earliest first.

    since  only those due on or after this day (for what is due soon); None: overdue ones too
    after  (due date, case id, ordinal) of the last row of the page before
    """
    conditions = [ClockRun.met.is_(None), ClockRun.due_on <= until, visible_cases(ctx)]
    if since is not None:
        conditions.append(ClockRun.due_on >= since)
    if division:
        conditions.append(CaseFile.division == division)
    if rule:
        conditions.append(ClockRun.rule == rule)
    joined = select(ClockRun.case_id).join(CaseFile, CaseFile.id == ClockRun.case_id).where(*conditions)
    total = ctx.session.execute(select(func.count()).select_from(joined.limit(CAP + 1).subquery())).scalar_one()
    query = (
        select(
            ClockRun.__table__,
            CaseFile.number,
            CaseFile.lead_number,
            CaseFile.external_id,
            CaseFile.title,
            CaseFile.division,
            CaseFile.organ_id,
            CaseFile.lead_officer,
            CaseFile.state,
            CaseFile.procedure,
            CaseFile.procedure_version,
        )
        .join(CaseFile, CaseFile.id == ClockRun.case_id)
        .where(*conditions)
        .order_by(ClockRun.due_on, ClockRun.case_id, ClockRun.ordinal)
        .limit(PAGE + 1)
    )
    if after is not None:
        day, case_id, ordinal = date.fromisoformat(after[0]), after[1], after[2]
        query = query.where(
            or_(
                ClockRun.due_on > day,
                and_(ClockRun.due_on == day, ClockRun.case_id > case_id),
                and_(ClockRun.due_on == day, ClockRun.case_id == case_id, ClockRun.ordinal > ordinal),
            )
        )
    rows = ctx.session.execute(query).all()
    names = names_of(ctx, {row.lead_officer for row in rows if row.lead_officer})
    today = ctx.today()
    lines = []
    for row in rows[:PAGE]:
        found = ctx.law.rules.find(row.rule, row.started_on)
        if found is None:
            continue
        lines.append(
            DueLine(
                case_id=row.case_id,
                number=row.number or row.lead_number or row.external_id or row.case_id,
                title=row.title,
                division=row.division,
                organ=row.organ_id,
                officer=names.get(row.lead_officer, "") if row.lead_officer else "",
                state=row.state,
                procedure=row.procedure,
                procedure_version=row.procedure_version,
                rule=row.rule,
                rule_name=dict(found.name),
                citation=found.citation,
                started_on=row.started_on,
                due_on=row.due_on,
                left=remaining(run_of(row), found, today, calendar=ctx.law.calendar),
                provisional=row.provisional,
                key=(row.due_on.isoformat(), row.case_id, row.ordinal),
            )
        )
    more = len(rows) > PAGE
    return DueList(tuple(lines), lines[-1].key if more and lines else None, total)
