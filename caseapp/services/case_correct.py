"""Correcting the ledger: asking for it with a reason, and carrying out what was signed.

An entry is never edited. A `corrected` entry voids it or puts it in other words from then on; the papers of an act that
falls are voided with it, their numbers stay taken. What will be written is fixed when the correction is asked for, and
is tried on the whole history then and once more at the last signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from caseapp.context import Context
from caseapp.domain.errors import N_, ActionRefused, InputError, Message, NotFound, Unmet
from caseapp.domain.events import Entry, EntryKind, Json
from caseapp.domain.facts import ApprovalImage, CaseImage
from caseapp.domain.roles import Role
from caseapp.domain.workflow.approvals import CORRECTION
from caseapp.domain.workflow.corrections import (
    CORRECTABLE,
    REPLACEABLE,
    Corrected,
    Proposal,
    corrected,
    issuing_entry,
    papers_of,
)
from caseapp.domain.workflow.replay import fold
from caseapp.services import document_issue, effects, submissions
from caseapp.services.case_act import Outcome, frozen_digest
from caseapp.services.case_store import CaseEdit, Told, begin, new_id, require_text
from caseapp.services.correction_wording import Wording, day_told, reworded
from caseapp.services.unit_of_work import Unit, unit_of_work

LONGEST_REASON = 1000
_STEPS = tuple(step.id for step in CORRECTION.approval)


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


def propose(ctx: Context, case_id: str, asked: Asked, *, seen_version: int | None = None) -> Proposal:
    """Return what a correction would write, tried on the whole history; nothing is written.

    raises  NotFound, StaleCase, InputError(s), ActionRefused (not for this person or this entry, or a later act no
            longer fits: the refusal names it), DocumentNotReady (a paper to be issued anew lacks a fact)
    """
    return _propose(ctx, begin(ctx, case_id, seen_version=seen_version), asked)


@submissions.once(Outcome)
def request(
    ctx: Context, case_id: str, asked: Asked, *, seen_version: int | None, idempotency_key: str | None = None
) -> Outcome:
    """Ask for a correction: it takes effect at the last signature.

    raises  as `propose`
    """
    edit = begin(ctx, case_id, seen_version=seen_version)
    proposal = _propose(ctx, edit, asked)
    proceeding_id = _proceeding(edit.current, _entry(edit.all_entries(), asked.entry))
    approval_id = new_id(ctx)
    occurred_at, precision = edit.occurred(None)
    payload: dict[str, Json] = {
        "approval": approval_id,
        "proceeding": proceeding_id,
        "action": CORRECTION.id,
        "facts": proposal.facts(),
        # Who heads the section himself is not asked for his own word: it goes to the leader.
        "steps": [step for step in _STEPS if step != "section_head" or Role.SECTION_HEAD not in ctx.actor.roles],
        "frozen": frozen_digest(edit.current, proceeding_id),
    }
    edit.append(EntryKind.APPROVAL_REQUESTED, payload, occurred_at=occurred_at, precision=precision)
    with unit_of_work(ctx) as unit:
        edit.save(unit)
        effects.approval_waits(ctx, unit, edit.current, approval_id)
        outcome = _outcome(edit.current, proceeding_id, "requested", approval_id)
        submissions.keep(ctx, unit, idempotency_key, asdict(outcome))
    return outcome


def obstacles_to_ask(ctx: Context, image: CaseImage, entries: Sequence[Entry], seq: int) -> tuple[Unmet, ...]:
    """Return why this person may not ask for a correction of that entry; () = may."""
    entry = _entry(entries, seq)
    found: list[Unmet] = []
    if entry.kind not in CORRECTABLE:
        found.append(Unmet(Message(N_("这类记录不能更正：立案前的登记、审批签署和更正本身都保持原样")), guard="kind"))
    elif corrected(entries).is_void(seq):
        found.append(Unmet(Message(N_("该记录已经作废；如需恢复，请按实际日期重新办理")), guard="void"))
    heads = Role.SECTION_HEAD in ctx.actor.roles and ctx.actor.organ == image.organ
    if ctx.actor.id not in image.handlers and not heads:
        found.append(
            Unmet(
                Message(N_("更正由本案办案人员或者本机关科室负责人提出")),
                cure=f"{Role.OFFICER.value}|{Role.SECTION_HEAD.value}",
                guard="role",
            )
        )
    pending = image.pending_approval(_proceeding(image, entry))
    if pending is not None:
        found.append(
            Unmet(
                Message(N_("有一项审批正在进行，待其办结、退回或由申请人撤回后再办理")),
                cure=pending.by,
                guard="pending",
            )
        )
    return tuple(found)


def take_effect(ctx: Context, unit: Unit, edit: CaseEdit, request_: ApprovalImage) -> None:
    """Write a correction that was signed, and issue the papers anew that it names. Numbers are taken in `unit`.

    raises  ActionRefused where the history is no longer lawful with it, DocumentNotReady
    """
    proposal = Proposal.of(request_.fields)
    occurred_at, precision = edit.occurred(None)
    edit.append_all(
        [
            Told(
                EntryKind.CORRECTED,
                {**item, "approval": request_.id},
                occurred_at,
                precision,
                actor=request_.by,
            )
            for item in proposal.corrections
        ]
    )
    for document_id in proposal.reissue:
        document_issue.reissue(ctx, unit, edit, document_id)


# --- what would be written ------------------------------------------------------------------------------------------


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


def _propose(ctx: Context, edit: CaseEdit, asked: Asked) -> Proposal:
    reason = require_text("reason", asked.reason, LONGEST_REASON)
    entries = edit.all_entries()
    entry = _entry(entries, asked.entry)
    obstacles = obstacles_to_ask(ctx, edit.current, entries, asked.entry)
    if obstacles:
        raise ActionRefused(CORRECTION.id, obstacles)
    told = corrected(entries)
    draft = _Draft(reason)
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
            "reason": reason,
            **reworded(ctx, told.history, now, asked.wording),
        }
    _add_papers(edit, entries, entry, asked, draft)
    after = _made_to_fit(ctx, entries, told, asked, draft)
    for document_id in draft.reissue:
        document_issue.require_reissuable(ctx, after, document_id)
    return Proposal(entry.seq, asked.wording is None, reason, tuple(draft.payloads.values()), tuple(draft.reissue))


def _add_papers(edit: CaseEdit, entries: Sequence[Entry], entry: Entry, asked: Asked, draft: _Draft) -> None:
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
        proposal = Proposal(asked.entry, asked.wording is None, draft.reason, tuple(draft.payloads.values()))
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


def _entry(entries: Sequence[Entry], seq: int) -> Entry:
    found = next((item for item in entries if item.seq == seq), None)
    if found is None:
        raise NotFound(Message(N_("台账中没有这条记录")))
    return found


def _proceeding(image: CaseImage, entry: Entry) -> str:
    payload: Any = entry.payload
    named = payload.get("proceeding") or (payload.get("document") or {}).get("proceeding")
    return str(named) if named and image.proceeding(str(named)) is not None else image.main.id


def _outcome(image: CaseImage, proceeding_id: str, status: str, approval: str) -> Outcome:
    proceeding = image.proceeding(proceeding_id)
    assert proceeding is not None
    return Outcome(
        case_id=image.id,
        version=image.version,
        status=status,
        from_state=proceeding.state,
        to_state=proceeding.state,
        number=image.display_number(),
        approval=approval,
    )
