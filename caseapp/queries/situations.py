"""Putting together what guards look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from caseapp.context import Context
from caseapp.domain.clocks.compute import due
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.workflow.situation import Officer, Situation
from caseapp.domain.workflow.timing import clocks_of, views_of
from caseapp.queries.staff import StaffOnDemand


def people_of(image: CaseImage) -> set[str]:
    """Return the ids of everybody the case names: officers, actors, those named in facts, requesters."""
    named = set(image.officers)
    for proceeding in image.proceedings:
        named.update(act.actor for act in proceeding.acts)
        for value in proceeding.facts.values():
            if isinstance(value, list):
                named.update(item for item in value if isinstance(item, str) and len(item) == 32)
    for request in image.approvals:
        named.add(request.by)
        named.update(signature.by for signature in request.signatures)
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

    clocks = clocks_of(proceeding, law.rules, law.calendar, as_of=on) if proceeding.clocks else ()
    return Situation(
        case=image,
        proceeding=proceeding,
        actor=ctx.actor,
        on=on,
        clocks=views_of(clocks),
        staff=staff if staff is not None else StaffOnDemand(ctx, image.organ, lambda: {*people_of(image), *also}),
        law=law.amounts.at(on),
        due_on=due_on,
    )
