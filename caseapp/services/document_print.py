"""Printing issued documents from their frozen facts: by the outbox after commit, or on demand where it is down."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select, update

from caseapp.context import Context
from caseapp.domain.documents import FrozenFacts
from caseapp.domain.errors import N_, ExternalError, Message, NotFound
from caseapp.domain.events import legal_date
from caseapp.domain.signatures import data_url
from caseapp.models.issued_document import IssuedDocument
from caseapp.models.void_number import VoidNumber
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


VOID = "作废"


def pdf_of(ctx: Context, document_id: str) -> tuple[bytes, str]:
    """Return the PDF (printed now where that has not happened yet) and its file name.

    A voided document is stamped 作废 on every page, with the reason and what replaced it; what was printed stays as it
    was.

    raises  NotFound, ExternalError (missing, changed on disk, printing libraries missing)
    """
    row = ctx.session.execute(
        select(IssuedDocument.title, IssuedDocument.number).where(IssuedDocument.id == document_id)
    ).first()
    if row is None:
        raise NotFound(Message(N_("没有这份文书")))
    content = ctx.ports.files.get(print_document(ctx, document_id))
    name = f"{row.title}{' ' + row.number if row.number else ''}"
    lines = void_lines(ctx, document_id)
    if lines:
        content, name = ctx.ports.pdf.stamp(content, VOID, lines), f"{name}（{VOID}）"
    return content, f"{name}.pdf"


def void_lines(ctx: Context, document_id: str) -> list[str]:
    """Return what the stamp on a void document says at its head; [] for one that stands."""
    void = ctx.session.execute(select(VoidNumber).where(VoidNumber.document_id == document_id)).scalar_one_or_none()
    return [_printable(ctx, line) for line in _void_lines(void)] if void is not None else []


def _printable(ctx: Context, line: str) -> str:
    """Return a line with 〓 for what no font has: a reason nobody can print must not keep a paper from being opened."""
    for character in ctx.ports.pdf.glyphs_missing(line):
        line = line.replace(character, "〓")
    return line


def _void_lines(void: VoidNumber) -> list[str]:
    on = legal_date(void.voided_at)
    lines = [f"本文书已于{on.year}年{on.month}月{on.day}日作废。原因：{void.reason}"]
    if void.replaced_by:
        lines.append(f"由 {void.replaced_by} 替代。")
    return lines
