"""A correction being put together: what will be written, tried on the whole history before anybody is asked to sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from caseapp.context import Context
from caseapp.domain.errors import N_, ActionRefused, InputError, Message, Unmet
from caseapp.domain.events import Entry, EntryKind
from caseapp.domain.facts import CaseImage
from caseapp.domain.workflow.approvals import CORRECTION
from caseapp.domain.workflow.corrections import REPLACEABLE, Corrected, Proposal, corrected, issuing_entry, papers_of
from caseapp.domain.workflow.replay import fold
from caseapp.services import document_issue
from caseapp.services.case_store import CaseEdit
from caseapp.services.correction_carry import carried_along
from caseapp.services.correction_wording import Wording, day_told, reworded


@dataclass(frozen=True, slots=True)
class Asked:
    """A correction as a form asks for it.

    entry       seq of the entry that is wrong
    wording     what it shall say instead; None: it is void
    with_later  void later acts as well that no longer fit the history (else they are named in the refusal)
    reissue     issue the papers anew that become void: those of the act, or the document itself
    """

    entry: int
    reason: str
    wording: Wording | None = None
    with_later: bool = False
    reissue: bool = False


@dataclass(slots=True)
class _Draft:
    """A correction being put together: payloads by the seq of what each corrects, in the order of writing."""

    reason: str
    payloads: dict[int, dict[str, Any]] = field(default_factory=dict)
    reissue: list[str] = field(default_factory=list)

    def void(self, entry: Entry) -> None:
        self.payloads[entry.seq] = {"entry": entry.seq, "kind": entry.kind, "void": True, "reason": self.reason}

    def void_papers(self, entries: Sequence[Entry], documents: Sequence[str]) -> None:
        for document_id in documents:
            issued = issuing_entry(entries, document_id)
            assert issued is not None
            self.void(issued)

    def proposal(self, ctx: Context, history: Sequence[Entry], asked: Asked) -> Proposal:
        payloads = carried_along(ctx, history, self.payloads)
        told = tuple({"reason": self.reason, **payload} for payload in payloads.values())
        return Proposal(asked.entry, asked.wording is None, self.reason, told, tuple(self.reissue))


def drafted(edit: CaseEdit, entry: Entry, asked: Asked) -> Proposal:
    """Return what a correction of `entry` would write; the whole history was tried with it.

    raises  InputError(s), ActionRefused (a later act no longer fits: the refusal names it), DocumentNotReady
    """
    ctx, entries = edit.ctx, edit.all_entries()
    told = corrected(entries)
    draft = _Draft(asked.reason)
    if asked.wording is None:
        draft.void(entry)
    else:
        if entry.kind not in REPLACEABLE:
            raise InputError("", Message(N_("文书只能作废重制，不能改写")))
        now = next(item for item in told.history if item.seq == asked.entry)
        draft.payloads[entry.seq] = {
            "entry": entry.seq,
            "kind": entry.kind,
            "void": False,
            "reason": asked.reason,
            **reworded(edit, told.history, now, asked.wording),
        }
    _add_papers(entries, entry, asked, draft)
    after = _made_to_fit(ctx, entries, told, asked, draft)
    for document_id in draft.reissue:
        document_issue.require_reissuable(ctx, after, document_id)
    return draft.proposal(ctx, told.history, asked)


def _add_papers(entries: Sequence[Entry], entry: Entry, asked: Asked, draft: _Draft) -> None:
    if entry.kind == EntryKind.DOCUMENT_ISSUED:
        document: Any = entry.payload["document"]
        if asked.reissue:
            draft.reissue.append(document["id"])
        return
    if entry.kind != EntryKind.ACTED or (asked.wording is not None and not asked.reissue):
        return
    papers = papers_of(entries, entry.seq)
    draft.void_papers(entries, papers)
    if asked.wording is not None:
        draft.reissue.extend(papers)


def _made_to_fit(ctx: Context, entries: Sequence[Entry], told: Corrected, asked: Asked, draft: _Draft) -> CaseImage:
    """Fold the history with the correction; void later acts that no longer fit where that is asked for.

    raises  ActionRefused naming the act that does not fit, and what to do
    """
    while True:
        proposal = draft.proposal(ctx, told.history, asked)
        try:
            image = fold([*entries, *proposal.entries(entries, by=ctx.actor.id, at=ctx.now())], ctx.law.procedures)
        except ActionRefused as refused:
            later = next((item for item in told.history if item.seq == refused.seq), None)
            if later is None or later.seq in draft.payloads:
                raise
            if not asked.with_later or later.kind not in REPLACEABLE:
                raise _no_longer_fits(ctx, told, later, refused) from refused
            draft.void(later)
            draft.void_papers(entries, papers_of(entries, later.seq))
            continue
        assert image is not None
        return image


def _no_longer_fits(ctx: Context, told: Corrected, later: Entry, refused: ActionRefused) -> ActionRefused:
    text = N_(
        "更正后，%(on)s 的“%(act)s”（第 %(seq)s 号记录）不再成立：%(why)s。请在本次更正中一并作废该事项，或者先更正该事项"
    )
    values = {
        "on": day_told(later).isoformat(),
        "act": name_of(ctx, told.history, later),
        "seq": later.seq,
        "why": refused.unmet[0].message,
    }
    again = ActionRefused(CORRECTION.id, [Unmet(Message(text, values), cure="", guard="later")])
    again.seq = later.seq
    return again


def name_of(ctx: Context, history: Sequence[Entry], entry: Entry) -> dict[str, str]:
    """Return what an act or milestone is called."""
    payload: Any = entry.payload
    for other in history:
        begun: Any = other.payload.get("proceeding")
        if isinstance(begun, dict) and begun["id"] == payload.get("proceeding") and payload.get("action"):
            action = ctx.law.procedures.pinned(begun["procedure"], begun["version"]).action(payload["action"])
            if action is not None:
                return {"zh": action.name.zh, "en": action.name.en}
    kind = str((payload.get("milestone") or {}).get("kind") or payload.get("action") or entry.kind)
    return {"zh": kind, "en": kind}
