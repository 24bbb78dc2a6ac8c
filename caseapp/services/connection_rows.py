"""Rows of what ties a case to other organs: pure translation, as in `case_rows`."""

from __future__ import annotations

from typing import Any

from caseapp.domain.facts import CaseImage

Row = dict[str, Any]


def transfer_rows(image: CaseImage) -> list[Row]:
    """Return every sending to another organ."""
    return [
        {
            "id": item.id,
            "case_id": image.id,
            "kind": item.kind,
            "sender": item.sender,
            "receiver": item.receiver,
            "decided_by": item.decided_by,
            "sent_on": item.on,
            "status": item.status,
            "answered_on": item.answered_on,
            "dispute": item.dispute,
            "reported_to": item.reported_to,
        }
        for item in image.transfers
    ]


def joint_rows(image: CaseImage) -> list[Row]:
    """Return the joint organs."""
    return [{"case_id": image.id, "organ_id": item.organ} for item in image.joint]


def kept_number_rows(image: CaseImage) -> list[Row]:
    """Return the numbers the case had at other organs."""
    return [
        {
            "case_id": image.id,
            "ordinal": ordinal,
            "kind": item.kind,
            "number": item.number,
            "organ_id": item.organ,
            "until_date": item.until,
        }
        for ordinal, item in enumerate(image.kept_numbers)
    ]
