"""Side proceedings: where one may be opened, what it is before it is, and what the law ends when its time is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from caseapp.domain.calendar import WorkingCalendar
from caseapp.domain.clocks.rules import RuleBook
from caseapp.domain.errors import N_, Message, Unmet
from caseapp.domain.events import Entry, EntryKind, Json, Precision, start_of
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.roles import Role
from caseapp.domain.workflow.catalogue import ProcedureSet
from caseapp.domain.workflow.definition import ANY_MAIN, Action, Category, Kind, Procedure
from caseapp.domain.workflow.engine import tellings
from caseapp.domain.workflow.replay import apply
from caseapp.domain.workflow.side_folds import clock_basis
from caseapp.domain.workflow.situation import Actor, Situation
from caseapp.domain.workflow.timing import clocks_of

UNOPENED = "new."
"""Begins the id under which a side proceeding is spoken of before it is opened: `new.` and the procedure's id."""
_DAY = timedelta(days=1)


def unopened(procedure: Procedure, on: date, *, proceeding_id: str = "") -> ProceedingImage:
    """Return a side proceeding as it would begin; it is in no case yet."""
    return ProceedingImage(
        id=proceeding_id or UNOPENED + procedure.id,
        procedure=procedure.id,
        version=procedure.version,
        state=procedure.initial,
        category=procedure.state(procedure.initial).category.value,
        opened_on=on,
        entered_on=on,
    )


def spoken_of(image: CaseImage, proceeding_id: str, procedures: ProcedureSet, on: date) -> ProceedingImage | None:
    """Return the proceeding that an id means: one of the case, or a side proceeding that is still to be opened."""
    name = proceeding_id.removeprefix(UNOPENED)
    if name != proceeding_id and name in procedures and procedures.get(name).kind is Kind.SIDE:
        return unopened(procedures.get(name), on)
    return image.proceeding(proceeding_id)


def is_unopened(proceeding: ProceedingImage) -> bool:
    """Return whether the proceeding is only spoken of."""
    return proceeding.id.startswith(UNOPENED)


def openable(image: CaseImage, procedures: ProcedureSet) -> tuple[Procedure, ...]:
    """Return the side procedures that go with the case's main procedure, whatever its state is."""
    return tuple(
        procedure
        for procedure in procedures.latest()
        if procedure.kind is Kind.SIDE and _states_of(procedure, image.main.procedure)
    )


def opening_obstacles(procedure: Procedure, image: CaseImage, procedures: ProcedureSet) -> tuple[Unmet, ...]:
    """Return why a side proceeding cannot be opened beside the main one as it stands; () = its acts decide."""
    main = procedures.pinned(image.main.procedure, image.main.version)
    patterns = _states_of(procedure, main.id)
    name, here = procedure.name, main.state(image.main.state).name
    values = {"procedure": {"zh": name.zh, "en": name.en}, "state": {"zh": here.zh, "en": here.en}}
    article = str(procedure.citations[0]) if procedure.citations else ""
    if not patterns:
        return (Unmet(Message(N_("本案的程序中不适用“%(procedure)s”"), values), "", article, "opening"),)
    if not main.names_state(patterns, image.main.state):
        owner = main.state(image.main.state).owner
        text = N_("案件处于“%(state)s”，不能启动“%(procedure)s”")
        return (Unmet(Message(text, values), owner.value if owner else "", article, "opening"),)
    return ()


def begins_with(procedure: Procedure, action_id: str) -> bool:
    """Return whether a proceeding may begin with that action."""
    return action_id in procedure.opens_with


def _states_of(procedure: Procedure, main: str) -> tuple[str, ...]:
    return procedure.opens_from.get(main, procedure.opens_from.get(ANY_MAIN, ()))


# --- lapses ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lapse:
    """A clock that has run out, and the action that the law takes on the day after its last day.

    on  that day; later only where the state in which it happens was reached later
    """

    proceeding: str
    action: Action
    rule: str
    on: date
    payload: Mapping[str, Json]

    @property
    def occurred_at(self) -> datetime:
        """Return the first instant of the day on which it happened."""
        return start_of(self.on)


def lapsing_rules(procedures: ProcedureSet) -> frozenset[str]:
    """Return the ids of the rules whose running out is itself an act of law in some procedure."""
    return frozenset(action.lapses for procedure in procedures.all() for action in procedure.actions if action.lapses)


def next_lapse(
    image: CaseImage, procedures: ProcedureSet, rules: RuleBook, calendar: WorkingCalendar, today: date
) -> Lapse | None:
    """Return the first thing that the law has ended by itself and the image does not know yet, or None."""
    found = [
        lapse
        for proceeding in image.proceedings[1:]
        if proceeding.category != Category.CLOSED
        for lapse in _lapses_of(image, proceeding, procedures, rules, calendar, today)
    ]
    return min(found, key=lambda lapse: lapse.on, default=None)


def settled(
    image: CaseImage,
    procedures: ProcedureSet,
    rules: RuleBook,
    calendar: WorkingCalendar,
    *,
    today: date,
    now: datetime,
) -> CaseImage:
    """Return the image with everything that the law has ended by itself, whether or not anybody wrote it down."""
    while (lapse := next_lapse(image, procedures, rules, calendar, today)) is not None:
        entry = Entry(
            image.version + 1, EntryKind.LAPSED, lapse.occurred_at, now, "system", lapse.payload, Precision.DAY
        )
        image = apply(image, entry, procedures)
    return image


def _lapses_of(
    image: CaseImage,
    proceeding: ProceedingImage,
    procedures: ProcedureSet,
    rules: RuleBook,
    calendar: WorkingCalendar,
    today: date,
) -> Iterator[Lapse]:
    procedure = procedures.pinned(proceeding.procedure, proceeding.version)
    actions = [action for action in procedure.actions_from(proceeding.state) if action.lapses]
    if not actions:
        return
    for clock in clocks_of(proceeding, rules, calendar):
        due_on = clock.run.due.on
        if clock.run.ending is not None or due_on is None or due_on >= today:
            continue
        for action in actions:
            if action.lapses == clock.rule.id:
                on = max(due_on + _DAY, proceeding.entered_on)
                payload = _payload(image, proceeding, procedure, action, clock.ordinal, on)
                yield Lapse(proceeding.id, action, clock.rule.id, on, payload)


def _payload(
    image: CaseImage, proceeding: ProceedingImage, procedure: Procedure, action: Action, ordinal: int, on: date
) -> Mapping[str, Json]:
    system = Actor("system", "系统", image.organ, frozenset({Role.SYSTEM}))
    told: dict[str, Any] = {
        "proceeding": proceeding.id,
        "procedure": procedure.id,
        "version": procedure.version,
        "action": action.id,
        "from": proceeding.state,
        "to": action.posts[-1].to,
        "starts": list(action.clocks.starts),
        "ends": list(action.clocks.ends),
        "tells": [dict(item) for item in tellings(action, Situation(image, proceeding, system, on))],
    }
    return {
        **{name: value for name, value in told.items() if value not in (None, [])},
        "clock": clock_basis(proceeding, ordinal),
    }
