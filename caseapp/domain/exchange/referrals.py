"""Referrals that a record tells of, held against those that are known of its case: the superset rule of milestones.

What is known must be told again, unchanged; what is told beside it is new, wherever it stands (INTERFACES §2).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from caseapp.domain.events import Json, Precision, start_of

_GAP = timedelta(seconds=1)
"""Between acts that are not told apart by their dates: others may become known in between."""


@dataclass(frozen=True, slots=True)
class ReferralAct:
    """One act as it is told.

    on  the first day that it may have been, where only month or year is known; the last, where nothing is
    """

    action: str
    on: date
    precision: Precision
    facts: Mapping[str, Json]

    @property
    def identity(self) -> Hashable:
        """Return what makes it the same act as another."""
        on = None if self.precision is Precision.UNKNOWN else self.on
        return self.action, on, self.precision, repr(sorted(self.facts.items()))

    @property
    def on_text(self) -> str:
        """Return its date as precisely as it is known."""
        return self.on.isoformat()[
            : {Precision.YEAR: 4, Precision.MONTH: 7, Precision.UNKNOWN: 0}.get(self.precision, 10)
        ]


@dataclass(frozen=True, slots=True)
class KnownReferral:
    """A referral that came with the case before, its acts in the order of the ledger, each with its instant there."""

    proceeding: str
    procedure: str
    version: int
    acts: tuple[tuple[ReferralAct, datetime], ...]


@dataclass(frozen=True, slots=True)
class ToldReferral:
    """A referral of a record, its acts in the order in which they are told."""

    procedure: str
    acts: tuple[ReferralAct, ...]


def pairs(known: Sequence[KnownReferral], told: Sequence[ToldReferral]) -> Mapping[int, KnownReferral] | ReferralAct:
    """Return which of the told ones is which known one (by place), or a known act that is told by none of them.

    The longest are looked for first: a short one may stand in several.
    """
    found: dict[int, KnownReferral] = {}
    for one in sorted(known, key=lambda one: -len(one.acts)):
        same = [place for place, other in enumerate(told) if place not in found and other.procedure == one.procedure]
        place = next((place for place in same if _missing(one, told[place]) is None), None)
        if place is None:
            closest = [_missing(one, told[place]) for place in same]
            return next((act for act in closest if act is not None), one.acts[0][0])
        found[place] = one
    return found


def _missing(known: KnownReferral, told: ToldReferral) -> ReferralAct | None:
    left = Counter(act.identity for act in told.acts)
    for act, _at in known.acts:
        if not left[act.identity]:
            return act
        left[act.identity] -= 1
    return None


def placed(told: ToldReferral, known: KnownReferral | None) -> list[tuple[ReferralAct, datetime | None]] | ReferralAct:
    """Return the acts with the instants under which the ledger sorts the new ones (None: it has the act), or the act
    that cannot stand where it is told: it is dated before the one told before it.

    A new one stands at the beginning of its day, month or year, moved up behind the one before it; before the known one
    that follows it, where their dates do not tell them apart.
    """
    held = list(known.acts) if known is not None else []
    at = [_taken(held, act) for act in told.acts]
    found: list[tuple[ReferralAct, datetime | None]] = []
    last: datetime | None = None
    for place, act in enumerate(told.acts):
        instant = at[place]
        if instant is None:
            later = next((one for one in at[place + 1 :] if one is not None), None)
            instant = _between(_beginning(told.acts[place:]), last, later)
            if instant >= start_of(_after(act)):
                return act
        if last is not None and instant <= last:
            return act
        last = instant
        found.append((act, None if at[place] is not None else instant))
    return found


def _beginning(acts: Sequence[ReferralAct]) -> datetime:
    """Return the instant before which the first of these acts is not put: the beginning of the day, month or year that
    is told; where nothing is, of the earliest that is told of those after it.
    """
    first = acts[0]
    if first.precision is not Precision.UNKNOWN:
        return start_of(first.on)
    return start_of(min(act.on for act in acts if act is first or act.precision is not Precision.UNKNOWN))


def _between(begins: datetime, last: datetime | None, later: datetime | None) -> datetime:
    """Return an instant not before `begins`, after `last` and before `later`, as far as there is one."""
    floor = begins if last is None or last < begins else last
    if later is not None and later <= floor + _GAP:
        return floor + max(later - floor, timedelta(0)) / 2
    return floor + _GAP


def _taken(held: list[tuple[ReferralAct, datetime]], act: ReferralAct) -> datetime | None:
    """Return the instant of the known act that this one is, and take it off the list; None for a new one."""
    place = next((place for place, (one, _at) in enumerate(held) if one.identity == act.identity), None)
    return None if place is None else held.pop(place)[1]


def _after(act: ReferralAct) -> date:
    """Return the day after the last one that the act may have been on."""
    if act.precision is Precision.YEAR:
        return date(act.on.year + 1, 1, 1)
    if act.precision is Precision.MONTH:
        return date(act.on.year + act.on.month // 12, act.on.month % 12 + 1, 1)
    return act.on + timedelta(days=1)
