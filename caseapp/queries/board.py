"""The supervisor's boards: what is asked, which cases a number is about, and by what it is split.

A number is a measure (which cases) split by a dimension (one SQL expression over `case_file`). Counting groups by the
expression, drilling down compares with it: so both cannot disagree. Everything is narrowed by `visible_cases`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, True_, and_, case, func, literal, or_, select

from caseapp.context import Context
from caseapp.domain.events import MilestoneKind
from caseapp.domain.metrics.periods import Period
from caseapp.models.case_file import CaseFile
from caseapp.models.case_officer import CaseOfficer
from caseapp.models.milestone import MilestoneRow
from caseapp.queries.visibility import visible_cases

SOON_DAYS: Final = 14
"""How far ahead "due soon" looks: a choice of the page, not a rule of law."""
UNSTATED: Final = "none"
"""Word in an address for cases that carry no such value."""
MOST_VALUES: Final = 200
"""Values of a dimension that a board shows, the most frequent first."""

AGES: Final = (30, 60, 90, 180, 365)
"""Upper ends in days of the groups by age; choices of the page."""
DUES: Final = (-31, -1, 7, SOON_DAYS, 30)
"""Upper ends, in days from today, of the groups by the day that binds next."""
LATER: Final = "later"


class Measure(StrEnum):
    """Which cases a number is about."""

    LEAD = "lead"
    """Leads that are not filed yet."""
    OPEN = "open"
    """Filed and not closed; cases of procedures that count."""
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    SUSPENDED = "suspended"
    FILED = "filed"
    """Filed in the period."""
    CLOSED = "closed"
    """Closed in the period, and closed still."""
    REOPENED = "reopened"
    """Taken up again in the period after they had been filed."""


class By(StrEnum):
    """By what a number is split."""

    CATEGORY = "category"
    STATE = "state"
    """Value: procedure/state."""
    DIVISION = "division"
    ORGAN = "organ"
    OFFICER = "officer"
    PROCEDURE = "procedure"
    IP_TYPE = "ip_type"
    SOURCE = "source"
    CHANNEL = "channel"
    CAMPAIGN = "campaign"
    AGE = "age"
    """Days since filing, as the upper end of the group, or `LATER`."""
    DUE = "due"
    """Days until the day that binds next, likewise."""
    SUSPENDED_FOR = "suspended_for"
    """Days since the last suspension, likewise."""
    MANNER = "manner"


SEVERAL: Final = frozenset({By.IP_TYPE, By.CAMPAIGN})
"""A case may carry several values of these, and is then counted under each."""


@dataclass(frozen=True, slots=True)
class BoardQuestion:
    """What is asked; '' leaves a filter out. today: the day of the standing figures."""

    period: Period
    today: date
    division: str = ""
    organ: str = ""
    officer: str = ""
    procedure: str = ""
    ip_type: str = ""
    source: str = ""
    channel: str = ""
    campaign: str = ""

    def filters(self) -> Mapping[By, str]:
        """Return the filters that are set."""
        return {by: value for by in FILTERS if (value := getattr(self, by.value))}

    @property
    def cut(self) -> date:
        """Return the as-of day: the end of the period, or today where it is not over."""
        return max(self.period.first, min(self.period.last, self.today))


FILTERS: Final = (
    By.DIVISION,
    By.ORGAN,
    By.OFFICER,
    By.PROCEDURE,
    By.IP_TYPE,
    By.SOURCE,
    By.CHANNEL,
    By.CAMPAIGN,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One value of a dimension and the number of its cases."""

    value: str
    count: int


def parts_of(ctx: Context, asked: BoardQuestion, measure: Measure, by: By) -> tuple[Part, ...]:
    """Return how many cases of a measure carry each value, the most frequent first."""
    key = key_of(by, asked)
    places = select(key.label("key")).select_from(CaseFile).where(*conditions(ctx, asked, measure)).subquery()
    # Grouped outside of a subquery: PostgreSQL takes equal expressions with parameters for different ones.
    counts = select(places.c.key, func.count().label("times")).group_by(places.c.key)
    sums: dict[str, int] = {}
    for row in ctx.rows(counts):
        for value in values_in(by, row.key):
            sums[value] = sums.get(value, 0) + row.times
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Part(value, count) for value, count in ordered[:MOST_VALUES])


def values_in(by: By, stored: str | None) -> tuple[str, ...]:
    """Return the values that a stored key stands for."""
    if by in SEVERAL:
        return tuple(part for part in (stored or "").split("|") if part) or (UNSTATED,)
    return (stored or UNSTATED,)


def count_of(ctx: Context, asked: BoardQuestion, measure: Measure) -> int:
    """Return how many cases a measure is about."""
    counted = select(func.count()).select_from(CaseFile).where(*conditions(ctx, asked, measure))
    return int(ctx.rows(counted).scalar_one())


