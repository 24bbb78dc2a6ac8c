"""Judging side procedures: where they open, what the law ends in them, and what they tell other proceedings.

A part of `check`; it knows problems by the same rule ids and counter-examples.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Final

from caseapp.domain.errors import DefinitionProblem
from caseapp.domain.events import MilestoneKind
from caseapp.domain.roles import Role
from caseapp.domain.workflow.definition import ANY_MAIN, MAIN, PREVIOUS, SAME, Action, Category, Kind, Procedure
from caseapp.domain.workflow.vocabulary import EXCLUDED_REASONS
from caseapp.domain.workflow.ways import Ways

_Wrong = Callable[..., DefinitionProblem]
"""Makes a problem of the file from path, text, rule and counter-example."""

EXCLUSIONS: Final = (MilestoneKind.EXCLUDED_FROM, MilestoneKind.EXCLUDED_UNTIL)
"""What an act of a side proceeding may tell others."""


def side_problems(procedure: Procedure, clocks: Collection[str] | None) -> Iterator[DefinitionProblem]:
    """Yield the faults of one definition that concern its kind."""
    wrong = partial(DefinitionProblem, procedure.source_file)
    side = procedure.kind is Kind.SIDE
    asked = {field.fact_name for action in procedure.actions for field in action.fields}
    for fact in procedure.shows:
        if fact not in asked:
            yield wrong("/shows", f"no form asks {fact!r}", "unknown-field")
    if not side and (procedure.opens_from or procedure.opens_with):
        yield wrong("/opening", "only a side procedure is opened beside another one", "side-opening")
    if side:
        yield from _opening(procedure, wrong)
    yield from _not_blocking(procedure, wrong)
    for action in procedure.actions:
        at = f"/actions/{action.id}"
        if side and action.milestone is not None:
            text = "a side procedure has no milestones: figures are about main proceedings; use `tells`"
            yield wrong(f"{at}/milestone", text, "side-milestone")
        if action.lapses:
            yield from _lapse(action, at, wrong)
            if clocks is not None and action.lapses not in clocks:
                yield wrong(f"{at}/lapses", f"there is no clock {action.lapses!r}", "unknown-clock")
        elif side and action.automatic:
            yield wrong(f"{at}/automatic", "what the law does by itself needs the clock that `lapses`", "lapse")
        if action.tells and not side:
            yield wrong(f"{at}/tells", "only a side procedure tells another proceeding", "tells")
        if sum(1 for telling in action.tells if telling.to == MAIN) > 1:
            yield wrong(f"{at}/tells", "an act tells the main proceeding one thing", "tells")
        for index, telling in enumerate(action.tells):
            if telling.kind not in EXCLUSIONS:
                text = f"{telling.kind} cannot be told, only {' and '.join(EXCLUSIONS)}"
                yield wrong(f"{at}/tells/{index}", text, "tells")
            reason = telling.details.get("reason")
            if reason not in EXCLUDED_REASONS:
                text = f"{reason!r} is none of {', '.join(sorted(EXCLUDED_REASONS))}"
                yield wrong(f"{at}/tells/{index}/reason", text, "milestone-detail")
            if telling.to == MAIN and telling.when:
                text = "what the main proceeding is told has no condition: its record must not depend on one"
                yield wrong(f"{at}/tells/{index}/when", text, "tells")
    if side:
        yield from _left_out_for_ever(procedure, wrong)


def _not_blocking(procedure: Procedure, wrong: _Wrong) -> Iterator[DefinitionProblem]:
    """Yield the states that let the case be closed although its own people still have to act in them."""
    for state in procedure.states:
        if state.blocks_closing:
            continue
        if procedure.kind is not Kind.SIDE or state.category is Category.CLOSED or state.owner is not Role.LIAISON:
            text = "only a side proceeding that waits for another organ (owner: liaison) lets the case be closed"
            yield wrong(f"/states/{state.id}/blocks_closing", text, "blocks-closing")


def set_problems(procedures: Iterable[Procedure]) -> Iterator[DefinitionProblem]:
    """Yield the faults between side procedures and what they name, where any main procedure is at hand.

    A set without main procedures is a file checked alone: what it names elsewhere is then not judged.
    """
    known: dict[str, list[Procedure]] = {}
    for procedure in procedures:
        known.setdefault(procedure.id, []).append(procedure)
    if not any(procedure.kind is Kind.MAIN for versions in known.values() for procedure in versions):
        return
    for versions in known.values():
        for procedure in versions:
            if procedure.kind is Kind.SIDE:
                yield from _names(procedure, known)


def _names(procedure: Procedure, known: Mapping[str, list[Procedure]]) -> Iterator[DefinitionProblem]:
    for name, patterns in procedure.opens_from.items():
        if name == ANY_MAIN:
            continue
        at = f"/opening/from/{name}"
        mains = [item for item in known.get(name, ()) if item.kind is Kind.MAIN]
        if not mains:
            yield DefinitionProblem(
                procedure.source_file, at, f"there is no main procedure {name!r}", "unknown-procedure"
            )
            continue
        main = max(mains, key=lambda item: item.version)
        words = {"*", *(f"*{item}" for item in Category), *(state.id for state in main.states)}
        for pattern in patterns:
            if pattern not in words and pattern.removeprefix("-") not in words:
                text = f"{name} has no state {pattern.removeprefix('-')!r}"
                yield DefinitionProblem(procedure.source_file, at, text, "unknown-state")
        told = {telling.kind for action in procedure.actions for telling in action.tells if telling.to == MAIN}
        known_kinds = {action.milestone.kind for action in main.actions if action.milestone is not None}
        for kind in sorted(told - known_kinds):
            text = f"{name} knows no milestone {kind}: its cases could not be handed on with what they are told"
            yield DefinitionProblem(procedure.source_file, at, text, "tells")
    for action in procedure.actions:
        for index, telling in enumerate(action.tells):
            if telling.to != MAIN and not any(item.kind is Kind.SIDE for item in known.get(telling.to, ())):
                text = f"there is no side procedure {telling.to!r}"
                place = f"/actions/{action.id}/tells/{index}/to"
                yield DefinitionProblem(procedure.source_file, place, text, "unknown-procedure")


def _opening(procedure: Procedure, wrong: _Wrong) -> Iterator[DefinitionProblem]:
    if not procedure.opens_from:
        text = "a side procedure says beside which main procedures and from which of their states it opens"
        yield wrong("/opening/from", text, "side-opening")
    if not procedure.opens_with:
        yield wrong("/opening/with", "a side procedure says with which actions it begins", "side-opening")
    for name in procedure.opens_with:
        action = procedure.action(name)
        if action is None:
            yield wrong("/opening/with", f"there is no action {name!r}", "unknown-action")
        elif procedure.initial not in action.sources or action.automatic:
            text = f"{name!r} cannot be the first act: it does not start in {procedure.initial!r}"
            yield wrong("/opening/with", text, "side-opening")
    if procedure.opening is not None or procedure.opening_clocks.starts:
        text = "a side procedure opens with an act: milestones and clocks are the act's"
        yield wrong("/opening", text, "side-opening")
    if procedure.counts or procedure.handling_clock:
        yield wrong("/counts", "a side procedure is in no figure and has no handling clock", "side-opening")


def _lapse(action: Action, at: str, wrong: _Wrong) -> Iterator[DefinitionProblem]:
    if not action.automatic:
        yield wrong(f"{at}/lapses", "what the law does by itself is `automatic: true`", "lapse")
    if action.guards or action.fields or action.documents or action.effects or action.milestone or action.clocks.meets:
        text = "the law asks nobody: no guards, fields, documents, effects, milestone, and no clock is met"
        yield wrong(at, text, "lapse")
    targets = {post.to for post in action.posts}
    if len(action.posts) != 1 or action.posts[0].when or targets & {SAME, PREVIOUS, *action.sources}:
        yield wrong(f"{at}/to", "a lapse leads to one state, and out of those it starts in", "lapse")


def _left_out_for_ever(procedure: Procedure, wrong: _Wrong) -> Iterator[DefinitionProblem]:
    """Time that the main proceeding leaves out must end before the side proceeding does, on every way."""
    closed = {state.id for state in procedure.states if state.category is Category.CLOSED}
    edges: dict[str, list[tuple[Action, str]]] = {}
    for source, action, target in Ways(procedure).edges:
        edges.setdefault(source, []).append((action, target))
    seen = {(procedure.initial, False)}
    waiting: deque[tuple[str, bool, tuple[str, ...]]] = deque([(procedure.initial, False, ())])
    while waiting:
        state, excluded, path = waiting.popleft()
        for action, target in edges.get(state, ()):
            after = excluded
            for telling in action.tells:
                if telling.to == MAIN and telling.kind in EXCLUSIONS:
                    after = telling.kind is MilestoneKind.EXCLUDED_FROM
            here = (*path, action.id)
            if target in closed and after:
                text = f"{action.id!r} ends the proceeding while its time is still left out of the main one's clocks"
                yield wrong(f"/actions/{action.id}/tells", text, "tells", here)
            if (target, after) not in seen:
                seen.add((target, after))
                waiting.append((target, after, here))
