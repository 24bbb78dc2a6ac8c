"""What happened in a case, entry by entry, in words: acts, requests, papers, facts before and after, reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import bindparam, select

from caseapp.context import SYSTEM_ACTOR, Context
from caseapp.domain.errors import N_, Message
from caseapp.domain.events import Entry, EntryKind, Precision, legal_date
from caseapp.domain.organs import OrganTable
from caseapp.domain.workflow.approvals import asked_action
from caseapp.domain.workflow.correction_rules import CorrectionRules
from caseapp.domain.workflow.corrections import CORRECTABLE
from caseapp.domain.workflow.definition import Action, Procedure, Text
from caseapp.domain.workflow.replay import order_of
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.queries import evidence_words, timeline_connections
from caseapp.queries.case_images import entries_of, known_until
from caseapp.queries.matter_changes import changes_of
from caseapp.queries.party_details import Masks
from caseapp.queries.signers import by_and_for
from caseapp.queries.timeline_items import Change, CorrectedBy, Read, Timeline, TimelineItem
from caseapp.queries.told_values import people_in, told_values
from caseapp.queries.users import names_of
from caseapp.queries.wordings import Wording, irregular_since, wordings_of

READS = 200
"""The newest reads are told; older ones are found by the ledger's own search."""
_LATE = timedelta(minutes=10)
"""An act recorded within so short a time of its happening is told with one time only."""
_ENTRY = LedgerEntry.__table__
_ACCESS = (
    select(_ENTRY.c.seq, _ENTRY.c.kind, _ENTRY.c.actor, _ENTRY.c.appended_at, _ENTRY.c.payload)
    .where(_ENTRY.c.chain == bindparam("of_chain"))
    .order_by(_ENTRY.c.seq.desc())
    .limit(READS)
)
_QUIET = frozenset({"id", "demo", "origin", "extra", "external_id", "organ"})
"""Fields of a patch that people did not enter."""


def timeline(ctx: Context, case_id: str, *, as_of: date | None = None, known_at: datetime | None = None) -> Timeline:
    """Return what happened in a case and who looked at it. The caller has asked whether the actor may see the case."""
    entries = known_until(ctx, case_id, known_at)
    rows = ctx.session.execute(_ACCESS, {"of_chain": f"access:{case_id}"}).all()
    definitions = _definitions(ctx, entries)
    wordings = wordings_of(entries)
    people = {row.actor for row in rows}.union(*(_people(definitions, one.entry) for one in wordings))
    teller = _Teller(
        definitions, names_of(ctx, people - {SYSTEM_ACTOR.id}), ctx.law.organs, {one.seq: one for one in entries}
    )
    items = [
        teller.tell_wording(one)
        for one in sorted(wordings, key=lambda one: (*order_of(one.entry), one.told_by or 0))
        if as_of is None or legal_date(one.entry.occurred_at) <= as_of
    ]
    masks = Masks(ctx, case_id)
    irregular = irregular_since(entries)
    return Timeline(
        items=tuple(
            replace(
                item,
                changes=masks.over(item.changes),
                irregularities=_irregularities(irregular.get(item.seq, ())) if item.gone is None else (),
            )
            for item in reversed(items)
        ),
        reads=tuple(
            Read(
                row.appended_at, teller.name(row.actor), row.kind, str(msgspec.json.decode(row.payload).get("what", ""))
            )
            for row in rows
        ),
        more_reads=len(rows) == READS,
    )


def _irregularities(told: Iterable[Mapping[str, Any]]) -> tuple[tuple[Message, str], ...]:
    return tuple((Message(item["message"]["text"], item["message"]["values"]), item["article"]) for item in told)


def since(ctx: Context, case_id: str, version: int) -> tuple[TimelineItem, ...]:
    """Return what was added to a case after a version, in the order in which it was added: what a stale form missed."""
    entries = entries_of(ctx, case_id)
    definitions = _definitions(ctx, entries)
    people = set().union(*(_people(definitions, entry) for entry in entries if entry.seq > version))
    teller = _Teller(
        definitions, names_of(ctx, people - {SYSTEM_ACTOR.id}), ctx.law.organs, {one.seq: one for one in entries}
    )
    told = [teller.tell(entry) for entry in entries]
    masks = Masks(ctx, case_id)
    return tuple(replace(item, changes=masks.over(item.changes)) for item in told if item.seq > version)


@dataclass(frozen=True, slots=True)
class _Definitions:
    """The definition of every proceeding, by its id, and the rules for corrections."""

    of: Mapping[str, Procedure]
    corrections: CorrectionRules

    def action(self, payload: Mapping[str, Any]) -> Action | None:
        """Return what an entry of a proceeding is of: one of its actions, or a correction."""
        procedure = self.of.get(str(payload.get("proceeding", "")))
        return asked_action(procedure, str(payload.get("action", "")), self.corrections) if procedure else None


