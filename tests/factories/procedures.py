"""Small procedures made by hand: what a rule of the workflow needs to show itself, and nothing more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from caseapp.domain.events import MilestoneKind
from caseapp.domain.roles import Role
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.definition import (
    PREVIOUS,
    SAME,
    Action,
    ApprovalStep,
    Category,
    ClockUse,
    FieldDef,
    FieldKind,
    GuardUse,
    Kind,
    MilestoneUse,
    PostState,
    Procedure,
    State,
    Telling,
    Text,
)


def words(text: str) -> Text:
    """Return a text whose two languages are told apart by a suffix."""
    return Text(text, f"{text} (en)")


def state(state_id: str, category: Category = Category.OPEN) -> State:
    return State(state_id, words(state_id), category, None if category is Category.CLOSED else Role.OFFICER)


def milestone(kind: str, **more: Any) -> MilestoneUse:
    return MilestoneUse(MilestoneKind(kind), **more)


def field(field_id: str, kind: FieldKind = FieldKind.TEXT, **more: Any) -> FieldDef:
    return FieldDef(field_id, kind, words(field_id), **more)


def choice(field_id: str, *choices: str, **more: Any) -> FieldDef:
    return FieldDef(
        field_id, FieldKind.CHOICE, words(field_id), choices=tuple((item, words(item)) for item in choices), **more
    )


def equals(fact: str, value: object, **more: Any) -> GuardUse:
    """Return the one condition that milestones can answer: a fact has a value."""
    return GuardUse("fact_equals", {"fact": fact, "value": value}, **more)


def step(step_id: str, role: Role, *when: GuardUse) -> ApprovalStep:
    return ApprovalStep(step_id, words(step_id), role, when=when)


def action(
    action_id: str,
    sources: str,
    to: str | Iterable[PostState],
    kind: str | MilestoneUse | None = None,
    /,
    *,
    roles: tuple[Role, ...] = (Role.OFFICER,),
    **more: Any,
) -> Action:
    """Return an action. `sources` are state ids with spaces between; `to` is one state or post-states in order."""
    return Action(
        id=action_id,
        name=words(action_id),
        sources=tuple(sources.split()),
        posts=(PostState(to),) if isinstance(to, str) else tuple(to),
        roles=roles,
        milestone=milestone(kind) if isinstance(kind, str) else kind,
        **more,
    )


def procedure(*parts: State | Action, procedure_id: str = "tale", **more: Any) -> Procedure:
    """Return a procedure of these states and actions; the first state is the initial one."""
    states = tuple(part for part in parts if isinstance(part, State))
    settings: dict[str, Any] = {"version": 1, "kind": Kind.MAIN, "initial": states[0].id, **more}
    return Procedure(
        id=procedure_id,
        name=words(procedure_id),
        states=states,
        actions=tuple(part for part in parts if isinstance(part, Action)),
        **settings,
    )


STATES = (
    state("lead", Category.LEAD),
    state("open"),
    state("checked"),
    state("paused", Category.SUSPENDED),
    state("stopped", Category.SUSPENDED),
    state("decided", Category.DECIDED),
    state("closed", Category.CLOSED),
)

TALE = procedure(
    *STATES,
    action("note", "lead open checked", SAME),
    action("file", "lead", "open", "filed", clocks=ClockUse(starts=("P10",), meets=("P01",))),
    action("check", "open", "checked"),
    action("suspend", "open checked decided", "paused", milestone("suspended", details_from={"reason": "ground"}),
           fields=(choice("ground", "missing", "other"),)),
    action("halt", "paused", "stopped"),
    action("resume", "paused stopped", PREVIOUS, "resumed"),
    action("exclude", "open checked paused", SAME, milestone("excluded_from", details_from={"reason": "why"}),
           fields=(choice("why", "appraisal", "other"),)),
    action("include", "open checked paused", SAME, "excluded_until"),
    action("extend", "open checked", SAME, milestone("extended", details={"unit": "days"}, details_from={"n": "n"}),
           fields=(field("n", FieldKind.INTEGER, required=True, minimum=1),)),
    action("decide", "checked", "decided", milestone("decided", details={"outcome": "penalty"}),
           clocks=ClockUse(starts=("P11",), meets=("P10",)),
           approval=(step("head", Role.SECTION_HEAD), step("leader", Role.LEADER))),
    action("serve", "decided", SAME, milestone("served", optional=True), clocks=ClockUse(meets=("P11",))),
    action("close", "decided", "closed",
           milestone("closed", details_from={"manner": "manner"}),
           fields=(choice("manner", "executed", "terminated", required=True, fact="closing_manner"),)),
    action("reopen", "closed",
           (PostState("open", (equals("reopen_at", "start"),)),
            PostState("decided", (equals("closing_manner", "executed"),)),
            PostState("open")),
           "reopened", clocks=ClockUse(starts=("P10",)),
           fields=(choice("reopen_at", "start", "end"),)),
    opening=milestone("registered", optional=True),
    opening_clocks=ClockUse(starts=("P01",)),
    handling_clock=("P10",),
    counts=True,
)  # fmt: skip
"""A whole life in small: suspension, excluded time, an extension, an approval, a closing that can be taken back."""


def told(kind: str, to: str = "main", *when: GuardUse) -> Telling:
    return Telling(to, MilestoneKind(kind), {"reason": "appraisal"}, when)


MEASURE = procedure(
    state("proposed", Category.LEAD),
    state("held"),
    state("expired"),
    state("over", Category.CLOSED),
    action("impose", "proposed", "held", clocks=ClockUse(starts=("P05",)), fields=(field("of", FieldKind.DATE),), occurs_on="of"),
    action("ask", "proposed", "held", clocks=ClockUse(starts=("P05",)), approval=(step("leader", Role.LEADER),)),
    action("extend", "held", SAME, clocks=ClockUse(extends=("P05",)), fields=(field("extension_n", FieldKind.INTEGER),)),
    action("expire", "held", "expired", roles=(), automatic=True, lapses="P05"),
    action("lift", "held expired", "over", clocks=ClockUse(meets=("P05",))),
    action("drop", "proposed", "over"),
    procedure_id="measure", kind=Kind.SIDE, opens_from={"tale": ("*open", "-checked")}, opens_with=("impose", "ask"),
)  # fmt: skip
"""A measure that the law ends after a time, whether or not anybody lifts it."""

TEST = procedure(
    state("proposed", Category.LEAD),
    state("out"),
    state("over", Category.CLOSED),
    action("send", "proposed", "out", tells=(told("excluded_from"), told("excluded_from", "measure"))),
    action("receive", "out", "over", tells=(told("excluded_until"), told("excluded_until", "measure"))),
    procedure_id="test", kind=Kind.SIDE, opens_from={"*": ("*",)}, opens_with=("send",),
)  # fmt: skip
"""A test whose time is left out of the main proceeding's clocks and of a measure's."""


def with_sides() -> ProcedureSet:
    """Return a catalogue that knows the small procedure and the two that run beside it."""
    return ProcedureSet([TALE, MEASURE, TEST])


def tale() -> ProcedureSet:
    """Return a catalogue that knows the small procedure alone."""
    return ProcedureSet([TALE])
