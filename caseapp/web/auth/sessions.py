"""Where the person is signed in, and ending it."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from caseapp.domain.policies.policy_map import Permission
from caseapp.services.sessions import end_own_session, end_own_sessions
from caseapp.web.auth.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow
from caseapp.web.shared.login import end_session, forget_session, known_session, seconds_left


@blueprint.post("/account/sessions/<session_id>/end")
@allow(Permission.ACCOUNT_OWN)
def end_one_session(session_id: str) -> ResponseReturnValue:
    """Sign out in one place; where that is this browser, as "sign out" does."""
    known = known_session()
    if known is not None and known.id == session_id:
        end_session()
        flash(_("您已退出登录"), "success")
        return redirect(url_for("auth.sign_in"), 303)
    end_own_session(ctx(), session_id)
    flash(_("该处登录已退出"), "success")
    return redirect(url_for("auth.account"), 303)


@blueprint.post("/account/sessions/end")
@allow(Permission.ACCOUNT_OWN)
def end_every_session() -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    end_own_sessions(ctx())
    forget_session()
    flash(_("已在所有设备上退出登录"), "success")
    return redirect(url_for("auth.sign_in"), 303)


@blueprint.get("/account/time-left")
@allow(Permission.ACCOUNT_OWN)
def time_left() -> ResponseReturnValue:
    """Tell a page's script how long the session lasts, whose it is, and the token that forms need now.

    Asked in the background it prolongs nothing; without that it is the press on "stay signed in".
    """
    return {"seconds": seconds_left(), "token": generate_csrf(), "person": ctx().actor.id}
