"""What may be done next, and why the rest may not: the list behind every button."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from caseapp.domain.errors import Unmet
from caseapp.domain.workflow.definition import Action, ApprovalStep, Procedure
from caseapp.domain.workflow.engine import approval_steps, standing_obstacles, table_of, unmet_guards
from caseapp.domain.workflow.guards import GUARDS
from caseapp.domain.workflow.situation import Situation


@dataclass(frozen=True, slots=True)
class Availability:
    """One action from the present state.

    unmet    what stands in the way, each with who can cure it and the article; () = it can be opened
    asked    names of guards that can only be judged once the form is filled in
    steps    approval it will go through
    """

    action: Action
    unmet: tuple[Unmet, ...]
    asked: tuple[str, ...] = ()
    steps: tuple[ApprovalStep, ...] = ()

    @property
    def open(self) -> bool:
        """Whether the actor may open its form now."""
        return not self.unmet


def available(procedure: Procedure, situation: Situation) -> tuple[Availability, ...]:
    """Return every action of the present state, in the order of the definition, automatic ones left out."""
    return tuple(_each(procedure, situation, procedure.actions_from(situation.proceeding.state)))


def papers_available(procedure: Procedure, situation: Situation) -> tuple[Availability, ...]:
    """Return every paper that may be issued in the present state, in the order of the definition."""
    state = situation.proceeding.state
    return tuple(_each(procedure, situation, (paper for paper in procedure.papers if state in paper.sources)))


def _each(procedure: Procedure, situation: Situation, actions: Iterable[Action]) -> Iterator[Availability]:
    blank = replace(situation, fields=None) if situation.fields is not None else situation
    table = table_of(procedure)
    for action in actions:
        if action.automatic:
            continue
        transition = table[situation.proceeding.state, action.id]
        unmet = (*standing_obstacles(action, blank), *unmet_guards(transition, blank))
        asked = tuple(use.name for use in action.guards if GUARDS[use.name].needs_form)
        yield Availability(action, unmet, asked, approval_steps(action, blank))
