"""What a case keeps of its corrections: what was corrected, which numbers are void, which divisions were taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from caseapp.domain.events import Json


@dataclass(frozen=True, slots=True)
class DivisionRecord:
    """From `on` (as recorded) the case belonged to this division; until a correction took it back, where one did."""

    code: str
    on: date
    recorded_at: datetime
    superseded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Irregularity:
    """What a later act no longer meets since a correction, and stands without.

    entry, on  seq and legal date of the act
    message    of what it does not meet: {"text": msgid, "values": {…}}
    article    it rests on; reason: {zh, en} why the act stands, ground: the article of that
    """

    entry: int
    on: date
    guard: str
    message: Mapping[str, Json]
    article: str
    reason: Mapping[str, str]
    ground: str


@dataclass(frozen=True, slots=True)
class CorrectionRecord:
    """That an entry was voided, or put in other words, from `recorded_at` on.

    seq, entry  of the correction, and of the entry it corrects; kind: of the latter
    by          who asked for it; approval: id of the request that was signed, None where none was needed
    """

    seq: int
    entry: int
    kind: str
    void: bool
    reason: str
    by: str
    recorded_at: datetime
    approval: str | None = None
    irregularities: tuple[Irregularity, ...] = ()


@dataclass(frozen=True, slots=True)
class VoidRecord:
    """A number that was taken and is void: it is never given again.

    what      document | case
    title     of the document
    document  id of the document
    taken_on  legal date on which it was taken
    seq       of the correction that voided it
    """

    what: str
    number: str | None
    title: str
    document: str | None
    taken_on: date
    seq: int
