"""The ways through a procedure: every step, what can be reached from the beginning, what can still be closed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from caseapp.domain.workflow.definition import PREVIOUS, SAME, Action, Category, Procedure


class Ways:
    """The graph of a procedure's states.

    edges  every step (state, action, state) but those back from suspension: they lead nowhere new
    """

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.edges = list(self._all_edges({state.id for state in procedure.states}))

    def _all_edges(self, known: set[str]) -> Iterator[tuple[str, Action, str]]:
        for action in self.procedure.actions:
            for source in action.sources:
                for post in action.posts:
                    target = source if post.to == SAME else post.to
                    if target in known:
                        yield source, action, target

    def reached(self) -> dict[str, tuple[str, ...]]:
        """Return the states that can be reached, each with the shortest row of actions that leads there."""
        paths: dict[str, tuple[str, ...]] = {self.procedure.initial: ()}
        waiting = deque([self.procedure.initial])
        following: dict[str, list[tuple[Action, str]]] = {}
        for source, action, target in self.edges:
            following.setdefault(source, []).append((action, target))
        while waiting:
            state = waiting.popleft()
            for action, target in following.get(state, ()):
                if target not in paths:
                    paths[target] = (*paths[state], action.id)
                    waiting.append(target)
        return paths

    def can_close(self) -> set[str]:
        """Return the states from which a closed state can be reached.

        A suspended state that leads back to where the case came from is no trap itself: the state it came from may be
        one.
        """
        good = {state.id for state in self.procedure.states if state.category is Category.CLOSED}
        changed = True
        while changed:
            more = {source for source, _, target in self.edges if target in good} - good
            changed = bool(more)
            good |= more
        for action in self.procedure.actions:
            if any(post.to == PREVIOUS for post in action.posts):
                for suspended in set(action.sources) - good:
                    before = {source for source, _, target in self.edges if target == suspended and source != suspended}
                    if before & good:
                        good.add(suspended)
        return good
