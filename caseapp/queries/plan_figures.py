"""The plan's indicators of a year with what was reached, and the targets of the divisions (目标责任制)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import func, or_, select

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.indicators import CASES_FILED, CLOSURE_RATE, COMPUTED, OFFICERS, Indicator, IndicatorUnit
from caseapp.domain.metrics.closure import ClosureRate, RateRow
from caseapp.domain.metrics.periods import Period
from caseapp.domain.metrics.policy import Dimension, MetricPolicy
from caseapp.domain.roles import Role
from caseapp.models.account import Account
from caseapp.models.plan_number import PlanNumber
from caseapp.queries.closure import closure_rate, policy_of

FILED_POLICY = "R3"
"""Its denominator are the counted cases first filed in the period."""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """An indicator of a year. measured None: nothing is known; computed: this system counts it itself.

    source, entered_at   of a number that was entered
    """

    indicator: Indicator
    target: Decimal
    measured: Decimal | None
    computed: bool
    source: str
    entered_at: datetime | None

    @property
    def is_met(self) -> bool | None:
        """Whether the target is reached; None: nothing is known."""
        return None if self.measured is None else self.measured >= self.target


@dataclass(frozen=True, slots=True)
class DivisionLine:
    """A division's closure rate of the year beside its target. gap: closings that are missing to it; None: no target

    entered  whether the target was set for this division; else it is that of the city
    """

    code: str
    name: Mapping[str, str]
    row: RateRow
    target: Decimal
    entered: bool
    gap: int | None

    @property
    def is_met(self) -> bool | None:
        """Whether the target is reached; None: there is nothing to close."""
        return None if not self.row.denominator else self.gap == 0


@dataclass(frozen=True, slots=True)
class PlanYear:
    """The page of one year; figures of the current year are those up to today."""

    year: int
    policy: MetricPolicy
    figure: ClosureRate
    lines: tuple[PlanLine, ...]
    divisions: tuple[DivisionLine, ...]


def plan_year(ctx: Context, year: int) -> PlanYear:
    """Return the indicators and the divisions' targets of a year, over the cases the actor may see.

    raises  InputError  the year has not begun
    """
    today = ctx.today()
    if not 2000 <= year <= today.year:
        raise InputError("year", Message(N_("请选择今年或者以前的年份")))
    period = Period(date(year, 1, 1), min(date(year, 12, 31), today))
    numbers = _latest(ctx, year)
    indicators = {one.id: one for one in ctx.law.indicators}
    policy = policy_of(ctx, indicators[CLOSURE_RATE].policy or "R2")
    known_at = ctx.now()
    figure, filed = (
        closure_rate(ctx, policy_id, period, known_at=known_at, by=(Dimension.DIVISION,), only_by=True)
        for policy_id in (policy.reference, FILED_POLICY)
    )
    total = figure.total
    rate = None if total.rate is None else Decimal(100 * total.numerator) / total.denominator
    computed = {
        CLOSURE_RATE: rate,
        CASES_FILED: Decimal(filed.total.denominator),
        OFFICERS: _officers(ctx, period.last),
    }
    lines = tuple(_line(indicator, numbers, computed) for indicator in indicators.values())
    city = next(line.target for line in lines if line.indicator.id == CLOSURE_RATE)
    return PlanYear(year, policy, figure, lines, tuple(_divisions(ctx, policy, figure, numbers, city)))


_Numbers = Mapping[tuple[str, str, str], PlanNumber]
"""(kind, subject, division) -> the latest entered."""


def _latest(ctx: Context, year: int) -> _Numbers:
    rows = ctx.session.execute(select(PlanNumber).where(PlanNumber.year == year).order_by(PlanNumber.id)).scalars()
    return {(row.kind, row.subject, row.division): row for row in rows}


def _line(indicator: Indicator, numbers: _Numbers, computed: Mapping[str, Decimal | None]) -> PlanLine:
    target = numbers.get(("target", indicator.id, ""))
    entered = numbers.get(("measured", indicator.id, ""))
    if indicator.id in COMPUTED:
        measured, source, at = computed[indicator.id], "", None
    else:
        measured = Decimal(entered.value) if entered is not None else None
        source, at = (entered.source, entered.entered_at) if entered is not None else ("", None)
    return PlanLine(
        indicator=indicator,
        target=Decimal(target.value) if target is not None else indicator.target,
        measured=measured,
        computed=indicator.id in COMPUTED,
        source=source,
        entered_at=at,
    )


def _divisions(
    ctx: Context, policy: MetricPolicy, figure: ClosureRate, numbers: _Numbers, city: Decimal
) -> list[DivisionLine]:
    rows = {row.key[Dimension.DIVISION] or "": row for row in figure.rows}
    codes = {*rows, *(division for _, subject, division in numbers if subject == CLOSURE_RATE and division)}
    found = []
    for code in sorted(codes):
        own = numbers.get(("target", CLOSURE_RATE, code))
        target = Decimal(own.value) if own is not None else city
        row = rows.get(code, RateRow({}, 0, 0))
        gap = policy.gap_to(Fraction(target) / 100, row.numerator, row.denominator)
        found.append(DivisionLine(code, ctx.law.divisions.name(code), row, target, own is not None, gap))
    return sorted(found, key=lambda line: (line.row.rate is None, line.row.rate or 0.0, line.code))


def _officers(ctx: Context, on: date) -> Decimal:
    """Return how many active officers hold a certificate that is valid on a day."""
    query = (
        select(func.count())
        .select_from(Account)
        .where(
            Account.active,
            Account.roles.contains(f"|{Role.OFFICER.value}|"),
            Account.certificate_number.is_not(None),
            or_(Account.certificate_from.is_(None), Account.certificate_from <= on),
            or_(Account.certificate_until.is_(None), Account.certificate_until >= on),
        )
    )
    return Decimal(ctx.session.execute(query).scalar_one())


def is_percent(indicator: Indicator) -> bool:
    """Whether its numbers are shares of a hundred."""
    return indicator.unit is IndicatorUnit.PERCENT
