"""The entries of a case in every wording they ever had: what a timeline shows struck through, and beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caseapp.domain.events import Entry, EntryKind
from caseapp.domain.workflow.corrections import Version, corrected


@dataclass(frozen=True, slots=True)
class Wording:
    """An entry as it reads, or once read.

    told_by  seq of the correction that brought these words; None: as first written
    gone_by  the correction that took them back; None: it reads so now
    """

    entry: Entry
    told_by: int | None = None
    gone_by: Entry | None = None


def wordings_of(entries: Sequence[Entry]) -> list[Wording]:
    """Return the entries in the order of the chain, those that were corrected once in each wording."""
    told = corrected(entries)
    found = []
    for entry in entries:
        known = told.versions.get(entry.seq) or (Version(entry, entry.recorded_at),)
        for version, following in zip(known, (*known[1:], None), strict=True):
            if version.entry is not None:
                told_by = version.by.seq if version.by is not None else None
                gone_by = following.by if following is not None else None
                found.append(Wording(version.entry, told_by, gone_by))
    return found


def irregular_since(entries: Sequence[Entry]) -> dict[int, list[Mapping[str, Any]]]:
    """Return by the seq of an act what it no longer meets since a correction, and stands without.

    Of an entry that was corrected several times the last correction says so.
    """
    last: dict[int, Sequence[Mapping[str, Any]]] = {}
    for entry in entries:
        payload: Mapping[str, Any] = entry.payload
        if entry.kind == EntryKind.CORRECTED:
            last[int(payload["entry"])] = payload.get("stands", ())
    found: dict[int, list[Mapping[str, Any]]] = {}
    for item in (item for told in last.values() for item in told):
        found.setdefault(int(item["entry"]), []).append(item)
    return found
