"""Issuing a voided paper anew that no step of the procedure issued: its own form is filled in once more.

What such a form says (an interview, a record of the scene) is kept with the paper and never in the ledger, so it cannot
be fixed in the request for the correction. The paper is voided first; then its form, filled with what it said, issues
the new one, which takes a number of its own and names the one it replaces.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound, RuleRefused
from caseapp.domain.events import Json
from caseapp.domain.facts import CaseImage, DocumentRecord
from caseapp.domain.workflow.definition import Action
from caseapp.domain.workflow.situation import Officer
from caseapp.models.issued_document import IssuedDocument
from caseapp.queries.case_images import load
from caseapp.queries.situations import people_of
from caseapp.queries.staff import staff_of
from caseapp.services import submissions
from caseapp.services.case_act import Outcome, carry_out, decided, proceeding_in
from caseapp.services.case_store import begin
from caseapp.services.document_issue import REPLACES
from caseapp.services.document_replace import require_replaceable
from caseapp.services.paper_facts import entered_again


@submissions.once(Outcome)
def reissue(
    ctx: Context,
    case_id: str,
    document_id: str,
    fields: Mapping[str, Json],
    *,
    seen_version: int | None,
    idempotency_key: str | None = None,
) -> Outcome:
    """Issue a voided paper anew from its own form, or ask for the approval that the paper needs.

    fields  by field id, as `case_act.act` takes them

    raises  NotFound, StaleCase, RuleRefused (not void, replaced already, not a paper of its own), and as `case_act.act`
    """
    edit = begin(ctx, case_id, seen_version=seen_version)
    record = _paper(ctx, edit.current, document_id)
    proceeding = proceeding_in(edit.current, record.proceeding)
    decision, principal = decided(ctx, edit, proceeding, record.action, fields, None)
    named = replace(decision, facts={**decision.facts, REPLACES: record.id})
    return carry_out(ctx, edit, proceeding, named, None, idempotency_key, principal=principal)


def said_before(ctx: Context, case_id: str, document_id: str) -> dict[str, Json]:
    """Return what the form of a voided paper starts with, by field id: all that it said, but for the signatures.

    raises  as `reissue`
    """
    image = load(ctx, case_id).image
    record = _paper(ctx, image, document_id)
    proceeding = proceeding_in(image, record.proceeding)
    action = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version).action(record.action)
    assert action is not None
    return form_of(ctx, document_id, action, staff_of(ctx, image.organ, people_of(image)))


def form_of(ctx: Context, document_id: str, action: Action, people: Mapping[str, Officer]) -> dict[str, Json]:
    """Return what the form of an issued paper said, by field id; signatures, and who is not in `people`, left out."""
    row = ctx.session.execute(select(IssuedDocument.facts).where(IssuedDocument.id == document_id)).scalar_one()
    facts: Mapping[str, Any] = json.loads(row)
    return entered_again(action, facts.get("paper", {}), people)


def _paper(ctx: Context, image: CaseImage, document_id: str) -> DocumentRecord:
    record = image.document(document_id)
    if record is None:
        raise NotFound(Message(N_("没有这份文书")))
    if not is_paper(ctx, image, record):
        raise RuleRefused(Message(N_("该文书随办理事项制发，在更正中一并重新制发")))
    require_replaceable(image, record)
    return record


def is_paper(ctx: Context, image: CaseImage, record: DocumentRecord) -> bool:
    """Return whether a document was issued by a form of its own, without a step."""
    proceeding = image.proceeding(record.proceeding)
    if proceeding is None:
        return False
    action = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version).action(record.action)
    return action is not None and action.paper
