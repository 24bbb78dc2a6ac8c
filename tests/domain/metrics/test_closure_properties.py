"""Closure rates against a recount that walks through the days, and laws that every figure obeys.

The recount shares no code with the product: it lives every case day by day, keeping a diary of whether it was filed and
closed at the end of each day, and then reads the definitions off the diary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from caseapp.domain.events import LEGAL_ZONE, ClosingManner, MilestoneKind, Precision
from caseapp.domain.metrics.closure import ClosureRate, Period
from caseapp.domain.metrics.history import CaseHistory, DivisionFact, MilestoneFact
from caseapp.domain.metrics.policy import Dimension
from tests.domain.metrics import builders

FIRST_DAY = date(2024, 11, 1)
"""Histories play in a quarter or so around the periods asked about, so that everything collides often."""
DAYS = 120
LIMIT_DAYS = 20
POLICIES = ("R1", "R2", "R3", "R4")
DIVISIONS = ("320612", "320613", "320614")

days = st.integers(0, DAYS - 1).map(lambda n: FIRST_DAY + timedelta(days=n))
instants = st.integers(0, 60 * 24).map(lambda n: datetime(2025, 3, 1, tzinfo=LEGAL_ZONE) + timedelta(hours=n))
KINDS = st.sampled_from(
    [
        *[MilestoneKind.FILED, MilestoneKind.CLOSED, MilestoneKind.REOPENED, MilestoneKind.RETURNED] * 3,
        MilestoneKind.DECIDED,
        MilestoneKind.DECIDED,
        MilestoneKind.SUSPENDED,
        MilestoneKind.RESUMED,
        MilestoneKind.EXCLUDED_FROM,
        MilestoneKind.EXCLUDED_UNTIL,
        MilestoneKind.EXTENDED,
        MilestoneKind.TRANSFERRED,
        MilestoneKind.WITHDRAWN,
    ]
)


@st.composite
def milestones(draw: st.DrawFn) -> MilestoneFact:
    kind = draw(KINDS)
    on = draw(days)
    hour = draw(st.none() | st.integers(0, 3))
    at = None if hour is None else datetime(on.year, on.month, on.day, hour, tzinfo=LEGAL_ZONE)
    return MilestoneFact(
        kind=kind,
        on=on,
        precision=Precision.DAY if at is None else Precision.INSTANT,
        seq=0,
        recorded_at=draw(instants),
        at=at,
        manner=draw(st.sampled_from(ClosingManner)) if kind is MilestoneKind.CLOSED else None,
        reason=draw(st.sampled_from(["appraisal", "hearing", None])) if kind.startswith("excluded") else None,
        n=draw(st.integers(1, 40)) if kind is MilestoneKind.EXTENDED else None,
        unit="days" if kind is MilestoneKind.EXTENDED else None,
    )


@st.composite
def histories(draw: st.DrawFn) -> tuple[CaseHistory, ...]:
    found = []
    for number in range(draw(st.integers(0, 5))):
        facts = draw(st.lists(milestones(), max_size=8))
        moves = draw(st.lists(st.tuples(st.sampled_from(DIVISIONS), days, instants), min_size=1, max_size=3))
        found.append(
            CaseHistory(
                case_key=f"C{number}",
                procedure=draw(st.sampled_from(["penalty_general", "patent_dispute"])),
                counts=draw(st.integers(0, 5)) > 0,
                handling_clock=draw(st.sampled_from([("P10",), ("D12", "Q07"), ()])),
                ip_types=tuple(draw(st.lists(st.sampled_from(["gi", "patent", "trademark"]), min_size=1, unique=True))),
                source=draw(st.sampled_from(["complaint", None])),
                divisions=tuple(DivisionFact(*move) for move in moves),
                milestones=tuple(replace(fact, seq=seq) for seq, fact in enumerate(facts, start=1)),
            )
        )
    return tuple(found)


@st.composite
def questions(draw: st.DrawFn) -> tuple[Period, date, datetime]:
    first, last = sorted((draw(days), draw(days)))
    return Period(first, last), first + timedelta(days=draw(st.integers(0, DAYS))), draw(instants)


def figure(*cases: CaseHistory, policy_id: str, **asked: Any) -> ClosureRate:
    limit = builders.plain_limit(LIMIT_DAYS) if policy_id == "R4" else None
    return builders.figure(*cases, policy_id=policy_id, due_of=limit, **asked)


# --- The recount ---------------------------------------------------------------------------------------------


@dataclass
class Page:
    """One day of a case's diary, at its end."""

    filed: bool = False
    closed: bool = False
    closed_since: date | None = None
    reopened_today: bool = False
    filed_first_today: bool = False


