"""The deadlines of `workflows/clocks.yaml` for people to read: every version, its limit in words, who may extend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from caseapp.context import Context
from caseapp.domain.clocks.rules import ClockRule, Direction, ExtensionRight, Unit, Words
from caseapp.domain.errors import N_, Message
from caseapp.domain.workflow.definition import Text
from caseapp.queries.law_book import SETTLED, Count, RuleName, counted, text_of

_LIMITS: Mapping[Unit, str] = {
    Unit.WORKING_DAYS: N_("%(n)s 个工作日"),
    Unit.CALENDAR_DAYS: N_("%(n)s 日"),
    Unit.MONTHS: N_("%(n)s 个月"),
    Unit.YEARS: N_("%(n)s 年"),
    Unit.HOURS: N_("%(n)s 小时"),
}
_UNCOUNTED: Mapping[Unit, str] = {
    Unit.WORKING_DAYS: N_("若干工作日"),
    Unit.CALENDAR_DAYS: N_("若干日"),
    Unit.MONTHS: N_("若干月"),
    Unit.YEARS: N_("若干年"),
    Unit.HOURS: N_("若干小时"),
}


@dataclass(frozen=True, slots=True)
class ExtensionLine:
    """One step by which a limit may be made longer.

    by     who decides
    times  how often, None where the text is silent
    """

    span: Message
    by: Text
    times: int | None
    note: Text


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of a deadline rule. current: it governs a clock started today."""

    rule: ClockRule
    current: bool
    limit: Message
    backwards: bool
    starts: Text
    consequence: Text
    note: Text
    extensions: tuple[ExtensionLine, ...]
    pauses: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One deadline with its versions, the newest first."""

    id: str
    name: Text
    versions: tuple[VersionLine, ...]


@dataclass(frozen=True, slots=True)
class ClockBook:
    """Every deadline; `uncounted` are those that the law names without a number; `confidence` counts versions."""

    clocks: tuple[ClockLine, ...]
    uncounted: tuple[RuleName, ...]
    confidence: tuple[Count, ...]


def clock_book(ctx: Context, *, confidence: str = "") -> ClockBook:
    """Return the deadlines, or those with a version of one word of confidence ('unsettled': all but the sure ones)."""
    rules = ctx.law.rules
    lines = (clock_line(ctx, rule_id) for rule_id in rules)
    return ClockBook(
        clocks=tuple(line for line in lines if _has(line, confidence)),
        uncounted=tuple(RuleName(rule_id, text_of(name)) for rule_id, name in rules.no_clock.items()),
        confidence=counted(rule.confidence.value for rule in rules.rules),
    )


def clock_line(ctx: Context, rule_id: str) -> ClockLine:
    """Return one deadline with its versions. raises UnknownRule (a NotFound)"""
    versions = ctx.law.rules.versions(rule_id)
    return ClockLine(
        rule_id, text_of(versions[0].name), tuple(version_line(ctx, rule, ctx.today()) for rule in versions)
    )


def version_line(ctx: Context, rule: ClockRule, today: date) -> VersionLine:
    """Return one version in words."""
    book = ctx.law.rules
    return VersionLine(
        rule=rule,
        current=rule.governs(today),
        limit=span_words(rule.limit, rule.unit),
        backwards=rule.direction is Direction.BEFORE,
        starts=text_of(rule.starts),
        consequence=text_of(rule.consequence),
        note=text_of(rule.note),
        extensions=tuple(_extension(book.deciders, right) for right in rule.extensions),
        pauses=tuple(text_of(book.pause_reasons[reason]) for reason in rule.pauses_on),
    )


def _extension(deciders: Mapping[str, Words], right: ExtensionRight) -> ExtensionLine:
    return ExtensionLine(
        span=span_words(right.n, right.unit),
        by=text_of(deciders[right.by]),
        times=right.times,
        note=text_of(right.note),
    )


def _has(line: ClockLine, confidence: str) -> bool:
    if not confidence:
        return True
    words = {version.rule.confidence.value for version in line.versions}
    return bool(words - SETTLED) if confidence == "unsettled" else confidence in words


def span_words(n: int | None, unit: Unit) -> Message:
    """Return a limit in words: '15 个工作日'; where the decision itself fixes the number: '若干日'."""
    return Message(_UNCOUNTED[unit]) if n is None else Message(_LIMITS[unit], {"n": n})
