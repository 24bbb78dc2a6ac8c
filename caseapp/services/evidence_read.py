"""Giving out evidence files: checked against their hash every time, and every look kept in the access stream."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO

from caseapp.context import Context
from caseapp.domain.errors import N_, ExternalError, FileChanged, Message
from caseapp.domain.evidence import Evidence
from caseapp.domain.file_kinds import DRAWN, PLAYED
from caseapp.queries.case_images import load
from caseapp.services import notify
from caseapp.services.access_log import note_evidence_read
from caseapp.services.evidence_add import PREVIEW_SIZES, kind_of
from caseapp.services.evidence_change import require_piece
from caseapp.services.unit_of_work import unit_of_work


def open_file(ctx: Context, case_id: str, evidence_id: str, *, how: str) -> tuple[Evidence, BinaryIO]:
    """Return a piece and its file, checked and at its beginning. The caller has asked whether the actor may see the
    case.

    how     download | view: kept with the look
    raises  NotFound, FileChanged where the file is missing or no longer what it was: administrators are told
    """
    piece = require_piece(load(ctx, case_id).image, evidence_id)
    file = _checked(ctx, piece)
    try:
        note_evidence_read(ctx, case_id, evidence_id, how)
    except BaseException:
        file.close()
        raise
    return piece, file


def open_recording(ctx: Context, case_id: str, evidence_id: str, *, first: bool) -> tuple[Evidence, BinaryIO]:
    """Return a piece that browsers can play, and its file.

    first   the beginning is asked for: the whole is checked; later parts rest on that for some minutes
    raises  NotFound, FileChanged as `open_file`; ExternalError where it is no such recording
    """
    piece = require_piece(load(ctx, case_id).image, evidence_id)
    if kind_of(piece.file).preview not in PLAYED:
        raise ExternalError(Message(N_("这个文件不能预览，请下载后查看")))
    file = _checked(ctx, piece, lately=not first)
    if first:
        try:
            note_evidence_read(ctx, case_id, evidence_id, "view")
        except BaseException:
            file.close()
            raise
    return piece, file


def preview(ctx: Context, case_id: str, evidence_id: str, size: str, *, page: int = 1) -> bytes:
    """Return a small or large picture of a piece as JPEG, drawn now where that has not happened yet.

    size    a key of `PREVIEW_SIZES`
    page    of a piece with several
    raises  NotFound, FileChanged, ExternalError where no preview can be made
    """
    piece = require_piece(load(ctx, case_id).image, evidence_id)
    if not has_preview(piece):
        raise ExternalError(Message(N_("这个文件不能预览，请下载后查看")))
    return ctx.ports.pictures.preview(
        piece.file.digest, piece.file.kind, lambda: _checked(ctx, piece), longest=PREVIEW_SIZES[size], page=page
    )


def pages(ctx: Context, case_id: str, evidence_id: str) -> int:
    """Return how many pages of a piece can be shown; 0 where none can. raises NotFound"""
    try:
        return ctx.ports.pictures.pages(preview(ctx, case_id, evidence_id, "large"))
    except ExternalError:
        return 0


def has_preview(piece: Evidence) -> bool:
    """Return whether a picture of the piece can be drawn."""
    return kind_of(piece.file).preview in DRAWN


def draw(ctx: Context, told: Mapping[str, Any]) -> None:
    """Carry out a message of the outbox topic `draw_preview`: {"digest", "kind"}. A file that cannot be drawn is no
    failure: it is shown without a picture.
    """
    for longest in PREVIEW_SIZES.values():
        try:
            ctx.ports.pictures.preview(
                told["digest"], told["kind"], lambda: ctx.ports.evidence.open(told["digest"]), longest=longest
            )
        except FileChanged:
            raise
        except ExternalError:
            return


def _checked(ctx: Context, piece: Evidence, *, lately: bool = False) -> BinaryIO:
    try:
        return ctx.ports.evidence.open(piece.file.digest, checked_lately=lately)
    except FileChanged:
        with unit_of_work(ctx) as unit:
            notify.tell_administrators_of_record(
                ctx,
                unit,
                kind="evidence_changed",
                key=f"evidence-changed:{piece.id}",
                message=Message(
                    N_("证据文件 %(digest)s 缺失或者与其校验值不符，已停止提供；请从备份中核对"),
                    {"digest": piece.file.digest[:23]},
                ),
            )
        raise
