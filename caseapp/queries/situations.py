"""Putting together what guards look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import overload

from caseapp.context import Context
from caseapp.domain.clocks.compute import due
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.workflow.situation import ClockView, Officer, Situation
from caseapp.domain.workflow.timing import ProceedingClock, clocks_of, views_of
from caseapp.queries.crime import assessment_of
from caseapp.queries.deputies import principals_of
from caseapp.queries.staff import StaffOnDemand


class ClocksOnDemand(Sequence[ClockView]):
    """The clocks of a proceeding, counted only when a rule looks at one."""

    __slots__ = ("_count", "_known")

    def __init__(self, count: Callable[[], tuple[ProceedingClock, ...]]) -> None:
        self._count = count
        self._known: tuple[ClockView, ...] | None = None

    def _views(self) -> tuple[ClockView, ...]:
        if self._known is None:
            self._known = views_of(self._count())
        return self._known

    @overload
    def __getitem__(self, index: int) -> ClockView: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[ClockView]: ...
    def __getitem__(self, index: int | slice) -> ClockView | Sequence[ClockView]:
        return self._views()[index]

    def __len__(self) -> int:
        return len(self._views())


def people_of(image: CaseImage) -> set[str]:
    """Return the ids of everybody the case names: officers, actors, those named in facts, requesters."""
    named = set(image.handlers)
    for proceeding in image.proceedings:
        named.update(one for act in proceeding.acts for one in (act.actor, act.principal) if one)
        for value in proceeding.facts.values():
            if isinstance(value, list):
                named.update(item for item in value if isinstance(item, str) and len(item) == 32)
    for request in image.approvals:
        named.add(request.by)
        named.update(one for item in request.signatures for one in (item.by, item.principal) if one)
    for piece in image.evidence:
        named.update((*piece.officers, piece.added_by, *filter(None, (piece.withdrawn_by,))))
    custody = image.custody
    named.update(item.keeper.officer for item in custody.items if item.keeper is not None and item.keeper.officer)
    for move in custody.moves:
        named.update(filter(None, (move.asked_by, move.given_by, move.taken_by, move.ended_by)))
        named.update(keeper.officer for keeper in (move.giver, move.taker) if keeper is not None and keeper.officer)
    return named


def situation_of(
    ctx: Context,
    image: CaseImage,
    proceeding: ProceedingImage,
    *,
    on: date,
    staff: Mapping[str, Officer] | None = None,
    also: Iterable[str] = (),
) -> Situation:
    """Return the situation of a proceeding for the present actor on a day."""
    law = ctx.law

    def due_on(rule_id: str, start: date) -> date | None:
        rule = law.rules.find(rule_id, start) if rule_id in law.rules else None
        return due(rule, calendar=law.calendar, started_on=start).on if rule is not None else None

    return Situation(
        case=image,
        proceeding=proceeding,
        actor=ctx.actor,
        on=on,
        clocks=ClocksOnDemand(lambda: clocks_of(proceeding, law.rules, law.calendar, as_of=on)),
        staff=staff if staff is not None else StaffOnDemand(ctx, image.organ, lambda: {*people_of(image), *also}),
        law=law.amounts.at(on),
        procedures=law.procedures,
        organs=law.organs,
        due_on=due_on,
        crime=lambda: assessment_of(ctx, image, on=on),
    )


def standings(ctx: Context, situation: Situation) -> Iterator[Situation]:
    """Yield the situation as the actor himself stands in it, then as a deputy for each principal of today.

    In the latter the principal is the actor, by his rights, and `deputy` is who really acts.
    """
    yield situation
    for principal in principals_of(ctx):
        yield replace(situation, actor=principal.actor, deputy=ctx.actor.id)
