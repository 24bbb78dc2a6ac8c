"""One request: the paper to be signed beside the facts, and the signature."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from caseapp.domain.errors import InputError
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.inbox import Paper, inbox
from caseapp.queries.inbox import paper as paper_of
from caseapp.queries.letterheads import phrases_for
from caseapp.services import case_approve, document_issue
from caseapp.services.access_log import note_read
from caseapp.web.approver import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.forms import AtMost, OneOfField, PassageField, WriteForm
from caseapp.web.shared.guard import allow

USUAL_OPINIONS = (
    lazy_gettext("同意。"),
    lazy_gettext("同意承办人意见。"),
    lazy_gettext("事实清楚，证据确凿，程序合法，同意。"),
    lazy_gettext("请补充证据后再报。"),
    lazy_gettext("适用依据需要更正，退回修改。"),
)


class SignForm(WriteForm):
    """An opinion and a verdict."""

    opinion = PassageField(lazy_gettext("意见"), validators=[AtMost(case_approve.LONGEST_OPINION)])
    verdict = OneOfField(
        lazy_gettext("结论"), choices=[("signed", lazy_gettext("同意")), ("returned", lazy_gettext("退回修改"))]
    )


@blueprint.get("/approvals/<approval_id>")
@allow(Permission.APPROVAL_LIST)
def paper(approval_id: str) -> str:
    """Show one request."""
    shown = paper_of(ctx(), approval_id)
    note_read(ctx(), shown.case.id, "approval")
    form = SignForm()
    form.prepare(shown.case.version)
    return _page(shown, form)


@blueprint.post("/approvals/<approval_id>")
@allow(Permission.APPROVAL_SIGN)
def sign(approval_id: str) -> ResponseReturnValue:
    """Sign the step, or return the request."""
    shown = paper_of(ctx(), approval_id)
    form = SignForm()
    if not form.validate_on_submit():
        return _page(shown, form), 422
    try:
        outcome = case_approve.sign(
            ctx(),
            approval_id,
            verdict=form.verdict.data or "",
            opinion=form.opinion.data or "",
            seen_version=form.version_seen,
            idempotency_key=form.submission_key,
        )
    except InputError as error:
        form.place_errors(error)
        return _page(shown, form), 422
    flash(_after(outcome.status), "warning" if outcome.status == "void" else "success")
    return redirect(_next(), 303)


@blueprint.get("/approvals/<approval_id>/papers/<type_id>.pdf")
@allow(Permission.APPROVAL_LIST)
def draft(approval_id: str, type_id: str) -> Response:
    """Show the draft of a paper that will be issued, as a PDF with a watermark."""
    shown = paper_of(ctx(), approval_id)
    content = document_issue.preview_pdf(
        ctx(), shown.case.id, shown.request.proceeding, shown.request.action, type_id, shown.request.fields
    )
    response = make_response(content)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = "inline"
    return response


def _page(shown: Paper, form: SignForm) -> str:
    return render_template(
        "approver/paper.html",
        paper=shown,
        form=form,
        phrases=phrases_for(ctx(), shown.case.organ, "approval") or USUAL_OPINIONS,
        today=ctx().today(),
    )


def _after(status: str) -> str:
    return {
        "acted": _("已签署，事项已生效"),
        "signed": _("已签署，转下一步骤"),
        "returned": _("已退回申请人修改"),
        "void": _("申请提出后案件事实有变化，本次申请作废，请申请人重新提出"),
    }[status]


def _next() -> str:
    """Return the next request that waits, else the inbox."""
    waiting = inbox(ctx()).papers
    return url_for("approver.paper", approval_id=waiting[0].approval) if waiting else url_for("approver.inbox")
