"""Keys with which organs sign packages: what is kept here, what is trusted; the security administrator changes it."""

from __future__ import annotations

import json

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf.file import FileField

from caseapp.domain.errors import InputError
from caseapp.domain.packages.keys import told
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.case_page import organ_name
from caseapp.queries.organ_tree import organ_choices
from caseapp.services import organ_keys
from caseapp.web.admin.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.forms import AtMost, Filled, Form, LineField, OneOfField, offered
from caseapp.web.shared.guard import allow
from caseapp.web.shared.language import say
from caseapp.web.shared.packages import verifier_sha256

MOST_BYTES = 1 << 20


class KeyForm(Form):
    """For which organ a key is made."""

    organ = OneOfField(lazy_gettext("在本系统办案的机关"), [Filled()])


class TrustForm(Form):
    """Public keys that another installation exported."""

    file = FileField(lazy_gettext("对方的公钥文件（.json）"))


class RevokeForm(Form):
    """Which key is taken back, and why."""

    key = LineField(lazy_gettext("密钥编号"), [Filled(), AtMost(40)])
    reason = LineField(lazy_gettext("撤销的理由"), [Filled(), AtMost(200)])


@blueprint.get("/admin/keys")
@allow(Permission.KEY_SEE)
def keys() -> str:
    """Show every key with its fingerprint."""
    return _page()


@blueprint.get("/admin/keys.json")
@allow(Permission.KEY_SEE)
def export_keys() -> Response:
    """Hand out our public keys, as other installations take them in."""
    own = [told(key) for key in organ_keys.ring(ctx()).own() if key.good]
    document = {"format": "huhang-keys-1", "keys": own}
    response = make_response(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = 'attachment; filename="huhang-keys.json"'
    return response


@blueprint.post("/admin/keys")
@allow(Permission.KEY_CHANGE)
def make_key() -> ResponseReturnValue:
    """Make the key of an organ."""
    form = _key_form(KeyForm())
    if not form.validate_on_submit():
        return _page(made=form), 422
    key, new = organ_keys.create(ctx(), form.organ.data or "")
    flash(_("密钥已生成：%(key)s", key=key.key) if new else _("该机关已有密钥：%(key)s", key=key.key), "success")
    return redirect(url_for("admin.keys"), 303)


@blueprint.post("/admin/keys/trust")
@allow(Permission.KEY_CHANGE)
def trust_key() -> ResponseReturnValue:
    """Trust the keys in a file; their fingerprints were compared by telephone."""
    form = TrustForm()
    if not form.validate_on_submit():
        return _page(trusted=form), 422
    try:
        content = form.file.data.read(MOST_BYTES) if form.file.data else b""
        done = organ_keys.trust(ctx(), _document(content))
    except InputError as error:
        form.place_errors(InputError("file", error.message))
        return _page(trusted=form), 422
    flash(_("已信任的密钥：%(keys)s", keys="、".join(key.key for key, _new in done)), "success")
    return redirect(url_for("admin.keys"), 303)


@blueprint.post("/admin/keys/revoke")
@allow(Permission.KEY_CHANGE)
def revoke_key() -> ResponseReturnValue:
    """Take back a key."""
    form = RevokeForm()
    if not form.validate_on_submit():
        return _page(revoked=form), 422
    try:
        gone = organ_keys.revoke(ctx(), (form.key.data or "").strip(), reason=form.reason.data or "")
    except InputError as error:
        form.place_errors(error)
        return _page(revoked=form), 422
    flash(_("密钥已撤销：%(key)s", key=gone.key), "success")
    return redirect(url_for("admin.keys"), 303)


def _document(content: bytes) -> object:
    try:
        return json.loads(content)
    except ValueError:
        raise InputError("file", _("公钥文件不能读取")) from None


def _key_form(form: KeyForm) -> KeyForm:
    pairs = [(organ, "\u3000" * depth + say(name)) for organ, name, depth in organ_choices(ctx())]
    form.organ.choices = offered([("", _("请选择")), *pairs])
    return form


def _page(*, made: KeyForm | None = None, trusted: TrustForm | None = None, revoked: RevokeForm | None = None) -> str:
    ring = organ_keys.ring(ctx())
    every = [(key, organ_name(ctx(), key.organ)) for key in (*ring.own(), *ring.trusted())]
    return render_template(
        "admin/keys.html",
        keys=every,
        sha256=verifier_sha256(),
        made=made or _key_form(KeyForm(formdata=None)),
        trusted=trusted or TrustForm(formdata=None),
        revoked=revoked or RevokeForm(formdata=None),
    )
