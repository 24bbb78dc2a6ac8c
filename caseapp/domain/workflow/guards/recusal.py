"""Who decides on a recusal: the head for everybody, the heads for one of themselves (市场监督管理行政处罚程序规定 art 4)."""

from __future__ import annotations

from caseapp.domain.errors import N_, Unmet
from caseapp.domain.roles import Role
from caseapp.domain.workflow.guards.reading import staff_name, texts_of
from caseapp.domain.workflow.guards.registry import PROCEDURE_RULES, Params, guard, unmet
from caseapp.domain.workflow.situation import Situation


@guard(
    "由有权的人决定回避",
    "whoever may decide on the recusal does",
    facts={"of": "recusal_of", "rank": "recusal_rank", "decider": "recusal_decider"},
)
def recusal_decider_fits(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """The head's own recusal is decided by the heads together, another head's by the head, all others' by a head."""
    article = PROCEDURE_RULES.format("4")
    if situation.actor.id in texts_of(situation.fact(str(params["of"]))):
        name = staff_name(situation, situation.actor.id)
        return unmet(N_("%(name)s不能决定本人的回避"), Role.LEADER, article, name=name)
    if situation.fields is None:
        return ()
    rank, decider = situation.fact(str(params["rank"])), situation.fact(str(params["decider"]))
    if rank == "head" and decider != "collective":
        return unmet(N_("机关主要负责人的回避，由负责人集体讨论决定"), Role.LEADER, article)
    if rank == "deputy" and decider == "leader":
        return unmet(N_("机关其他负责人的回避，由主要负责人决定"), Role.LEADER, article)
    return ()
