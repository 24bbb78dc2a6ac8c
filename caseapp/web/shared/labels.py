"""Names of closed words in the reader's language: what lists, badges and filters call things."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import gettext

from caseapp.domain.errors import N_

LABELS: Mapping[str, Mapping[str, str]] = {
    "category": {
        "lead": N_("线索"),
        "open": N_("办理中"),
        "suspended": N_("中止"),
        "decided": N_("已决定"),
        "closed": N_("已结案"),
    },
    "ip_type": {
        "patent_invention": N_("发明专利"),
        "patent_utility": N_("实用新型"),
        "patent_design": N_("外观设计"),
        "patent": N_("专利（类型未明）"),
        "trademark": N_("商标"),
        "copyright": N_("著作权"),
        "gi": N_("地理标志"),
        "plant_variety": N_("植物新品种"),
        "trade_secret": N_("商业秘密"),
        "other": N_("其他"),
    },
    "manner": {
        "executed": N_("履行完毕"),
        "no_penalty": N_("不予处罚"),
        "not_established": N_("违法事实不成立"),
        "moved": N_("移送其他行政机关"),
        "transferred": N_("移送司法机关"),
        "terminated": N_("终止"),
        "withdrawn": N_("撤案"),
        "mediated": N_("调解结案"),
        "adjudicated": N_("裁决结案"),
        "merged": N_("并案"),
        "other": N_("其他方式"),
    },
    "outcome": {
        "penalty": N_("行政处罚"),
        "no_penalty": N_("不予行政处罚"),
        "not_established": N_("违法事实不成立"),
        "moved": N_("移送其他行政机关"),
        "transferred": N_("移送司法机关"),
    },
    "milestone": {
        "registered": N_("登记"),
        "filed": N_("立案"),
        "not_filed": N_("不予立案"),
        "suspended": N_("中止"),
        "resumed": N_("恢复"),
        "excluded_from": N_("开始扣除期限"),
        "excluded_until": N_("结束扣除期限"),
        "extended": N_("延长期限"),
        "decided": N_("作出决定"),
        "served": N_("送达"),
        "transferred": N_("移送"),
        "returned": N_("退回"),
        "withdrawn": N_("撤回"),
        "mediated": N_("调解"),
        "closed": N_("结案"),
        "reopened": N_("重新办理"),
        "merged": N_("并案"),
        "split": N_("分案"),
    },
    "exclusion": {
        "appraisal": N_("鉴定"),
        "identification": N_("检验、检测"),
        "hearing": N_("听证"),
        "public_notice": N_("公告"),
        "refund_order": N_("责令退款"),
        "other": N_("其他"),
    },
    "party_role": {
        "respondent": N_("当事人"),
        "complainant": N_("投诉人"),
        "right_holder": N_("权利人"),
        "agent": N_("代理人"),
        "witness": N_("证人"),
        "third_party": N_("第三人"),
        "reporter": N_("举报人"),
    },
    "party_kind": {"organisation": N_("单位"), "person": N_("自然人")},
    "scope": {
        "own": N_("本人办理"),
        "organ": N_("本机关"),
        "below": N_("本机关及下级"),
        "city": N_("全市"),
        "sent_to_us": N_("移送我方"),
    },
    "clock_status": {
        "running": N_("计时中"),
        "paused": N_("暂停"),
        "met": N_("按期完成"),
        "met_late": N_("逾期完成"),
        "overdue": N_("逾期"),
        "stopped": N_("终止计时"),
    },
    "approval_status": {
        "pending": N_("待审批"),
        "signed": N_("已同意"),
        "returned": N_("已退回"),
        "withdrawn": N_("已撤回"),
        "void": N_("已失效"),
    },
    "precision": {
        "instant": N_("精确到时刻"),
        "day": N_("精确到日"),
        "month": N_("仅知月份"),
        "year": N_("仅知年份"),
    },
}


def label(word: StrEnum | str | None, kind: str) -> str:
    """Return the name of a closed word; a word that the table lacks is shown as it is.

    kind    a key of `LABELS`
    raises  KeyError for an unknown kind
    """
    if word is None:
        return ""
    name = LABELS[kind].get(str(word))
    return gettext(name) if name is not None else str(word)


def choices(kind: str) -> list[tuple[str, str]]:
    """Return (word, name) pairs for a select, in the table's order."""
    return [(word, gettext(name)) for word, name in LABELS[kind].items()]
