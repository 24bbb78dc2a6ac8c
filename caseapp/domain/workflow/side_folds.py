"""What the ledger tells of side proceedings: that one began, that the law ended something, what others are told of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from caseapp.domain.changing import changed
from caseapp.domain.events import Entry, legal_date
from caseapp.domain.facts import ActRecord, CaseImage, PauseRecord, ProceedingImage
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.definition import Category
from caseapp.domain.workflow.folding import Payload, enter, find, milestone_told, put, with_milestone
from caseapp.domain.workflow.running_clocks import pause_for, run_clocks


def proceeding_opened(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    """Put a side proceeding beside the others, in its initial state.

    One that was taken over from elsewhere may be told again with an earlier beginning: the first one counts.
    """
    begun: Payload = entry.payload["proceeding"]  # type: ignore[assignment]
    if image.proceeding(begun["id"]) is not None:
        return image
    procedure = procedures.pinned(begun["procedure"], begun["version"])
    on = legal_date(entry.occurred_at)
    opened = ProceedingImage(
        id=begun["id"],
        procedure=procedure.id,
        version=procedure.version,
        state=procedure.initial,
        category=procedure.state(procedure.initial).category,
        opened_on=on,
        entered_on=on,
    )
    return changed(image, proceedings=(*image.proceedings, opened))


def lapsed(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    """Take the action that the law takes when a clock runs out.

    A lapse was reckoned from the clock as it was known. Where something that happened before has become known since (an
    extension, excluded time, an act that ended the measure), it did not lapse on that day: the entry tells nothing.
    """
    payload: Payload = entry.payload
    proceeding = image.proceeding(payload["proceeding"])
    if (
        proceeding is None
        or proceeding.state != payload["from"]
        or payload["clock"] != clock_basis(proceeding, payload["clock"]["ordinal"])
    ):
        return image
    procedure = procedures.pinned(proceeding.procedure, proceeding.version)
    on = legal_date(entry.occurred_at)
    proceeding = changed(
        enter(proceeding, procedure, payload["to"], payload.get("saved"), on),
        acts=(*proceeding.acts, ActRecord(payload["action"], entry.actor, on, entry.seq, payload["to"])),
    )
    image = put(image, run_clocks(proceeding, payload, entry, on))
    image = replace(
        image,
        approvals=tuple(
            replace(item, status="void") if item.proceeding == proceeding.id and item.status == "pending" else item
            for item in image.approvals
        ),
    )
    return tell_others(image, find(image, proceeding.id), payload, entry, on)


def clock_basis(proceeding: ProceedingImage, ordinal: int) -> Payload | None:
    """Return everything a clock's last day follows from, as JSON; None where the proceeding has no such clock running.

    A lapse is told with it.
    """
    if ordinal >= len(proceeding.clocks) or proceeding.clocks[ordinal].met is not None:
        return None
    clock = proceeding.clocks[ordinal]
    return {
        "ordinal": ordinal,
        "rule": clock.rule,
        "started_on": clock.started_on.isoformat(),
        "extensions": [[item.n, item.unit] for item in clock.extensions],
        "pauses": [
            [item.reason, item.first.isoformat(), item.until.isoformat() if item.until else None]
            for item in proceeding.pauses
        ],
    }


def tell_others(image: CaseImage, proceeding: ProceedingImage, payload: Payload, entry: Entry, on: date) -> CaseImage:
    """Keep in other proceedings the time that an act of this one leaves out; only the main one keeps a milestone of it.

    A side proceeding that ends leaves no time excluded in its siblings.
    """
    for telling in payload.get("tells", ()):
        for other_id in telling["proceedings"]:
            other = image.proceeding(other_id)
            if other is None:
                continue
            milestone = milestone_told(telling["milestone"], entry, other_id)
            if other is image.main:
                image = with_milestone(image, other, milestone, of=proceeding.id)
            else:
                image = put(image, pause_for(other, milestone, of=proceeding.id))
    if proceeding.category == Category.CLOSED and proceeding.id != image.main.id:
        for other in image.proceedings[1:]:
            ended = tuple(_ended(pause, proceeding.id, on) for pause in other.pauses)
            if ended != other.pauses:
                image = put(image, changed(other, pauses=ended))
    return image


def _ended(pause: PauseRecord, teller: str, on: date) -> PauseRecord:
    return replace(pause, until=on) if pause.of == teller and pause.until is None else pause