def diary(history: CaseHistory, cut: date, known_at: datetime) -> dict[date, Page]:
    pages = {}
    filed, closed, closed_since = False, False, None
    day = FIRST_DAY - timedelta(days=1)
    while day <= cut:
        page = Page()
        for fact in of_day(history, day, known_at):
            if fact.kind == "filed":
                page.filed_first_today |= not filed
                filed = True
            elif fact.kind == "closed":
                closed, closed_since = True, day
            elif fact.kind == "reopened" or (fact.kind == "returned" and closed):
                page.reopened_today = True
                closed, closed_since = False, None
        page.filed, page.closed, page.closed_since = filed, closed, closed_since
        pages[day] = page
        day += timedelta(days=1)
    return pages


def of_day(history: CaseHistory, day: date, known_at: datetime) -> list[MilestoneFact]:
    """Return the day's known milestones: those without an hour as written, then those with one by the hour."""
    today = [fact for fact in history.milestones if fact.on == day and fact.recorded_at <= known_at]
    midnight = datetime(day.year, day.month, day.day, tzinfo=LEGAL_ZONE)
    found: list[MilestoneFact] = []
    for hour in range(24):
        instant = midnight + timedelta(hours=hour)
        found += [fact for fact in today if fact.at == instant or (fact.at is None and hour == 0)]
    return found


def recount(policy_id: str, history: CaseHistory, period: Period, cut: date, known_at: datetime) -> tuple[bool, bool]:
    """Return (in the numerator, in the denominator)."""
    pages = diary(history, cut, known_at)
    if not history.counts or not pages[cut].filed:
        return False, False
    within = [day for day in pages if period.first <= day <= cut]
    eve = pages[period.first - timedelta(days=1)] if period.first > FIRST_DAY else Page()
    filed_within = any(pages[day].filed_first_today for day in within)
    at_end = pages[cut]
    closed_within = at_end.closed and at_end.closed_since is not None and at_end.closed_since in within
    if policy_id == "R1":
        return closed_within, filed_within
    if policy_id == "R2":
        carried_in = eve.filed and not eve.closed
        back_again = eve.closed and any(pages[day].reopened_today for day in within)
        # A case that came closed into the period before it was filed is new in it, however that came about.
        belongs = carried_in or filed_within or back_again
        return belongs and at_end.closed, belongs
    if policy_id == "R3":
        return filed_within and at_end.closed, filed_within
    if not closed_within or not history.handling_clock:
        return False, False
    return was_in_time(history, pages, at_end.closed_since, known_at), True


def was_in_time(history: CaseHistory, pages: dict[date, Page], closed_on: date | None, known_at: datetime) -> bool:
    """Whether the limit was not used up before the day of the last decision before the closing."""
    told = [fact for day in sorted(pages) for fact in of_day(history, day, known_at)]
    closing = max(index for index, fact in enumerate(told) if fact.kind == "closed" and fact.on == closed_on)
    decisions = [index for index, fact in enumerate(told[:closing]) if fact.kind == "decided"]
    judged = decisions[-1] if decisions else closing
    before = told[:judged]
    limit = LIMIT_DAYS + sum(fact.n or 0 for fact in before if fact.kind == "extended")
    spent = 0
    day = next(fact.on for fact in told if fact.kind == "filed") + timedelta(days=1)
    while day < told[judged].on:
        spent += not is_paused(before, day)
        day += timedelta(days=1)
    return spent < limit


