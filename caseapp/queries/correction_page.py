"""The form of a correction: the entry as it reads, what may be said of it instead, and why it may not be corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.events import Entry, EntryKind
from caseapp.domain.facts import CaseImage, Party
from caseapp.domain.workflow.corrections import REPLACEABLE, corrected, issuing_entry, papers_of
from caseapp.domain.workflow.definition import Action, ApprovalStep
from caseapp.domain.workflow.situation import Officer
from caseapp.queries.action_page import colleagues
from caseapp.queries.case_images import entries_of, load
from caseapp.queries.case_timeline import timeline
from caseapp.queries.correction_effects import day_of, definition_of, planned_papers
from caseapp.queries.party_details import PartyDetails, party_details
from caseapp.queries.situations import people_of
from caseapp.queries.staff import staff_of
from caseapp.queries.timeline_items import TimelineItem


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """One entry as it reads now, for its correction.

    item      the entry in the words of the timeline
    action    of an act whose form can be filled in again, else None
    facts     what a fresh form is filled with, by fact name; `payload` the whole of it for other entries
    papers    titles of the papers that stand and fall with it
    made_by   of a document: step (issued anew with the correction), form (of its own: issued anew from there once it is
              void), page (a masked copy, a letter: made again where it was made)
    steps     who will sign what the actor asks for
    parties   those that a change of facts added or changed, as it tells them; `personal`: their values, masked
    """

    case: CaseImage
    version: int
    entries: tuple[Entry, ...]
    entry: Entry
    item: TimelineItem
    action: Action | None
    on: date
    staff: tuple[Officer, ...]
    organs: tuple[tuple[str, Mapping[str, str]], ...]
    people: Mapping[str, str]
    papers: tuple[str, ...]
    parties: tuple[Party, ...] = ()
    personal: tuple[PartyDetails, ...] = ()
    made_by: str = ""
    steps: tuple[ApprovalStep, ...] = ()

    @property
    def payload(self) -> Mapping[str, Any]:
        """Return what the entry says."""
        return self.entry.payload

    @property
    def can_be_reworded(self) -> bool:
        """Return whether it may be put in other words; a paper can only be voided."""
        return self.entry.kind in REPLACEABLE

    @property
    def tells_its_day(self) -> bool:
        """Return whether a field of the act's own form carries its day."""
        action = self.action
        return action is not None and bool(action.occurs_on or (action.milestone and action.milestone.date_from))


def seq_of_document(ctx: Context, case_id: str, document_id: str) -> int:
    """Return the sequence number of the entry by which a document was issued. raises NotFound"""
    entry = issuing_entry(entries_of(ctx, case_id), document_id)
    if entry is None:
        raise NotFound(Message(N_("没有这份文书")))
    return entry.seq


def correction_page(ctx: Context, case_id: str, seq: int) -> CorrectionPage:
    """Return the page of an entry. The caller has asked whether the actor may see the case.

    raises  NotFound (no such entry)
    """
    loaded = load(ctx, case_id)
    image = loaded.image
    entries = tuple(entries_of(ctx, case_id))
    told = corrected(entries)
    entry = next((one for one in told.history if one.seq == seq), None)
    entry = entry or next((one for one in entries if one.seq == seq), None)
    if entry is None:
        raise NotFound(Message(N_("台账中没有这条记录")))
    wordings = [one for one in timeline(ctx, case_id).items if one.seq == seq]
    item = next((one for one in wordings if one.gone is None), wordings[0])
    _procedure, action = definition_of(ctx, image, entry)
    staff = staff_of(ctx, image.organ, people_of(image))
    papers: tuple[str, ...] = ()
    if entry.kind == EntryKind.ACTED:
        papers = planned_papers(entries, papers_of(entries, seq))
    parties = _parties(entry, item)
    return CorrectionPage(
        case=image,
        version=loaded.version,
        entries=entries,
        entry=entry,
        item=item,
        action=None if entry.payload.get("imported") else action,
        on=day_of(entry),
        staff=tuple(colleagues(image.organ, staff.values())),
        organs=tuple((organ.id, organ.name) for organ in ctx.law.organs if organ.in_force(ctx.today())),
        people={person.id: person.name for person in staff.values()},
        papers=papers,
        made_by=_made_by(ctx, image, entry),
        steps=_steps(ctx, image, entry),
        parties=parties,
        personal=party_details(ctx, replace(image, parties=parties)) if parties else (),
    )


def _parties(entry: Entry, item: TimelineItem) -> tuple[Party, ...]:
    """Return the parties that a change of facts added or changed; all that it tells where it changed none."""
    if entry.kind != EntryKind.FACTS_CHANGED:
        return ()
    patch: Any = entry.payload["case"]
    told = tuple(Party(**party) for party in patch.get("parties", ()))
    touched = {change.item for change in item.changes if change.field.startswith("parties.")}
    return tuple(party for party in told if party.name in touched) or told


def _made_by(ctx: Context, image: CaseImage, entry: Entry) -> str:
    if entry.kind != EntryKind.DOCUMENT_ISSUED:
        return ""
    document: Any = entry.payload["document"]
    proceeding = image.proceeding(document["proceeding"])
    procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version) if proceeding is not None else None
    action = procedure.action(document["action"]) if procedure is not None else None
    return "page" if action is None else "form" if action.paper else "step"


def _steps(ctx: Context, image: CaseImage, entry: Entry) -> tuple[ApprovalStep, ...]:
    proceeding = image.proceeding(str(entry.payload.get("proceeding"))) or image.main
    return ctx.law.corrections.of(proceeding.procedure).steps_for(ctx.actor.roles)
