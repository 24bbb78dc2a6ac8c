"""Deciding whether an action may be taken, and where it leads. Pure: the same rules serve web, commands, imports,
tests.

The heart is a table compiled once per definition: (state, action) -> bound guards and post-states. Firing it costs a
dictionary look-up and the guards themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from caseapp.domain.errors import N_, ActionRefused, InputError, Message, Unmet
from caseapp.domain.events import LEGAL_ZONE, Json, MilestoneKind, legal_date
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.roles import Role
from caseapp.domain.workflow import automaton, fields
from caseapp.domain.workflow.cited import citing
from caseapp.domain.workflow.definition import MAIN, Action, ApprovalStep, Category, FieldKind, GuardUse, Procedure
from caseapp.domain.workflow.guards import GUARDS
from caseapp.domain.workflow.situation import Situation

BoundGuard = Callable[[Situation], tuple[Unmet, ...]]
"""A guard with its parameters filled in: () when met."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One cell of the table: an action in a state, with its guards bound."""

    action: Action
    guards: tuple[BoundGuard, ...]
    posts: tuple[tuple[str, tuple[BoundGuard, ...]], ...]


Table = Mapping[tuple[str, str], Transition]
"""(state id, action id) -> transition."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What taking the action means, before anything is written.

    saved      the state to return to, where the step leads into suspension (or leaves it alone)
    facts      entered values by fact name
    on         legal date of the act
    milestone  {"kind", "on", "precision", "details"} or None
    tells      what other proceedings are told: [{"proceedings": [id], "milestone": as above}]
    steps      approval steps that must be signed first; () = it takes effect at once
    """

    action: Action
    from_state: str
    to_state: str
    saved: str | None
    facts: Mapping[str, Json]
    on: date
    milestone: Mapping[str, Json] | None = None
    extends: tuple[Mapping[str, Json], ...] = ()
    tells: tuple[Mapping[str, Json], ...] = ()
    steps: tuple[ApprovalStep, ...] = field(default=())


_TABLES: dict[int, tuple[Procedure, Table]] = {}


def table_of(procedure: Procedure) -> Table:
    """Return the compiled table of a definition, made once per definition object."""
    known = _TABLES.get(id(procedure))
    if known is not None and known[0] is procedure:
        return known[1]
    table = compile_table(procedure)
    _TABLES[id(procedure)] = (procedure, table)
    return table


def compile_table(procedure: Procedure) -> Table:
    """Bind every guard of the definition. raises KeyError for a guard that does not exist (checks come first)."""
    table: dict[tuple[str, str], Transition] = {}
    for action in (*procedure.actions, *procedure.papers):
        transition = Transition(
            action,
            tuple(citing(procedure, guard, bind(guard)) for guard in action.guards),
            tuple((post.to, tuple(bind(guard) for guard in post.when)) for post in action.posts),
        )
        for state in action.sources:
            table[state, action.id] = transition
    return table


def bind(use: GuardUse) -> BoundGuard:
    """Return the guard with its parameters filled in, turned round where the use says so."""
    spec, params = GUARDS[use.name], use.params
    check = spec.check
    if not use.negate:
        return lambda situation: check(situation, params)
    text = Message(spec.otherwise or N_("该条件已经具备，不适用本事项"))
    denied = (Unmet(text, article=str(params.get("article", "")), guard=use.name),)
    return lambda situation: () if check(situation, params) else denied


def fire(table: Table, state: str, action_id: str, situation: Situation) -> str | tuple[Unmet, ...]:
    """Return the post-state named by the definition, or the unmet guards. The bare step: no roles, no form, no dates.

    raises  KeyError where the action does not start in that state
    """
    transition = table[state, action_id]
    for guard in transition.guards:
        if guard(situation):
            return unmet_guards(transition, situation)
    for to, when in transition.posts:
        for guard in when:
            if guard(situation):
                break
        else:
            return to
    raise AssertionError("the last post-state of an action has no condition")


def unmet_guards(transition: Transition, situation: Situation) -> tuple[Unmet, ...]:
    """Return every unmet guard of a transition, in the order of the definition."""
    return tuple(unmet for guard in transition.guards for unmet in guard(situation))


