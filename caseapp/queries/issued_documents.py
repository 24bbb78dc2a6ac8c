"""Issued documents of a case."""

from __future__ import annotations

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.models.issued_document import IssuedDocument


def require_document(ctx: Context, case_id: str, document_id: str) -> None:
    """Raise NotFound unless the document was issued in that case: one case opens no other case's papers."""
    found = ctx.session.execute(
        select(IssuedDocument.id).where(IssuedDocument.id == document_id, IssuedDocument.case_id == case_id)
    ).first()
    if found is None:
        raise NotFound(Message(N_("没有这份文书")))
