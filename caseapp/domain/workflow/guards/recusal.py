"""Who decides on a recusal: the head for everybody, the heads for one of themselves (市场监督管理行政处罚程序规定 art 4)."""

from __future__ import annotations

from dataclasses import replace

from caseapp.domain.errors import N_, Unmet
from caseapp.domain.roles import Role
from caseapp.domain.workflow.guards.disputes import panel_lawful
from caseapp.domain.workflow.guards.people import two_certified_officers
from caseapp.domain.workflow.guards.reading import staff_name, texts_of
from caseapp.domain.workflow.guards.registry import PROCEDURE_RULES, Check, Params, guard, unmet
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


_ASKED_OF_OFFICERS: dict[str, Check] = {
    "panel_lawful": panel_lawful,
    "two_certified_officers": two_certified_officers,
}
"""Conditions by which main procedures say who may handle a case; the first that one of their acts names counts."""


@guard(
    "接替的人员符合主程序对办案人员的要求", "those who take over are such as the main procedure asks", fields=("field",)
)
def successors_fit_main(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """A panel where the main procedure decides by one, officers with certificates where it asks for them."""
    if situation.procedures is None:
        return ()
    main = situation.case.main
    acts = situation.procedures.pinned(main.procedure, main.version).actions
    asked = {use.name for act in acts for use in act.guards}
    for name, check in _ASKED_OF_OFFICERS.items():
        if name in asked:
            found = check(situation, {"field": params["field"]} if "field" in params else {})
            return tuple(replace(one, guard="") for one in found)
    return ()
