"""Printing issued documents from their frozen facts: by the outbox after commit, or on demand where it is down."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select, update

from caseapp.context import Context
from caseapp.domain.documents import FrozenFacts
from caseapp.domain.errors import N_, ExternalError, Message, NotFound
from caseapp.domain.signatures import data_url
from caseapp.models.issued_document import IssuedDocument
from caseapp.services.unit_of_work import unit_of_work


def print_document(ctx: Context, document_id: str) -> str:
    """Print a document once and keep the PDF by its hash. Returns the sha256 (hex); printing again changes nothing.

    raises  NotFound, ExternalError (facts changed since they were frozen, printing libraries missing)
    """
    row = ctx.session.execute(select(IssuedDocument).where(IssuedDocument.id == document_id)).scalar_one_or_none()
    if row is None:
        raise NotFound(Message(N_("没有这份文书")))
    if row.pdf_sha256 is not None:
        return row.pdf_sha256
    frozen = FrozenFacts(row.type, row.template_version, row.facts, row.facts_digest)
    if not frozen.intact:
        raise ExternalError(Message(N_("文书的事实与签发时不符，不能打印，请联系审计管理员")))
    doc_type = ctx.law.documents[row.type]
    html = ctx.ports.pages.render_html(doc_type, _with_pictures(ctx, json.loads(row.facts)), preview=False)
    content = ctx.ports.pdf.render(html, title=f"{row.title} {row.number or ''}".strip())
    sha256 = ctx.ports.files.put(content)
    with unit_of_work(ctx) as unit:
        unit.connection.execute(
            update(IssuedDocument)
            .where(IssuedDocument.id == document_id, IssuedDocument.pdf_sha256.is_(None))
            .values(pdf_sha256=sha256, printed_at=ctx.now())
        )
    return sha256


def _with_pictures(ctx: Context, facts: dict[str, Any]) -> dict[str, Any]:
    """Give the printer the pictures of the signatures, whose hashes the frozen facts hold."""
    signed = facts.get("signatures")
    if not signed:
        return facts
    files = ctx.ports.files
    shown = [{**item, "picture": data_url(files.get(str(item["image"]).removeprefix("sha256:")))} for item in signed]
    return {**facts, "signatures": shown}


def pdf_of(ctx: Context, document_id: str) -> tuple[bytes, str]:
    """Return the PDF (printed now where that has not happened yet) and its file name.

    raises  NotFound, ExternalError (missing, changed on disk, printing libraries missing)
    """
    row = ctx.session.execute(
        select(IssuedDocument.title, IssuedDocument.number).where(IssuedDocument.id == document_id)
    ).first()
    if row is None:
        raise NotFound(Message(N_("没有这份文书")))
    content = ctx.ports.files.get(print_document(ctx, document_id))
    return content, f"{row.title}{' ' + row.number if row.number else ''}.pdf"
