"""Whatever is corrected in whatever history: what is stored is what the ledger says, and no earlier figure moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from caseapp.adapters.metric_files import load_metric_policies
from caseapp.context import Context
from caseapp.domain.errors import ActionRefused, CaseAppError, InputError
from caseapp.domain.events import EntryKind
from caseapp.domain.metrics import closure as formulas
from caseapp.domain.metrics.closure import Period
from caseapp.domain.metrics.history import CaseHistory, DivisionFact, fact_of
from caseapp.domain.metrics.policy import Dimension
from caseapp.domain.workflow.corrections import CORRECTABLE, corrected
from caseapp.queries import ledger_check
from caseapp.queries.case_histories import due_dates
from caseapp.queries.case_images import entries_of, image_at, load
from caseapp.queries.closure import closure_rate
from caseapp.services import case_correct
from caseapp.services.case_approve import sign
from caseapp.services.correction_draft import Asked
from caseapp.services.correction_wording import Wording, day_told
from caseapp.services.ledger_rebuild import differences
from tests.support.histories import Deed, live, lives_with
from tests.support.spine import HEAD, LEADER, REPOSITORY, House

POLICIES = load_metric_policies([REPOSITORY / "workflows"])
PERIODS = (Period(date(2026, 3, 1), date(2026, 3, 31)), Period(date(2026, 3, 1), date(2026, 12, 31)))


def measured(ctx: Context) -> Context:
    return replace(ctx, law=replace(ctx.law, policies=POLICIES))


def figures(house: House, known_at: Any) -> list[Any]:
    """Return figures as they were known at an instant."""
    found = []
    with house.context() as ctx:
        for policy in ("R2", "R4"):
            by = (Dimension.DIVISION, Dimension.MONTH)
            figure = closure_rate(measured(ctx), policy, PERIODS[1], known_at=known_at, by=by, with_cases=True)
            found.append((figure.rows, figure.total))
        ctx.session.rollback()
    return found


def told_by_the_fold(ctx: Context, case_id: str, known_at: Any, policy: str, period: Period) -> list[Any]:
    """Return where the formulas see the case, on the history as folding gives it by that day's knowledge."""
    image = image_at(ctx, case_id, known_at=known_at)
    assert image is not None
    history = CaseHistory(
        case_key=image.display_number(),
        procedure=image.main.procedure,
        counts=True,
        handling_clock=("P10",),
        ip_types=image.ip_types,
        source=image.source,
        divisions=tuple(DivisionFact(item.code, item.on, item.recorded_at) for item in image.divisions),
        milestones=tuple(fact_of(item) for item in image.milestones),
    )
    figure = formulas.closure_rate(
        [history],
        POLICIES[policy],
        period,
        known_at=known_at,
        by=(Dimension.DIVISION, Dimension.MONTH),
        with_cases=True,
        due_of=due_dates(ctx.law),
    )
    return seats(figure, image.display_number())


def seats(figure: formulas.ClosureRate, key: str) -> list[Any]:
    """Return the rows in which a case stands, and on which side of the fraction."""
    return [
        (dict(row.key), key in (row.numerator_cases or ()), key in (row.denominator_cases or ()))
        for row in (*figure.rows, figure.total)
        if key in (row.numerator_cases or ()) or key in (row.denominator_cases or ())
    ]


def figure_and_fold_agree(house: House, case_id: str, at: Any) -> None:
    with house.context() as ctx:
        image = load(ctx, case_id).image
        for policy in ("R1", "R2", "R3", "R4"):
            for period in PERIODS[1:]:
                figure = closure_rate(
                    measured(ctx),
                    policy,
                    period,
                    known_at=at,
                    by=(Dimension.DIVISION, Dimension.MONTH),
                    with_cases=True,
                )
                told = told_by_the_fold(ctx, case_id, at, policy, period)
                assert seats(figure, image.display_number()) == told, (policy, period)


def correct_something(house: House, case_id: str, deed: Deed) -> None:
    """Correct an entry of the case: void it, or move it; whoever is asked signs."""
    with house.context(HEAD) as ctx:
        entries = entries_of(ctx, case_id)
        choices = [entry for entry in corrected(entries).history if entry.kind in CORRECTABLE]
        if not choices:
            return
        entry = choices[deed.choice % len(choices)]
        wording = None
        if deed.choice % 3:
            values = (
                {"text": f"备注 {deed.choice}"}
                if entry.kind == EntryKind.NOTED
                else dict(entry.payload.get("facts") or {})
            )
            if entry.kind == EntryKind.FACTS_CHANGED:
                values = {}
            wording = Wording(day_told(entry) - timedelta(days=deed.back - 5), values)
        asked = Asked(entry.seq, "录错", wording, with_later=deed.choice % 2 == 0)
        outcome = case_correct.request(ctx, case_id, asked, seen_version=None)
    with house.context(LEADER) as ctx:
        assert outcome.approval is not None
        sign(ctx, outcome.approval, verdict="signed", opinion="同意", seen_version=None)


