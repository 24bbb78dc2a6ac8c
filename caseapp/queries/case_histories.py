"""Histories of cases as the figures read them, and the due dates of their handling limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Select, or_, select

from caseapp.context import Context, Law
from caseapp.domain.events import ClosingManner, MilestoneKind, Precision
from caseapp.domain.facts import ClockRecord, ExtensionRecord, PauseRecord, ProceedingImage
from caseapp.domain.metrics.closure import DueOf
from caseapp.domain.metrics.history import CaseHistory, DivisionFact, MilestoneFact
from caseapp.domain.metrics.periods import Window
from caseapp.domain.metrics.policy import MetricPolicy
from caseapp.domain.workflow.timing import clocks_of
from caseapp.models.case_division import CaseDivision
from caseapp.models.closure_case import ClosureCase
from caseapp.models.milestone import MilestoneRow

_CLOSURE = ClosureCase.__table__.c
_MILESTONE = MilestoneRow.__table__.c
_DIVISION = CaseDivision.__table__.c

CHUNK = 500
"""Cases asked for by id in one statement."""
_BATCH = 2000
"""Rows fetched at a time: the answer may stream through a million cases."""
_REMEMBERED = 20_000
"""Due dates kept for the time of one figure; cases filed on one day and never paused share theirs."""

CASE_COLUMNS = (
    _CLOSURE.case_id,
    _CLOSURE.proceeding_id,
    _CLOSURE.procedure,
    _CLOSURE.procedure_version,
    _CLOSURE.source,
    _CLOSURE.ip_types,
)
MILESTONE_COLUMNS = (
    _MILESTONE.case_id,
    _MILESTONE.proceeding_id,
    _MILESTONE.seq,
    _MILESTONE.corrects,
    _MILESTONE.kind,
    _MILESTONE.on_date,
    _MILESTONE.order_at,
    _MILESTONE.precision,
    _MILESTONE.outcome,
    _MILESTONE.manner,
    _MILESTONE.detail,
)
_MOVES = select(
    _DIVISION.case_id, _DIVISION.code, _DIVISION.on_date, _DIVISION.recorded_at, _DIVISION.superseded_at
).order_by(_DIVISION.case_id, _DIVISION.ordinal)


def histories(
    ctx: Context,
    policy: MetricPolicy,
    window: Window,
    known_at: datetime,
    conditions: Sequence[ColumnElement[bool]],
) -> Iterator[CaseHistory]:
    """Stream the histories of the cases on which the conditions hold, with what the policy reads of them.

    conditions  on `closure_case`
    window      milestones after its cut are left out, and so are those recorded after `known_at` or taken back by then
    """
    cases = select(*CASE_COLUMNS)
    milestones = select(*MILESTONE_COLUMNS).where(
        # Kept from the index on kinds: without statistics SQLite would take it and read every case's milestones.
        _MILESTONE.kind.concat("").in_([kind.value for kind in policy.reads()]),
        _MILESTONE.on_date <= window.cut,
        _MILESTONE.recorded_at <= known_at,
        or_(_MILESTONE.superseded_at.is_(None), _MILESTONE.superseded_at > known_at),
    )
    clocks = handling_clocks(ctx.law)
    for some in some_at_a_time(stream(ctx, cases.where(*conditions))):
        ids = [row.case_id for row in some]
        facts = by_case(ctx.session.execute(milestones.where(_MILESTONE.case_id.in_(ids))).all())
        moves = by_case(ctx.session.execute(_MOVES.where(_DIVISION.case_id.in_(ids))).all())
        for row in some:
            yield CaseHistory(
                case_key=row.case_id,
                procedure=row.procedure,
                counts=True,
                handling_clock=clocks(row.procedure, row.procedure_version),
                ip_types=unbarred(row.ip_types),
                source=row.source,
                divisions=tuple(
                    DivisionFact(move.code, move.on_date, move.recorded_at, move.superseded_at)
                    for move in moves[row.case_id]
                ),
                milestones=tuple(
                    fact_from(fact, known_at)
                    for fact in facts.get(row.case_id, ())
                    if fact.proceeding_id == row.proceeding_id
                ),
            )


def some_at_a_time(rows: Iterator[Row[Any]]) -> Iterator[list[Row[Any]]]:
    while some := list(islice(rows, CHUNK)):
        yield some


def by_case(rows: Iterable[Any]) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


_KINDS = {kind.value: kind for kind in MilestoneKind}
_PRECISIONS = {precision.value: precision for precision in Precision}
_MANNERS: Mapping[str | None, ClosingManner | None] = {None: None} | {manner.value: manner for manner in ClosingManner}
_NO_DETAIL: Mapping[str, Any] = {}


def fact_from(row: Row[Any], known_at: datetime) -> MilestoneFact:
    # That it was recorded by then is asked of the database; reading the instant itself would cost more than all else.
    detail = msgspec.json.decode(row.detail) if row.detail else _NO_DETAIL
    return MilestoneFact(
        kind=_KINDS[row.kind],
        on=row.on_date,
        precision=_PRECISIONS[row.precision],
        seq=row.corrects or row.seq,
        recorded_at=known_at,
        at=row.order_at,
        manner=_MANNERS[row.manner],
        outcome=row.outcome,
        reason=detail.get("reason"),
        n=detail.get("n"),
        unit=detail.get("unit"),
    )


def stream(ctx: Context, query: Select[Any]) -> Iterator[Row[Any]]:
    """Give the rows of a query a batch at a time."""
    return iter(ctx.session.execute(query, execution_options={"yield_per": _BATCH}))


def unbarred(barred: str) -> tuple[str, ...]:
    """Return the values of their stored form '|a|b|'."""
    return tuple(part for part in barred.split("|") if part)


def handling_clocks(law: Law) -> Callable[[str, int], tuple[str, ...]]:
    @cache
    def handling_clock(procedure: str, version: int) -> tuple[str, ...]:
        return law.procedures.pinned(procedure, version).handling_clock

    return handling_clock


def due_dates(law: Law) -> DueOf:
    """Return how the deadline rules work out a due date: by the very fold that draws the clock on the case page."""

    @lru_cache(maxsize=_REMEMBERED)
    def due_on(
        rules: tuple[str, ...],
        started_on: date,
        *,
        pauses: tuple[PauseRecord, ...],
        extensions: tuple[ExtensionRecord, ...],
        as_of: date | None,
    ) -> date | None:
        proceeding = ProceedingImage(
            id="",
            procedure="",
            version=0,
            state="",
            category="",
            opened_on=started_on,
            entered_on=started_on,
            pauses=pauses,
            clocks=tuple(ClockRecord(rule, started_on, extensions=extensions) for rule in rules),
        )
        dues = [clock.run.due.on for clock in clocks_of(proceeding, law.rules, law.calendar, as_of=as_of)]
        return next((on for on in dues if on is not None), None)

    def due_of(
        rules: tuple[str, ...],
        started_on: date,
        *,
        pauses: tuple[PauseRecord, ...],
        extensions: tuple[ExtensionRecord, ...],
        as_of: date,
    ) -> date | None:
        # Only an open pause makes the due date depend on the day looked at; without one, few dates differ.
        open_until = as_of if any(pause.until is None for pause in pauses) else None
        return due_on(rules, started_on, pauses=pauses, extensions=extensions, as_of=open_until)

    return due_of
