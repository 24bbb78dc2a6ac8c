"""Sessions: who is signed in, for how long, and what happens to a form that outlived its session."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sansio.app import App
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user, logout_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from caseapp.queries.users import user_for_session
from caseapp.web.shared.context import Viewer, ctx_of_nobody, huhang

login_manager = LoginManager()
login_manager.session_protection = "strong"

_EPOCH = "epoch"
_STARTED = "started"
_SEEN = "seen"
_PERSON = "person"
_PAGE = "huhang_sign_in_page"
SEEN_EVERY_SECONDS = 60
"""The cookie is not rewritten at every request: idle time is exact to a minute."""
KEPT_TEXT_BYTES = 200_000
"""A form that outlived its session is kept up to this size."""
KEPT_SECONDS = 8 * 3600


def now() -> datetime:
    """Return the instant by which sessions are judged."""
    return huhang().ports.clock.now()


# --- the session ---------------------------------------------------------------------------------------------------


def start_session(person: Viewer) -> None:
    """Sign a person in under a new session: nothing of the session before survives."""
    _clear()
    instant = int(now().timestamp())
    session[_EPOCH] = person.session_epoch
    session[_STARTED] = instant
    session[_SEEN] = instant
    session[_PERSON] = person.id
    session.permanent = False
    login_user(person)


def end_session() -> None:
    """Sign out; only the chosen language stays."""
    logout_user()
    _clear()


def _clear() -> None:
    language = session.get("language")
    session.clear()
    g.pop("csrf_token", None)  # made for the session that has just gone; a page drawn now needs one for the new session
    if language:
        session["language"] = language


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_person(person_id: str) -> Viewer | None:
    """Return the person of the session, or None where the session is over.

    Over: idle or open for longer than configured, ended by an administrator (`session_epoch`), or the account is shut.
    """
    if session_is_over():
        g.session_ended = True
        return None
    user = user_for_session(ctx_of_nobody(), person_id)
    if user is None or user.session_epoch != session.get(_EPOCH):
        g.session_ended = True
        return None
    return Viewer.of(user)


def session_is_over() -> bool:
    """Return whether the session's idle time or whole length has run out."""
    config = huhang().config
    instant = int(now().timestamp())
    idle = instant - int(session.get(_SEEN, 0))
    whole = instant - int(session.get(_STARTED, 0))
    return idle > config.session_idle_minutes * 60 or whole > config.session_hours * 3600


def _note_activity() -> None:
    if current_user.is_authenticated and not request.headers.get("X-Background"):
        instant = int(now().timestamp())
        if instant - int(session.get(_SEEN, 0)) >= SEEN_EVERY_SECONDS:
            session[_SEEN] = instant


def must_change_password_first() -> ResponseReturnValue | None:
    """Send a person whose password was set by somebody else to the page where it is changed."""
    allowed = ("auth.account", "auth.change_password", "auth.sign_out", "auth.set_language")
    if current_user.must_change_password and request.endpoint not in allowed:
        flash(_("首次登录，请先设置自己的密码"), "warning")
        return redirect(url_for("auth.account"), 303)
    return None


# --- where to go after signing in ------------------------------------------------------------------------------------


def same_site(target: str | None) -> str:
    """Return the target where it is a path of this site, else ''."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return ""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or "\\" in target or any(ord(letter) < 32 for letter in target):
        return ""
    return target


def ask_to_sign_in() -> Response:
    """Answer a request of somebody who is not signed in; what was typed is carried to the sign-in page.

    A page that was asked for leads to the sign-in page and back. A form keeps its text as a sealed field of the sign-in
    page (401). A part of a page (htmx) gets a notice beside the text, which stays where it is.
    """
    ended = bool(g.get("session_ended"))
    if request.headers.get("HX-Request"):
        response = make_response(render_template("partials/session_over.html"), 401)
        response.headers["HX-Retarget"] = "#alerts"
        response.headers["HX-Reswap"] = "innerHTML"
        return response
    if request.method in ("GET", "HEAD"):
        target = request.full_path.rstrip("?")
        if ended:
            flash(_("登录已过期，请重新登录"), "warning")
        return make_response(redirect(url_for("auth.sign_in", next=target if target != "/" else None), 303))
    kept = keep_form() if posted_from_here() else ""
    return make_response(_sign_in_page(kept), 401)


def _sign_in_page(kept: str) -> str:
    draw: Callable[[str], str] = current_app.extensions[_PAGE]
    return draw(kept)


def sign_in_page_is(app: App, draw: Callable[[str], str]) -> None:
    """Say how the sign-in page is drawn for somebody whose session has ended; it takes the sealed form or ''."""
    app.extensions[_PAGE] = draw


# --- a form that outlived its session ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form that was sent after its session had ended.

    person  id of the person whose session it was, '' where that is not known
    """

    path: str
    fields: tuple[tuple[str, str], ...]
    person: str


def posted_from_here() -> bool:
    """Return whether the browser says that the form was sent by a page of this site."""
    if request.headers.get("Sec-Fetch-Site") not in (None, "same-origin"):
        return False
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    return origin is not None and urlsplit(origin).netloc == request.host


def keep_form() -> str:
    """Seal the posted fields so that they can travel through the sign-in page; '' where there is nothing or too much.

    Files are not kept, nor what is typed on the pages of the account: passwords.
    """
    fields = [(name, text) for name, text in request.form.items(multi=True) if name != "csrf_token"]
    if not fields or request.blueprint == "auth":
        return ""
    form = {"path": request.full_path.rstrip("?"), "fields": fields, "person": session.get(_PERSON, "")}
    if len(json.dumps(form, ensure_ascii=False).encode()) > KEPT_TEXT_BYTES:
        return ""
    return str(_seal().dumps(form))


def kept_form(sealed: str) -> KeptForm | None:
    """Open a sealed form; None where the seal is broken, too old, or the path leads elsewhere."""
    try:
        form = _seal().loads(sealed, max_age=KEPT_SECONDS)
    except BadSignature:
        return None
    if not same_site(form["path"]):
        return None
    return KeptForm(form["path"], tuple((name, text) for name, text in form["fields"]), form["person"])


def _seal() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="huhang-kept-form")


def install(app: Flask) -> None:
    """Give the application its sessions. Cookies are for this site and for HTTP only."""
    app.config.setdefault("SESSION_COOKIE_NAME", "huhang")
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["SESSION_COOKIE_PATH"] = "/"
    login_manager.init_app(app, add_context_processor=False)  # templates know `viewer`

    @app.before_request
    def note_activity() -> None:
        _note_activity()
