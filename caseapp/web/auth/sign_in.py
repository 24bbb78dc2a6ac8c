"""Signing in and out."""

from __future__ import annotations

from ipaddress import ip_address

from flask import flash, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from caseapp.domain.errors import N_, Message, NotPermitted
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.demonstration import demo_people
from caseapp.queries.users import user_for_session
from caseapp.services.sign_in import LockRule, authenticate
from caseapp.web.auth.forms import SignInAsForm, SignInForm
from caseapp.web.auth.room import blueprint
from caseapp.web.shared.context import Viewer, ctx_of_nobody, huhang
from caseapp.web.shared.guard import allow, public
from caseapp.web.shared.language import say
from caseapp.web.shared.login import end_session, kept_form, same_site, sign_in_page_is, start_session
from caseapp.web.shared.navigation import first_room_url

ONLY_HERE = N_("演示账号只能在本机的演示数据库中使用")
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """Lead everybody to where work begins."""
    return redirect(first_room_url() if current_user.is_authenticated else url_for("auth.sign_in"))


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Show the sign-in page; check login and password."""
    if current_user.is_authenticated and request.method == "GET":
        return redirect(_onward())
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form), 422 if form.is_submitted() else 200
    return _enter(form, form.login.data, form.password.data or "")


@blueprint.post("/sign-in/as")
@public
def sign_in_as() -> ResponseReturnValue:
    """Sign in as one of the demonstration accounts: on this machine and in a demonstration database only."""
    form = SignInAsForm()
    demo = demo_people(ctx_of_nobody()) if demonstrates() else None
    if demo is None or not form.validate_on_submit():
        raise NotPermitted(Message(ONLY_HERE))
    return _enter(SignInForm(formdata=None), form.login.data, demo.password)


@blueprint.get("/signed-in")
@allow(Permission.ACCOUNT_OWN)
def signed_in() -> ResponseReturnValue:
    """Tell somebody who signed in again in a second window to go back to the first."""
    return render_template("auth/signed_in.html")


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session; who is not signed in any more is not refused."""
    end_session()
    flash(_("您已退出登录"), "success")
    return redirect(url_for("auth.sign_in"), 303)


def _enter(form: SignInForm, login: str, password: str) -> ResponseReturnValue:
    try:
        person = _checked(login, password)
    except NotPermitted as refused:
        form.form_errors.append(say(refused.message))
        return _page(form), 403
    start_session(person)
    kept = kept_form(form.kept.data) if form.kept.data else None
    if kept is None:
        return redirect(_onward(), 303)
    if kept.person and kept.person != person.id:
        flash(_("上次填写的内容属于另一账号，没有显示"), "warning")
        return redirect(_onward(), 303)
    return render_template("auth/resume.html", kept=kept, refusal=None)


def _checked(login: str, password: str) -> Viewer:
    config = huhang().config
    lock = LockRule(config.lock_after, config.lock_minutes)
    signed_in = authenticate(ctx_of_nobody(), login, password, visitor_address(), lock=lock)
    user = user_for_session(ctx_of_nobody(), signed_in.id)
    if user is None or (user.demo and not demonstrates()):
        raise NotPermitted(Message(ONLY_HERE))
    return Viewer.of(user)


def _onward() -> str:
    return same_site(request.args.get("next")) or first_room_url()


def _page(form: SignInForm, *, expired: bool = False) -> str:
    demo = demo_people(ctx_of_nobody()) if demonstrates() else None
    return render_template(
        "auth/sign_in.html",
        form=form,
        expired=expired,
        next_path=same_site(request.args.get("next")),
        demo=demo,
    )


@blueprint.record
def offer_page(state: BlueprintSetupState) -> None:
    """Lend the sign-in page to what refuses people in every room."""
    sign_in_page_is(state.app, page_for_ended_session)


def page_for_ended_session(kept: str) -> str:
    """Return the sign-in page for somebody whose session has ended; `kept` is the sealed form, or ''."""
    form = SignInForm(formdata=None)
    form.kept.data = kept
    return _page(form, expired=True)


def visitor_address() -> str:
    """Return the address the request came from: behind a proxy on this machine the one the proxy saw."""
    address = request.remote_addr or ""
    forwarded = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
    return forwarded if forwarded and is_loopback(address) else address


def is_loopback(address: str) -> bool:
    """Return whether an address is this machine's own."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def demonstrates() -> bool:
    """Return whether demonstration accounts may be offered: a demo database, asked from and as this machine."""
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    return huhang().demo and is_loopback(visitor_address()) and host in LOOPBACK_NAMES
