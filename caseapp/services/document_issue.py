"""Issuing documents: complete or not at all; number taken and facts frozen in the act's transaction, printed
afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert

from caseapp.context import Context
from caseapp.db import Prepared, table_of
from caseapp.domain.documents import (
    DocumentNotReady,
    DocumentType,
    FrozenFacts,
    MissingFact,
    UnprintableCharacter,
    missing_facts,
    unprintable_characters,
)
from caseapp.domain.errors import N_, Message, NotFound, RuleRefused
from caseapp.domain.events import EntryKind, Json
from caseapp.domain.facts import CaseImage, DocumentRecord, ProceedingImage
from caseapp.domain.workflow import sides
from caseapp.domain.workflow.definition import Action
from caseapp.domain.workflow.engine import Decision
from caseapp.domain.workflow.situation import Actor
from caseapp.models.issued_document import IssuedDocument
from caseapp.queries.case_images import load
from caseapp.queries.staff import staff_of
from caseapp.services import document_facts, numbers, outbox
from caseapp.services.case_store import CaseEdit, new_id, told_for
from caseapp.services.document_replace import named, require_replaceable
from caseapp.services.paper_facts import Keep, signatures
from caseapp.services.unit_of_work import Unit

_ISSUED = table_of(IssuedDocument)
_KEEP = Prepared(insert(_ISSUED).values({column.name: bindparam(column.name) for column in _ISSUED.columns}).inline())


REPLACES = "replaces_document"
"""Fact of a decision that names the voided paper in whose place it issues its own."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A document before it is issued: the page as a draft, and what still stands in the way."""

    html: str
    missing: tuple[MissingFact, ...]
    unprintable: tuple[UnprintableCharacter, ...]


def preview(
    ctx: Context, case_id: str, proceeding_id: str, action_id: str, type_id: str, entered: Mapping[str, Json]
) -> Preview:
    """Return the draft of a document that an action would issue, from what has been entered so far (by fact name).

    raises  NotFound
    """
    image = load(ctx, case_id).image
    proceeding = sides.spoken_of(image, proceeding_id, ctx.law.procedures, ctx.today())
    if proceeding is None:
        raise NotFound(Message(N_("没有这份文书")))
    action = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version).action(action_id)
    if action is None or type_id not in action.documents:
        raise NotFound(Message(N_("没有这份文书")))
    doc_type = ctx.law.documents[type_id]
    facts = _facts(ctx, image, proceeding, action, entered, ctx.today())
    html = ctx.ports.pages.render_html(doc_type, facts, preview=True)
    return Preview(
        html, _missing_before_signing(doc_type, facts, bool(action.approval)), _unprintable(ctx, doc_type, facts)
    )


def preview_pdf(
    ctx: Context, case_id: str, proceeding_id: str, action_id: str, type_id: str, entered: Mapping[str, Json]
) -> bytes:
    """Return the draft as a PDF: what was typed is never served as a page of its own.

    raises  NotFound, ExternalError where printing libraries are missing
    """
    draft = preview(ctx, case_id, proceeding_id, action_id, type_id, entered)
    return ctx.ports.pdf.render(draft.html, title=ctx.law.documents[type_id].name["zh"])


def require_ready(
    ctx: Context, image: CaseImage, proceeding: ProceedingImage, decision: Decision, type_id: str
) -> None:
    """Refuse while a document lacks facts or has characters that no font can print.

    Signatures are not asked while the request for approval is being made. raises DocumentNotReady
    """
    doc_type = ctx.law.documents[type_id]
    facts = _facts(ctx, image, proceeding, decision.action, decision.facts, decision.on)
    missing = _missing_before_signing(doc_type, facts, bool(decision.steps) or bool(decision.action.approval))
    unprintable = _unprintable(ctx, doc_type, facts)
    if missing or unprintable:
        raise DocumentNotReady(doc_type, missing, unprintable)


def _hashed(picture: bytes) -> str:
    return hashlib.sha256(picture).hexdigest()


def _facts(
    ctx: Context,
    image: CaseImage,
    proceeding: ProceedingImage,
    action: Action,
    entered: Mapping[str, Json],
    on: date,
    *,
    keep: Keep = _hashed,
) -> dict[str, Any]:
    """Gather the facts with the signatures written on glass; `keep` stores their pictures where they are issued."""
    facts = document_facts.gather(ctx, image, proceeding, action, entered, on=on)
    signed = signatures(action, entered, keep, at=ctx.now().isoformat(timespec="seconds"))
    return {**facts, "signatures": signed} if signed else facts


def _missing_before_signing(
    doc_type: DocumentType, facts: Mapping[str, Any], approved: bool
) -> tuple[MissingFact, ...]:
    return tuple(
        item for item in missing_facts(doc_type, facts) if not (approved and item.path.startswith("approvals"))
    )


def _unprintable(ctx: Context, doc_type: DocumentType, facts: Mapping[str, Any]) -> tuple[UnprintableCharacter, ...]:
    return unprintable_characters(doc_type, facts, ctx.ports.pdf.glyphs_missing)