@given(deeds=lives_with("correct", times=4))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rebuilt_is_stored_chains_are_sound_and_earlier_figures_stand(house: House, deeds: list[Deed]) -> None:
    seen: list[tuple[Any, list[Any], Any]] = []

    def look(case_id: str) -> None:
        at = house.clock.now()
        with house.context() as ctx:
            image = load(ctx, case_id).image
        seen.append((at, figures(house, at), image))

    case_id = live(house, deeds, also={"correct": correct_something}, after_each=look)
    with house.context() as ctx:
        assert list(differences(ctx, case_id)) == []
        assert ledger_check.verify(ctx, case_id)["broken"] == []
    for at, before, image in seen:
        assert figures(house, at) == before
        figure_and_fold_agree(house, case_id, at)
        with house.context() as ctx:
            then = image_at(ctx, case_id, known_at=at)
            assert then is not None
            assert then.milestones == image.milestones
            assert then.main.state == image.main.state


WHOLE_LIFE = [
    Deed("assign", 0, 0, 1),
    Deed("forward", 3, 0, 0),
    Deed("act", 20, 0, 6),
    Deed("sign", 1, 0, 0),
    Deed("sign", 1, 0, 0),
    Deed("act", 10, 0, 8),
]
"""Filed on 5 March, decided with two signatures, closed."""


@pytest.fixture
def ended(house: House) -> tuple[House, str]:
    return house, live(house, WHOLE_LIFE)


def seq_of(house: House, case_id: str, action: str) -> int:
    with house.context() as ctx:
        return next(
            entry.seq
            for entry in entries_of(ctx, case_id)
            if entry.payload.get("action") == action and entry.kind == EntryKind.ACTED
        )


def ask(house: House, case_id: str, asked: Asked) -> str:
    with house.context(HEAD) as ctx:
        approval = case_correct.request(ctx, case_id, asked, seen_version=None).approval
    assert approval is not None
    return approval


def test_a_closing_moved_to_another_month_restates_the_figure_from_then_on_only(ended: tuple[House, str]) -> None:
    house, case_id = ended
    march = PERIODS[0]
    with house.context() as ctx:
        assert load(ctx, case_id).image.main.closed_on == date(2026, 4, 6)
    reported = house.clock.now()
    house.later(days=30)
    approval = ask(house, case_id, Asked(seq_of(house, case_id, "close"), "结案日期录错", Wording(date(2026, 3, 29))))
    house.later(days=1)
    with house.context(LEADER) as ctx:
        assert sign(ctx, approval, verdict="signed", opinion="同意", seen_version=None).status == "acted"
    with house.context() as ctx:
        before = closure_rate(measured(ctx), "R2", march, known_at=reported).total
        after = closure_rate(measured(ctx), "R2", march).total
    assert (before.numerator, before.denominator) == (0, 1)
    assert (after.numerator, after.denominator) == (1, 1)


def test_a_voided_closing_is_in_no_figure_from_then_on(ended: tuple[House, str]) -> None:
    house, case_id = ended
    year, reported = PERIODS[1], house.clock.now()
    house.later(days=1)
    approval = ask(house, case_id, Asked(seq_of(house, case_id, "close"), "并未结案"))
    with house.context(LEADER) as ctx:
        sign(ctx, approval, verdict="signed", opinion="同意", seen_version=None)
    with house.context() as ctx:
        before = closure_rate(measured(ctx), "R2", year, known_at=reported).total
        after = closure_rate(measured(ctx), "R2", year).total
        figure_and_fold_agree(house, case_id, house.clock.now())
    assert (before.numerator, before.denominator) == (1, 1)
    assert (after.numerator, after.denominator) == (0, 1)


def test_an_act_with_later_acts_is_voided_together_with_them_or_not_at_all(ended: tuple[House, str]) -> None:
    house, case_id = ended
    filed, decided, closed = (seq_of(house, case_id, action) for action in ("file", "decide", "close"))
    with house.context(HEAD) as ctx, pytest.raises(ActionRefused) as refused:
        case_correct.propose(ctx, case_id, Asked(filed, "并非本案"))
    assert refused.value.seq == decided
    assert "第 %(seq)s 号记录" in refused.value.unmet[0].message.text
    with house.context(HEAD) as ctx:
        proposal = case_correct.propose(ctx, case_id, Asked(filed, "并非本案", with_later=True))
    assert [item["entry"] for item in proposal.corrections] == [filed, decided, closed]


@pytest.mark.parametrize(
    ("entry", "wording", "error"),
    [
        (1, None, ActionRefused),
        (99, None, CaseAppError),
        (3, Wording(date(2030, 1, 1)), InputError),
        (3, Wording(), InputError),
        (3, Wording(date(2020, 1, 1)), InputError),
    ],
)
def test_what_may_not_be_corrected_or_says_nothing_new_is_refused(
    ended: tuple[House, str], entry: int, wording: Wording | None, error: type[Exception]
) -> None:
    house, case_id = ended
    with house.context(HEAD) as ctx, pytest.raises(error):
        case_correct.propose(ctx, case_id, Asked(entry, "录错", wording))
