"""Counting every closure figure anew from the ledger alone, and comparing with what people are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import uuid4

import msgspec
from sqlalchemy import extract, func, insert, select

from caseapp.context import Context
from caseapp.domain.errors import N_, CaseAppError, Message
from caseapp.domain.events import Stream, legal_date
from caseapp.domain.metrics.closure import Period, RateRow
from caseapp.domain.metrics.history import CaseHistory
from caseapp.domain.metrics.periods import month_windows, window_of
from caseapp.domain.metrics.policy import Dimension, MetricPolicy
from caseapp.domain.metrics.recount import NONE, Cell, FigureDifference, Recount, Span, Tally, compare
from caseapp.domain.workflow.replay import fold
from caseapp.models.closure_case import ClosureCase
from caseapp.models.figure_check import FigureCheck
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.queries.case_histories import due_dates
from caseapp.queries.case_images import entry_of
from caseapp.queries.closure import closure_rates
from caseapp.queries.correction_effects import history_of
from caseapp.queries.figure_checks import first_digests
from caseapp.queries.ledger_entries import begin_snapshot
from caseapp.services import notify
from caseapp.services.unit_of_work import unit_of_work

_ENTRY = LedgerEntry.__table__.c
_FILED_ON = ClosureCase.__table__.c.filed_on
_CELL = (Dimension.DIVISION, Dimension.IP_TYPE, Dimension.PROCEDURE, Dimension.SOURCE)
_AT_ONCE = 2000
KEPT = 100
"""Differences written down with a check; all of them are told to who asked."""
_BROKEN = (CaseAppError, KeyError, TypeError, ValueError, StopIteration, AttributeError, AssertionError)


@dataclass(frozen=True, slots=True)
class CheckedFigures:
    """What a check found.

    known_at     instant as of which everything was counted
    cases        read from the ledger; `unread` ids of those whose entries cannot be folded
    figures      numbers compared: each row of each policy, month and year, and each whole
    differences  numbers shown that the ledger does not bear out
    altered      versions of policies that no longer count as when they were first checked: 'R2@2026-1'
    """

    known_at: datetime
    cases: int
    figures: int
    differences: tuple[FigureDifference, ...]
    unread: tuple[str, ...]
    altered: tuple[str, ...]

    @property
    def faults(self) -> int:
        """Return how much is wrong; 0: nothing."""
        return len(self.differences) + len(self.unread) + len(self.altered)


def check_figures(ctx: Context, *, progress: Callable[[int], object] | None = None) -> CheckedFigures:
    """Recount R1-R5 by division, kind of right, procedure, source, month and year, compare, and write down the result.

    Whatever is wrong is told to the administrators of the record. Memory grows with what is shown, not with the cases.

    progress  called with the number of cases read since the last call
    """
    found = compared(ctx, progress=progress)
    digests = {policy.reference: policy.digest() for policy in ctx.law.policy_versions}
    with unit_of_work(ctx) as unit:
        unit.connection.execute(
            insert(FigureCheck).values(
                id=uuid4().hex,
                known_at=found.known_at,
                finished_at=ctx.now(),
                cases=found.cases,
                figures=found.figures,
                faults=found.faults,
                policies=msgspec.json.encode(digests | dict(first_digests(ctx))).decode(),
                detail=msgspec.json.encode(_detail(found)).decode(),
            )
        )
        if found.faults:
            notify.tell_administrators_of_record(
                ctx,
                unit,
                kind="figures_differ",
                key=f"figures-differ:{ctx.today().isoformat()}",
                message=Message(
                    N_("核对统计：%(n)s 处与台账不一致，请运行 flask metrics verify 查看"), {"n": found.faults}
                ),
            )
    return found


def compared(ctx: Context, *, progress: Callable[[int], object] | None = None) -> CheckedFigures:
    """Recount and compare, and write nothing down; arguments as `check_figures`."""
    begin_snapshot(ctx)
    try:
        return _compared(ctx, progress)
    finally:
        ctx.session.rollback()


def _compared(ctx: Context, progress: Callable[[int], object] | None) -> CheckedFigures:
    known_at, today = ctx.now(), ctx.today()
    policies = [policy for policy_id in ctx.law.policies if (policy := ctx.law.policy(policy_id, today)) is not None]
    spans = _spans(ctx, today)
    due_of = due_dates(ctx.law)
    recount, cases, unread = Recount(), 0, []
    for case_id, history in _histories(ctx):
        cases += 1
        if history is None:
            unread.append(case_id)
        else:
            recount.add(history, policies, spans, known_at=known_at, due_of=due_of)
        if progress is not None:
            progress(1)
    differences: list[FigureDifference] = []
    figures = 0
    for policy in policies:
        for year in _years(ctx, recount):
            for name, total, cells in _shown(ctx, policy, year, today, known_at):
                figures += 1 + len(cells)
                differences += compare((policy.id, name), recount, total, cells)
    first = first_digests(ctx)
    altered = [
        policy.reference
        for policy in ctx.law.policy_versions
        if first.get(policy.reference, policy.digest()) != policy.digest()
    ]
    return CheckedFigures(known_at, cases, figures, tuple(differences), tuple(unread), tuple(altered))


def _spans(ctx: Context, today: date) -> list[Span]:
    """Return the years and months from the first act in the ledger until today, by their first days."""
    begun = ctx.session.execute(
        select(func.min(_ENTRY.occurred_at)).where(_ENTRY.stream == Stream.CASE.value)
    ).scalar_one_or_none()
    if begun is None:
        return []
    years = range(legal_date(begun).year, today.year + 1)
    periods = [_period(year, today) for year in years]
    whole = [Span(str(year), window_of(period, today)) for year, period in zip(years, periods, strict=True)]
    months = [Span(window.month or "", window) for period in periods for window in month_windows(period, period.last)]
    return sorted([*whole, *months], key=lambda span: span.window.first)


def _period(year: int, today: date) -> Period:
    return Period(date(year, 1, 1), min(date(year, 12, 31), today))


def _histories(ctx: Context) -> Iterator[tuple[str, CaseHistory | None]]:
    """Stream every case of the ledger as figures read it, from its entries alone; None: they cannot be folded."""
    rows = ctx.session.execute(
        select(
            _ENTRY.chain,
            _ENTRY.seq,
            _ENTRY.kind,
            _ENTRY.occurred_at,
            _ENTRY.recorded_at,
            _ENTRY.actor,
            _ENTRY.payload,
            _ENTRY.precision,
        )
        .where(_ENTRY.stream == Stream.CASE.value)
        .order_by(_ENTRY.chain, _ENTRY.seq),
        execution_options={"yield_per": _AT_ONCE},
    )
    for case_id, entries in groupby(rows, key=lambda row: row.chain):
        told = list(entries)
        try:
            image = fold([entry_of(row) for row in told], ctx.law.procedures)
            yield case_id, None if image is None else history_of(ctx, image)
        except _BROKEN:
            yield case_id, None


def _years(ctx: Context, recount: Recount) -> list[int]:
    """Return the years of which either side tells anything."""
    filed = ctx.session.execute(select(extract("year", _FILED_ON)).distinct()).scalars()
    today = ctx.today().year
    told = {int(name[:4]) for _, name in recount.totals}
    first = min([*told, *(int(year) for year in filed)], default=today + 1)
    return list(range(first, today + 1))


def _shown(
    ctx: Context, policy: MetricPolicy, year: int, today: date, known_at: datetime
) -> Iterator[tuple[str, Tally, Mapping[Cell, Tally]]]:
    """Yield each figure of a year as people are shown it: its name, its whole, its cells."""
    period = _period(year, today)
    bys = (_CELL, (Dimension.MONTH,), (*_CELL, Dimension.MONTH))
    whole, months, by_month = closure_rates(ctx, policy.reference, period, known_at=known_at, bys=bys, only_by=True)
    yield str(year), _tally(whole.total), {_cell(row): _tally(row) for row in whole.rows}
    totals = {str(row.key[Dimension.MONTH]): _tally(row) for row in months.rows}
    cells: dict[str, dict[Cell, Tally]] = {}
    for row in by_month.rows:
        cells.setdefault(str(row.key[Dimension.MONTH]), {})[_cell(row)] = _tally(row)
    for window in month_windows(period, period.last):
        name = window.month or ""
        yield name, totals.get(name, NONE), cells.get(name, {})


def _cell(row: RateRow) -> Cell:
    return (
        row.key[Dimension.DIVISION] or "",
        row.key[Dimension.IP_TYPE],
        row.key[Dimension.PROCEDURE] or "",
        row.key[Dimension.SOURCE],
    )


def _tally(row: RateRow) -> Tally:
    return row.numerator, row.denominator, row.imprecise


def _detail(found: CheckedFigures) -> dict[str, object]:
    return {
        "differences": [difference_document(item) for item in found.differences[:KEPT]],
        "unread": list(found.unread[:KEPT]),
        "altered": list(found.altered),
    }


def difference_document(item: FigureDifference) -> dict[str, object]:
    """Return a difference as JSON has it."""
    cell = dict(zip((dimension.value for dimension in _CELL), item.cell, strict=True)) if item.cell else None
    sides = ("numerator", "denominator", "imprecise")
    return {
        "policy": item.policy,
        "period": item.window,
        "cell": cell,
        "shown": dict(zip(sides, item.shown, strict=True)),
        "ledger": dict(zip(sides, item.ledger, strict=True)),
    }
