"""A procedure read as an automaton over milestones: for histories of which only the milestones are known.

Acts without a milestone, and acts whose milestone an import may skip, are silent steps; every other act must be matched
by its milestone, in order. Since silent steps leave it open which state the case is in, the automaton keeps every
branch with the number of acts that went unrecorded; the cheapest branch is shown as the state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from caseapp.domain.events import Json, MilestoneKind
from caseapp.domain.facts import Branch
from caseapp.domain.workflow.definition import PREVIOUS, SAME, Action, Category, FieldKind, GuardUse, Procedure


@dataclass(frozen=True, slots=True)
class Step:
    """Outcome of reading one milestone: the branches that remain, and the act that the cheapest one matched."""

    branches: tuple[Branch, ...]
    action: Action | None


def start(procedure: Procedure) -> tuple[Branch, ...]:
    """Return the one branch of a proceeding that has just been opened."""
    return (Branch(procedure.initial, None, 0),)


def read(
    procedure: Procedure,
    branches: Iterable[Branch],
    kind: MilestoneKind,
    details: Mapping[str, str | int],
    facts: Mapping[str, Json],
) -> Step | None:
    """Read one milestone. Returns None where no branch allows it.

    facts   what is known of the proceeding (from earlier details); conditions on unknown facts are not asked
    """
    found: dict[tuple[str, str | None], tuple[int, Action]] = {}
    for branch in _closure(procedure, branches, facts):
        for action in procedure.actions_from(branch.state):
            use = action.milestone
            if use is None or use.kind is not kind or not _details_fit(action, details):
                continue
            known = {**_before_form(action, facts), **facts_of(action, details)}
            if not _may_hold(action.guards, known):
                continue
            for post in action.posts:
                if not _may_hold(post.when, known):
                    continue
                target = lead_to(procedure, post.to, branch.state, branch.saved)
                if target is None:
                    continue
                cost = branch.cost + _untold(action, details)
                best = found.get(target)
                if best is None or cost < best[0]:
                    found[target] = (cost, action)
                if post.when and _holds_for_sure(post.when, known):
                    break
    if not found:
        return None
    order = {state.id: index for index, state in enumerate(procedure.states)}
    ranked = sorted(found.items(), key=lambda item: (item[1][0], order[item[0][0]]))
    return Step(tuple(Branch(state, saved, cost) for (state, saved), (cost, _) in ranked), ranked[0][1][1])


def jump(
    procedure: Procedure, branches: Iterable[Branch], kind: MilestoneKind, details: Mapping[str, str | int]
) -> Step:
    """Read a milestone that the procedure does not allow here (archive mode): go to where such an act leads.

    Where no act of the procedure is that milestone, the proceeding stays where it is.
    """
    before = min(branches, key=lambda branch: branch.cost)
    for action in procedure.actions:
        use = action.milestone
        if use is None or use.kind is not kind or not _details_fit(action, details):
            continue
        for post in action.posts:
            target = lead_to(procedure, post.to, before.state, before.saved)
            if target is not None:
                return Step((Branch(target[0], target[1], 0),), action)
    return Step((Branch(before.state, before.saved, 0),), None)


@dataclass(frozen=True, slots=True)
class Taken:
    """Where an act that is known without its form leads: the state it starts in (after silent steps) and ends in."""

    source: str
    to: str
    saved: str | None


def take(procedure: Procedure, branches: Iterable[Branch], action_id: str, facts: Mapping[str, Json]) -> Taken | None:
    """Place an act known from another system's log. Returns None where no branch allows it.

    Conditions that the log cannot answer are not asked; the default post-state is taken unless known facts say
    otherwise.
    """
    action = procedure.action(action_id)
    if action is None:
        return None
    known = _before_form(action, facts)
    for branch in _closure(procedure, branches, facts):
        if branch.state not in action.sources or not _may_hold(action.guards, known):
            continue
        posts = [post for post in action.posts if not post.when or _holds_for_sure(post.when, known)]
        for post in posts:
            target = lead_to(procedure, post.to, branch.state, branch.saved)
            if target is not None:
                return Taken(branch.state, target[0], target[1])
    return None


def facts_of(action: Action, details: Mapping[str, str | int]) -> dict[str, Json]:
    """Return the facts that a milestone's details tell about the act it stands for.

    Another system's own word for what the form asks as a choice is no answer to it: it stays with the milestone alone.
    """
    use = action.milestone
    if use is None:
        return {}
    fields = {field.id: field for field in action.fields}
    told = (
        (fields[field], details[name])
        for name, field in use.details_from.items()
        if name in details and field in fields
    )
    return {
        field.fact_name: value
        for field, value in told
        if not (field.kind is FieldKind.CHOICE and field.choices and value not in {word for word, _ in field.choices})
    }


def _before_form(action: Action, facts: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return what is known before the act's own form is filled in: what it asks is asked anew, whatever an earlier one
    said.
    """
    asked = {field.fact_name for field in action.fields}
    return facts if asked.isdisjoint(facts) else {name: value for name, value in facts.items() if name not in asked}


