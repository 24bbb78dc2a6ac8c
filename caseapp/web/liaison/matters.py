"""Sending a matter to an enforcing organ from the liaisons' room: 检察意见 after non-prosecution, and the like."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from caseapp.domain.errors import ActionRefused, InputError, InputErrors, RuleRefused
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.workflow.definition import Action
from caseapp.domain.workflow.referrals import REVERSE
from caseapp.queries.matters import matter_choices
from caseapp.queries.next_steps import obstacles_of
from caseapp.services import matter_send
from caseapp.services.matter_send import MatterDraft
from caseapp.web.liaison.room import blueprint
from caseapp.web.liaison.sending import FilesForm, Refused, kept_files
from caseapp.web.shared.context import ctx
from caseapp.web.shared.fields import AtMost, Filled, LineField, OneOfField, SomeOfField, offered
from caseapp.web.shared.forms import action_form, field_values, start_values
from caseapp.web.shared.guard import allow
from caseapp.web.shared.labels import choices
from caseapp.web.shared.language import say

_OF_THE_HOUSE = ("authority_organ", "paper_ref")
"""Fields of the act that say whose matter it is: the sender is the reader's own organ."""


class MatterForm(FilesForm):
    """What the act asks, and to whom it goes, whom it is about, what comes along."""

    from_matter = OneOfField(
        lazy_gettext("出自贵机关收到的案件"), description=lazy_gettext("不出自已收到的案件的，不选")
    )
    organ = OneOfField(
        lazy_gettext("接收的行政执法机关"), description=lazy_gettext("出自已收到的案件的，送交该案的移送机关，不必填写")
    )
    respondent = LineField(lazy_gettext("当事人"), validators=[Filled(), AtMost(200)])
    respondent_kind = OneOfField(lazy_gettext("当事人类别"), validators=[Filled()], default="organisation", radio=True)
    ip_types = SomeOfField(lazy_gettext("权利类型"), validators=[Filled()])

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        known = matter_choices(ctx())
        self.organ.choices = offered([("", _("请选择")), *((organ, say(name)) for organ, name in known.organs)])
        self.from_matter.choices = offered(
            [("", _("不出自已收到的案件")), *((one, say(name)) for one, name in known.matters)]
        )
        self.respondent_kind.choices = offered(choices("party_kind"))
        self.ip_types.choices = offered(choices("ip_type"))


@blueprint.get("/referrals/new", endpoint="new_matter")
@allow(Permission.REFERRAL_OPEN)
def show_matter() -> str:
    """Show the form of a matter that the reader's organ sends."""
    form = _form()(formdata=None, data=start_values(_act(), {}))
    form.prepare(0)
    return _show(form)


@blueprint.post("/referrals/new")
@allow(Permission.REFERRAL_OPEN)
def send_matter() -> ResponseReturnValue:
    """Send the matter, or say what stands in the way."""
    form = _form()()
    if not form.validate_on_submit():
        return _show(form), 422
    draft = MatterDraft(
        fields=field_values(form),
        organ=form.organ.data or "",
        from_matter=form.from_matter.data or "",
        ip_types=tuple(form.ip_types.data or ()),
        respondent=form.respondent.data or "",
        respondent_kind=form.respondent_kind.data,
    )
    try:
        files = kept_files(form)
        sent = matter_send.send(ctx(), draft, files=files, idempotency_key=form.submission_key)
    except (InputError, InputErrors) as error:
        form.place_errors(error)
        return _show(form), 422
    except RuleRefused as refused:
        unmet = obstacles_of(refused.unmet, {}) if isinstance(refused, ActionRefused) else ()
        return _show(form, Refused(refused.message, unmet)), 409
    if sent.packed:
        flash(_("已登记。对方机关在另一网络办案，请下载数据包送交对方"), "success")
    else:
        flash(_("已移送，对方签收和处理的情况在本页查看"), "success")
    return redirect(url_for("liaison.referral", proceeding_id=sent.proceeding), 303)


def _act() -> Action:
    """Return the act with the fields that the sender fills in."""
    action = ctx().law.procedures.get(REVERSE).action(matter_send.SEND)
    assert action is not None
    return replace(action, fields=tuple(field for field in action.fields if field.id not in _OF_THE_HOUSE))


def _form() -> type[MatterForm]:
    made = action_form(_act(), staff=(), on=ctx().today())
    return cast("type[MatterForm]", type("SentMatterForm", (MatterForm, made), {}))


def _show(form: MatterForm, refused: Refused | None = None) -> str:
    return render_template(
        "liaison/new_matter.html", form=form, action=_act(), refused=refused, sent=request.method == "POST"
    )
