"""Masked copies of decisions: looked at side by side, then issued as documents of their own that name the original by
its hash.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain import masked_copy
from caseapp.domain.documents import DocumentType, FrozenFacts
from caseapp.domain.errors import N_, ExternalError, InputError, InputErrors, Message, NotFound, RuleRefused
from caseapp.domain.facts import CaseImage, DocumentRecord
from caseapp.domain.masked_copy import Mask, Passage
from caseapp.models.issued_document import IssuedDocument
from caseapp.queries.void_register import is_void
from caseapp.services import document_issue, submissions
from caseapp.services.case_intake import CaseRef
from caseapp.services.case_store import begin
from caseapp.services.document_replace import left_open
from caseapp.services.unit_of_work import unit_of_work

TYPE = "masked_copy"
LEAST_GROUND, LONGEST_GROUND = 4, 200
MOST_EXTRA = 50


@dataclass(frozen=True, slots=True)
class MaskedDraft:
    """A masked copy before it is issued: what the rule hides, and every text side by side.

    labels  path -> what the text is called on paper
    """

    title: str
    number: str | None
    masks: tuple[Mask, ...]
    passages: tuple[Passage, ...]
    labels: Mapping[str, str]
    facts: Mapping[str, Any]


def draft(
    ctx: Context, case_id: str, document_id: str, *, extra: Sequence[str] = (), shown: Mapping[str, str] | None = None
) -> MaskedDraft:
    """Return the draft of a masked copy.

    extra  further passages to hide, as they stand in the decision
    shown  key of a mask of the rule -> the ground on which it is not applied

    raises  NotFound (no such decision of the case, or of a kind that is not published), RuleRefused (it is void),
            InputErrors, ExternalError
    """
    row = ctx.session.execute(
        select(IssuedDocument).where(IssuedDocument.id == document_id, IssuedDocument.case_id == case_id)
    ).scalar_one_or_none()
    kind = ctx.law.documents.get(row.type) if row is not None else None
    if row is None or kind is None or not kind.publishable:
        raise NotFound(Message(N_("没有这份文书")))
    if is_void(ctx, document_id):
        raise RuleRefused(Message(N_("原文书已经作废，不能公示")))
    if not FrozenFacts(row.type, row.template_version, row.facts, row.facts_digest).intact:
        raise ExternalError(Message(N_("文书的事实与签发时不符，不能打印，请联系审计管理员")))
    before = json.loads(row.facts)
    masks = masked_copy.masks_of(before)
    grounds = dict(shown or {})
    _check(before, masks, extra, grounds)
    after = masked_copy.masked(before, [item for item in masks if item.key not in grounds], extra)
    pairs = masked_copy.passages(before, after)
    facts = {
        **after,
        "original": {
            "id": row.id,
            "type": row.type,
            "template": kind.template,
            "template_version": row.template_version,
            "title": row.title,
            "number": row.number,
            "issued_on": row.issued_on.isoformat(),
            "digest": row.facts_digest,
        },
        "masking": {
            "applied": sorted(item.kind.value for item in masks if item.key not in grounds),
            "extra": len(extra),
            "shown": [{"kind": item.kind.value, "ground": grounds[item.key]} for item in masks if item.key in grounds],
        },
    }
    labels = {item.path: kind.label(item.path) for item in pairs}
    return MaskedDraft(row.title, row.number, masks, pairs, labels, facts)


def draft_pdf(
    ctx: Context, case_id: str, document_id: str, *, extra: Sequence[str] = (), shown: Mapping[str, str] | None = None
) -> bytes:
    """Return the draft as a PDF. raises as `draft`"""
    made = draft(ctx, case_id, document_id, extra=extra, shown=shown)
    kind = _kind(ctx)
    html = ctx.ports.pages.render_html(kind, dict(made.facts), preview=True)
    return ctx.ports.pdf.render(html, title=kind.name["zh"])


@submissions.once(CaseRef)
def issue(
    ctx: Context,
    case_id: str,
    document_id: str,
    *,
    extra: Sequence[str] = (),
    shown: Mapping[str, str] | None = None,
    idempotency_key: str | None = None,
) -> CaseRef:
    """Issue the masked copy as a document of its own. raises as `draft`"""
    made = draft(ctx, case_id, document_id, extra=extra, shown=shown)
    edit = begin(ctx, case_id)
    record = edit.current.document(document_id)
    assert record is not None
    originals = _line_of(edit.current, record)
    # What it prints of replacing is the decision's own; which copy it replaces only the case file says.
    replaced = left_open(ctx, edit.current, TYPE, lambda facts: facts["original"]["id"] in originals)
    with unit_of_work(ctx) as unit:
        document_issue.put(
            ctx, unit, edit, record.proceeding, TYPE, _kind(ctx), dict(made.facts), on=ctx.today(),
            organ=edit.current.organ, replaces=replaced,
        )  # fmt: skip
        reference = CaseRef(case_id, edit.current.display_number(), edit.current.version)
        edit.save(unit)
        submissions.keep(ctx, unit, idempotency_key, asdict(reference))
    return reference


def _line_of(image: CaseImage, record: DocumentRecord) -> set[str]:
    """Return the ids of a decision and of the voided ones that it was issued in the place of."""
    found = {record.id}
    while record.replaces is not None and record.replaces not in found:
        found.add(record.replaces)
        earlier = image.document(record.replaces)
        if earlier is None:
            break
        record = earlier
    return found


def _kind(ctx: Context) -> DocumentType:
    return ctx.law.documents[TYPE]


def _check(facts: Mapping[str, Any], masks: Sequence[Mask], extra: Sequence[str], grounds: Mapping[str, str]) -> None:
    errors = []
    for key, ground in grounds.items():
        if key not in {item.key for item in masks}:
            errors.append(InputError(key, Message(N_("没有这一项"))))
        elif not LEAST_GROUND <= len(ground.strip()) <= LONGEST_GROUND:
            errors.append(
                InputError(
                    f"ground-{key}",
                    Message(
                        N_("不隐去法定应当隐去的内容，须写明理由（%(least)s 至 %(longest)s 字）"),
                        {"least": LEAST_GROUND, "longest": LONGEST_GROUND},
                    ),
                )
            )
    if len(extra) > MOST_EXTRA:
        errors.append(InputError("extra", Message(N_("至多 %(n)s 处"), {"n": MOST_EXTRA})))
    absent = masked_copy.not_found(facts, extra)
    if absent:
        errors.append(InputError("extra", Message(N_("决定书中没有以下文字：%(texts)s"), {"texts": "；".join(absent)})))
    if errors:
        raise InputErrors(errors)
