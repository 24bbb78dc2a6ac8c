"""What a timeline tells: entries in words, what they changed, what became of them, who looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from caseapp.domain.errors import Message
from caseapp.domain.workflow.definition import Text
from caseapp.queries.told_values import ToldValue


@dataclass(frozen=True, slots=True)
class Change:
    """A field of the case before and after, raw: the page knows how to say each.

    item  which of several it is of (the name of a party), '' where there is one only
    """

    field: str
    before: Any
    after: Any
    item: str = ""


@dataclass(frozen=True, slots=True)
class CorrectedBy:
    """What became of an entry: a correction voided it, or gave it other words.

    seq    of the correction; at: when it was recorded; by: who asked for it
    place  anchor of the wording that took its place, '' where it is void
    """

    seq: int
    at: datetime
    by: str
    reason: str
    void: bool
    place: str = ""


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One entry in words.

    at           when it happened, as precisely as `precision` says; `recorded_at` where that was noticeably later
    title, note  a Message, a Text, or words as entered
    values       what was entered; `changes` what changed in the case
    led_to       state names (from, to) where the state changed
    document     id of the paper, for a link
    place        anchor of the item on the page: an entry that was corrected stands there once in each wording
    gone         the correction that took this wording back: it is shown struck through
    told_by      seq of the correction that gave it this wording
    correctable  whether a correction of it can be asked for
    irregularities  what it no longer meets since a correction, and stands without, each with its article
    corrects     of a correction: seq of the entry it corrects; about: the title of that
    """

    seq: int
    kind: str
    at: datetime
    precision: str
    recorded_at: datetime | None
    title: object
    actor: str
    note: object = ""
    values: tuple[ToldValue, ...] = ()
    changes: tuple[Change, ...] = ()
    led_to: tuple[Text, Text] | None = None
    citations: tuple[str, ...] = ()
    document: str = ""
    irregular: bool = False
    imported: bool = False
    place: str = ""
    gone: CorrectedBy | None = None
    told_by: int | None = None
    correctable: bool = False
    about: object = ""
    corrects: int | None = None
    irregularities: tuple[tuple[Message, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """One look into the file. kind: read | personal_read."""

    at: datetime
    actor: str
    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything, newest first."""

    items: tuple[TimelineItem, ...]
    reads: tuple[Read, ...]
    more_reads: bool