def decide(
    procedure: Procedure,
    situation: Situation,
    action_id: str,
    values: Mapping[str, Json],
    *,
    today: date,
    approved: bool = False,
) -> Decision:
    """Decide one action.

    situation  as it stands; its `fields` are ignored and taken from `values`
    values     entered values by FIELD id (by FACT name when `approved`: they were checked when the request was made)
    today      local date; an act cannot lie in the future
    approved   the last signature was just given: roles, form and approval are not asked again, guards are

    raises  ActionRefused (not from this state, role, pending request, guards), InputErrors, InputError
    """
    proceeding = situation.proceeding
    transition = table_of(procedure).get((proceeding.state, action_id))
    if transition is None:
        raise ActionRefused(action_id, [not_here(procedure, proceeding.state, action_id)])
    action = transition.action
    if approved:
        facts = dict(values)
    else:
        standing = standing_obstacles(action, situation)
        if standing:
            raise ActionRefused(action_id, standing)
        facts = fields.checked(action, values)
    on = act_day(action, facts, default=situation.on, today=today)
    filled = replace(situation, fields=facts, on=on)
    led = fire(table_of(procedure), proceeding.state, action_id, filled)
    if isinstance(led, tuple):
        raise ActionRefused(action_id, led)
    target = automaton.lead_to(procedure, led, proceeding.state, proceeding.saved)
    if target is None:
        raise ActionRefused(action_id, [Unmet(Message(N_("没有可以恢复到的原状态")), guard="saved")])
    return Decision(
        action=action,
        from_state=proceeding.state,
        to_state=target[0],
        saved=target[1],
        facts=facts,
        on=on,
        milestone=_milestone(action, proceeding, facts, on),
        tells=tellings(action, filled),
        extends=_extends(action, facts, situation.law),
        steps=() if approved else approval_steps(action, filled),
    )


def standing_obstacles(action: Action, situation: Situation) -> tuple[Unmet, ...]:
    """Return what stands in the way before any form is filled in: the role, and a request already under way."""
    obstacles: list[Unmet] = []
    if action.automatic:
        obstacles.append(Unmet(Message(N_("该事项由系统依法自动办理")), guard="automatic"))
    if not situation.actor.roles.intersection(action.roles):
        roles = "|".join(role.value for role in action.roles)
        obstacles.append(Unmet(Message(N_("您的角色不能办理该事项")), cure=roles, guard="role"))
    if situation.case.waiting_transfer is not None and Role.SYSTEM not in situation.actor.roles:
        text = N_("本案已发往其他机关、等候签收，签收、退回或者撤回后再办理")
        obstacles.append(Unmet(Message(text), cure=Role.LEADER.value, guard="transfer"))
    pending = situation.case.pending_approval(situation.proceeding.id)
    # A paper that needs no signature of its own waits for nobody's.
    if pending is not None and not (action.paper and not action.approval):
        obstacles.append(
            Unmet(
                Message(N_("有一项审批正在进行，待其办结、退回或由申请人撤回后再办理")),
                cure=pending.by,
                guard="pending",
            )
        )
    return tuple(obstacles)


def approval_steps(action: Action, situation: Situation) -> tuple[ApprovalStep, ...]:
    """Return the steps of the action's approval that apply to this case, in order."""
    return tuple(step for step in action.approval if all(not bind(guard)(situation) for guard in step.when))


def act_day(action: Action, facts: Mapping[str, Json], *, default: date, today: date) -> date:
    """Return the legal date of the act: the field that carries it, else the default.

    raises  InputError for a day in the future
    """
    name = action.occurs_on or (action.milestone.date_from if action.milestone else "")
    if not name:
        return default
    told = facts.get(_fact_name(action, name))
    if told is None:
        return default
    on = day_of(str(told))
    if on > today:
        raise InputError(name, Message(N_("办理日期不能晚于今天（%(today)s）"), {"today": today.isoformat()}))
    return on


