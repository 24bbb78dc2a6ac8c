"""The masked copy of a decision for publication: side by side with the original, more hidden by hand, then issued."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from caseapp.domain.errors import InputErrors
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.case_images import load
from caseapp.queries.visibility import require_visible
from caseapp.services import masked_copy_issue
from caseapp.services.access_log import note_read
from caseapp.services.masked_copy_issue import MaskedDraft
from caseapp.web.officer.papers import pdf_response
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.forms import AtMost, PassageField, WriteForm
from caseapp.web.shared.guard import allow

SHOW, GROUND = "show-", "ground-"
ADDRESS = "/cases/<case_id>/documents/<document_id>/masked"


class MaskForm(WriteForm):
    """What is hidden beyond the rule; masks that are not applied are asked one by one, each with its ground."""

    extra = PassageField(
        lazy_gettext("另外隐去的文字"),
        [AtMost(4000)],
        description=lazy_gettext("一行一处，照决定书中的原文填写；出现的地方全部以 *** 代替"),
    )

    @property
    def passages(self) -> list[str]:
        """Return the passages to hide."""
        return [line.strip() for line in (self.extra.data or "").splitlines() if line.strip()]


@blueprint.get(ADDRESS)
@allow(Permission.DOCUMENT_ISSUE)
def masked_copy(case_id: str, document_id: str) -> str:
    """Show what the rule hides, side by side."""
    _enter(case_id)
    form = MaskForm(formdata=None)
    form.prepare(0)
    return _page(case_id, document_id, masked_copy_issue.draft(ctx(), case_id, document_id), form)


@blueprint.post(ADDRESS)
@allow(Permission.DOCUMENT_ISSUE)
def issue_masked_copy(case_id: str, document_id: str) -> ResponseReturnValue:
    """Show the copy with what was changed, or issue it."""
    _enter(case_id)
    form = MaskForm()
    plain = masked_copy_issue.draft(ctx(), case_id, document_id)
    if not form.validate_on_submit():
        return _page(case_id, document_id, plain, form), 422
    try:
        if request.form.get("step") == "issue":
            masked_copy_issue.issue(
                ctx(), case_id, document_id, extra=form.passages, shown=_shown(), idempotency_key=form.submission_key
            )
            flash(_("公示文本已制发"), "success")
            return redirect(url_for("officer.case_page", case_id=case_id, tab="documents"), 303)
        made = masked_copy_issue.draft(ctx(), case_id, document_id, extra=form.passages, shown=_shown())
    except InputErrors as error:
        form.place_errors(error)
        return _page(case_id, document_id, plain, form), 422
    return _page(case_id, document_id, made, form)


@blueprint.post(f"{ADDRESS}/draft.pdf")
@allow(Permission.DOCUMENT_ISSUE)
def masked_copy_pdf(case_id: str, document_id: str) -> Response:
    """Show the draft as it will be printed."""
    _enter(case_id)
    content = masked_copy_issue.draft_pdf(ctx(), case_id, document_id, extra=MaskForm().passages, shown=_shown())
    return pdf_response(content, "masked.pdf")


def _enter(case_id: str) -> None:
    require_visible(ctx(), case_id)
    note_read(ctx(), case_id, "document")


def _shown() -> Mapping[str, str]:
    """Return the masks that are not to be applied, with their grounds."""
    keys = [name.removeprefix(SHOW) for name in request.form if name.startswith(SHOW)]
    return {key: request.form.get(f"{GROUND}{key}", "").strip() for key in keys}


def _page(case_id: str, document_id: str, made: MaskedDraft, form: MaskForm) -> str:
    return render_template(
        "officer/masked_copy.html",
        case=load(ctx(), case_id).image,
        document_id=document_id,
        draft=made,
        form=form,
        shown=_shown(),
    )
