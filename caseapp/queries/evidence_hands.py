"""For whom the actor may change the evidence of a case and the goods in its custody: for himself, or as a deputy."""

from __future__ import annotations

from dataclasses import dataclass

from caseapp.context import Context
from caseapp.domain.errors import Unmet
from caseapp.domain.facts import CaseImage
from caseapp.domain.policies.evidence_hands import obstacles_to_evidence
from caseapp.queries.deputies import principals_of


@dataclass(frozen=True, slots=True)
class Hand:
    """principal: id of the one whose deputy the actor is in this, '' where he acts for himself; unmet: () = he may."""

    principal: str = ""
    unmet: tuple[Unmet, ...] = ()


def hand_in(ctx: Context, image: CaseImage) -> Hand:
    """Return by whose right the actor may change them: his own comes first, then of those he stands in for today."""
    unmet: tuple[Unmet, ...] = ()
    for person in (ctx.actor, *(one.actor for one in principals_of(ctx))):
        found = obstacles_to_evidence(image, actor=person.id, organ=person.organ, roles=person.roles)
        if not found:
            return Hand("" if person.id == ctx.actor.id else person.id)
        unmet = unmet or found
    return Hand(unmet=unmet)
