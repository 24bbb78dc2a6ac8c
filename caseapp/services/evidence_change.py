"""Saying something anew about a piece of evidence, and taking one back. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Mapping

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message, NotFound
from caseapp.domain.events import EntryKind, Json
from caseapp.domain.evidence import Evidence, EvidenceDraft
from caseapp.domain.facts import CaseImage
from caseapp.queries.case_images import load
from caseapp.services.case_store import CaseEdit, require_text, told_for
from caseapp.services.evidence_add import check_draft, described
from caseapp.services.evidence_entry import record, require_hand_in

LONGEST_REASON = 500


def describe(ctx: Context, case_id: str, evidence_id: str, draft: EvidenceDraft, *, reason: str) -> CaseImage:
    """Replace what is said about a piece: source, day, place, manner, officers, kind, title, what it proves.

    raises  NotFound, ActionRefused, InputError, InputErrors (also where nothing differs)
    """
    reason = require_text("reason", reason, LONGEST_REASON)
    image = load(ctx, case_id).image
    principal = require_hand_in(ctx, image)
    require_piece(image, evidence_id)
    require_text("title", draft.title, LONGEST_REASON)
    require_text("kind", draft.kind, LONGEST_REASON)
    check_draft(ctx, image, draft)
    told = described(draft)

    def tell(edit: CaseEdit) -> tuple[EntryKind, Mapping[str, Json]]:
        now = _as_told(require_piece(edit.current, evidence_id))
        changes = {name: value for name, value in told.items() if value != now[name]}
        if not changes:
            raise InputError("", Message(N_("没有任何更改")))
        payload: dict[str, Json] = {"evidence": evidence_id, "changes": changes, "reason": reason}
        return EntryKind.EVIDENCE_DESCRIBED, {**payload, **told_for(principal)}

    return record(ctx, case_id, tell)


def withdraw(ctx: Context, case_id: str, evidence_id: str, *, reason: str) -> CaseImage:
    """Take a piece back: it stays in the file, struck through, with the reason.

    raises  NotFound, ActionRefused, InputError (no reason)
    """
    reason = require_text("reason", reason, LONGEST_REASON)

    def tell(edit: CaseEdit) -> tuple[EntryKind, Mapping[str, Json]]:
        principal = require_hand_in(ctx, edit.current)
        require_piece(edit.current, evidence_id)
        return EntryKind.EVIDENCE_WITHDRAWN, {"evidence": evidence_id, "reason": reason, **told_for(principal)}

    return record(ctx, case_id, tell)


def require_piece(image: CaseImage, evidence_id: str) -> Evidence:
    """Return a piece of the case. raises NotFound"""
    piece = image.piece(evidence_id)
    if piece is None:
        raise NotFound(Message(N_("案件中没有这份证据")))
    return piece


def draft_of(piece: Evidence) -> EvidenceDraft:
    """Return what is said about a piece now, as a form starts with it."""
    return EvidenceDraft(
        source=piece.source,
        acquired_on=piece.acquired_on,
        place=piece.place,
        how=piece.how,
        officers=piece.officers,
        kind=piece.kind,
        title=piece.title,
        acquired_at=piece.acquired_at,
        proves=piece.proves,
    )


def _as_told(piece: Evidence) -> dict[str, Json]:
    return described(draft_of(piece))
