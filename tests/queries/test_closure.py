"""The figures that the database groups are those that the formulas give case by case."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from caseapp.context import Context
from caseapp.domain.correction_records import DivisionRecord
from caseapp.domain.errors import InputError
from caseapp.domain.events import LEGAL_ZONE, ClosingManner, Milestone, MilestoneKind, Precision, start_of
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.metrics import closure as formulas
from caseapp.domain.metrics.closure import ClosureRate, Period, RateRow
from caseapp.domain.metrics.history import CaseHistory, DivisionFact, fact_of
from caseapp.domain.metrics.policy import Dimension
from caseapp.models.case_division import CaseDivision
from caseapp.models.case_file import CaseFile
from caseapp.models.closure_case import ClosureCase
from caseapp.models.milestone import MilestoneRow
from caseapp.queries import closure
from caseapp.queries.case_histories import due_dates
from caseapp.queries.figures import FigureQuestion
from caseapp.queries.restatement import restatement
from caseapp.services import case_rows, part_rows
from caseapp.services.closure_rows import closure_rows
from caseapp.services.unit_of_work import unit_of_work

FIRST_DAY = date(2024, 6, 1)
DAYS = 500
CASES = 160
ORGANS = {"320612-ip": "320612", "320613-ip": "320613"}
KINDS = (
    *("filed", "closed", "reopened", "returned") * 3,
    *("decided", "suspended", "resumed", "excluded_from", "excluded_until", "extended", "registered"),
)


def _day(dice: random.Random) -> date:
    return FIRST_DAY + timedelta(days=dice.randrange(DAYS))


def _milestone(dice: random.Random, kind: str, on: date, seq: int, proceeding: str) -> Milestone:
    precision = dice.choice([Precision.DAY] * 6 + [Precision.INSTANT] * 3 + [Precision.MONTH])
    order_at = start_of(on)
    if precision is Precision.INSTANT:
        order_at += timedelta(hours=dice.randrange(24))
    if precision is Precision.MONTH:
        on = on.replace(day=1)
        order_at = start_of(on)
    details: dict[str, str | int] = {}
    if kind == "closed":
        details["manner"] = dice.choice([manner.value for manner in ClosingManner])
    elif kind == "extended":
        details |= {"n": dice.randrange(1, 60), "unit": dice.choice(["days", "months"])}
    elif kind == "excluded_from":
        details["reason"] = dice.choice(["appraisal", "hearing", "other"])
    return Milestone(
        kind=MilestoneKind(kind),
        on=on,
        precision=precision,
        seq=seq,
        recorded_at=start_of(_day(dice)) + timedelta(hours=dice.randrange(24)),
        proceeding=proceeding,
        order_at=order_at,
        details=details or None,
    )


def _image(dice: random.Random, number: int) -> CaseImage:
    """Return a case: every other one is plain or nearly so, the rest is whatever comes."""
    case_id, proceeding = f"{number:032x}", f"{number + 1_000_000:032x}"
    if number % 2:
        filed_on = _day(dice)
        wanted = [("filed", filed_on), ("decided", filed_on + timedelta(days=dice.randrange(30, 120)))]
        if dice.random() < 0.8:
            wanted.append(("closed", filed_on + timedelta(days=dice.randrange(20, 200))))
        milestones = [
            replace(_milestone(dice, kind, on, seq, proceeding), precision=Precision.DAY, on=on, order_at=start_of(on))
            for seq, (kind, on) in enumerate(wanted, start=1)
        ]
    else:
        milestones = [
            _milestone(dice, dice.choice(KINDS), _day(dice), seq, proceeding) for seq in range(1, dice.randrange(2, 9))
        ]
        # What a side proceeding does neither files nor closes the case.
        milestones.append(_milestone(dice, "closed", _day(dice), 20, "f" * 32))
    organ = dice.choice(list(ORGANS))
    moves = [DivisionRecord(ORGANS[organ], FIRST_DAY, start_of(FIRST_DAY))]
    if dice.random() < 0.15:
        moves.append(DivisionRecord(dice.choice(["320614", "320681"]), _day(dice), start_of(_day(dice))))
    return CaseImage(
        id=case_id,
        version=30,
        opened_on=FIRST_DAY,
        title="案件",
        organ=organ,
        division=moves[-1].code,
        ip_types=tuple(dice.sample(["trademark", "copyright", "gi"], dice.randrange(1, 3))),
        external_id=f"X-{number:04d}" if number % 3 else None,
        number=f"N-{number:04d}",
        source=dice.choice(["complaint", None]),
        proceedings=(
            ProceedingImage(
                id=proceeding,
                procedure=dice.choice(["penalty_general", "penalty_general", "penalty_simplified"]),
                version=1,
                state="closed",
                category="closed",
                opened_on=FIRST_DAY,
                entered_on=FIRST_DAY,
            ),
        ),
        milestones=tuple(sorted(milestones, key=lambda milestone: (milestone.on, milestone.order_at, milestone.seq))),
        divisions=tuple(moves),
    )


def _store(ctx: Context, images: Sequence[CaseImage]) -> None:
    now = ctx.now()
    with unit_of_work(ctx) as unit:
        for image in images:
            columns = {
                **case_rows.columns_of(image, ctx.law),
                "id": image.id,
                "version": image.version,
                "head_hash": "0" * 64,
                "updated_at": now,
                "image": "{}",
            }
            unit.connection.execute(insert(CaseFile).values(columns))
            for table, rows in (
                (MilestoneRow, case_rows.milestone_rows(image)),
                (CaseDivision, part_rows.division_rows(image)),
                (ClosureCase, closure_rows(image, ctx.law)),
            ):
                if rows:
                    unit.connection.execute(insert(table), rows)


def _history(ctx: Context, image: CaseImage) -> CaseHistory:
    main = image.main
    procedure = ctx.law.procedures.pinned(main.procedure, main.version)
    return CaseHistory(
        case_key=image.external_id or image.number or "",
        procedure=main.procedure,
        counts=procedure.counts,
        handling_clock=procedure.handling_clock,
        ip_types=image.ip_types,
        source=image.source,
        divisions=tuple(DivisionFact(move.code, move.on, move.recorded_at) for move in image.divisions),
        milestones=tuple(fact_of(milestone) for milestone in image.milestones if milestone.proceeding == main.id),
    )


@pytest.fixture
def images(ctx: Context) -> list[CaseImage]:
    dice = random.Random(7)
    made = [_image(dice, number) for number in range(CASES)]
    _store(ctx, made)
    return made


def _questions(dice: random.Random, number: int) -> list[dict[str, Any]]:
    found = []
    for _ in range(number):
        first, last = sorted((_day(dice), _day(dice)))
        found.append(
            {
                "period": Period(first, last),
                "as_of": dice.choice([None, first + timedelta(days=dice.randrange(DAYS))]),
                "known_at": dice.choice([datetime(2027, 1, 1, tzinfo=LEGAL_ZONE), start_of(_day(dice))]),
                "by": dice.sample(list(Dimension), dice.randrange(4)),
                "with_cases": dice.random() < 0.5,
            }
        )
    return found


def _one_by_one(ctx: Context, images: Sequence[CaseImage], policy_id: str, question: Mapping[str, Any]) -> ClosureRate:
    return formulas.closure_rate(
        [_history(ctx, image) for image in images],
        ctx.law.policies[policy_id],
        due_of=due_dates(ctx.law),
        **question,
    )


def test_a_figure_equals_the_count_case_by_case(ctx: Context, images: list[CaseImage]) -> None:
    dice = random.Random(11)
    counted = 0
    for question in _questions(dice, 20):
        for policy_id in ("R1", "R2", "R3", "R4", "R5"):
            expected = _one_by_one(ctx, images, policy_id, question)
            assert closure.closure_rate(ctx, policy_id, **question) == expected, (policy_id, question)
            counted += expected.total.denominator + expected.total.imprecise
            if not question["with_cases"]:
                told = {name: question[name] for name in ("period", "as_of", "known_at")}
                bys = [question["by"], [], [Dimension.MONTH], [Dimension.IP_TYPE, Dimension.DIVISION]]
                assert closure.closure_rates(ctx, policy_id, bys=bys, **told) == tuple(
                    closure.closure_rate(ctx, policy_id, by=by, **told) for by in bys
                )
    assert counted > 500  # the questions met the cases


def test_so_it_does_under_a_policy_by_which_not_every_manner_closes(ctx: Context, images: list[CaseImage]) -> None:
    strict = {
        policy_id: replace(
            policy, manners={**policy.manners, ClosingManner.WITHDRAWN: False, ClosingManner.OTHER: False}
        )
        for policy_id, policy in ctx.law.policies.items()
    }
    changed = replace(ctx, law=replace(ctx.law, policies=strict))
    for question in _questions(random.Random(13), 8):
        for policy_id in ("R1", "R2", "R4"):
            expected = _one_by_one(changed, images, policy_id, question)
            assert closure.closure_rate(changed, policy_id, **question) == expected, (policy_id, question)


def test_so_it_does_under_a_policy_that_closes_by_another_milestone(ctx: Context, images: list[CaseImage]) -> None:
    r2 = ctx.law.policies["R2"]
    closes = r2.milestones[MilestoneKind.CLOSED]
    by_decision = replace(r2, milestones={**r2.milestones, MilestoneKind.DECIDED: closes})
    changed = replace(ctx, law=replace(ctx.law, policies={"R2": by_decision}))
    for question in _questions(random.Random(17), 8):
        expected = _one_by_one(changed, images, "R2", question)
        assert closure.closure_rate(changed, "R2", **question) == expected, question


def test_a_drill_down_lists_exactly_the_cases_of_the_row(ctx: Context, images: list[CaseImage]) -> None:
    period = Period(date(2024, 9, 1), date(2025, 3, 31))
    for policy_id in ("R1", "R2", "R4", "R5"):
        for by in ([Dimension.DIVISION], [Dimension.MONTH, Dimension.SOURCE], []):
            figure = closure.closure_rate(ctx, policy_id, period, by=by, only_by=True, with_cases=True)
            for row in (*figure.rows, figure.total):
                lines = closure.counted_cases(ctx, policy_id, period, row=row.key)
                assert tuple(sorted(line.key for line in lines if line.in_numerator)) == row.numerator_cases
                assert tuple(sorted(line.key for line in lines if line.in_denominator)) == row.denominator_cases
                assert tuple(sorted(line.key for line in lines if line.is_imprecise)) == row.imprecise_cases


def test_a_row_without_cases_drills_to_nothing(ctx: Context, images: list[CaseImage]) -> None:
    period = Period(date(2024, 9, 1), date(2025, 3, 31))
    assert closure.counted_cases(ctx, "R2", period, row={Dimension.DIVISION: "999999"}) == ()


def test_a_policy_that_always_splits_can_be_told_not_to(ctx: Context, images: list[CaseImage]) -> None:
    period = Period(date(2024, 9, 1), date(2025, 3, 31))
    by = [Dimension.DIVISION]
    alone = closure.closure_rate(ctx, "R5", period, by=by, only_by=True)
    assert alone.rows == closure.closure_rate(ctx, "R1", period, by=by).rows
    assert alone.by == tuple(by)
    split = closure.closure_rate(ctx, "R5", period, by=by)
    assert split.by == (Dimension.DIVISION, Dimension.IP_TYPE, Dimension.PROCEDURE)


def test_only_cases_that_the_actor_may_see_are_counted(
    ctx: Context, images: list[CaseImage], as_user: Callable[[str], AbstractContextManager[Context]]
) -> None:
    period = Period(date(2024, 9, 1), date(2025, 3, 31))
    own = [image for image in images if image.organ == "320612-ip"]
    with as_user("head") as head:
        seen = closure.closure_rate(head, "R2", period, with_cases=True)
    expected = _one_by_one(ctx, own, "R2", {"period": period, "known_at": seen.known_at, "with_cases": True})
    assert seen.total == expected.total
    assert 0 < seen.total.denominator < closure.closure_rate(ctx, "R2", period).total.denominator
    with as_user("sysadmin") as blind:
        assert closure.closure_rate(blind, "R2", period).total.denominator == 0


def test_known_at_defaults_to_now_and_as_of_to_the_end_of_the_period(ctx: Context) -> None:
    figure = closure.closure_rate(ctx, "R2", Period(date(2025, 1, 1), date(2025, 12, 31)))
    assert (figure.known_at, figure.as_of) == (ctx.now(), date(2025, 12, 31))


def test_a_policy_that_does_not_exist_is_refused_with_those_that_do(ctx: Context) -> None:
    with pytest.raises(InputError, match=r"R9.*R1、R2、R3、R4、R5"):
        closure.closure_rate(ctx, "R9", Period(date(2025, 1, 1), date(2025, 12, 31)))


def test_a_restatement_lists_exactly_the_cases_that_make_the_difference(ctx: Context, images: list[CaseImage]) -> None:
    dice = random.Random(19)
    moved = 0
    for question in _questions(dice, 12):
        since = start_of(_day(dice))
        until = max(question["known_at"], since + timedelta(days=1))
        asked = {"period": question["period"], "as_of": question["as_of"], "with_cases": True}
        for policy_id in ("R1", "R2", "R4"):
            told = FigureQuestion(policy_id, question["period"], question["as_of"], until)
            found = restatement(ctx, told, since, limit=None)
            before, after = (
                _one_by_one(ctx, images, policy_id, {**asked, "known_at": at}).total for at in (since, until)
            )
            assert _counts(found.before) == _counts(before), (policy_id, question)
            assert _counts(found.after) == _counts(after), (policy_id, question)
            assert {case.key for case in found.cases} == _moved(before, after), (policy_id, question)
            assert found.moved == len(found.cases)
            moved += found.moved
    assert moved > 100  # the questions met the cases


def _counts(row: RateRow) -> tuple[int, int, int]:
    return row.numerator, row.denominator, row.imprecise


def _moved(before: RateRow, after: RateRow) -> set[str]:
    def places(row: RateRow) -> list[set[str]]:
        return [set(cases or ()) for cases in (row.numerator_cases, row.denominator_cases, row.imprecise_cases)]

    return set().union(*(one ^ other for one, other in zip(places(before), places(after), strict=True)))


def test_a_restatement_lists_only_cases_that_the_actor_may_see(
    ctx: Context, images: list[CaseImage], as_user: Callable[[str], AbstractContextManager[Context]]
) -> None:
    question = FigureQuestion("R2", Period(date(2024, 9, 1), date(2025, 3, 31)), None, None)
    since = start_of(date(2025, 1, 1))
    own = {image.external_id or image.number for image in images if image.organ == "320612-ip"}
    everything = restatement(ctx, question, since, limit=None)
    with as_user("head") as head:
        seen = restatement(head, question, since, limit=None)
        assert [case.key for case in restatement(head, question, since, limit=2).cases] == [
            case.key for case in seen.cases[:2]
        ]
    assert {case.key for case in seen.cases} == {case.key for case in everything.cases} & own
    assert 0 < seen.moved < everything.moved
    with pytest.raises(InputError):
        restatement(ctx, FigureQuestion("R2", question.period, None, since), since)
