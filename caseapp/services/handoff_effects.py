"""What an act of a handoff brings with it: the main proceeding moves along, and the other organs are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from caseapp.context import SYSTEM_ACTOR, Context
from caseapp.domain.errors import N_, ActionRefused, Message
from caseapp.domain.events import EntryKind, Json, Precision
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.roles import Role
from caseapp.domain.workflow.definition import FieldDef, Peer
from caseapp.domain.workflow.engine import Decision, decide, table_of
from caseapp.domain.workflow.share_folds import holder
from caseapp.queries.situations import situation_of
from caseapp.queries.staff import staff_of
from caseapp.services import notify
from caseapp.services.case_store import CaseEdit
from caseapp.services.unit_of_work import Unit

_REASONS = ("accepted_note", "withdrawal_reasons", "settlement")
"""Facts of an act that say why the case comes back."""


def main_follows(ctx: Context, edit: CaseEdit, proceeding_id: str, decision: Decision) -> None:
    """Take the action of the main proceeding that the act names, where it starts there, its conditions are met and it
    offers what the act says; else the main proceeding stays as it is, and an officer records it by hand.
    """
    for effect in decision.action.effects:
        if effect.name == "move_main":
            _take(ctx, edit, proceeding_id, decision, effect.params)


def _take(ctx: Context, edit: CaseEdit, proceeding_id: str, decision: Decision, params: Mapping[str, object]) -> None:
    action_id = str(params["action"])
    image = edit.current
    main, side = image.main, image.proceeding(proceeding_id)
    assert side is not None
    procedure = ctx.law.procedures.pinned(main.procedure, main.version)
    transition = table_of(procedure).get((main.state, action_id))
    if transition is None:
        return
    told = {**_told(ctx, side, decision), **_mapped(ctx, side, params)}
    values = {field.fact_name: told[field.id] for field in transition.action.fields if told.get(field.id) is not None}
    if not all(_is_offered(field, values.get(field.fact_name)) for field in transition.action.fields):
        return
    situation = replace(situation_of(ctx, image, main, on=decision.on), actor=SYSTEM_ACTOR)
    try:
        follows = decide(procedure, situation, action_id, values, today=ctx.today(), approved=True)
    except ActionRefused:
        return
    payload: dict[str, Any] = {
        "proceeding": main.id,
        "procedure": procedure.id,
        "version": procedure.version,
        "action": action_id,
        "moved_by": max(act.seq for act in side.acts),
        "from": follows.from_state,
        "to": follows.to_state,
        "saved": follows.saved,
        "facts": dict(follows.facts),
        "milestone": dict(follows.milestone) if follows.milestone else None,
        # What the act itself starts runs where both sides see it, and not twice.
        "starts": [
            one for one in transition.action.clocks.started(follows.facts) if one not in decision.action.clocks.starts
        ],
        "meets": list(transition.action.clocks.meets),
        "ends": list(transition.action.clocks.ends),
    }
    payload = {name: value for name, value in payload.items() if value not in (None, [], {})}
    at, precision = image.last_occurred_at, Precision.INSTANT
    if decision.on != ctx.today() or at is None:
        at, precision = edit.occurred(decision.on)
    edit.append(EntryKind.ACTED, payload, occurred_at=at, precision=precision, actor=SYSTEM_ACTOR.id)


def _mapped(ctx: Context, side: ProceedingImage, params: Mapping[str, object]) -> Mapping[str, Json]:
    """Return what the effect says of the main form, by field id: facts of the side proceeding, and fixed words."""
    facts, fixed = params.get("with"), params.get("fixed")
    told: dict[str, Json] = dict(fixed) if isinstance(fixed, Mapping) else {}
    for field_id, fact in facts.items() if isinstance(facts, Mapping) else ():
        value = side.facts.get(str(fact))
        if isinstance(value, str) and value in ctx.law.organs:
            value = ctx.law.organs.get(value).name_zh
        told[str(field_id)] = value
    return told


def _is_offered(field: FieldDef, value: Json) -> bool:
    """Return whether a value is there where the form wants one, and among the choices where it has any."""
    if value is None:
        return not field.required or field.show_when is not None
    return not field.choices or value in {choice for choice, _ in field.choices}


def _told(ctx: Context, side: ProceedingImage, decision: Decision) -> Mapping[str, Json]:
    organ = side.facts.get(Peer.POLICE.organ_fact) or side.facts.get(Peer.AUTHORITY.organ_fact)
    name = ctx.law.organs.get(organ).name_zh if isinstance(organ, str) and organ in ctx.law.organs else ""
    reason = next((decision.facts[item] for item in _REASONS if decision.facts.get(item)), None)
    return {"transfer_to": name, "returned_by": name, "returned_reason": reason}


def tell_the_others(ctx: Context, unit: Unit, image: CaseImage, proceeding_id: str, decision: Decision) -> None:
    """Tell whom the act was sent to: our officers by case, the liaisons of another organ without a word of the case."""
    use, side = decision.action.sends, image.proceeding(proceeding_id)
    if use is None or side is None:
        return
    name = {"zh": decision.action.name.zh, "en": decision.action.name.en}
    key = f"handoff:{side.id}:{image.version}"
    if use.sender is not Peer.ORGAN:
        team = side.facts.get("team")
        people = {*image.handlers, *(map(str, team) if isinstance(team, list) else ())}
        text = Message(N_("%(number)s：对方已办理“%(action)s”"), {"number": image.display_number(), "action": name})
        notify.tell(ctx, unit, sorted(people), kind="handoff", key=key, message=text, case_id=image.id)
    for peer in use.peers:
        share = holder(side.shares, peer)
        if share is None or share.organ == ctx.actor.organ:
            continue
        liaisons = [one.id for one in staff_of(ctx, share.organ).values() if Role.LIAISON in one.roles and one.active]
        told = {"organ": ctx.law.organs.get(image.organ).short, "action": name}
        text = Message(N_("%(organ)s移送的案件：“%(action)s”已办理，请到“移送”中查看"), told)
        notify.tell(ctx, unit, liaisons, kind="handoff", key=key, message=text)
