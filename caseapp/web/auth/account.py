"""The own account: who one is here, the password, where one is signed in."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from caseapp.domain.errors import InputError, InputErrors
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.second_factors import factor_state
from caseapp.queries.sessions import live_sessions
from caseapp.services.passwords import change_password as change
from caseapp.web.auth.forms import ChangePasswordForm
from caseapp.web.auth.room import blueprint
from caseapp.web.shared.context import ctx, viewer_or_none
from caseapp.web.shared.guard import allow
from caseapp.web.shared.login import known_session, password_ends_at, security_in_force, start_session
from caseapp.web.shared.rules import password_rules


@blueprint.get("/account")
@allow(Permission.ACCOUNT_OWN)
def account() -> ResponseReturnValue:
    """Show the own account."""
    return _page(ChangePasswordForm())


@blueprint.post("/account/password")
@allow(Permission.ACCOUNT_OWN)
def change_password() -> ResponseReturnValue:
    """Change the password; every other session of the person ends."""
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        epoch = change(ctx(), current=form.current.data or "", new=form.new.data or "")
    except (InputError, InputErrors) as wrong:
        form.place_errors(wrong)
        return _page(form), 422
    person = viewer_or_none()
    if person is not None:
        start_session(replace(person, session_epoch=epoch, must_change_password=False))
    flash(_("密码已修改，其他设备上的登录已全部退出"), "success")
    return redirect(url_for("auth.account"), 303)


def _page(form: ChangePasswordForm) -> str:
    person, here = viewer_or_none(), known_session()
    assert person is not None  # the guard let somebody in
    policy = security_in_force()
    return render_template(
        "auth/account.html",
        form=form,
        rules=password_rules(policy),
        renew_by=password_ends_at(),
        state=factor_state(ctx(), person.id),
        sessions=live_sessions(ctx(), person.id, policy),
        present=here.id if here is not None else "",
    )
