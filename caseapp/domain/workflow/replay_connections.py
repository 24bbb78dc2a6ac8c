"""Folding what ties a case to other organs and other cases.

Payloads by kind (JSON):

transfer_sent      {"transfer": {"id", "kind", "sender", "receiver", "decided_by", "reason", "demands"},
                    "meets": [rule]}
transfer_received  {"transfer": id, "organ": id, "number"?: the new number, "meets": [rule],
                    "case": {patch: organ, division, number or lead_number, officers; {} where it had the case}}
transfer_returned  {"transfer": id, "reason", "dispute": bool, "starts": [rule]}
transfer_recalled  {"transfer": id, "reason"}
transfer_reported  {"transfer": id, "to": organ id, "meets": [rule], "starts": [rule]}
joint_set          {"joint": [{"organ", "officers": [id]}], "reason"}
linked             {"link": {"kind", "case", "number", "reason"}, "case"?: {patch}, "evidence"?, "items"?, "gone"?: as
                    `caseapp.domain.workflow.evidence_follow` says}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from caseapp.domain.connections import CaseLink, JointOrgan, KeptNumber, TransferRecord, TransferStatus
from caseapp.domain.events import Entry, EntryKind, legal_date
from caseapp.domain.facts import CaseImage
from caseapp.domain.workflow import evidence_follow
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.running_clocks import run_clocks

Payload = Mapping[str, Any]
Fold = Callable[[CaseImage, Entry, ProcedureSet], CaseImage]
Patch = Callable[[CaseImage, Payload | None, Entry, date], CaseImage]
"""Returns the image with whole fields of the case replaced: what `replay` does for every patch."""


def connections_folds(patch: Patch) -> Mapping[EntryKind, Fold]:
    """Return the folds of these kinds."""

    def received(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
        payload: Payload = entry.payload
        on = legal_date(entry.occurred_at)
        told = payload["case"]
        kept = tuple(
            KeptNumber(kind, number, image.organ, on)
            for kind, name, number in (("case", "number", image.number), ("lead", "lead_number", image.lead_number))
            if number and name in told
        )
        image = _answered(image, entry, TransferStatus.RECEIVED, number=payload.get("number"))
        joint = image.joint if told.get("organ", image.organ) == image.organ else ()
        image = _clocks(replace(image, kept_numbers=(*image.kept_numbers, *kept), joint=joint), entry)
        return patch(image, told, entry, on)

    def linked(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
        payload: Payload = entry.payload
        on = legal_date(entry.occurred_at)
        image = replace(image, links=(*image.links, CaseLink(on=on, **payload["link"])))
        return evidence_follow.followed(patch(image, payload.get("case"), entry, on), entry)

    return {
        EntryKind.TRANSFER_SENT: _sent,
        EntryKind.TRANSFER_RECEIVED: received,
        EntryKind.TRANSFER_RETURNED: _returned,
        EntryKind.TRANSFER_RECALLED: _recalled,
        EntryKind.TRANSFER_REPORTED: _reported,
        EntryKind.JOINT_SET: _joint_set,
        EntryKind.LINKED: linked,
    }


def _sent(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    told: Any = entry.payload["transfer"]
    record = TransferRecord(by=entry.actor, on=legal_date(entry.occurred_at), **told)
    return _clocks(replace(image, transfers=(*image.transfers, record)), entry)


def _returned(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    payload: Payload = entry.payload
    answered = _answered(
        image, entry, TransferStatus.RETURNED, answer=payload["reason"], dispute=bool(payload.get("dispute"))
    )
    return _clocks(answered, entry)


def _recalled(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    return _answered(image, entry, TransferStatus.RECALLED, answer=entry.payload["reason"])


def _reported(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    payload: Payload = entry.payload
    told = {"reported_to": payload["to"], "reported_on": legal_date(entry.occurred_at)}
    return _clocks(_changed(image, payload["transfer"], told), entry)


def _joint_set(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    on = legal_date(entry.occurred_at)
    since = {item.organ: item.since for item in image.joint}
    told: Any = entry.payload["joint"]
    joint = tuple(JointOrgan(item["organ"], tuple(item["officers"]), since.get(item["organ"]) or on) for item in told)
    return replace(image, joint=joint)


def _answered(image: CaseImage, entry: Entry, status: TransferStatus, **more: Any) -> CaseImage:
    told = {
        "status": status.value,
        "answered_by": entry.actor,
        "answered_on": legal_date(entry.occurred_at),
        **more,
    }
    return _changed(image, entry.payload["transfer"], told)


def _changed(image: CaseImage, transfer: Any, told: Payload) -> CaseImage:
    return replace(
        image, transfers=tuple(replace(item, **told) if item.id == transfer else item for item in image.transfers)
    )


def _clocks(image: CaseImage, entry: Entry) -> CaseImage:
    main = run_clocks(image.main, entry.payload, entry, legal_date(entry.occurred_at))
    return image if main is image.main else replace(image, proceedings=(main, *image.proceedings[1:]))
