"""Choosing the language of the interface."""

from __future__ import annotations

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from caseapp.domain.errors import N_, InputError
from caseapp.services.sign_in import set_language as keep_language
from caseapp.web.auth.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import public
from caseapp.web.shared.language import LANGUAGES
from caseapp.web.shared.login import same_site


@blueprint.post("/language")
@public
def set_language() -> ResponseReturnValue:
    """Keep the choice in the session, and with the account of who is signed in."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise InputError("language", N_("没有这种语言"))
    session["language"] = chosen
    if current_user.is_authenticated:
        keep_language(ctx(), chosen)
    return redirect(same_site(request.form.get("next")) or url_for("auth.home"), 303)
