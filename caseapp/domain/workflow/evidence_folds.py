"""Folding entries about evidence and about goods in custody into a case's image.

Payloads by kind (JSON):

evidence_added      {"evidence": {Evidence fields without seq, added_*, withdrawn_*}}
evidence_described  {"evidence": id, "changes": {field: value}, "reason"}
evidence_withdrawn  {"evidence": id, "reason"}
item_taken          {"item": {Item fields}}
item_move_asked     {"move": {ItemMove fields up to reason}}
item_move_confirmed {"move": id, "side": giving | taking, "receipt": id of a piece of evidence or '',
                     "in_place_of"?: id of an officer who has left}
item_move_refused   {"move": id, "reason"}

All of them: "for"?: id of the one whose deputy the actor is; of a refused move also of whose work is handed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from caseapp.domain.errors import N_, ActionRefused, Message, Unmet
from caseapp.domain.events import Entry, legal_date
from caseapp.domain.evidence import CHANGEABLE, Evidence, EvidenceFile
from caseapp.domain.facts import CaseImage
from caseapp.domain.items import Item, ItemMove, Keeper, Side, ask, call_off, confirm, take_in
from caseapp.domain.workflow.catalogue import ProcedureSet

Payload = Mapping[str, Any]


def added(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    """Fold in one more piece of evidence."""
    told: Payload = entry.payload["evidence"]  # type: ignore[assignment]
    piece = Evidence(
        **{
            **told,
            "file": EvidenceFile(**told["file"]),
            "acquired_on": date.fromisoformat(told["acquired_on"]),
            "officers": tuple(told["officers"]),
        },
        added_on=legal_date(entry.occurred_at),
        added_by=entry.actor,
        seq=entry.seq,
    )
    return replace(image, evidence=(*image.evidence, piece))


def described(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    """Fold in what is said anew about a piece."""
    payload: Payload = entry.payload
    changes = {name: _value(name, value) for name, value in payload["changes"].items() if name in CHANGEABLE}
    return _put(image, replace(_standing(image, payload["evidence"]), **changes))


def withdrawn(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    """Fold in that a piece was taken back: it stays, with the reason."""
    payload: Payload = entry.payload
    piece = _standing(image, payload["evidence"])
    on = legal_date(entry.occurred_at)
    return _put(image, replace(piece, withdrawn_on=on, withdrawn_by=entry.actor, withdrawn_reason=payload["reason"]))


def item_taken(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    """Fold in goods that were taken into custody."""
    told: Payload = entry.payload["item"]  # type: ignore[assignment]
    item = Item(
        **{
            **told,
            "keeper": Keeper(**told["keeper"]),
            "taken_on": date.fromisoformat(told["taken_on"]),
            "evidence": tuple(told.get("evidence", ())),
        }
    )
    return replace(image, custody=take_in(image.custody, item))


def move_asked(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    """Fold in that a move was asked for."""
    payload: Payload = entry.payload
    told: Payload = payload["move"]
    move = ItemMove(
        **{
            **told,
            "giver": Keeper(**told["giver"]),
            "taker": Keeper(**told["taker"]) if told["taker"] else None,
        },
        asked_by=entry.actor,
        asked_on=legal_date(entry.occurred_at),
    )
    return replace(image, custody=ask(image.custody, move, principal=payload.get("for", "")))


def move_confirmed(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    """Fold in that one side confirmed a move."""
    payload: Payload = entry.payload
    receipt = payload.get("receipt", "")
    if receipt:
        _standing(image, receipt)
    return replace(
        image,
        custody=confirm(
            image.custody,
            payload["move"],
            Side(payload["side"]),
            by=entry.actor,
            on=legal_date(entry.occurred_at),
            receipt=receipt,
            in_place_of=payload.get("in_place_of", ""),
            principal=payload.get("for", ""),
        ),
    )


def move_refused(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    """Fold in that a move was refused or taken back."""
    payload: Payload = entry.payload
    custody = call_off(
        image.custody,
        payload["move"],
        by=entry.actor,
        on=legal_date(entry.occurred_at),
        reason=payload["reason"],
        principal=payload.get("for", ""),
    )
    return replace(image, custody=custody)


def _value(name: str, value: Any) -> Any:
    if name == "acquired_on":
        return date.fromisoformat(value)
    return tuple(value) if name == "officers" else value


def _standing(image: CaseImage, evidence_id: str) -> Evidence:
    piece = image.piece(evidence_id)
    if piece is None or not piece.stands:
        message = Message(N_("案件中没有这份证据，或者它已经撤回"))
        raise ActionRefused("evidence", [Unmet(message, guard="evidence")])
    return piece


def _put(image: CaseImage, piece: Evidence) -> CaseImage:
    return replace(image, evidence=tuple(piece if one.id == piece.id else one for one in image.evidence))


__all__ = [
    "added",
    "described",
    "item_taken",
    "move_asked",
    "move_confirmed",
    "move_refused",
    "withdrawn",
]
