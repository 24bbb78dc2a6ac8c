"""Evidence files on their way out: never as a page of this site, whatever they hold."""

from __future__ import annotations

from typing import BinaryIO

from flask import Response, abort, make_response, send_file

from caseapp.domain.evidence import Evidence
from caseapp.domain.file_kinds import KINDS, FileGroup
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.visibility import require_visible
from caseapp.services import evidence_read
from caseapp.services.evidence_add import PREVIEW_SIZES
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow

SANDBOX = "default-src 'none'; sandbox"
PDF_POLICY = "default-src 'none'; object-src 'self'; plugin-types application/pdf; frame-ancestors 'self'"
"""Browsers show no PDF in a sandbox. Only what was recognised as a PDF is shown so, as a PDF and nothing else: the
browser's viewer gives its content no hold on this site."""
_PLAIN = "application/octet-stream"
_SHOWN_AS_THEY_ARE = frozenset({FileGroup.PICTURE, FileGroup.PDF, FileGroup.AUDIO, FileGroup.VIDEO})
PREVIEW_SECONDS = 600


@blueprint.get("/cases/<case_id>/evidence/<evidence_id>/file")
@allow(Permission.EVIDENCE_READ)
def evidence_file(case_id: str, evidence_id: str) -> Response:
    """Give out the file itself, checked against its hash, to be saved."""
    require_visible(ctx(), case_id)
    found, file = evidence_read.open_file(ctx(), case_id, evidence_id, how="download")
    kind = KINDS[found.file.kind]
    media = kind.media if kind.group in _SHOWN_AS_THEY_ARE else _PLAIN
    return _sent(found, file, media, attached=True, policy=SANDBOX)


@blueprint.get("/cases/<case_id>/evidence/<evidence_id>/pdf")
@allow(Permission.EVIDENCE_READ)
def evidence_pdf(case_id: str, evidence_id: str) -> Response:
    """Show a PDF in the browser's own viewer; nothing else is shown so."""
    require_visible(ctx(), case_id)
    found, file = evidence_read.open_file(ctx(), case_id, evidence_id, how="view")
    if found.file.kind != "pdf":
        file.close()
        abort(404)
    return _sent(found, file, KINDS["pdf"].media, attached=False, policy=PDF_POLICY)


@blueprint.get("/cases/<case_id>/evidence/<evidence_id>/picture-<any(small, large):size>")
@allow(Permission.EVIDENCE_READ)
def evidence_picture(case_id: str, evidence_id: str, size: str) -> Response:
    """Show a picture drawn anew from the file: nothing of the file itself reaches the browser."""
    require_visible(ctx(), case_id)
    assert size in PREVIEW_SIZES
    response = make_response(evidence_read.preview(ctx(), case_id, evidence_id, size))
    response.mimetype = "image/jpeg"
    response.headers["Content-Disposition"] = 'inline; filename="preview.jpg"'
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = f"private, max-age={PREVIEW_SECONDS}"
    return response


def _sent(found: Evidence, file: BinaryIO, media: str, *, attached: bool, policy: str) -> Response:
    response = send_file(
        file, mimetype=media, as_attachment=attached, download_name=found.file.name, conditional=False, etag=False
    )
    response.content_length = found.file.size
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
