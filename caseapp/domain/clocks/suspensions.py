"""Time that a deadline does not count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from caseapp.domain.errors import N_, InputError, Message

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """Days left out of the count: `first` and `last` and all between.

    last    None while the cause lasts

    raises  InputError where the last day comes before the first
    """

    first: date
    last: date | None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise InputError(
                "pause",
                Message(
                    N_("扣除期间的截止日 %(last)s 早于起始日 %(first)s"),
                    {"first": self.first.isoformat(), "last": self.last.isoformat()},
                ),
            )

    def holds(self, day: date) -> bool:
        """Whether `day` is left out of the count."""
        return self.first <= day and (self.last is None or day <= self.last)


def pause_between(stopped_on: date, resumed_on: date | None) -> Pause | None:
    """The pause that two milestones make: from the day of stopping up to the day before resuming.

    Resumed on the day of stopping leaves nothing out: None.

    raises  InputError where the resumption comes before the stop
    """
    if resumed_on is None:
        return Pause(stopped_on, None)
    if resumed_on == stopped_on:
        return None
    return Pause(stopped_on, resumed_on - _DAY)


def merge_pauses(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """The same days as disjoint pauses in order of time, so that no day is left out twice."""
    merged: list[Pause] = []
    for pause in sorted(pauses, key=lambda one: one.first):
        if merged:
            before = merged[-1]
            if before.last is None:
                break
            if pause.first <= before.last + _DAY:
                if pause.last is None or pause.last > before.last:
                    merged[-1] = Pause(before.first, pause.last)
                continue
        merged.append(pause)
    return tuple(merged)


def is_paused(day: date, pauses: Iterable[Pause]) -> bool:
    """Whether any of the pauses leaves `day` out of the count."""
    return any(pause.holds(day) for pause in pauses)
