"""The act by which an officer merges his case into another: both histories are linked once it takes effect."""

from __future__ import annotations

from caseapp.context import Context
from caseapp.domain.errors import N_, ActionRefused, Message, NotFound, Unmet
from caseapp.domain.facts import CaseImage
from caseapp.domain.workflow import merging
from caseapp.domain.workflow.engine import Decision
from caseapp.queries.related_cases import case_of_number
from caseapp.services import case_merge
from caseapp.services.case_store import CaseEdit, begin
from caseapp.services.unit_of_work import Unit

EFFECT = "merge_into"


def require_mergeable(ctx: Context, image: CaseImage, decision: Decision) -> None:
    """Refuse the act while the case it names cannot take this one in. raises ActionRefused with the reasons"""
    _other(ctx, image, decision)


def tie(ctx: Context, unit: Unit, edit: CaseEdit, before: CaseImage, decision: Decision) -> None:
    """Link an edit whose act merges it with the case it goes into, which takes its parties, rights, goods, amounts and
    evidence along. Nothing for any other act.

    before  the case as it was before the act

    raises  ActionRefused where the other case can no longer take it in
    """
    other = _other(ctx, before, decision)
    if other is None:
        return
    reason = str(decision.facts.get("merge_reason") or decision.action.name.zh)
    case_merge.join(ctx, other, edit, reason=reason, take=frozenset(merging.Part))
    other.save(unit)


def _other(ctx: Context, image: CaseImage, decision: Decision) -> CaseEdit | None:
    effect = next((one for one in decision.action.effects if one.name == EFFECT), None)
    if effect is None:
        return None
    field = next(one for one in decision.action.fields if one.id == effect.params["from_field"])
    number = str(decision.facts.get(field.fact_name) or "")
    case_id = case_of_number(ctx, image.organ, number)
    if case_id is None:
        text = Message(N_("本机关没有案号为“%(number)s”的案件，请从列表中选择"), {"number": number})
        raise ActionRefused(decision.action.id, (Unmet(text, guard="other"),))
    try:
        other = begin(ctx, case_id)
    except NotFound as error:
        raise ActionRefused(decision.action.id, (Unmet(error.message, guard="other"),)) from error
    obstacles = merging.obstacles_between(other.current, image)
    if obstacles:
        raise ActionRefused(decision.action.id, obstacles)
    return other
