"""Periods that figures are asked for, and what of them can be seen on a day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from caseapp.domain.errors import N_, InputError, Message


@dataclass(frozen=True, slots=True)
class Period:
    """Local days from `first` up to and including `last`.

    raises  InputError  it ends before it begins
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InputError(
                "to",
                Message(N_("期间止日 %(to)s 早于起日 %(from)s"), {"from": str(self.first), "to": str(self.last)}),
            )

    def months(self) -> Iterator[Period]:
        """Yield the calendar months of the period, the first and last cut to it."""
        first = self.first
        while first <= self.last:
            month_end = first.replace(day=monthrange(first.year, first.month)[1])
            yield Period(first, min(month_end, self.last))
            if month_end == date.max:
                return
            first = month_end + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """A period seen on a day: milestones dated after `cut` = min(as-of, last day) do not exist.

    month   'YYYY-MM' where the window is one month of a longer period, else None
    """

    first: date
    cut: date
    month: str | None = None


def window_of(period: Period, as_of: date) -> Window:
    """Return the window of a whole period.

    raises  InputError  as-of lies before the period: there is nothing to look at yet
    """
    if as_of < period.first:
        raise InputError(
            "as_of",
            Message(N_("截止观察日 %(as_of)s 早于期间起日 %(from)s"), {"as_of": str(as_of), "from": str(period.first)}),
        )
    return Window(period.first, min(as_of, period.last))


def month_windows(period: Period, as_of: date) -> tuple[Window, ...]:
    """Return one window for each calendar month of the period that had begun by as-of."""
    return tuple(
        replace(window_of(month, as_of), month=month.first.isoformat()[:7])
        for month in period.months()
        if month.first <= as_of
    )
