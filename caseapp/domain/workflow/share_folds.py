"""Which other organs take part in a proceeding, as its acts tell them of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from caseapp.domain.changing import changed
from caseapp.domain.events import Entry, EntryKind
from caseapp.domain.facts import ActRecord, CaseImage, DocumentRecord, ProceedingImage, ShareRecord
from caseapp.domain.workflow.definition import Peer, Procedure


def shared(proceeding: ProceedingImage, procedure: Procedure, entry: Entry, on: date) -> ProceedingImage:
    """Return the proceeding after an act of it, with the organs that the act tells.

    Of each side the organ is the one that the facts name now: where the act sends the matter on to another organ of the
    same kind, the first one sees nothing later, and the new one begins with a preview.
    """
    action = procedure.action(str(entry.payload["action"]))
    if action is None or action.sends is None:
        return proceeding
    shares = list(proceeding.shares)
    for peer in dict.fromkeys(action.sends.peers):
        organ = proceeding.facts.get(peer.organ_fact)
        if not isinstance(organ, str) or not organ:
            continue
        for index, share in enumerate(shares):
            if share.peer == peer and share.until is None and share.organ != organ:
                shares[index] = replace(share, until=entry.seq, until_on=on)
        if holder(shares, peer) is None:
            shares.append(ShareRecord(peer.value, organ, entry.seq, on))
    for index, share in enumerate(shares):
        if share.peer in action.sends.opens and share.until is None and share.opened is None:
            shares[index] = replace(share, opened=entry.seq, opened_on=on)
    return changed(proceeding, shares=tuple(shares))


def holder(shares: tuple[ShareRecord, ...] | list[ShareRecord], peer: Peer) -> ShareRecord | None:
    """Return the share of the organ that is that side now."""
    return next((share for share in shares if share.peer == peer and share.until is None), None)


def share_of(proceeding: ProceedingImage, organ: str) -> ShareRecord | None:
    """Return the latest share of an organ, None where nothing was sent to it."""
    return next((share for share in reversed(proceeding.shares) if share.organ == organ), None)


def known_acts(proceeding: ProceedingImage, procedure: Procedure, share: ShareRecord) -> tuple[ActRecord, ...]:
    """Return the acts that an organ knows of: those sent by or to its side until it sent the matter on."""
    found = []
    for act in proceeding.acts:
        action = procedure.action(act.action)
        within = share.until is None or act.seq <= share.until
        if action is not None and action.sends is not None and within and share.peer in action.sends.peers:
            found.append(act)
    return tuple(found)


def disclosed(proceeding: ProceedingImage, procedure: Procedure, share: ShareRecord) -> tuple[ActRecord, ...]:
    """Return the acts that an organ may see whole: those sent by or to its side until it sent the matter on, and what
    they carry; who it was sent on to has the whole file of his predecessor. Before it is opened to it, what its own
    side sent and no more.
    """
    if share.opened is None:
        return tuple(act for act in known_acts(proceeding, procedure, share) if _is_sent_by(procedure, act, share))
    known = {act.seq for act in known_acts(proceeding, procedure, share)}
    carried: set[str] = set()
    found: list[ActRecord] = []
    for act in reversed(proceeding.acts):
        action = procedure.action(act.action)
        if act.seq in known:
            carried.update(action.sends.carries if action is not None and action.sends is not None else ())
            found.append(act)
        elif act.action in carried:
            found.append(act)
    return tuple(reversed(found))


def _is_sent_by(procedure: Procedure, act: ActRecord, share: ShareRecord) -> bool:
    action = procedure.action(act.action)
    return action is not None and action.sends is not None and action.sends.sender == share.peer


def papers_with(
    image: CaseImage, proceeding: ProceedingImage, procedure: Procedure, act: ActRecord, issued: Mapping[str, int]
) -> tuple[DocumentRecord, ...]:
    """Return the documents that went with an act: those it issued itself, and those of the case that it sends along.

    issued  seq of the entry that issued a document, by the document's id
    """
    action = procedure.action(act.action)
    along = action.sends.papers if action is not None and action.sends is not None else ()
    return tuple(
        item
        for item in image.documents
        if item.voided_by is None
        and (
            (item.proceeding == proceeding.id and item.action == act.action)
            or (item.type in along and issued.get(item.id, act.seq) < act.seq)
        )
    )


def disclosed_papers(
    image: CaseImage, proceeding: ProceedingImage, procedure: Procedure, share: ShareRecord, issued: Mapping[str, int]
) -> tuple[DocumentRecord, ...]:
    """Return the documents that an organ may read: those that went with the acts disclosed to it, in their order."""
    shown = {
        item.id
        for act in disclosed(proceeding, procedure, share)
        for item in papers_with(image, proceeding, procedure, act, issued)
    }
    return tuple(item for item in image.documents if item.id in shown)


def issued_at(entries: Iterable[Entry]) -> dict[str, int]:
    """Return which entry issued each document: id of the document -> seq."""
    return {
        str(entry.payload["document"]["id"]): entry.seq  # type: ignore[index, call-overload]
        for entry in entries
        if entry.kind == EntryKind.DOCUMENT_ISSUED
    }
