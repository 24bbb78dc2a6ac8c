"""Time spent in each state, over the cases that were closed last: states are told by acts, and acts by case images."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from caseapp.context import Context
from caseapp.domain.facts import ProceedingImage
from caseapp.domain.metrics.proportions import Spread
from caseapp.domain.metrics.stays import Stay, spreads, stays
from caseapp.domain.workflow.definition import Category
from caseapp.models.case_file import CaseFile
from caseapp.queries.board import BoardQuestion, Measure, conditions
from caseapp.queries.case_images import image_of

SAMPLE: Final = 200
"""Most cases looked at: those closed last in the period. The page says so."""


@dataclass(frozen=True, slots=True)
class StateTimes:
    """Spread of the stays by 'procedure/state', over so many cases."""

    spreads: Mapping[str, Spread]
    cases: int


def state_times(ctx: Context, asked: BoardQuestion) -> StateTimes:
    """Return how long the cases closed last in the period stayed in each state of their main proceeding."""
    found: list[tuple[str, Stay]] = []
    cases = 0
    for _case_id, main in _closed_last(ctx, asked):
        cases += 1
        found += ((main.procedure, stay) for stay in _stays(ctx, main))
    named = {f"{procedure}/{state}": spread for (procedure, state), spread in spreads(found).items()}
    return StateTimes(named, cases)


def cases_that_stayed(ctx: Context, asked: BoardQuestion, place: str) -> tuple[str, ...]:
    """Return the ids of those cases that were in a state ('procedure/state')."""
    procedure, _, state = place.partition("/")
    return tuple(
        case_id
        for case_id, main in _closed_last(ctx, asked)
        if main.procedure == procedure and any(stay.state == state for stay in _stays(ctx, main))
    )


def _closed_last(ctx: Context, asked: BoardQuestion) -> Iterator[tuple[str, ProceedingImage]]:
    rows = (
        select(CaseFile.id, CaseFile.image)
        .where(*conditions(ctx, asked, Measure.CLOSED))
        .order_by(CaseFile.closed_on.desc(), CaseFile.id)
        .limit(SAMPLE)
    )
    for row in ctx.rows(rows):
        yield row.id, image_of(row.image).main


def _stays(ctx: Context, main: ProceedingImage) -> Iterator[Stay]:
    if main.branches:
        return  # only its milestones are known, and not which states it went through
    definition = ctx.law.procedures.pinned(main.procedure, main.version)
    for stay in stays(definition.initial, main.opened_on, main.acts):
        if definition.state(stay.state).category is not Category.CLOSED:
            yield stay
