"""What the law asks of filing a case and of investigating it."""

from __future__ import annotations

from typing import Final

from caseapp.domain.errors import N_, Unmet
from caseapp.domain.roles import Role
from caseapp.domain.workflow.guards.reading import is_empty, texts_of
from caseapp.domain.workflow.guards.registry import PROCEDURE_RULES, Params, guard, unmet
from caseapp.domain.workflow.situation import Situation

_FILING_CONDITIONS: Final = {
    "filing_evidence": N_("立案须有证据初步证明存在违法行为"),
    "filing_punishable": N_("立案须依据法律、法规、规章应当给予行政处罚"),
    "filing_jurisdiction": N_("立案须属于本机关管辖"),
    "filing_in_time": N_("立案须在给予行政处罚的法定期限内"),
}


@guard("具备四项立案条件", "the four conditions of filing are met", needs_form=True)
def filing_conditions_met(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    found: list[Unmet] = []
    for fact, text in _FILING_CONDITIONS.items():
        if situation.fact(fact) is not True:
            found += unmet(text, Role.OFFICER, PROCEDURE_RULES.format("19"))
    return tuple(found)


@guard("已登记当事人", "the respondent is known", otherwise=N_("本案已登记当事人"))
def respondent_known(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if any(party.role == "respondent" for party in situation.case.parties):
        return ()
    return unmet(N_("尚未登记当事人，请先在案件信息中补充"), Role.OFFICER, PROCEDURE_RULES.format("19"))


@guard(
    "首次取证时已告知当事人陈述、申辩和申请回避的权利",
    "the party was told of the right to state, defend and ask for recusal when evidence was first taken",
    facts={"fact": "rights_told_on"},
)
def notice_of_rights_given(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    if not is_empty(situation.fact(str(params["fact"]))):
        return ()
    text = N_("首次向当事人收集证据时，应当告知其陈述、申辩和申请回避的权利，尚无告知记录")
    return unmet(text, Role.OFFICER, PROCEDURE_RULES.format("21"))


_REPORT: Final = {
    "party_situation": N_("调查终结报告缺少当事人的基本情况"),
    "course": N_("调查终结报告缺少案件来源、调查经过及采取行政强制措施的情况"),
    "facts_found": N_("调查终结报告缺少调查认定的事实"),
    "evidence": N_("调查终结报告缺少主要证据"),
    "nature": N_("调查终结报告缺少违法行为性质"),
    "handling": N_("调查终结报告缺少处理意见"),
    "basis": N_("调查终结报告缺少处理依据"),
    "reasons": N_("调查终结报告缺少自由裁量的理由"),
}


@guard(
    "调查终结报告的法定内容齐备",
    "the investigation report says all that the law asks",
    facts={"parts": ""},
    needs_form=True,
)
def report_complete(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    parts = texts_of(params.get("parts")) or tuple(_REPORT)
    found: list[Unmet] = []
    for part in parts:
        if is_empty(situation.fact(part)):
            found += unmet(_REPORT.get(part, N_("调查终结报告内容不全")), Role.OFFICER, PROCEDURE_RULES.format("48"))
    return tuple(found)


@guard("写明法定的中止情形", "a statutory ground of suspension is stated", needs_form=True)
def suspension_ground_stated(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    ground = situation.fact("suspension_ground")
    if is_empty(ground):
        return unmet(N_("请选择中止调查的法定情形"), Role.OFFICER, PROCEDURE_RULES.format("46"))
    if ground == "other" and is_empty(situation.fact("suspension_reason")):
        return unmet(N_("选择其他情形的，须写明具体事由"), Role.OFFICER, PROCEDURE_RULES.format("46"))
    return ()


@guard(
    "正有不计入期限的时间",
    "time that does not count is running",
    optional=("reason",),
    otherwise=N_("不计入期限的事项尚未结束，请先登记其结束日期"),
)
def excluded_time_running(situation: Situation, params: Params) -> tuple[Unmet, ...]:
    wanted = params.get("reason")
    for pause in situation.proceeding.pauses:
        if pause.of:
            continue  # a side proceeding's: it ends there
        if pause.until is None and pause.reason != "suspension" and wanted in (None, pause.reason):
            return ()
    return unmet(N_("当前没有正在进行的不计入期限事项"), Role.OFFICER, PROCEDURE_RULES.format("64"))
