"""Files that come with an act of another organ: named in the ledger entry of the act, disclosed as the act is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from caseapp.domain.events import Entry
from caseapp.domain.workflow.engine import Decision

FACT = "attached_files"
"""Fact of an act under which the files that came with it are named."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file in the store. name: as the sender calls it, with its ending; size in bytes."""

    name: str
    sha256: str
    media: str
    size: int


def with_files(decision: Decision, files: Sequence[KeptFile]) -> Decision:
    """Return the decision whose act also names the files that came with it."""
    if not files:
        return decision
    return replace(decision, facts={**decision.facts, FACT: [asdict(item) for item in files]})


def attached(facts: object) -> tuple[KeptFile, ...]:
    """Return the files that facts of an act name."""
    told: Any = facts.get(FACT) if isinstance(facts, Mapping) else None
    return tuple(KeptFile(**item) for item in told or ())


def files_of(entry: Entry) -> tuple[KeptFile, ...]:
    """Return the files that came with an act."""
    return attached(entry.payload.get("facts"))
