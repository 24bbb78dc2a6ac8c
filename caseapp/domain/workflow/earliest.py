"""The earliest day on which an open case can lawfully be closed: the shortest way through its procedure, with the waits
that the law puts on it.

The way goes by the steps that the definition calls primary and by closings; where those lead nowhere, by any step. A
wait is a condition by which a clock must have run out, or a notice be given ahead; its length comes from the clocks'
own book. Nobody's waiver, early answer or early payment is counted on: with them it may go faster, never slower.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Final

from caseapp.domain.calendar import WorkingCalendar
from caseapp.domain.clocks.compute import due
from caseapp.domain.clocks.rules import ClockRule, RuleBook, Words
from caseapp.domain.errors import InputError
from caseapp.domain.events import MilestoneKind
from caseapp.domain.workflow.definition import PREVIOUS, SAME, Action, Category, Procedure, Text

RUN_OUT: Final = frozenset(
    {
        "defence_period_over_or_waived",
        "remedy_period_over",
        "clock_expired",
        "payment_overdue",
        "answer_period_over_or_answered",
    }
)
"""Conditions by which a clock must have run out before the step."""
_UNLESS_STARTED: Final = frozenset({"answer_period_over_or_answered"})
"""Those that ask nothing where no clock was started; the others refuse then."""
AHEAD: Final = "hearing_notice_in_time"
"""The condition by which a notice must be served some time before what it announces."""
_DAY: Final = timedelta(days=1)
_FURTHEST: Final = 90
"""Days within which what is announced is looked for."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an open case stands.

    saved   the state from which it was suspended
    clocks  rule -> last day of its clock that runs; None where a pause hides it
    over    rules whose clock has been met: nothing is waited for any more
    """

    state: str
    saved: str | None = None
    clocks: Mapping[str, date | None] = field(default_factory=dict)
    over: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wait:
    """A clock that must have run out before a step, and its last day."""

    rule: str
    name: Words
    until: date


@dataclass(frozen=True, slots=True)
class WayStep:
    """A step of a way: which action, and the first day on which it may be taken.

    usual  False for a step that the definition does not call primary: somebody has to decide on it first
    """

    action: str
    name: Text
    on: date
    waits: tuple[Wait, ...] = ()
    usual: bool = True


@dataclass(frozen=True, slots=True)
class Way:
    """The shortest way to a closing. certain: False where a pause hides the end of a clock it waits for."""

    steps: tuple[WayStep, ...]
    certain: bool

    @property
    def closes_on(self) -> date:
        """Return the day of the closing."""
        return self.steps[-1].on


def waited_for(procedure: Procedure) -> frozenset[str]:
    """Return the rules for which some step of a procedure waits."""
    return frozenset(
        rule for action in procedure.actions for guard in action.guards if guard.name in RUN_OUT
        for rule in _rules_of(guard.params.get("rule"))
    )  # fmt: skip


def earliest_closing(
    procedure: Procedure, standing: Standing, today: date, *, rules: RuleBook, calendar: WorkingCalendar
) -> Way | None:
    """Return the shortest way from where a case stands to its closing; None where no step leads there.

    today  the first day on which anything can be done; offices act on working days
    """
    search = _Search(procedure, standing, rules, calendar)
    return search.run(today, ordinary=True) or search.run(today, ordinary=False)


@dataclass(frozen=True, slots=True)
class _Label:
    """How a state was reached. ready_on: what was announced takes place no earlier."""

    state: str
    clocks: Mapping[str, date | None]
    ready_on: date
    steps: tuple[WayStep, ...] = ()
    certain: bool = True


class _Search:
    def __init__(self, procedure: Procedure, standing: Standing, rules: RuleBook, calendar: WorkingCalendar) -> None:
        self._procedure = procedure
        self._standing = standing
        self._rules = rules
        self._calendar = calendar
        self._waited = waited_for(procedure)

    def run(self, today: date, *, ordinary: bool) -> Way | None:
        first = self._calendar.on_or_after(today)
        start = _Label(self._standing.state, dict(self._standing.clocks), first)
        order = count()
        waiting = [(first, 0, 0, next(order), start)]
        seen: set[tuple[str, frozenset[str]]] = set()
        while waiting:
            on, detours, length, _n, label = heapq.heappop(waiting)
            if label.steps and self._procedure.state(label.state).category is Category.CLOSED:
                return Way(label.steps, label.certain)
            place = (label.state, frozenset(label.clocks))
            if place in seen:
                continue
            seen.add(place)
            for further in self._onward(label, on, ordinary=ordinary):
                day = further.steps[-1].on
                detour = detours + (0 if further.steps[-1].usual else 1)
                heapq.heappush(waiting, (day, detour, length + 1, next(order), further))
        return None

    def _onward(self, label: _Label, on: date, *, ordinary: bool) -> Iterator[_Label]:
        actions = self._procedure.actions_from(label.state)
        ready_on = max([label.ready_on, *(self._announced(action, on) for action in actions if self._is_owed(action))])
        for action in actions:
            is_closing = action.milestone is not None and action.milestone.kind is MilestoneKind.CLOSED
            is_usual = action.primary or is_closing
            if action.automatic or (ordinary and not is_usual):
                continue
            for to in self._targets(action, label.state, is_closing=is_closing):
                step = self._step(action, label, max(on, ready_on), is_usual=is_usual)
                if step is not None:
                    yield self._reached(label, action, to, step)

    def _targets(self, action: Action, state: str, *, is_closing: bool) -> Iterator[str]:
        for post in action.posts:
            to = self._standing.saved if post.to == PREVIOUS else state if post.to == SAME else post.to
            if to is None or to == state:
                continue
            category = self._procedure.state(to).category
            if category is Category.CLOSED and not is_closing:
                continue
            if category not in (Category.SUSPENDED, Category.LEAD):
                yield to

    def _step(self, action: Action, label: _Label, on: date, *, is_usual: bool) -> WayStep | None:
        """Return the step with its first day; None where it waits for a clock that was never started."""
        waits = []
        for guard in action.guards:
            if guard.name not in RUN_OUT:
                continue
            wanted = _rules_of(guard.params.get("rule"))
            if any(rule in self._standing.over and rule not in label.clocks for rule in wanted):
                continue
            running = [rule for rule in wanted if rule in label.clocks]
            if not running and guard.name not in _UNLESS_STARTED:
                return None
            for rule in running:
                until = label.clocks[rule] or self._last_day(rule, on)
                if until is not None:
                    waits.append(Wait(rule, self._version(rule, on).name, until))
        day = max([on, *(wait.until + _DAY for wait in waits)])
        binding = tuple(wait for wait in waits if wait.until >= on)
        return WayStep(action.id, action.name, self._calendar.on_or_after(day), binding, is_usual)

    def _reached(self, label: _Label, action: Action, to: str, step: WayStep) -> _Label:
        clocks = dict(label.clocks)
        for rule in action.clocks.starts:
            if rule in self._waited and self._rules.find(rule, step.on) is not None:
                clocks[rule] = self._last_day(rule, step.on)
        hidden = any(label.clocks.get(wait.rule, step.on) is None for wait in step.waits)
        ready_on = self._announced(action, step.on) if _announces(action) else step.on
        return _Label(to, clocks, ready_on, (*label.steps, step), label.certain and not hidden)

    def _is_owed(self, action: Action) -> bool:
        """Whether a notice that leads nowhere by itself has still to be given before the state is left."""
        stays = all(post.to == SAME for post in action.posts)
        return stays and _announces(action) and self._standing.over.isdisjoint(action.clocks.meets)

    def _announced(self, action: Action, told_on: date) -> date:
        """Return the first day for which a notice served on `told_on` is early enough."""
        for guard in action.guards:
            if guard.name != AHEAD:
                continue
            for rule in _rules_of(guard.params.get("rule")):
                if self._rules.find(rule, told_on) is None:
                    continue
                for days in range(1, _FURTHEST):
                    held_on = told_on + timedelta(days=days)
                    latest = self._last_day(rule, held_on)
                    if latest is not None and latest >= told_on and self._calendar.is_working(held_on):
                        return held_on
        return told_on

    def _version(self, rule: str, on: date) -> ClockRule:
        return self._rules.find(rule, on) or self._rules.versions(rule)[0]

    def _last_day(self, rule: str, started_on: date) -> date | None:
        try:
            return due(self._version(rule, started_on), calendar=self._calendar, started_on=started_on).on
        except InputError:
            return None


def _announces(action: Action) -> bool:
    return any(guard.name == AHEAD for guard in action.guards)


def _rules_of(told: object) -> tuple[str, ...]:
    if isinstance(told, str):
        return (told,)
    return tuple(str(rule) for rule in told) if isinstance(told, Iterable) else ()
