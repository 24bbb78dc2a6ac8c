"""证据: adding pieces from drag, camera or a folder, looking at one, describing it anew, withdrawing it, the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from caseapp.domain.documents import DocumentNotReady
from caseapp.domain.errors import ActionRefused, CaseAppError, InputError, InputErrors
from caseapp.domain.facts import CaseImage
from caseapp.domain.file_kinds import DRAWN, safe_name
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.case_images import LoadedCase, load
from caseapp.queries.evidence_page import open_cases, piece_line, why_not_change
from caseapp.queries.situations import people_of
from caseapp.queries.staff import staff_of
from caseapp.queries.visibility import require_visible
from caseapp.services import evidence_add, evidence_change, evidence_list, evidence_read
from caseapp.services.access_log import note_read
from caseapp.services.evidence_change import require_piece
from caseapp.web.officer.changes import open_for_change
from caseapp.web.officer.evidence_forms import RedescribeForm, UploadForm, WithdrawForm
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx, huhang
from caseapp.web.shared.guard import allow
from caseapp.web.shared.language import say
from caseapp.web.shared.uploads import takes_files


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file: reason '' where it was added."""

    name: str
    reason: str = ""
    number: int = 0
    url: str = ""


@blueprint.route("/cases/<case_id>/evidence/new", methods=["GET", "POST"])
@allow(Permission.EVIDENCE_CHANGE)
@takes_files
def add_evidence(case_id: str) -> ResponseReturnValue:
    """Add files. Every file gets its own answer: a bad one stops no other."""
    case = open_for_change(case_id)
    form = UploadForm()
    form.offer(case.image)
    if request.method == "GET":
        form.prepare(case.version)
        form.officers.data = list(case.image.officers)
        form.acquired_on.data = ctx().today()
        return _upload_page(case, form)
    files = [one for one in request.files.getlist("files") if one.filename]
    passed = form.validate_on_submit()
    if not files:
        form.files.errors = [_("请选择要附入的文件")]
    if not passed or not files:
        return _refused(case, form)
    if len(files) > 1:
        form.title.data = ""
    results = [_add_one(case_id, file, form, place) for place, file in enumerate(files)]
    if _wants_json():
        return jsonify(results=[_as_json(one) for one in results]), 200
    added = sum(1 for one in results if not one.reason)
    if added == len(results):
        flash(ngettext("已附入 %(num)s 份证据", "已附入 %(num)s 份证据", added), "success")
        return redirect(url_for("officer.case_page", case_id=case_id, tab="evidence"), 303)
    form.prepare(case.version)
    return _upload_page(case, form, results), 422


def _add_one(case_id: str, file: FileStorage, form: UploadForm, place: int) -> FileResult:
    name = file.filename or ""
    try:
        added = evidence_add.add(
            ctx(), case_id, file.stream, name, form.draft(), idempotency_key=f"{form.submission_key}:{place}"
        )
    except (InputError, InputErrors, ActionRefused) as error:
        return FileResult(safe_name(name), reason_of(error))
    return FileResult(
        safe_name(name),
        number=added.number,
        url=url_for("officer.piece", case_id=case_id, evidence_id=added.id),
    )


def reason_of(error: CaseAppError) -> str:
    """Return in one line everything that stands in the way."""
    if isinstance(error, InputErrors):
        return _("；").join(say(one.message) for one in error.errors)
    if isinstance(error, ActionRefused):
        parts = (f"{say(one.message)}{f'（{one.article}）' if one.article else ''}" for one in error.unmet)
        return _("；").join(parts)
    return say(error.message)


def _refused(case: LoadedCase, form: UploadForm) -> ResponseReturnValue:
    if _wants_json():
        return jsonify(errors=[message for _field, message in form.all_errors()]), 422
    return _upload_page(case, form), 422


def _as_json(result: FileResult) -> dict[str, object]:
    return {"name": result.name, "reason": result.reason, "number": result.number, "url": result.url}


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _upload_page(case: LoadedCase, form: UploadForm, results: list[FileResult] | None = None) -> str:
    return render_template(
        "officer/evidence_new.html",
        case=case.image,
        form=form,
        results=results or [],
        why_not=why_not_change(ctx(), case.image),
        most=huhang().config.evidence_megabytes,
    )


# --- one piece ------------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<case_id>/evidence/<evidence_id>")
@allow(Permission.EVIDENCE_READ)
def piece(case_id: str, evidence_id: str) -> str:
    """Show one piece: its picture or PDF, where it comes from, what it proves."""
    return _piece_page(_opened(case_id), evidence_id, _fresh(WithdrawForm))


