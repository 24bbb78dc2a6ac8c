"""Signs that a figure may be better than the work behind it: each asks a question of a case, none accuses."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from caseapp.domain.events import MilestoneKind
from caseapp.domain.metrics.closure import DueOf
from caseapp.domain.metrics.history import CaseHistory, in_order
from caseapp.domain.metrics.intervals import extensions, pauses
from caseapp.domain.metrics.periods import Period

MONTH_END_DAYS: Final = 3
"""Last days of a month that count as its end. This and the next two are choices of the page, not rules of law."""
SOON_DAYS: Final = 30
NEAR_DAYS: Final = 7


class Sign(StrEnum):
    """What is looked at."""

    MONTH_END = "month_end"
    """Closed on one of the last days of a month."""
    REOPENED_SOON = "reopened_soon"
    """Closed, and taken up again soon after."""
    SUSPENDED_LATE = "suspended_late"
    """Suspended shortly before the handling limit ran out, or after."""
    SPLIT = "split"
    """Split from another case."""
    KEPT_LEAD = "kept_lead"
    """A lead whose time to decide on filing is over, and that is neither filed nor declined."""
    UNEXECUTED = "unexecuted"
    """Closed after a penalty was decided, without its having been carried out."""


def month_ends(period: Period) -> Iterator[Period]:
    """Yield the last days of the months of a period, cut to it."""
    for month in period.months():
        end = month.first.replace(day=monthrange(month.first.year, month.first.month)[1])
        first = end - timedelta(days=MONTH_END_DAYS - 1)
        if first <= month.last:
            yield Period(max(first, month.first), month.last)


def share_of_month_ends(period: Period) -> float:
    """Return the share of the days of a period that are ends of months: what even closing would give."""
    days = sum((end.last - end.first).days + 1 for end in month_ends(period))
    return days / ((period.last - period.first).days + 1)


def is_reopened_soon(history: CaseHistory, period: Period) -> bool:
    """Return whether a closing in the period was followed by a reopening within `SOON_DAYS`."""
    closed_on: date | None = None
    for fact in in_order(history.milestones):
        if fact.kind is MilestoneKind.CLOSED:
            closed_on = fact.on if period.first <= fact.on <= period.last else None
        elif fact.kind is MilestoneKind.REOPENED and closed_on is not None:
            if fact.on <= closed_on + timedelta(days=SOON_DAYS):
                return True
            closed_on = None
    return False


def is_suspended_late(history: CaseHistory, period: Period, due_of: DueOf) -> bool:
    """Return whether the case was suspended in the period when its handling limit, as it stood that day, had no more
    than `NEAR_DAYS` to run.
    """
    facts = in_order(history.milestones)
    filed_on = next((fact.on for fact in facts if fact.kind is MilestoneKind.FILED), None)
    if filed_on is None or not history.handling_clock:
        return False
    for place, fact in enumerate(facts):
        if fact.kind is not MilestoneKind.SUSPENDED or not period.first <= fact.on <= period.last:
            continue
        earlier = facts[:place]
        due_on = due_of(
            history.handling_clock, filed_on, pauses=pauses(earlier), extensions=extensions(earlier), as_of=fact.on
        )
        if due_on is not None and fact.on >= due_on - timedelta(days=NEAR_DAYS):
            return True
    return False
