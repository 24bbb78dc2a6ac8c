"""Packages of a case: handed out and taken in where the other organ works on a network of its own."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp.domain.errors import NotFound
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.case_images import load
from caseapp.queries.package_house import house_packages, refused_packages
from caseapp.queries.package_page import case_packages
from caseapp.queries.visibility import require_visible
from caseapp.services import package_send
from caseapp.services.access_log import note_read
from caseapp.web.officer.room import blueprint
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
from caseapp.web.shared.paging import pager, pair_asked
from caseapp.web.shared.uploads import takes_files


@blueprint.get("/packages")
@allow(Permission.CASE_ACT)
def house_packages_page() -> str:
    """Show what went and came as files about any case of one's organ, and where one is taken in whose case is not known
    yet: 反向移送 begins with it.
    """
    return _house_page(fresh_form())


@blueprint.post("/packages")
@allow(Permission.CASE_ACT)
@takes_files
def take_in_any_package() -> ResponseReturnValue:
    """Take in a file of whatever case; who may see the case is led there."""
    form = PackageForm()
    found = taken_in(form)
    if found is None:
        return _house_page(form), 422
    tell_reception(found)
    try:
        require_visible(ctx(), found.case_id or "")
    except NotFound:
        return redirect(url_for("officer.house_packages_page"), 303)
    return redirect(url_for("officer.packages", case_id=found.case_id), 303)


@blueprint.get("/packages/refusals/<digest>.zip")
@allow(Permission.CASE_ACT)
def refusal(digest: str) -> Response:
    """Give out why a package was refused, as a file that travels back."""
    return refusal_response(digest)


@blueprint.get("/cases/<case_id>/packages")
@allow(Permission.CASE_READ)
def packages(case_id: str) -> str:
    """Show what went to other organs as files and what came back."""
    require_visible(ctx(), case_id)
    note_read(ctx(), case_id, "packages")
    return _page(case_id, fresh_form())


@blueprint.post("/cases/<case_id>/packages")
@allow(Permission.CASE_ACT)
@takes_files
def take_in_package(case_id: str) -> ResponseReturnValue:
    """Take in a file of the other organ, or say beside the field what is wrong with it."""
    require_visible(ctx(), case_id)
    form = PackageForm()
    found = taken_in(form)
    if found is None:
        return _page(case_id, form), 422
    tell_reception(found)
    return redirect(url_for("officer.packages", case_id=case_id), 303)


@blueprint.post("/cases/<case_id>/packages/next")
@allow(Permission.CASE_ACT)
def give_out_package(case_id: str) -> Response:
    """Give out the next step for an organ as a file, or a certain one again; every time is kept in the ledger."""
    require_visible(ctx(), case_id)
    step = request.form.get("step", "")
    sequence = int(step) if step.isascii() and step.isdigit() else None
    made = package_send.package_of_case(ctx(), case_id, to=request.form.get("to"), sequence=sequence)
    return package_response(made)


@blueprint.get("/cases/package-verifier.py")
@allow(Permission.CASE_READ)
def package_verifier() -> Response:
    """Give out the program that checks packages without this system."""
    return verifier_response()


def _house_page(form: PackageForm) -> str:
    found = house_packages(ctx(), after=pair_asked("after"), before=pair_asked("before"))
    return render_template(
        "officer/house_packages.html",
        found=found,
        refused=refused_packages(ctx()),
        pager=pager(len(found.lines), before=found.before, after=found.after),
        form=form,
        sha256=verifier_sha256(),
    )


def _page(case_id: str, form: PackageForm) -> str:
    case = load(ctx(), case_id)
    return render_template(
        "officer/packages.html",
        case=case.image,
        matters=case_packages(ctx(), case.image),
        form=form,
        sha256=verifier_sha256(),
    )
