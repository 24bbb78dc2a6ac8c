"""The limits of crime, for people to read: offence by offence, a line for each measure with its three columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from caseapp.context import Context
from caseapp.domain.facts import MONEY_AMOUNTS
from caseapp.domain.thresholds.rules import (
    Condition,
    Grade,
    HalfLimit,
    Offence,
    Provision,
    RuleSet,
    Threshold,
    told_together,
)
from caseapp.queries.law_book import CONFIDENCE


@dataclass(frozen=True, slots=True)
class LimitLine:
    """The limits of one measure in one grade and set.

    base, plural, repeat  fen or numbers, None where the law has no such limit; money says which
    first, last           days of the act for which the line holds
    confidence            the least sure of its limits
    """

    rule_set: RuleSet
    grade: Grade
    measure: tuple[str, ...]
    money: bool
    base: int | None
    plural: int | None
    repeat: int | None
    needs: str
    first: date
    last: date | None
    articles: tuple[str, ...]
    confidence: str
    current: bool


@dataclass(frozen=True, slots=True)
class HalfLine:
    """A rule of two halves: its items, each with its half limits."""

    rule_set: RuleSet
    items: tuple[tuple[tuple[HalfLimit, bool], ...], ...]
    provision: Provision
    current: bool


@dataclass(frozen=True, slots=True)
class OffencePart:
    """One offence with its lines, the present set first."""

    offence: Offence
    lines: tuple[LimitLine, ...]
    halves: tuple[HalfLine, ...]


def threshold_parts(ctx: Context) -> tuple[OffencePart, ...]:
    """Return every offence with its limits."""
    book = ctx.law.thresholds
    return tuple(OffencePart(offence, _lines(ctx, offence), _halves(ctx, offence)) for offence in book.offences)


def _lines(ctx: Context, offence: Offence) -> tuple[LimitLine, ...]:
    rows: dict[tuple[object, ...], list[Threshold]] = {}
    for item in ctx.law.thresholds.thresholds:
        if item.offence == offence.id:
            rows.setdefault((item.set, item.grade, item.measure, item.needs, item.first, item.last), []).append(item)
    order = {rule_set.id: index for index, rule_set in enumerate(reversed(ctx.law.thresholds.sets))}
    lines = [_line(ctx, limits) for limits in rows.values()]
    return tuple(sorted(lines, key=lambda line: (order[line.rule_set.id], line.grade is Grade.UPPER)))


def _line(ctx: Context, limits: list[Threshold]) -> LimitLine:
    book, one = ctx.law.thresholds, limits[0]
    rule_set = next(item for item in book.sets if item.id == one.set)
    by_column = {item.column: item.limit for item in limits}
    first, last = max(one.first or rule_set.first, rule_set.first), one.last or book.last_day(rule_set)
    today = ctx.today()
    return LimitLine(
        rule_set=rule_set,
        grade=one.grade,
        measure=one.measure,
        money=one.measure[0] in MONEY_AMOUNTS,
        base=by_column.get(Condition.BASE),
        plural=by_column.get(Condition.PLURAL),
        repeat=by_column.get(Condition.REPEAT),
        needs=one.needs,
        first=max(first, one.crime_from or first),
        last=last,
        articles=told_together(item.provision for item in limits),
        confidence=least_sure(item.provision.confidence for item in limits),
        current=first <= today and (last is None or today <= last),
    )


def _halves(ctx: Context, offence: Offence) -> tuple[HalfLine, ...]:
    book = ctx.law.thresholds
    return tuple(
        HalfLine(
            rule_set,
            tuple(tuple((half, half.measure in MONEY_AMOUNTS) for half in item) for item in rule.items),
            rule.provision,
            book.last_day(rule_set) is None,
        )
        for rule_set in reversed(book.sets)
        for rule in book.halves
        if (rule.offence, rule.set) == (offence.id, rule_set.id)
    )


def least_sure(words: Iterable[str]) -> str:
    """Return the least sure of some words of confidence."""
    return max(words, key=CONFIDENCE.index)
