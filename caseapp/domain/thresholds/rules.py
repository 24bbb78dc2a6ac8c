"""The limits from which an infringement is a crime (刑法 213-219之一), as data: dated, with article and source.

Money is in fen, counts are whole numbers; every limit is met by a value that equals it (以上).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from caseapp.domain.facts import COUNT_AMOUNTS, MONEY_AMOUNTS

Words = Mapping[str, str]

FLAGS: Final = ("seller_of_others_labels", "circumvention_helper", "bankruptcy_caused")
"""Circumstances that are neither money nor number, on which some limits depend."""
MEASURES: Final = frozenset({*MONEY_AMOUNTS, *COUNT_AMOUNTS, "bankruptcy_caused"}) - {"marks", "patents"}
PLURAL_OF: Final = frozenset({"marks", "patents"})

_ARTICLE = re.compile(r"(?P<article>[0-9]+)(?:\((?P<paragraph>[0-9]+)\))?(?:\((?P<item>[0-9]+)\))?")


class Grade(StrEnum):
    """From where the act is a crime, and from where its upper band of punishment holds (特别严重、数额巨大)."""

    ENTRY = "entry"
    UPPER = "upper"


class Condition(StrEnum):
    """On what a limit depends: nothing, two or more marks or patents, an earlier punishment, goods not yet sold."""

    BASE = "base"
    PLURAL = "plural"
    REPEAT = "repeat"
    ATTEMPT = "attempt"


class Result(StrEnum):
    """What the facts show. There is no fourth answer: that nothing need be referred is never said."""

    MET = "met"
    NOT_SHOWN = "not_shown"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Provision:
    """Where a rule stands: law, article written 3(1)(2), how surely it is known, and the source that was read."""

    law: str
    article: str
    confidence: str
    source: str = ""

    @property
    def told(self) -> str:
        """Return the citation as people read it: 法释〔2025〕5号第3条第1款第2项."""
        match = _ARTICLE.fullmatch(self.article)
        if match is None:
            return f"{self.law}{self.article}"
        told = f"{self.law}第{match['article']}条"
        if match["paragraph"]:
            told += f"第{match['paragraph']}款"
        if match["item"]:
            told += f"第{match['item']}项"
        return told


def told_together(provisions: Iterable[Provision]) -> tuple[str, ...]:
    """Return citations as people read them, each law and article once: 法释〔2025〕5号第3条第1款第1、2、3项.

    What stands in paragraphs and items of one article is told behind it, in the order of its first mention.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for provision in provisions:
        match = _ARTICLE.fullmatch(provision.article)
        if match is None:
            found.setdefault(provision.told, {})
            continue
        parts = found.setdefault(f"{provision.law}第{match['article']}条", {})
        items = parts.setdefault(match["paragraph"] or "", [])
        if (match["item"] or "") not in items:
            items.append(match["item"] or "")
    return tuple(head + _parts_told(parts) for head, parts in found.items())


def _parts_told(parts: Mapping[str, list[str]]) -> str:
    """Return paragraphs with their items; several paragraphs without items share one word."""
    if len(parts) > 1 and all(items == [""] and paragraph for paragraph, items in parts.items()):
        return f"第{'、'.join(parts)}款"
    told = []
    for paragraph, items in parts.items():
        head = f"第{paragraph}款" if paragraph else ""
        named = [item for item in items if item]
        if "" in items and head:
            told.append(head)
        if named:
            told.append(f"{head}第{'、'.join(named)}项")
    return "、".join(told)


