"""The bound case file: asked for, followed, taken out; and scans of papers that were signed by hand."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf.file import FileField

from caseapp.domain.errors import InputError
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.bound_files import CaseFilePart, binding, case_file_part
from caseapp.queries.case_images import LoadedCase, entries_of, load
from caseapp.queries.issued_documents import require_document
from caseapp.queries.visibility import require_visible
from caseapp.services import attachments, case_file_request, document_scan
from caseapp.services.access_log import note_read
from caseapp.services.case_file_package import part_of
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.forms import WriteForm
from caseapp.web.shared.guard import allow

REASON = "reason-"


class BindForm(WriteForm):
    """The request to bind; why something is missing is asked in fields named by what is missing."""


class ScanForm(WriteForm):
    """A file from the scanner or the camera."""

    file = FileField(lazy_gettext("签名后的扫描件（PDF、JPEG、PNG）"))


@blueprint.get("/cases/<case_id>/file")
@allow(Permission.CASE_READ)
def case_file(case_id: str) -> str:
    """Show the case file: what is missing, how far the binding is, what can be opened."""
    case = _open(case_id)
    return _page(case, case_file_part(ctx(), case.image), _fresh())


@blueprint.get("/cases/<case_id>/file/progress")
@allow(Permission.CASE_READ)
def case_file_progress(case_id: str) -> str:
    """Show the card of the newest binding alone: the page asks for it again while the work goes on."""
    case = _open(case_id)
    return render_template("officer/_binding.html", case=case.image, part=case_file_part(ctx(), case.image))


@blueprint.post("/cases/<case_id>/file")
@allow(Permission.CASE_FILE_BIND)
def bind_file(case_id: str) -> ResponseReturnValue:
    """Ask for the file to be bound."""
    case = _open(case_id)
    form = BindForm()
    reasons = {name.removeprefix(REASON): text for name, text in request.form.items() if name.startswith(REASON)}
    if not form.validate_on_submit():
        return _page(case, case_file_part(ctx(), case.image), form), 422
    try:
        case_file_request.request(ctx(), case_id, reasons)
    except InputError as error:
        form.place_errors(error)
        return _page(case, case_file_part(ctx(), case.image), form), 422
    flash(_("正在装订，完成后在本页打开"), "success")
    return redirect(url_for("officer.case_file", case_id=case_id), 303)


@blueprint.get("/cases/<case_id>/file/<file_id>/<part>")
@allow(Permission.DOCUMENT_READ)
def case_file_download(case_id: str, file_id: str, part: str) -> Response:
    """Give out a volume, the list or the package; every time is kept in the ledger."""
    require_visible(ctx(), case_id)
    return file_response(*part_of(ctx(), case_id, binding(ctx(), case_id, file_id), part))


# --- scans ----------------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<case_id>/documents/<document_id>/scan")
@allow(Permission.DOCUMENT_READ)
def scan(case_id: str, document_id: str) -> Response:
    """Show the scan of a signed document."""
    require_visible(ctx(), case_id)
    note_read(ctx(), case_id, "document")
    return file_response(*document_scan.scan_of(ctx(), case_id, document_id))


@blueprint.get("/cases/<case_id>/acts/<int:seq>/files/<sha256>")
@allow(Permission.DOCUMENT_READ)
def act_file(case_id: str, seq: int, sha256: str) -> Response:
    """Show a file that another organ sent along with its act."""
    require_visible(ctx(), case_id)
    note_read(ctx(), case_id, "document")
    return file_response(*attachments.content_of(ctx(), entries_of(ctx(), case_id), seq, sha256))


@blueprint.route("/cases/<case_id>/documents/<document_id>/scan/new", methods=["GET", "POST"])
@allow(Permission.DOCUMENT_ISSUE)
def add_scan(case_id: str, document_id: str) -> ResponseReturnValue:
    """Take in the scan of a document that was signed on paper."""
    case = _open(case_id)
    require_document(ctx(), case_id, document_id)
    form = ScanForm()
    if request.method == "POST" and form.validate_on_submit():
        try:
            content = form.file.data.read(document_scan.MOST_BYTES + 1) if form.file.data else b""
            document_scan.attach(ctx(), case_id, document_id, content, idempotency_key=form.submission_key)
        except InputError as error:
            form.place_errors(error)
        else:
            flash(_("扫描件已上传"), "success")
            return redirect(url_for("officer.case_page", case_id=case_id, tab="documents"), 303)
    if request.method == "GET":
        form.prepare(case.version)
    record = next(item for item in case.image.documents if item.id == document_id)
    page = render_template("officer/scan.html", case=case.image, document=record, form=form)
    return page, 422 if request.method == "POST" else 200


def file_response(content: bytes, media: str, name: str) -> Response:
    """Return a stored file under its Chinese name; never kept by caches on the way, never taken for a page."""
    response = make_response(content)
    response.mimetype = media
    shown = "inline" if media != "application/zip" else "attachment"
    response.headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _open(case_id: str) -> LoadedCase:
    require_visible(ctx(), case_id)
    note_read(ctx(), case_id, "file")
    return load(ctx(), case_id)


def _fresh() -> BindForm:
    form = BindForm(formdata=None)
    form.prepare(0)
    return form


def _page(case: LoadedCase, part: CaseFilePart, form: BindForm) -> str:
    return render_template("officer/case_file.html", case=case.image, part=part, form=form, prefix=REASON)
