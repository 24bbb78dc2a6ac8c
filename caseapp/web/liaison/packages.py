"""Packages in the liaisons' room: what came on a disk is taken in, what was done here is given out."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.package_house import refused_packages
from caseapp.queries.package_page import case_of_shared, opened_by
from caseapp.services import package_file, package_send
from caseapp.services.package_answer import is_received
from caseapp.web.liaison.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow
from caseapp.web.shared.packages import (
    PackageForm,
    fresh_form,
    package_response,
    refusal_response,
    taken_in,
    tell_reception,
    verifier_response,
    verifier_sha256,
)
from caseapp.web.shared.uploads import takes_files


@blueprint.route("/referrals/packages", methods=["GET", "POST"])
@allow(Permission.REFERRAL_ANSWER)
@takes_files
def packages() -> ResponseReturnValue:
    """Take in a file of another organ, or say beside the field what is wrong with it."""
    if request.method == "GET":
        return _page(fresh_form())
    form = PackageForm()
    found = taken_in(form)
    if found is None:
        return _page(form), 422
    tell_reception(found)
    if found.status == "held" or found.made_here:
        return redirect(url_for("liaison.inbox"), 303)
    return redirect(url_for("liaison.referral", proceeding_id=opened_by(ctx(), found.matter)), 303)


@blueprint.post("/referrals/<matter_id>/package")
@allow(Permission.REFERRAL_ANSWER)
def give_out_package(matter_id: str) -> Response:
    """Give out our next step as a file, else the receipt of what came; of a case of this house what was sent to us."""
    step = request.form.get("step", "")
    sequence = int(step) if step.isascii() and step.isdigit() else None
    if is_received(ctx(), matter_id):
        return package_response(package_send.package_of_matter(ctx(), matter_id, sequence=sequence))
    case_id = case_of_shared(ctx(), matter_id)
    return package_response(package_send.package_of_case(ctx(), case_id, to=ctx().actor.organ, sequence=sequence))


@blueprint.get("/referrals/refusals/<digest>.zip")
@allow(Permission.REFERRAL_ANSWER)
def refusal(digest: str) -> Response:
    """Give out why a package was refused, as a file that travels back."""
    return refusal_response(digest)


@blueprint.get("/referrals/<matter_id>/files/<path:item>")
@allow(Permission.REFERRAL_READ)
def package_item(matter_id: str, item: str) -> Response:
    """Give out a file that came along. raises NotFound before the receipt is signed"""
    content, media, name = package_file.file_of(ctx(), matter_id, item)
    response = make_response(content)
    response.mimetype = media
    shown = "inline" if media == "application/pdf" else "attachment"
    response.headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/referrals/package-verifier.py")
@allow(Permission.REFERRAL_READ)
def package_verifier() -> Response:
    """Give out the program that checks packages without this system."""
    return verifier_response()


def _page(form: PackageForm) -> str:
    refused = refused_packages(ctx())
    return render_template("liaison/packages.html", form=form, refused=refused, sha256=verifier_sha256())