def is_paused(facts: Sequence[MilestoneFact], day: date) -> bool:
    """Whether a beginning on or before the day has not found its end by then."""
    open_reasons: list[tuple[str, date]] = []
    ended: list[tuple[date, date]] = []
    for fact in facts:
        if fact.kind == "suspended":
            open_reasons.append(("suspension", fact.on))
        elif fact.kind == "excluded_from":
            open_reasons.append((fact.reason or "other", fact.on))
        elif fact.kind in ("resumed", "excluded_until"):
            wanted = "suspension" if fact.kind == "resumed" else fact.reason
            fitting = [item for item in open_reasons if (item[0] == wanted if wanted else item[0] != "suspension")]
            if fitting:
                open_reasons.remove(fitting[-1])
                ended.append((fitting[-1][1], fact.on))
    return any(first <= day for _, first in open_reasons) or any(first <= day < until for first, until in ended)


# --- The laws ------------------------------------------------------------------------------------------------


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(POLICIES), histories(), questions())
def test_every_figure_equals_a_recount_day_by_day(
    policy_id: str, cases: tuple[CaseHistory, ...], question: tuple[Period, date, datetime]
) -> None:
    period, as_of, known_at = question
    cut = min(as_of, period.last)
    expected = {history.case_key: recount(policy_id, history, period, cut, known_at) for history in cases}
    total = figure(*cases, policy_id=policy_id, period=period, as_of=as_of, known_at=known_at, with_cases=True).total
    assert total.numerator_cases == tuple(key for key, (above, _) in expected.items() if above)
    assert total.denominator_cases == tuple(key for key, (_, below) in expected.items() if below)
    assert (total.numerator, total.denominator) == (len(total.numerator_cases), len(total.denominator_cases))


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(POLICIES), histories(), questions())
def test_divisions_procedures_and_sources_add_up_to_the_city(
    policy_id: str, cases: tuple[CaseHistory, ...], question: tuple[Period, date, datetime]
) -> None:
    period, as_of, known_at = question
    for by in ([Dimension.DIVISION], [Dimension.PROCEDURE], [Dimension.SOURCE, Dimension.DIVISION]):
        found = figure(*cases, policy_id=policy_id, period=period, as_of=as_of, known_at=known_at, by=by)
        assert sum(row.numerator for row in found.rows) == found.total.numerator
        assert sum(row.denominator for row in found.rows) == found.total.denominator


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(POLICIES), histories(), questions())
def test_merging_two_divisions_adds_their_rows(
    policy_id: str, cases: tuple[CaseHistory, ...], question: tuple[Period, date, datetime]
) -> None:
    period, as_of, known_at = question
    merged = [
        replace(
            history,
            divisions=tuple(
                replace(fact, code="320613" if fact.code == "320612" else fact.code) for fact in history.divisions
            ),
        )
        for history in cases
    ]

    def rows(of: Sequence[CaseHistory]) -> dict[str | None, tuple[int, int]]:
        found = figure(*of, policy_id=policy_id, period=period, as_of=as_of, known_at=known_at, by=[Dimension.DIVISION])
        return {row.key[Dimension.DIVISION]: (row.numerator, row.denominator) for row in found.rows}

    before, after = rows(cases), rows(merged)
    summed = [sum(pair) for pair in zip(before.get("320612", (0, 0)), before.get("320613", (0, 0)), strict=True)]
    assert list(after.get("320613", (0, 0))) == summed
    assert after.get("320614") == before.get("320614")


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(POLICIES), histories(), questions())
def test_kinds_of_right_count_a_case_once_each(
    policy_id: str, cases: tuple[CaseHistory, ...], question: tuple[Period, date, datetime]
) -> None:
    period, as_of, known_at = question
    found = figure(
        *cases,
        policy_id=policy_id,
        period=period,
        as_of=as_of,
        known_at=known_at,
        by=[Dimension.IP_TYPE],
        with_cases=True,
    )
    kinds = {history.case_key: set(history.ip_types) for history in cases}
    for row in found.rows:
        kind = row.key[Dimension.IP_TYPE]
        assert row.numerator_cases == tuple(key for key in found.total.numerator_cases or () if kind in kinds[key])
        assert row.denominator_cases == tuple(key for key in found.total.denominator_cases or () if kind in kinds[key])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(POLICIES), histories(), questions())
