"""Row 5: firing a step in memory beside a hand-written table and the best-known Python state machine."""

from __future__ import annotations

import statistics
from datetime import date
from typing import Any

from transitions import Machine

from caseapp.domain.events import MilestoneKind
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.roles import Role
from caseapp.domain.workflow.definition import (
    Action,
    Category,
    GuardUse,
    Kind,
    MilestoneUse,
    PostState,
    Procedure,
    State,
    Text,
)
from caseapp.domain.workflow.engine import fire, table_of
from caseapp.domain.workflow.situation import Actor, Situation
from tests.bench.measure import Line, timed

ROUNDS = 9
LAPS = 2000
STATES = 12


def rows() -> list[Line]:
    """Measure the bare step of a twelve-state ring: one guard and one consequence a step."""
    ours, theirs, floor = _ours(), _transitions(), _dictionary()
    ours(), theirs(), floor()
    against_floor, against_machine = [], []
    for _ in range(ROUNDS):
        own, machine, table = timed(ours), timed(theirs), timed(floor)
        against_floor.append(own / table)
        against_machine.append(machine / own)
    per_step = LAPS * STATES
    note = f"{timed(ours) / per_step * 1e6:.2f} µs a step"
    return [
        Line("5a", "引擎一步 / 手写字典引擎", statistics.median(against_floor), True, 5, 3, note),
        Line("5b", "transitions 一步 / 引擎一步", statistics.median(against_machine), False, 8, 15),
    ]


def _ours() -> Any:
    names = [f"s{number}" for number in range(STATES)]
    text = Text("状态", "state")
    procedure = Procedure(
        id="ring",
        version=1,
        name=text,
        kind=Kind.SIDE,
        initial="s0",
        states=tuple(State(name, text, Category.OPEN) for name in names),
        actions=tuple(
            Action(
                id=f"go{number}",
                name=text,
                sources=(name,),
                posts=(PostState(names[(number + 1) % STATES]),),
                roles=(Role.OFFICER,),
                guards=(GuardUse("fact_present", {"fact": "ready"}),),
                milestone=MilestoneUse(MilestoneKind.SERVED),
            )
            for number, name in enumerate(names)
        ),
    )
    table = table_of(procedure)
    proceeding = ProceedingImage(
        id="p", procedure="ring", version=1, state="s0", category="open", opened_on=date(2026, 1, 5),
        entered_on=date(2026, 1, 5), facts={"ready": "yes"},
    )  # fmt: skip
    case = CaseImage(
        id="c", version=1, opened_on=date(2026, 1, 5), title="", organ="o", division="320612",
        ip_types=("trademark",), proceedings=(proceeding,),
    )  # fmt: skip
    actor = Actor("u", "u", "o", frozenset({Role.OFFICER}))
    situation = Situation(case, proceeding, actor, date(2026, 1, 6), fields={})
    steps = [f"go{number}" for number in range(STATES)]

    def lap() -> None:
        state = "s0"
        count = 0
        for _ in range(LAPS):
            for step in steps:
                led = fire(table, state, step, situation)
                assert isinstance(led, str)
                state = led
                count += 1

    return lap


def _dictionary() -> Any:
    facts = {"ready": "yes"}
    count = [0]

    def guard() -> bool:
        return facts["ready"] is not None

    def callback() -> None:
        count[0] += 1

    table = {(f"s{number}", f"go{number}"): (guard, f"s{(number + 1) % STATES}", callback) for number in range(STATES)}
    steps = [f"go{number}" for number in range(STATES)]

    def lap() -> None:
        state = "s0"
        for _ in range(LAPS):
            for step in steps:
                check, to, consequence = table[state, step]
                if check():
                    state = to
                    consequence()

    return lap


class _Case:
    """What the peer drives: a model with one guard and one callback."""

    def __init__(self) -> None:
        self.ready = "yes"
        self.count = 0

    def is_ready(self) -> bool:
        return self.ready is not None

    def counted(self) -> None:
        self.count += 1


def _transitions() -> Any:
    case = _Case()
    machine = Machine(case, states=[f"s{number}" for number in range(STATES)], initial="s0", auto_transitions=False)
    for number in range(STATES):
        machine.add_transition(
            f"go{number}", f"s{number}", f"s{(number + 1) % STATES}", conditions="is_ready", after="counted"
        )

    def lap() -> None:
        for _ in range(LAPS // 20):
            for number in range(STATES):
                getattr(case, f"go{number}")()

    # A twentieth of the laps, counted twenty times: the peer is slow enough for that to be exact.
    def counted() -> None:
        for _ in range(20):
            lap()

    return counted
