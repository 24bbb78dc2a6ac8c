"""Closure rates over the database, and the cases behind each of their numbers.

Nearly every case is plain (`domain.metrics.plain`): those are grouped by the database and one of each group is judged.
All others (reopened, moved, returned, imprecise, or known in full only after the instant asked about), and all cases
where the policy reads more than two dates (R4), are streamed and judged one by one. Both ways end in the same formulas.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    True_,
    and_,
    case,
    extract,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
)

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import ClosingManner
from caseapp.domain.metrics.closure import ClosureCount, ClosureRate, Period, RateRow
from caseapp.domain.metrics.flows import is_told_by_flows
from caseapp.domain.metrics.history import CaseHistory
from caseapp.domain.metrics.periods import Window
from caseapp.domain.metrics.plain import reads_two_dates, representative, stands_by_closing
from caseapp.domain.metrics.policy import Dimension, MetricPolicy
from caseapp.models.case_file import CaseFile
from caseapp.models.closure_case import ClosureCase
from caseapp.queries.case_histories import CHUNK, due_dates, histories, stream, unbarred
from caseapp.queries.closure_flows import closure_flows, learned_after
from caseapp.queries.visibility import visible_cases

_CASE = CaseFile.__table__.c
_CLOSURE = ClosureCase.__table__.c
_PUBLIC_KEY = func.coalesce(_CASE.external_id, _CASE.number, _CASE.lead_number, _CASE.id).label("key")


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

    policy_id  'R2', or 'R2@2026-1' for a version that is not the one in force
    as_of     defaults to the end of the period, `known_at` (aware) to now
    by        dimensions of the rows, beside those that the policy always splits by (R5)
    only_by   leave those of the policy out: a case then stands in one row of each division, whatever its kinds of right
    raises    InputError  no policy has that id, or as-of lies before the period
    """
    policy = policy_of(ctx, policy_id, only_by=only_by)
    [figure] = _count(ctx, policy, period, as_of=as_of, known_at=known_at, bys=[by], with_cases=with_cases)
    return _with_public_keys(ctx, figure) if with_cases else figure


def closure_rates(
    ctx: Context,
    policy_id: str,
    period: Period,
    *,
    bys: Sequence[Sequence[Dimension]],
    as_of: date | None = None,
    known_at: datetime | None = None,
    only_by: bool = False,
) -> tuple[ClosureRate, ...]:
    """Return one closure rate split in several ways, read once: `closure_rate` for each of `bys`, in that order."""
    policy = policy_of(ctx, policy_id, only_by=only_by)
    return _count(ctx, policy, period, as_of=as_of, known_at=known_at, bys=bys, with_cases=False)


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
    policy = policy_of(ctx, policy_id, only_by=True)
    [figure] = _count(ctx, policy, period, as_of=as_of, known_at=known_at, bys=[tuple(row)], with_cases=True)
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
    bys: Sequence[Sequence[Dimension]],
    with_cases: bool,
) -> tuple[ClosureRate, ...]:
    """Count a figure split in several ways; the cases, where they are asked for, by their internal ids."""
    known = known_at if known_at is not None else ctx.now()
    due_of = due_dates(ctx.law)
    counts = [
        ClosureCount(policy, period, known_at=known, as_of=as_of, by=by, with_cases=with_cases, due_of=due_of)
        for by in bys
    ]
    dimensions = tuple(dict.fromkeys(dimension for count in counts for dimension in count.dimensions))
    hold_still(ctx)
    window = counts[0].whole
    known_in_full = _CLOSURE.known_since <= known
    visible = visible_closure(ctx)
    conditions = [_CLOSURE.filed_on <= window.cut, _may_belong(policy, window, known), *visible]
    plain = and_(_CLOSURE.plain == true(), known_in_full)
    if reads_two_dates(policy):
        if is_told_by_flows(policy) and not with_cases and not visible:
            for flow in closure_flows(ctx, window, dimensions, known_at=known):
                for count in counts:
                    count.add_flow(flow)
        else:
            own = [_CLOSURE.filed_on >= window.first] if policy.formula == "r3" else []
            groups = _plain_groups(ctx, policy, window, dimensions, [plain, *own, *conditions], with_cases=with_cases)
            for history, times, case_ids in groups:
                for count in counts:
                    count.add(history, times=times, case_keys=case_ids)
        # Asked for one after the other, each by its own index: few cases are of either kind.
        rest = [[_CLOSURE.plain == false()], learned_after(known)]
    elif policy.formula == "r4" and stands_by_closing(policy):
        # A plain case that is not closed by the cut is in no R4, whatever the manner would be.
        rest = [
            [_CLOSURE.plain == false()],
            [plain, _CLOSURE.closed_on <= window.cut],
            learned_after(known),
        ]
    else:
        rest = [[]]
    for some in rest:
        for history in histories(ctx, policy, window, known, [*some, *conditions]):
            for count in counts:
                count.add(history)
    return tuple(count.figure() for count in counts)


def policy_of(ctx: Context, policy_id: str, *, only_by: bool = False) -> MetricPolicy:
    """Return the policy that a figure asked for today is counted by.

    policy_id  'R2', or 'R2@2026-1' for that very version
    raises     InputError  there is none
    """
    policy = ctx.law.policy(policy_id, ctx.today())
    if policy is None:
        known = "、".join(ctx.law.policies)
        raise InputError(
            "policy", Message(N_("没有统计口径 %(policy)s（可用：%(known)s）"), {"policy": policy_id, "known": known})
        )
    return replace(policy, dimensions=()) if only_by else policy


def visible_closure(ctx: Context) -> list[ColumnElement[bool]]:
    """Return the conditions on `closure_case` under which the actor may see a case; none for who sees them all."""
    condition = visible_cases(ctx)
    if isinstance(condition, True_):
        return []
    return [_CLOSURE.case_id.in_(select(CaseFile.id).where(condition))]


def hold_still(ctx: Context) -> None:
    """Let all statements of a figure see one state, so that no case is counted twice or not at all while it changes.

    SQLite's read transactions do so by themselves.
    """
    session = ctx.session
    if session.get_bind().dialect.name == "postgresql" and not session.in_transaction():
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _may_belong(policy: MetricPolicy, window: Window, known: datetime) -> ColumnElement[bool]:
    """Whether a case may be in a figure: not if it was closed before the window, rests since, and is known in full.

    Said as alternatives that an index finds each.
    """
    if not stands_by_closing(policy) or not all(policy.manners.values()):
        return true()
    return or_(_CLOSURE.closed_on.is_(None), _CLOSURE.closed_on >= window.first, _CLOSURE.known_since > known)


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
            ip_types=unbarred(place.ip_types),
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
        for row in stream(ctx, select(*places.c, func.count().label("times")).group_by(*places.c)):
            yield row, row.times, ()
        return
    groups: dict[tuple[Any, ...], tuple[Row[Any], list[str]]] = {}
    for row in stream(ctx, select(*columns, _CLOSURE.case_id).where(*conditions)):
        groups.setdefault(tuple(row)[:-1], (row, []))[1].append(row.case_id)
    for row, case_ids in groups.values():
        yield row, len(case_ids), case_ids


_BEFORE, _WITHIN = 0, 1


def _place(day: ColumnElement[Any], window: Window, *, by_month: bool) -> ColumnElement[Any]:
    """Where a day up to the cut falls: before the window, within it, or in which month of it (12 × year + month -
    1).
    """
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
    for start in range(0, len(wanted), CHUNK):
        yield from ctx.session.execute(select(*columns).where(_CASE.id.in_(wanted[start : start + CHUNK])))


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
