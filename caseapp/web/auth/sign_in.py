"""Signing in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from caseapp.domain.errors import N_, Message, NotPermitted
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.demonstration import demo_people
from caseapp.queries.kept_forms import kept_form
from caseapp.queries.users import user_for_session
from caseapp.services.attempts import LockRule
from caseapp.services.second_factor import pass_second_factor
from caseapp.services.sign_in import authenticate
from caseapp.web.auth.forms import CodeForm, SignInAsForm, SignInForm
from caseapp.web.auth.room import blueprint
from caseapp.web.shared.context import Viewer, ctx_of_nobody, huhang
from caseapp.web.shared.guard import allow, public
from caseapp.web.shared.language import say
from caseapp.web.shared.login import end_session, now, same_site, start_session
from caseapp.web.shared.navigation import first_room_url
from caseapp.web.shared.outlived import sign_in_page_is, way_back
from caseapp.web.shared.visitors import asked_as_this_machine, is_loopback, travels_in_clear, visitor_address

ONLY_HERE = N_("演示账号只能在本机的演示数据库中使用")
_PENDING = "pending"
PENDING_SECONDS = 300
"""How long a right password waits for its code."""


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
        shown = authenticate(ctx_of_nobody(), login, password, visitor_address(), lock=lock_rule())
        person = _person(shown.id)
    except NotPermitted as refused:
        form.form_errors.append(say(refused.message))
        return _page(form), 403
    if shown.second_factor:
        session[_PENDING] = {"id": shown.id, "epoch": shown.session_epoch, "at": int(now().timestamp())}
        target = same_site(request.args.get("next")) or None
        return redirect(url_for("auth.sign_in_code", next=target, kept=form.kept.data or None), 303)
    start_session(person)
    return _welcome(person, form.kept.data or "")


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@public
def sign_in_code() -> ResponseReturnValue:
    """Ask who has shown the right password for the code of the second factor."""
    waiting = _waiting()
    if waiting is None:
        flash(_("请重新输入用户名和密码"), "warning")
        return redirect(url_for("auth.sign_in", next=same_site(request.args.get("next")) or None), 303)
    form = CodeForm()
    if not form.validate_on_submit():
        if not form.is_submitted():
            form.kept.data = request.args.get("kept", "")
        return _code_page(form), 422 if form.is_submitted() else 200
    try:
        pass_second_factor(ctx_of_nobody(), waiting["id"], form.code.data or "", visitor_address(), lock=lock_rule())
        person = _person(waiting["id"])
    except NotPermitted as refused:
        form.form_errors.append(say(refused.message))
        return _code_page(form), 403
    start_session(replace(person, session_epoch=waiting["epoch"]))
    return _welcome(person, form.kept.data or "")


def _waiting() -> Mapping[str, Any] | None:
    """Return who has shown the right password a moment ago, or None."""
    waiting: Mapping[str, Any] | None = session.get(_PENDING)
    if waiting is None or int(now().timestamp()) - int(waiting["at"]) > PENDING_SECONDS:
        return None
    return waiting


def _code_page(form: CodeForm) -> str:
    return render_template("auth/sign_in_code.html", form=form, next_path=same_site(request.args.get("next")))


def _welcome(person: Viewer, name: str) -> ResponseReturnValue:
    """Lead somebody who has just signed in onward, or back to the form that outlived the session before."""
    if not name:
        return redirect(_onward(), 303)
    form = kept_form(ctx_of_nobody().acting_as(person.actor), name)
    if form is None:
        flash(_("上次填写的内容属于另一账号或者已过期，没有显示"), "warning")
        return redirect(_onward(), 303)
    return redirect(way_back(form), 303)


def lock_rule() -> LockRule:
    """Return after how many failures an account locks here, and for how long."""
    policy = huhang().security
    return LockRule(policy.lock_after, policy.lock_minutes)


def _person(user_id: str) -> Viewer:
    user = user_for_session(ctx_of_nobody(), user_id)
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
        in_clear=travels_in_clear(),
    )


@blueprint.record
def offer_page(state: BlueprintSetupState) -> None:
    """Lend the sign-in page to what refuses people in every room."""
    sign_in_page_is(state.app, page_for_ended_session)


def page_for_ended_session(kept: str) -> str:
    """Return the sign-in page for somebody whose session has ended; `kept` is the name of the kept form, or ''."""
    form = SignInForm(formdata=None)
    form.kept.data = kept
    return _page(form, expired=True)


def demonstrates() -> bool:
    """Return whether demonstration accounts may be offered: a demo database, asked from and as this machine."""
    return huhang().demo and is_loopback(visitor_address()) and asked_as_this_machine()
