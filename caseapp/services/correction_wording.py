"""Putting an entry in other words: what a corrected act, milestone, change of facts or note says instead.

An act is decided anew as of its day, on what had happened before it: the same guards that allowed it must allow it in
its new words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import (
    ClosingManner,
    Entry,
    EntryKind,
    Json,
    MilestoneKind,
    Precision,
    legal_date,
    start_of,
)
from caseapp.domain.workflow import fields as field_rules
from caseapp.domain.workflow.definition import Action, Peer, Procedure
from caseapp.domain.workflow.engine import decide
from caseapp.domain.workflow.replay import fold, order_of
from caseapp.domain.workflow.situation import Actor
from caseapp.queries.situations import situation_of
from caseapp.queries.staff import staff_of
from caseapp.services import case_facts, effects
from caseapp.services.case_act import act_payload
from caseapp.services.case_intake import PartyDraft
from caseapp.services.case_note import LONGEST_NOTE
from caseapp.services.case_store import CaseEdit, require_text

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wording:
    """What an entry shall say instead.

    on      the day on which it happened; None: the day that its fields tell, else the day it has
    values  acts: by FIELD id; milestones: details by name; notes: {"text"}; changes of facts: fields of the case as
            `case_facts.change` takes them, and {"parties": {id: PartyDraft}} (personal values left empty are kept)
    """

    on: date | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


def day_told(entry: Entry) -> date:
    """Return the legal date of what an entry says."""
    payload: Mapping[str, Any] = entry.payload
    told = (payload.get("milestone") or {}).get("on") or payload.get("on")
    return date.fromisoformat(told) if told else legal_date(entry.occurred_at)


def reworded(edit: CaseEdit, history: Sequence[Entry], entry: Entry, wording: Wording) -> Payload:
    """Return what the `corrected` entry carries beside its reason: payload, and place in time where that changes.

    history  the case as it reads now; `entry` is one of it
    edit     personal values are kept beside it, under commitments that the payload holds

    raises  ActionRefused (the act would not have been lawful so), InputErrors, InputError (a day in the future, no such
            field, nothing changed)
    """
    ctx = edit.ctx
    on = wording.on or day_told(entry)
    if on > ctx.today():
        raise InputError(
            "occurred_on", Message(N_("办理日期不能晚于今天（%(today)s）"), {"today": ctx.today().isoformat()})
        )
    kind = EntryKind(entry.kind)
    if kind is EntryKind.ACTED:
        payload, on = _act(ctx, history, entry, wording, on)
    elif kind is EntryKind.MILESTONE:
        payload = _milestone(entry, wording, on)
    elif kind is EntryKind.FACTS_CHANGED:
        payload = _facts(edit, entry, wording)
    else:
        payload = {**entry.payload, "text": require_text("text", str(wording.values.get("text", "")), LONGEST_NOTE)}
    moved = on != day_told(entry)
    if not moved and payload == entry.payload:
        raise InputError("", Message(N_("没有任何更改")))
    told: Payload = {"payload": payload}
    if moved:
        told["occurred_at"] = place_in_day(history, entry, on).isoformat()
        told["precision"] = Precision.DAY.value
    return told


def moved_along(ctx: Context, act: Entry, told: Mapping[str, Any], follower: Entry) -> Payload:
    """Return what the correction of an act carries for what it moved in the main proceeding: its day, and its organ.

    act   as it reads now; told: what its correction carries
    """
    payload: Payload = dict(follower.payload)
    occurred = told.get("occurred_at")
    milestone: Payload = dict(payload["milestone"])
    if occurred:
        milestone["on"] = legal_date(datetime.fromisoformat(occurred)).isoformat()
    before, after = (_organs_named(ctx, words.get("facts") or {}) for words in (act.payload, told["payload"]))
    renamed = {before[fact]: after[fact] for fact in before if after.get(fact, before[fact]) != before[fact]}
    milestone["details"] = {name: renamed.get(value, value) for name, value in milestone["details"].items()}
    payload["facts"] = {name: renamed.get(value, value) for name, value in payload["facts"].items()}
    return {
        "payload": {**payload, "milestone": milestone},
        **{name: told[name] for name in ("occurred_at", "precision") if name in told},
    }


def _organs_named(ctx: Context, facts: Any) -> dict[str, str]:
    """Return the organs that facts name, as they are called."""
    return {
        peer.organ_fact: ctx.law.organs.get(facts[peer.organ_fact]).name_zh
        for peer in Peer
        if peer is not Peer.ORGAN and facts.get(peer.organ_fact) in ctx.law.organs
    }


def place_in_day(history: Sequence[Entry], entry: Entry, on: date) -> datetime:
    """Return the instant that orders an entry moved to another day: behind what of that day already comes before it."""
    before = (
        other.occurred_at
        for other in history
        if other.seq != entry.seq and legal_date(other.occurred_at) == on and order_of(other) < order_of(entry)
    )
    return max([start_of(on), *before])


def _act(ctx: Context, history: Sequence[Entry], entry: Entry, wording: Wording, on: date) -> tuple[Payload, date]:
    payload: Mapping[str, Any] = entry.payload
    procedure, action = _definition(ctx, history, payload)
    if action is None or payload.get("imported"):
        if wording.values:
            raise InputError("", Message(N_("由其他系统收入的事项只能更正日期或者作废")))
        return (_moved(payload, on) if on != day_told(entry) else dict(payload)), on
    facts = field_rules.checked(action, wording.values)
    image = fold(_before(history, entry, on), ctx.law.procedures, as_of=on)
    proceeding = image.proceeding(payload["proceeding"]) if image is not None else None
    if image is None or proceeding is None:
        raise InputError("occurred_on", Message(N_("该日期时案件尚未建立")))
    named = [item for value in facts.values() if isinstance(value, list) for item in value if isinstance(item, str)]
    principal = str(payload.get("for") or "")
    actor = _actor(ctx, principal or entry.actor)
    situation = situation_of(ctx.acting_as(actor), image, proceeding, on=on, also=named)
    if principal:
        situation = replace(situation, deputy=entry.actor)
    decision = decide(procedure, situation, action.id, facts, today=ctx.today(), approved=True)
    patch = effects.kept_patch(ctx, image, decision, payload.get("case") or {})
    told = act_payload(procedure, proceeding.id, decision, patch, payload.get("approval"))
    if principal:
        told["for"] = principal
    return told, decision.on


def _definition(ctx: Context, history: Sequence[Entry], payload: Mapping[str, Any]) -> tuple[Procedure, Action | None]:
    for other in history:
        begun: Any = other.payload.get("proceeding")
        if isinstance(begun, Mapping) and begun["id"] == payload["proceeding"]:
            procedure = ctx.law.procedures.pinned(begun["procedure"], begun["version"])
            return procedure, procedure.action(payload["action"])
    raise KeyError(payload["proceeding"])


def _before(history: Sequence[Entry], entry: Entry, on: date) -> list[Entry]:
    """Return what comes before the entry in its new place, corrections applied and itself left out."""
    place = (True, place_in_day(history, entry, on) if on != day_told(entry) else entry.occurred_at, entry.seq)
    return [
        other
        for other in history
        if other.seq != entry.seq and other.kind != EntryKind.CORRECTED and order_of(other) < place
    ]


def _actor(ctx: Context, person: str) -> Actor:
    known = staff_of(ctx, "", [person]).get(person)
    return Actor(known.id, known.name, known.organ, known.roles) if known is not None else ctx.actor


def _moved(payload: Mapping[str, Any], on: date) -> Payload:
    told: Payload = dict(payload)
    if told.get("milestone"):
        milestone = {name: value for name, value in told["milestone"].items() if name != "at"}
        told["milestone"] = {**milestone, "on": on.isoformat(), "precision": Precision.DAY.value}
    if told.get("on"):
        told["on"] = on.isoformat()
    return told


def _milestone(entry: Entry, wording: Wording, on: date) -> Payload:
    payload: Mapping[str, Any] = entry.payload
    told = payload["milestone"]
    moved = _moved(payload, on) if on != day_told(entry) else dict(payload)
    known = dict(told.get("details") or {})
    unknown = set(wording.values) - set(known) - set(DETAILS.get(MilestoneKind(told["kind"]), ()))
    if unknown:
        raise InputError(sorted(unknown)[0], Message(N_("该项内容不能在此更改")))
    for name, value in wording.values.items():
        if value in (None, ""):
            known.pop(name, None)
        else:
            known[name] = _detail(name, value)
    moved["milestone"] = {**moved["milestone"], "details": known}
    return moved


DETAILS: Mapping[MilestoneKind, tuple[str, ...]] = {
    MilestoneKind.CLOSED: ("manner",),
    MilestoneKind.DECIDED: ("outcome",),
    MilestoneKind.EXCLUDED_FROM: ("reason",),
    MilestoneKind.EXCLUDED_UNTIL: ("reason",),
    MilestoneKind.SUSPENDED: ("reason",),
    MilestoneKind.EXTENDED: ("n", "unit"),
    MilestoneKind.TRANSFERRED: ("to",),
    MilestoneKind.MERGED: ("into",),
    MilestoneKind.SPLIT: ("from",),
}
"""The details that a milestone of each kind may be given."""


def _detail(name: str, value: Any) -> Json:
    if name == "manner" and value not in tuple(ClosingManner):
        raise InputError(name, Message(N_("没有这个选项")))
    if name == "n":
        if not isinstance(value, int) or value < 1:
            raise InputError(name, Message(N_("应为大于零的整数")))
        return value
    return str(value)


def _facts(edit: CaseEdit, entry: Entry, wording: Wording) -> Payload:
    payload: Mapping[str, Any] = entry.payload
    patch = dict(payload["case"])
    for name, value in wording.values.items():
        if name not in patch or (name != "parties" and name not in case_facts.CHANGEABLE):
            raise InputError(name, Message(N_("该项内容不能在此更改")))
        if name == "parties":
            patch[name] = _parties(edit, patch[name], value)
        else:
            patch[name] = case_facts.case_value(edit.ctx, name, value)
    return {**payload, "case": patch}


def _parties(edit: CaseEdit, told: Sequence[Payload], drafts: Mapping[str, PartyDraft]) -> list[Payload]:
    if set(drafts) - {item["id"] for item in told}:
        raise InputError("parties", Message(N_("案件中没有这一当事人")))
    found = []
    for item in told:
        draft = drafts.get(item["id"])
        found.append(item if draft is None else case_facts.party_told(edit, item["id"], draft, item))
    return found