def issue(
    ctx: Context,
    unit: Unit,
    edit: CaseEdit,
    proceeding_id: str,
    decision: Decision,
    type_id: str,
    *,
    principal: str = "",
) -> str:
    """Issue one document of an act that was just folded into the edit. Returns its id.

    principal  for whom a deputy issues it, where no act tells it

    raises  DocumentNotReady
    """
    image = edit.current
    proceeding = image.proceeding(proceeding_id)
    assert proceeding is not None
    doc_type = ctx.law.documents[type_id]
    facts = _facts(ctx, image, proceeding, decision.action, decision.facts, decision.on, keep=ctx.ports.files.put)
    replaced = image.document(str(decision.facts.get(REPLACES)))
    if replaced is not None:
        require_replaceable(image, replaced)
        facts.update(named(replaced))
    missing = missing_facts(doc_type, facts)
    if missing:
        raise DocumentNotReady(doc_type, missing, ())
    return put(
        ctx, unit, edit, proceeding_id, decision.action.id, doc_type, facts,
        on=_day(ctx, decision), organ=image.organ, replaces=replaced, principal=principal,
    )  # fmt: skip


def put(
    ctx: Context,
    unit: Unit,
    edit: CaseEdit,
    proceeding_id: str,
    action_id: str,
    doc_type: DocumentType,
    facts: dict[str, Any],
    *,
    on: date,
    organ: str,
    replaces: DocumentRecord | None = None,
    principal: str = "",
) -> str:
    """Take the number in the series of `organ`, freeze the facts and enter the document in the case. Returns its id.

    facts     complete: the caller has asked `missing_facts`
    replaces  the voided document in whose place it is issued; principal: for whom a deputy issues it
    """
    image, issued_on = edit.current, on
    number = None
    if doc_type.series is not None:
        number = numbers.take(
            ctx, unit, organ_id=organ, series=doc_type.series.id, word=doc_type.series.word, year=issued_on.year
        )
    facts.update(issued_on=issued_on.isoformat())
    if number is not None:
        facts.update(number=number)
    frozen = FrozenFacts.freeze(doc_type, facts)
    document_id = new_id(ctx)
    occurred_at, precision = edit.occurred(issued_on)
    told: dict[str, Json] = {
        "id": document_id,
        "type": doc_type.id,
        "number": number,
        "title": doc_type.name["zh"],
        "proceeding": proceeding_id,
        "action": action_id,
        "issued_on": issued_on.isoformat(),
        "facts_digest": frozen.digest,
        "template_version": frozen.template_version,
    }
    if replaces is not None:
        told["replaces"] = replaces.id
    payload: dict[str, Json] = {"document": told, **told_for(principal)}
    edit.append(EntryKind.DOCUMENT_ISSUED, payload, occurred_at=occurred_at, precision=precision)
    edit.document_says(document_id, frozen.canonical)
    edit.beside(
        _KEEP,
        {
            "id": document_id,
            "case_id": image.id,
            "proceeding_id": proceeding_id,
            "type": doc_type.id,
            "number": number,
            "title": doc_type.name["zh"],
            "action": action_id,
            "issued_on": issued_on,
            "issued_at": ctx.now(),
            "facts": frozen.canonical,
            "facts_digest": frozen.digest,
            "template_version": frozen.template_version,
            "pdf_sha256": None,
            "printed_at": None,
        },
    )
    outbox.put(ctx, unit, topic="print_document", key=f"print:{document_id}", payload={"document": document_id})
    return document_id


def reissue(ctx: Context, unit: Unit, edit: CaseEdit, document_id: str) -> str:
    """Issue a document anew in the place of a voided one, from the facts as they now stand. Returns its id.

    It bears today's date and a number of its own, and names the one it replaces.

    raises  DocumentNotReady
    """
    image = edit.current
    record = image.document(document_id)
    assert record is not None
    doc_type, facts = _facts_anew(ctx, image, record)
    missing = missing_facts(doc_type, facts)
    if missing:
        raise DocumentNotReady(doc_type, missing, ())
    return put(
        ctx, unit, edit, record.proceeding, record.action, doc_type, facts,
        on=ctx.today(), organ=image.organ, replaces=record,
    )  # fmt: skip


def require_reissuable(ctx: Context, image: CaseImage, document_id: str) -> None:
    """Refuse while a document that would be issued anew lacks a fact or has a character no font prints.

    raises  DocumentNotReady, RuleRefused (its step is void too, or it was issued without a step)
    """
    record = image.document(document_id)
    assert record is not None
    doc_type, facts = _facts_anew(ctx, image, record)
    missing, unprintable = missing_facts(doc_type, facts), _unprintable(ctx, doc_type, facts)
    if missing or unprintable:
        raise DocumentNotReady(doc_type, missing, unprintable)


def _facts_anew(ctx: Context, image: CaseImage, record: DocumentRecord) -> tuple[DocumentType, dict[str, Any]]:
    proceeding = image.proceeding(record.proceeding)
    assert proceeding is not None
    procedure = ctx.law.procedures.pinned(proceeding.procedure, proceeding.version)
    action = procedure.action(record.action)
    done = proceeding.last_act(record.action)
    if action is None or action.paper:
        raise RuleRefused(Message(N_("该文书是单独制发的：先作废，批准后在文书页重新制发，内容在原表单上修改")))
    if done is None:
        raise RuleRefused(Message(N_("制发该文书的事项已经作废，不能重制")))
    known = staff_of(ctx, "", [done.actor]).get(done.actor)
    issuer = Actor(known.id, known.name, known.organ, known.roles) if known is not None else ctx.actor
    facts = document_facts.gather(ctx.acting_as(issuer), image, proceeding, action, {}, on=done.on)
    facts.update(named(record))
    return ctx.law.documents[record.type], facts


def _day(ctx: Context, decision: Decision) -> date:
    return decision.on if decision.on <= ctx.today() else ctx.today()
