"""Named numbers of the law that guards compare with: dated, each with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from caseapp.domain.workflow.definition import Citation, Text


class AmountUnit(StrEnum):
    """What a number counts. Yuan are kept as fen."""

    YUAN = "yuan"
    PERSONS = "persons"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Amount:
    """One version of one number.

    value          as guards read it: fen for yuan, else the plain number
    in_force_from  first day it holds; None = since ever
    in_force_to    last day; None = still open
    """

    id: str
    name: Text
    value: int
    unit: AmountUnit
    citation: Citation
    source: str = ""
    in_force_from: date | None = None
    in_force_to: date | None = None

    def governs(self, day: date) -> bool:
        """Return whether this version holds on that day."""
        started = self.in_force_from is None or self.in_force_from <= day
        return started and (self.in_force_to is None or day <= self.in_force_to)


class AmountTable:
    """Every version of every number."""

    def __init__(self, versions: Iterable[Amount]) -> None:
        self.versions = tuple(versions)
        self._known: dict[tuple[int, ...], Mapping[str, int]] = {}

    def at(self, day: date) -> Mapping[str, int]:
        """Return id → value of everything in force on that day."""
        chosen = tuple(index for index, amount in enumerate(self.versions) if amount.governs(day))
        found = self._known.get(chosen)
        if found is None:
            found = MappingProxyType({self.versions[index].id: self.versions[index].value for index in chosen})
            self._known[chosen] = found
        return found

    def __contains__(self, amount_id: object) -> bool:
        return any(amount.id == amount_id for amount in self.versions)

    def ids(self) -> frozenset[str]:
        """Return the ids of all numbers, in force or not."""
        return frozenset(amount.id for amount in self.versions)
