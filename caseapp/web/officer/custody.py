"""物品: goods taken into custody, their moves, and who confirms them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from caseapp.domain.errors import N_, ActionRefused, InputError, InputErrors, Message, NotFound
from caseapp.domain.items import Item, Side
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.case_images import LoadedCase, load
from caseapp.queries.deputies import principals_of
from caseapp.queries.evidence_page import keeper_name, receipts_of, why_not_change
from caseapp.queries.kept_items import kept_items
from caseapp.queries.pending_moves import awaited_moves
from caseapp.queries.situations import people_of
from caseapp.queries.staff import staff_of
from caseapp.queries.visibility import require_custody_visible, require_visible
from caseapp.services import evidence_move
from caseapp.services.access_log import note_read
from caseapp.web.officer.changes import open_for_change
from caseapp.web.officer.evidence import reason_of
from caseapp.web.officer.evidence_forms import ItemForm, MoveForm
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.forms import WriteForm, offered
from caseapp.web.shared.guard import allow
from caseapp.web.shared.login import same_site


@blueprint.get("/custody")
@allow(Permission.EVIDENCE_CHANGE)
def my_custody() -> str:
    """Show everything I keep or somebody keeps for whom I stand in, in whatever case, and what waits for me."""
    lent = [(one.actor.name, kept_items(ctx(), one.actor.id)) for one in principals_of(ctx())]
    return render_template(
        "officer/my_custody.html",
        items=kept_items(ctx(), ctx().actor.id),
        lent=[(name, items) for name, items in lent if items],
        moves=awaited_moves(ctx()),
    )


@blueprint.route("/cases/<case_id>/items/new", methods=["GET", "POST"])
@allow(Permission.EVIDENCE_CHANGE)
def take_item(case_id: str) -> ResponseReturnValue:
    """Take goods into custody; whoever enters them is their keeper."""
    case = open_for_change(case_id)
    form = ItemForm()
    form.evidence.choices = offered(receipts_of(case.image))
    if request.method == "GET":
        form.prepare(case.version)
        form.taken_on.data = ctx().today()
        return _item_page(case, form)
    if form.validate_on_submit():
        try:
            evidence_move.take(ctx(), case_id, form.draft(), idempotency_key=form.submission_key)
        except (InputError, InputErrors, ActionRefused) as error:
            _place(form, error)
        else:
            flash(_("物品已收存，由您保管；需要交给他人的，请在下方办理移交"), "success")
            return redirect(_custody(case_id), 303)
    return _item_page(case, form), 422


def _item_page(case: LoadedCase, form: ItemForm) -> str:
    return render_template(
        "officer/item_new.html", case=case.image, form=form, why_not=why_not_change(ctx(), case.image)
    )


@blueprint.route("/cases/<case_id>/items/<item_id>/move", methods=["GET", "POST"])
@allow(Permission.EVIDENCE_CHANGE)
def move_item(case_id: str, item_id: str) -> ResponseReturnValue:
    """Ask for a move; it takes place when both sides have confirmed."""
    case = _with_goods(case_id)
    item = case.image.custody.item(item_id)
    if item is None or item.keeper is None:
        raise NotFound(Message(N_("案件中没有这件物品，或者它已不在保管中")))
    form = MoveForm()
    form.offer(case.image, item)
    if request.method == "GET":
        form.prepare(case.version)
        form.quantity.data = item.quantity
        return _move_page(case, item, form)
    if form.validate_on_submit():
        try:
            evidence_move.ask(ctx(), case_id, item_id, form.draft(), idempotency_key=form.submission_key)
        except (InputError, InputErrors, ActionRefused) as error:
            _place(form, error)
        else:
            flash(_("移交已提出，双方确认后生效"), "success")
            return redirect(_after(case_id), 303)
    return _move_page(case, item, form), 422


def _move_page(case: LoadedCase, item: Item, form: MoveForm) -> str:
    image = case.image
    names = {one.id: one.name for one in staff_of(ctx(), image.organ, people_of(image)).values()}
    return render_template(
        "officer/item_move.html", case=image, item=item, keeper=keeper_name(item.keeper, names), form=form
    )


@blueprint.post("/cases/<case_id>/moves/<move_id>/confirm")
@allow(Permission.EVIDENCE_CHANGE)
def confirm_move(case_id: str, move_id: str) -> ResponseReturnValue:
    """Confirm one side of a move."""
    require_custody_visible(ctx(), case_id)
    side = Side.GIVING if request.form.get("side") == Side.GIVING else Side.TAKING
    evidence_move.confirm(ctx(), case_id, move_id, side, receipt=request.form.get("receipt", ""))
    flash(_("已确认移出") if side is Side.GIVING else _("已确认接收"), "success")
    return redirect(same_site(request.form.get("back")) or _after(case_id), 303)


@blueprint.post("/cases/<case_id>/moves/<move_id>/refuse")
@allow(Permission.EVIDENCE_CHANGE)
def refuse_move(case_id: str, move_id: str) -> ResponseReturnValue:
    """Refuse a move, or take back one's own."""
    require_custody_visible(ctx(), case_id)
    evidence_move.call_off(ctx(), case_id, move_id, reason=request.form.get("reason", ""))
    flash(_("移交已取消，物品仍由原保管人保管"), "success")
    return redirect(_after(case_id), 303)


def _with_goods(case_id: str) -> LoadedCase:
    """Return a case in whose goods the person has a hand. raises NotFound"""
    require_custody_visible(ctx(), case_id)
    note_read(ctx(), case_id, "form")
    return load(ctx(), case_id)


def _after(case_id: str) -> str:
    """Return where to go on: the case, or where it is another organ's by now, one's own goods."""
    try:
        require_visible(ctx(), case_id)
    except NotFound:
        return url_for("officer.my_custody")
    return _custody(case_id)


def _custody(case_id: str) -> str:
    return url_for("officer.case_page", case_id=case_id, tab="evidence", _anchor="custody")


def _place(form: WriteForm, error: Any) -> None:
    if isinstance(error, ActionRefused):
        form.form_errors.append(reason_of(error))
        return
    errors = error.errors if isinstance(error, InputErrors) else (error,)
    form.place_errors(InputErrors([_renamed(one) for one in errors]))


def _renamed(error: InputError) -> InputError:
    """Return the error at the field of the form that fills in what the service calls otherwise."""
    return InputError({"taker": "to", "fate": "to"}.get(error.field, error.field), error.message)
