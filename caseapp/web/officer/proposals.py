"""提请并案、分案、移送: an officer asks the head of the organ for what that head alone decides."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from caseapp.domain.connections import TransferKind
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.case_images import LoadedCase
from caseapp.queries.timeline_items import TimelineItem
from caseapp.services import case_propose
from caseapp.web.officer.changes import carry_out, open_for_change
from caseapp.web.officer.connections import asked_case, asked_parts, asked_portion, merge_form, split_form
from caseapp.web.officer.room import blueprint
from caseapp.web.officer.transfers import send_form
from caseapp.web.shared.context import ctx
from caseapp.web.shared.forms import WriteForm
from caseapp.web.shared.guard import allow


@blueprint.route("/cases/<case_id>/propose/merge", methods=["GET", "POST"])
@allow(Permission.CASE_PROPOSE)
def propose_merge(case_id: str) -> ResponseReturnValue:
    """Ask for another case to be merged into this one."""
    case = open_for_change(case_id)
    form = merge_form(case)

    def ask() -> None:
        other = asked_case(form)
        open_for_change(other)
        case_propose.merge(
            ctx(),
            case_id,
            other,
            reason=form.reason.data or "",
            take=asked_parts(form),
            seen_version=form.version_seen,
            idempotency_key=form.submission_key,
        )

    return _asked(case, form, ask, "officer/merge_case.html")


@blueprint.route("/cases/<case_id>/propose/split", methods=["GET", "POST"])
@allow(Permission.CASE_PROPOSE)
def propose_split(case_id: str) -> ResponseReturnValue:
    """Ask for a new case to be split off."""
    case = open_for_change(case_id)
    form = split_form(case)

    def ask() -> None:
        case_propose.split(
            ctx(),
            case_id,
            asked_portion(form),
            title=form.title.data or "",
            reason=form.reason.data or "",
            seen_version=form.version_seen,
            idempotency_key=form.submission_key,
        )

    return _asked(case, form, ask, "officer/split_case.html")


@blueprint.route("/cases/<case_id>/propose/transfer", methods=["GET", "POST"])
@allow(Permission.CASE_PROPOSE)
def propose_transfer(case_id: str) -> ResponseReturnValue:
    """Ask for the case to be sent to another organ."""
    case = open_for_change(case_id)
    form = send_form(case)

    def ask() -> None:
        case_propose.transfer(
            ctx(),
            case_id,
            TransferKind(form.kind.data or ""),
            form.receiver.data or "",
            reason=form.reason.data or "",
            demands=form.demands.data or "",
            seen_version=form.version_seen,
            idempotency_key=form.submission_key,
        )

    return _asked(case, form, ask, "officer/send_case.html")


def _asked(case: LoadedCase, form: WriteForm, ask: Callable[[], None], template: str) -> ResponseReturnValue:
    page = partial(_page, template)
    if request.method == "GET":
        return page(case, form)
    if not form.validate_on_submit():
        return page(case, form), 422
    return carry_out(case, form, ask, page, _("已提请机关负责人决定"))


def _page(template: str, case: LoadedCase, form: WriteForm, changed: tuple[TimelineItem, ...] = ()) -> str:
    return render_template(template, case=case.image, form=form, changed=changed, proposing=True)
