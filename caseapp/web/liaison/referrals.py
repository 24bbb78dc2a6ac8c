"""One referral: what is disclosed of it, the receipt in one step, every answer with its form."""

from __future__ import annotations

from typing import cast
from urllib.parse import quote
from uuid import uuid4

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from caseapp.domain.errors import ActionRefused, InputError, InputErrors, Message, NotFound, RuleRefused, StaleCase
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.workflow.definition import FieldKind
from caseapp.queries.case_images import entries_of
from caseapp.queries.next_steps import obstacles_of
from caseapp.queries.package_page import received_packages, shared_packages
from caseapp.queries.referral_desk import SharedOffer, SharedPage, judicial_organs, shared_action, shared_page
from caseapp.services import attachments, package_file, referral_answer
from caseapp.services.access_log import note_read
from caseapp.services.document_print import pdf_of
from caseapp.web.liaison.room import blueprint
from caseapp.web.liaison.sending import FilesForm, Refused, kept_files
from caseapp.web.shared.context import ctx
from caseapp.web.shared.forms import action_form, field_values, start_values
from caseapp.web.shared.guard import allow
from caseapp.web.shared.language import say

SIGNERS = ("receipt_signer", "goods_signer", "accepted_by")
"""Fields in which the person at the screen signs with his own name."""


@blueprint.get("/referrals/<proceeding_id>", endpoint="referral")
@allow(Permission.REFERRAL_READ)
def show(proceeding_id: str) -> str:
    """Show a referral as far as it is disclosed to the reader's organ."""
    page = shared_page(ctx(), proceeding_id)
    note_read(ctx(), page.case_id, "referral")
    files = received_packages(ctx(), proceeding_id) if page.received else shared_packages(ctx(), proceeding_id)
    return render_template("liaison/referral.html", page=page, packages=files, key=uuid4().hex, remark_key=uuid4().hex)


@blueprint.get("/referrals/<proceeding_id>/documents/<document_id>.pdf")
@allow(Permission.REFERRAL_READ)
def referral_document(proceeding_id: str, document_id: str) -> Response:
    """Show a document that was sent along. raises NotFound for any other"""
    page = shared_page(ctx(), proceeding_id)
    if document_id not in {paper.id for paper in page.papers}:
        raise NotFound(Message(_("没有这份文书")))
    if page.received:
        content, name = package_file.paper_of(ctx(), proceeding_id, document_id)
    else:
        note_read(ctx(), page.case_id, "referral")
        content, name = pdf_of(ctx(), document_id)
    response = make_response(content)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f"inline; filename=\"document.pdf\"; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/referrals/<proceeding_id>/files/<int:seq>/<sha256>")
@allow(Permission.REFERRAL_READ)
def referral_file(proceeding_id: str, seq: int, sha256: str) -> Response:
    """Show a file that came with an act. raises NotFound for one that is not disclosed to the reader's organ"""
    page = shared_page(ctx(), proceeding_id)
    if not any(act.seq == seq and sha256 in {file.sha256 for file in act.files} for act in page.acts):
        raise NotFound(Message(_("没有这份文件")))
    if page.received:
        content, media, name = package_file.attached_of(ctx(), proceeding_id, seq, sha256)
    else:
        note_read(ctx(), page.case_id, "referral")
        content, media, name = attachments.content_of(ctx(), entries_of(ctx(), page.case_id), seq, sha256)
    response = make_response(content)
    response.mimetype = media
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/referrals/<proceeding_id>/acts/<action_id>", endpoint="answer")
@allow(Permission.REFERRAL_ANSWER)
def show_form(proceeding_id: str, action_id: str) -> str:
    """Show the form of an answer."""
    page, offer = shared_action(ctx(), proceeding_id, action_id)
    fresh = start_values(offer.action, {})
    for field in offer.action.fields:
        if field.id in SIGNERS:
            fresh[field.id] = ctx().actor.name
        if field.kind is FieldKind.DATE and field.required:
            fresh[field.id] = ctx().today()
    form = _form(offer)(formdata=None, data=fresh)
    form.prepare(page.seen)
    return _show(page, offer, form)


@blueprint.post("/referrals/<proceeding_id>/acts/<action_id>")
@allow(Permission.REFERRAL_ANSWER)
def send_form(proceeding_id: str, action_id: str) -> ResponseReturnValue:
    """Take the act, or say what stands in the way."""
    page, offer = shared_action(ctx(), proceeding_id, action_id)
    form = _form(offer)()
    if not form.validate_on_submit():
        return _show(page, offer, form), 422
    try:
        referral_answer.answer(
            ctx(),
            proceeding_id,
            action_id,
            field_values(form),
            seen_acts=form.version_seen,
            files=kept_files(form),
            idempotency_key=form.submission_key,
        )
    except (InputError, InputErrors) as error:
        form.place_errors(error)
        return _show(page, offer, form), 422
    except StaleCase as stale:
        form.seen_version.data = str(stale.current)
        return _show(page, offer, form, Refused(stale.message, stale=True)), 409
    except RuleRefused as refused:
        unmet = obstacles_of(refused.unmet, {}) if isinstance(refused, ActionRefused) else ()
        return _show(page, offer, form, Refused(refused.message, unmet)), 409
    flash(_("“%(action)s”已办理", action=say(offer.action.name)), "success")
    return redirect(url_for("liaison.referral", proceeding_id=proceeding_id), 303)


def _form(offer: SharedOffer) -> type[FilesForm]:
    organs = [(organ, say(name)) for organ, name in judicial_organs(ctx())]
    made = action_form(offer.action, staff=(), on=ctx().today(), organs=organs)
    return cast("type[FilesForm]", type("AnswerForm", (FilesForm, made), {}))


def _show(page: SharedPage, offer: SharedOffer, form: FilesForm, refused: Refused | None = None) -> str:
    return render_template(
        "liaison/answer.html", page=page, offer=offer, action=offer.action, form=form, refused=refused,
        sent=request.method == "POST",
    )  # fmt: skip
