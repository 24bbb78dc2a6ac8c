"""From milestones and the lines of an event log to entries of a case's ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from caseapp.context import Context
from caseapp.domain.errors import N_, ActionRefused, Message, Unmet
from caseapp.domain.events import EntryKind, Json
from caseapp.domain.exchange.event_log import EventCase, EventItem, ItemKind
from caseapp.domain.exchange.record import ExchangeMilestone
from caseapp.domain.facts import Branch
from caseapp.domain.workflow import automaton
from caseapp.domain.workflow.definition import Procedure
from caseapp.queries.case_images import entries_of
from caseapp.services.case_import_report import Mode
from caseapp.services.case_store import Told


def told_milestone(
    milestone: ExchangeMilestone,
    occurred_at: datetime,
    recorded_at: datetime | None,
    proceeding_id: str,
    mode: Mode,
) -> Told:
    """Return the entry of a milestone that another system reached; in archive mode it may stand out of order."""
    told: dict[str, Json] = {
        "kind": milestone.kind.value,
        "on": milestone.on.isoformat(),
        "precision": milestone.precision.value,
        "details": dict(milestone.details),
    }
    if milestone.at is not None:
        told["at"] = milestone.at.isoformat()
    return Told(
        EntryKind.MILESTONE,
        {"proceeding": proceeding_id, "milestone": told, "irregular": mode is Mode.ARCHIVE},
        occurred_at=occurred_at,
        precision=milestone.precision,
        recorded_at=recorded_at,
    )


def told_items(items: Iterable[EventItem], procedure: Procedure, proceeding_id: str, mode: Mode) -> list[Told]:
    """Return the entries of a log's items; acts are placed by walking the procedure alongside."""
    branches: tuple[Branch, ...] = automaton.start(procedure)
    facts: dict[str, Json] = {}
    begun = False
    found: list[Told] = []
    for item in items:
        if item.kind is ItemKind.NOTE:
            found.append(Told(EntryKind.NOTED, {"text": item.name, "imported": True}, item.occurred_at, item.precision))
        elif item.kind is ItemKind.MILESTONE:
            assert item.milestone is not None
            milestone = item.milestone
            found.append(told_milestone(milestone, item.occurred_at, None, proceeding_id, mode))
            opening = procedure.opening is not None and milestone.kind is procedure.opening.kind and not begun
            if not opening:
                step = automaton.read(procedure, branches, milestone.kind, milestone.details, facts)
                if step is None:
                    step = automaton.jump(procedure, branches, milestone.kind, milestone.details)
                branches = step.branches
                if step.action is not None:
                    facts.update(automaton.facts_of(step.action, milestone.details))
            begun = True
        else:
            taken = automaton.take(procedure, branches, item.name, facts)
            if taken is None and (mode is Mode.STRICT or procedure.action(item.name) is None):
                raise _no_such_act(procedure, item, branches)
            if taken is None:
                taken = automaton.Taken(branches[0].state, branches[0].state, branches[0].saved)
                found.append(_told_act(item, procedure, proceeding_id, taken, irregular=True))
            else:
                found.append(_told_act(item, procedure, proceeding_id, taken, irregular=False))
            branches = (Branch(taken.to, taken.saved, 0),)
            begun = True
    return found


def _no_such_act(procedure: Procedure, item: EventItem, branches: Sequence[Branch]) -> ActionRefused:
    state = procedure.state(branches[0].state).name
    message = Message(
        N_("程序在“%(state)s”状态下不允许 %(on)s 的“%(action)s”"),
        {"state": {"zh": state.zh, "en": state.en}, "on": item.on.isoformat(), "action": item.name},
    )
    return ActionRefused(item.name, [Unmet(message, guard="log")])


def _told_act(
    item: EventItem, procedure: Procedure, proceeding_id: str, taken: automaton.Taken, *, irregular: bool
) -> Told:
    action = procedure.action(item.name)
    assert action is not None
    uses = action.clocks
    milestone: Json = None
    if action.milestone is not None:
        milestone = {
            "kind": action.milestone.kind.value,
            "on": item.on.isoformat(),
            "precision": item.precision.value,
            "details": dict(action.milestone.details),
        }
    payload: dict[str, Any] = {
        "proceeding": proceeding_id,
        "procedure": procedure.id,
        "version": procedure.version,
        "action": action.id,
        "from": taken.source,
        "to": taken.to,
        "saved": taken.saved,
        "milestone": milestone,
        "starts": list(uses.started({})),
        "meets": list(uses.meets),
        "ends": list(uses.ends),
        "imported": True,
        "irregular": irregular,
        "on": item.on.isoformat(),
    }
    kept = {name: value for name, value in payload.items() if value not in (None, [], False)}
    return Told(EntryKind.ACTED, kept, item.occurred_at, item.precision)


def new_items(ctx: Context, case: EventCase, case_id: str) -> list[EventItem]:
    """Return the items of a log that the case's ledger does not hold yet."""
    held: dict[tuple[str, str, datetime], int] = {}
    for entry in entries_of(ctx, case_id):
        payload: Mapping[str, Any] = entry.payload
        name = ""
        if entry.kind == EntryKind.NOTED:
            name = payload["text"]
        elif entry.kind == EntryKind.ACTED:
            name = payload["action"]
        elif entry.kind == EntryKind.MILESTONE:
            name = payload["milestone"]["kind"]
        key = (entry.kind, name, entry.occurred_at)
        held[key] = held.get(key, 0) + 1
    kinds = {ItemKind.NOTE: EntryKind.NOTED, ItemKind.ACTION: EntryKind.ACTED, ItemKind.MILESTONE: EntryKind.MILESTONE}
    new = []
    for item in case.items:
        name = item.milestone.kind.value if item.milestone is not None else item.name
        key = (kinds[item.kind].value, name, item.occurred_at)
        if held.get(key, 0) > 0:
            held[key] -= 1
        else:
            new.append(item)
    return new
