"""代理: who stands in for whom in the organ, naming one, allowing it, taking it back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from caseapp.domain.errors import InputError, InputErrors, RuleRefused
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.roles import Role
from caseapp.queries.action_page import colleagues
from caseapp.queries.deputies import deputyships
from caseapp.queries.staff import staff_of
from caseapp.services import deputies as deputies_kept
from caseapp.web.officer.changes import REASON_LETTERS
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.forms import AtMost, DayField, Filled, Form, LineField, OneOfField, offered
from caseapp.web.shared.guard import allow


class DeputyForm(Form):
    """Who stands in, and from when to when."""

    principal = OneOfField(lazy_gettext("被代理人"), validators=[Filled()])
    deputy = OneOfField(lazy_gettext("代理人"), validators=[Filled()])
    first_on = DayField(lazy_gettext("自"), validators=[Filled()])
    last_on = DayField(lazy_gettext("至"), description=lazy_gettext("首尾两日都在代理期内"), validators=[Filled()])
    reason = LineField(lazy_gettext("原因"), validators=[Filled(), AtMost(REASON_LETTERS)])


@blueprint.route("/deputies", methods=["GET", "POST"])
@allow(Permission.DEPUTY_NAME)
def deputies() -> ResponseReturnValue:
    """Show the deputyships of the organ, and name a deputy."""
    form = _form()
    if request.method == "GET":
        return _page(form)
    first_on, last_on = form.first_on.data, form.last_on.data
    if not form.validate_on_submit() or first_on is None or last_on is None:
        return _page(form), 422
    try:
        deputies_kept.name_deputy(
            ctx(),
            form.principal.data or "",
            form.deputy.data or "",
            first_on=first_on,
            last_on=last_on,
            reason=form.reason.data or "",
        )
    except (InputError, InputErrors) as error:
        form.place_errors(error)
        return _page(form), 422
    except RuleRefused as error:
        form.place_errors(InputError("first_on", error.message))
        return _page(form), 422
    flash(_("代理已登记"), "success")
    return redirect(url_for("officer.deputies"), 303)


@blueprint.post("/deputies/<deputyship_id>/allow")
@allow(Permission.DEPUTY_NAME)
def allow_deputy(deputyship_id: str) -> ResponseReturnValue:
    """Give a leader's leave."""
    deputies_kept.allow_deputy(ctx(), deputyship_id)
    flash(_("已准许代理"), "success")
    return redirect(url_for("officer.deputies"), 303)


@blueprint.post("/deputies/<deputyship_id>/revoke")
@allow(Permission.DEPUTY_NAME)
def revoke_deputy(deputyship_id: str) -> ResponseReturnValue:
    """Take a deputyship back."""
    deputies_kept.revoke_deputy(ctx(), deputyship_id)
    flash(_("代理已收回"), "success")
    return redirect(url_for("officer.deputies"), 303)


def _form() -> DeputyForm:
    actor = ctx().actor
    form = DeputyForm(data={"principal": actor.id, "first_on": ctx().today()})
    people = [(one.id, one.name) for one in colleagues(actor.organ, staff_of(ctx(), actor.organ).values())]
    own = [(actor.id, _("我本人"))]
    others = [one for one in people if one[0] != actor.id]
    form.principal.choices = offered([*own, *(others if Role.LEADER in actor.roles else [])])
    form.deputy.choices = offered([("", _("请选择")), *people])
    return form


def _page(form: DeputyForm) -> str:
    return render_template(
        "officer/deputies.html",
        form=form,
        known=deputyships(ctx()),
        leads=Role.LEADER in ctx().actor.roles,
        me=ctx().actor.id,
    )
