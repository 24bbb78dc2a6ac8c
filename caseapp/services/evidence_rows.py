"""Rows about evidence and custody that follow from a case's image."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table

from caseapp.db import table_of
from caseapp.domain.facts import CaseImage
from caseapp.domain.items import Side
from caseapp.models.case_evidence import CaseEvidence
from caseapp.models.case_item import CaseItem
from caseapp.models.item_move import ItemMoveRow

Row = dict[str, Any]
Part = tuple[str, tuple[str, ...], Callable[[CaseImage], list[Row]]]
"""Name of a table, the fields of the image that its rows follow from, and how."""


def evidence_rows(image: CaseImage) -> list[Row]:
    """Return the pieces of evidence for look-up."""
    return [
        {
            "case_id": image.id,
            "number": piece.number,
            "id": piece.id,
            "kind": piece.kind,
            "title": piece.title,
            "proves": piece.proves,
            "file_name": piece.file.name,
            "digest": piece.file.digest,
            "size": piece.file.size,
            "added_on": piece.added_on,
            "withdrawn_on": piece.withdrawn_on,
        }
        for piece in image.evidence
    ]


def item_rows(image: CaseImage) -> list[Row]:
    """Return the items in custody, and those that left."""
    return [
        {
            "case_id": image.id,
            "id": item.id,
            "number": item.number,
            "name": item.name,
            "quantity": item.quantity,
            "unit": item.unit,
            "place": item.place,
            "keeper_id": (item.keeper.officer or None) if item.keeper else None,
            "keeper_name": (item.keeper.third_party or None) if item.keeper else None,
            "fate": item.fate,
            "parent_id": item.parent,
        }
        for item in image.custody.items
    ]


def move_rows(image: CaseImage) -> list[Row]:
    """Return the moves of items, with the officers who have to confirm."""
    rows = []
    for move in image.custody.moves:
        waits = move.waits_for()
        rows.append(
            {
                "case_id": image.id,
                "id": move.id,
                "item_id": move.item,
                "quantity": move.quantity,
                "status": move.status,
                "asked_by": move.asked_by,
                "asked_on": move.asked_on,
                "giver_awaited": (move.officer_on(Side.GIVING) or None) if Side.GIVING in waits else None,
                "taker_awaited": (move.officer_on(Side.TAKING) or None) if Side.TAKING in waits else None,
            }
        )
    return rows


TABLES: dict[str, Table] = {
    "evidence": table_of(CaseEvidence),
    "item": table_of(CaseItem),
    "move": table_of(ItemMoveRow),
}
PARTS: tuple[Part, ...] = (
    ("evidence", ("evidence",), evidence_rows),
    ("item", ("custody",), item_rows),
    ("move", ("custody",), move_rows),
)
