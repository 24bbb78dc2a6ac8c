"""What ties a case to other organs and to other cases: hand-overs between organs, joint organs, links, earlier numbers.

Part of the image of a case (`caseapp.domain.facts`): frozen, JSON-able by field, raw facts only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class TransferKind(StrEnum):
    """Why a case goes from one organ of the system to another (市场监督管理行政处罚程序规定 art 13-16)."""

    MOVE = "move"
    """移送: the organ that has it finds that another has jurisdiction."""
    HAND_DOWN = "hand_down"
    """交办: a superior organ hands its case to one below it."""
    DESIGNATE = "designate"
    """指定管辖: the superior of both says who handles it."""


class TransferStatus(StrEnum):
    """Where a transfer stands."""

    SENT = "sent"
    RECEIVED = "received"
    RETURNED = "returned"
    RECALLED = "recalled"


@dataclass(frozen=True, slots=True)
class TransferRecord:
    """One sending of the case to another organ, and its receipt.

    sender       the organ that had the case
    decided_by   the organ that decided it: the sender, or the superior that designates
    receiver     the organ that it goes to
    by, on       who sent it, on which legal date
    demands      what the receiver is asked to do (交办), '' where nothing
    answered_by  who signed for it, returned it or recalled it; None while it waits
    answer       the reason of a return or recall
    dispute      the receiver denies its jurisdiction: both negotiate, then their common superior decides
    number       the number that the case has at the receiver since its receipt
    reported_to  the superior that a dispute was reported to, '' where it was not
    """

    id: str
    kind: str
    sender: str
    receiver: str
    by: str
    on: date
    reason: str
    decided_by: str = ""
    demands: str = ""
    status: str = TransferStatus.SENT.value
    answered_by: str | None = None
    answered_on: date | None = None
    answer: str = ""
    dispute: bool = False
    number: str | None = None
    reported_to: str = ""
    reported_on: date | None = None


class LinkKind(StrEnum):
    """How one case came out of another, or went into it; each link has its counterpart in the other case."""

    MERGED_INTO = "merged_into"
    MERGED_FROM = "merged_from"
    SPLIT_INTO = "split_into"
    SPLIT_FROM = "split_from"


@dataclass(frozen=True, slots=True)
class CaseLink:
    """A tie to another case: its id, and the number it had on the day of the tie."""

    kind: str
    case: str
    number: str
    on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Counterpart:
    """Where else a piece of evidence or an item is known: the case, its number on that day, and the thing's number."""

    case: str
    case_number: str
    number: str


@dataclass(frozen=True, slots=True)
class KeptNumber:
    """A number that the case had at an organ until it went to another. kind: case | lead."""

    kind: str
    number: str
    organ: str
    until: date


@dataclass(frozen=True, slots=True)
class JointOrgan:
    """An organ that handles the case together with its main organ (联合办案), and its officers."""

    organ: str
    officers: tuple[str, ...] = ()
    since: date | None = None
