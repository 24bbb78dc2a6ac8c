"""The own second factor: enrolling a telephone, recovery codes, giving it up for another telephone."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from caseapp.domain.errors import InputError, NotPermitted
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.policies.security import needs_second_factor
from caseapp.queries.second_factors import enrolment, factor_state
from caseapp.services import second_factor as service
from caseapp.web.auth.forms import ShownCodeForm
from caseapp.web.auth.room import blueprint
from caseapp.web.auth.sign_in import lock_rule
from caseapp.web.shared.context import ctx, huhang, viewer_or_none
from caseapp.web.shared.guard import allow
from caseapp.web.shared.language import say
from caseapp.web.shared.login import must_enrol, start_session
from caseapp.web.shared.visitors import visitor_address


@blueprint.get("/account/second-factor")
@allow(Permission.ACCOUNT_OWN)
def second_factor() -> str:
    """Show how the person stands: nothing yet, a code to scan, or in force."""
    return _page(ShownCodeForm())


@blueprint.post("/account/second-factor")
@allow(Permission.ACCOUNT_OWN)
def second_factor_begin() -> ResponseReturnValue:
    """Make a new secret and show it."""
    service.begin_enrolment(ctx())
    return redirect(url_for("auth.second_factor"), 303)


@blueprint.get("/account/second-factor/code.svg")
@allow(Permission.ACCOUNT_OWN)
def second_factor_picture() -> Response:
    """Return the QR code of the secret that is being enrolled: a picture of its own, kept by no cache."""
    return Response(huhang().qr_svg(enrolment(ctx()).address), mimetype="image/svg+xml")


@blueprint.post("/account/second-factor/confirm")
@allow(Permission.ACCOUNT_OWN)
def second_factor_confirm() -> ResponseReturnValue:
    """Put the second factor in force and show the recovery codes: they are in this answer and nowhere else."""
    form = ShownCodeForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        codes = service.confirm_enrolment(ctx(), form.code.data or "")
    except InputError as wrong:
        form.place_errors(wrong)
        return _page(form), 422
    person = viewer_or_none()
    if person is not None:
        start_session(person)
    return render_template("auth/recovery_codes.html", codes=codes, is_new=True)


@blueprint.post("/account/second-factor/codes")
@allow(Permission.ACCOUNT_OWN)
def second_factor_codes() -> ResponseReturnValue:
    """Show new recovery codes against a right code."""
    form = ShownCodeForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        codes = service.renew_recovery_codes(ctx(), form.code.data or "", visitor_address(), lock=lock_rule())
    except (InputError, NotPermitted) as refused:
        return _refused(form, refused)
    return render_template("auth/recovery_codes.html", codes=codes, is_new=False)


@blueprint.post("/account/second-factor/give-up")
@allow(Permission.ACCOUNT_OWN)
def second_factor_give_up() -> ResponseReturnValue:
    """Take the second factor out of force against a right code."""
    form = ShownCodeForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        service.give_up_second_factor(ctx(), form.code.data or "", visitor_address(), lock=lock_rule())
    except (InputError, NotPermitted) as refused:
        return _refused(form, refused)
    flash(_("二次验证已停用；更换手机请在本页重新登记"), "success")
    return redirect(url_for("auth.second_factor"), 303)


def _refused(form: ShownCodeForm, refused: InputError | NotPermitted) -> ResponseReturnValue:
    if isinstance(refused, InputError):
        form.place_errors(refused)
        return _page(form), 422
    form.form_errors.append(say(refused.message))
    return _page(form), 403


def _page(form: ShownCodeForm) -> str:
    person = viewer_or_none()
    assert person is not None  # the guard let somebody in
    state = factor_state(ctx(), person.id)
    return render_template(
        "auth/second_factor.html",
        form=form,
        state=state,
        enrolment=enrolment(ctx()) if state.begun and state.confirmed_at is None else None,
        demanded=needs_second_factor(person.roles),
        locked_out=must_enrol(),
    )
