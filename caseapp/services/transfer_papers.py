"""Letters between organs: 案件移送函, 案件交办通知书, 指定管辖通知书, and the receipt for each."""

from __future__ import annotations

from typing import Any

from caseapp.context import Context
from caseapp.domain.connections import TransferKind, TransferRecord
from caseapp.domain.documents import DocumentNotReady, missing_facts, unprintable_characters
from caseapp.domain.workflow.definition import Action, Text
from caseapp.queries.users import names_of
from caseapp.services import document_facts, document_issue
from caseapp.services.case_store import CaseEdit
from caseapp.services.document_replace import left_open, named
from caseapp.services.unit_of_work import Unit

LETTERS = {
    TransferKind.MOVE.value: "transfer_letter",
    TransferKind.HAND_DOWN.value: "hand_down_notice",
    TransferKind.DESIGNATE.value: "designation_notice",
}
RECEIPT = "transfer_receipt"
ACTION = "transfer"
"""What stands for an action of a procedure where a paper was issued by a hand-over between organs."""
_NO_STEP = Action(ACTION, Text("机关间移交", "Hand-over between organs"), (), (), (), paper=True)


def issue_letter(ctx: Context, unit: Unit, edit: CaseEdit, record: TransferRecord) -> None:
    """Issue the letter that the deciding organ sends. raises DocumentNotReady"""
    _issue(ctx, unit, edit, record, LETTERS[record.kind], record.decided_by)


def issue_receipt(ctx: Context, unit: Unit, edit: CaseEdit, record: TransferRecord) -> None:
    """Issue the receipt that the receiver sends back. raises DocumentNotReady"""
    _issue(ctx, unit, edit, record, RECEIPT, record.receiver)


def _issue(ctx: Context, unit: Unit, edit: CaseEdit, record: TransferRecord, type_id: str, organ: str) -> None:
    if not ctx.issues_documents:
        return
    doc_type = ctx.law.documents[type_id]
    facts = facts_of(ctx, edit, record, organ)
    # A letter is made again by sending the case again: to the same organ, in the place of the one that is void.
    replaced = left_open(
        ctx, edit.current, type_id, lambda told: told["transfer"]["receiver"] == facts["transfer"]["receiver"]
    )
    facts.update(named(replaced))
    missing = missing_facts(doc_type, facts)
    unprintable = unprintable_characters(doc_type, facts, ctx.ports.pdf.glyphs_missing)
    if missing or unprintable:
        raise DocumentNotReady(doc_type, missing, unprintable)
    document_issue.put(
        ctx, unit, edit, edit.current.main.id, ACTION, doc_type, facts,
        on=ctx.today(), organ=organ, replaces=replaced,
    )  # fmt: skip


def facts_of(ctx: Context, edit: CaseEdit, record: TransferRecord, organ: str) -> dict[str, Any]:
    """Return what a letter or receipt of `organ` says; shape as docs/documents.md."""
    image = edit.current
    known = document_facts.gather(ctx, image, image.main, _NO_STEP, {}, on=ctx.today())
    letter = next((item for item in reversed(image.documents) if item.type == LETTERS[record.kind]), None)
    organs = ctx.law.organs
    papers = [f"{item.title}{item.number or ''}" for item in image.documents if item.type not in LETTERS.values()]
    papers += [f"证据{piece.number} {piece.title}" for piece in image.evidence if piece.stands]
    papers += [
        f"物品{item.number} {item.name} {item.quantity}{item.unit}" for item in image.custody.items if item.keeper
    ]
    told = {
        "kind": record.kind,
        "sender": organs.get(record.sender).name_zh,
        "receiver": organs.get(record.receiver).name_zh,
        "decided_by": organs.get(record.decided_by).name_zh,
        "reason": record.reason,
        "demands": record.demands or None,
        "materials": papers or None,
        "letter": letter.number if letter else None,
        "letter_title": letter.title if letter else None,
        "received_on": record.answered_on.isoformat() if record.answered_on else None,
        "received_by": names_of(ctx, {record.answered_by}).get(record.answered_by) if record.answered_by else None,
        "number": record.number,
    }
    return {
        **{name: known[name] for name in ("case", "parties", "rights", "officers", "demo") if name in known},
        "organ": {name: value for name, value in document_facts.organ_facts(ctx, organ).items() if value},
        "transfer": {name: value for name, value in told.items() if value is not None},
    }
