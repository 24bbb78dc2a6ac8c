"""Sessions: who is signed in, for how long, and what happens to a form that outlived its session."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
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

from caseapp.domain.errors import NotFound
from caseapp.domain.policies.security import needs_second_factor
from caseapp.queries.sessions import KnownSession, session_of
from caseapp.services.sessions import begin_session, end_own_session, note_seen, renew_token
from caseapp.web.shared.context import Viewer, ctx_of_nobody, huhang
from caseapp.web.shared.visitors import OnlyEncrypted, visitor_address

login_manager = LoginManager()
login_manager.session_protection = "strong"

_TOKEN = "token"  # noqa: S105 - the name of a field
_KNOWN = "huhang_known_session"
_PAGE = "huhang_sign_in_page"
SEEN_EVERY_SECONDS = 60
"""A session's last use is not written at every request: idle time is exact to a minute."""
KEPT_TEXT_BYTES = 200_000
"""A form that outlived its session is kept up to this size."""
KEPT_SECONDS = 8 * 3600


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
    if known is None or known.user.id != person_id or known.is_over(huhang().security, now()):
        g.session_ended = True
        return None
    return Viewer.of(known.user)


def seconds_left() -> int:
    """Return how long the session lasts if nothing more is done; 0 where nobody is signed in."""
    known = known_session()
    if known is None or not current_user.is_authenticated:
        return 0
    return max(0, known.seconds_left(huhang().security, now()))


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


def password_is_too_old() -> bool:
    """Return whether the person's password has reached the age at which it must be changed; demonstrations never."""
    days = huhang().security.password_days
    return bool(days and not current_user.demo and current_user.password_set_at + timedelta(days=days) <= now())


def must_enrol() -> bool:
    """Return whether the person's role is worth nothing here until a second factor is enrolled."""
    demanded = huhang().config.second_factor_required and not huhang().demo
    return bool(demanded and not current_user.second_factor and needs_second_factor(current_user.roles))


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
    known = known_session()
    form = {"path": request.full_path.rstrip("?"), "fields": fields, "person": known.user.id if known else ""}
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
    app.session_interface = OnlyEncrypted()
    login_manager.init_app(app, add_context_processor=False)  # templates know `viewer`

    @app.before_request
    def note_activity() -> None:
        _note_activity()
