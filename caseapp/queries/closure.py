"""Closure rates over the database, and the cases behind each of their numbers.

Nearly every case is plain (`domain.metrics.plain`): those are grouped by the database and one of each group is judged.
All others (reopened, moved, returned, imprecise, or known in full only after the instant asked about), and all cases
where the policy reads more than two dates (R4), are streamed and judged one by one. Both ways end in the same formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    True_,
    and_,
    case,
    extract,
    false,
    func,
    literal,
    not_,
    null,
    or_,
    select,
)

from caseapp.context import Context, Law
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import ClosingManner, MilestoneKind, Precision
from caseapp.domain.facts import ClockRecord, ExtensionRecord, PauseRecord, ProceedingImage
from caseapp.domain.metrics.closure import ClosureCount, ClosureRate, DueOf, Period, RateRow, Window
from caseapp.domain.metrics.history import CaseHistory, DivisionFact, MilestoneFact
from caseapp.domain.metrics.plain import reads_two_dates, representative, stands_by_closing
from caseapp.domain.metrics.policy import Dimension, MetricPolicy
from caseapp.domain.workflow.timing import clocks_of
from caseapp.models.case_division import CaseDivision
from caseapp.models.case_file import CaseFile
from caseapp.models.closure_case import ClosureCase
from caseapp.models.milestone import MilestoneRow
from caseapp.queries.visibility import visible_cases

_CASE = CaseFile.__table__.c
_CLOSURE = ClosureCase.__table__.c
_MILESTONE = MilestoneRow.__table__.c
_DIVISION = CaseDivision.__table__.c

_PUBLIC_KEY = func.coalesce(_CASE.external_id, _CASE.number, _CASE.lead_number, _CASE.id).label("key")
_BATCH = 2000
"""Rows fetched at a time: the answer may stream through a million cases."""
_CHUNK = 500
"""Cases asked for by id in one statement."""
_REMEMBERED = 20_000
"""Due dates kept for the time of one figure; cases filed on one day and never paused share theirs."""

_MILESTONE_COLUMNS = (
    _MILESTONE.case_id,
    _MILESTONE.proceeding_id,
    _MILESTONE.seq,
    _MILESTONE.kind,
    _MILESTONE.on_date,
    _MILESTONE.order_at,
    _MILESTONE.precision,
    _MILESTONE.outcome,
    _MILESTONE.manner,
    _MILESTONE.detail,
)
_MOVES = select(_DIVISION.case_id, _DIVISION.code, _DIVISION.on_date, _DIVISION.recorded_at).order_by(
    _DIVISION.case_id, _DIVISION.ordinal
)


def closure_rate(
    ctx: Context,
    policy_id: str,
    period: Period,
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
    by: Sequence[Dimension] = (),
    only_by: bool = False,
    with_cases: bool = False,
) -> ClosureRate:
    """Return a closure rate over the cases that the actor may see.

    as_of     defaults to the end of the period, `known_at` (aware) to now
    by        dimensions of the rows, beside those that the policy always splits by (R5)
    only_by   leave those of the policy out: a case then stands in one row of each division, whatever its kinds of right
    raises    InputError  no policy has that id, or as-of lies before the period
    """
    policy = _policy(ctx.law, policy_id, only_by=only_by)
    figure = _count(ctx, policy, period, as_of=as_of, known_at=known_at, by=by, with_cases=with_cases)
    return _with_public_keys(ctx, figure) if with_cases else figure


@dataclass(frozen=True, slots=True)
class CountedCase:
    """A case behind a number: what a drill-down lists.

    key   external id, else number, as `flask metrics closure-rate --cases` names it
    """

    case_id: str
    key: str
    title: str
    division: str
    procedure: str
    category: str
    filed_on: date | None
    closed_on: date | None
    in_numerator: bool
    in_denominator: bool
    is_imprecise: bool


def counted_cases(
    ctx: Context,
    policy_id: str,
    period: Period,
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
    row: Mapping[Dimension, str | None],
) -> tuple[CountedCase, ...]:
    """Return exactly the cases that one row of a figure counts or leaves out as imprecise, the oldest filing first.

    row     the key of the row; {} for the total
    raises  InputError  as `closure_rate`
    """
    policy = _policy(ctx.law, policy_id, only_by=True)
    figure = _count(ctx, policy, period, as_of=as_of, known_at=known_at, by=tuple(row), with_cases=True)
    counted = next((found for found in figure.rows if found.key == row), None) if row else figure.total
    if counted is None:
        return ()
    above, below = set(counted.numerator_cases or ()), set(counted.denominator_cases or ())
    vague = set(counted.imprecise_cases or ())
    return tuple(sorted(_lines(ctx, above, below, vague), key=lambda line: (line.filed_on or date.max, line.key)))


def _count(
    ctx: Context,
    policy: MetricPolicy,
    period: Period,
    *,
    as_of: date | None,
    known_at: datetime | None,
    by: Sequence[Dimension],
    with_cases: bool,
) -> ClosureRate:
    """Count a figure; the cases, where they are asked for, by their internal ids."""
    known = known_at if known_at is not None else ctx.now()
    count = ClosureCount(
        policy,
        period,
        known_at=known,
        as_of=as_of,
        by=by,
        with_cases=with_cases,
        due_of=_due_of(ctx.law),
    )
    _hold_still(ctx)
    window = count.whole
    known_in_full = _CLOSURE.known_since <= known
    conditions = [
        _CLOSURE.filed_on <= window.cut,
        not_(and_(known_in_full, _is_settled(policy, window))),
        *_visible(ctx),
    ]
    plain = and_(_CLOSURE.plain, known_in_full)
    if reads_two_dates(policy):
        groups = _plain_groups(ctx, policy, window, count.dimensions, [plain, *conditions], with_cases=with_cases)
        for history, times, case_ids in groups:
            count.add(history, times=times, case_keys=case_ids)
        conditions.append(not_(plain))
    elif policy.formula == "r4" and stands_by_closing(policy):
        # A plain case that is not closed by the cut is in no R4, whatever the manner would be.
        conditions.append(not_(and_(plain, or_(_CLOSURE.closed_on.is_(None), _CLOSURE.closed_on > window.cut))))
    for history in _histories(ctx, policy, window, known, conditions):
        count.add(history)
    return count.figure()


def _policy(law: Law, policy_id: str, *, only_by: bool) -> MetricPolicy:
    policy = law.policies.get(policy_id)
    if policy is None:
        known = "、".join(law.policies)
        raise InputError(
            "policy", Message(N_("没有统计口径 %(policy)s（可用：%(known)s）"), {"policy": policy_id, "known": known})
        )
    return replace(policy, dimensions=()) if only_by else policy


def _visible(ctx: Context) -> list[ColumnElement[bool]]:
    condition = visible_cases(ctx)
    if isinstance(condition, True_):
        return []
    return [_CLOSURE.case_id.in_(select(CaseFile.id).where(condition))]


def _hold_still(ctx: Context) -> None:
    """Let all statements of a figure see one state, so that no case is counted twice or not at all while it changes.

    SQLite's read transactions do so by themselves.
    """
    session = ctx.session
    if session.get_bind().dialect.name == "postgresql" and not session.in_transaction():
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _is_settled(policy: MetricPolicy, window: Window) -> ColumnElement[bool]:
    """Whether a case known in full was closed before the window and rests since; it is then in no figure of it."""
    if not stands_by_closing(policy) or not all(policy.manners.values()):
        return false()
    return and_(_CLOSURE.closed_on.is_not(None), _CLOSURE.closed_on < window.first)


def _plain_groups(
    ctx: Context,
    policy: MetricPolicy,
    window: Window,
    dimensions: Sequence[Dimension],
    conditions: Sequence[ColumnElement[bool]],
    *,
    with_cases: bool,
) -> Iterator[tuple[CaseHistory, int, Sequence[str]]]:
    """Give one representative of each group of plain cases that no formula can tell apart, their number and ids.

    with_cases  whether the ids are wanted; else there are none
    """
    by_month = Dimension.MONTH in dimensions
    filed = _place(_CLOSURE.filed_on, window, by_month=by_month)
    closed = case(
        (or_(_CLOSURE.closed_on.is_(None), _CLOSURE.closed_on > window.cut), null()),
        else_=_place(_CLOSURE.closed_on, window, by_month=by_month),
    )
    is_closed = and_(_CLOSURE.closed_on.is_not(None), _CLOSURE.closed_on <= window.cut)
    every_manner = all(policy.manners.values())
    columns: dict[str, ColumnElement[Any]] = {
        "filed": filed,
        "closed": closed,
        "manner": null() if every_manner else case((is_closed, _CLOSURE.manner), else_=null()),
        "division": _CLOSURE.division if Dimension.DIVISION in dimensions else literal(""),
        "procedure": _CLOSURE.procedure if Dimension.PROCEDURE in dimensions else literal(""),
        "source": _CLOSURE.source if Dimension.SOURCE in dimensions else null(),
        "ip_types": _CLOSURE.ip_types if Dimension.IP_TYPE in dimensions else literal(""),
    }
    labelled = [column.label(name) for name, column in columns.items()]
    for place, times, case_ids in _grouped(ctx, labelled, conditions, with_cases=with_cases):
        history = representative(
            filed_on=_day_at(place.filed, window),
            closed_on=None if place.closed is None else _day_at(place.closed, window),
            manner=None if place.manner is None else ClosingManner(place.manner),
            division=place.division,
            procedure=place.procedure,
            ip_types=_unbarred(place.ip_types),
            source=place.source,
        )
        yield history, times, case_ids


def _grouped(
    ctx: Context,
    columns: Sequence[ColumnElement[Any]],
    conditions: Sequence[ColumnElement[bool]],
    *,
    with_cases: bool,
) -> Iterator[tuple[Row[Any], int, Sequence[str]]]:
    """Give each combination of the columns that occurs, how often, and the ids of the cases if wanted."""
    if not with_cases:
        # Grouped outside of a subquery: PostgreSQL takes equal expressions with parameters for different ones.
        places = select(*columns).where(*conditions).subquery()
        for row in _stream(ctx, select(*places.c, func.count().label("times")).group_by(*places.c)):
            yield row, row.times, ()
        return
    groups: dict[tuple[Any, ...], tuple[Row[Any], list[str]]] = {}
    for row in _stream(ctx, select(*columns, _CLOSURE.case_id).where(*conditions)):
        groups.setdefault(tuple(row)[:-1], (row, []))[1].append(row.case_id)
    for row, case_ids in groups.values():
        yield row, len(case_ids), case_ids


_BEFORE, _WITHIN = 0, 1


def _place(day: ColumnElement[Any], window: Window, *, by_month: bool) -> ColumnElement[Any]:
    """Where a day up to the cut falls: before the window, within it, or in which month of it (12 × year + month - 1)."""
    month = extract("year", day) * 12 + extract("month", day) - 1
    return case((day < window.first, _BEFORE), else_=month if by_month else _WITHIN)


def _day_at(place: int, window: Window) -> date:
    """Return a day that falls at that place."""
    if place == _BEFORE:
        return date.fromordinal(window.first.toordinal() - 1)
    if place == _WITHIN:
        return window.first
    year, month = divmod(int(place), 12)  # PostgreSQL counts months in decimals
    return max(date(year, month + 1, 1), window.first)


def _histories(
    ctx: Context,
    policy: MetricPolicy,
    window: Window,
    known_at: datetime,
    conditions: Sequence[ColumnElement[bool]],
) -> Iterator[CaseHistory]:
    """Stream the histories of the cases on which the conditions hold, with what the policy reads of them."""
    cases = select(
        _CLOSURE.case_id,
        _CLOSURE.proceeding_id,
        _CLOSURE.procedure,
        _CLOSURE.procedure_version,
        _CLOSURE.source,
        _CLOSURE.ip_types,
    )
    milestones = select(*_MILESTONE_COLUMNS).where(
        # Kept from the index on kinds: without statistics SQLite would take it and read every case's milestones.
        _MILESTONE.kind.concat("").in_([kind.value for kind in policy.reads()]),
        _MILESTONE.on_date <= window.cut,
        _MILESTONE.recorded_at <= known_at,
    )
    clocks = _handling_clocks(ctx.law)
    for some in _some_at_a_time(_stream(ctx, cases.where(*conditions))):
        ids = [row.case_id for row in some]
        facts = _by_case(ctx.session.execute(milestones.where(_MILESTONE.case_id.in_(ids))).all())
        moves = _by_case(ctx.session.execute(_MOVES.where(_DIVISION.case_id.in_(ids))).all())
        for row in some:
            yield CaseHistory(
                case_key=row.case_id,
                procedure=row.procedure,
                counts=True,
                handling_clock=clocks(row.procedure, row.procedure_version),
                ip_types=_unbarred(row.ip_types),
                source=row.source,
                divisions=tuple(DivisionFact(move.code, move.on_date, move.recorded_at) for move in moves[row.case_id]),
                milestones=tuple(
                    _fact(fact, known_at)
                    for fact in facts.get(row.case_id, ())
                    if fact.proceeding_id == row.proceeding_id
                ),
            )


def _some_at_a_time(rows: Iterator[Row[Any]]) -> Iterator[list[Row[Any]]]:
    while some := list(islice(rows, _CHUNK)):
        yield some


def _by_case(rows: Iterable[Any]) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


_KINDS = {kind.value: kind for kind in MilestoneKind}
_PRECISIONS = {precision.value: precision for precision in Precision}
_MANNERS: Mapping[str | None, ClosingManner | None] = {None: None} | {manner.value: manner for manner in ClosingManner}
_NO_DETAIL: Mapping[str, Any] = {}


def _fact(row: Row[Any], known_at: datetime) -> MilestoneFact:
    # That it was recorded by then is asked of the database; reading the instant itself would cost more than all else.
    detail = msgspec.json.decode(row.detail) if row.detail else _NO_DETAIL
    return MilestoneFact(
        kind=_KINDS[row.kind],
        on=row.on_date,
        precision=_PRECISIONS[row.precision],
        seq=row.seq,
        recorded_at=known_at,
        at=row.order_at,
        manner=_MANNERS[row.manner],
        outcome=row.outcome,
        reason=detail.get("reason"),
        n=detail.get("n"),
        unit=detail.get("unit"),
    )


def _stream(ctx: Context, query: Select[Any]) -> Iterator[Row[Any]]:
    return iter(ctx.session.execute(query, execution_options={"yield_per": _BATCH}))


def _unbarred(barred: str) -> tuple[str, ...]:
    return tuple(part for part in barred.split("|") if part)


def _handling_clocks(law: Law) -> Callable[[str, int], tuple[str, ...]]:
    @cache
    def handling_clock(procedure: str, version: int) -> tuple[str, ...]:
        return law.procedures.pinned(procedure, version).handling_clock

    return handling_clock


def _due_of(law: Law) -> DueOf:
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


def _with_public_keys(ctx: Context, figure: ClosureRate) -> ClosureRate:
    """Return the figure with the cases named as the world outside knows them."""
    # Not of the total alone: a case may stand in the row of a month, yet not in the figure of the whole period.
    lists = [
        cases
        for row in (*figure.rows, figure.total)
        for cases in (row.numerator_cases, row.denominator_cases, row.imprecise_cases)
    ]
    ids = {case_id for cases in lists for case_id in cases or ()}
    names = {row.id: row.key for row in _cases(ctx, ids, _CASE.id, _PUBLIC_KEY)}

    def named(cases: tuple[str, ...] | None) -> tuple[str, ...]:
        return tuple(sorted(names[case_id] for case_id in cases or ()))

    def renamed(row: RateRow) -> RateRow:
        return replace(
            row,
            numerator_cases=named(row.numerator_cases),
            denominator_cases=named(row.denominator_cases),
            imprecise_cases=named(row.imprecise_cases),
        )

    return replace(figure, rows=tuple(renamed(row) for row in figure.rows), total=renamed(figure.total))


def _cases(ctx: Context, ids: Iterable[str], *columns: ColumnElement[Any]) -> Iterator[Row[Any]]:
    wanted = sorted(ids)
    for start in range(0, len(wanted), _CHUNK):
        yield from ctx.session.execute(select(*columns).where(_CASE.id.in_(wanted[start : start + _CHUNK])))


def _lines(ctx: Context, above: set[str], below: set[str], vague: set[str]) -> Iterator[CountedCase]:
    columns = (_CASE.id, _PUBLIC_KEY, _CASE.title, _CASE.division, _CASE.procedure, _CASE.category, _CASE.filed_on)
    for row in _cases(ctx, above | below | vague, *columns, _CASE.closed_on):
        yield CountedCase(
            case_id=row.id,
            key=row.key,
            title=row.title,
            division=row.division,
            procedure=row.procedure,
            category=row.category,
            filed_on=row.filed_on,
            closed_on=row.closed_on,
            in_numerator=row.id in above,
            in_denominator=row.id in below,
            is_imprecise=row.id in vague,
        )
