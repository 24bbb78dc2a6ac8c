"""The time of the demonstration: set by the loader, read by every service; and office hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from caseapp.domain.calendar import WorkingCalendar
from caseapp.domain.events import LEGAL_ZONE, legal_date

OPENS, CLOSES = time(8, 40), time(17, 20)


@dataclass(slots=True)
class SettableClock:
    """A clock that stands where it was put."""

    at: datetime

    def now(self) -> datetime:
        """Return the instant it was put at."""
        return self.at


def instant(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Return an instant by its local day and time, in UTC."""
    return datetime.combine(day, time(hour, minute, second), LEGAL_ZONE).astimezone(UTC)


def office_hour(day: date, chance: Random, *, after: datetime | None = None) -> datetime:
    """Return some instant of that day's office hours, after `after` where that lies on the same day.

    May lie after closing time where `after` does.
    """
    opens, closes = datetime.combine(day, OPENS, LEGAL_ZONE), datetime.combine(day, CLOSES, LEGAL_ZONE)
    if after is not None:
        opens = max(opens, after + timedelta(minutes=12))
    span = max(int((closes - opens).total_seconds()), 0)
    return (opens + timedelta(seconds=chance.randint(0, span))).astimezone(UTC)


def working_later(now: datetime, days: int, calendar: WorkingCalendar, chance: Random) -> datetime:
    """Return an office hour `days` working days after now; 0 = later the same day, or the next working day.

    A step of a Saturday's emergency is followed up on the next working day.
    """
    today = legal_date(now)
    if days == 0 and calendar.is_working(today):
        closes = datetime.combine(today, CLOSES, LEGAL_ZONE)
        soon = now + timedelta(minutes=chance.randint(14, 95), seconds=chance.randint(0, 59))
        if soon <= closes:
            return max(soon, datetime.combine(today, OPENS, LEGAL_ZONE).astimezone(UTC) + timedelta(seconds=17))
    return office_hour(calendar.add_working_days(today, max(days, 1)), chance)
