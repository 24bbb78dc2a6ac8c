"""Rows of proceedings in which other organs take part: pure translation, as in `case_rows`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from caseapp.context import Law
from caseapp.domain.events import start_of
from caseapp.domain.facts import ActRecord, CaseImage, ProceedingImage, ShareRecord
from caseapp.domain.workflow.definition import SAME, Category, Peer, Procedure
from caseapp.domain.workflow.share_folds import known_acts
from caseapp.domain.workflow.timing import ProceedingClock, clocks_of

Row = dict[str, Any]
SENT_ON = "sent_on"
"""State shown to an organ that sent the matter on: what became of it since is not its to know."""
NEVER = datetime(9999, 12, 1, tzinfo=UTC)
"""When a clock ends that does not run: lists by clock end with these."""
FIELDS = ("proceedings", "title", "organ")
"""The fields of an image from which these rows follow."""
_DAY, _TICK = timedelta(days=1), timedelta(microseconds=1)


def share_rows(image: CaseImage, law: Law) -> list[Row]:
    """Return every organ that something was sent to."""
    return [
        row for proceeding in image.proceedings[1:] if proceeding.shares for row in _rows_of(image, proceeding, law)
    ]


def _rows_of(image: CaseImage, proceeding: ProceedingImage, law: Law) -> list[Row]:
    procedure = law.procedures.pinned(proceeding.procedure, proceeding.version)
    clock, binds_at = _binding(proceeding, procedure, law)
    last = {share.organ: ordinal for ordinal, share in enumerate(proceeding.shares)}
    rows = []
    for ordinal, share in enumerate(proceeding.shares):
        gone, opened = share.until is not None, share.opened is not None
        rows.append(
            {
                "case_id": image.id,
                "proceeding_id": proceeding.id,
                "ordinal": ordinal,
                "latest": last[share.organ] == ordinal,
                "organ_id": share.organ,
                "peer": share.peer,
                "sender_id": image.organ,
                "procedure": proceeding.procedure,
                "procedure_version": proceeding.version,
                "state": SENT_ON if gone else proceeding.state,
                "category": Category.CLOSED.value if gone else proceeding.category,
                "mine": not gone and _is_awaited(proceeding, procedure, share),
                "title": image.title if opened else "",
                "offence": _told(proceeding, "offence") if opened else "",
                "sent_on": share.since_on,
                "opened_on": share.opened_on,
                "until_on": share.until_on,
                "clock": None if gone else clock,
                "binds_at": NEVER if gone else binds_at,
                "acts": _acts(known_acts(proceeding, procedure, share)),
            }
        )
    return rows


def course_rows(image: CaseImage, law: Law) -> list[Row]:
    """Return the course of every proceeding in which two organs work."""
    rows = []
    for proceeding in image.proceedings[1:]:
        procedure = law.procedures.pinned(proceeding.procedure, proceeding.version)
        if not any(action.sends is not None for action in procedure.actions):
            continue
        rows.append(
            {
                "case_id": image.id,
                "proceeding_id": proceeding.id,
                "procedure": proceeding.procedure,
                "offence": _told(proceeding, "offence"),
                "receiver_id": _told(proceeding, Peer.POLICE.organ_fact),
                "outcome": _told(proceeding, "outcome"),
                "sent_on": min((share.since_on for share in proceeding.shares), default=None),
                "acts": _acts(proceeding.acts),
            }
        )
    return rows


def _told(proceeding: ProceedingImage, fact: str) -> str:
    value = proceeding.facts.get(fact)
    return value if isinstance(value, str) else ""


def _acts(acts: Iterable[ActRecord]) -> str:
    return msgspec.json.encode([[act.action, act.to, act.on_text] for act in acts]).decode()


def _is_awaited(proceeding: ProceedingImage, procedure: Procedure, share: ShareRecord) -> bool:
    return any(
        action.sends is not None
        and action.sends.sender == share.peer
        and SAME not in {post.to for post in action.posts}
        for action in procedure.actions_from(proceeding.state)
    )


def _binding(proceeding: ProceedingImage, procedure: Procedure, law: Law) -> tuple[int | None, datetime]:
    """Return the clock that binds most, of those that acts between the organs started: the house's own are not the
    other's to know.
    """
    shared = {rule for action in procedure.actions if action.sends is not None for rule in action.clocks.starts}
    ends = [
        (_end(clock), clock.ordinal)
        for clock in clocks_of(proceeding, law.rules, law.calendar)
        if clock.rule.id in shared and clock.run.ending is None and clock.run.due.on is not None
    ]
    binds_at, ordinal = min(ends, default=(NEVER, None))
    return ordinal, binds_at


def _end(clock: ProceedingClock) -> datetime:
    """Return the last instant at which a clock is kept."""
    limit = clock.run.due
    assert limit.on is not None
    return (limit.at if limit.at is not None else start_of(limit.on + _DAY) - _TICK).astimezone(UTC)
