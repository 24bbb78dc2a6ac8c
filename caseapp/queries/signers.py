"""Who signs: the actor himself, or as a deputy for a principal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from caseapp.context import Context
from caseapp.domain.errors import Unmet
from caseapp.domain.facts import ApprovalImage, CaseImage, Signature
from caseapp.domain.workflow.approvals import obstacles_to_sign
from caseapp.domain.workflow.definition import ApprovalStep
from caseapp.queries.deputies import principals_of


@dataclass(frozen=True, slots=True)
class Signer:
    """How the actor may sign a step.

    principal  id and name of whom he signs for, '' where for himself
    obstacles  why he may not at all; () = may
    """

    principal: str = ""
    name: str = ""
    obstacles: tuple[Unmet, ...] = ()


def signer_of(ctx: Context, image: CaseImage, request: ApprovalImage, step: ApprovalStep) -> Signer:
    """Return as whom the actor may sign a step: himself first, then the principals he stands in for today."""
    above = ctx.law.organs.upward(image.organ)
    own = obstacles_to_sign(image, request, step, ctx.actor, organs_above=above)
    if not own:
        return Signer()
    refused = own
    for one in principals_of(ctx):
        barred = obstacles_to_sign(image, request, step, one.actor, organs_above=above, deputy=ctx.actor.id)
        if not barred:
            return Signer(one.actor.id, one.actor.name)
        refused = min(refused, barred, key=len)
    return Signer(obstacles=refused)


def signed_by(signature: Signature, names: Mapping[str, str]) -> str:
    """Return who signed, in the words of the paper: 张三, or 李四（代张三） where a deputy did."""
    return by_and_for(signature.by, signature.principal, names)


def by_and_for(actor: str, principal: str, names: Mapping[str, str]) -> str:
    """Return the name of who acted, with the principal's behind it where it was a deputy."""
    name = names.get(actor, actor)
    return f"{name}（代{names.get(principal, principal)}）" if principal else name
