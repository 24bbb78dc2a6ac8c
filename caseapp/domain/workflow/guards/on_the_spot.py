"""The simplified procedure: a penalty on the spot."""

from __future__ import annotations

from caseapp.domain.errors import N_, Unmet
from caseapp.domain.roles import Role
from caseapp.domain.workflow.guards.reading import fen_of, is_empty, respondent_is_person, texts_of, yuan
from caseapp.domain.workflow.guards.registry import PENALTY_LAW, PROCEDURE_RULES, Params, amount_in_force, guard, unmet
from caseapp.domain.workflow.situation import Situation


@guard(
    "处罚在简易程序的限额以内",
    "the penalty stays within the limits of the simplified procedure",
    facts={"kinds": "decided_kinds", "fine": "fine"},
    needs_form=True,
)
def within_simplified_limits(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    article = f"{PENALTY_LAW.format('51')}、{PROCEDURE_RULES.format('66')}"
    kinds = set(texts_of(situation.fact(str(params["kinds"]))))
    found: list[Unmet] = []
    if not kinds or kinds - {"fine", "warning"}:
        found += unmet(N_("当场处罚只能是警告或者罚款"), Role.OFFICER, article)
    person = respondent_is_person(situation)
    limit = amount_in_force(situation, "simplified_person" if person else "simplified_organisation")
    fine = fen_of(situation, str(params["fine"]))
    if fine > limit:
        text = (
            N_("对公民当场处罚的罚款不得超过%(limit)s元，请转普通程序")
            if person
            else N_("对法人或者其他组织当场处罚的罚款不得超过%(limit)s元，请转普通程序")
        )
        found += unmet(text, Role.OFFICER, article, limit=yuan(limit))
    return tuple(found)


@guard(
    "可以当场收缴罚款",
    "the fine may be collected on the spot",
    facts={"amount": "cash_collected", "ground": "cash_ground"},
    needs_form=True,
)
def cash_collection_allowed(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    ground = situation.fact(str(params["ground"]))
    amount = fen_of(situation, str(params["amount"]))
    article = f"{PENALTY_LAW.format('68')}、{PENALTY_LAW.format('69')}"
    limit = amount_in_force(situation, "cash_on_spot")
    if ground == "small" and amount > limit:
        text = N_("罚款超过%(limit)s元的，不能以小额为由当场收缴")
        return unmet(text, Role.OFFICER, article, limit=yuan(limit))
    if is_empty(ground):
        return unmet(N_("请选择当场收缴罚款的法定情形"), Role.OFFICER, article)
    return ()
