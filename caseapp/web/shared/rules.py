"""The rules of passwords in words, beside the fields that they are about."""

from __future__ import annotations

from flask_babel import gettext as _

from caseapp.domain.policies.security import SecurityPolicy


def password_rules(policy: SecurityPolicy) -> tuple[str, ...]:
    """Return the rules in force, one sentence each."""
    rules = [
        _("至少 %(n)s 位，含大写字母、小写字母、数字、符号中的三类", n=policy.password_length),
        _("不含用户名、姓名或者姓名的拼音"),
        _("不只由姓名或者用户名的首字母加数字、符号组成，不是常见密码"),
        _("不与最近 %(n)s 次用过的密码相同", n=policy.password_history),
    ]
    if policy.password_days:
        rules.append(_("每 %(n)s 天须更换一次", n=policy.password_days))
    return tuple(rules)
