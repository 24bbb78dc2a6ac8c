"""How long a proceeding stayed in each of its states, read off its acts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from caseapp.domain.facts import ActRecord
from caseapp.domain.metrics.proportions import Spread, spread_of


@dataclass(frozen=True, slots=True)
class Stay:
    """From the day on which a state was entered to the day on which it was left, in calendar days."""

    state: str
    days: int


def stays(initial: str, opened_on: date, acts: Iterable[ActRecord]) -> Iterator[Stay]:
    """Yield the stays that are over; the one that lasts is not counted.

    acts  in the order of the ledger; an act that leads to the state it came from ends no stay
    """
    state, since = initial, opened_on
    for act in acts:
        if act.to == state:
            continue
        yield Stay(state, max(0, (act.on - since).days))
        state, since = act.to, act.on


def spreads(found: Iterable[tuple[str, Stay]]) -> Mapping[tuple[str, str], Spread]:
    """Return the spread of the stays in each (procedure, state)."""
    days: dict[tuple[str, str], list[int]] = {}
    for procedure, stay in found:
        days.setdefault((procedure, stay.state), []).append(stay.days)
    return {place: spread for place, some in days.items() if (spread := spread_of(some)) is not None}
