"""Issued documents as PDFs."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, make_response

from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.issued_documents import require_document
from caseapp.queries.visibility import require_visible
from caseapp.services.access_log import note_read
from caseapp.services.document_print import pdf_of
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow


@blueprint.get("/cases/<case_id>/documents/<document_id>.pdf")
@allow(Permission.DOCUMENT_READ)
def document_pdf(case_id: str, document_id: str) -> Response:
    """Show an issued document; where the printer has not come to it yet, it is printed now."""
    require_visible(ctx(), case_id)
    require_document(ctx(), case_id, document_id)
    note_read(ctx(), case_id, "document")
    return pdf_response(*pdf_of(ctx(), document_id))


def pdf_response(content: bytes, name: str) -> Response:
    """Return a PDF that the browser shows and saves under its Chinese name; never kept by caches on the way."""
    response = make_response(content)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f"inline; filename=\"document.pdf\"; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response
