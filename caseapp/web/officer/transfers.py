"""移交: cases that go between organs. The list, one sending with its receipt, and the form that sends a case."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from caseapp.domain.connections import TransferKind
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.case_images import LoadedCase
from caseapp.queries.organ_transfers import VIEWS, counts, destinations, transfer_page, transfers, waiting_count
from caseapp.queries.timeline_items import TimelineItem
from caseapp.services import case_transfer, document_print
from caseapp.services.access_log import note_read
from caseapp.web.officer.changes import carry_out, open_for_change
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.forms import AtMost, Filled, OneOfField, PassageField, WriteForm, YesNoField, offered
from caseapp.web.shared.guard import allow
from caseapp.web.shared.labels import label
from caseapp.web.shared.language import say
from caseapp.web.shared.navigation import count_in_navigation


@blueprint.record_once
def _count_what_waits(state: BlueprintSetupState) -> None:
    count_in_navigation(state.app, "officer.transfers", lambda: waiting_count(ctx()))


_NAMES = {
    "waiting": lazy_gettext("待签收"),
    "disputes": lazy_gettext("管辖争议"),
    "sent": lazy_gettext("已发出"),
    "received": lazy_gettext("已签收、已退回"),
}


class SendForm(WriteForm):
    """Where a case goes, and why."""

    kind = OneOfField(lazy_gettext("方式"), validators=[Filled()])
    receiver = OneOfField(lazy_gettext("接收机关"), validators=[Filled()])
    reason = PassageField(lazy_gettext("理由"), validators=[Filled(), AtMost(case_transfer.LONGEST_REASON)])
    demands = PassageField(lazy_gettext("办理要求"), validators=[AtMost(case_transfer.LONGEST_REASON)])


class AnswerForm(WriteForm):
    """Why a case is returned or recalled."""

    reason = PassageField(lazy_gettext("理由"), validators=[Filled(), AtMost(case_transfer.LONGEST_REASON)])
    dispute = YesNoField(lazy_gettext("对管辖权有异议：自今日起在法定期限内协商，协商不成的报请共同的上一级机关"))


@blueprint.get("/transfers", endpoint="transfers")
@allow(Permission.TRANSFER_SEE)
def list_transfers() -> str:
    """Show what waits for receipt, what was sent, and disputes."""
    view = request.args.get("view", "waiting")
    view = view if view in VIEWS else "waiting"
    numbers = counts(ctx())
    tabs = [
        {"name": _NAMES[one], "url": url_for("officer.transfers", view=one), "active": one == view,
         "count": numbers[one]}
        for one in VIEWS
    ]  # fmt: skip
    return render_template("officer/transfers.html", lines=transfers(ctx(), view), view=view, tabs=tabs)


@blueprint.get("/transfers/<transfer_id>")
@allow(Permission.TRANSFER_SEE)
def transfer(transfer_id: str) -> str:
    """Show one sending."""
    form = AnswerForm(formdata=None)
    return _page(transfer_id, form)


@blueprint.get("/transfers/<transfer_id>/letter.pdf")
@allow(Permission.TRANSFER_SEE)
def transfer_letter(transfer_id: str) -> Response:
    """Show the letter that came with a case: its receiver reads it before the case is his own."""
    page = transfer_page(ctx(), transfer_id)
    if page.letter is None:
        raise NotFound(Message(N_("没有这份文书")))
    note_read(ctx(), page.case.id, "document")
    content, _name = document_print.pdf_of(ctx(), page.letter)
    response = make_response(content)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = "inline"
    return response


@blueprint.post("/transfers/<transfer_id>/receive")
@allow(Permission.TRANSFER_ANSWER)
def receive_transfer(transfer_id: str) -> ResponseReturnValue:
    """Sign for a case."""
    seen = request.form.get("seen_version", type=int)
    received = case_transfer.receive(ctx(), transfer_id, seen_version=seen)
    flash(_("已签收，本机关编号 %(number)s，请指派办案人员", number=received.number), "success")
    return redirect(url_for("officer.case_page", case_id=received.id), 303)


@blueprint.post("/transfers/<transfer_id>/return")
@allow(Permission.TRANSFER_ANSWER)
def return_transfer(transfer_id: str) -> ResponseReturnValue:
    """Send a case back with reasons."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return _page(transfer_id, form), 422
    case_transfer.give_back(
        ctx(),
        transfer_id,
        reason=form.reason.data or "",
        dispute=bool(form.dispute.data),
        seen_version=form.version_seen,
        idempotency_key=form.submission_key,
    )
    flash(_("已退回"), "success")
    return redirect(url_for("officer.transfers", view="received"), 303)


@blueprint.post("/transfers/<transfer_id>/recall")
@allow(Permission.TRANSFER_SEND)
def recall_transfer(transfer_id: str) -> ResponseReturnValue:
    """Take back what was not answered yet."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return _page(transfer_id, form), 422
    case_transfer.recall(
        ctx(),
        transfer_id,
        reason=form.reason.data or "",
        seen_version=form.version_seen,
        idempotency_key=form.submission_key,
    )
    flash(_("已撤回"), "success")
    return redirect(url_for("officer.transfers", view="sent"), 303)


@blueprint.post("/transfers/<transfer_id>/report")
@allow(Permission.TRANSFER_ANSWER)
def report_dispute(transfer_id: str) -> ResponseReturnValue:
    """Report a dispute to the common superior."""
    case_transfer.report(ctx(), transfer_id, seen_version=request.form.get("seen_version", type=int))
    flash(_("已报请共同的上级机关指定管辖"), "success")
    return redirect(url_for("officer.transfer", transfer_id=transfer_id), 303)


@blueprint.route("/cases/<case_id>/transfer", methods=["GET", "POST"])
@allow(Permission.TRANSFER_SEND)
def send_case(case_id: str) -> ResponseReturnValue:
    """Send a case to another organ."""
    case = open_for_change(case_id)
    form = send_form(case)
    if request.method == "GET":
        return _send_page(case, form)
    if not form.validate_on_submit():
        return _send_page(case, form), 422

    def send() -> None:
        case_transfer.send(
            ctx(),
            case_id,
            TransferKind(form.kind.data or ""),
            form.receiver.data or "",
            reason=form.reason.data or "",
            demands=form.demands.data or "",
            seen_version=form.version_seen,
            idempotency_key=form.submission_key,
        )

    return carry_out(case, form, send, _send_page, _("已发出，等候签收"), tab="documents")


def send_form(case: LoadedCase) -> SendForm:
    """Return the form as it was sent, or empty, with the ways and organs to choose from."""
    form = SendForm()
    ways = destinations(ctx(), case.image)
    form.kind.choices = offered([(kind, label(kind, "transfer_kind")) for kind in ways.kinds])
    form.receiver.choices = offered([("", _("请选择")), *((organ, say(name)) for organ, name in ways.organs)])
    if request.method == "GET":
        form.prepare(case.version)
        form.kind.data = ways.kinds[0] if ways.kinds else ""
    return form


def _send_page(case: LoadedCase, form: WriteForm, changed: tuple[TimelineItem, ...] = ()) -> str:
    return render_template("officer/send_case.html", case=case.image, form=form, changed=changed)


def _page(transfer_id: str, form: AnswerForm) -> str:
    page = transfer_page(ctx(), transfer_id)
    note_read(ctx(), page.case.id, "transfer")
    if not form.is_submitted():
        form.prepare(page.version)
    return render_template("officer/transfer.html", page=page, record=page.record, image=page.case, form=form)
