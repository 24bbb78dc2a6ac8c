"""Pieces of evidence: what each is, how it was got, by whom, and what it proves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from caseapp.domain.connections import Counterpart


class EvidenceKind(StrEnum):
    """Kinds of evidence (行政处罚法 art 46)."""

    DOCUMENTARY = "documentary"
    PHYSICAL = "physical"
    AUDIOVISUAL = "audiovisual"
    ELECTRONIC = "electronic"
    TESTIMONY = "testimony"
    STATEMENT = "statement"
    EXPERT_OPINION = "expert_opinion"
    INSPECTION_RECORD = "inspection_record"
    SCENE_RECORD = "scene_record"


class Acquisition(StrEnum):
    """How a piece came into the file."""

    SCENE = "scene"
    SAMPLING = "sampling"
    PRESERVATION = "preservation"
    SEIZURE = "seizure"
    INQUIRY = "inquiry"
    ELECTRONIC = "electronic"
    SUBMITTED = "submitted"
    TRANSFERRED = "transferred"
    ENTRUSTED = "entrusted"
    OTHER = "other"


HANDED_IN = frozenset({Acquisition.SUBMITTED, Acquisition.TRANSFERRED, Acquisition.ENTRUSTED})
"""Ways in which others hand evidence in: one officer receives it. All others are acts of investigation, which at least
two certified officers take (行政处罚法 art 42, 55)."""

DEFAULT_KINDS = {
    "picture": EvidenceKind.AUDIOVISUAL,
    "audio": EvidenceKind.AUDIOVISUAL,
    "video": EvidenceKind.AUDIOVISUAL,
    "archive": EvidenceKind.ELECTRONIC,
}
"""Group of files -> the kind a piece is taken for until somebody says otherwise; all others are documentary."""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """The file of a piece.

    name    as it may be shown and saved; `sent_as` tells how it came, where that was something else
    digest  '<algorithm>:<hex>' of the content
    size    in bytes
    kind    id of a `caseapp.domain.file_kinds.FileKind`
    """

    name: str
    digest: str
    size: int
    kind: str
    sent_as: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence.

    number       1, 2, 3 … in the case; never given again
    kind         an `EvidenceKind`; how an `Acquisition`
    title        what it is called in lists
    proves       the fact it proves
    acquired_on  the day it was got; acquired_at its hour as 'HH:MM', '' where nobody noted it
    officers     ids of those who got or received it
    seq          of the entry that added it
    withdrawn_*  set once it was taken back; it stays in the file
    came_from    the case it was added to first, where it came along by a merger or split
    went_to      the case it went along into; here it no longer counts
    """

    id: str
    number: int
    kind: str
    title: str
    file: EvidenceFile
    source: str
    acquired_on: date
    place: str
    how: str
    officers: tuple[str, ...]
    added_on: date
    added_by: str
    seq: int
    acquired_at: str = ""
    proves: str = ""
    withdrawn_on: date | None = None
    withdrawn_by: str = ""
    withdrawn_reason: str = ""
    came_from: Counterpart | None = None
    went_to: Counterpart | None = None

    @property
    def stands(self) -> bool:
        """Return whether the piece still counts."""
        return self.withdrawn_on is None and self.went_to is None


@dataclass(frozen=True, slots=True)
class EvidenceDraft:
    """What is said about a piece while it is added or described anew; fields as in `Evidence`.

    kind   '' = what its file suggests
    title  '' = the name of its file
    """

    source: str
    acquired_on: date
    place: str
    how: str
    officers: tuple[str, ...] = field(default=())
    kind: str = ""
    title: str = ""
    acquired_at: str = ""
    proves: str = ""


CHANGEABLE = ("kind", "title", "source", "acquired_on", "acquired_at", "place", "how", "officers", "proves")
"""What may be said anew of a piece. Its file and its number never change."""


def evidence_lines(pieces: Iterable[Evidence]) -> str:
    """Return the standing pieces as running text, one a line: title——what it proves. So 主要证据 is written in reports and
    decisions.
    """
    standing = (piece for piece in pieces if piece.stands)
    return "\n".join(f"{piece.title}——{piece.proves}" if piece.proves else piece.title for piece in standing)
