"""消息: everything one was told, by kind, read and unread; and how one wants to be told outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.notices import Cadence, NoticeGroup
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.notice_settings import notice_settings
from caseapp.queries.notifications import notices, unread
from caseapp.services import notify
from caseapp.services.notice_settings import change as change_settings
from caseapp.services.sign_in import set_language
from caseapp.web.auth.forms import NoticeSettingsForm
from caseapp.web.auth.room import blueprint
from caseapp.web.shared.context import ctx, viewer_or_none
from caseapp.web.shared.guard import allow
from caseapp.web.shared.login import same_site
from caseapp.web.shared.paging import decode_cursor, pager, url_with

PAGE = 50
GROUP_NAMES: Mapping[NoticeGroup, object] = {
    NoticeGroup.DEADLINES: lazy_gettext("时限"),
    NoticeGroup.APPROVALS: lazy_gettext("审批"),
    NoticeGroup.CASES: lazy_gettext("案件"),
    NoticeGroup.SYSTEM: lazy_gettext("系统"),
}


@dataclass(frozen=True, slots=True)
class NoticeTab:
    """A tab over the notices."""

    name: object
    url: str
    active: bool


@blueprint.get("/notices", endpoint="notices")
@allow(Permission.ACCOUNT_OWN)
def show_notices() -> str:
    """Show one page of notices, newest first."""
    group, unread_only, before = _group(), request.args.get("show") == "unread", _before()
    found = notices(ctx(), group=group, unread_only=unread_only, before=before, limit=PAGE + 1)
    shown = found[:PAGE]
    return render_template(
        "auth/notices.html",
        notices=shown,
        unread=unread(ctx()),
        unread_only=unread_only,
        tabs=_tabs(group),
        pager=pager(len(shown), after=(shown[-1].id,) if len(found) > PAGE else None),
    )


@blueprint.post("/notices/read")
@allow(Permission.ACCOUNT_OWN)
def read_notices() -> ResponseReturnValue:
    """Mark notices as read: the one named, or all."""
    one = request.form.get("notice", type=int)
    notify.mark_read(ctx(), None if one is None else [one])
    return redirect(same_site(request.form.get("back", "")) or url_for("auth.notices"), 303)


@blueprint.route("/account/notices", methods=["GET", "POST"])
@allow(Permission.ACCOUNT_OWN)
def notice_settings_page() -> ResponseReturnValue:
    """Show and change how one is told."""
    known = notice_settings(ctx())
    form = NoticeSettingsForm()
    if not form.is_submitted():
        person = viewer_or_none()
        form.email.data = known.email
        form.language.data = (person.language if person else None) or "zh"
        for group in NoticeGroup:
            form[group.value].data = known.cadences[group].value
    elif form.validate():
        try:
            change_settings(
                ctx(),
                email=form.email.data or "",
                cadences={group: Cadence(form[group.value].data) for group in NoticeGroup},
            )
        except InputError as wrong:
            form.place_errors(wrong)
        else:
            set_language(ctx(), form.language.data)
            flash(_("已保存消息接收方式"), "success")
            return redirect(url_for("auth.notice_settings_page"), 303)
    status = 422 if form.errors else 200
    return render_template("auth/notice_settings.html", form=form, known=known, groups=GROUP_NAMES), status


def _group() -> NoticeGroup | None:
    word = request.args.get("kind", "")
    if not word:
        return None
    if word not in set(NoticeGroup):
        raise InputError("kind", Message(N_("没有这类消息")))
    return NoticeGroup(word)


def _before() -> int | None:
    text = request.args.get("after", "")
    if not text:
        return None
    key = decode_cursor(text)
    if len(key) != 1 or not isinstance(key[0], int):
        raise InputError("after", Message(N_("分页位置无效，请从第一页重新打开")))
    return key[0]


def _tabs(chosen: NoticeGroup | None) -> tuple[NoticeTab, ...]:
    everything = NoticeTab(lazy_gettext("全部"), url_with(kind=None), chosen is None)
    return (
        everything,
        *(NoticeTab(name, url_with(kind=one.value), chosen is one) for one, name in GROUP_NAMES.items()),
    )


@blueprint.app_template_global()
def unread_notices() -> int:
    """Return how many notices wait for the person at the screen: what the bell in the top bar says."""
    return unread(ctx()) if viewer_or_none() is not None else 0