def _definitions(ctx: Context, entries: Iterable[Entry]) -> _Definitions:
    found = {}
    for entry in entries:
        begun: Any = entry.payload.get("proceeding")
        if isinstance(begun, Mapping):
            found[str(begun["id"])] = ctx.law.procedures.pinned(begun["procedure"], begun["version"])
    return _Definitions(found, ctx.law.corrections)


def _people(definitions: _Definitions, entry: Entry) -> set[str]:
    payload: Mapping[str, Any] = entry.payload
    found = {entry.actor, str(payload.get("for", ""))} - {""}
    action = definitions.action(payload)
    if action is not None:
        found |= people_in(action, payload.get("facts", {}))
    found.update(payload.get("officers", ()))
    found |= evidence_words.people(entry.kind, payload)
    found.update((payload.get("case") or {}).get("officers", ()))
    joint: Any = payload.get("joint", ())
    found.update(one for item in joint for one in item["officers"])
    return found


@dataclass(slots=True)
class _Teller:
    """Tells the entries of one case in their order, keeping what the fields were before each."""

    definitions: _Definitions
    names: Mapping[str, str]
    organs: OrganTable
    entries: Mapping[int, Entry]
    case: dict[str, Any] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    evidence: evidence_words.Told = field(default_factory=evidence_words.Told)

    def name(self, actor: str) -> str:
        return "" if actor == SYSTEM_ACTOR.id else self.names.get(actor, actor)

    def tell(self, entry: Entry) -> TimelineItem:
        payload: Mapping[str, Any] = entry.payload
        kind = EntryKind(entry.kind)
        words = self.connected(kind, payload) if kind in timeline_connections.KINDS else _WORDS[kind](self, payload)
        if entry.precision is Precision.INSTANT:
            late = entry.recorded_at - entry.occurred_at > _LATE
        else:
            late = legal_date(entry.recorded_at) != legal_date(entry.occurred_at)
        return TimelineItem(
            seq=entry.seq,
            kind=entry.kind,
            at=entry.occurred_at,
            precision=entry.precision.value,
            recorded_at=entry.recorded_at if late else None,
            actor=by_and_for(entry.actor, str(payload.get("for", "")), self.names)
            if payload.get("for")
            else self.name(entry.actor),
            irregular=bool(payload.get("irregular")),
            imported=bool(payload.get("imported")),
            **words,
        )

    def connected(self, kind: EntryKind, payload: Mapping[str, Any]) -> dict[str, Any]:
        told = timeline_connections.told(kind, payload, self.organ, self.name)
        if kind is EntryKind.LINKED:
            told["values"] = self.evidence.followed(payload)
        return {**told, "changes": self.changes(payload.get("case"))}

    def organ(self, organ_id: str) -> object:
        return self.organs.get(organ_id).short if organ_id in self.organs else organ_id

    def tell_wording(self, wording: Wording) -> TimelineItem:
        """Tell an entry in one of its wordings; one that was taken back changes nothing that comes after it."""
        kept = dict(self.case)
        item = self.tell(wording.entry)
        gone = None
        if wording.gone_by is not None:
            if item.kind != EntryKind.DOCUMENT_ISSUED:
                self.case = kept
            told: Mapping[str, Any] = wording.gone_by.payload
            gone = CorrectedBy(
                seq=wording.gone_by.seq,
                at=wording.gone_by.recorded_at,
                by=self.name(wording.gone_by.actor),
                reason=str(told.get("reason", "")),
                void=bool(told["void"]),
                place="" if told["void"] else f"{item.seq}-{wording.gone_by.seq}",
            )
        return replace(
            item,
            place=f"{item.seq}-{wording.told_by}" if wording.told_by else str(item.seq),
            gone=gone,
            told_by=wording.told_by,
            correctable=gone is None and item.kind in CORRECTABLE,
        )

    def changes(self, patch: Mapping[str, Any] | None) -> tuple[Change, ...]:
        found: list[Change] = []
        for name, after in (patch or {}).items():
            before = self.case.get(name)
            if name == "officers":
                before, after = (tuple(self.name(one) for one in side or ()) for side in (before, after))
            if name not in _QUIET:
                found.extend(changes_of(name, before, after))
        self.case.update(patch or {})
        return tuple(found)

    def opened(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        case = payload["case"]
        self.case.update(case)
        number = case.get("lead_number") or case.get("external_id") or ""
        title = Message(N_("登记线索，编号 %(number)s"), {"number": number}) if number else Message(N_("登记线索"))
        return {"title": title, "note": case.get("summary", "")}

    def proceeding_opened(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        procedure = self.definitions.of[payload["proceeding"]["id"]]
        return {"title": Message(N_("启动：%(procedure)s"), {"procedure": _both(procedure.name)})}

    def acted(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        procedure = self.definitions.of[payload["proceeding"]]
        action = procedure.action(payload["action"])
        moved = payload["from"] != payload["to"]
        return {
            "title": action.name if action else payload["action"],
            "values": told_values(action, payload.get("facts", {}), self.names) if action else (),
            "changes": self.changes(payload.get("case")),
            "led_to": (procedure.state(payload["from"]).name, procedure.state(payload["to"]).name) if moved else None,
            "citations": tuple(str(one) for one in action.citations) if action else (),
        }

    def milestone(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        told = payload["milestone"]
        details = told.get("details") or {}
        return {"title": told["kind"], "note": details}

    def requested(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        action = self.definitions.action(payload)
        if action is not None:
            self.actions[payload["approval"]] = action
        return {
            "title": Message(N_("提请审批：%(action)s"), {"action": self._action_name(payload["approval"])}),
            "values": told_values(action, payload.get("facts", {}), self.names) if action else (),
        }

    def signed(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        return self._judged(payload, N_("同意：%(action)s（%(step)s）"))

    def returned(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        return self._judged(payload, N_("退回修改：%(action)s（%(step)s）"))

    def _judged(self, payload: Mapping[str, Any], text: str) -> dict[str, Any]:
        action = self.actions.get(payload["approval"])
        step = next((item for item in action.approval if item.id == payload["step"]), None) if action else None
        values = {
            "action": self._action_name(payload["approval"]),
            "step": _both(step.name) if step else payload["step"],
        }
        return {"title": Message(text, values), "note": payload.get("opinion", "")}

    def withdrawn(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        text = N_("审批失效：%(action)s") if payload.get("void") else N_("撤回审批：%(action)s")
        note = Message(N_("提请审批后案件事实有变化")) if payload.get("void") else ""
        return {"title": Message(text, {"action": self._action_name(payload["approval"])}), "note": note}

    def facts_changed(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "title": Message(N_("更改案件信息")),
            "note": payload.get("reason", ""),
            "changes": self.changes(payload["case"]),
        }

    def officers_assigned(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "title": Message(N_("指派办案人员")),
            "note": payload.get("reason", ""),
            "changes": self.changes({"officers": payload["officers"]}),
        }

    def document_issued(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        document = payload["document"]
        return {
            "title": Message(N_("制发文书：%(title)s"), {"title": document["title"]}),
            "note": document.get("number") or "",
            "document": document["id"],
        }

    def document_scanned(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        return {"title": Message(N_("上传签名后的扫描件")), "document": payload["document"]}

    def file_sealed(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        told = payload["file"]
        note = Message(
            N_("共 %(pages)s 页，清单 sha256:%(manifest)s"), {"pages": told["pages"], "manifest": told["manifest"]}
        )
        return {"title": Message(N_("案卷封存")), "note": note}

    def noted(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        return {"title": Message(N_("备注")), "note": payload["text"]}

    def evidence_told(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        return self.evidence.words(payload, self.name)

    def corrected(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        entry = self.entries.get(int(payload["entry"]))
        about: Mapping[str, Any] = {}
        if entry is not None:
            about = _WORDS[EntryKind(entry.kind)](replace(self, case=dict(self.case)), entry.payload)
        text = N_("作废第 %(seq)s 号记录") if payload["void"] else N_("更正第 %(seq)s 号记录")
        return {
            "title": Message(text, {"seq": payload["entry"]}),
            "note": payload.get("reason", ""),
            "about": about.get("title", ""),
            "corrects": int(payload["entry"]),
        }

    def _action_name(self, approval: str) -> object:
        action = self.actions.get(approval)
        return _both(action.name) if action else ""


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


_WORDS: Mapping[EntryKind, Callable[[_Teller, Mapping[str, Any]], dict[str, Any]]] = {
    EntryKind.OPENED: _Teller.opened,
    EntryKind.PROCEEDING_OPENED: _Teller.proceeding_opened,
    EntryKind.ACTED: _Teller.acted,
    EntryKind.LAPSED: _Teller.acted,
    EntryKind.MILESTONE: _Teller.milestone,
    EntryKind.APPROVAL_REQUESTED: _Teller.requested,
    EntryKind.APPROVAL_SIGNED: _Teller.signed,
    EntryKind.APPROVAL_RETURNED: _Teller.returned,
    EntryKind.APPROVAL_WITHDRAWN: _Teller.withdrawn,
    EntryKind.FACTS_CHANGED: _Teller.facts_changed,
    EntryKind.OFFICERS_ASSIGNED: _Teller.officers_assigned,
    EntryKind.DOCUMENT_ISSUED: _Teller.document_issued,
    EntryKind.DOCUMENT_SCANNED: _Teller.document_scanned,
    EntryKind.FILE_SEALED: _Teller.file_sealed,
    EntryKind.NOTED: _Teller.noted,
    **dict.fromkeys(evidence_words.KINDS, _Teller.evidence_told),
    EntryKind.CORRECTED: _Teller.corrected,
}
