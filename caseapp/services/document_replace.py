"""Which voided paper a fresh one stands in the place of: named by a form, or found among those of the same matter."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, RuleRefused
from caseapp.domain.facts import CaseImage, DocumentRecord
from caseapp.models.issued_document import IssuedDocument


def require_replaceable(image: CaseImage, record: DocumentRecord) -> None:
    """Refuse to issue a paper in the place of one that stands, or that was replaced already. raises RuleRefused"""
    if record.voided_by is None:
        raise RuleRefused(Message(N_("该文书没有作废，不能重新制发")))
    if record.id in _replaced(image):
        raise RuleRefused(Message(N_("该文书已经重新制发")))


def left_open(
    ctx: Context, image: CaseImage, type_id: str, is_same: Callable[[Mapping[str, Any]], bool]
) -> DocumentRecord | None:
    """Return the voided paper that one made again on a page of its own replaces: the latest of its kind and matter in
    whose place nothing was issued yet.

    is_same  whether a paper with these frozen facts is of the matter
    """
    replaced = _replaced(image)
    for record in reversed(image.documents):
        if record.type == type_id and record.voided_by is not None and record.id not in replaced:
            facts = ctx.session.execute(select(IssuedDocument.facts).where(IssuedDocument.id == record.id)).scalar_one()
            if is_same(json.loads(facts)):
                return record
    return None


def named(record: DocumentRecord | None) -> dict[str, Any]:
    """Return the fact by which a paper names the one it replaces (docs/documents.md); none where it replaces none."""
    if record is None:
        return {}
    return {"replaces": {"number": record.number, "title": record.title, "issued_on": record.issued_on.isoformat()}}


def _replaced(image: CaseImage) -> set[str | None]:
    return {item.replaces for item in image.documents}
