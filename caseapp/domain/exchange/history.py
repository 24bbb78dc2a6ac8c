"""The milestones of one case: in which order they stand, and what no order can make sense of.

Order: by date, and by the instant where both have one. Dates that may be the same (one day, or a month or year that
covers the other) do not decide; then the order of the list does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from caseapp.domain.errors import N_, Message
from caseapp.domain.events import MilestoneKind, start_of
from caseapp.domain.exchange.record import ExchangeMilestone

_UNSTATED_REASON = "other"
"""The reason of an exclusion that states none; the fold of the ledger reads it so."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A milestone and the instant under which the ledger sorts it.

    occurred_at  its own instant where it has one; else the first instant of its day (month, year) in China, moved up
                 just behind the milestone before it, so that folding by (occurred, sequence) keeps the order
    """

    milestone: ExchangeMilestone
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """A placed milestone with the time it is recorded under: as claimed, else now."""

    milestone: ExchangeMilestone
    occurred_at: datetime
    recorded_at: datetime


def in_order(milestones: Sequence[ExchangeMilestone]) -> tuple[ExchangeMilestone, ...]:
    """Return the milestones in the order of this module's rule: what must be earlier first, the rest as listed."""
    if not any(_before(later, earlier) for index, later in enumerate(milestones) for earlier in milestones[:index]):
        return tuple(milestones)
    waiting = list(milestones)
    ordered = []
    while waiting:
        # Something is always free, save where instants in several zones contradict their own dates: then list order.
        free = next(
            (index for index, item in enumerate(waiting) if not any(_before(other, item) for other in waiting)), 0
        )
        ordered.append(waiting.pop(free))
    return tuple(ordered)


def _before(one: ExchangeMilestone, other: ExchangeMilestone) -> bool:
    if one.at is not None and other.at is not None:
        return one.at < other.at
    return one.last_on < other.on


def placed(milestones: Sequence[ExchangeMilestone]) -> tuple[Placed, ...]:
    """Return the milestones in order, each with the instant that keeps it there."""
    found: list[Placed] = []
    for item in in_order(milestones):
        occurred_at = item.at if item.at is not None else start_of(item.on)
        if found and item.at is None and occurred_at <= found[-1].occurred_at:
            occurred_at = found[-1].occurred_at + timedelta(microseconds=1)
        found.append(Placed(item, occurred_at))
    return tuple(found)


def recorded(milestones: Sequence[ExchangeMilestone], *, now: datetime) -> tuple[Recorded, ...]:
    """Return the milestones in the order in which a chain takes them: recorded times never decrease.

    Those that claim a recorded time come first, by that time; those without one are learned of now. Equal times keep
    the order of `placed`.
    """
    told = [
        Recorded(item.milestone, item.occurred_at, item.milestone.recorded_at or now) for item in placed(milestones)
    ]
    return tuple(sorted(told, key=lambda item: item.recorded_at))


def contradictions(milestones: Sequence[ExchangeMilestone]) -> Message | None:
    """Return what cannot be true whatever is missing, or None. Both modes of import refuse it.

    A gap is no contradiction (closed but never filed, decided but never served). These are: an act that undoes or ends
    what had not begun (resumed, end of excluded time, reopened), filed twice, closed twice with no reopening between,
    and a filing that comes after the decision or the closing.
    """
    filed = declined = decided = closed = suspended = False
    excluded: list[str] = []
    for item in in_order(milestones):
        values = {"on": _day(item)}
        match item.kind:
            case MilestoneKind.FILED:
                if filed:
                    return Message(N_("重复立案：%(on)s 再次立案，其间没有重新办理"), values)
                if closed:
                    return Message(N_("结案早于立案：结案之后才于 %(on)s 立案"), values)
                if decided:
                    return Message(N_("决定早于立案：作出决定之后才于 %(on)s 立案"), values)
                filed = True
            case MilestoneKind.NOT_FILED if filed:
                return Message(N_("立案之后又于 %(on)s 决定不予立案"), values)
            case MilestoneKind.NOT_FILED:
                declined = True
            case MilestoneKind.DECIDED:
                decided = True
            case MilestoneKind.SUSPENDED:
                suspended = True
            case MilestoneKind.RESUMED:
                if not suspended:
                    return Message(N_("%(on)s 恢复办理，但此前没有中止"), values)
                suspended = False
            case MilestoneKind.EXCLUDED_FROM:
                excluded.append(str(item.details.get("reason", _UNSTATED_REASON)))
            case MilestoneKind.EXCLUDED_UNTIL if not _end_exclusion(excluded, item):
                return Message(N_("%(on)s 扣除时间结束，但此前没有同一事由的起点"), values)
            case MilestoneKind.CLOSED:
                if closed:
                    return Message(N_("重复结案：%(on)s 再次结案，其间没有重新办理"), values)
                closed = True
            case MilestoneKind.REOPENED if not (closed or declined):
                return Message(N_("%(on)s 重新办理，但此前没有结案，也没有不予立案"), values)
            case MilestoneKind.REOPENED | MilestoneKind.RETURNED if closed or declined:
                # What is taken up again, case or lead, may be filed and decided again.
                filed = declined = decided = closed = False
    return None


def _end_exclusion(excluded: list[str], item: ExchangeMilestone) -> bool:
    """Take the latest open exclusion of that reason (any, where none is given) off the list; False where none fits."""
    reason = item.details.get("reason")
    for index in range(len(excluded) - 1, -1, -1):
        if reason is None or excluded[index] == reason:
            del excluded[index]
            return True
    return False


def _day(item: ExchangeMilestone) -> str:
    return item.on_text or item.on.isoformat()


def recorded_times_decrease(milestones: Sequence[ExchangeMilestone]) -> int | None:
    """Return the index of the first milestone that claims an earlier recorded time than one listed before it, or None.

    Only claims are compared: a milestone that claims none is learned of now, wherever it stands in the list.
    """
    claims = [(index, item.recorded_at) for index, item in enumerate(milestones) if item.recorded_at is not None]
    return next((index for (_, before), (index, after) in pairwise(claims) if after < before), None)
