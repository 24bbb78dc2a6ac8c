"""What the milestones of a case amount to under a policy: an ordered list of what each of them does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from caseapp.domain.metrics.history import CaseHistory, MilestoneFact, in_order
from caseapp.domain.metrics.periods import Window
from caseapp.domain.metrics.policy import Counts, MetricPolicy


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone that does something under the policy; `effect` is never IGNORED or REOPENS_IF_CLOSED."""

    on: date
    effect: Counts
    fact: MilestoneFact


@dataclass(frozen=True, slots=True)
class Course:
    """What happened to a case, as known at one instant.

    steps   in ledger order; an imprecise milestone stands at the first day it may have happened
    facts   the milestones the steps were made from, and those that did nothing where they stand
    vague   those of them of which only the month or year is known, and that may matter
    """

    history: CaseHistory
    steps: tuple[Step, ...]
    facts: tuple[MilestoneFact, ...]
    vague: tuple[MilestoneFact, ...]

    def first_filed_on(self, cut: date) -> date | None:
        """Return the day of the earliest filing dated up to `cut`."""
        return next((step.on for step in self.steps if step.effect is Counts.FILES and step.on <= cut), None)

    def closing_at(self, day: date) -> Step | None:
        """Return the closing that holds at the end of `day`, or None where the case is not closed then."""
        turn: Step | None = None
        for step in self.steps:
            if step.on > day:
                break
            if step.effect in (Counts.CLOSES, Counts.REOPENS):
                turn = step
        return turn if turn is not None and turn.effect is Counts.CLOSES else None

    def is_reopened_in(self, window: Window) -> bool:
        """Whether a reopening is dated within the window."""
        return any(step.effect is Counts.REOPENS and window.first <= step.on <= window.cut for step in self.steps)


def course_of(history: CaseHistory, policy: MetricPolicy, *, known_at: datetime) -> Course:
    """Return what the milestones of a case that were known at an instant (aware, inclusive) do under the policy."""
    return _course(
        history,
        policy,
        [
            fact
            for fact in history.milestones
            if fact.recorded_at <= known_at and policy.effect_of(fact.kind, fact.manner) is not Counts.IGNORED
        ],
    )


def _course(history: CaseHistory, policy: MetricPolicy, facts: Sequence[MilestoneFact]) -> Course:
    steps: list[Step] = []
    is_closed = False
    for fact in in_order(facts):
        effect = policy.effect_of(fact.kind, fact.manner)
        if effect is Counts.REOPENS_IF_CLOSED:
            if not is_closed:
                continue
            effect = Counts.REOPENS
        if effect is Counts.CLOSES:
            is_closed = True
        elif effect is Counts.REOPENS:
            is_closed = False
        steps.append(Step(fact.on, effect, fact))
    vague = tuple(fact for fact in facts if not fact.is_exact and _may_matter(fact, facts, policy))
    return Course(history, tuple(steps), tuple(facts), vague)


def _may_matter(fact: MilestoneFact, facts: Sequence[MilestoneFact], policy: MetricPolicy) -> bool:
    """Whether a vague milestone can do anything; a return of a case that was never closed cannot."""
    if policy.effect_of(fact.kind, fact.manner) is not Counts.REOPENS_IF_CLOSED:
        return True
    return any(
        policy.effect_of(other.kind, other.manner) is Counts.CLOSES and other.on <= fact.latest_on for other in facts
    )


def at_extremes(course: Course, policy: MetricPolicy, window: Window) -> Iterator[Course]:
    """Give the course as it would be with its vague dates at the ends of what they may be, and of the window in it."""
    for place in _EXTREMES:
        facts = [fact if fact.is_exact else replace(fact, on=place(fact, window)) for fact in course.facts]
        yield _course(course.history, policy, facts)


_EXTREMES: tuple[Callable[[MilestoneFact, Window], date], ...] = (
    lambda fact, window: fact.on,
    lambda fact, window: fact.latest_on,
    lambda fact, window: min(max(fact.on, window.first), fact.latest_on),
    lambda fact, window: max(min(fact.latest_on, window.cut), fact.on),
)