def lead_to(procedure: Procedure, to: str, state: str, saved: str | None) -> tuple[str, str | None] | None:
    """Resolve a post-state: (state, saved state), or None where `@previous` has nothing to return to.

    A proceeding that enters a suspended state remembers where it came from until it leaves suspension.
    """
    if to == SAME:
        return state, saved
    if to == PREVIOUS:
        return (saved, None) if saved is not None else None
    if procedure.state(to).category is Category.SUSPENDED:
        return to, saved if procedure.state(state).category is Category.SUSPENDED else state
    return to, None


def _closure(procedure: Procedure, branches: Iterable[Branch], facts: Mapping[str, Json]) -> list[Branch]:
    """Return every branch reachable by silent steps, cheapest first."""
    best: dict[tuple[str, str | None], int] = {}
    waiting = sorted(branches, key=lambda branch: branch.cost)
    while waiting:
        branch = waiting.pop(0)
        key = (branch.state, branch.saved)
        if key in best:
            continue
        best[key] = branch.cost
        for action in procedure.actions_from(branch.state):
            if action.milestone is not None and not action.milestone.optional:
                continue
            known = _before_form(action, facts) if len(action.posts) > 1 else facts
            for post in action.posts:
                target = lead_to(procedure, post.to, branch.state, branch.saved)
                if target is not None and target not in best and _may_hold(post.when, known):
                    waiting.append(Branch(target[0], target[1], branch.cost + 1))
        waiting.sort(key=lambda item: item.cost)
    return [Branch(state, saved, cost) for (state, saved), cost in best.items()]


def _details_fit(action: Action, details: Mapping[str, str | int]) -> bool:
    use = action.milestone
    assert use is not None
    if any(name in details and details[name] != value for name, value in use.details.items()):
        return False
    fields = {field.id: field for field in action.fields}
    for name, field_id in use.details_from.items():
        field = fields.get(field_id)
        if name not in details or field is None or field.kind is not FieldKind.CHOICE or not field.choices:
            continue
        if name in ("reason", "outcome"):
            continue  # grounds and verdicts are told in free words by other systems
        if details[name] not in {choice for choice, _ in field.choices}:
            return False
    return True


def _untold(action: Action, details: Mapping[str, str | int]) -> int:
    """Count the fixed details of an act that the milestone does not tell: of two acts that fit, the plainer is
    likelier.
    """
    use = action.milestone
    return sum(1 for name in use.details if name not in details) if use else 0


def _may_hold(guards: Iterable[GuardUse], facts: Mapping[str, Json]) -> bool:
    return all(_verdict(guard, facts) is not False for guard in guards)


def _holds_for_sure(guards: Iterable[GuardUse], facts: Mapping[str, Json]) -> bool:
    return all(_verdict(guard, facts) is True for guard in guards)


def _verdict(guard: GuardUse, facts: Mapping[str, Json]) -> bool | None:
    """Judge the one kind of guard that milestones can answer: whether a known fact has a given value."""
    if guard.name != "fact_equals":
        return None
    name = str(guard.params.get("fact", ""))
    if name not in facts or facts[name] is None:
        return None
    return (facts[name] == guard.params.get("value")) is not guard.negate
