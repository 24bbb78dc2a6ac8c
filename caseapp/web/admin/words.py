"""Words of this room: what each role is for, and what a check of the ledger can find."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext

from caseapp.domain.roles import Role

ROLE_WORK: Mapping[Role, object] = {
    Role.INTAKE_CLERK: lazy_gettext("登记线索、查重、转办；只见本机关线索"),
    Role.OFFICER: lazy_gettext("办理由其承办的案件，须持有效执法证；可见本机关非限制案件"),
    Role.SECTION_HEAD: lazy_gettext("指派承办人，第一步审批；可见本机关案件"),
    Role.LEGAL_REVIEWER: lazy_gettext("法制审核；不得参加所审案件的调查"),
    Role.LEADER: lazy_gettext("审批立案、决定、延期、结案；可见本机关及下级案件"),
    Role.SUPERVISOR: lazy_gettext("查看统计与超期案件，只读"),
    Role.LIAISON: lazy_gettext("公安机关、检察院、法院人员，只见移送其机关的材料"),
    Role.FAST_CHANNEL_DESK: lazy_gettext("快速维权中心受理、调解"),
    Role.EXAMINER: lazy_gettext("快速维权中心出具审查意见"),
    Role.SYSTEM_ADMINISTRATOR: lazy_gettext("管理人员账号、机关信息和系统设置，不见案件内容"),
    Role.SECURITY_ADMINISTRATOR: lazy_gettext("授予角色和可见范围、解锁账号，不见案件内容"),
    Role.AUDIT_ADMINISTRATOR: lazy_gettext("检索、核验台账，不见案卷"),
}

BREACHES: Mapping[str, object] = {
    "edited": lazy_gettext("条目内容与散列值不符，被改动"),
    "gap": lazy_gettext("序号不连续，有条目被删去或者插入"),
    "broken-link": lazy_gettext("与前一条不相连"),
    "times": lazy_gettext("写入时间早于前一条"),
    "missing-tail": lazy_gettext("末尾的条目被删去"),
    "head": lazy_gettext("链首记录与最后一条不符"),
    "no-entries": lazy_gettext("案件没有任何台账"),
    "no-head": lazy_gettext("有台账而没有案件或者链首记录"),
    "cut": lazy_gettext("已锚定的条目不见了"),
    "anchored-otherwise": lazy_gettext("与锚定文件所载不同"),
    "anchor-missing": lazy_gettext("锚定文件缺失"),
    "anchor-replaced": lazy_gettext("锚定文件被替换"),
    "anchor-unreadable": lazy_gettext("锚定文件不能读取"),
    "anchor-number": lazy_gettext("锚定文件编号与文件名不符"),
    "anchor-gap": lazy_gettext("前一个锚定文件缺失"),
    "anchor-link": lazy_gettext("与前一个锚定文件不相连"),
    "anchor-key": lazy_gettext("锚定文件不是本系统密钥签署"),
    "anchor-algorithm": lazy_gettext("锚定文件的算法不符"),
    "anchor-signature": lazy_gettext("锚定文件签名无效"),
    "anchor-root": lazy_gettext("锚定文件的根散列值不符"),
}
"""Reasons of `queries.ledger_check.verify`, in words."""
