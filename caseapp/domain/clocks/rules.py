"""Deadline rules as dated versions, and the book that finds the one in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from caseapp.domain.errors import N_, Message, NotFound, RuleRefused

Words = Mapping[str, str]
"""One text in every language of the product: {"zh": …, "en": …}."""

_NO_WORDS: Final[Words] = MappingProxyType({"zh": "", "en": ""})


def no_words() -> Words:
    """The empty text, shared by everything that has nothing to say."""
    return _NO_WORDS


class Unit(StrEnum):
    """In what a limit is counted."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"
    YEARS = "years"
    HOURS = "hours"

    def lengthens(self, limit: Unit) -> bool:
        """Whether a span in this unit can be added to such a limit: working days, hours and the rest do not mix."""
        alone = (Unit.WORKING_DAYS, Unit.HOURS)
        return self is limit or (self not in alone and limit not in alone)


class Direction(StrEnum):
    """Whether the last day lies after the start or before it (notice before a hearing)."""

    AFTER = "after"
    BEFORE = "before"


class Confidence(StrEnum):
    """How surely the text of the rule is known; every row that is not verified waits for a lawyer."""

    VERIFIED = "verified"
    SECONDARY = "secondary"
    RECALLED_HIGH = "recalled_high"
    RECALLED_MEDIUM = "recalled_medium"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Span:
    """So many of a unit, such as thirty calendar days."""

    n: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class ExtensionRight:
    """One step by which a limit may be made longer.

    n       the most that this step adds; None where the decision itself fixes it ("合理期限")
    unit    of `n`, and of the extension that is granted
    by      id of who decides (a key of `RuleBook.deciders`)
    times   how often the step may be taken; None where the text does not say
    """

    n: int | None
    unit: Unit
    by: str
    times: int | None = 1
    note: Words = field(default_factory=no_words)


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One version of one deadline rule.

    limit, unit     how long; in a `before` rule how long ahead at the latest
    rolls           whether a last day on which no work is done moves to the next working day
    extensions      in the order in which they may be granted; all have one unit
    pauses_on       ids of the reasons whose time is not counted (keys of `RuleBook.pause_reasons`)
    consequence     what follows when the limit passes
    in_force_from   first start day that this version governs; None = since ever
    in_force_to     last one; None = still open
    law, article    the text it stands in; `also` names companions, `edition` the version of the text
    source          tag of the source that was read
    yields_to       ids of the rules that take its place where a procedure starts both on one day and they are in force
    warn_at_percent how much of the running time is over when a reminder is due: ascending, 1 to 100
    lapses          a right that is gone when its time is over: the clock ends with its last day and nobody is late
    """

    id: str
    name: Words
    limit: int
    unit: Unit
    law: str
    article: str
    confidence: Confidence
    direction: Direction = Direction.AFTER
    rolls: bool = True
    starts: Words = field(default_factory=no_words)
    extensions: tuple[ExtensionRight, ...] = ()
    pauses_on: tuple[str, ...] = ()
    consequence: Words = field(default_factory=no_words)
    in_force_from: date | None = None
    in_force_to: date | None = None
    edition: str = ""
    also: str = ""
    source: str = ""
    note: Words = field(default_factory=no_words)
    warn_at_percent: tuple[int, ...] = ()
    yields_to: tuple[str, ...] = ()
    lapses: bool = False

    @property
    def extension_unit(self) -> Unit | None:
        """The unit of every extension of this rule; None where it cannot be extended."""
        return self.extensions[0].unit if self.extensions else None

    @property
    def extension_most(self) -> int | None:
        """The most that all extensions add together; None where at least one has no fixed measure."""
        total = 0
        for step in self.extensions:
            if step.n is None or step.times is None:
                return None
            total += step.n * step.times
        return total

    def extension_span(self, n: int, unit: str) -> Span:
        """What a recorded extension of so many "days" or "months" means for this rule.

        Days are counted as the rule counts its own: working days where it has working days.

        raises  ValueError for another word
        """
        if unit == "months":
            return Span(n, Unit.MONTHS)
        if unit != "days":
            raise ValueError(unit)
        return Span(n, Unit.WORKING_DAYS if self.unit is Unit.WORKING_DAYS else Unit.CALENDAR_DAYS)

    @property
    def citation(self) -> str:
        """Where the rule stands, in Chinese: law, article and companions."""
        place = f"{self.law} {self.article}".strip()
        return f"{place}；{self.also}" if self.also else place

    def governs(self, day: date) -> bool:
        """Whether a clock that starts on `day` runs under this version."""
        return (self.in_force_from is None or self.in_force_from <= day) and (
            self.in_force_to is None or day <= self.in_force_to
        )

    def pauses_for(self, reason: str) -> bool:
        """Whether time that passes for this reason is left out of the count."""
        return reason in self.pauses_on


class UnknownRule(NotFound):
    """No deadline rule has this id."""


class NoVersionInForce(RuleRefused):
    """The rule exists, but no version of it was in force on the day the clock starts."""


@dataclass(frozen=True, slots=True, init=False)
class RuleBook:
    """Every version of every deadline rule.

    rules           any order; versions of one id must not overlap in time
    aliases         further ids of a rule
    no_clock        ids that the law names without a number, with their name: asking for one is answered in words
    pause_reasons   id → name of each reason for which time may be left out
    deciders        id → name of those who may extend a limit

    raises  ValueError where two versions of one id are in force on one day
    """

    rules: tuple[ClockRule, ...]
    aliases: Mapping[str, str]
    no_clock: Mapping[str, Words]
    pause_reasons: Mapping[str, Words]
    deciders: Mapping[str, Words]
    _versions: dict[str, tuple[ClockRule, ...]] = field(init=False, repr=False, compare=False)

    def __init__(
        self,
        rules: Iterable[ClockRule] = (),
        *,
        aliases: Mapping[str, str] = MappingProxyType({}),
        no_clock: Mapping[str, Words] = MappingProxyType({}),
        pause_reasons: Mapping[str, Words] = MappingProxyType({}),
        deciders: Mapping[str, Words] = MappingProxyType({}),
    ) -> None:
        grouped: dict[str, list[ClockRule]] = {}
        for rule in rules:
            grouped.setdefault(rule.id, []).append(rule)
        versions: dict[str, tuple[ClockRule, ...]] = {}
        for rule_id, group in grouped.items():
            group.sort(key=lambda version: version.in_force_from or date.min, reverse=True)
            for newer, older in pairwise(group):
                if older.in_force_to is None or (newer.in_force_from or date.min) <= older.in_force_to:
                    raise ValueError(f"{rule_id}: two versions are in force on {newer.in_force_from}")
            versions[rule_id] = tuple(group)
        for alias, target in aliases.items():
            if target not in versions or alias in versions:
                raise ValueError(f"alias {alias} → {target} does not lead to a rule")

        set_field = object.__setattr__
        set_field(self, "rules", tuple(rule for group in versions.values() for rule in reversed(group)))
        set_field(self, "aliases", dict(aliases))
        set_field(self, "no_clock", dict(no_clock))
        set_field(self, "pause_reasons", dict(pause_reasons))
        set_field(self, "deciders", dict(deciders))
        versions.update({alias: versions[target] for alias, target in aliases.items()})
        set_field(self, "_versions", versions)

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self._versions

    def __iter__(self) -> Iterator[str]:
        """The ids of all rules, aliases left out, in the order in which they were given."""
        return (rule_id for rule_id in self._versions if rule_id not in self.aliases)

    def versions(self, rule_id: str) -> tuple[ClockRule, ...]:
        """Every version of a rule, newest first.

        raises  UnknownRule
        """
        try:
            return self._versions[rule_id]
        except KeyError:
            raise UnknownRule(self._why_unknown(rule_id)) from None

    def find(self, rule_id: str, day: date) -> ClockRule | None:
        """The version that governs a clock started on `day`; None where none was in force yet or any longer.

        raises  UnknownRule
        """
        for version in self.versions(rule_id):
            if version.governs(day):
                return version
        return None

    def at(self, rule_id: str, day: date) -> ClockRule:
        """The version that governs a clock started on `day`.

        raises  UnknownRule, NoVersionInForce
        """
        version = self.find(rule_id, day)
        if version is None:
            raise NoVersionInForce(
                Message(N_("时限 %(rule)s 在 %(day)s 没有现行有效的版本"), {"rule": rule_id, "day": day.isoformat()})
            )
        return version

    def _why_unknown(self, rule_id: str) -> Message:
        if rule_id in self.no_clock:
            return Message(
                N_("%(rule)s（%(name)s）在规定中没有期限数字，不产生时限"),
                {"rule": rule_id, "name": self.no_clock[rule_id]},
            )
        lettered = [known for known in self._versions if known[:-1] == rule_id and known[-1].islower()]
        if lettered:
            return Message(
                N_("%(rule)s 含有多项期限，请指明其中一项：%(choices)s"),
                {"rule": rule_id, "choices": "、".join(lettered)},
            )
        return Message(N_("没有编号为 %(rule)s 的时限"), {"rule": rule_id})
