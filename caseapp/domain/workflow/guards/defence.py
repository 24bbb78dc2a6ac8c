"""Prior notice, statements in defence, hearings."""

from __future__ import annotations

from caseapp.domain.errors import N_, Unmet
from caseapp.domain.roles import Role
from caseapp.domain.workflow.guards.reading import (
    day_of,
    fen_of,
    last_act,
    respondent_is_person,
    texts_of,
    was_done,
    yuan,
)
from caseapp.domain.workflow.guards.registry import PENALTY_LAW, PROCEDURE_RULES, Params, amount_in_force, guard, unmet
from caseapp.domain.workflow.situation import Situation


@guard(
    "行政处罚告知书已送达",
    "the prior notice of penalty was served",
    acts={"action": "serve_prior_notice", "since": "issue_prior_notice"},
    otherwise=N_("行政处罚告知书已经送达"),
)
def prior_notice_served(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if was_done(situation, texts_of(params["action"]), texts_of(params["since"])):
        return ()
    article = f"{PENALTY_LAW.format('44')}、{PENALTY_LAW.format('62')}"
    return unmet(N_("尚未送达行政处罚告知书；未告知不得作出行政处罚决定"), Role.OFFICER, article)


@guard(
    "陈述、申辩和要求听证的期限已满，或者当事人已放弃",
    "the time to state, defend and ask for a hearing is over, or was waived",
    required=("rule",),
    acts={"waived_by": "waive_defence", "since": "serve_prior_notice", "hearing": "hold_hearing"},
)
def defence_period_over_or_waived(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    served = texts_of(params["since"])
    if was_done(situation, (*texts_of(params["waived_by"]), *texts_of(params["hearing"])), served):
        return ()
    article = f"{PENALTY_LAW.format('64')}、{PROCEDURE_RULES.format('57')}"
    clock = situation.clock(*texts_of(params["rule"]))
    if clock is None:
        return unmet(N_("告知书尚未送达，陈述、申辩期限没有起算"), Role.OFFICER, article)
    if clock.due_on is not None and clock.due_on < situation.on:
        return ()
    until = clock.due_on.isoformat() if clock.due_on else "—"
    return unmet(N_("当事人可以陈述、申辩和要求听证至%(until)s，期限未满"), None, article, until=until)


@guard(
    "当事人的陈述、申辩意见已经复核",
    "what the party said in defence was considered",
    acts={"made": "record_defence", "answered": "consider_defence"},
)
def defence_considered(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    made, answered = texts_of(params["made"]), texts_of(params["answered"])
    if last_act(situation, made) is None or was_done(situation, answered, made):
        return ()
    return unmet(
        N_("当事人提出了陈述、申辩意见，应当复核并写明是否采纳及理由"), Role.OFFICER, PROCEDURE_RULES.format("58")
    )


@guard(
    "当事人有权要求听证",
    "the party is entitled to a hearing",
    facts={"fine": "proposed_fine", "penalties": "proposed_severe", "confiscation": ""},
    otherwise=N_("拟作出的处罚属于应当告知听证权利的范围"),
)
def hearing_entitled(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Heavy penalties by kind, or a fine or a confiscation that reaches the amount for persons or organisations."""
    heavy = {"suspend_business", "close_down", "restrict_occupation", "lower_grade", "revoke_licence"}
    if heavy.intersection(texts_of(situation.fact(str(params["penalties"])))):
        return ()
    limit = amount_in_force(situation, "hearing_person" if respondent_is_person(situation) else "hearing_organisation")
    fine = fen_of(situation, str(params["fine"]))
    taken = sum(
        fen_of(situation, fact)
        for fact in texts_of(params.get("confiscation", ("proposed_gains", "proposed_goods_value")))
    )
    if fine >= limit or taken >= limit:
        return ()
    text = N_("拟作出的处罚未达到听证范围（罚款或者没收金额满%(limit)s元，或者责令停产停业、吊销许可证件等）")
    return unmet(text, None, f"{PENALTY_LAW.format('63')}、《市场监督管理行政处罚听证办法》第5条", limit=yuan(limit))


@guard(
    "当事人要求的听证已经举行",
    "the hearing that the party asked for was held",
    acts={"asked": "request_hearing", "held": "hold_hearing", "cancelled": "cancel_hearing"},
)
def hearing_held_if_asked(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    asked = texts_of(params["asked"])
    if last_act(situation, asked) is None:
        return ()
    if was_done(situation, (*texts_of(params["held"]), *texts_of(params["cancelled"])), asked):
        return ()
    return unmet(N_("当事人要求听证，应当在作出决定前举行听证"), Role.OFFICER, PENALTY_LAW.format("63"))


@guard(
    "听证通知提前法定天数送达",
    "the hearing is announced early enough",
    required=("rule", "hearing"),
    fields=("hearing", "notice"),
    needs_form=True,
)
def hearing_notice_in_time(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    held_on = day_of(situation.fact(str(params["hearing"])))
    told_on = day_of(situation.fact(str(params["notice"]))) if params.get("notice") else situation.on
    if held_on is None or told_on is None or situation.due_on is None:
        return ()
    last_days = (situation.due_on(rule, held_on) for rule in texts_of(params["rule"]))
    latest = next((day for day in last_days if day is not None), None)
    if latest is None or told_on <= latest:
        return ()
    text = N_("%(held)s举行听证的，最迟应于%(latest)s通知当事人；请另定听证日期")
    return unmet(text, Role.OFFICER, PENALTY_LAW.format("64"), held=held_on.isoformat(), latest=latest.isoformat())
