"""The boards count what the closure figures count, and every number opens to exactly its cases."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from caseapp.context import Context
from caseapp.domain.errors import InputError
from caseapp.domain.facts import CaseImage
from caseapp.domain.metrics.closure import Period
from caseapp.domain.metrics.periods import Window
from caseapp.domain.metrics.policy import Dimension
from caseapp.domain.metrics.signs import Sign, is_reopened_soon, is_suspended_late
from caseapp.models.closure_case import ClosureCase
from caseapp.queries import closure
from caseapp.queries.board import UNSTATED, BoardQuestion, By, Measure, count_of, parts_of
from caseapp.queries.board_cases import Cell, Side, all_cases_behind, cases_behind
from caseapp.queries.board_rates import Tally, months_of, rate_of, rates_by
from caseapp.queries.board_stays import state_times
from caseapp.queries.case_histories import due_dates
from caseapp.queries.forecast import outlook
from caseapp.queries.signs import sign_counts
from tests.factories.cases import Course
from tests.queries.test_closure import _history, _image, _store

PERIOD = Period(date(2024, 9, 1), date(2025, 5, 20))
TODAY = date(2025, 6, 10)
SHARED = {
    By.DIVISION: Dimension.DIVISION,
    By.IP_TYPE: Dimension.IP_TYPE,
    By.PROCEDURE: Dimension.PROCEDURE,
    By.SOURCE: Dimension.SOURCE,
}
CAMPAIGNS: tuple[tuple[str, ...], ...] = ((), ("huhang",), ("huhang", "shandian"), ("shuangda",))
CHANNELS = ("12315平台", "市场巡查", None)
STATES = (("open", "investigating"), ("suspended", "suspended"), ("decided", "performing"), ("closed", "closed"))


def _dressed(dice: random.Random, number: int) -> CaseImage:
    """Return a case of random milestones that also carries what only the boards read."""
    image = _image(dice, number)
    category, state = dice.choice(STATES)
    main = replace(image.main, category=category, state=state)
    return replace(
        image,
        proceedings=(main,),
        campaigns=dice.choice(CAMPAIGNS),
        channel=dice.choice(CHANNELS),
        officers=dice.choice(((), ("a" * 32,), ("b" * 32, "a" * 32))),
    )


@pytest.fixture
def images(ctx: Context) -> list[CaseImage]:
    dice = random.Random(23)
    made = [_dressed(dice, number) for number in range(160)]
    _store(ctx, made)
    return made


def _asked(**filters: str) -> BoardQuestion:
    return BoardQuestion(PERIOD, TODAY, **filters)


def _told(tally: Tally) -> tuple[int, int, int]:
    return tally.numerator, tally.denominator, tally.imprecise


def _by_closure(ctx: Context, dimension: Dimension, period: Period, as_of: date) -> dict[str, tuple[int, int, int]]:
    figure = closure.closure_rate(ctx, "R2", period, as_of=as_of, by=(dimension,), only_by=True)
    return {row.key[dimension] or UNSTATED: (row.numerator, row.denominator, row.imprecise) for row in figure.rows}


def _counted(found: dict[str, Tally]) -> dict[str, tuple[int, int, int]]:
    return {value: _told(tally) for value, tally in found.items() if tally.denominator}


def _agree(ctx: Context) -> int:
    """Compare the rates of a board with the closure figures under the rights of this reader; return the whole."""
    total = closure.closure_rate(ctx, "R2", PERIOD).total
    assert _told(rate_of(ctx, _asked())) == (total.numerator, total.denominator, total.imprecise)
    found = rates_by(ctx, _asked(), tuple(SHARED))
    for by, dimension in SHARED.items():
        assert _counted(dict(found[by])) == _by_closure(ctx, dimension, PERIOD, PERIOD.last), by
    return total.denominator


def test_rates_equal_the_closure_figures_under_the_rights_of_each_reader(
    ctx: Context, images: list[CaseImage], as_user: Callable[[str], AbstractContextManager[Context]]
) -> None:
    whole = _agree(ctx)
    with as_user("supervisor") as city, as_user("leader") as organ, as_user("police") as outside:
        assert _agree(city) == whole
        assert 20 < _agree(organ) < whole
        assert _agree(outside) == 0


def test_months_equal_the_closure_figures_alone_and_since_new_year(ctx: Context, images: list[CaseImage]) -> None:
    this, before = months_of(ctx, _asked())
    assert [month.key for month in (before[0], before[-1], this[0], this[-1])] == [
        "2024-01", "2024-12", "2025-01", "2025-05",
    ]  # fmt: skip
    years = Period(date(2024, 1, 1), date(2025, 12, 31))
    alone = _by_closure(ctx, Dimension.MONTH, years, PERIOD.last)
    assert {month.key: _told(month.month) for month in (*before, *this) if month.month.denominator} == alone
    for month in (*before, *this):
        since = Period(date(int(month.key[:4]), 1, 1), month.last)
        total = closure.closure_rate(ctx, "R2", since).total
        assert _told(month.year)[:2] == (total.numerator, total.denominator), month.key
        opened = cases_behind(ctx, _asked(), Cell(side=Side.DENOMINATOR, month=month.key))
        assert opened.total == month.month.denominator, month.key


def test_filters_part_the_figure_and_what_only_the_file_carries_parts_it_too(
    ctx: Context, images: list[CaseImage]
) -> None:
    whole = _told(rate_of(ctx, _asked()))
    for by in (By.DIVISION, By.ORGAN, By.CHANNEL, By.SOURCE, By.PROCEDURE):
        found = rates_by(ctx, _asked(), (by,))[by]
        assert tuple(map(sum, zip(*map(_told, found.values()), strict=True))) == whole, by
        for value, tally in found.items():
            assert _told(rate_of(ctx, _asked(**{by.value: value}))) == _told(tally), (by, value)
    carried = Counter(word for image in images for word in image.campaigns)
    found = rates_by(ctx, _asked(), (By.CAMPAIGN,))[By.CAMPAIGN]
    assert set(found) == {*carried, UNSTATED}
    for value, tally in found.items():
        assert _told(rate_of(ctx, _asked(campaign=value))) == _told(tally), value


def test_every_rate_opens_to_exactly_its_cases(ctx: Context, images: list[CaseImage]) -> None:
    dimensions = (*SHARED, By.CAMPAIGN, By.CHANNEL, By.ORGAN, By.OFFICER)
    for by, found in rates_by(ctx, _asked(), dimensions).items():
        for value, tally in found.items():
            for side, count in (
                (Side.NUMERATOR, tally.numerator),
                (Side.DENOMINATOR, tally.denominator),
                (Side.OPEN, tally.denominator - tally.numerator),
                (Side.IMPRECISE, tally.imprecise),
            ):
                opened = cases_behind(ctx, _asked(), Cell(side=side, by=by, value=value))
                assert (opened.total, len(opened.lines)) == (count, count), (by, value, side)
    expected = closure.counted_cases(ctx, "R2", PERIOD, row={})
    listed = all_cases_behind(ctx, _asked(), Cell(side=Side.DENOMINATOR))
    assert {line.case_id for line in listed} == {one.case_id for one in expected if one.in_denominator}


def test_counts_equal_a_naive_count_and_open_to_exactly_their_cases(ctx: Context, images: list[CaseImage]) -> None:
    standing = [image for image in images if image.main.category in ("open", "suspended", "decided")]
    assert count_of(ctx, _asked(), Measure.OPEN) == len(standing)
    naive: dict[By, Counter[str]] = {
        By.ORGAN: Counter(image.organ for image in standing),
        By.CATEGORY: Counter(image.main.category for image in standing),
        By.STATE: Counter(f"{image.main.procedure}/{image.main.state}" for image in standing),
        By.CHANNEL: Counter(image.channel or UNSTATED for image in standing),
        By.CAMPAIGN: Counter(word for image in standing for word in (image.campaigns or (UNSTATED,))),
        By.IP_TYPE: Counter(word for image in standing for word in image.ip_types),
        By.OFFICER: Counter(image.officers[0] if image.officers else UNSTATED for image in standing),
    }
    for by, expected in naive.items():
        assert {part.value: part.count for part in parts_of(ctx, _asked(), Measure.OPEN, by)} == expected, by
    for measure in Measure:
        for by in By:
            for part in parts_of(ctx, _asked(), measure, by):
                opened = cases_behind(ctx, _asked(), Cell(measure=measure, by=by, value=part.value))
                assert (opened.total, len(opened.lines)) == (part.count, part.count), (measure, by, part)
        listed = list(all_cases_behind(ctx, _asked(), Cell(measure=measure)))
        assert len(listed) == count_of(ctx, _asked(), measure), measure
    reopened = {
        image.id
        for image in images
        for one in image.milestones
        if one.kind == "reopened" and PERIOD.first <= one.on <= PERIOD.last and one.proceeding == image.main.id
    }
    assert {line.case_id for line in all_cases_behind(ctx, _asked(), Cell(measure=Measure.REOPENED))} <= reopened


def test_ages_and_deadlines_fall_into_their_groups(course: Course) -> None:
    case_id = course.filed()
    filed_on, due_on = course.today, course.rows("case_file", "next_due_on")[0]
    with course.as_("supervisor") as ctx:
        for days, age in ((0, "30"), (30, "30"), (31, "60"), (365, "365"), (366, "later")):
            asked = BoardQuestion(Period(filed_on, filed_on), filed_on + timedelta(days=days))
            assert [part.value for part in parts_of(ctx, asked, Measure.OPEN, By.AGE)] == [age], days
        for left, group in ((-32, "-31"), (-31, "-31"), (-30, "-1"), (-1, "-1"), (0, "7"), (8, "14"), (31, "later")):
            asked = BoardQuestion(Period(filed_on, filed_on), due_on - timedelta(days=left))
            (part,) = parts_of(ctx, asked, Measure.OPEN, By.DUE)
            assert part.value == group, left
            assert count_of(ctx, asked, Measure.OVERDUE) == (left < 0)
            assert count_of(ctx, asked, Measure.DUE_SOON) == (0 <= left <= 14)
            (line,) = cases_behind(ctx, asked, Cell(measure=Measure.OPEN, by=By.DUE, value=group)).lines
            assert (line.case_id, line.due_on, line.officer) == (case_id, due_on, "顾海宁")
        with pytest.raises(InputError):
            cases_behind(ctx, asked, Cell())


def test_time_in_a_state_is_told_of_cases_that_left_it(course: Course) -> None:
    case_id = course.closed()
    asked = BoardQuestion(Period(course.today, course.today), course.today)
    with course.as_("supervisor") as ctx:
        found = state_times(ctx, asked)
        assert found.cases == 1
        noticed = found.spreads["penalty_general/noticed"]
        assert (noticed.count, noticed.median_days, noticed.p90_days) == (1, 10.0, 10)
        assert "penalty_general/closed" not in found.spreads
        for place in found.spreads:
            (line,) = cases_behind(ctx, asked, Cell(stayed=True, value=place)).lines
            assert line.case_id == case_id
        assert cases_behind(ctx, asked, Cell(stayed=True, value="penalty_general/hearing")).total == 0


def test_signs_and_durations_are_those_of_the_histories(ctx: Context, images: list[CaseImage]) -> None:
    asked = _asked()
    found = {one.sign: one for one in sign_counts(ctx, asked)}
    for one in found.values():
        assert one.count <= one.among
        assert cases_behind(ctx, asked, Cell(sign=one.sign)).total == one.count, one.sign
    told = [_history(ctx, image) for image in images if any(fact.kind == "filed" for fact in image.milestones)]
    seen = Window(PERIOD.first, TODAY)
    known = [replace(one, milestones=tuple(fact for fact in one.milestones if fact.on <= seen.cut)) for one in told]
    assert found[Sign.REOPENED_SOON].count == sum(is_reopened_soon(one, PERIOD) for one in known) > 0
    due_of = due_dates(ctx.law)
    assert found[Sign.SUSPENDED_LATE].count == sum(is_suspended_late(one, PERIOD, due_of) for one in known) > 0
    curves = outlook(ctx, asked).curves
    filed = ctx.rows(select(func.count()).select_from(ClosureCase).where(ClosureCase.filed_on <= TODAY)).scalar_one()
    assert sum(curve.cases for curve in curves.values()) == filed
    closed = (
        select(func.count())
        .select_from(ClosureCase)
        .where(ClosureCase.filed_on <= TODAY, ClosureCase.closed_on <= TODAY)
    )
    assert sum(curve.closings for curve in curves.values()) == ctx.rows(closed).scalar_one()
