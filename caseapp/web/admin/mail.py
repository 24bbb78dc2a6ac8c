"""E-mails: where each ended, and another attempt for one that was lost."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.mails import LOST, PAGE, mails
from caseapp.services.mails import ask_again
from caseapp.web.admin.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow
from caseapp.web.shared.paging import decode_cursor, pager


@blueprint.get("/admin/mail", endpoint="mail")
@allow(Permission.MAIL_SEE)
def show_mails() -> str:
    """Show e-mails, newest first."""
    lost_only = request.args.get("show") == "lost"
    found = mails(ctx(), lost_only=lost_only, before=_before(), limit=PAGE + 1)
    return render_template(
        "admin/mail.html",
        rows=found[:PAGE],
        lost_only=lost_only,
        lost=LOST,
        configured=ctx().ports.mailer is not None,
        pager=pager(len(found[:PAGE]), after=(found[PAGE - 1].id,) if len(found) > PAGE else None),
    )


@blueprint.post("/admin/mail/<int:mail_id>/again")
@allow(Permission.MAIL_SEE)
def send_again(mail_id: int) -> ResponseReturnValue:
    """Have a lost e-mail tried again."""
    if ask_again(ctx(), mail_id):
        flash(_("已重新放入待发"), "success")
    else:
        flash(_("这封邮件不在未送达之列，没有重发"), "info")
    return redirect(url_for("admin.mail", show="lost"), 303)


def _before() -> int | None:
    text = request.args.get("after", "")
    if not text:
        return None
    key = decode_cursor(text)
    if len(key) != 1 or not isinstance(key[0], int):
        raise InputError("after", Message(N_("分页位置无效，请从第一页重新打开")))
    return key[0]