def act_instant(action: Action, facts: Mapping[str, Json]) -> datetime | None:
    """Return the exact time of the act where its form tells it, else None."""
    dated = next((item for item in action.fields if item.id == action.occurs_on), None)
    if dated is None or dated.kind is not FieldKind.INSTANT or not facts.get(dated.fact_name):
        return None
    instant = datetime.fromisoformat(str(facts[dated.fact_name]))
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=LEGAL_ZONE)


def day_of(told: str) -> date:
    """Return the legal date of an ISO date or instant. raises ValueError"""
    if len(told) <= len("2026-01-31"):
        return date.fromisoformat(told)
    instant = datetime.fromisoformat(told)
    return legal_date(instant) if instant.tzinfo is not None else instant.date()


def not_here(procedure: Procedure, state: str, action_id: str) -> Unmet:
    """Return the refusal of an action that does not start in that state."""
    action = procedure.action(action_id)
    here = procedure.state(state).name
    if action is None:
        return Unmet(Message(N_("程序中没有“%(action)s”这一事项"), {"action": action_id}), guard="state")
    return Unmet(
        Message(
            N_("“%(state)s”状态下不能办理“%(action)s”"),
            {"state": {"zh": here.zh, "en": here.en}, "action": {"zh": action.name.zh, "en": action.name.en}},
        ),
        guard="state",
    )


def _fact_name(action: Action, field_id: str) -> str:
    return next((item.fact_name for item in action.fields if item.id == field_id), field_id)


def tellings(action: Action, situation: Situation) -> tuple[Mapping[str, Json], ...]:
    """Return what the action tells other proceedings: each is told, and to what it matters, only once."""
    found: list[Mapping[str, Json]] = []
    for telling in action.tells:
        if any(bind(guard)(situation) for guard in telling.when):
            continue
        begins = telling.kind is MilestoneKind.EXCLUDED_FROM
        told = [
            other.id
            for other in told_to(situation.case, telling.to, situation.proceeding.id)
            if begins is not _is_excluded(other, situation.proceeding.id, telling.details)
        ]
        if told:
            milestone: dict[str, Json] = {
                "kind": telling.kind.value,
                "on": situation.on.isoformat(),
                "precision": "day",
                "details": dict(telling.details),
            }
            found.append({"proceedings": list(told), "milestone": milestone})
    return tuple(found)


def told_to(case: CaseImage, to: str, teller: str) -> tuple[ProceedingImage, ...]:
    """Return the proceedings that `to` of a telling means: the main one, or the active ones of a side procedure."""
    if to == MAIN:
        return (case.main,)
    return tuple(
        other
        for other in case.proceedings[1:]
        if other.procedure == to and other.category != Category.CLOSED and other.id != teller
    )


def _is_excluded(other: ProceedingImage, teller: str, details: Mapping[str, str | int]) -> bool:
    return any(
        pause.of == teller and pause.until is None and pause.reason == details.get("reason") for pause in other.pauses
    )


def _milestone(
    action: Action, proceeding: ProceedingImage, facts: Mapping[str, Json], on: date
) -> dict[str, Json] | None:
    use = action.milestone
    if use is None:
        return None
    details: dict[str, Any] = dict(use.details)
    for name, field_id in use.details_from.items():
        value = facts.get(_fact_name(action, field_id))
        if value is not None:
            details[name] = value
    if use.kind is MilestoneKind.EXCLUDED_UNTIL and "reason" not in details:
        own = (item for item in reversed(proceeding.pauses) if item.until is None and not item.of)
        ended = next((item.reason for item in own if item.reason != "suspension"), None)
        if ended is not None:
            details["reason"] = ended
    return {"kind": use.kind.value, "on": on.isoformat(), "precision": "day", "details": details}


def _extends(action: Action, facts: Mapping[str, Json], law: Mapping[str, int]) -> tuple[Mapping[str, Json], ...]:
    found: list[Mapping[str, Json]] = []
    unit = action.milestone.details.get("unit", "days") if action.milestone else "days"
    for rule in action.clocks.extends:
        asked = facts.get("extension_n")
        n = asked if isinstance(asked, int) else law.get(f"extension.{rule}")
        if n:
            found.append({"rule": rule, "n": n, "unit": unit})
    return tuple(found)
