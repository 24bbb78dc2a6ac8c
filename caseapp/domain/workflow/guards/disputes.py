"""What adjudicating a patent dispute asks: papers, panel, times, suspension, the decision and its service.

Articles are those of 专利纠纷行政裁决和调解办法 (国家知识产权局令第81号).
"""

from __future__ import annotations

from typing import Final

from caseapp.domain.errors import N_, Unmet
from caseapp.domain.facts import IpType
from caseapp.domain.roles import Role
from caseapp.domain.workflow.guards.reading import (
    awaits_form,
    day_of,
    is_empty,
    last_act,
    last_decision,
    staff_name,
    texts_of,
    was_done,
)
from caseapp.domain.workflow.guards.registry import DISPUTE_RULES, Params, amount_in_force, guard, unmet
from caseapp.domain.workflow.situation import Situation

PATENTS: Final = frozenset({IpType.PATENT_INVENTION, IpType.PATENT_UTILITY, IpType.PATENT_DESIGN, IpType.PATENT})


@guard("已登记请求人", "the requester is known", otherwise=N_("本案已登记请求人"))
def requester_known(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if any(party.role == "complainant" for party in situation.case.parties):
        return ()
    return unmet(N_("尚未登记请求人，请先在案件信息中补充"), Role.OFFICER, DISPUTE_RULES.format("12"))


@guard("已登记涉案专利及专利号", "the patent and its number are known", otherwise=N_("本案已登记涉案专利"))
def patent_known(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if any(right.kind in PATENTS and right.number for right in situation.case.rights):
        return ()
    return unmet(N_("尚未登记涉案专利的专利号，请先在案件信息中补充"), Role.OFFICER, DISPUTE_RULES.format("14"))


_PAPERS: Final = {
    "request": N_("缺少符合规定、由请求人签名或者盖章的请求书"),
    "identity": N_("缺少请求人主体资格证明"),
    "register": N_("缺少证明专利权有效的专利登记簿副本"),
    "evidence": N_("缺少证据材料及清单"),
    "copies": N_("请求书及附件的副本份数少于被请求人人数"),
}


@guard(
    "请求的材料齐备",
    "the papers of the request are complete",
    facts={"papers": "papers", "demanded": "report_demanded"},
    needs_form=True,
)
def request_papers_complete(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """An evaluation report is asked only where the organ demanded one (utility models and designs)."""
    there = set(texts_of(situation.fact(str(params["papers"]))))
    article = f"{DISPUTE_RULES.format('14')}、{DISPUTE_RULES.format('15')}"
    found: list[Unmet] = []
    for paper, text in _PAPERS.items():
        if paper not in there:
            found += unmet(text, Role.OFFICER, article)
    if situation.fact(str(params["demanded"])) is True and "report" not in there:
        found += unmet(N_("已要求提交专利权评价报告，尚未提交"), Role.OFFICER, DISPUTE_RULES.format("14"))
    return tuple(found)


_CONDITIONS: Final = {
    "cond_requester": N_("请求人须是专利权人或者利害关系人"),
    "cond_respondent": N_("须有明确的被请求人"),
    "cond_claims": N_("须有明确的请求事项和具体的事实、理由"),
    "cond_jurisdiction": N_("须属于本机关受理和管辖的范围"),
    "cond_no_suit": N_("当事人任何一方已向人民法院起诉，或者约定了其他解决方式的，不予立案"),
}


@guard("具备请求裁决的条件", "the conditions of a request are met", needs_form=True)
def request_conditions_met(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    found: list[Unmet] = []
    for fact, text in _CONDITIONS.items():
        if situation.fact(fact) is not True:
            found += unmet(text, Role.OFFICER, DISPUTE_RULES.format("12"))
    return tuple(found)


@guard("合议组为三人以上的单数，并有办案资格", "the panel is odd, large enough, and qualified", fields=("field",))
def panel_lawful(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if awaits_form(situation, params):
        return ()
    name = params.get("field")
    panel = tuple(dict.fromkeys(texts_of(situation.fact(str(name))) if name else situation.case.officers))
    least = amount_in_force(situation, "panel_least")
    found: list[Unmet] = []
    if len(panel) < least or len(panel) % 2 == 0:
        text = N_("合议组应当由%(least)s人以上的单数组成，现为%(count)s人")
        found += unmet(text, Role.SECTION_HEAD, DISPUTE_RULES.format("20"), least=least, count=len(panel))
    for user in panel:
        officer = situation.staff.get(user)
        if officer is None or not officer.is_certified(situation.on):
            text = N_("%(name)s在%(on)s没有有效的办案资格证件")
            found += unmet(
                text,
                Role.SECTION_HEAD,
                DISPUTE_RULES.format("4"),
                name=staff_name(situation, user),
                on=situation.on.isoformat(),
            )
    return tuple(found)


@guard(
    "被请求人已答辩，或者答辩期已满",
    "the respondent has answered, or the time to answer is over",
    required=("rule",),
    acts={"answered": "record_answer", "served": ""},
)
def answer_period_over_or_answered(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """A missing answer does not stop the case; what came before its time is over is waited for."""
    if last_act(situation, texts_of(params["answered"])) is not None:
        return ()
    article = DISPUTE_RULES.format("22")
    clock = situation.clock(*texts_of(params["rule"]))
    if clock is None or (clock.due_on is not None and clock.due_on < situation.on):
        return ()
    until = clock.due_on.isoformat() if clock.due_on else "—"
    return unmet(N_("被请求人可以答辩至%(until)s，期限未满且尚未答辩"), None, article, until=until)


@guard(
    "指定的举证期限不短于法定最低日数",
    "the evidence period is not shorter than the least",
    required=("rule", "until"),
    fields=("until",),
    needs_form=True,
)
def evidence_period_long_enough(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    until = day_of(situation.fact(str(params["until"])))
    if until is None or situation.due_on is None:
        return ()
    days = (situation.due_on(rule, situation.on) for rule in texts_of(params["rule"]))
    least = next((day for day in days if day is not None), None)
    if least is None or until >= least:
        return ()
    text = N_("举证期限自收到通知之日起算，最早于%(least)s届满；请改定举证期限")
    return unmet(text, Role.OFFICER, DISPUTE_RULES.format("54"), least=least.isoformat())


@guard(
    "举证期限已满",
    "the evidence period is over",
    facts={"until": "evidence_until"},
    acts={"waived": ""},
)
def evidence_period_over(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Where no period was set nothing is waited for; both parties may say that they have nothing more to offer."""
    until = day_of(situation.fact(str(params["until"])))
    if until is None or until < situation.on or was_done(situation, texts_of(params.get("waived"))):
        return ()
    text = N_("举证期限至%(until)s届满；期满后，或者双方当事人均表示举证完毕后办理")
    return unmet(text, None, DISPUTE_RULES.format("54"), until=until.isoformat())


@guard(
    "已经口头审理，或者决定不进行口头审理",
    "the oral hearing was held, or done without",
    acts={"held": "hold_hearing", "waived": "waive_hearing", "since": ""},
)
def hearing_held_or_waived(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    done = (*texts_of(params["held"]), *texts_of(params["waived"]))
    if was_done(situation, done, texts_of(params.get("since"))):
        return ()
    text = N_("尚未口头审理，也没有决定不进行口头审理")
    return unmet(text, Role.OFFICER, DISPUTE_RULES.format("26"))


_PROVED: Final = {
    "invalidity": N_("请写明国家知识产权局受理无效宣告请求的通知书文号和日期"),
    "requester_died": N_("请写明当事人死亡的证明材料"),
    "capacity_lost": N_("请写明当事人丧失行为能力的证明材料"),
    "entity_ended": N_("请写明法人或者其他组织终止的证明材料"),
    "force_majeure": N_("请写明不可抗力的事实和证明材料"),
    "other_case": N_("请写明须以其审理结果为依据的案件的案号"),
    "question": N_("请写明向上级请示的文号"),
}
_NO_NEED: Final = {
    "clean_report": {"zh": "专利权评价报告未发现不符合授予专利权条件的缺陷", "en": "the evaluation report is clean"},
    "second_request": {"zh": "撤回无效宣告请求后再次请求宣告无效", "en": "a second request after a withdrawn one"},
    "maintained": {"zh": "无效宣告请求审查决定维持专利权有效", "en": "an earlier decision maintained the patent"},
    "other": {"zh": "其他不必要中止的情形", "en": "another reason"},
}


@guard(
    "中止的法定情形有证据，且不属于可以不中止的情形",
    "a ground of suspension is proved, and none speaks against it",
    facts={"ground": "suspension_ground", "proof": "suspension_proof", "against": "need_not_suspend"},
    needs_form=True,
)
def suspension_proved(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Seven grounds (art 28); under invalidity an invention, and what art 29 lists, need not be suspended."""
    ground = str(situation.fact(str(params["ground"])) or "")
    found: list[Unmet] = []
    if is_empty(situation.fact(str(params["proof"]))):
        text = _PROVED.get(ground, N_("请写明中止情形的证明材料"))
        found += unmet(text, Role.OFFICER, DISPUTE_RULES.format("28"))
    if ground != "invalidity":
        return tuple(found)
    kinds = {right.kind for right in situation.case.rights} & PATENTS or set(situation.case.ip_types) & PATENTS
    if kinds == {IpType.PATENT_INVENTION}:
        text = N_("涉案专利是发明专利，被请求宣告无效的，可以不中止处理")
        found += unmet(text, Role.OFFICER, DISPUTE_RULES.format("29"))
    for reason in texts_of(situation.fact(str(params["against"]))):
        text = N_("有可以不中止处理的情形：%(reason)s")
        found += unmet(text, Role.OFFICER, DISPUTE_RULES.format("29"), reason=_NO_NEED.get(reason, _NO_NEED["other"]))
    return tuple(found)


@guard(
    "合议形成多数意见",
    "the panel reached a majority",
    facts={"dissenters": "dissenters", "dissent": "dissent"},
    needs_form=True,
)
def majority_reached(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """The majority decides, dissent goes into the record (art 25): fewer than half of the panel may dissent."""
    members, article = situation.case.officers, DISPUTE_RULES.format("25")
    dissenters = set(texts_of(situation.fact(str(params["dissenters"]))))
    found: list[Unmet] = []
    for user in sorted(dissenters - set(members)):
        text = N_("%(name)s不是本案合议组成员")
        found += unmet(text, Role.OFFICER, article, name=staff_name(situation, user))
    if 2 * len(dissenters & set(members)) >= len(members):
        text = N_("合议组共%(members)s人，%(dissent)s人持不同意见，没有形成多数意见，不能据以裁决")
        found += unmet(text, Role.OFFICER, article, members=len(members), dissent=len(dissenters & set(members)))
    if dissenters and is_empty((situation.fields or {}).get(str(params["dissent"]))):
        found += unmet(N_("有成员持不同意见的，应当将其意见如实记入合议笔录"), Role.OFFICER, article)
    return tuple(found)


_REPEAT: Final = {
    "repeat_requested": N_("责令重复侵权人停止侵权须有请求人的请求"),
    "repeat_in_force": N_("此前认定侵权的裁决、判决须已经发生法律效力"),
    "repeat_same_patent": N_("须是就同一专利权再次侵权"),
    "repeat_same_kind": N_("须是同类侵权行为"),
}


@guard("具备直接责令停止侵权的条件", "a stop order may be made directly", needs_form=True)
def direct_order_allowed(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    found: list[Unmet] = []
    for fact, text in _REPEAT.items():
        if situation.fact(fact) is not True:
            found += unmet(text, Role.OFFICER, DISPUTE_RULES.format("34"))
    return tuple(found)


@guard(
    "裁决书已送达双方当事人",
    "the decision was served on both parties",
    acts={
        "requester": "serve_decision_requester",
        "respondent": "serve_decision_respondent",
        "since": "adjudicate",
    },
)
def decision_served_on_both(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    since = texts_of(params["since"])
    texts = {
        "requester": N_("裁决书尚未送达请求人"),
        "respondent": N_("裁决书尚未送达被请求人"),
    }
    found: list[Unmet] = []
    for side, text in texts.items():
        if not was_done(situation, texts_of(params[side]), since):
            found += unmet(text, Role.OFFICER, DISPUTE_RULES.format("31"))
    return tuple(found)


@guard(
    "裁决的执行已有着落",
    "the decision is performed, goes to the court, or orders nothing",
    acts={"performed": "record_performance", "court": "apply_enforcement", "lapsed": "leave_to_right_holder"},
    facts={"verdict": "verdict"},
)
def decision_carried_out(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    """Only a stop order has anything to be carried out; a right holder may enforce it where the department did not."""
    verdict = situation.fact(str(params["verdict"]))
    if verdict is None:
        decided = last_decision(situation)
        verdict = decided.detail("outcome") if decided else None
    ended = (*texts_of(params["performed"]), *texts_of(params["court"]), *texts_of(params["lapsed"]))
    if verdict == "rejected" or last_act(situation, ended) is not None:
        return ()
    text = N_("被请求人是否停止侵权尚未登记；未停止的，应当在期限内申请人民法院强制执行")
    return unmet(text, Role.OFFICER, DISPUTE_RULES.format("80"))


@guard(
    "公开的文书已隐去不宜公开的内容", "what may not be published is masked", facts={"masked": "masked"}, needs_form=True
)
def publication_masked(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if situation.fact(str(params["masked"])) is True:
        return ()
    text = N_("公开前应当隐去国家秘密、商业秘密、个人隐私和其他不宜公开的内容")
    return unmet(text, Role.OFFICER, DISPUTE_RULES.format("83"))


@guard(
    "单独请求调解赔偿数额的，已附认定侵权的文书",
    "a request about damages alone has the decision that found infringement",
    facts={"subject": "mediation_subject", "decision": "infringement_decision"},
    needs_form=True,
)
def damages_have_a_decision(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if situation.fact(str(params["subject"])) != "damages":
        return ()
    if not is_empty(situation.fact(str(params["decision"]))):
        return ()
    text = N_("单独就侵权赔偿数额请求调解的，应当附认定侵权行为成立的裁决、判决等文书")
    return unmet(text, Role.OFFICER, DISPUTE_RULES.format("64"))


@guard(
    "临时保护期使用费纠纷在授权后请求调解",
    "a dispute about use before the grant is mediated after it",
    facts={"subject": "mediation_subject", "granted": "patent_granted"},
    needs_form=True,
)
def provisional_after_grant(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if situation.fact(str(params["subject"])) != "provisional" or situation.fact(str(params["granted"])) is True:
        return ()
    text = N_("临时保护期使用费纠纷，应当在专利权授予之后请求调解")
    return unmet(text, Role.OFFICER, DISPUTE_RULES.format("63"))


@guard(
    "以权利要求不明确撤销案件的，已经释明",
    "a case with unclear claims is cancelled only after they were explained",
    facts={"ground": "cancel_ground", "explained": "claims_explained"},
    needs_form=True,
)
def claims_were_explained(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if situation.fact(str(params["ground"])) != "claims_unclear" or situation.fact(str(params["explained"])) is True:
        return ()
    text = N_("请求人没有明确主张的权利要求的，应当先释明；释明后仍不明确的，方可撤销案件")
    return unmet(text, Role.OFFICER, DISPUTE_RULES.format("36"))
