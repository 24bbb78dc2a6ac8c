"""A correction being put together: what will be written, tried on the whole history before anybody is asked to sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from caseapp.context import Context
from caseapp.domain.errors import N_, ActionRefused, InputError, Message, Unmet
from caseapp.domain.events import Entry, EntryKind
from caseapp.domain.facts import CaseImage
from caseapp.domain.workflow.correction_rules import CORRECT
from caseapp.domain.workflow.corrections import (
    CORRECTABLE,
    REPLACEABLE,
    Corrected,
    Proposal,
    corrected,
    issuing_entry,
    moved_by,
    papers_of,
)
from caseapp.domain.workflow.replay import fold
from caseapp.services import document_issue
from caseapp.services.case_store import CaseEdit
from caseapp.services.correction_carry import carried_along
from caseapp.services.correction_judgement import findings_of, irregularity, message_told, rule_of
from caseapp.services.correction_wording import Wording, day_told, moved_along, reworded


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
    stands: list[dict[str, Any]] = field(default_factory=list)

    def void(self, entry: Entry, because: Unmet | None = None) -> None:
        """Void an entry; `because`: what it no longer meets, where it falls with another."""
        told = {"entry": entry.seq, "kind": entry.kind, "void": True, "reason": self.reason}
        if because is not None:
            told["because"] = {**message_told(because.message), "article": because.article}
        self.payloads[entry.seq] = told

    def void_moves(self, history: Sequence[Entry], seq: int) -> None:
        """Void what an act moved in the main proceeding."""
        for entry in moved_by(history, seq):
            self.void(entry)

    def void_papers(self, entries: Sequence[Entry], documents: Sequence[str]) -> None:
        for document_id in documents:
            issued = issuing_entry(entries, document_id)
            assert issued is not None
            self.void(issued)

    def proposal(self, ctx: Context, history: Sequence[Entry], asked: Asked) -> Proposal:
        payloads = carried_along(ctx, history, self.payloads)
        told = tuple({"reason": self.reason, **payload} for payload in payloads.values())
        stands = tuple(self.stands)
        return Proposal(asked.entry, asked.wording is None, self.reason, told, tuple(self.reissue), stands)


def drafted(edit: CaseEdit, entry: Entry, asked: Asked) -> Proposal:
    """Return what a correction of `entry` would write; the whole history was tried with it.

    raises  InputError(s), ActionRefused (a later act no longer fits: the refusal names it), DocumentNotReady
    """
    ctx, entries = edit.ctx, edit.all_entries()
    told = corrected(entries)
    draft = _Draft(asked.reason)
    if asked.wording is None:
        draft.void(entry)
        draft.void_moves(told.history, entry.seq)
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
        for follower in moved_by(told.history, entry.seq):
            draft.payloads[follower.seq] = {
                "entry": follower.seq,
                "kind": follower.kind,
                "void": False,
                **moved_along(ctx, now, draft.payloads[entry.seq], follower),
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
    """Fold the history with the correction and judge its later acts; void those that fall where that is asked for.

    What may stand without a condition is kept in the draft.

    raises  ActionRefused naming the acts that do not fit, why, and what to do
    """
    while True:
        proposal = draft.proposal(ctx, told.history, asked)
        planned = [*entries, *proposal.entries(entries, by=ctx.actor.id, at=ctx.now())]
        try:
            image = fold(planned, ctx.law.procedures)
        except ActionRefused as refused:
            later = next((item for item in told.history if item.seq == refused.seq), None)
            if later is None or later.seq in draft.payloads:
                raise
            fallen = [(later, unmet) for unmet in refused.unmet]
        else:
            assert image is not None
            fallen = _fallen(ctx, image, entries, planned, told, draft, asked.entry)
        if not fallen:
            assert image is not None
            return image
        first, because = fallen[0]
        if not asked.with_later or first.kind not in CORRECTABLE:
            raise _no_longer_fit(ctx, told, fallen)
        draft.void(first, because)
        if first.kind == EntryKind.ACTED:
            draft.void_moves(told.history, first.seq)
            draft.void_papers(entries, papers_of(entries, first.seq))


def _fallen(
    ctx: Context,
    image: CaseImage,
    entries: Sequence[Entry],
    planned: Sequence[Entry],
    told: Corrected,
    draft: _Draft,
    asked: int,
) -> list[tuple[Entry, Unmet]]:
    """Return the later acts that would not be lawful, the first one first; keep what may stand in the draft."""
    history = {entry.seq: entry for entry in told.history}
    fallen: list[tuple[Entry, Unmet]] = []
    draft.stands.clear()
    for finding in findings_of(ctx, image, entries, planned, decided_anew={asked}):
        later = history[finding.seq]
        standing = rule_of(ctx, image, later).standing(finding.guard)
        if standing is None:
            fallen.append((later, finding.unmet))
        else:
            draft.stands.append(irregularity(finding, standing))
    return fallen


def _no_longer_fit(ctx: Context, told: Corrected, fallen: Sequence[tuple[Entry, Unmet]]) -> ActionRefused:
    text = N_(
        "更正后，%(on)s 的“%(act)s”（第 %(seq)s 号记录）不再成立：%(why)s。请在本次更正中一并作废该事项，或者先更正该事项"
    )
    unmet = []
    for later, why in fallen:
        values = {
            "on": day_told(later).isoformat(),
            "act": name_of(ctx, told.history, later),
            "seq": later.seq,
            "why": why.message,
        }
        unmet.append(Unmet(Message(text, values), cure="", article=why.article, guard="later"))
    again = ActionRefused(CORRECT, unmet)
    again.seq = fallen[0][0].seq
    return again


def still_lawful(ctx: Context, image: CaseImage, entries: Sequence[Entry], proposal: Proposal) -> None:
    """Judge the later acts once more when a correction is signed.

    image, entries  the case and its ledger with the correction; the corrections come last

    raises  ActionRefused where an act no longer meets what it met when the correction was asked for
    """
    known = {(int(item["entry"]), str(item["guard"])) for item in proposal.stands}
    before = entries[: -len(proposal.corrections)]
    told = corrected(before)
    history = {entry.seq: entry for entry in told.history}
    found = findings_of(ctx, image, before, entries, decided_anew={proposal.entry})
    fallen = [(history[one.seq], one.unmet) for one in found if (one.seq, one.guard) not in known]
    if fallen:
        raise _no_longer_fit(ctx, told, fallen)


def name_of(ctx: Context, history: Sequence[Entry], entry: Entry) -> dict[str, str]:
    """Return what an act, a paper or a milestone is called."""
    payload: Any = entry.payload
    if entry.kind == EntryKind.DOCUMENT_ISSUED:
        document = payload["document"]
        title = " ".join(part for part in (document["title"], document["number"]) if part)
        return {"zh": title, "en": title}
    for other in history:
        begun: Any = other.payload.get("proceeding")
        if isinstance(begun, dict) and begun["id"] == payload.get("proceeding") and payload.get("action"):
            action = ctx.law.procedures.pinned(begun["procedure"], begun["version"]).action(payload["action"])
            if action is not None:
                return {"zh": action.name.zh, "en": action.name.en}
    kind = str((payload.get("milestone") or {}).get("kind") or payload.get("action") or entry.kind)
    return {"zh": kind, "en": kind}
