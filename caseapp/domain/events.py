"""Words of the ledger: what an entry can say, and the milestones that give acts their procedure-independent meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")
"""The zone in which an instant becomes the legal date of an act."""

if TYPE_CHECKING:
    Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
else:
    Json = Any  # decoders read annotations at run time and know no alias that names itself


class Stream(StrEnum):
    """The three streams of the ledger. Only case acts raise a case's version."""

    CASE = "case"
    ACCESS = "access"
    SYSTEM = "system"


class EntryKind(StrEnum):
    """What a case-stream entry says."""

    OPENED = "opened"
    """A case folder and its main proceeding were opened (a lead was registered)."""
    PROCEEDING_OPENED = "proceeding_opened"
    """A side proceeding began inside the case."""
    ACTED = "acted"
    """An action of a procedure took effect."""
    LAPSED = "lapsed"
    """A clock ran out and the law itself took the action that the procedure names for it."""
    MILESTONE = "milestone"
    """A milestone known without its action (taken over from another system)."""
    APPROVAL_REQUESTED = "approval_requested"
    APPROVAL_SIGNED = "approval_signed"
    APPROVAL_RETURNED = "approval_returned"
    APPROVAL_WITHDRAWN = "approval_withdrawn"
    FACTS_CHANGED = "facts_changed"
    OFFICERS_ASSIGNED = "officers_assigned"
    DOCUMENT_ISSUED = "document_issued"
    DOCUMENT_SCANNED = "document_scanned"
    """The copy of a document that was signed on paper came back as a scan."""
    FILE_SEALED = "file_sealed"
    """The bound case file was sealed: its manifest is signed."""
    NOTED = "noted"
    TRANSFER_SENT = "transfer_sent"
    """The case was sent to another organ of the system (移送, 交办, 指定管辖)."""
    TRANSFER_RECEIVED = "transfer_received"
    """The other organ signed for it: from now on the case is its own."""
    TRANSFER_RETURNED = "transfer_returned"
    TRANSFER_RECALLED = "transfer_recalled"
    TRANSFER_REPORTED = "transfer_reported"
    """A dispute over jurisdiction went to the common superior of both organs."""
    JOINT_SET = "joint_set"
    """Which other organs handle the case jointly, with which officers."""
    LINKED = "linked"
    """The case was merged with another, or split."""
    EVIDENCE_ADDED = "evidence_added"
    EVIDENCE_DESCRIBED = "evidence_described"
    EVIDENCE_WITHDRAWN = "evidence_withdrawn"
    ITEM_TAKEN = "item_taken"
    ITEM_MOVE_ASKED = "item_move_asked"
    ITEM_MOVE_CONFIRMED = "item_move_confirmed"
    ITEM_MOVE_REFUSED = "item_move_refused"
    CORRECTED = "corrected"
    """An earlier entry is void, or reads otherwise, from the recorded time of this one on."""


class MilestoneKind(StrEnum):
    """Procedure-independent meaning of an act (INTERFACES §2)."""

    REGISTERED = "registered"
    FILED = "filed"
    NOT_FILED = "not_filed"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    EXCLUDED_FROM = "excluded_from"
    EXCLUDED_UNTIL = "excluded_until"
    EXTENDED = "extended"
    DECIDED = "decided"
    SERVED = "served"
    TRANSFERRED = "transferred"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    MEDIATED = "mediated"
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    SPLIT = "split"


class ClosingManner(StrEnum):
    """How a case was closed (INTERFACES §2)."""

    EXECUTED = "executed"
    NO_PENALTY = "no_penalty"
    NOT_ESTABLISHED = "not_established"
    MOVED = "moved"
    TRANSFERRED = "transferred"
    TERMINATED = "terminated"
    WITHDRAWN = "withdrawn"
    MEDIATED = "mediated"
    ADJUDICATED = "adjudicated"
    MERGED = "merged"
    OTHER = "other"


class Precision(StrEnum):
    """How exactly the day of an act is known."""

    INSTANT = "instant"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"
    """The date that is kept is only the latest that it may have been."""

    @property
    def is_exact(self) -> bool:
        """Return whether the day is known."""
        return self in (Precision.INSTANT, Precision.DAY)


MILESTONE_DETAILS = ("reason", "n", "unit", "outcome", "to", "manner", "into", "from")
"""The extra keys a milestone may carry beside kind, on, at and recorded_at."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """One milestone of a proceeding as the ledger tells it.

    on         local date; the first day of the month or year where only that is known (see `precision`)
    at         the instant, where it is known
    seq        sequence number of its ledger entry in the case's chain
    order_at   instant that orders it among the acts of its day
    details    outcome, manner, reason, n + unit, to, into, from: as INTERFACES §2 names them
    irregular  accepted from an archive although the procedure would not allow it here
    told_by    seq of the correction that gave it this wording; None: its entry as first written
    superseded_at  when a correction took its place: what was known before still counted it; None: it stands
    """

    kind: MilestoneKind
    on: date
    precision: Precision
    seq: int
    recorded_at: datetime
    proceeding: str
    order_at: datetime
    at: datetime | None = None
    details: Mapping[str, str | int] | None = None
    irregular: bool = False
    told_by: int | None = None
    superseded_at: datetime | None = None

    def detail(self, name: str) -> str | int | None:
        """Return one extra value, or None where the milestone does not carry it."""
        return self.details.get(name) if self.details else None


def legal_date(instant: datetime) -> date:
    """Return the local date in China on which `instant` (aware) falls."""
    return instant.astimezone(LEGAL_ZONE).date()


def start_of(day: date) -> datetime:
    """Return the first instant of a local date, aware."""
    return datetime(day.year, day.month, day.day, tzinfo=LEGAL_ZONE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One ledger entry, as folds read it.

    kind         an `EntryKind` in the case stream; a free word in the access and system streams

    seq          1, 2, 3 … in the case's chain
    occurred_at  when it happened in the world (aware); a day without an hour is its first instant
    recorded_at  when we learned of it (a claim where an import states it); never decreases in a chain
    payload      JSON-able mapping; keys by kind are documented at `caseapp.domain.workflow.replay`
    told_by      seq of the correction that gave the entry this wording; None: as first written
    """

    seq: int
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    payload: Mapping[str, Json]
    precision: Precision = Precision.INSTANT
    told_by: int | None = None
