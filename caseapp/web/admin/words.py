"""What each role is for, in a line, for who grants them."""

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
