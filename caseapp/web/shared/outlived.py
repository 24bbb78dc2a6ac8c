"""What happens to a request whose session has ended: where it leads, and how a form that was sent comes back.

A form is kept on the server for its person (`services.kept_forms`); after signing in the page of the form is drawn as
ever, and what was typed is put back into it. None of it needs a script.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask.sansio.app import App
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from caseapp.queries.kept_forms import KeptForm, kept_form
from caseapp.services.kept_forms import keep_form
from caseapp.web.shared.context import ctx, ctx_of_nobody
from caseapp.web.shared.form_filling import NEVER, fill_form
from caseapp.web.shared.login import known_session, same_site
from caseapp.web.shared.typed_words import in_words

KEPT: Final = "kept"
"""Name of the query argument that says which form a page is to be filled with."""
_PAGE: Final = "huhang_sign_in_page"
_ALERTS: Final = 'id="alerts"'


def ask_to_sign_in() -> Response:
    """Answer a request of somebody who is not signed in; what was typed comes back after signing in.

    A page that was asked for leads to the sign-in page and back. A form is kept, and the sign-in page brings its name
    along (401). A part of a page (htmx) gets a notice beside the text, which stays where it is; a page's script is told
    that no time is left.
    """
    ended = bool(g.get("session_ended"))
    if request.headers.get("HX-Request"):
        response = make_response(render_template("partials/session_over.html"), 401)
        response.headers["HX-Retarget"] = "#alerts"
        response.headers["HX-Reswap"] = "innerHTML"
        return response
    if request.accept_mimetypes.best == "application/json":
        return make_response({"seconds": 0}, 401)
    if request.method in ("GET", "HEAD"):
        target = request.full_path.rstrip("?")
        if ended:
            flash(_("登录已过期，请重新登录"), "warning")
        return make_response(redirect(url_for("auth.sign_in", next=target if target != "/" else None), 303))
    return make_response(_sign_in_page(_keep()), 401)


def _sign_in_page(kept: str) -> str:
    draw: Callable[[str], str] = current_app.extensions[_PAGE]
    return draw(kept)


def sign_in_page_is(app: App, draw: Callable[[str], str]) -> None:
    """Say how the sign-in page is drawn for somebody whose session has ended; it takes the name of the kept form or
    ''.
    """
    app.extensions[_PAGE] = draw


def posted_from_here() -> bool:
    """Return whether the browser says that the form was sent by a page of this site."""
    if request.headers.get("Sec-Fetch-Site") not in (None, "same-origin"):
        return False
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    return origin is not None and urlsplit(origin).netloc == request.host


def posted_form() -> KeptForm | None:
    """Return the form that has just been sent, to be shown again; None where there is nothing to show.

    Files are not kept, nor what is typed on the pages of the account: passwords.
    """
    fields = tuple((name, text) for name, text in request.form.items(multi=True) if name not in NEVER)
    if not fields or request.blueprint == "auth" or not posted_from_here():
        return None
    return KeptForm("", request.full_path.rstrip("?"), _page_of_form(), fields)


def _page_of_form() -> str:
    """Return the page of this site on which the form stood, as the browser tells it."""
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.netloc != request.host:
        return ""
    return same_site(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def _keep() -> str:
    """Keep the form of this request for the person whose session has ended; '' where nobody or nothing is known."""
    known, form = known_session(), posted_form()
    if known is None or form is None:
        return ""
    return keep_form(ctx_of_nobody(), known.user.id, path=form.path, page=form.page, fields=form.fields)


def way_back(form: KeptForm) -> str:
    """Return where who has signed in again finds the form: on its own page, else on the page of the remains."""
    for place in (form.page, form.path):
        if place and _can_be_opened(place):
            return f"{place}{'&' if urlsplit(place).query else '?'}{urlencode({KEPT: form.name})}"
    return url_for("auth.resume", name=form.name)


def _can_be_opened(place: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    if adapter is None or not same_site(place):
        return False
    try:
        endpoint, _values = adapter.match(urlsplit(place).path, method="GET")
    except HTTPException:
        return False
    return not str(endpoint).startswith("auth.")


def put_back(response: Response) -> Response:
    """Fill the form of a finished page with what its person had typed; lead to the page of the remains where it is not
    there any more.
    """
    name = request.args.get(KEPT, "") if request.method == "GET" else ""
    if not name or request.endpoint == "static" or request.blueprint == "auth" or not current_user.is_authenticated:
        return response
    form = kept_form(ctx(), name)
    if form is None:
        return response
    filled = None
    if response.status_code == 200 and response.mimetype == "text/html" and not response.is_streamed:
        page = response.get_data(as_text=True)
        filled = fill_form(page, address=request.path, path=form.path, fields=form.fields)
    if filled is None or not filled.found:
        return make_response(redirect(url_for("auth.resume", name=name), 303))
    told = render_template("partials/restored.html", left=in_words(form.path, filled.left))
    place = filled.page.find(">", filled.page.find(_ALERTS)) + 1 if _ALERTS in filled.page else 0
    response.set_data(filled.page[:place] + told + filled.page[place:] if place else filled.page)
    return response


def install(app: Flask) -> None:
    """Let every page be filled with what outlived its session."""
    app.after_request(put_back)
