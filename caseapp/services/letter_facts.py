"""Facts of papers of a letter of supervision: the procuratorate's own paper, and the organ's reply to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from caseapp.context import Context
from caseapp.domain.events import Json
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.workflow.definition import Action, Peer
from caseapp.services.document_texts import lines_of
from caseapp.services.supervision_rows import LETTER

Facts = dict[str, Any]
_REASONS = "G03"
"""The term in which the police give their reasons."""


def gathered(
    ctx: Context, image: CaseImage, proceeding: ProceedingImage, action: Action, known: Mapping[str, Json], on: date
) -> Facts:
    """Return what only papers of a letter speak of; nothing for any other proceeding."""
    if proceeding.procedure != LETTER:
        return {}
    procuratorate = _organ(ctx, known.get(Peer.PROCURATORATE.organ_fact))
    reasons = ctx.law.rules.find(_REASONS, on)
    return {
        "letter": {
            "procuratorate": procuratorate,
            "police": _organ(ctx, known.get(Peer.POLICE.organ_fact)),
            "number": known.get("letter_number"),
            "case_number": image.display_number(),
            "ground": _choice(action, "finding_kind", known.get("finding_kind")),
            "facts": known.get("letter_facts"),
            "opinion": known.get("letter_opinion"),
            "sent_on": on.isoformat(),
            "days": reasons.limit if reasons is not None else None,
        },
        "referral": {
            "procuratorate": procuratorate,
            "opinion_number": known.get("letter_number"),
            "reply": known.get("reply_text"),
            "reply_attachments": lines_of(known.get("reply_attachments")),
        },
    }


def _organ(ctx: Context, organ: Json) -> str | None:
    return ctx.law.organs.get(organ).name_zh if isinstance(organ, str) and organ in ctx.law.organs else None


def _choice(action: Action, field_id: str, value: Json) -> str | None:
    field = next((item for item in action.fields if item.id == field_id), None)
    return next((name.zh for choice, name in field.choices if choice == value), None) if field is not None else None
