"""Forms of signing in and of the own account: shape only."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import HiddenField, PasswordField
from wtforms.validators import EqualTo, Optional

from caseapp.domain.notices import Cadence
from caseapp.web.shared.fields import OneOfField
from caseapp.web.shared.forms import AtMost, Filled, Form, LineField
from caseapp.web.shared.language import LANGUAGES


class SignInForm(Form):
    """kept: name of a form that outlived its session (`caseapp.web.shared.outlived`)."""

    login = LineField(
        lazy_gettext("用户名"), [Filled(), AtMost(60)], render_kw={"autocomplete": "username", "autofocus": True}
    )
    password = PasswordField(lazy_gettext("密码"), [Filled()], render_kw={"autocomplete": "current-password"})
    kept = HiddenField()


class CodeForm(Form):
    """The second step of signing in. kept: as in `SignInForm`."""

    code = LineField(
        lazy_gettext("验证码"),
        [Filled(), AtMost(40)],
        description=lazy_gettext("手机验证器显示的 6 位数字；手机不在身边时，输入一个备用码"),
        render_kw={"autocomplete": "one-time-code", "autofocus": True, "autocapitalize": "characters"},
    )
    kept = HiddenField()


class ShownCodeForm(Form):
    """A code shown again, by who is signed in, before something grave."""

    code = LineField(lazy_gettext("验证码"), [Filled(), AtMost(40)], render_kw={"autocomplete": "one-time-code"})


class SignInAsForm(Form):
    """One press on a demonstration account."""

    login = LineField(lazy_gettext("用户名"), [Filled(), AtMost(60)])


CADENCES = [
    (Cadence.NOW.value, lazy_gettext("随时")),
    (Cadence.DAILY.value, lazy_gettext("每日汇总")),
    (Cadence.NONE.value, lazy_gettext("不发邮件")),
]


class NoticeSettingsForm(Form):
    """How one is told: a field for each group of notices, named as `NoticeGroup`."""

    email = LineField(
        lazy_gettext("接收邮箱"),
        [Optional(), AtMost(254)],
        description=lazy_gettext("留空则只在系统内提醒"),
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )
    language = OneOfField(lazy_gettext("邮件与界面语言"), [Filled()], choices=list(LANGUAGES.items()))
    deadlines = OneOfField(lazy_gettext("时限提醒"), [Filled()], choices=CADENCES)
    approvals = OneOfField(lazy_gettext("审批消息"), [Filled()], choices=CADENCES)
    cases = OneOfField(lazy_gettext("案件进展"), [Filled()], choices=CADENCES)
    system = OneOfField(lazy_gettext("系统消息"), [Filled()], choices=CADENCES)


class ChangePasswordForm(Form):
    """The rules of a good password are the service's; here both new ones must agree."""

    current = PasswordField(lazy_gettext("现在的密码"), [Filled()], render_kw={"autocomplete": "current-password"})
    new = PasswordField(lazy_gettext("新密码"), [Filled()], render_kw={"autocomplete": "new-password"})
    repeat = PasswordField(
        lazy_gettext("再输一次新密码"),
        [Filled(), EqualTo("new", message=lazy_gettext("两次输入的新密码不一致"))],
        render_kw={"autocomplete": "new-password"},
    )