def conditions(ctx: Context, asked: BoardQuestion, measure: Measure) -> list[ColumnElement[bool]]:
    """Return the conditions on `case_file` of a measure under the filters, within what the actor may see."""
    return [*measured(asked, measure), *narrowing(asked), *in_sight(ctx)]


def in_sight(ctx: Context) -> Iterator[ColumnElement[bool]]:
    """Yield what the actor's rights ask of `case_file`; nothing where he sees every case."""
    condition = visible_cases(ctx)
    if not isinstance(condition, True_):
        yield condition


def narrowing(asked: BoardQuestion) -> Iterator[ColumnElement[bool]]:
    """Yield the filters as conditions on `case_file`."""
    for by, value in asked.filters().items():
        yield carries(by, value, asked)


def carries(by: By, value: str, asked: BoardQuestion) -> ColumnElement[bool]:
    """Return the condition that a case carries a value of a dimension."""
    key = key_of(by, asked)
    if by is By.OFFICER and value != UNSTATED:
        return CaseFile.id.in_(select(CaseOfficer.case_id).where(CaseOfficer.user_id == value))
    if value == UNSTATED:
        return or_(key.is_(None), key == "")
    if by in SEVERAL:
        return key.contains(f"|{value}|", autoescape=True)
    return key == value


def key_of(by: By, asked: BoardQuestion) -> ColumnElement[Any]:
    """Return the expression over `case_file` that a dimension groups by."""
    columns: Mapping[By, Any] = {
        By.CATEGORY: CaseFile.category,
        By.DIVISION: CaseFile.division,
        By.ORGAN: CaseFile.organ_id,
        By.OFFICER: CaseFile.lead_officer,
        By.PROCEDURE: CaseFile.procedure,
        By.IP_TYPE: CaseFile.ip_types,
        By.SOURCE: CaseFile.source,
        By.CHANNEL: CaseFile.channel,
        By.CAMPAIGN: CaseFile.campaigns,
        By.MANNER: CaseFile.manner,
    }
    if by in columns:
        found: ColumnElement[Any] = columns[by]
        return found
    if by is By.STATE:
        return CaseFile.procedure.concat("/").concat(CaseFile.state)
    if by is By.AGE:
        return _since(CaseFile.filed_on, asked.today)
    if by is By.SUSPENDED_FOR:
        return _since(_SUSPENDED_ON, asked.today)
    groups = [(asked.today + timedelta(days=last), str(last)) for last in DUES]
    due: Any = CaseFile.next_due_on
    return case((due.is_(None), None), *((due <= day, literal(word)) for day, word in groups), else_=literal(LATER))


_SUSPENDED_ON: Final = (
    select(func.max(MilestoneRow.on_date))
    .where(
        MilestoneRow.case_id == CaseFile.id,
        # Kept from the index on kinds: SQLite would read every milestone of a kind for each case.
        MilestoneRow.kind.concat("") == MilestoneKind.SUSPENDED.value,
        MilestoneRow.superseded_at.is_(None),
    )
    .scalar_subquery()
)


def _since(day: Any, today: date) -> ColumnElement[Any]:
    groups = [(today - timedelta(days=last), str(last)) for last in AGES]
    return case((day.is_(None), None), *((day >= first, literal(word)) for first, word in groups), else_=literal(LATER))


def measured(asked: BoardQuestion, measure: Measure) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions on `case_file` that make a measure, whoever reads."""
    first, last, today = asked.period.first, asked.cut, asked.today
    is_open = and_(CaseFile.counts, CaseFile.category.in_(("open", "suspended", "decided")))
    match measure:
        case Measure.LEAD:
            yield CaseFile.category == "lead"
        case Measure.OPEN:
            yield is_open
        case Measure.OVERDUE:
            yield and_(is_open, CaseFile.next_due_on < today)
        case Measure.DUE_SOON:
            yield and_(
                is_open, CaseFile.next_due_on >= today, CaseFile.next_due_on <= today + timedelta(days=SOON_DAYS)
            )
        case Measure.SUSPENDED:
            yield and_(CaseFile.counts, CaseFile.category == "suspended")
        case Measure.FILED:
            yield and_(CaseFile.counts, CaseFile.filed_on >= first, CaseFile.filed_on <= last)
        case Measure.CLOSED:
            yield and_(CaseFile.counts, CaseFile.filed_on.is_not(None), CaseFile.category == "closed")
            yield and_(CaseFile.closed_on >= first, CaseFile.closed_on <= last)
        case Measure.REOPENED:
            reopened = select(MilestoneRow.case_id).where(
                MilestoneRow.case_id == CaseFile.id,
                MilestoneRow.kind == MilestoneKind.REOPENED.value,
                MilestoneRow.on_date >= first,
                MilestoneRow.on_date <= last,
                MilestoneRow.on_date >= CaseFile.filed_on,
                MilestoneRow.proceeding_id == CaseFile.proceeding_id,
                MilestoneRow.superseded_at.is_(None),
            )
            yield and_(CaseFile.counts, reopened.exists())
