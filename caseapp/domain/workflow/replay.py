"""Folding a case's ledger entries into its image. The one place that knows what an entry means.

Payloads by kind (JSON; `proceeding` is an id):

opened               {"case": {CaseImage fields}, "proceeding": {"id", "procedure", "version"}, "milestone"?: M,
                     "starts": [rule], "facts"?: {what a request says, by fact name}}
proceeding_opened    {"proceeding": {"id", "procedure", "version"}}: a side proceeding in its initial state; the act or
                     the request with which it begins follows
acted                {"proceeding", "action", "from", "to", "saved", "facts": {…}, "milestone"?: M, "case"?: {patch},
                      "starts": [rule], "meets": [rule], "ends": [rule], "extends"?: [{"rule", "n", "unit"}],
                      "approval"?: id, "imported"?: bool (from another system's log), "irregular"?: bool, "on"?: legal
                      date, "tells"?: [{"proceedings": [id], "milestone": M}]}
lapsed               {"proceeding", "action", "from", "to", …} as acted, and "clock": what the lapse was reckoned from
                     (see `caseapp.domain.workflow.side_folds`)
milestone            {"proceeding", "milestone": M, "irregular": bool}
approval_requested   {"approval", "proceeding", "action", "facts", "steps": [id], "frozen", "occurred_on"?: date}
                     (all approval entries and acted: "for"?: id of the principal whose deputy the actor is)
approval_signed      {"approval", "step", "opinion"}
approval_returned    {"approval", "step", "opinion"}
approval_withdrawn   {"approval", "void": bool, "opinion"}
facts_changed        {"case": {patch}, "reason"}
officers_assigned    {"officers": [id], "reason"}
document_issued      {"document": {DocumentRecord fields}}
noted                {"text"}
transfer_*, joint_set, linked: see `caseapp.domain.workflow.replay_connections`
document_scanned, file_sealed   see `replay_papers`
evidence_…, item_…   as `caseapp.domain.workflow.evidence_folds` says
corrected            {"entry": seq, "kind", "void": bool, "payload"?: the entry's new one, "occurred_at"?,
                      "precision"?, "reason", "approval"?: id, "follows"?: seq of the entry whose correction
                      this one follows from, "stands"?: [Irregularity fields]}; applied before folding
                      (`caseapp.domain.workflow.corrections`)

M = {"kind", "on", "precision", "at"?, "details": {…}}. A case patch replaces whole fields of `CaseImage`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any, cast

from caseapp.domain.changing import changed
from caseapp.domain.correction_records import DivisionRecord
from caseapp.domain.errors import N_, ActionRefused, Message, Unmet
from caseapp.domain.events import Entry, EntryKind, MilestoneKind, legal_date
from caseapp.domain.facts import (
    ActRecord,
    ApprovalImage,
    Branch,
    CaseImage,
    DocumentRecord,
    ProceedingImage,
    Signature,
)
from caseapp.domain.workflow import automaton, evidence_folds, replay_papers, share_folds, side_folds
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.corrections import corrected, with_corrections
from caseapp.domain.workflow.definition import Procedure
from caseapp.domain.workflow.earlier_clocks import ran_before
from caseapp.domain.workflow.folding import (
    Payload,
    case_fields,
    enter,
    find,
    maybe_date,
    milestone_told,
    patch_case,
    put,
    with_milestone,
)
from caseapp.domain.workflow.replay_connections import connections_folds
from caseapp.domain.workflow.running_clocks import extend, run_clocks, start_clocks


def fold(
    entries: Iterable[Entry], procedures: ProcedureSet, *, lenient: bool = False, as_of: date | None = None
) -> CaseImage | None:
    """Return the image after all entries, in the one order of (occurred, sequence); None where there are none.

    Corrections among the entries are applied first: the history is folded as it reads with them.

    as_of    leave out what happened after that day (a correction counts from when it was recorded, whatever it moves)
    lenient  for a partial history (as it was known on some day): milestones that nothing known leads up to are taken as
             an archive's are, instead of being refused

    raises  ActionRefused where the whole, in that order, is not lawful (only a back-dated entry or a correction can
            cause it); its `seq` names the entry that does not fit
    """
    told = corrected(entries)
    image: CaseImage | None = None
    for entry in sorted(told.history, key=order_of):
        if as_of is not None and legal_date(entry.occurred_at) > as_of:
            continue
        if lenient and entry.kind == EntryKind.MILESTONE:
            entry = replace(entry, payload={**entry.payload, "irregular": True})
        if image is None and entry.kind != EntryKind.OPENED:
            continue
        try:
            image = apply(image, entry, procedures)
        except ActionRefused as refused:
            refused.seq = entry.seq
            raise
    return with_corrections(image, told) if image is not None else None


def order_of(entry: Entry) -> tuple[bool, datetime, int]:
    """Sort key of folds: the opening first, then by when things happened, then by when they were written down."""
    return (entry.kind != EntryKind.OPENED, entry.occurred_at, entry.seq)


def apply(image: CaseImage | None, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    """Return the image after one more entry, which must not have occurred before the last one folded.

    raises  ActionRefused where the entry's act does not fit the state reached
    """
    if image is None:
        return _opened(entry, procedures)
    after = _FOLDS[EntryKind(entry.kind)](image, entry, procedures)
    occurred = image.last_occurred_at
    recorded = image.last_recorded_at
    return changed(
        after,
        version=max(image.version, entry.seq),
        last_occurred_at=entry.occurred_at if occurred is None else max(occurred, entry.occurred_at),
        last_recorded_at=entry.recorded_at if recorded is None else max(recorded, entry.recorded_at),
    )


def _opened(entry: Entry, procedures: ProcedureSet) -> CaseImage:
    payload: Payload = entry.payload
    begun = payload["proceeding"]
    procedure = procedures.pinned(begun["procedure"], begun["version"])
    on = legal_date(entry.occurred_at)
    fields = case_fields(payload["case"])
    proceeding = ProceedingImage(
        id=begun["id"],
        procedure=procedure.id,
        version=procedure.version,
        state=procedure.initial,
        category=procedure.state(procedure.initial).category,
        opened_on=on,
        entered_on=on,
        facts=dict(payload.get("facts") or {}),
        branches=automaton.start(procedure) if payload.get("imported") else (),
    )
    image = CaseImage(
        version=entry.seq,
        opened_on=on,
        proceedings=(proceeding,),
        divisions=(DivisionRecord(fields["division"], on, entry.recorded_at),),
        last_occurred_at=entry.occurred_at,
        last_recorded_at=entry.recorded_at,
        **fields,
    )
    told = payload.get("milestone")
    if told:
        image = with_milestone(image, proceeding, milestone_told(told, entry, proceeding.id))
        proceeding = image.main
    proceeding = start_clocks(proceeding, payload.get("starts", ()), entry, on)
    return put(image, ran_before(proceeding, procedure.opening_clocks.ran, proceeding.facts))


def _acted(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    payload: Payload = entry.payload
    proceeding = find(image, payload["proceeding"])
    procedure = procedures.pinned(proceeding.procedure, proceeding.version)
    if payload["from"] != proceeding.state and not any(
        branch.state == payload["from"] for branch in proceeding.branches
    ):
        branches = proceeding.branches or (Branch(proceeding.state, proceeding.saved, 0),)
        taken = (
            automaton.take(procedure, branches, payload["action"], proceeding.facts)
            if payload.get("imported")
            else None
        )
        if taken is None and not payload.get("irregular"):
            raise _out_of_order(procedure, proceeding, payload["action"])
        proceeding = changed(proceeding, irregular=proceeding.irregular or taken is None)
    told = payload.get("milestone")
    day = told["on"] if told else payload.get("on")
    on = date.fromisoformat(day) if day else legal_date(entry.occurred_at)
    if told:
        milestone = milestone_told(told, entry, proceeding.id)
        image = with_milestone(image, proceeding, milestone)
        proceeding = find(image, proceeding.id)
    proceeding = changed(
        enter(proceeding, procedure, payload["to"], payload.get("saved"), on),
        facts={**proceeding.facts, **payload.get("facts", {})},
        acts=(*proceeding.acts, _act(entry, on)),
        branches=(),
    )
    proceeding = run_clocks(extend(proceeding, procedure, told, payload, on), payload, entry, on)
    action = procedure.action(payload["action"])
    if action is not None and action.clocks.ran:
        proceeding = ran_before(proceeding, action.clocks.ran, payload.get("facts", {}))
    proceeding = share_folds.shared(proceeding, procedure, entry, on)
    image = side_folds.tell_others(put(image, proceeding), proceeding, payload, entry, on)
    return patch_case(image, payload.get("case"), entry, on)


def _act(entry: Entry, on: date) -> ActRecord:
    payload: Payload = entry.payload
    vague = "" if entry.precision.is_exact else entry.precision.value
    return ActRecord(payload["action"], entry.actor, on, entry.seq, payload["to"], payload.get("for", ""), vague)


def _milestone_known(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    payload: Payload = entry.payload
    proceeding = find(image, payload["proceeding"])
    procedure = procedures.pinned(proceeding.procedure, proceeding.version)
    told = payload["milestone"]
    milestone = replace(milestone_told(told, entry, proceeding.id), irregular=bool(payload.get("irregular")))
    details = milestone.details or {}
    opening = (
        procedure.opening is not None
        and milestone.kind is procedure.opening.kind
        and not any(known.proceeding == proceeding.id for known in image.milestones)
    )
    beginning = milestone.kind is MilestoneKind.SPLIT and not proceeding.acts
    if opening or (beginning and proceeding.state == procedure.initial):
        image = with_milestone(image, proceeding, replace(milestone, irregular=False))
        proceeding = find(image, proceeding.id)
        if opening:
            proceeding = start_clocks(proceeding, procedure.opening_clocks.starts, entry, milestone.on)
        return put(image, proceeding)
    branches = proceeding.branches or (Branch(proceeding.state, proceeding.saved, 0),)
    step = automaton.read(procedure, branches, milestone.kind, details, proceeding.facts)
    if step is None:
        if not milestone.irregular:
            raise _not_allowed(procedure, proceeding, milestone.kind)
        step = automaton.jump(procedure, branches, milestone.kind, details)
    else:
        milestone = replace(milestone, irregular=False)
    image = with_milestone(image, proceeding, milestone)
    proceeding = find(image, proceeding.id)
    here = step.branches[0]
    proceeding = changed(
        enter(proceeding, procedure, here.state, here.saved, milestone.on),
        branches=step.branches,
        irregular=proceeding.irregular or milestone.irregular,
    )
    proceeding = extend(proceeding, procedure, told, {}, milestone.on)
    if step.action is not None:
        uses = step.action.clocks
        proceeding = run_clocks(
            changed(proceeding, facts={**proceeding.facts, **automaton.facts_of(step.action, details)}),
            {"starts": uses.started(automaton.facts_of(step.action, details)), "meets": uses.meets, "ends": uses.ends},
            entry,
            milestone.on,
        )
    return put(image, proceeding)


def _approval_requested(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    payload: Payload = entry.payload
    request = ApprovalImage(
        id=payload["approval"],
        proceeding=payload["proceeding"],
        action=payload["action"],
        by=entry.actor,
        on=legal_date(entry.occurred_at),
        steps=tuple(payload["steps"]),
        fields=payload["facts"],
        frozen=payload["frozen"],
        occurred_on=maybe_date(payload.get("occurred_on")),
        principal=payload.get("for", ""),
    )
    return changed(image, approvals=(*image.approvals, request))


def _approval_judged(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    payload: Payload = entry.payload
    request = _approval(image, payload["approval"])
    signed = entry.kind == EntryKind.APPROVAL_SIGNED
    signature = Signature(
        step=payload["step"],
        by=entry.actor,
        on=legal_date(entry.occurred_at),
        verdict="signed" if signed else "returned",
        opinion=payload.get("opinion", ""),
        principal=payload.get("for", ""),
    )
    signatures = (*request.signatures, signature)
    # Granted by the last signature, not by the act: an act dated before its request is folded before it.
    whole = signed and len(signatures) >= len(request.steps)
    status = "granted" if whole else request.status if signed else "returned"
    return _put_approval(image, replace(request, signatures=signatures, status=status))


def _approval_withdrawn(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    payload: Payload = entry.payload
    status = "void" if payload.get("void") else "withdrawn"
    return _put_approval(image, replace(_approval(image, payload["approval"]), status=status))


def _facts_changed(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    payload: Payload = entry.payload
    return patch_case(image, payload["case"], entry, legal_date(entry.occurred_at))


def _officers_assigned(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    payload: Payload = entry.payload
    return changed(image, officers=tuple(payload["officers"]))


def _document_issued(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    told = cast("dict[str, Any]", entry.payload["document"])
    document = DocumentRecord(**{**told, "issued_on": date.fromisoformat(told["issued_on"])})
    return changed(image, documents=(*image.documents, document))


def _noted(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    return changed(image, notes=image.notes + 1)


def _corrected(image: CaseImage, entry: Entry, procedures: ProcedureSet) -> CaseImage:
    return image  # what it changes was applied to the entry it corrects, before folding


_FOLDS: dict[EntryKind, Callable[[CaseImage, Entry, ProcedureSet], CaseImage]] = {
    EntryKind.PROCEEDING_OPENED: side_folds.proceeding_opened,
    EntryKind.ACTED: _acted,
    EntryKind.LAPSED: side_folds.lapsed,
    EntryKind.MILESTONE: _milestone_known,
    EntryKind.APPROVAL_REQUESTED: _approval_requested,
    EntryKind.APPROVAL_SIGNED: _approval_judged,
    EntryKind.APPROVAL_RETURNED: _approval_judged,
    EntryKind.APPROVAL_WITHDRAWN: _approval_withdrawn,
    EntryKind.FACTS_CHANGED: _facts_changed,
    EntryKind.OFFICERS_ASSIGNED: _officers_assigned,
    EntryKind.DOCUMENT_ISSUED: _document_issued,
    EntryKind.DOCUMENT_SCANNED: replay_papers.document_scanned,
    EntryKind.FILE_SEALED: replay_papers.file_sealed,
    EntryKind.NOTED: _noted,
    **connections_folds(patch_case),
    EntryKind.EVIDENCE_ADDED: evidence_folds.added,
    EntryKind.EVIDENCE_DESCRIBED: evidence_folds.described,
    EntryKind.EVIDENCE_WITHDRAWN: evidence_folds.withdrawn,
    EntryKind.ITEM_TAKEN: evidence_folds.item_taken,
    EntryKind.ITEM_MOVE_ASKED: evidence_folds.move_asked,
    EntryKind.ITEM_MOVE_CONFIRMED: evidence_folds.move_confirmed,
    EntryKind.ITEM_MOVE_REFUSED: evidence_folds.move_refused,
    EntryKind.CORRECTED: _corrected,
}


def _approval(image: CaseImage, approval_id: str) -> ApprovalImage:
    return next(item for item in image.approvals if item.id == approval_id)


def _put_approval(image: CaseImage, approval: ApprovalImage) -> CaseImage:
    return changed(image, approvals=tuple(approval if item.id == approval.id else item for item in image.approvals))


def _out_of_order(procedure: Procedure, proceeding: ProceedingImage, action_id: str) -> ActionRefused:
    action = procedure.action(action_id)
    name = {"zh": action.name.zh, "en": action.name.en} if action else action_id
    state = procedure.state(proceeding.state).name
    message = Message(
        N_("按发生时间排列，“%(action)s”时案件处于“%(state)s”，不能办理该事项"),
        {"action": name, "state": {"zh": state.zh, "en": state.en}},
    )
    return ActionRefused(action_id, [Unmet(message, guard="order")])


def _not_allowed(procedure: Procedure, proceeding: ProceedingImage, kind: MilestoneKind) -> ActionRefused:
    state = procedure.state(proceeding.state).name
    message = Message(
        N_("程序“%(procedure)s”在“%(state)s”状态下不允许节点 %(milestone)s"),
        {
            "procedure": {"zh": procedure.name.zh, "en": procedure.name.en},
            "state": {"zh": state.zh, "en": state.en},
            "milestone": kind.value,
        },
    )
    return ActionRefused(kind.value, [Unmet(message, guard="milestones")])
