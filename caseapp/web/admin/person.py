"""One person: who it is (system administrator), what the person may do (security administrator)."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from caseapp.domain.errors import InputError, InputErrors
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.accounts import AccountDetail, account
from caseapp.queries.holdings import left_by
from caseapp.queries.organ_tree import organ_choices
from caseapp.queries.second_factors import factor_state, waiting_reset
from caseapp.queries.sessions import live_sessions
from caseapp.services import accounts
from caseapp.web.admin.forms import PersonForm, RolesForm, person_start
from caseapp.web.admin.room import blueprint
from caseapp.web.admin.words import ROLE_WORK
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow
from caseapp.web.shared.login import security_in_force


@blueprint.get("/admin/users/<user_id>")
@allow(Permission.USER_SEE)
def person(user_id: str) -> str:
    """Show one person."""
    return render_template(
        "admin/person.html",
        detail=account(ctx(), user_id),
        left=left_by(ctx(), user_id),
        state=factor_state(ctx(), user_id),
        waiting=waiting_reset(ctx(), user_id),
        sessions=live_sessions(ctx(), user_id, security_in_force()),
    )


@blueprint.get("/admin/users/<user_id>/edit")
@allow(Permission.USER_CHANGE)
def edit_person(user_id: str) -> str:
    """Show the form of who somebody is."""
    detail = account(ctx(), user_id)
    return _person_page(detail, PersonForm(data=person_start(detail.row)))


@blueprint.post("/admin/users/<user_id>/edit")
@allow(Permission.USER_CHANGE)
def change_person(user_id: str) -> ResponseReturnValue:
    """Change who somebody is."""
    detail = account(ctx(), user_id)
    form = PersonForm()
    form.offer(organ_choices(ctx()), (detail.row.organ_id, detail.row.organ))
    if not form.validate_on_submit():
        return _person_page(detail, form), 422
    try:
        changed = accounts.change_person(ctx(), user_id, form.person(), seen=form.mark.data or "")
    except (InputError, InputErrors) as wrong:
        form.place_errors(wrong)
        return _person_page(detail, form), 422
    flash(_("人员信息已保存") if changed else _("内容没有变化"), "success" if changed else "info")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@blueprint.get("/admin/users/<user_id>/roles")
@allow(Permission.ROLE_CHANGE)
def edit_roles(user_id: str) -> str:
    """Show the form of what somebody may do."""
    detail = account(ctx(), user_id)
    row = detail.row
    form = RolesForm(data={"mark": row.mark, "roles": [role.value for role in row.roles], "scope": row.scope.value})
    return _roles_page(detail, form)


@blueprint.post("/admin/users/<user_id>/roles")
@allow(Permission.ROLE_CHANGE)
def change_roles(user_id: str) -> ResponseReturnValue:
    """Set what somebody may do."""
    detail = account(ctx(), user_id)
    form = RolesForm()
    form.offer()
    if not form.validate_on_submit():
        return _roles_page(detail, form), 422
    try:
        changed = accounts.change_roles(
            ctx(), user_id, form.chosen_roles(), form.chosen_scope(), seen=form.mark.data or ""
        )
    except InputError as wrong:
        form.place_errors(wrong)
        return _roles_page(detail, form), 422
    flash(_("角色已更改，本人的下一次操作起生效") if changed else _("内容没有变化"), "success" if changed else "info")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@blueprint.post("/admin/users/<user_id>/deactivate")
@allow(Permission.USER_CHANGE)
def deactivate(user_id: str) -> ResponseReturnValue:
    """Shut an account."""
    accounts.deactivate(ctx(), user_id, seen=_mark())
    flash(_("账号已停用，本人的登录已全部退出"), "success")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@blueprint.post("/admin/users/<user_id>/activate")
@allow(Permission.USER_CHANGE)
def activate(user_id: str) -> ResponseReturnValue:
    """Open a shut account again."""
    accounts.activate(ctx(), user_id, seen=_mark())
    flash(_("账号已启用"), "success")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@blueprint.post("/admin/users/<user_id>/unlock")
@allow(Permission.USER_CHANGE, Permission.ROLE_CHANGE)
def unlock(user_id: str) -> ResponseReturnValue:
    """Lift the lock that failed sign-ins put on."""
    accounts.unlock(ctx(), user_id)
    flash(_("账号已解锁"), "success")
    return redirect(url_for("admin.person", user_id=user_id), 303)


@blueprint.post("/admin/users/<user_id>/password")
@allow(Permission.USER_CHANGE)
def reset_password(user_id: str) -> ResponseReturnValue:
    """Replace a forgotten password and show the new one: it is in this answer and nowhere else."""
    issued = accounts.reset_password(ctx(), user_id, seen=_mark())
    return render_template("admin/one_time_password.html", issued=issued, heading=_("密码已重置"), is_new=False)


def _mark() -> str:
    return request.form.get("mark", "")


def _person_page(detail: AccountDetail, form: PersonForm) -> str:
    form.offer(organ_choices(ctx()), (detail.row.organ_id, detail.row.organ))
    return render_template("admin/edit_person.html", detail=detail, form=form)


def _roles_page(detail: AccountDetail, form: RolesForm) -> str:
    form.offer()
    return render_template("admin/edit_roles.html", detail=detail, form=form, work=ROLE_WORK)
