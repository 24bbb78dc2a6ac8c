"""Facts of papers about evidence registered or sampled beside a dispute, and of a recusal in one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from caseapp.context import Context
from caseapp.domain.events import Json
from caseapp.domain.facts import CaseImage, ProceedingImage
from caseapp.domain.workflow.definition import Action
from caseapp.domain.workflow.situation import Officer
from caseapp.services.dispute_facts import PROCEDURES
from caseapp.services.document_texts import items_of, lines_of

Facts = dict[str, Any]


def registration(
    ctx: Context,
    image: CaseImage,
    proceeding: ProceedingImage,
    action: Action,
    known: Mapping[str, Json],
    people: Mapping[str, Officer],
    on: date,
) -> Facts:
    """Return what a decision on registered evidence speaks of; the time to decide on it is that of its first day."""
    begun = next((clock.started_on for clock in proceeding.clocks), on)
    rule = ctx.law.rules.find("D11", begun) or ctx.law.rules.find("Q13", begun)
    decision = next(
        (
            item.number
            for item in image.documents
            if item.proceeding == proceeding.id and item.type == "registration_decision"
        ),
        None,
    )
    return {
        "registration": {
            "reason": known.get("kept_reason"),
            "proposed": lines_of(known.get("kept_proposed")),
            "on": begun.isoformat(),
            "place": known.get("kept_place"),
            "days": rule.limit if rule is not None else None,
            "items": items_of(known.get("kept_items")),
            "kept_by": known.get("kept_by"),
            "present": known.get("party_present"),
            "number": decision,
            "release_reason": known.get("release_reason"),
            "returned_to": known.get("returned_to"),
            "older": _under_the_older_text(ctx, begun),
        }
    }


def sampling(
    ctx: Context,
    image: CaseImage,
    proceeding: ProceedingImage,
    action: Action,
    known: Mapping[str, Json],
    people: Mapping[str, Officer],
    on: date,
) -> Facts:
    """Return what a decision to take samples speaks of."""
    return {
        "sampling": {
            "reason": known.get("sampled_reason"),
            "on": known.get("sampled_on"),
            "place": known.get("sampled_place"),
            "items": items_of(known.get("sampled_items")),
            "present": known.get("sampled_present"),
            "older": _under_the_older_text(ctx, on),
        }
    }


def recusal(
    ctx: Context, image: CaseImage, known: Mapping[str, Json], people: Mapping[str, Officer], on: date
) -> Facts:
    """Return which law a recusal rests on (`dispute`: new, old; absent in penalty cases) and who takes over."""
    named = known.get("officers")
    successors = [people[str(user)].name for user in named if str(user) in people] if isinstance(named, list) else []
    dispute = image.main.procedure in PROCEDURES
    text = "old" if _under_the_older_text(ctx, on) else "new"
    return {
        "dispute": text if dispute else None,
        "panel": image.main.procedure == "patent_dispute" or None,
        "successors": successors,
    }


def _under_the_older_text(ctx: Context, on: date) -> bool | None:
    """Return True where 专利纠纷行政裁决和调解办法 was not in force yet on the day, else None: nothing to be said."""
    return True if ctx.law.rules.find("D11", on) is None else None
