"""People: the list, and giving somebody an account."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from caseapp.domain.errors import InputError, InputErrors
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.policies.seats import GRANTABLE
from caseapp.queries.accounts import COUNT_CAP, AccountFilter, AccountTab, account_count, account_page, every_account
from caseapp.queries.organ_tree import organ_choices
from caseapp.services.access_log import note_export
from caseapp.services.accounts import open_account
from caseapp.web.admin.forms import NewPersonForm
from caseapp.web.admin.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.csv_files import csv_answer
from caseapp.web.shared.guard import allow
from caseapp.web.shared.labels import label
from caseapp.web.shared.language import say
from caseapp.web.shared.paging import decode_cursor, pager, url_with

TABS: Mapping[AccountTab, object] = {
    AccountTab.ACTIVE: lazy_gettext("在用"),
    AccountTab.UNSEATED: lazy_gettext("待授权"),
    AccountTab.LOCKED: lazy_gettext("已锁定"),
    AccountTab.CERTIFICATE: lazy_gettext("执法证提醒"),
    AccountTab.FACTOR: lazy_gettext("二次验证待办"),
    AccountTab.INACTIVE: lazy_gettext("已停用"),
    AccountTab.ALL: lazy_gettext("全部"),
}
LONGEST_SEARCH = 60


@blueprint.get("/admin/users")
@allow(Permission.USER_SEE)
def people() -> str:
    """Show one page of people."""
    asked = _asked_for()
    page = account_page(ctx(), asked, after=_key("after"), before=_key("before"))
    return render_template(
        "admin/people.html",
        page=page,
        asked=asked,
        tabs=[
            {
                "name": name,
                "url": url_with(tab=None if tab is AccountTab.ACTIVE else tab.value),
                "active": tab is asked.tab,
            }
            for tab, name in TABS.items()
        ],
        organs=[(organ_id, "\u3000" * depth + say(name)) for organ_id, name, depth in organ_choices(ctx())],
        roles=[(role.value, say(role)) for role in GRANTABLE],
        pager=pager(len(page.rows), before=page.before, after=page.after, total=page.total, cap=COUNT_CAP),
    )


@blueprint.get("/admin/users.csv")
@allow(Permission.USER_SEE)
def export_people() -> Response:
    """Hand out the list as shown; the export is in the ledger before the first line leaves."""
    asked = _asked_for()
    count = account_count(ctx(), asked)
    told = {"tab": asked.tab.value, "text": asked.text, "organ": asked.organ, "role": asked.role}
    note_export(ctx(), "accounts", told, rows=min(count, COUNT_CAP), capped=count > COUNT_CAP)
    heads = [
        _("姓名"),
        _("登录名"),
        _("机关"),
        _("角色"),
        _("可见范围"),
        _("执法证号"),
        _("有效期止"),
        _("最近登录"),
        _("在用"),
    ]
    rows = (
        (
            row.name,
            row.login,
            say(row.organ),
            say(row.roles),
            label(row.scope, "scope"),
            row.certificate_number or "",
            row.certificate_until.isoformat() if row.certificate_until else "",
            row.last_login_at.isoformat() if row.last_login_at else "",
            _("是") if row.active else _("否"),
        )
        for row in every_account(ctx(), asked)
    )
    return csv_answer(f"accounts-{ctx().today().isoformat()}", heads, rows)


@blueprint.get("/admin/users/new")
@allow(Permission.USER_CHANGE)
def new_person() -> str:
    """Show the form for somebody who has no account yet."""
    form = NewPersonForm()
    form.offer(organ_choices(ctx()))
    return render_template("admin/new_person.html", form=form)


@blueprint.post("/admin/users/new")
@allow(Permission.USER_CHANGE)
def open_person() -> ResponseReturnValue:
    """Give somebody an account and show the one-time password: it is in this answer and nowhere else."""
    form = NewPersonForm()
    form.offer(organ_choices(ctx()))
    if not form.validate_on_submit():
        return render_template("admin/new_person.html", form=form), 422
    try:
        issued = open_account(ctx(), form.login.data or "", form.person())
    except (InputError, InputErrors) as wrong:
        form.place_errors(wrong)
        return render_template("admin/new_person.html", form=form), 422
    return render_template("admin/one_time_password.html", issued=issued, heading=_("账号已建立"), is_new=True)


def _asked_for() -> AccountFilter:
    tab = request.args.get("tab", "")
    return AccountFilter(
        tab=AccountTab(tab) if tab in set(AccountTab) else AccountTab.ACTIVE,
        text=request.args.get("text", "").strip()[:LONGEST_SEARCH],
        organ=request.args.get("organ", ""),
        role=request.args.get("role", ""),
    )


def _key(name: str) -> tuple[str | int | None, ...] | None:
    text = request.args.get(name)
    return decode_cursor(text) if text else None
