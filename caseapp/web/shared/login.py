"""Sessions: who is signed in, for how long, and what must be done before anything else."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import (
    Flask,
    flash,
    g,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user, logout_user

from caseapp.domain.errors import NotFound
from caseapp.domain.policies.security import SecurityPolicy, needs_second_factor
from caseapp.queries.sessions import KnownSession, session_of
from caseapp.services.sessions import begin_session, end_own_session, note_seen, renew_token
from caseapp.web.shared.context import Viewer, ctx_of_nobody, huhang
from caseapp.web.shared.visitors import OnlyEncrypted, visitor_address

login_manager = LoginManager()
login_manager.session_protection = "strong"

_TOKEN = "token"  # noqa: S105 - the name of a field
_KNOWN = "huhang_known_session"
WARN_SECONDS = 120
SEEN_EVERY_SECONDS = 60
"""A session's last use is not written at every request: idle time is exact to a minute."""


def now() -> datetime:
    """Return the instant by which sessions are judged."""
    return huhang().ports.clock.now()


# --- the session ---------------------------------------------------------------------------------------------------


def start_session(person: Viewer) -> None:
    """Sign a person in under a new session: nothing of the session before survives, here or in the database."""
    before = session.get(_TOKEN)
    _clear()
    session[_TOKEN] = begin_session(
        ctx_of_nobody(),
        person.id,
        epoch=person.session_epoch,
        device=request.headers.get("User-Agent", ""),
        address=visitor_address(),
        instead_of=before,
    )
    session.permanent = False
    login_user(person)


def end_session() -> None:
    """Sign out; only the chosen language stays."""
    known = known_session()
    if known is not None and not known.ended:
        with suppress(NotFound):  # ended at this moment in another window
            end_own_session(ctx_of_nobody().acting_as(Viewer.of(known.user).actor), known.id)
    forget_session()


def forget_session() -> None:
    """Let this browser forget a session that has been ended; only the chosen language stays."""
    logout_user()
    _clear()


def _clear() -> None:
    language = session.get("language")
    session.clear()
    g.pop("csrf_token", None)  # made for the session that has just gone; a page drawn now needs one for the new session
    g.pop(_KNOWN, None)
    if language:
        session["language"] = language


def known_session() -> KnownSession | None:
    """Return the session whose token the browser sent, over or not; asked once a request."""
    if _KNOWN not in g:
        token = session.get(_TOKEN)
        setattr(g, _KNOWN, session_of(ctx_of_nobody(), token) if isinstance(token, str) else None)
    known: KnownSession | None = g.get(_KNOWN)
    return known


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_person(person_id: str) -> Viewer | None:
    """Return the person of the session, or None where the session is over.

    Over: idle or open for longer than the settings allow, ended by its person or an administrator, or the account is
    shut.
    """
    known = known_session()
    if known is None or known.user.id != person_id or known.is_over(security_in_force(), now()):
        g.session_ended = True
        return None
    return Viewer.of(known.user)


def security_in_force() -> SecurityPolicy:
    """Return the numbers of signing in; where somebody is signed in, their version came with the session."""
    known = known_session()
    return huhang().security if known is None else huhang().security_at(known.settings)


def seconds_left() -> int:
    """Return how long the session lasts if nothing more is done; 0 where nobody is signed in."""
    known = known_session()
    if known is None or not current_user.is_authenticated:
        return 0
    return max(0, known.seconds_left(security_in_force(), now()))


def warn_seconds() -> int:
    """Return how long before a session locks its page warns: two minutes, of short ones a fifth."""
    return min(WARN_SECONDS, security_in_force().idle_minutes * 60 // 5)


def _note_activity() -> None:
    if request.endpoint == "static" or not current_user.is_authenticated or request.headers.get("X-Background"):
        return
    known = known_session()
    if known is None:
        return
    if known.rights_changed and request.method == "GET" and not request.headers.get("HX-Request"):
        session[_TOKEN] = renew_token(ctx_of_nobody(), known.id)
    elif (now() - known.seen_at).total_seconds() >= SEEN_EVERY_SECONDS:
        note_seen(ctx_of_nobody(), known.id)
        setattr(g, _KNOWN, replace(known, seen_at=now()))


# --- what comes before anything else -------------------------------------------------------------------------------

_OWN_PAGES = frozenset({"auth.account", "auth.change_password", "auth.sign_out", "auth.set_language", "auth.time_left"})


def first_things_first() -> ResponseReturnValue | None:
    """Send a person to what must be done before anything else: choosing a password, enrolling a second factor."""
    if current_user.must_change_password or password_is_too_old():
        if request.endpoint in _OWN_PAGES:
            return None
        told = _("首次登录，请先设置自己的密码") if current_user.must_change_password else _("密码已到期，请先更换")
        flash(told, "warning")
        return redirect(url_for("auth.account"), 303)
    if must_enrol() and request.endpoint not in _OWN_PAGES | {"auth.set_language"}:
        if request.blueprint == "auth" and str(request.endpoint).startswith("auth.second_factor"):
            return None
        flash(_("您的岗位须启用二次验证后才能办理业务"), "warning")
        return redirect(url_for("auth.second_factor"), 303)
    return None


def password_ends_at() -> datetime | None:
    """Return when the person's password must be changed; None where it does not age: set so, or a demonstration."""
    days = security_in_force().password_days
    if not days or current_user.demo:
        return None
    chosen: datetime = current_user.password_set_at
    return chosen + timedelta(days=days)


def password_is_too_old() -> bool:
    """Return whether the person's password has reached the age at which it must be changed."""
    ends_at = password_ends_at()
    return ends_at is not None and ends_at <= now()


def must_enrol() -> bool:
    """Return whether the person's role is worth nothing here until a second factor is enrolled."""
    demanded = huhang().config.second_factor_required and not huhang().demo
    roles = current_user.roles | g.get("lent_roles", frozenset())  # who stands in for a leader signs as one
    return bool(demanded and not current_user.second_factor and needs_second_factor(roles))


# --- where to go after signing in ------------------------------------------------------------------------------------


def same_site(target: str | None) -> str:
    """Return the target where it is a path of this site, else ''."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return ""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or "\\" in target or any(ord(letter) < 32 for letter in target):
        return ""
    return target


def install(app: Flask) -> None:
    """Give the application its sessions. Cookies are for this site and for HTTP only."""
    app.config["SESSION_COOKIE_NAME"] = "huhang"
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["SESSION_COOKIE_PATH"] = "/"
    app.session_interface = OnlyEncrypted()
    login_manager.init_app(app, add_context_processor=False)  # templates know `viewer`

    @app.before_request
    def note_activity() -> None:
        _note_activity()