def _opened(case_id: str) -> LoadedCase:
    require_visible(ctx(), case_id)
    note_read(ctx(), case_id, "evidence")
    return load(ctx(), case_id)


def _fresh(kind: type[WithdrawForm]) -> WithdrawForm:
    form = kind(formdata=None)
    form.prepare(0)
    return form


def _piece_page(case: LoadedCase, evidence_id: str, form: WithdrawForm) -> str:
    image = case.image
    line = piece_line(require_piece(image, evidence_id), _names(image))
    numbers = [one.id for one in image.evidence]
    place = numbers.index(evidence_id)
    pages = evidence_read.pages(ctx(), image.id, evidence_id) if line.preview in DRAWN else 0
    return render_template(
        "officer/evidence_piece.html",
        case=image,
        line=line,
        piece=line.piece,
        form=form,
        why_not=why_not_change(ctx(), image),
        before=numbers[place - 1] if place else "",
        after=numbers[place + 1] if place + 1 < len(numbers) else "",
        open_cases=open_cases(ctx(), image),
        pages=pages,
        page=min(max(request.args.get("page", 1, type=int), 1), max(pages, 1)),
    )


def _names(image: CaseImage) -> dict[str, str]:
    return {one.id: one.name for one in staff_of(ctx(), image.organ, people_of(image)).values()}


@blueprint.post("/cases/<case_id>/evidence/<evidence_id>/withdraw")
@allow(Permission.EVIDENCE_CHANGE)
def withdraw_evidence(case_id: str, evidence_id: str) -> ResponseReturnValue:
    """Take a piece back, with the reason."""
    case = _opened(case_id)
    form = WithdrawForm()
    if form.validate_on_submit():
        evidence_change.withdraw(ctx(), case_id, evidence_id, reason=form.reason.data or "")
        number = require_piece(case.image, evidence_id).number
        flash(_("证据 %(number)s 已撤回，仍列在案件中", number=number), "success")
        return redirect(url_for("officer.case_page", case_id=case_id, tab="evidence"), 303)
    return _piece_page(case, evidence_id, form), 422


@blueprint.route("/cases/<case_id>/evidence/<evidence_id>/edit", methods=["GET", "POST"])
@allow(Permission.EVIDENCE_CHANGE)
def describe_evidence(case_id: str, evidence_id: str) -> ResponseReturnValue:
    """Say something else about a piece; its file stays as it is."""
    case = open_for_change(case_id)
    found = require_piece(case.image, evidence_id)
    draft = evidence_change.draft_of(found)
    start: dict[str, Any] = {name: getattr(draft, name) for name in draft.__slots__}
    form = RedescribeForm(data={**start, "officers": list(draft.officers)})
    form.offer(case.image)
    if request.method == "GET":
        form.prepare(case.version)
        return _edit_page(case, evidence_id, form)
    if form.validate_on_submit():
        try:
            evidence_change.describe(ctx(), case_id, evidence_id, form.draft(), reason=form.reason.data or "")
        except (InputError, InputErrors) as error:
            form.place_errors(error)
        except ActionRefused as error:
            form.form_errors.append(reason_of(error))
        else:
            flash(_("证据说明已更改"), "success")
            return redirect(url_for("officer.piece", case_id=case_id, evidence_id=evidence_id), 303)
    return _edit_page(case, evidence_id, form), 422


def _edit_page(case: LoadedCase, evidence_id: str, form: RedescribeForm) -> str:
    return render_template(
        "officer/evidence_edit.html",
        case=case.image,
        piece=require_piece(case.image, evidence_id),
        form=form,
        why_not=why_not_change(ctx(), case.image),
    )


# --- the list -------------------------------------------------------------------------------------------------------


@blueprint.post("/cases/<case_id>/evidence/list")
@allow(Permission.DOCUMENT_ISSUE)
def list_evidence(case_id: str) -> ResponseReturnValue:
    """Issue the numbered list as a document."""
    require_visible(ctx(), case_id)
    try:
        evidence_list.issue(ctx(), case_id)
    except DocumentNotReady as error:
        flash(say(error.message), "danger")
        return redirect(url_for("officer.case_page", case_id=case_id, tab="evidence"), 303)
    flash(_("证据清单已生成，见“文书”"), "success")
    return redirect(url_for("officer.case_page", case_id=case_id, tab="documents"), 303)
