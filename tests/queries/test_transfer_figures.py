"""Figures of transfers over real cases: what each reader may count, and exactly the transfers behind each number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from caseapp.context import Context
from caseapp.domain.errors import InputError
from caseapp.domain.metrics.periods import Period
from caseapp.domain.metrics.transfers import Part, Step
from caseapp.domain.workflow.situation import Actor
from caseapp.queries.transfer_figures import Sight, TransferQuestion, figures_of_transfers, transfers_behind
from caseapp.queries.transfers_restated import restated_transfers
from caseapp.services.correction_draft import Asked
from tests.factories.cases import REPORT, Course
from tests.factories.referrals import (
    PROCURATORATE,
    RECEIPT,
    REFUSAL,
    answered,
    filed,
    handed_over,
    liaisons,
    ready,
    received,
    refused,
)
from tests.factories.sides import act_in, side_of
from tests.queries.test_referral_inbox import statements
from tests.services.test_referral_corrected import corrected, seq_of

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def asked(course: Course, sight: Sight = Sight.CASES, **more: Any) -> TransferQuestion:
    settings: dict[str, Any] = {"sight": sight, "period": YEAR, "as_of": course.today, **more}
    return TransferQuestion(**settings)


def adds_up(ctx: Context, question: TransferQuestion) -> None:
    """Say that every number drills down to as many transfers as it counts."""
    figures = figures_of_transfers(ctx, question)
    for cell, count in figures.total.counts.items():
        assert len(transfers_behind(ctx, question, cell)) == count, cell
    for row in figures.rows:
        part = replace(question, organ=row.organ, offence=row.offence)
        for cell, count in row.counts.items():
            assert len(transfers_behind(ctx, part, cell)) == count, (row.organ, cell)


def test_the_house_counts_the_cases_in_sight_and_each_organ_what_was_sent_to_it(course: Course) -> None:
    who = liaisons(course)
    first = filed(course, course.filed())
    case_id = course.filed()
    second = refused(course, case_id)
    handed_over(course, course.filed())
    ready(course, course.filed())
    sent = course.today
    course.later(days=5)
    with course.as_("supervisor") as ctx:
        figures = figures_of_transfers(ctx, asked(course))
        assert [(row.organ, row.offence) for row in figures.rows] == [("320612-ip", "a214")]
        total = figures.total
        assert (total.count("all"), total.count("outcome", "filed"), total.count("outcome", "not_filed")) == (3, 1, 1)
        assert [total.count("standing", name) for name in ("accepted", "refused", "pending")] == [1, 1, 1]
        assert (total.count("overdue", "house"), total.count("overdue", "police")) == (2, 0)
        assert (figures.steps[Step.EXAMINE].count, figures.steps[Step.EXAMINE].median_days) == (2, 0.0)
        assert (figures.steps[Step.SIGN].waiting, figures.steps[Step.GOODS].waiting) == (1, 1)
        adds_up(ctx, asked(course))
        (line,) = transfers_behind(ctx, asked(course), (Part.OUTCOME, "filed"))
        image = course.image(line.case_id)
        assert (line.proceeding_id, line.name, line.title) == (first, image.number, image.title)
        assert figures_of_transfers(ctx, asked(course, as_of=sent)).total.count("overdue", "house") == 0
        with pytest.raises(InputError):
            figures_of_transfers(ctx, asked(course, as_of=date(2025, 12, 31)))
    shared = asked(course, Sight.SHARED)
    with course.parts.context(who["police"]) as ctx:
        figures = figures_of_transfers(ctx, shared)
        assert [(row.offence, row.count("all")) for row in figures.rows] == [("", 1), ("a214", 2)]
        assert figures.steps[Step.DECIDE].count == 0
        adds_up(ctx, shared)
        unsigned = transfers_behind(ctx, asked(course, Sight.SHARED, offence=""), (Part.ALL, ""))
        assert [(one.title, one.name, one.case_id) for one in unsigned] == [("", "", "")]
    with course.parts.context(who["procurator"]) as ctx:
        assert figures_of_transfers(ctx, shared).total.count("all") == 0
    grounds = {"procuratorate_organ": PROCURATORATE, "supervision_grounds": "应当立案。"}
    act_in(course, case_id, "referral", "ask_supervision", grounds)
    with course.parts.context(who["procurator"]) as ctx:
        figures = figures_of_transfers(ctx, shared)
        assert (figures.total.count("all"), figures.total.count("standing", "refused")) == (1, 1)
        assert figures.steps[Step.EXAMINE].count == 0
        (line,) = transfers_behind(ctx, shared, (Part.WAITING, "supervise"))
        assert line.proceeding_id == second
        adds_up(ctx, shared)
    for blind, sight in (("officer", Sight.SHARED), ("police", Sight.CASES)):
        with course.as_(blind) as ctx:
            assert figures_of_transfers(ctx, asked(course, sight)).total.count("all") == 0


def test_a_penalty_after_the_file_came_back_is_an_outcome_as_of_its_day(course: Course) -> None:
    case_id = course.filed()
    refused(course, case_id)
    act_in(course, case_id, "referral", "accept_refusal", {"file_back_on": course.today.isoformat()})
    course.act("officer", case_id, "conclude_investigation", REPORT)
    course.act("legal", case_id, "review_case", course.review())
    course.approved("officer", case_id, "issue_prior_notice")
    course.act("officer", case_id, "serve_prior_notice", course.service(course.today.isoformat()))
    before = course.today
    course.later(days=10)
    course.act("officer", case_id, "submit_for_decision")
    course.approved("officer", case_id, "decide_penalty", course.decision())
    with course.as_("supervisor") as ctx:
        for as_of, penalised in ((before, 0), (course.today, 1)):
            total = figures_of_transfers(ctx, asked(course, as_of=as_of)).total
            assert (total.count("outcome", "returned"), total.count("outcome", "penalised")) == (1, penalised)
        adds_up(ctx, asked(course))


def shown(course: Course, who: Actor, sight: Sight, **more: Any) -> Any:
    """Return the figures of a reader in a form that can be compared, and find that they add up."""
    question = asked(course, sight, **more)
    with course.parts.context(who) as ctx:
        adds_up(ctx, question)
        found = figures_of_transfers(ctx, question)
    rows = [(row.organ, row.offence, dict(row.counts)) for row in found.rows]
    return rows, dict(found.total.counts), dict(found.steps)


def test_what_was_known_at_an_instant_is_shown_again_whatever_was_recorded_since(course: Course) -> None:
    """Acts told late, a hand-over that was voided, a penalty after the file came back: no earlier figure moves."""
    who = liaisons(course)
    readers = [
        (course.people["supervisor"], Sight.CASES),
        *((who[one], Sight.SHARED) for one in ("police", "procurator")),
    ]
    first, second, third = (course.filed() for _ in range(3))
    police = course.people["police"]
    grounds = {"procuratorate_organ": PROCURATORATE, "supervision_grounds": "应当立案。"}
    deeds: list[Callable[[], object]] = [
        lambda: handed_over(course, first),
        lambda: handed_over(course, third),
        lambda: answered(course, police, side_of(course, first, "referral").id, "sign_receipt", RECEIPT),
        lambda: received(course, second),
        lambda: refused_now(course, second),
        lambda: act_in(course, second, "referral", "ask_supervision", grounds),
    ]
    then: list[tuple[datetime, date, list[Any]]] = []
    for deed in deeds:
        deed()
        then.append((course.clock.at, course.today, [shown(course, *reader) for reader in readers]))
        course.later(hours=5)
    for at, day, figures in then:
        assert [shown(course, *reader, as_of=day, known_at=at) for reader in readers] == figures, at
    assert shown(course, *readers[0], as_of=then[0][1], known_at=then[0][0] - timedelta(hours=1))[0] == []
    corrected(course, third, Asked(seq_of(course, third, "hand_over"), "登记错案件"))
    for at, day, figures in then:
        assert shown(course, *readers[0], as_of=day, known_at=at) == figures[0], at
    now = asked(course)
    with course.as_("supervisor") as ctx:
        found = restated_transfers(ctx, now, then[-1][0])
        assert (found.before.total.count("all"), found.after.total.count("all"), found.count) == (3, 2, 1)
        (moved,) = found.moved
        assert (moved.before and moved.before.case_id, moved.after, moved.reason) == (third, None, "登记错案件")
        assert moved.recorded_at == course.clock.at
        late_ones = restated_transfers(ctx, now, then[1][0])
        assert {one.after.case_id for one in late_ones.moved if one.after} == {first, second}
        assert {one.reason for one in late_ones.moved} == {"", "登记错案件"}
        same = restated_transfers(ctx, replace(now, known_at=then[0][0]), then[0][0])
        assert (same.moved, same.before.total) == ((), same.after.total)
    with course.parts.context(who["police"]) as ctx:
        (moved,) = restated_transfers(ctx, asked(course, Sight.SHARED), then[4][0]).moved
        assert (moved.recorded_at, moved.reason, moved.after and moved.after.case_id) == (None, "", "")


def refused_now(course: Course, case_id: str) -> None:
    told = {"refused_on": course.today.isoformat(), **REFUSAL}
    answered(course, course.people["police"], side_of(course, case_id, "referral").id, "refuse_to_file", told)


def test_however_many_transfers_there_are_the_same_statements_are_asked(course: Course) -> None:
    counts = []
    for _ in range(2):
        handed_over(course, course.filed())
        with course.as_("supervisor") as ctx, statements(ctx) as sql:
            figures_of_transfers(ctx, asked(course))
        counts.append(len(sql))
    assert counts[0] == counts[1] <= 5
    with course.parts.context(course.people["police"]) as ctx, statements(ctx) as sql:
        figures_of_transfers(ctx, asked(course, Sight.SHARED))
    assert len(sql) == 2
