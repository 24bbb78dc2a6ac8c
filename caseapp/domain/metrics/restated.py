"""How a figure came to stand elsewhere than it did: which entries of a case's history moved it, and when.

A figure known at one instant and the same figure known at another differ by the cases whose verdict differs. Such a
case is followed through every instant in between at which something about it became known or was taken back; the
entries of those instants at which its verdict turned are what changed the figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from caseapp.domain.metrics.closure import DueOf, Verdict, verdict_of
from caseapp.domain.metrics.courses import course_of
from caseapp.domain.metrics.history import CaseHistory, MilestoneFact
from caseapp.domain.metrics.periods import Window
from caseapp.domain.metrics.policy import MetricPolicy


@dataclass(frozen=True, slots=True)
class ToldFact:
    """A milestone with the ledger entries between which it was what we knew.

    told_by         sequence number of the entry that tells it so: its own, or the correction that put it otherwise
    superseded_at   since when a correction has taken it back (aware); None: it stands
    """

    fact: MilestoneFact
    told_by: int
    superseded_at: datetime | None = None

    def is_known(self, known_at: datetime) -> bool:
        """Whether it was what we knew at an instant (inclusive)."""
        return self.fact.recorded_at <= known_at and (self.superseded_at is None or known_at < self.superseded_at)


@dataclass(frozen=True, slots=True)
class Turn:
    """An instant at which a case's place in a figure changed.

    told_by  entries that came with it and tell a milestone; a correction that only takes one back is not among them
    """

    at: datetime
    before: Verdict
    after: Verdict
    told_by: tuple[int, ...]


def verdict_at(
    history: CaseHistory,
    told: Sequence[ToldFact],
    policy: MetricPolicy,
    window: Window,
    *,
    known_at: datetime,
    due_of: DueOf | None = None,
) -> Verdict:
    """Return where a case stands in a figure as it was known at an instant.

    history  of the case; its milestones are replaced by those of `told` that were known then
    """
    known = replace(history, milestones=tuple(item.fact for item in told if item.is_known(known_at)))
    return verdict_of(course_of(known, policy, known_at=known_at), policy, window, due_of=due_of)


def turns(
    history: CaseHistory,
    told: Sequence[ToldFact],
    policy: MetricPolicy,
    window: Window,
    *,
    since: datetime,
    until: datetime,
    due_of: DueOf | None = None,
) -> tuple[Turn, ...]:
    """Return the turns of a case after `since` and up to `until`, in order; () where it never moved.

    A case may come back to where it stood: the last `after` then equals the first `before`.
    """
    learned = {item.fact.recorded_at for item in told}
    learned |= {item.superseded_at for item in told if item.superseded_at is not None}
    found: list[Turn] = []
    before = verdict_at(history, told, policy, window, known_at=since, due_of=due_of)
    for at in sorted(instant for instant in learned if since < instant <= until):
        after = verdict_at(history, told, policy, window, known_at=at, due_of=due_of)
        if after is not before:
            seqs = sorted({item.told_by for item in told if item.fact.recorded_at == at and item.fact.on <= window.cut})
            found.append(Turn(at, before, after, tuple(seqs)))
            before = after
    return tuple(found)
