"""Judging later acts again: whether each would have been allowed, had the case been what a correction makes of it.

The fold only asks whether acts follow each other. Here every act that a correction leaves standing is put to its own
guards once more, on what then came before it; what it did not meet in the history as it stood is no news and not told.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from caseapp.domain.errors import N_, Message, Unmet
from caseapp.domain.events import Entry, EntryKind, legal_date
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.workflow import automaton
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.corrections import corrected
from caseapp.domain.workflow.definition import Action, Procedure
from caseapp.domain.workflow.engine import Transition, approval_steps, table_of
from caseapp.domain.workflow.replay import apply, order_of
from caseapp.domain.workflow.situation import Situation

View = Callable[[CaseImage, ProceedingImage, Entry, date], Situation]
"""(the case before an act, its proceeding, the act's entry, its legal date) -> what guards saw of it."""

LEADS_ELSEWHERE = "leads_elsewhere"
SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Finding:
    """A condition that a later act no longer meets.

    seq    of the act's entry; on: its legal date
    guard  name of the condition in `workflows/`; `leads_elsewhere` where the act would have led to another state,
           `signature` where it lacks a signature that it then would have needed
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
    """Give every act with the conditions that it does not meet."""
    steps = {
        str(entry.payload["approval"]): frozenset(map(str, entry.payload["steps"]))  # type: ignore[arg-type]
        for entry in entries
        if entry.kind == EntryKind.APPROVAL_REQUESTED
    }
    image: CaseImage | None = None
    for entry in sorted(corrected(entries).history, key=order_of):
        payload: Mapping[str, Any] = entry.payload
        if image is not None and entry.kind == EntryKind.ACTED and not payload.get("imported"):
            proceeding = image.proceeding(payload["proceeding"])
            found = _act(image, proceeding, entry, procedures, view, steps) if proceeding is not None else None
            if found is not None:
                yield entry.seq, found
        image = apply(image, entry, procedures)


def _act(
    image: CaseImage,
    proceeding: ProceedingImage,
    entry: Entry,
    procedures: ProcedureSet,
    view: View,
    steps: Mapping[str, frozenset[str]],
) -> Mapping[_Key, Finding] | None:
    payload: Mapping[str, Any] = entry.payload
    procedure = procedures.pinned(proceeding.procedure, proceeding.version)
    transition = table_of(procedure).get((proceeding.state, payload["action"]))
    if transition is None or payload.get("irregular"):
        return None
    day = (payload.get("milestone") or {}).get("on") or payload.get("on")
    on = date.fromisoformat(day) if day else legal_date(entry.occurred_at)
    seen = replace(view(image, proceeding, entry, on), fields=payload.get("facts", {}), on=on)
    action = transition.action
    found: dict[_Key, Finding] = {}

    def tell(key: _Key, guard: str, unmet: Unmet) -> None:
        found.setdefault(key, Finding(entry.seq, action.id, on, guard, unmet))

    for place, (use, guard) in enumerate(zip(action.guards, transition.guards, strict=True)):
        for unmet in guard(seen):
            tell(("guard", place), use.name, unmet)
    elsewhere = _elsewhere(procedure, proceeding, transition, payload["to"], seen)
    if elsewhere is not None:
        tell(("to", elsewhere), LEADS_ELSEWHERE, _led(procedure, elsewhere))
    signed = steps.get(str(payload.get("approval")), frozenset())
    for step in approval_steps(action, seen):
        if step.id not in signed:
            tell(("step", step.id), SIGNATURE, _unsigned(action, step.name.zh, step.name.en))
    return found


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
