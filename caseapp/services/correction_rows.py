"""The projection of a case's corrections into rows: the corrections themselves, and the void register."""

from __future__ import annotations

from typing import Any

from caseapp.domain.correction_records import VoidRecord
from caseapp.domain.facts import CaseImage

Row = dict[str, Any]


def correction_rows(image: CaseImage) -> list[Row]:
    """Return the corrections of a case."""
    return [
        {
            "case_id": image.id,
            "seq": item.seq,
            "entry": item.entry,
            "kind": item.kind,
            "void": item.void,
            "reason": item.reason,
            "asked_by": item.by,
            "approval": item.approval,
            "recorded_at": item.recorded_at,
        }
        for item in image.corrections
    ]


def void_rows(image: CaseImage) -> list[Row]:
    """Return the lines of the void register: what was voided, why, on whose request, and what took its place."""
    by_seq = {item.seq: item for item in image.corrections}
    rows = []
    for ordinal, void in enumerate(image.voids):
        correction = by_seq[void.seq]
        rows.append(
            {
                "case_id": image.id,
                "ordinal": ordinal,
                "what": void.what,
                "number": void.number,
                "title": void.title,
                "document_id": void.document,
                "organ_id": image.organ,
                "taken_on": void.taken_on,
                "voided_at": correction.recorded_at,
                "reason": correction.reason,
                "asked_by": correction.by,
                "approval": correction.approval,
                "replaced_by": replaced_by(image, void),
            }
        )
    return rows


def replaced_by(image: CaseImage, void: VoidRecord) -> str | None:
    """Return the number (else the title) of what was issued in the place of something void; None: nothing was."""
    if void.what == "case":
        return image.number
    found = next((item for item in image.documents if item.replaces == void.document), None)
    return (found.number or found.title) if found is not None else None
