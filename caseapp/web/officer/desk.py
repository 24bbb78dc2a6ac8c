"""今日: the first page of the day."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.desk import desk_of
from caseapp.queries.kept_items import kept_count
from caseapp.queries.pending_moves import awaited_moves
from caseapp.services import approval_nudge, case_approve, notify
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow
from caseapp.web.shared.login import same_site


@blueprint.get("/desk")
@allow(Permission.DESK_SEE)
def desk() -> str:
    """Show what is due, what waits for me, what I wait for."""
    return render_template("officer/desk.html", desk=desk_of(ctx()), moves=awaited_moves(ctx()), kept=kept_count(ctx()))


@blueprint.post("/desk/notices")
@allow(Permission.DESK_SEE)
def read_notices() -> ResponseReturnValue:
    """Mark notices as read: the one named, or all."""
    one = request.form.get("notice", type=int)
    notify.mark_read(ctx(), None if one is None else [one])
    return redirect(url_for("officer.desk"), 303)


@blueprint.post("/desk/approvals/<approval_id>/nudge")
@allow(Permission.CASE_ACT)
def nudge(approval_id: str) -> ResponseReturnValue:
    """Remind those who can sign."""
    if approval_nudge.nudge(ctx(), approval_id):
        flash(_("已提醒审批人员"), "success")
    else:
        flash(_("今天已经提醒过，不再重复提醒"), "info")
    return redirect(_back(), 303)


@blueprint.post("/desk/approvals/<approval_id>/withdraw")
@allow(Permission.CASE_ACT)
def withdraw(approval_id: str) -> ResponseReturnValue:
    """Take back a request of one's own."""
    case_approve.withdraw(ctx(), approval_id, seen_version=request.form.get("seen_version", type=int))
    flash(_("已撤回审批申请，可以修改后重新提出"), "success")
    return redirect(_back(), 303)


def _back() -> str:
    return same_site(request.form.get("back", "")) or url_for("officer.desk")
