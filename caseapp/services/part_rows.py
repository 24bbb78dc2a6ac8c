"""Rows that follow from a few fields of a case image alone: pure translation."""

from __future__ import annotations

from typing import Any

from caseapp.domain.facts import CaseImage
from caseapp.services import connection_rows, evidence_rows
from caseapp.services.correction_rows import void_rows

Row = dict[str, Any]


def side_rows(image: CaseImage) -> list[Row]:
    """Return the side proceedings."""
    return [
        {
            "case_id": image.id,
            "proceeding_id": proceeding.id,
            "ordinal": ordinal,
            "procedure": proceeding.procedure,
            "procedure_version": proceeding.version,
            "state": proceeding.state,
            "category": proceeding.category,
            "opened_on": proceeding.opened_on,
            "closed_on": proceeding.closed_on,
        }
        for ordinal, proceeding in enumerate(image.proceedings[1:], 1)
    ]


def officer_rows(image: CaseImage) -> list[Row]:
    """Return the officers in charge, then those of joint organs."""
    return [
        {"case_id": image.id, "user_id": officer, "ordinal": ordinal} for ordinal, officer in enumerate(image.handlers)
    ]


def ip_type_rows(image: CaseImage) -> list[Row]:
    """Return the kinds of right."""
    return [{"case_id": image.id, "ip_type": ip_type} for ip_type in image.ip_types]


def division_rows(image: CaseImage) -> list[Row]:
    """Return to which division the case belonged from when."""
    return [
        {
            "case_id": image.id,
            "ordinal": ordinal,
            "code": division.code,
            "on_date": division.on,
            "recorded_at": division.recorded_at,
            "superseded_at": division.superseded_at,
        }
        for ordinal, division in enumerate((*image.divisions, *image.superseded_divisions))
    ]


def party_rows(image: CaseImage) -> list[Row]:
    """Return the parties for look-up."""
    return [
        {
            "case_id": image.id,
            "ordinal": ordinal,
            "role": party.role,
            "kind": party.kind,
            "name": party.name,
            "uscc": party.uscc,
        }
        for ordinal, party in enumerate(image.parties)
    ]


def right_rows(image: CaseImage) -> list[Row]:
    """Return the rights for look-up."""
    return [
        {
            "case_id": image.id,
            "ordinal": ordinal,
            "kind": right.kind,
            "number": right.number,
            "title": right.title,
        }
        for ordinal, right in enumerate(image.rights)
    ]


PARTS: tuple[evidence_rows.Part, ...] = (
    ("officer", ("officers", "joint"), officer_rows),
    ("ip_type", ("ip_types",), ip_type_rows),
    ("division", ("divisions", "superseded_divisions"), division_rows),
    ("party", ("parties",), party_rows),
    ("right", ("rights",), right_rows),
    ("transfer", ("transfers",), connection_rows.transfer_rows),
    ("joint", ("joint",), connection_rows.joint_rows),
    ("kept_number", ("kept_numbers",), connection_rows.kept_number_rows),
    ("side", ("proceedings",), side_rows),
    ("void", ("voids", "documents", "number", "organ"), void_rows),
    *evidence_rows.PARTS,
)
"""The tables that follow from a few fields of the image alone."""
