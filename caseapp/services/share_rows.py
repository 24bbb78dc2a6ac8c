"""Rows of the organs that take part in a proceeding: pure translation, as in `case_rows`."""

from __future__ import annotations

from typing import Any

from caseapp.domain.facts import CaseImage
from caseapp.domain.workflow.definition import Category

Row = dict[str, Any]
SENT_ON = "sent_on"
"""State shown to an organ that sent the matter on: what became of it since is not its to know."""


def share_rows(image: CaseImage) -> list[Row]:
    """Return every organ that something was sent to."""
    return [
        {
            "case_id": image.id,
            "proceeding_id": proceeding.id,
            "ordinal": ordinal,
            "organ_id": share.organ,
            "peer": share.peer,
            "procedure": proceeding.procedure,
            "state": proceeding.state if share.until is None else SENT_ON,
            "category": proceeding.category if share.until is None else Category.CLOSED.value,
            "sent_on": share.since_on,
            "opened_on": share.opened_on,
            "until_on": share.until_on,
        }
        for proceeding in image.proceedings[1:]
        for ordinal, share in enumerate(proceeding.shares)
    ]
