"""Evidence files on their way out: never as a page of this site, whatever they hold."""

from __future__ import annotations

from typing import BinaryIO

from flask import Response, make_response, request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable

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
_PLAIN = "application/octet-stream"
_SHOWN_AS_THEY_ARE = frozenset({FileGroup.PICTURE, FileGroup.PDF, FileGroup.AUDIO, FileGroup.VIDEO})
PREVIEW_SECONDS = 600
MOST_PAGES = 10_000
"""Of one file; a page beyond the last shows the last."""


@blueprint.get("/cases/<case_id>/evidence/<evidence_id>/file")
@allow(Permission.EVIDENCE_READ)
def evidence_file(case_id: str, evidence_id: str) -> Response:
    """Give out the file itself, checked against its hash, to be saved."""
    require_visible(ctx(), case_id)
    found, file = evidence_read.open_file(ctx(), case_id, evidence_id, how="download")
    kind = KINDS[found.file.kind]
    media = kind.media if kind.group in _SHOWN_AS_THEY_ARE else _PLAIN
    return _sent(found, file, media, attached=True, policy=SANDBOX)


@blueprint.get("/cases/<case_id>/evidence/<evidence_id>/recording")
@allow(Permission.EVIDENCE_READ)
def evidence_recording(case_id: str, evidence_id: str) -> Response:
    """Play a recording, part by part as the browser asks for it."""
    require_visible(ctx(), case_id)
    wanted = request.range
    first = wanted is None or wanted.ranges[0][0] == 0
    found, file = evidence_read.open_recording(ctx(), case_id, evidence_id, first=first)
    response = _sent(found, file, KINDS[found.file.kind].media, attached=False, policy=SANDBOX)
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=found.file.size)
    except RequestedRangeNotSatisfiable:
        file.close()
        raise
    return response


@blueprint.get("/cases/<case_id>/evidence/<evidence_id>/picture-<any(small, large):size>")
@allow(Permission.EVIDENCE_READ)
def evidence_picture(case_id: str, evidence_id: str, size: str) -> Response:
    """Show a picture drawn anew from the file: nothing of the file itself reaches the browser."""
    require_visible(ctx(), case_id)
    assert size in PREVIEW_SIZES
    page = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    response = make_response(evidence_read.preview(ctx(), case_id, evidence_id, size, page=page))
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
