"""The copy of a document that was signed on paper: taken back in as a scan, which stands for it in the case file."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import asdict
from html import escape

from caseapp.context import Context
from caseapp.domain.errors import N_, ExternalError, InputError, Message, NotFound
from caseapp.domain.events import EntryKind
from caseapp.queries.case_images import load
from caseapp.services import submissions
from caseapp.services.case_intake import CaseRef
from caseapp.services.case_store import begin
from caseapp.services.document_print import VOID, void_lines
from caseapp.services.unit_of_work import unit_of_work

MOST_BYTES = 15 * 1024 * 1024
_PDF = "application/pdf"
_KINDS = ((b"%PDF-", _PDF), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
SUFFIXES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@submissions.once(CaseRef)
def attach(
    ctx: Context, case_id: str, document_id: str, content: bytes, *, idempotency_key: str | None = None
) -> CaseRef:
    """Keep the scan of a signed document; a later one takes the place of an earlier one, which stays in the store.

    raises  NotFound, InputError (the document is void; nothing, too large, no PDF, JPEG or PNG, damaged)
    """
    record = load(ctx, case_id).image.document(document_id)
    if record is None:
        raise NotFound(Message(N_("没有这份文书")))
    if record.voided_by is not None:
        raise InputError("file", Message(N_("该文书已经作废，不再收入扫描件")))
    media = media_of(content)
    if ctx.ports.binder is None:
        raise ExternalError(Message(N_("没有装订程序，不能装订案卷")))
    ctx.ports.binder.page_count(content, media)
    sha256 = ctx.ports.files.put(content)
    edit = begin(ctx, case_id)
    occurred_at, precision = edit.occurred(None)
    edit.append(
        EntryKind.DOCUMENT_SCANNED,
        {"document": document_id, "sha256": sha256, "media": media},
        occurred_at=occurred_at,
        precision=precision,
    )
    reference = CaseRef(case_id, edit.current.display_number(), edit.current.version)
    with unit_of_work(ctx) as unit:
        edit.save(unit)
        submissions.keep(ctx, unit, idempotency_key, asdict(reference))
    return reference


def media_of(content: bytes) -> str:
    """Return the MIME type that the first bytes show. raises InputError"""
    if not content:
        raise InputError("file", Message(N_("文件是空的")))
    if len(content) > MOST_BYTES:
        raise InputError("file", Message(N_("文件不能超过 %(n)s MB"), {"n": MOST_BYTES // 1024 // 1024}))
    media = next((media for start, media in _KINDS if content.startswith(start)), None)
    if media is None:
        raise InputError("file", Message(N_("只接受 PDF、JPEG、PNG 文件")))
    return media


def scan_of(ctx: Context, case_id: str, document_id: str) -> tuple[bytes, str, str]:
    """Return the scan of a document: content, MIME type, file name.

    That of a void document is served as a PDF stamped 作废 on every page; what was scanned stays as it was.

    raises  NotFound, ExternalError
    """
    record = next((item for item in load(ctx, case_id).image.documents if item.id == document_id), None)
    if record is None or not record.scan:
        raise NotFound(Message(N_("没有这份文书")))
    name = f"{record.title}（签名扫描件）.{SUFFIXES[record.scan_media]}"
    content, media = ctx.ports.files.get(record.scan), record.scan_media
    lines = void_lines(ctx, document_id)
    if not lines:
        return content, media, name
    if media != _PDF:
        source = f"data:{media};base64,{b64encode(content).decode()}"
        picture = f'<img alt="{escape(record.title)}" src="{source}" style="width: 100%">'
        page = f'<!DOCTYPE html><html lang="zh-CN"><head><title>{VOID}</title></head><body>{picture}</body></html>'
        content = ctx.ports.pdf.render(page, title=VOID)
    return ctx.ports.pdf.stamp(content, VOID, lines), _PDF, f"{record.title}（签名扫描件）（{VOID}）.pdf"
