"""The own account: who one is here, and the password."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from caseapp.domain.errors import InputError, InputErrors
from caseapp.domain.policies.policy_map import Permission
from caseapp.services.sign_in import change_password as change
from caseapp.web.auth.forms import ChangePasswordForm
from caseapp.web.auth.room import blueprint
from caseapp.web.shared.context import ctx, viewer_or_none
from caseapp.web.shared.guard import allow
from caseapp.web.shared.login import start_session


@blueprint.get("/account")
@allow(Permission.ACCOUNT_OWN)
def account() -> ResponseReturnValue:
    """Show the own account."""
    return render_template("auth/account.html", form=ChangePasswordForm())


@blueprint.post("/account/password")
@allow(Permission.ACCOUNT_OWN)
def change_password() -> ResponseReturnValue:
    """Change the password; every other session of the person ends."""
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return render_template("auth/account.html", form=form), 422
    try:
        epoch = change(ctx(), current=form.current.data or "", new=form.new.data or "")
    except (InputError, InputErrors) as wrong:
        form.place_errors(wrong)
        return render_template("auth/account.html", form=form), 422
    person = viewer_or_none()
    if person is not None:
        start_session(replace(person, session_epoch=epoch, must_change_password=False))
    flash(_("密码已修改，其他设备上的登录已全部退出"), "success")
    return redirect(url_for("auth.account"), 303)
