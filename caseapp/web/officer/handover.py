"""在办工作: who holds what in the organ, assigning many cases at once, handing a colleague's work over."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from caseapp.domain.errors import N_, InputError, InputErrors, Message, NotFound
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.roles import Role
from caseapp.domain.workflow.situation import Officer
from caseapp.queries.action_page import colleagues
from caseapp.queries.holdings import Holdings, assignable, holdings_of, loads
from caseapp.queries.staff import staff_of
from caseapp.services import officer_handover
from caseapp.services.officer_handover import RowResult
from caseapp.web.officer.changes import REASON_LETTERS
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.forms import AtMost, Filled, Form, LineField, OneOfField, SomeOfField, offered, officer_label
from caseapp.web.shared.guard import allow

_INVESTIGATES = frozenset({Role.OFFICER, Role.SECTION_HEAD})
_TO = "to-"
"""Prefix of the field that names who takes over a case."""


class HandoverForm(Form):
    """Why, and who takes what is not said otherwise."""

    everyone = OneOfField(lazy_gettext("未单独选择的案件交给"))
    goods_to = OneOfField(
        lazy_gettext("保管的物品交给"),
        description=lazy_gettext("不选的，随案件交给各案的接办人员；不随案件交接的物品须在此选择"),
    )
    reason = LineField(lazy_gettext("原因"), validators=[Filled(), AtMost(REASON_LETTERS)])


class AssignManyForm(Form):
    """Who is put in charge of the cases ticked."""

    cases = SomeOfField(lazy_gettext("案件"), validators=[Filled()])
    lead = OneOfField(lazy_gettext("主办人员"), validators=[Filled()])
    second = OneOfField(lazy_gettext("协办人员"))
    reason = LineField(lazy_gettext("原因"), validators=[Filled(), AtMost(REASON_LETTERS)])


@blueprint.get("/handover")
@allow(Permission.HANDOVER_SEE)
def workload() -> str:
    """Show the work of every colleague in numbers."""
    return render_template("officer/workload.html", loads=loads(ctx()))


@blueprint.route("/handover/<user_id>", methods=["GET", "POST"])
@allow(Permission.HANDOVER_SEE)
def hand_over(user_id: str) -> ResponseReturnValue:
    """Show everything a colleague holds, and hand it to others."""
    person = staff_of(ctx(), "", [user_id]).get(user_id)
    if person is None or person.organ != ctx().actor.organ:
        raise NotFound(Message(N_("没有这一人员")))
    held = holdings_of(ctx(), person)
    form = HandoverForm()
    people = [(one.id, one.name) for one in _investigators() if one.id != user_id]
    form.everyone.choices = offered([("", _("不指定")), *people])
    form.goods_to.choices = offered([("", _("各案的接办人员")), *people])
    if request.method == "GET" or not form.validate_on_submit():
        return _hand_page(held, form, people), 200 if request.method == "GET" else 422
    plan = {}
    for case in held.cases:
        chosen = request.form.get(f"{_TO}{case.id}", "") or form.everyone.data or ""
        if chosen:
            plan[case.id] = chosen
    try:
        results = officer_handover.hand_over(
            ctx(), user_id, plan, reason=form.reason.data or "", goods_to=form.goods_to.data or ""
        )
    except (InputError, InputErrors) as error:
        form.place_errors(error)
        return _hand_page(held, form, people), 422
    return _report(_("工作交接结果"), results, held.person)


@blueprint.route("/handover/assign", methods=["GET", "POST"])
@allow(Permission.CASE_ASSIGN)
def assign_many() -> ResponseReturnValue:
    """Put officers in charge of many cases."""
    everything = request.args.get("all") == "1"
    cases = assignable(ctx(), unassigned=not everything)
    form = AssignManyForm()
    today = ctx().today()
    people = [(one.id, officer_label(one, today)) for one in _investigators()]
    form.cases.choices = offered([(one.id, one.number) for one in cases])
    form.lead.choices = offered([("", _("请选择")), *people])
    form.second.choices = offered([("", _("不指定")), *people])
    if request.method == "GET" or not form.validate_on_submit():
        page = render_template("officer/assign_many.html", form=form, cases=cases, everything=everything)
        return page, 200 if request.method == "GET" else 422
    officers = [one for one in (form.lead.data, form.second.data) if one]
    results = officer_handover.assign_many(
        ctx(), list(form.cases.data or ()), list(dict.fromkeys(officers)), reason=form.reason.data or ""
    )
    return _report(_("批量指派结果"), results, None)


def _investigators() -> list[Officer]:
    organ = ctx().actor.organ
    return [one for one in colleagues(organ, staff_of(ctx(), organ).values()) if one.roles & _INVESTIGATES]


def _hand_page(held: Holdings, form: HandoverForm, people: list[tuple[str, str]]) -> str:
    chosen = {case.id: request.form.get(f"{_TO}{case.id}", "") for case in held.cases}
    return render_template("officer/hand_over.html", held=held, form=form, people=people, chosen=chosen)


def _report(title: str, results: tuple[RowResult, ...], person: Officer | None) -> str:
    done = sum(row.done for row in results)
    return render_template(
        "officer/handover_report.html", title=title, results=results, done=done, person=person,
        refused=len(results) - done,
    )  # fmt: skip
