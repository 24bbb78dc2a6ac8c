"""What is left of a form that outlived its session and whose page cannot be opened any more."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.kept_forms import kept_form
from caseapp.services.kept_forms import drop_form
from caseapp.web.auth.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow
from caseapp.web.shared.typed_words import in_words


@blueprint.get("/kept/<name>")
@allow(Permission.ACCOUNT_OWN)
def resume(name: str) -> str:
    """Show what was typed, to be sent again or copied."""
    form = kept_form(ctx(), name)
    if form is None:
        raise NotFound(Message(N_("保留的内容已过期或者已丢弃")))
    return render_template("auth/resume.html", kept=form, said=in_words(form.path, form.fields), refusal=None)


@blueprint.post("/kept/<name>/drop")
@allow(Permission.ACCOUNT_OWN)
def drop_kept(name: str) -> ResponseReturnValue:
    """Forget what was typed."""
    drop_form(ctx(), name)
    flash(_("已丢弃"), "success")
    return redirect(url_for("auth.home"), 303)
