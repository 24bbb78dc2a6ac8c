"""The numbers of passwords, locks and sessions: the security administrator's settings."""

from __future__ import annotations

from dataclasses import asdict

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from caseapp.domain.errors import InputError, InputErrors
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.policies.security import LIMITS, SECOND_FACTOR_ROLES
from caseapp.domain.roles import Role
from caseapp.queries.security import SecuritySettings, security_settings
from caseapp.services.security_settings import change_security
from caseapp.web.admin.forms import SecurityForm
from caseapp.web.admin.room import blueprint
from caseapp.web.shared.context import ctx, huhang
from caseapp.web.shared.guard import allow
from caseapp.web.shared.rules import password_rules


@blueprint.get("/admin/security")
@allow(Permission.SECURITY_SETTING_CHANGE)
def security() -> str:
    """Show the numbers in force."""
    present = _present()
    return _page(SecurityForm(data={**asdict(present.policy), "mark": present.mark}), present)


@blueprint.post("/admin/security")
@allow(Permission.SECURITY_SETTING_CHANGE)
def set_security() -> ResponseReturnValue:
    """Set the numbers."""
    form, present = SecurityForm(), _present()
    if not form.validate_on_submit():
        return _page(form, present), 422
    try:
        changed = change_security(ctx(), form.policy(), defaults=present.defaults, seen=form.mark.data or "")
    except (InputError, InputErrors) as wrong:
        form.place_errors(wrong)
        return _page(form, present), 422
    flash(_("安全设置已保存") if changed else _("内容没有变化"), "success" if changed else "info")
    return redirect(url_for("admin.security"), 303)


def _present() -> SecuritySettings:
    return security_settings(ctx(), huhang().configured_security)


def _page(form: SecurityForm, present: SecuritySettings) -> str:
    return render_template(
        "admin/security.html",
        form=form,
        present=present,
        limits=LIMITS,
        rules=password_rules(present.policy),
        demanded=[role for role in Role if role in SECOND_FACTOR_ROLES],
    )
