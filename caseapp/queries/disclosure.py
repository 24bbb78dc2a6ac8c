"""What was disclosed to whom and when: the boundary between an organ and those it works with, and what was said across.

Both sides are shown the same lines: our officers of every organ that takes part, a liaison of his own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from caseapp.context import Context
from caseapp.domain.events import Entry
from caseapp.domain.facts import ActRecord, CaseImage, ProceedingImage, ShareRecord
from caseapp.domain.workflow.attached import KeptFile, files_of
from caseapp.domain.workflow.definition import Action, Peer, Procedure, Text
from caseapp.domain.workflow.share_folds import disclosed, issued_at, known_acts, papers_with
from caseapp.queries.case_images import entries_of
from caseapp.queries.case_page import organ_name
from caseapp.queries.told_days import day_of_act, told_day

Words = Mapping[str, str]
REMARK = "remark"
"""Fact of the letters that both sides write to each other beside the steps."""


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What an organ got to see on a day.

    by     the act that opened it
    items  what it was: acts of ours whose forms went along, papers, files; () where only the act itself became known
    """

    on: date
    by: Text
    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Boundary:
    """What lies on an organ's side of the boundary.

    since      first day it was told anything; opened: first day it saw more than an outline (None: not yet)
    until      day it sent the matter on; nothing later is disclosed to it
    """

    organ: Words
    peer: Peer
    since: date
    opened: date | None
    until: date | None
    lines: tuple[Disclosed, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A letter beside the steps.

    at       the instant it was written; None where only the day is told
    ours     written by the organ that has the case
    readers  who can read it, by name
    """

    on: date
    at: datetime | None
    by: Words
    ours: bool
    text: str
    readers: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class ActFile:
    """A file that came with an act of another organ."""

    seq: int
    on: date
    by: Words
    act: Text
    file: KeptFile


@dataclass(frozen=True, slots=True)
class Talk:
    """What went between our organ and others in one proceeding."""

    boundaries: tuple[Boundary, ...]
    remarks: tuple[Remark, ...]
    files: tuple[ActFile, ...]


def talks(ctx: Context, image: CaseImage) -> Mapping[str, Talk]:
    """Return what went between the organs, by the id of the proceeding; of those alone that others take part in."""
    shared = [proceeding for proceeding in image.proceedings[1:] if proceeding.shares]
    if not shared:
        return {}
    entries = entries_of(ctx, image.id)
    issued, told = issued_at(entries), {entry.seq: entry.payload.get("facts") for entry in entries}
    found = {}
    for proceeding in shared:
        procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
        found[proceeding.id] = Talk(
            tuple(boundary(ctx, image, proceeding, procedure, share, issued) for share in proceeding.shares),
            remarks(ctx, image, proceeding, procedure, told, entries),
            tuple(_files(ctx, proceeding, procedure, entries)),
        )
    return found


def _files(
    ctx: Context, proceeding: ProceedingImage, procedure: Procedure, entries: Sequence[Entry]
) -> Iterator[ActFile]:
    told = {entry.seq: entry for entry in entries}
    for act in proceeding.acts:
        action, entry = procedure.action(act.action), told.get(act.seq)
        if action is None or action.sends is None or entry is None:
            continue
        for file in files_of(entry):
            by = organ_name(ctx, _organ_then(proceeding, action.sends.sender, act))
            yield ActFile(act.seq, told_day(act), by, action.name, file)


def boundary(
    ctx: Context,
    image: CaseImage,
    proceeding: ProceedingImage,
    procedure: Procedure,
    share: ShareRecord,
    issued: Mapping[str, int],
) -> Boundary:
    """Return what was disclosed to one organ, the earliest first. issued: as `share_folds.issued_at`"""
    shown = {act.seq: act for act in disclosed(proceeding, procedure, share)}
    since, opened = share_days(proceeding, share)
    lines = []
    for act in known_acts(proceeding, procedure, share):
        action = procedure.action(act.action)
        if act.seq not in shown or action is None or action.sends is None or action.sends.sender == share.peer:
            continue
        if any(field.fact_name == REMARK for field in action.fields):
            continue  # letters stand among the remarks, each with its readers
        carried = [other for other in shown.values() if other.action in action.sends.carries and other.seq < act.seq]
        names = [*_names(procedure, carried)]
        names += [Text(item.title, item.title) for item in papers_with(image, proceeding, procedure, act, issued)]
        on = max(told_day(act), opened) if opened is not None else told_day(act)
        lines.append(Disclosed(on, action.name, tuple(names)))
    return Boundary(organ_name(ctx, share.organ), Peer(share.peer), since, opened, share.until_on, tuple(lines))


def share_days(proceeding: ProceedingImage, share: ShareRecord) -> tuple[date, date | None]:
    """Return since when an organ takes part, and since when it sees the whole, each as it is told."""
    since = day_of_act(proceeding.acts, share.since, share.since_on)
    opened = day_of_act(proceeding.acts, share.opened, share.opened_on) if share.opened_on is not None else None
    return since, opened


def remarks(
    ctx: Context,
    image: CaseImage,
    proceeding: ProceedingImage,
    procedure: Procedure,
    told: Mapping[int, object],
    entries: Sequence[Entry],
) -> tuple[Remark, ...]:
    """Return the letters of a proceeding, the earliest first.

    told     facts of the acts that the reader may see, by seq; letters among others stay closed
    entries  of the case, where it is a case of this house: they tell the instant
    """
    instants = {entry.seq: entry.recorded_at for entry in entries}
    found = []
    for act in proceeding.acts:
        action, facts = procedure.action(act.action), told.get(act.seq)
        text = facts.get(REMARK) if isinstance(facts, Mapping) else None
        if action is None or action.sends is None or not text:
            continue
        ours = action.sends.sender is Peer.ORGAN
        found.append(
            Remark(
                on=act.on,
                at=instants.get(act.seq),
                by=organ_name(ctx, image.organ if ours else _organ_then(proceeding, action.sends.sender, act)),
                ours=ours,
                text=str(text),
                readers=_readers(ctx, image, proceeding, action, act),
            )
        )
    return tuple(found)


def _names(procedure: Procedure, acts: Sequence[ActRecord]) -> list[Text]:
    named = (procedure.action(act.action) for act in acts)
    return [action.name for action in named if action is not None]


def _organ_then(proceeding: ProceedingImage, peer: Peer, act: ActRecord) -> str:
    """Return the organ that was that side when the act was done."""
    within = [
        share.organ
        for share in proceeding.shares
        if share.peer == peer and share.since <= act.seq and (share.until is None or act.seq <= share.until)
    ]
    return within[0] if within else ""


def _readers(
    ctx: Context, image: CaseImage, proceeding: ProceedingImage, action: Action, act: ActRecord
) -> tuple[Words, ...]:
    assert action.sends is not None
    sides = [peer for peer in (action.sends.sender, *action.sends.receivers) if peer is not Peer.ORGAN]
    organs = [image.organ, *(_organ_then(proceeding, peer, act) for peer in sides)]
    return tuple(organ_name(ctx, organ) for organ in dict.fromkeys(organs) if organ)
