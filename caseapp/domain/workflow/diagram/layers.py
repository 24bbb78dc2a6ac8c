"""Which state stands on which layer, and which actions lead on, lead back, or are listed instead of drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from caseapp.domain.workflow.definition import PREVIOUS, SAME, Action, Category, Procedure
from caseapp.domain.workflow.diagram.marks import BOX_WIDTH, say

MANY: Final = 4
"""An action with so many sources or targets is listed, not drawn."""
ANY: Final = "*"
"""The id of the pseudo state 'any open state'."""


@dataclass(slots=True)
class Node:
    """A state, the pseudo state 'any open state', or a bend of a long edge (`state` is then empty)."""

    id: str
    layer: int = 0
    width: int = BOX_WIDTH
    order: float = 0.0
    x: float = 0.0
    y: float = 0.0
    state: str = ""


@dataclass(slots=True)
class Edge:
    source: str
    target: str
    labels: list[str] = field(default_factory=list)
    primary: bool = False
    bends: list[Node] = field(default_factory=list)


def steps_of(action: Action, saved: Iterable[str]) -> list[tuple[str, str]]:
    """Return every (source, target) of an action that changes the state."""
    found = []
    for source in action.sources:
        for post in action.posts:
            targets = [post.to] if post.to not in (SAME, PREVIOUS) else list(saved) if post.to == PREVIOUS else []
            found += [(source, target) for target in targets if target != source]
    return list(dict.fromkeys(found))


def is_general(action: Action) -> bool:
    """Return whether an action is listed below the drawing: it starts or leads in many places, or follows another
    proceeding's act.
    """
    if action.automatic and not action.lapses:
        return True
    targets = {post.to for post in action.posts} - {SAME}
    return len(action.sources) >= MANY or len(targets) >= MANY or PREVIOUS in targets


def moves(action: Action) -> bool:
    return any(post.to != SAME for post in action.posts)


class Layered:
    """Places states on layers: the part that both drawings share."""

    def __init__(self, procedure: Procedure, language: str) -> None:
        self.procedure = procedure
        self.language = language
        self.rank = {state.id: index for index, state in enumerate(procedure.states)}
        self.nodes: dict[str, Node] = {
            state.id: Node(state.id, state=state.id, order=index) for index, state in enumerate(procedure.states)
        }
        self.forward: dict[tuple[str, str], Edge] = {}
        self.backward: dict[tuple[str, str], Edge] = {}
        self.general = [action for action in procedure.actions if moves(action) and is_general(action)]
        self._collect()
        self._reach_all()
        self._layer()

    def _collect(self) -> None:
        for action in self.procedure.actions:
            if is_general(action):
                continue
            for source, target in steps_of(action, ()):
                edges = self.forward if self.rank[source] < self.rank[target] else self.backward
                edge = edges.setdefault((source, target), Edge(source, target))
                edge.labels.append(say(action.name, self.language))
                edge.primary = edge.primary or action.primary

    def _reach_all(self) -> None:
        """Lead to states that only listed actions enter from a pseudo state, so that none hangs in the air."""
        entered = {target for _, target in self.forward} | {self.procedure.initial}
        for action in self.general:
            begun = {self.procedure.state(source).category for source in action.sources}
            if not begun & {Category.LEAD, Category.OPEN}:
                continue
            for post in action.posts:
                if post.to in self.nodes and post.to not in entered:
                    edge = self.forward.setdefault((ANY, post.to), Edge(ANY, post.to))
                    edge.labels.append(say(action.name, self.language))
        if any(source == ANY for source, _ in self.forward):
            self.nodes[ANY] = Node(ANY, order=len(self.rank) / 2)
            self.rank[ANY] = -1

    def _layer(self) -> None:
        """Longest way from the start; what only the pseudo state enters is moved down to where it leads on."""
        for name in sorted(self.nodes, key=lambda item: self.rank[item]):
            before = [self.nodes[source].layer + 1 for source, target in self.forward if target == name]
            self.nodes[name].layer = max(before, default=0)
        if ANY not in self.nodes:
            return
        only = [target for source, target in self.forward if source == ANY]
        for name in sorted(only, key=lambda item: -self.rank[item]):
            after = [self.nodes[target].layer - 1 for source, target in self.forward if source == name]
            if after:
                self.nodes[name].layer = max(min(after), 1)
        deepest = max((self.nodes[name].layer for name in only), default=1)
        for name in only:
            if not any(source == name for source, _ in self.forward):
                self.nodes[name].layer = deepest
        self.nodes[ANY].layer = max(min(self.nodes[name].layer for name in only) - 1, 0)
