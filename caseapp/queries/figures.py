"""What the supervisor's page shows: one headline, its parts, its course by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from caseapp.context import Context
from caseapp.domain.metrics.closure import ClosureRate, Period, RateRow
from caseapp.domain.metrics.policy import Dimension, MetricPolicy
from caseapp.queries.closure import closure_rates, policy_of


@dataclass(frozen=True, slots=True)
class FigureQuestion:
    """What was asked: policy, period, as-of day, known-at instant (None: now)."""

    policy: str
    period: Period
    as_of: date | None
    known_at: datetime | None


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of a figure with its name in both languages and what it lacks to the target (None: no target)."""

    value: str | None
    name: dict[str, str]
    row: RateRow
    gap: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The page: the headline and the same figure split three ways.

    policies  the newest version of each
    earlier   all other versions: what an old report was counted by can be asked for again
    """

    policy: MetricPolicy
    policies: tuple[MetricPolicy, ...]
    headline: ClosureRate
    gap: int | None
    divisions: tuple[PartRow, ...]
    ip_types: tuple[PartRow, ...]
    months: tuple[PartRow, ...]
    earlier: tuple[MetricPolicy, ...] = ()


def figures(ctx: Context, question: FigureQuestion) -> Figures:
    """Return the supervisor's figures over the cases the actor may see.

    raises  InputError (no such policy, as-of before the period)
    """
    policy = policy_of(ctx, question.policy)
    by_division, by_type, by_month = closure_rates(
        ctx,
        question.policy,
        question.period,
        as_of=question.as_of,
        known_at=question.known_at,
        bys=[(Dimension.DIVISION,), (Dimension.IP_TYPE,), (Dimension.MONTH,)],
        only_by=True,
    )
    total = by_division.total
    return Figures(
        policy=policy,
        policies=tuple(ctx.law.policies.values()),
        headline=by_division,
        gap=policy.gap(total.numerator, total.denominator),
        divisions=_parts(ctx, policy, by_division, Dimension.DIVISION),
        ip_types=_parts(ctx, policy, by_type, Dimension.IP_TYPE),
        months=_parts(ctx, policy, by_month, Dimension.MONTH),
        earlier=tuple(version for version in ctx.law.policy_versions if version != ctx.law.policies.get(version.id)),
    )


def _parts(ctx: Context, policy: MetricPolicy, figure: ClosureRate, dimension: Dimension) -> tuple[PartRow, ...]:
    """Return the rows of one dimension; rows that the policy itself splits further are added up."""
    sums: dict[str | None, list[RateRow]] = {}
    for row in figure.rows:
        sums.setdefault(row.key[dimension], []).append(row)
    parts = []
    for value, rows in sums.items():
        joined = RateRow(
            {dimension: value},
            sum(row.numerator for row in rows),
            sum(row.denominator for row in rows),
            sum(row.imprecise for row in rows),
        )
        name = {"zh": value or "", "en": value or ""}
        if dimension is Dimension.DIVISION and value:
            name = dict(ctx.law.divisions.name(value))
        parts.append(PartRow(value, name, joined, policy.gap(joined.numerator, joined.denominator)))
    if dimension is Dimension.MONTH:
        return tuple(sorted(parts, key=lambda part: part.value or ""))
    return tuple(sorted(parts, key=lambda part: (part.row.rate is None, part.row.rate or 0.0, part.value or "")))
