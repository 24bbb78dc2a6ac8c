"""How one person signs in: where, ending it, and the reset of a second factor."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from caseapp.domain.errors import InputError
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.accounts import account
from caseapp.queries.second_factors import factor_state
from caseapp.services.second_factor_reset import agree_to_reset, drop_reset, reset_second_factor
from caseapp.services.sessions import end_sessions_of
from caseapp.web.admin.forms import ReasonForm
from caseapp.web.admin.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow


@blueprint.post("/admin/users/<user_id>/sessions")
@allow(Permission.USER_CHANGE, Permission.ROLE_CHANGE)
def end_sessions(user_id: str) -> ResponseReturnValue:
    """Sign somebody out everywhere."""
    end_sessions_of(ctx(), user_id)
    flash(_("本人的登录已全部退出"), "success")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@blueprint.get("/admin/users/<user_id>/second-factor")
@allow(Permission.SECOND_FACTOR_RESET)
def ask_reset(user_id: str) -> str:
    """Ask why a second factor is to be reset."""
    return _page(user_id, ReasonForm())


@blueprint.post("/admin/users/<user_id>/second-factor")
@allow(Permission.SECOND_FACTOR_RESET)
def reset_factor(user_id: str) -> ResponseReturnValue:
    """Reset a second factor, or ask a second administrator to agree."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _page(user_id, form), 422
    try:
        done = reset_second_factor(ctx(), user_id, reason=form.reason.data or "")
    except InputError as wrong:
        form.place_errors(wrong)
        return _page(user_id, form), 422
    flash(_("二次验证已重置，本人的登录已全部退出") if done else _("已申请重置，等待另一位管理员确认"), "success")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@blueprint.post("/admin/users/<user_id>/second-factor/agree")
@allow(Permission.SECOND_FACTOR_RESET_AGREE)
def agree_reset(user_id: str) -> ResponseReturnValue:
    """Agree to the reset that another administrator asked for."""
    agree_to_reset(ctx(), user_id)
    flash(_("二次验证已重置，本人的登录已全部退出"), "success")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@blueprint.post("/admin/users/<user_id>/second-factor/drop")
@allow(Permission.SECOND_FACTOR_RESET_AGREE)
def drop_factor_reset(user_id: str) -> ResponseReturnValue:
    """Turn the reset down, or take it back."""
    drop_reset(ctx(), user_id)
    flash(_("重置申请已撤销"), "success")
    return redirect(url_for("admin.person", user_id=user_id), 303)


def _page(user_id: str, form: ReasonForm) -> str:
    return render_template(
        "admin/reset_factor.html", detail=account(ctx(), user_id), state=factor_state(ctx(), user_id), form=form
    )
