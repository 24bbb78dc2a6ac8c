"""What of a case can be bound: its papers as they are on file, in no order yet. Read only; nothing is printed here.

The same fragments make up a bound case file and, later, the dossier of a referral. Another source of fragments is one
more function in `_SOURCES`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.bound_file import Course, Fragment, Missing, missing
from caseapp.domain.facts import CaseImage, DocumentRecord
from caseapp.domain.file_kinds import KINDS
from caseapp.models.issued_document import IssuedDocument

PDF = "application/pdf"
BINDABLE = frozenset({PDF, "image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff"})
"""What has pages or becomes one; sound, films and data are kept beside the file."""


def fragments_of(ctx: Context, image: CaseImage) -> tuple[Fragment, ...]:
    """Return everything that can be bound. `sha256` is '' for a paper that was not printed yet."""
    return tuple(fragment for source in _SOURCES for fragment in source(ctx, image))


def missing_of(ctx: Context, image: CaseImage, reasons: Mapping[str, str] | None = None) -> tuple[Missing, ...]:
    """Return what the order of the file expects and is not there."""
    names = {type_id: kind.name["zh"] for type_id, kind in ctx.law.documents.items()}
    return missing(ctx.law.binding, course_of(image), fragments_of(ctx, image), names, reasons or {})


def course_of(image: CaseImage) -> Course:
    """Return what the case has been through."""
    return Course(
        procedures=frozenset(item.procedure for item in image.proceedings),
        milestones=tuple((item.kind.value, dict(item.details or {})) for item in image.milestones),
        acts=frozenset(act.action for item in image.proceedings for act in item.acts),
        issued=frozenset(item.type for item in image.documents),
    )


def _papers(ctx: Context, image: CaseImage) -> Iterator[Fragment]:
    rows = {
        row.id: row
        for row in ctx.session.execute(
            select(IssuedDocument.id, IssuedDocument.facts, IssuedDocument.pdf_sha256).where(
                IssuedDocument.case_id == image.id
            )
        )
    }
    rules = ctx.law.binding.of(image.main.procedure)
    for record in image.documents:
        kind, row = ctx.law.documents.get(record.type), rows.get(record.id)
        if kind is None or row is None or record.voided_by is not None:
            continue
        printed = row.pdf_sha256 or ""
        volume, order = rules.place_of(kind)
        yield Fragment(
            key=record.id,
            kind="scan" if record.scan else "document",
            type=record.type,
            title=_title(record, json.loads(row.facts)),
            volume=volume,
            order=order,
            on=record.issued_on,
            media=record.scan_media if record.scan else PDF,
            sha256=record.scan or printed,
            number=record.number,
            digest=record.facts_digest,
            follows=_served(image, record, json.loads(row.facts)) if record.type == "service_receipt" else (),
            origin=printed if record.scan else "",
        )


def _title(record: DocumentRecord, facts: Mapping[str, Any]) -> str:
    """Return what the contents call a paper: who was interviewed, what was served."""
    who = (facts.get("paper") or {}).get("interviewee_name")
    served = [item.get("name") for item in (facts.get("service") or {}).get("documents", ()) if item.get("name")]
    if who:
        return f"{record.title}（{who}）"
    if record.type == "service_receipt" and served:
        return f"{record.title}（{'、'.join(served)}）"
    return record.title


def _served(image: CaseImage, receipt: DocumentRecord, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids of the papers that a proof of service names: by number, else the last of that name before it."""
    found = []
    for item in (facts.get("service") or {}).get("documents", ()):
        earlier = image.documents[: image.documents.index(receipt)]
        match = next(
            (
                one
                for one in reversed(earlier)
                if (item.get("number") and one.number == item.get("number"))
                or (not item.get("number") and one.title == item.get("name"))
            ),
            None,
        )
        if match is not None:
            found.append(match.id)
    return tuple(found)


def _evidence(ctx: Context, image: CaseImage) -> Iterator[Fragment]:
    """Pieces that stand and whose files have pages; the rest are kept beside the file, see `kept_beside`."""
    volume, order = ctx.law.binding.of(image.main.procedure).evidence
    for piece in image.evidence:
        media = KINDS[piece.file.kind].media if piece.file.kind in KINDS else ""
        if piece.stands and media in BINDABLE:
            yield Fragment(
                key=piece.id,
                kind="evidence",
                type="",
                title=f"证据{piece.number}　{piece.title}",
                volume=volume,
                order=order,
                on=piece.acquired_on,
                media=media,
                sha256=piece.file.digest.rpartition(":")[2],
                digest=piece.file.digest,
            )


def kept_beside(image: CaseImage) -> tuple[str, ...]:
    """Return, for the remarks, what belongs to the file and has no pages, and the papers that were voided."""
    found = [
        f"证据{piece.number}《{piece.title}》（{piece.file.name}）为电子文件，另行保存，{piece.file.digest}"
        for piece in image.evidence
        if piece.stands and (piece.file.kind not in KINDS or KINDS[piece.file.kind].media not in BINDABLE)
    ]
    found += [
        f"《{record.title}》{record.number or ''}已作废，不装入本卷"
        for record in image.documents
        if record.voided_by is not None
    ]
    return tuple(found)


_SOURCES: tuple[Callable[[Context, CaseImage], Iterator[Fragment]], ...] = (_papers, _evidence)
