"""Judging later acts again: whether each would have been allowed, had the case been what a correction makes of it.

The fold only asks whether acts follow each other. Here every act that a correction leaves standing is put to its own
guards once more, on what then came before it, and so is every paper that a form of its own issued; a side proceeding
that began is asked whether it could have begun beside the main one. What was not met in the history as it stood is no
news and not told.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from caseapp.domain.errors import N_, Message, Unmet
from caseapp.domain.events import Entry, EntryKind, legal_date
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.workflow import automaton, sides
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.corrections import Corrected, corrected
from caseapp.domain.workflow.definition import Action, Procedure
from caseapp.domain.workflow.engine import Transition, approval_steps, not_here, table_of
from caseapp.domain.workflow.replay import apply, order_of
from caseapp.domain.workflow.situation import Situation

View = Callable[[CaseImage, ProceedingImage, Entry, date], Situation]
"""(the case before an act, its proceeding, the act's entry, its legal date) -> what guards saw of it; of a paper, whose
words the ledger does not hold, with what its form said as `fields`."""

LEADS_ELSEWHERE = "leads_elsewhere"
SIGNATURE = "signature"
STATE = "state"


@dataclass(frozen=True, slots=True)
class Finding:
    """A condition that a later act no longer meets.

    seq    of the act's entry, of the paper's, or of the act with which a side proceeding began; on: its legal date
    guard  name of the condition in `workflows/`; `leads_elsewhere` where the act would have led to another state,
           `signature` where it lacks a signature that it then would have needed, `state` where a paper, `opening` where
           a side proceeding does not belong to the state in which the case then was
    """

    seq: int
    action: str
    on: date
    guard: str
    unmet: Unmet


def no_longer_lawful(
    before: Sequence[Entry],
    after: Sequence[Entry],
    procedures: ProcedureSet,
    view: View,
    *,
    decided_anew: Collection[int] = (),
) -> tuple[Finding, ...]:
    """Return what acts no longer meet in the second history that they met in the first.

    before, after  the same entries without and with the corrections; both lawful in their order
    decided_anew   seqs of acts that were just judged in their new words

    raises  ActionRefused where a history is not lawful in its order
    """
    known = dict(_judged(before, procedures, view))
    found: list[Finding] = []
    for seq, unmet in _judged(after, procedures, view):
        if seq in known and seq not in decided_anew:
            found.extend(finding for key, finding in unmet.items() if key not in known[seq])
    return tuple(found)


_Key = tuple[str, object]


def _judged(
    entries: Sequence[Entry], procedures: ProcedureSet, view: View
) -> Iterator[tuple[int, Mapping[_Key, Finding]]]:
    """Give every act and paper with the conditions that it does not meet."""
    told = corrected(entries)
    judge = _Judge(told, procedures, view)
    image: CaseImage | None = None
    for entry in sorted(told.history, key=order_of):
        if image is not None:
            found = judge.of(image, entry)
            if found is not None:
                yield entry.seq, found
        image = apply(image, entry, procedures)


@dataclass(slots=True)
class _Judge:
    """Puts entries to their conditions, one after the other in the order of time.

    requests  of approvals, by seq
    openings  what kept a side proceeding from beginning, by its id, until the act with which it began is met
    """

    told: Corrected
    procedures: ProcedureSet
    view: View
    requests: Mapping[int, Entry] = field(init=False)
    openings: dict[str, tuple[Unmet, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        asked = (entry for entry in self.told.history if entry.kind == EntryKind.APPROVAL_REQUESTED)
        self.requests = {entry.seq: entry for entry in asked}

    def of(self, image: CaseImage, entry: Entry) -> Mapping[_Key, Finding] | None:
        """Return what an entry does not meet on the case before it; None where nothing is asked of it."""
        payload: Mapping[str, Any] = entry.payload
        if entry.kind == EntryKind.PROCEEDING_OPENED:
            begun = payload["proceeding"]
            procedure = self.procedures.pinned(begun["procedure"], begun["version"])
            self.openings[begun["id"]] = sides.opening_obstacles(procedure, image, self.procedures)
        if entry.kind == EntryKind.ACTED and not payload.get("imported") and not payload.get("irregular"):
            return self._act(image, entry)
        if entry.kind == EntryKind.DOCUMENT_ISSUED and not self.told.is_void(entry.seq):
            return self._paper(image, entry)
        return None

    def _act(self, image: CaseImage, entry: Entry) -> Mapping[_Key, Finding] | None:
        payload: Mapping[str, Any] = entry.payload
        proceeding = image.proceeding(payload["proceeding"])
        if proceeding is None:
            return None
        procedure = self.procedures.pinned(proceeding.procedure, proceeding.version)
        transition = table_of(procedure).get((proceeding.state, payload["action"]))
        if transition is None:
            return None
        day = (payload.get("milestone") or {}).get("on") or payload.get("on")
        on = date.fromisoformat(day) if day else legal_date(entry.occurred_at)
        seen = replace(self.view(image, proceeding, entry, on), fields=payload.get("facts", {}), on=on)
        found = _Findings(entry.seq, transition.action, on)
        for unmet in self.openings.pop(proceeding.id, ()):
            found.add(("opening", proceeding.id), unmet.guard, unmet)
        found.add_guards(transition, seen)
        elsewhere = _elsewhere(procedure, proceeding, transition, payload["to"], seen)
        if elsewhere is not None:
            found.add(("to", elsewhere), LEADS_ELSEWHERE, _led(procedure, elsewhere))
        approval = payload.get("approval")
        found.add_unsigned(
            seen, next((one for one in self.requests.values() if one.payload["approval"] == approval), None)
        )
        return found.by_key

    def _paper(self, image: CaseImage, entry: Entry) -> Mapping[_Key, Finding] | None:
        document: Any = entry.payload["document"]
        proceeding = image.proceeding(document["proceeding"])
        if proceeding is None:
            return None
        procedure = self.procedures.pinned(proceeding.procedure, proceeding.version)
        action = procedure.action(document["action"])
        if action is None or not action.paper:
            return None  # what an act issued stands and falls with the act
        on = date.fromisoformat(document["issued_on"])
        found = _Findings(entry.seq, action, on)
        transition = table_of(procedure).get((proceeding.state, action.id))
        if transition is None:
            found.add((STATE, action.id), STATE, not_here(procedure, proceeding.state, action.id))
            return found.by_key
        request = self._request_of(entry, document) if action.approval else None
        # A signed paper is issued by the last signature; whose it is says the request.
        asked = entry if request is None else replace(entry, actor=request.actor, payload=_for_whom(entry, request))
        seen = replace(self.view(image, proceeding, asked, on), on=on)
        found.add_guards(transition, seen)
        found.add_unsigned(seen, request)
        return found.by_key

    def _request_of(self, entry: Entry, document: Mapping[str, Any]) -> Entry | None:
        """Return the request that a paper was issued on: the last one for it before it."""
        asked = [
            request
            for seq, request in self.requests.items()
            if seq < entry.seq
            and (request.payload["proceeding"], request.payload["action"])
            == (document["proceeding"], document["action"])
        ]
        return max(asked, key=lambda request: request.seq, default=None)


def _for_whom(entry: Entry, request: Entry) -> Mapping[str, Any]:
    return {**entry.payload, "for": request.payload.get("for", "")}


@dataclass(slots=True)
class _Findings:
    """What one act or paper does not meet, by what makes each condition one and the same in both histories."""

    seq: int
    action: Action
    on: date
    by_key: dict[_Key, Finding] = field(default_factory=dict)

    def add(self, key: _Key, guard: str, unmet: Unmet) -> None:
        self.by_key.setdefault(key, Finding(self.seq, self.action.id, self.on, guard, unmet))

    def add_guards(self, transition: Transition, seen: Situation) -> None:
        for place, (use, guard) in enumerate(zip(self.action.guards, transition.guards, strict=True)):
            for unmet in guard(seen):
                self.add(("guard", place), use.name, unmet)

    def add_unsigned(self, seen: Situation, request: Entry | None) -> None:
        told: Any = request.payload["steps"] if request is not None else ()
        signed = frozenset(map(str, told))
        for step in approval_steps(self.action, seen):
            if step.id not in signed:
                self.add(("step", step.id), SIGNATURE, _unsigned(self.action, step.name.zh, step.name.en))


def _elsewhere(
    procedure: Procedure, proceeding: ProceedingImage, transition: Transition, to: str, seen: Situation
) -> str | None:
    """Return the state to which the act would have led, where that is another one."""
    post = next((post for post, when in transition.posts if not any(guard(seen) for guard in when)), None)
    led = automaton.lead_to(procedure, post, proceeding.state, proceeding.saved) if post is not None else None
    return led[0] if led is not None and led[0] != to else None


def _led(procedure: Procedure, state_id: str) -> Unmet:
    state = procedure.state(state_id).name
    text = N_("按更正后的内容，该事项应当转入“%(state)s”")
    return Unmet(Message(text, {"state": {"zh": state.zh, "en": state.en}}), guard=LEADS_ELSEWHERE)


def _unsigned(action: Action, zh: str, en: str) -> Unmet:
    text = N_("按更正后的内容，该事项还须经“%(step)s”签署")
    article = "；".join(str(one) for one in action.citations)
    return Unmet(Message(text, {"step": {"zh": zh, "en": en}}), article=article, guard=SIGNATURE)