def test_each_month_row_is_the_figure_of_that_month(
    policy_id: str, cases: tuple[CaseHistory, ...], question: tuple[Period, date, datetime]
) -> None:
    period, as_of, known_at = question
    found = figure(*cases, policy_id=policy_id, period=period, as_of=as_of, known_at=known_at, by=[Dimension.MONTH])
    expected = {}
    for month in period.months():
        if month.first <= as_of:
            alone = figure(*cases, policy_id=policy_id, period=month, as_of=as_of, known_at=known_at).total
            if alone.numerator or alone.denominator:
                expected[month.first.isoformat()[:7]] = (alone.numerator, alone.denominator)
    assert {row.key[Dimension.MONTH]: (row.numerator, row.denominator) for row in found.rows} == expected


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(POLICIES), histories(), questions(), st.randoms(use_true_random=False))
def test_the_order_in_which_milestones_are_read_does_not_matter(
    policy_id: str, cases: tuple[CaseHistory, ...], question: tuple[Period, date, datetime], random: object
) -> None:
    period, as_of, known_at = question
    shuffled = []
    for history in cases:
        facts = list(history.milestones)
        random.shuffle(facts)  # type: ignore[attr-defined]
        shuffled.append(replace(history, milestones=tuple(facts)))
    asked = {"policy_id": policy_id, "period": period, "as_of": as_of, "known_at": known_at, "with_cases": True}
    assert figure(*shuffled, **asked) == figure(*cases, **asked)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(POLICIES), histories(), questions())
def test_what_comes_to_light_later_never_changes_what_was_known(
    policy_id: str, cases: tuple[CaseHistory, ...], question: tuple[Period, date, datetime]
) -> None:
    period, as_of, known_at = question
    known = [
        replace(history, milestones=tuple(fact for fact in history.milestones if fact.recorded_at <= known_at))
        for history in cases
    ]
    asked = {"policy_id": policy_id, "period": period, "as_of": as_of, "known_at": known_at, "with_cases": True}
    assert figure(*known, **asked) == figure(*cases, **asked)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(["R2", "R3", "R4"]), histories(), questions())
def test_only_r1_can_exceed_one(
    policy_id: str, cases: tuple[CaseHistory, ...], question: tuple[Period, date, datetime]
) -> None:
    period, as_of, known_at = question
    total = figure(*cases, policy_id=policy_id, period=period, as_of=as_of, known_at=known_at).total
    assert total.numerator <= total.denominator


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(POLICIES), histories(), questions(), st.data())
def test_a_case_left_out_for_its_dates_is_told_whenever_some_date_would_count_it(
    policy_id: str, cases: tuple[CaseHistory, ...], question: tuple[Period, date, datetime], data: st.DataObject
) -> None:
    """Blur one date of each case to its month: wherever the true date put the case, it is told or did not matter."""
    period, as_of, known_at = question
    cut = min(as_of, period.last)
    blurred = []
    for history in cases:
        if not history.milestones:
            continue
        index = data.draw(st.integers(0, len(history.milestones) - 1))
        fact = history.milestones[index]
        vague = replace(fact, on=fact.on.replace(day=1), precision=Precision.MONTH, at=None)
        blurred.append(
            replace(history, milestones=(*history.milestones[:index], vague, *history.milestones[index + 1 :]))
        )
    total = figure(*blurred, policy_id=policy_id, period=period, as_of=as_of, known_at=known_at, with_cases=True).total
    for history in cases:
        true = recount(policy_id, history, period, cut, known_at)
        told = history.case_key in (total.imprecise_cases or ())
        seen = (
            history.case_key in (total.numerator_cases or ()),
            history.case_key in (total.denominator_cases or ()),
        )
        assert told or seen == true or not history.milestones
        assert not (told and any(seen))
