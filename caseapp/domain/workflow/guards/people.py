"""Who may act in a case: certificates, recusal, who investigated."""

from __future__ import annotations

from caseapp.domain.errors import N_, Unmet
from caseapp.domain.roles import Role
from caseapp.domain.workflow.guards.reading import awaits_form, recused_in, staff_name, texts_of
from caseapp.domain.workflow.guards.registry import PENALTY_LAW, PROCEDURE_RULES, Params, amount_in_force, guard, unmet
from caseapp.domain.workflow.situation import Situation


def _officers_in(situation: Situation, params: Params) -> tuple[str, ...]:
    """Return the officers a guard is about: those entered in `field`, else those in charge of the case."""
    name = params.get("field")
    return texts_of(situation.fact(str(name))) if name else situation.case.officers


@guard(
    "有两名以上持有效执法证的办案人员",
    "two or more officers hold a valid certificate of enforcement",
    fields=("field",),
)
def two_certified_officers(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if awaits_form(situation, params):
        return ()
    officers = tuple(dict.fromkeys(_officers_in(situation, params)))
    least = amount_in_force(situation, "officers_least")
    article = PENALTY_LAW.format("42")
    if len(officers) < least:
        text = N_("办案人员不得少于%(least)s人，现为%(count)s人")
        return unmet(text, Role.SECTION_HEAD, article, least=least, count=len(officers))
    found: list[Unmet] = []
    for user in officers:
        officer = situation.staff.get(user)
        if officer is None or not officer.is_certified(situation.on):
            text = N_("%(name)s在%(on)s没有有效的行政执法证件")
            found += unmet(
                text, Role.SECTION_HEAD, article, name=staff_name(situation, user), on=situation.on.isoformat()
            )
    return tuple(found)


@guard(
    "由本案办案人员办理",
    "taken by an officer in charge of the case",
    otherwise=N_("本案办案人员不能办理该事项"),
)
def actor_is_assigned(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if situation.actor.id in situation.case.handlers or Role.SYSTEM in situation.actor.roles:
        return ()
    return unmet(N_("该事项由本案办案人员办理"), Role.SECTION_HEAD, PENALTY_LAW.format("42"))


@guard("办案人员中没有应当回避的人", "nobody who must recuse himself is in charge", fields=("field",))
def officers_not_recused(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if awaits_form(situation, params):
        return ()
    recused = recused_in(situation)
    found: list[Unmet] = []
    for user in _officers_in(situation, params):
        if user in recused:
            text = N_("%(name)s已决定回避，不能办理本案")
            found += unmet(text, Role.SECTION_HEAD, PENALTY_LAW.format("43"), name=staff_name(situation, user))
    return tuple(found)


@guard(
    "审核人员没有参加本案调查",
    "the reviewer took no part in the investigation",
    acts={"acts": ""},
    otherwise=N_("该事项应由本案调查人员办理"),
)
def reviewer_is_not_investigator(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    acts = set(texts_of(params.get("acts")))
    investigators = set(situation.case.handlers)
    investigators.update(act.actor for act in situation.proceeding.acts if act.action in acts)
    if not {situation.actor.id, situation.deputy} & investigators:
        return ()
    return unmet(N_("参加本案调查的人员不能担任审核人员"), Role.LEGAL_REVIEWER, PROCEDURE_RULES.format("49"))


@guard(
    "所选人员没有参加本案调查",
    "the person named took no part in the investigation",
    required=("field",),
    fields=("field",),
    needs_form=True,
)
def person_is_not_investigator(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    found: list[Unmet] = []
    for user in texts_of(situation.fact(str(params["field"]))):
        if user in situation.case.handlers:
            text = N_("%(name)s是本案调查人员，不能主持听证")
            found += unmet(text, Role.OFFICER, PENALTY_LAW.format("64"), name=staff_name(situation, user))
    return tuple(found)
