"""Watching deadlines: telling those responsible that one is near or past, once for each clock and stage.

Nothing depends on it: where a clock stands is derived from the ledger whenever somebody asks. A watch that stands still
delays notices and changes no deadline.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select, tuple_

from caseapp.context import SYSTEM_ACTOR, Context
from caseapp.domain.clocks.rules import ClockRule
from caseapp.domain.clocks.status import Status, in_words, is_due_soon, remaining, status
from caseapp.domain.errors import N_, Message
from caseapp.domain.events import Stream
from caseapp.domain.roles import Role
from caseapp.models.account import Account
from caseapp.models.case_file import CaseFile
from caseapp.models.case_officer import CaseOfficer
from caseapp.models.clock_run import ClockRun
from caseapp.models.notification import Notification
from caseapp.queries.clock_list import run_of
from caseapp.services import ledger, notify
from caseapp.services.lapse_record import record_lapses
from caseapp.services.unit_of_work import Unit, unit_of_work

_CLOCKS_AT_ONCE = 500
_CLOCKS = (
    select(
        ClockRun.__table__,
        CaseFile.external_id,
        CaseFile.number,
        CaseFile.lead_number,
        CaseFile.organ_id,
    )
    .join(CaseFile, CaseFile.id == ClockRun.case_id)
    .where(ClockRun.met.is_(None), ClockRun.due_on.is_not(None))
)
_PLACE = (ClockRun.due_on, ClockRun.case_id, ClockRun.proceeding_id, ClockRun.ordinal)


class Stage(StrEnum):
    """What is told about a clock."""

    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Watched:
    """What a watch told for the first time.

    lapsed  measures that the law had ended, written down by this watch
    """

    due_soon: int = 0
    overdue: int = 0
    lapsed: int = 0


@dataclass(frozen=True, slots=True)
class _Event:
    row: Row[Any]
    rule: ClockRule
    stage: Stage
    message: Message

    @property
    def key(self) -> str:
        """What it is about. A date that was moved is told of anew."""
        row = self.row
        return f"clock:{row.case_id}:{row.proceeding_id}:{row.ordinal}:{self.stage.value}:{row.due_on.isoformat()}"


def watch(ctx: Context) -> Watched:
    """Tell officers and section heads of every running clock that has reached its first reminder or is past its due
    day.

    Where a case has neither, the heads of the organ are told. Each event is kept in the system stream. What the law has
    ended by itself is written down first: no deadline runs there any more.
    """
    told = Watched(lapsed=record_lapses(ctx))
    responsible = _Responsible(ctx)
    for rows in _batches(ctx):
        events = _not_told_yet(ctx, [event for row in rows if (event := _event(ctx, row)) is not None])
        if not events:
            continue
        people = responsible.people(events)
        with unit_of_work(ctx) as unit:
            for event in events:
                if _tell(ctx, unit, event, people[event.row.case_id]):
                    told = replace(
                        told,
                        due_soon=told.due_soon + (event.stage is Stage.DUE_SOON),
                        overdue=told.overdue + (event.stage is Stage.OVERDUE),
                    )
    return told


def _tell(ctx: Context, unit: Unit, event: _Event, people: Sequence[str]) -> bool:
    """Tell one event. Returns False where another scheduler told it a moment ago."""
    row = event.row
    kind = f"clock_{event.stage.value}"
    # A notice to the program itself marks the event as told, whoever else hears of it.
    mark = notify.tell(
        ctx, unit, [SYSTEM_ACTOR.id], kind=kind, key=event.key, message=event.message, case_id=row.case_id
    )
    if not mark:
        return False
    notify.tell_with_deputies(ctx, unit, people, kind=kind, key=event.key, message=event.message, case_id=row.case_id)
    ledger.append_beside(
        ctx,
        unit,
        stream=Stream.SYSTEM,
        kind=kind,
        payload={
            "proceeding": row.proceeding_id,
            "rule": event.rule.id,
            "ordinal": row.ordinal,
            "due_on": row.due_on.isoformat(),
            "told": list(people),
        },
        case_id=row.case_id,
    )
    return True


def _batches(ctx: Context) -> Iterator[Sequence[Row[Any]]]:
    """Yield running clocks, those due first before the others; each batch is a query of its own."""
    query = _CLOCKS.order_by(*_PLACE).limit(_CLOCKS_AT_ONCE)
    rows = ctx.session.execute(query).all()
    while rows:
        yield rows
        last = rows[-1]
        after = (last.due_on, last.case_id, last.proceeding_id, last.ordinal)
        rows = ctx.session.execute(query.where(tuple_(*_PLACE) > after)).all()


def _event(ctx: Context, row: Row[Any]) -> _Event | None:
    rule = ctx.law.rules.find(row.rule, row.started_on) if row.rule in ctx.law.rules else None
    if rule is None:
        return None
    run, now, today = run_of(row), ctx.now(), ctx.today()
    if status(run, now) is Status.OVERDUE:
        stage, text = Stage.OVERDUE, N_("%(case)s：%(clock)s已于 %(due)s 届满，%(left)s。依据：%(article)s")
    elif is_due_soon(run, rule, today):
        stage, text = Stage.DUE_SOON, N_("%(case)s：%(clock)s将于 %(due)s 届满，%(left)s。依据：%(article)s")
    else:
        return None
    left = remaining(run, rule, now, calendar=ctx.law.calendar)
    assert left is not None, "a clock with a due day has a rest"
    due: date | str = row.due_on.isoformat() if run.due.at is None else run.due.at.strftime("%Y-%m-%d %H:%M")
    return _Event(
        row,
        rule,
        stage,
        Message(
            text,
            {
                "case": row.number or row.lead_number or row.external_id or row.case_id,
                "clock": dict(rule.name),
                "due": due,
                "left": in_words(left),
                "article": rule.citation,
            },
        ),
    )


def _not_told_yet(ctx: Context, events: Sequence[_Event]) -> list[_Event]:
    keys = {f"{event.key}:{SYSTEM_ACTOR.id}" for event in events}
    if not keys:
        return []
    known = set(ctx.session.execute(select(Notification.key).where(Notification.key.in_(keys))).scalars())
    return [event for event in events if f"{event.key}:{SYSTEM_ACTOR.id}" not in known]


class _Responsible:
    """Who is to be told, with the heads of each organ looked up once."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._holders: dict[tuple[str, Role], tuple[str, ...]] = {}

    def people(self, events: Iterable[_Event]) -> dict[str, tuple[str, ...]]:
        """Return case id -> ids of its active officers and the section heads of its organ."""
        organs = {event.row.case_id: event.row.organ_id for event in events}
        officers: dict[str, list[str]] = {case_id: [] for case_id in organs}
        rows = self._ctx.session.execute(
            select(CaseOfficer.case_id, CaseOfficer.user_id)
            .join(Account, Account.id == CaseOfficer.user_id)
            .where(CaseOfficer.case_id.in_(list(organs)), Account.active)
            .order_by(CaseOfficer.case_id, CaseOfficer.ordinal)
        )
        for row in rows:
            officers[row.case_id].append(row.user_id)
        found = {}
        for case_id, organ in organs.items():
            people = (*officers[case_id], *self._holding(organ, Role.SECTION_HEAD))
            found[case_id] = tuple(dict.fromkeys(people or self._holding(organ, Role.LEADER)))
        return found

    def _holding(self, organ: str, role: Role) -> tuple[str, ...]:
        known = self._holders.get((organ, role))
        if known is None:
            rows = self._ctx.session.execute(
                select(Account.id)
                .where(Account.organ_id == organ, Account.active, Account.roles.contains(f"|{role.value}|"))
                .order_by(Account.id)
            )
            known = self._holders[organ, role] = tuple(rows.scalars())
        return known
