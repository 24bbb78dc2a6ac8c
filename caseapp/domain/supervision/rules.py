"""What counts as silence, as a refusal and as repetition, as data: rows of `workflows/supervision.yaml`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Held(StrEnum):
    """Who is held to something."""

    ORGAN = "organ"
    POLICE = "police"


@dataclass(frozen=True, slots=True)
class SilenceRule:
    """A term that somebody may let pass in silence. clock: id of its rule in `clocks.yaml`."""

    clock: str
    held: Held


@dataclass(frozen=True, slots=True)
class RefusalRule:
    """An act that refuses, and where its reasons are written.

    fact        fact of the proceeding that holds the reasons
    where       facts that must have these values for the act to be a refusal
    """

    procedure: str
    action: str
    fact: str
    held: Held
    citation: str
    confidence: str
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RepeatRule:
    """From how many cases on amounts just below a limit are repeated, by what the cases have in common."""

    within_days: int = 0
    least: Mapping[str, int] = field(default_factory=dict)
    """party, officer, organ → number of cases"""
    citation: str = ""
    confidence: str = "design"


@dataclass(frozen=True, slots=True)
class SupervisionRules:
    """Everything that the file says."""

    silences: tuple[SilenceRule, ...] = ()
    refusals: tuple[RefusalRule, ...] = ()
    repeated: RepeatRule = field(default_factory=RepeatRule)
    empty_words: tuple[str, ...] = ()
    least_letters: int = 0

    def silence(self, clock: str) -> SilenceRule | None:
        """Return the rule of a clock, None where its passing is nobody's silence."""
        return next((rule for rule in self.silences if rule.clock == clock), None)


def own_words(text: str, empty_words: Iterable[str]) -> str:
    """Return what a text says beside the phrases that say nothing: its letters and figures, no spaces or points."""
    left = _letters(text)
    for phrase in sorted((_letters(one) for one in empty_words), key=len, reverse=True):
        left = left.replace(phrase, "") if phrase else left
    return left


def gives_no_reason(text: str, rules: SupervisionRules) -> bool:
    """Return whether a text is empty or made of phrases that fit every case (国令310号 art 5, 8: reasons on record)."""
    return len(set(own_words(text, rules.empty_words))) < rules.least_letters


def just_below(cases: Sequence[str], rule: RepeatRule, by: str) -> bool:
    """Return whether so many cases with something in common are a repetition."""
    least = rule.least.get(by, 0)
    return 0 < least <= len(cases)


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in folded if unicodedata.category(letter)[0] in "LN")
