"""Carrying a correction of a case's matter into the later entries that say it again as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from caseapp.context import Context
from caseapp.domain.events import Entry, EntryKind
from caseapp.domain.workflow.carrying import CARRIED, carry
from caseapp.domain.workflow.definition import Action
from caseapp.domain.workflow.folding import fields_told
from caseapp.domain.workflow.replay import fold, order_of

Payloads = dict[int, dict[str, Any]]
"""Payloads of `corrected` entries by the seq of what each corrects."""


def carried_along(ctx: Context, history: Sequence[Entry], payloads: Mapping[int, Mapping[str, Any]]) -> Payloads:
    """Return the corrections with what follows from them: later entries that repeat what was wrong, put right.

    history   the case as it reads now
    payloads  the corrections as they are asked for, of acts and of changes of facts among them

    An entry that only follows says so: {"follows": seq of the entry corrected}.
    """
    found: Payloads = {seq: dict(payload) for seq, payload in payloads.items()}
    ordered = sorted(history, key=order_of)
    for place, entry in enumerate(ordered):
        correction = payloads.get(entry.seq)
        said = _said(entry.payload)
        if correction is None or not said or entry.kind not in (EntryKind.ACTED, EntryKind.FACTS_CHANGED):
            continue
        was: Mapping[str, Any] = said
        now: Mapping[str, Any] = (
            _stood(ctx, ordered[:place], said) if correction["void"] else _said(correction["payload"])
        )
        for later in ordered[place + 1 :]:
            was, now = _carried_into(ctx, ordered, later, was, now, found, follows=entry.seq)
    return found


def _carried_into(
    ctx: Context,
    history: Sequence[Entry],
    later: Entry,
    was: Mapping[str, Any],
    now: Mapping[str, Any],
    found: Payloads,
    *,
    follows: int,
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Correct one later entry where it repeats what was wrong; return what the case reads as after it, both ways."""
    known = found.get(later.seq)
    if known is not None and known["void"]:
        return was, now
    payload: Mapping[str, Any] = known["payload"] if known is not None else later.payload
    patch = _said(payload)
    if not patch or later.kind not in (EntryKind.ACTED, EntryKind.FACTS_CHANGED):
        return was, now
    right = carry(patch, was, now, own=_own_amounts(ctx, history, later))
    if right != patch:
        told = {**payload, "case": {**payload["case"], **right}}
        if known is not None:
            known["payload"] = told
        else:
            found[later.seq] = {
                "entry": later.seq,
                "kind": later.kind,
                "void": False,
                "follows": follows,
                "payload": told,
            }
    return {**was, **_said(later.payload)}, {**now, **right}


def _said(payload: Mapping[str, Any]) -> dict[str, Any]:
    patch: Mapping[str, Any] = payload.get("case") or {}
    return {name: value for name, value in patch.items() if name in CARRIED}


def _stood(ctx: Context, before: Sequence[Entry], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the case read as before the entry, in the fields that it said."""
    history = [entry for entry in before if entry.kind != EntryKind.CORRECTED]
    image = fold(history, ctx.law.procedures)
    return fields_told(image, said) if image is not None else {}


def _own_amounts(ctx: Context, history: Sequence[Entry], entry: Entry) -> frozenset[str]:
    """Return the amounts that an act's own form states: they are its own, whatever stood before."""
    payload: Mapping[str, Any] = entry.payload
    action = _action(ctx, history, payload) if entry.kind == EntryKind.ACTED else None
    if action is None:
        return frozenset()
    said = {item.id for item in action.fields if payload.get("facts", {}).get(item.fact_name) is not None}
    values: list[Mapping[str, str]] = [
        effect.params["values"]  # type: ignore[misc]
        for effect in action.effects
        if effect.name == "set_case"
    ]
    return frozenset(
        item.removeprefix("amounts.")
        for value in values
        for item, field_id in value.items()
        if item.startswith("amounts.") and field_id in said
    )


def _action(ctx: Context, history: Sequence[Entry], payload: Mapping[str, Any]) -> Action | None:
    for other in history:
        begun: Any = other.payload.get("proceeding")
        if isinstance(begun, Mapping) and begun["id"] == payload["proceeding"]:
            return ctx.law.procedures.pinned(begun["procedure"], begun["version"]).action(payload["action"])
    return None