@dataclass(frozen=True, slots=True)
class Threshold:
    """One limit.

    measure     names of amounts, added together where there are several (sales and unsold goods)
    limit       fen or number; 1 for a circumstance that is itself enough
    needs       flag that must hold besides, '' = none
    first, last days of the act for which it holds; None = as long as its set
    crime_from  an act before that day was no crime by this rule, None = always was
    fills_gap   earlier texts are silent on it: it governs pending cases of older acts (高检发释字〔2001〕5号 art 2)
    """

    offence: str
    set: str
    grade: Grade
    measure: tuple[str, ...]
    limit: int
    condition: Condition
    provision: Provision
    needs: str = ""
    first: date | None = None
    last: date | None = None
    crime_from: date | None = None
    fills_gap: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """Return what makes two of them versions of one limit."""
        return self.offence, self.set, self.grade, self.measure, self.condition, self.needs

    @property
    def column(self) -> Condition:
        """Return the column of the law's table: unsold goods stand in the first like everything without condition."""
        return Condition.BASE if self.condition is Condition.ATTEMPT else self.condition

    def governs(self, day: date) -> bool:
        """Return whether it holds for an act of that day, as far as its own dates say."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class HalfLimit:
    """Half of one limit, by which an item counts towards the rule of two halves."""

    measure: str
    limit: int
    condition: Condition


@dataclass(frozen=True, slots=True)
class HalfRule:
    """Two items each missed but each reached by half (法释〔2025〕5号 art 13(1)(5); 法发〔2011〕3号 art 13).

    items  what counts as one item each; an item is reached by any of its half limits
    """

    offence: str
    set: str
    provision: Provision
    items: tuple[tuple[HalfLimit, ...], ...]
    first: date | None = None
    last: date | None = None

    def governs(self, day: date) -> bool:
        """Return whether it holds for an act of that day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Offence:
    """One offence of the criminal law.

    group     offences of one group are the same for the two-year repeat
    ip_types  kinds of right (`IpType`) that a case must be about for it to come into question
    plural    the count that the limits for two or more look at: marks | patents | ''
    only_with a case is held against it where one of these amounts is entered, or people name it; None: always
    """

    id: str
    name: Words
    group: str
    ip_types: tuple[str, ...]
    plural: str = ""
    note: Words = field(default_factory=dict)
    only_with: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A generation of judicial interpretations, for acts from `first` until the next set begins."""

    id: str
    name: Words
    first: date


@dataclass(frozen=True, slots=True)
class AddingUp:
    """Whether several acts count together: those nobody has dealt with, within some years where the text says so."""

    set: str
    within_years: int | None
    provision: Provision


@dataclass(frozen=True, slots=True)
class RepeatRule:
    """Until how many years after an earlier punishment the lower limits hold, and which outcomes are punishment."""

    years: int
    kinds: tuple[str, ...]
    other_kinds: tuple[str, ...]
    provision: Provision


@dataclass(frozen=True, slots=True)
class SuspicionRule:
    """Reasonable suspicion that needs measures of the police obliges below every limit (国令310号 art 3(2))."""

    first: date
    provision: Provision


@dataclass(frozen=True, slots=True)
class ThresholdBook:
    """Everything `thresholds.yaml` says; sets in order of their first day."""

    sets: tuple[RuleSet, ...] = ()
    offences: tuple[Offence, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    halves: tuple[HalfRule, ...] = ()
    adding_up: Mapping[str, AddingUp] = field(default_factory=dict)
    repeat: RepeatRule | None = None
    suspicion: SuspicionRule | None = None
    no_penalty_instead: Provision | None = None
    one_source_sets: tuple[str, ...] = ()
    warn_at_percent: int = 80
    _found: dict[tuple[object, ...], tuple[Threshold, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def offence(self, offence_id: str) -> Offence:
        """Return one offence. raises KeyError"""
        for offence in self.offences:
            if offence.id == offence_id:
                return offence
        raise KeyError(offence_id)

    def offences_of(self, ip_types: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of the offences that a case about those kinds of right may be at all."""
        kinds = set(ip_types)
        return tuple(offence.id for offence in self.offences if kinds.intersection(offence.ip_types))

    def in_question(self, ip_types: Iterable[str], amounts: Mapping[str, int | None], named: Iterable[str]) -> set[str]:
        """Return the ids of those that a case is held against.

        named  offences that people say the case is about as well
        """
        chosen = set(named)
        return {
            one
            for one in self.offences_of(ip_types)
            if (only_with := self.offence(one).only_with) is None
            or one in chosen
            or any(amounts.get(name) for name in only_with)
        }

    def last_day(self, rule_set: RuleSet) -> date | None:
        """Return the last day of a set: the eve of the next one, None for the present one."""
        later = [other.first for other in self.sets if other.first > rule_set.first]
        return min(later) - timedelta(days=1) if later else None

    def limits_of(self, offence: str, set_id: str, grade: Grade, day: date) -> tuple[Threshold, ...]:
        """Return the limits of one grade of an offence in a set, for an act whose last day in that set is `day`."""
        key = (offence, set_id, grade)
        mine = self._found.get(key)
        if mine is None:
            mine = tuple(item for item in self.thresholds if (item.offence, item.set, item.grade) == key)
            self._found[key] = mine
        return tuple(item for item in mine if item.governs(day))

    def half_rules_of(self, offence: str, set_id: str, day: date) -> tuple[HalfRule, ...]:
        """Return the rules of two halves of an offence in a set; they exist for the entry grade alone."""
        return tuple(
            item for item in self.halves if item.offence == offence and item.set == set_id and item.governs(day)
        )
