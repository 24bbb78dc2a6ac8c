"""Finding out by trying whether a history is possible: every way of acts through a definition, one after the other.

Written from the rule alone (INTERFACES §2: acts without milestone, and optional ones, may go unrecorded; every other
act must be told, in order), so that it can stand against the automaton of the product.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from caseapp.domain.workflow.definition import PREVIOUS, SAME, Action, Category, FieldKind, GuardUse, Procedure

Told = tuple[str, Mapping[str, str | int]]
"""A milestone: kind and details."""
Place = tuple[str, str | None, frozenset[tuple[str, str | int]]]
"""Where a way has led: state, the state to return to, and what the milestones have told."""


def is_possible(procedure: Procedure, history: Sequence[Told]) -> bool:
    """Return whether some way of acts leaves exactly this history."""
    told = list(history)
    if procedure.opening is not None and told and told[0][0] == procedure.opening.kind.value:
        told = told[1:]
    ways = [(0, (procedure.initial, None, frozenset[tuple[str, str | int]]()))]
    seen = set(ways)
    while ways:
        read, place = ways.pop()
        if read == len(told):
            return True
        for step in _steps(procedure, place, read, told[read]):
            if step not in seen:
                seen.add(step)
                ways.append(step)
    return False


def _steps(procedure: Procedure, place: Place, read: int, following: Told) -> Iterator[tuple[int, Place]]:
    state, saved, known = place
    for action in procedure.actions:
        if state not in action.sources:
            continue
        use = action.milestone
        if use is None or use.optional:
            for where in _ends(procedure, action, state, saved, dict(known)):
                yield read, (*where, known)
        if use is not None and use.kind.value == following[0] and _fits(action, following[1]):
            facts = dict(known)
            for name, field_id in use.details_from.items():
                for field in action.fields:
                    if field.id == field_id and name in following[1]:
                        facts[field.fact_name] = following[1][name]
            for where in _ends(procedure, action, state, saved, facts, told=following[1]):
                yield read + 1, (*where, frozenset(facts.items()))


def _fits(action: Action, details: Mapping[str, str | int]) -> bool:
    use = action.milestone
    assert use is not None
    for name, value in details.items():
        if name in use.details and use.details[name] != value:
            return False
        field = next((item for item in action.fields if item.id == use.details_from.get(name)), None)
        listed = field.choices if field is not None and field.kind is FieldKind.CHOICE and name != "reason" else ()
        if listed and value not in [choice for choice, _ in listed]:
            return False
    return True


def _ends(
    procedure: Procedure,
    action: Action,
    state: str,
    saved: str | None,
    facts: dict[str, str | int],
    told: Mapping[str, str | int] | None = None,
) -> Iterator[tuple[str, str | None]]:
    """Give every state that the act may lead to, as far as anybody can tell."""
    answered = set(action.milestone.details_from.values()) if action.milestone and told is not None else set()
    for field in action.fields:
        if field.id not in answered:
            facts.pop(field.fact_name, None)
    if any(_answer(guard, facts) is False for guard in action.guards):
        return
    for post in action.posts:
        answers = [_answer(guard, facts) for guard in post.when]
        if False in answers:
            continue
        if post.to == SAME:
            yield state, saved
        elif post.to == PREVIOUS:
            if saved is not None:
                yield saved, None
        elif procedure.state(post.to).category is Category.SUSPENDED:
            yield post.to, saved if procedure.state(state).category is Category.SUSPENDED else state
        else:
            yield post.to, None
        if told is not None and post.when and None not in answers:
            return


def _answer(guard: GuardUse, facts: Mapping[str, str | int]) -> bool | None:
    if guard.name != "fact_equals" or guard.params["fact"] not in facts:
        return None
    return (facts[str(guard.params["fact"])] == guard.params["value"]) != guard.negate
