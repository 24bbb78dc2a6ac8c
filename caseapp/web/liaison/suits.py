"""A court serves a complaint against a decision that it names by the paper in its hands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from caseapp.domain.errors import InputError, InputErrors, NotFound, RuleRefused
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.workflow.definition import Action
from caseapp.queries.matters import enforcing_organs
from caseapp.queries.visibility import is_court
from caseapp.services import suit_send
from caseapp.services.remedy_facts import REMEDY
from caseapp.services.suit_send import SuitDraft
from caseapp.web.liaison.room import blueprint
from caseapp.web.liaison.sending import FilesForm, Refused, kept_files
from caseapp.web.shared.context import ctx
from caseapp.web.shared.fields import AtMost, DayField, Filled, LineField, OneOfField, offered
from caseapp.web.shared.forms import action_form, field_values, start_values
from caseapp.web.shared.guard import allow
from caseapp.web.shared.language import say

_OF_THE_HOUSE = "court_organ"


class SuitForm(FilesForm):
    """What the act asks, and which decision it is about."""

    organ = OneOfField(lazy_gettext("作出决定的机关"), validators=[Filled()])
    number = LineField(lazy_gettext("决定书文号"), validators=[Filled(), AtMost(80)])
    decided_on = DayField(lazy_gettext("决定书日期"), validators=[Filled()])
    party = LineField(lazy_gettext("决定书所列当事人"), validators=[Filled(), AtMost(200)])

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        organs = [("", _("请选择")), *((organ, say(name)) for organ, name in enforcing_organs(ctx()))]
        self.organ.choices = offered(organs)


@blueprint.get("/suits/new", endpoint="new_suit")
@allow(Permission.REFERRAL_OPEN)
def show_suit() -> str:
    """Show the form of a complaint that the reader's court serves. raises NotFound where he is of no court"""
    _require_court()
    form = _form()(formdata=None, data=start_values(_act(), {}))
    form.prepare(0)
    return _show(form)


@blueprint.post("/suits/new")
@allow(Permission.REFERRAL_OPEN)
def send_suit() -> ResponseReturnValue:
    """Serve it, or say that it cannot be served this way, and never why."""
    _require_court()
    form = _form()()
    if not form.validate_on_submit() or form.decided_on.data is None:
        return _show(form), 422
    draft = SuitDraft(
        organ=form.organ.data or "",
        number=form.number.data or "",
        decided_on=form.decided_on.data,
        party=form.party.data or "",
        fields=field_values(form),
    )
    try:
        sent = suit_send.serve(ctx(), draft, files=kept_files(form), idempotency_key=form.submission_key)
    except (InputError, InputErrors) as error:
        form.place_errors(error)
        return _show(form), 422
    except RuleRefused as refused:
        return _show(form, Refused(refused.message)), 409
    flash(_("已送达，对方签收之日起计算应诉期限，签收情况在本页查看"), "success")
    return redirect(url_for("liaison.referral", proceeding_id=sent.proceeding), 303)


def _require_court() -> None:
    if not is_court(ctx()):
        raise NotFound(suit_send.NOT_A_COURT)


def _act() -> Action:
    """Return the act with the fields that the court fills in."""
    action = ctx().law.procedures.get(REMEDY).action(suit_send.SERVE)
    assert action is not None
    return replace(action, fields=tuple(field for field in action.fields if field.id != _OF_THE_HOUSE))


def _form() -> type[SuitForm]:
    made = action_form(_act(), staff=(), on=ctx().today())
    return cast("type[SuitForm]", type("ServedSuitForm", (SuitForm, made), {}))


def _show(form: SuitForm, refused: Refused | None = None) -> str:
    return render_template(
        "liaison/new_suit.html", form=form, action=_act(), refused=refused, sent=request.method == "POST"
    )
