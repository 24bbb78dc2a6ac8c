"""Names of closed words in the reader's language: what lists, badges and filters call things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from caseapp.domain.errors import N_
from caseapp.web.shared.language import SEPARATOR, gettext, language

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
        "infringement": N_("侵权成立"),
        "partly": N_("部分侵权成立"),
        "rejected": N_("驳回请求"),
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
        "jurisdiction_objection": N_("管辖权异议"),
        "evidence_extension": N_("延长举证期限"),
        "settlement": N_("和解"),
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
    "confidence": {
        "verified": N_("已对照原文"),
        "secondary": N_("据转述，待核对"),
        "recalled_high": N_("待核对（把握较大）"),
        "recalled_medium": N_("待核对（把握一般）"),
        "uncertain": N_("待核对（存疑）"),
        "design": N_("本机关设定"),
    },
    "organ_level": {
        "province": N_("省级"),
        "city": N_("市级"),
        "county": N_("县级"),
        "park": N_("园区"),
        "station": N_("基层站所"),
    },
    "organ_kind": {
        "ip_authority": N_("知识产权管理部门"),
        "market_regulation": N_("市场监督管理部门"),
        "copyright_enforcement": N_("版权执法机构"),
        "customs": N_("海关"),
        "police": N_("公安机关"),
        "procuratorate": N_("检察院"),
        "court": N_("法院"),
        "mediation_body": N_("调解组织"),
        "fast_rights_centre": N_("快速维权中心"),
        "rights_aid": N_("维权援助机构"),
    },
    "certificate": {
        "not_needed": N_("无"),
        "missing": N_("缺执法证"),
        "valid": N_("有效"),
        "not_yet": N_("尚未生效"),
        "expiring": N_("即将到期"),
        "expired": N_("已过期"),
    },
    "deputy_status": {
        "waiting": N_("待准许"),
        "coming": N_("未开始"),
        "running": N_("代理中"),
        "over": N_("已期满"),
        "revoked": N_("已收回"),
    },
    "transfer_kind": {"move": N_("移送"), "hand_down": N_("交办"), "designate": N_("指定管辖")},
    "transfer_status": {
        "sent": N_("待签收"),
        "received": N_("已签收"),
        "returned": N_("已退回"),
        "recalled": N_("已撤回"),
    },
    "link_kind": {
        "merged_into": N_("并入"),
        "merged_from": N_("并入本案"),
        "split_into": N_("分出"),
        "split_from": N_("分自"),
    },
    "stream": {"case": N_("案件办理"), "access": N_("查阅检索"), "system": N_("系统管理")},
    "entry_kind": {
        "opened": N_("登记线索"),
        "proceeding_opened": N_("启动程序"),
        "acted": N_("办理事项"),
        "milestone": N_("接收节点"),
        "approval_requested": N_("提请审批"),
        "approval_signed": N_("审批同意"),
        "approval_returned": N_("审批退回"),
        "approval_withdrawn": N_("撤回审批"),
        "facts_changed": N_("更改事实"),
        "officers_assigned": N_("指派人员"),
        "document_issued": N_("制发文书"),
        "noted": N_("记事"),
        "transfer_sent": N_("发往其他机关"),
        "transfer_received": N_("签收案件"),
        "transfer_returned": N_("退回案件"),
        "transfer_recalled": N_("撤回移送"),
        "transfer_reported": N_("报请指定管辖"),
        "joint_set": N_("联合办案"),
        "linked": N_("并案或者分案"),
        "deputy_named": N_("指定代理人"),
        "deputy_allowed": N_("准许代理"),
        "deputy_revoked": N_("收回代理"),
        "read": N_("查阅案卷"),
        "personal_read": N_("查看个人信息"),
        "exported": N_("导出"),
        "cases_exported": N_("导出案件"),
        "searched": N_("检索案件"),
        "ledger_searched": N_("检索台账"),
        "ledger_entry_read": N_("查看台账条目"),
        "signed_in": N_("登录"),
        "sign_in_refused": N_("登录被拒"),
        "password_accepted": N_("密码通过，待二次验证"),
        "code_refused": N_("验证码不符"),
        "signed_out": N_("退出登录"),
        "signed_out_everywhere": N_("退出全部登录"),
        "sessions_ended": N_("结束他人登录"),
        "second_factor_enrolled": N_("启用二次验证"),
        "second_factor_given_up": N_("停用二次验证"),
        "second_factor_reset": N_("重置二次验证"),
        "second_factor_reset_asked": N_("申请重置二次验证"),
        "second_factor_reset_dropped": N_("撤回或驳回重置申请"),
        "recovery_codes_renewed": N_("更换备用码"),
        "security_settings_changed": N_("更改安全设置"),
        "password_changed": N_("修改密码"),
        "password_reset": N_("重置密码"),
        "accounts_created": N_("建立账号"),
        "account_changed": N_("更改人员信息"),
        "account_activated": N_("启用账号"),
        "account_deactivated": N_("停用账号"),
        "account_unlocked": N_("解锁账号"),
        "roles_changed": N_("更改角色"),
        "organs_synchronised": N_("更新机关"),
        "organ_contact_changed": N_("更改机关联系信息"),
        "cases_imported": N_("接收外部案件"),
        "projections_rebuilt": N_("重建案件数据"),
        "anchored": N_("锚定台账"),
        "ledger_verified": N_("核验台账"),
        "clock_due_soon": N_("时限将满"),
        "clock_overdue": N_("时限届满"),
        "demonstration_begun": N_("载入演示"),
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


def labels(words: Iterable[StrEnum | str], kind: str) -> str:
    """Return the names of several closed words as one text, as `label` says each."""
    return SEPARATOR[language()].join(label(word, kind) for word in words)


def choices(kind: str) -> list[tuple[str, str]]:
    """Return (word, name) pairs for a select, in the table's order."""
    return [(word, gettext(name)) for word, name in LABELS[kind].items()]
