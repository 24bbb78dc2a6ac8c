"""Packages at the screen: taking in a file, giving one out, the program that checks them."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

from flask import Response, flash, make_response
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf.file import FileField

from caseapp.domain.errors import N_, CaseAppError, InputError, Message
from caseapp.services import organ_keys, package_refuse
from caseapp.services.package_receive import receive
from caseapp.services.package_reception import Reception
from caseapp.services.package_send import Package
from caseapp.web.shared.context import ctx, huhang
from caseapp.web.shared.forms import Form

ZIP = "application/zip"


class PackageForm(Form):
    """A package that came on a disk."""

    file = FileField(lazy_gettext("数据包文件（.zip）"))
    refusal = ""
    """By which the refusal of what was given in is given out, '' where none goes back."""


def fresh_form() -> PackageForm:
    """Return the form as it is shown first."""
    return PackageForm(formdata=None)


def taken_in(form: PackageForm) -> Reception | None:
    """Take in the file of a form for the reader's organ; None where it is refused: the form then says why."""
    if not form.validate_on_submit():
        return None
    if not form.file.data:
        form.place_errors(InputError("file", Message(N_("请选择数据包文件"))))
        return None
    most = huhang().config.evidence_megabytes << 20
    content = form.file.data.read(most + 1)
    if len(content) > most:
        form.place_errors(InputError("file", Message(N_("文件超过 %(most)s MB"), {"most": most >> 20})))
        return None
    try:
        found = receive(ctx(), content, organ=ctx().actor.organ)
    except CaseAppError as error:
        form.place_errors(InputError("file", error.message))
        return None
    for fault in found.faults:
        told = {"zh": fault.zh, "en": fault.en}
        text = Message(N_("%(what)s：%(why)s"), {"what": fault.item, "why": told}) if fault.item else None
        form.place_errors(InputError("file", text or Message(N_("数据包：%(why)s"), {"why": told})))
    form.refusal = found.refusal if found.receiver == ctx().actor.organ else ""
    return None if found.faults else found


def tell_reception(found: Reception) -> None:
    """Say what became of a package that was taken in."""
    if found.kind == "refusal":
        flash(_("对方未能接收所发的数据包，原因已记在往来数据包中"), "warning")
        return
    failed = [why for _number, _action, why in found.applied if why]
    if failed:
        flash(
            _("已接收，但对方所办事项未能办理：%(why)s。结果将随下一个数据包告知对方。", why="；".join(failed)),
            "warning",
        )
    elif found.status == "held":
        flash(_("已收下。它之前的一步还没有到，到达后自动办理。"), "warning")
    elif found.status == "unchanged":
        flash(_("这个数据包此前已经接收，没有变化"), "info")
    else:
        flash(_("数据包已接收"), "success")


def package_response(package: Package) -> Response:
    """Return a package as a file to be saved."""
    return _saved(package.content, ZIP, package.name)


def refusal_response(digest: str) -> Response:
    """Return the refusal of a package that was for the reader's organ, as a file. raises NotFound"""
    return package_response(package_refuse.refusal_of(ctx(), digest, organ=ctx().actor.organ))


def verifier_response() -> Response:
    """Return the program that checks packages without this system."""
    return _saved(organ_keys.seals(ctx()).verifier(), "text/x-python", "package_verifier.py")


def verifier_sha256() -> str:
    """Return the SHA-256 of that program: it is published once, beside the program and not with the packages."""
    return f"sha256:{hashlib.sha256(organ_keys.seals(ctx()).verifier()).hexdigest()}"


def _saved(content: bytes, media: str, name: str) -> Response:
    response = make_response(content)
    response.mimetype = media
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response
