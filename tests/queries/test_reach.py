"""What to close by when, the signs and the outlook, over real cases; and reminding those who lead them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from caseapp.domain.errors import ActionRefused, InputError
from caseapp.domain.metrics.periods import Period
from caseapp.domain.metrics.signs import Sign
from caseapp.models.notification import Notification
from caseapp.queries.board import BoardQuestion
from caseapp.queries.board_cases import Cell, cases_behind
from caseapp.queries.board_rates import rate_of
from caseapp.queries.forecast import outlook
from caseapp.queries.reach import reach_plan
from caseapp.queries.signs import SignCount, sign_counts
from caseapp.services.case_remind import MOST_AT_ONCE, remind
from tests.factories.cases import Course
from tests.queries.test_referral_inbox import statements

YEAR_END = date(2026, 12, 31)


def asked(course: Course) -> BoardQuestion:
    return BoardQuestion(Period(date(2026, 1, 1), YEAR_END), course.today)


def noticed(course: Course) -> str:
    case_id = course.concluded()
    course.act("legal", case_id, "review_case", course.review())
    course.approved("officer", case_id, "issue_prior_notice")
    course.act("officer", case_id, "serve_prior_notice", course.service(course.today.isoformat()))
    return case_id


def test_the_way_told_is_the_way_the_house_allows_and_not_a_day_sooner(course: Course) -> None:
    case_id = noticed(course)
    with course.as_("supervisor") as ctx:
        plan = reach_plan(ctx, asked(course), YEAR_END)
        (one,) = plan.chosen
        assert one.way is not None
        assert (one.case_id, one.officer, one.beside, plan.late) == (case_id, "顾海宁", 0, ())
        assert (plan.reach.gap, plan.reach.is_possible, plan.filed_lately) == (1, True, 1)
        first = one.way.steps[0]
        assert first.action == "submit_for_decision"
        tight = reach_plan(ctx, asked(course), first.on - timedelta(days=1))
        assert (tight.reach.is_possible, tight.reach.best, [late.case_id for late in tight.late]) == (
            False,
            0.0,
            [case_id],
        )
        total = rate_of(ctx, asked(course))
        assert (plan.reach.numerator, plan.reach.denominator) == (total.numerator, total.denominator)
    course.later(days=(first.on - course.today).days - 1)
    with pytest.raises(ActionRefused):
        course.act("officer", case_id, "submit_for_decision")
    course.later(days=1)
    course.act("officer", case_id, "submit_for_decision")
    course.approved("officer", case_id, "decide_penalty", course.decision())
    course.act("officer", case_id, "serve_decision", course.service(course.today.isoformat()))
    course.act(
        "officer", case_id, "confirm_performance", {"performed_on": course.today.isoformat(), "paid_total": 500_000}
    )
    course.approved("officer", case_id, "close_executed", {
        "closing_summary": "已缴清。", "closing_execution": "已缴清。", "closing_manner": "executed",
    })  # fmt: skip
    assert course.today == one.way.closes_on
    with course.as_("supervisor") as ctx:
        assert reach_plan(ctx, asked(course), YEAR_END).reach.is_reached


def test_however_many_cases_are_open_the_same_statements_are_asked(course: Course) -> None:
    counts = []
    for _ in range(2):
        course.filed()
        with course.as_("supervisor") as ctx, statements(ctx) as sql:
            reach_plan(ctx, asked(course), YEAR_END)
            sign_counts(ctx, asked(course))
            outlook(ctx, asked(course))
        counts.append(len(sql))
    assert counts[0] == counts[1]


def test_a_reminder_reaches_the_lead_officer_once_a_day_and_only_of_open_cases_in_sight(course: Course) -> None:
    open_id, closed_id, lead = course.filed(), course.closed(), course.lead().id
    with course.as_("supervisor") as ctx:
        assert remind(ctx, [open_id, closed_id, lead, "0" * 32], by=YEAR_END) == 1
        assert remind(ctx, [open_id], by=YEAR_END) == 0
        with pytest.raises(InputError):
            remind(ctx, [], by=YEAR_END)
        with pytest.raises(InputError):
            remind(ctx, ["x"] * (MOST_AT_ONCE + 1), by=YEAR_END)
        (notice,) = ctx.session.execute(select(Notification).where(Notification.kind == "reminder")).scalars()
        assert (notice.user_id, notice.case_id) == (course.officers[0], open_id)
    with course.as_("police") as ctx:
        assert remind(ctx, [open_id], by=YEAR_END) == 0
    course.later(days=1)
    with course.as_("supervisor") as ctx:
        assert remind(ctx, [open_id], by=YEAR_END) == 1


def test_signs_are_counted_here_and_in_the_city_and_open_to_their_cases(course: Course) -> None:
    case_id = course.closed()
    course.filed()
    course.lead()
    course.later(days=1)
    with course.as_("supervisor") as ctx:
        found = {one.sign: one for one in sign_counts(ctx, asked(course))}
        assert set(found) == set(Sign)
        ends = (course.image(case_id).main.closed_on or YEAR_END) + timedelta(days=3)
        month_end = int(ends.day <= 3)
        assert found[Sign.MONTH_END] == SignCount(Sign.MONTH_END, month_end, 1, month_end, 1)
        assert (found[Sign.SPLIT].among, found[Sign.UNEXECUTED].among, found[Sign.UNEXECUTED].count) == (2, 1, 0)
        assert (found[Sign.KEPT_LEAD].count, found[Sign.KEPT_LEAD].among) == (0, 1)
        assert (found[Sign.SUSPENDED_LATE].share, found[Sign.SUSPENDED_LATE].city_share) == (None, None)
        assert (found[Sign.REOPENED_SOON].share, found[Sign.REOPENED_SOON].city_share) == (0.0, 0.0)
        later = replace(asked(course), today=course.today + timedelta(days=60))
        for one in sign_counts(ctx, later):
            assert cases_behind(ctx, later, Cell(sign=one.sign)).total == one.count, one.sign
        assert next(one for one in sign_counts(ctx, later) if one.sign is Sign.KEPT_LEAD).count == 1
        elsewhere = replace(asked(course), organ="320613-ip")
        assert {(one.among, one.city_among >= one.city) for one in sign_counts(ctx, elsewhere)} == {(0, True)}
        assert outlook(ctx, asked(course)).year_end is None
