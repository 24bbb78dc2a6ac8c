"""What a decision on a penalty must keep to, and how it is served."""

from __future__ import annotations

from caseapp.domain.errors import N_, Unmet
from caseapp.domain.roles import Role
from caseapp.domain.workflow.guards.reading import fen_of, last_decision, texts_of, was_done, was_reached, yuan
from caseapp.domain.workflow.guards.registry import PENALTY_LAW, PROCEDURE_RULES, Params, guard, unmet
from caseapp.domain.workflow.guards.review import grounds_of_legal_review, hearing_was_held
from caseapp.domain.workflow.situation import Situation


@guard(
    "需要集体讨论的案件已经集体讨论",
    "the heads discussed the case together where the law asks it",
    acts={"discussed": "discuss_collectively", "since": "conclude_investigation", "hearing": "hold_hearing"},
    facts={"major": "major_case"},
)
def collective_discussion_held(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Mandatory for every case under art 50 that is to be penalised (art 60(2)) and for complex or major ones."""
    marked = situation.fact(str(params["major"])) is True
    if not (marked or grounds_of_legal_review(situation) or hearing_was_held(situation, params)):
        return ()
    if was_done(situation, texts_of(params["discussed"]), texts_of(params["since"])):
        return ()
    article = f"{PROCEDURE_RULES.format('60')}、{PENALTY_LAW.format('57')}"
    return unmet(N_("本案应当由机关负责人集体讨论决定，尚无讨论记录"), Role.LEADER, article)


@guard(
    "拟处罚不重于已告知的处罚",
    "the penalty is not heavier than the one notified",
    facts={"fine": "fine", "gains": "gains"},
    needs_form=True,
)
def penalty_within_notice(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    found: list[Unmet] = []
    for decided, noticed in (("fine", "proposed_fine"), ("gains", "proposed_gains")):
        now, told = fen_of(situation, str(params[decided])), fen_of(situation, noticed)
        if now > told:
            text = N_("决定的金额%(now)s元超过告知的%(told)s元，应当重新告知")
            found += unmet(
                text,
                Role.OFFICER,
                f"{PENALTY_LAW.format('44')}、{PENALTY_LAW.format('45')}",
                now=yuan(now),
                told=yuan(told),
            )
    extra = set(texts_of(situation.fact("decided_kinds"))) - set(texts_of(situation.fact("proposed_kinds")))
    if extra:
        found += unmet(N_("决定的处罚种类超出告知的范围，应当重新告知"), Role.OFFICER, PENALTY_LAW.format("44"))
    return tuple(found)


@guard(
    "写明的处罚种类与数额一致",
    "the kinds of penalty and their amounts agree",
    facts={"kinds": "decided_kinds", "fine": "fine", "gains": ""},
    needs_form=True,
)
def penalty_amounts_given(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    return _amounts_given(situation, str(params["kinds"]), str(params["fine"]), str(params.get("gains", "gains")))


def _amounts_given(situation: Situation, kinds_fact: str, fine: str, gains: str) -> tuple[Unmet, ...]:
    kinds = set(texts_of(situation.fact(kinds_fact)))
    if not kinds:
        return unmet(N_("请至少选择一种行政处罚"), Role.OFFICER, PENALTY_LAW.format("9"))
    entered = situation.fields or {}
    for kind, name in (("fine", fine), ("confiscate_gains", gains)):
        value = entered.get(name)
        if (kind in kinds) != (isinstance(value, int) and value > 0):
            return unmet(N_("处罚种类与填写的罚款、没收违法所得数额不一致"), Role.OFFICER, PENALTY_LAW.format("59"))
    return ()


@guard("写明建议的处罚", "the penalty proposed is stated", needs_form=True)
def penalty_proposal_complete(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if situation.fact("proposed_outcome") != "penalty":
        return ()
    return _amounts_given(situation, "proposed_kinds", "proposed_fine", "proposed_gains")


@guard(
    "最近一次处理决定的结果",
    "the last decision had this outcome",
    required=("outcome",),
    otherwise=N_("处理决定的结果不适用本事项"),
)
def decision_outcome_is(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    decided = last_decision(situation)
    if decided is not None and decided.detail("outcome") in texts_of(params["outcome"]):
        return ()
    return unmet(N_("没有作出相应的处理决定"), Role.OFFICER, PROCEDURE_RULES.format("60"))


@guard("处理决定已经送达", "the decision was served", otherwise=N_("处理决定已经送达"))
def decision_served(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if was_reached(situation, ("served",), ("decided",)):
        return ()
    return unmet(
        N_("处理决定书尚未送达当事人"), Role.OFFICER, f"{PENALTY_LAW.format('61')}、{PROCEDURE_RULES.format('81')}"
    )


@guard(
    "送达方式的法定条件具备",
    "the way of service is lawful here",
    optional=("rule",),
    facts={"method": "service_method", "consent": "electronic_consent"},
    needs_form=True,
)
def service_way_allowed(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Electronic service needs the party's consent; service by notice is complete when its time has run."""
    method = situation.fact(str(params["method"]))
    if method == "electronic" and situation.fact(str(params["consent"])) is not True:
        return unmet(N_("电子送达须经当事人同意并签订确认书"), Role.OFFICER, PENALTY_LAW.format("61"))
    if method == "public_notice":
        clock = situation.clock(str(params.get("rule", "")))
        if clock is None:
            return unmet(N_("公告送达须先登记公告"), Role.OFFICER, PROCEDURE_RULES.format("82"))
        if clock.due_on is None or situation.on < clock.due_on:
            until = clock.due_on.isoformat() if clock.due_on else "—"
            return unmet(N_("公告期至%(until)s届满，届满后视为送达"), None, PROCEDURE_RULES.format("82"), until=until)
    return ()
