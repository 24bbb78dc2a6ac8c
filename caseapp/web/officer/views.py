"""Saved views of the case list, and the columns that a person sees."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.saved_views import DEFAULT_COLUMNS, view_of, views_of
from caseapp.services import saved_views
from caseapp.web.officer.case_list import told_query, view_url
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow
from caseapp.web.shared.login import same_site


@blueprint.get("/cases/views", endpoint="views")
@allow(Permission.CASE_LIST)
def show_views() -> str:
    """Show the views that one has."""
    return render_template("officer/views.html", views=[(one, view_url(one)) for one in views_of(ctx())])


@blueprint.post("/cases/views")
@allow(Permission.CASE_LIST)
def save_view() -> ResponseReturnValue:
    """Keep what the list shows under a name."""
    view_id = saved_views.save(ctx(), request.form.get("name", ""), _query())
    flash(_("已保存视图，可在页签中打开"), "success")
    return redirect(view_url(view_of(ctx(), view_id)), 303)


@blueprint.post("/cases/views/<view_id>")
@allow(Permission.CASE_LIST)
def change_view(view_id: str) -> ResponseReturnValue:
    """Rename, share or remove an own view, or let it show something else."""
    step = request.form.get("step", "")
    if step == "rename":
        saved_views.rename(ctx(), view_id, request.form.get("name", ""))
        flash(_("已改名"), "success")
    elif step == "filters":
        saved_views.set_filters(ctx(), view_id, _query())
        flash(_("视图已更新为现在的条件"), "success")
        return redirect(view_url(view_of(ctx(), view_id)), 303)
    elif step in ("share", "unshare"):
        saved_views.share(ctx(), view_id, with_organ=step == "share")
        flash(_("已共享给本机关") if step == "share" else _("已不再共享"), "success")
    elif step == "remove":
        saved_views.remove(ctx(), view_id)
        flash(_("已删除视图"), "success")
    else:
        raise InputError("step", Message(N_("没有这种操作")))
    return redirect(url_for("officer.views"), 303)


@blueprint.post("/cases/columns")
@allow(Permission.CASE_LIST)
def choose_columns() -> ResponseReturnValue:
    """Keep which columns one sees."""
    usual = request.form.get("step") == "usual"
    saved_views.choose_columns(ctx(), DEFAULT_COLUMNS if usual else request.form.getlist("column"))
    flash(_("已恢复默认列") if usual else _("已更改显示的列"), "success")
    return redirect(same_site(request.form.get("back", "")) or url_for("officer.case_list"), 303)


def _query() -> str:
    return told_query(dict(parse_qsl(request.form.get("query", ""))))
