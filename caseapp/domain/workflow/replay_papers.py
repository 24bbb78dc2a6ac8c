"""Folding what becomes of papers after they were issued: the signed copy that came back, and the sealed case file.

Payloads (JSON):

document_scanned   {"document": id, "sha256", "media"}
file_sealed        {"file": {SealedFile fields}}
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, cast

from caseapp.domain.events import Entry
from caseapp.domain.facts import CaseImage, SealedFile
from caseapp.domain.workflow.catalogue import ProcedureSet


def document_scanned(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    """A document signed on paper came back as a scan, which stands for it in the file from now on."""
    told: Any = entry.payload
    return replace(
        image,
        documents=tuple(
            replace(item, scan=told["sha256"], scan_media=told["media"]) if item.id == told["document"] else item
            for item in image.documents
        ),
    )


def file_sealed(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    """The case file was bound and sealed."""
    told = cast("dict[str, Any]", entry.payload["file"])
    sealed = SealedFile(**{**told, "on": date.fromisoformat(told["on"])})
    return replace(image, sealed_files=(*image.sealed_files, sealed))
