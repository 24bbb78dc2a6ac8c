"""The plan's indicators and the divisions' targets of a year, and the form by which numbers are entered."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.indicators import COMPUTED
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.plan_figures import plan_year
from caseapp.services.plan_number_enter import LONGEST_SOURCE, NumberDraft, NumberKind, enter
from caseapp.web.shared.context import ctx, huhang
from caseapp.web.shared.csv_files import csv_answer
from caseapp.web.shared.fields import LineField, OneOfField
from caseapp.web.shared.forms import AtMost, Filled, Form, offered
from caseapp.web.shared.guard import allow
from caseapp.web.shared.language import say
from caseapp.web.supervisor import blueprint

KINDS = {NumberKind.MEASURED: N_("实际值"), NumberKind.TARGET: N_("目标值")}


class NumberForm(Form):
    """A number of the plan."""

    kind = OneOfField(lazy_gettext("填报"), [Filled()])
    subject = OneOfField(lazy_gettext("指标"), [Filled()])
    division = OneOfField(lazy_gettext("区划"))
    value = LineField(lazy_gettext("数值"), [Filled(), AtMost(20)], render_kw={"inputmode": "decimal"})
    source = LineField(lazy_gettext("数据来源"), [Filled(), AtMost(LONGEST_SOURCE)])

    def offer(self) -> None:
        """Offer every indicator and every division of today."""
        law = huhang().law
        self.kind.choices = offered([(kind.value, _(words)) for kind, words in KINDS.items()])
        self.subject.choices = offered([(one.id, say(one.name)) for one in law.indicators])
        parts = law.divisions.parts(ctx().today())
        names = [(one.code, say(law.divisions.name(one.code))) for one in parts]
        self.division.choices = offered([("", _("全市")), *names])


@blueprint.get("/figures/plan", endpoint="plan")
@allow(Permission.FIGURE_SEE)
def show_plan() -> str:
    """Show the year's indicators and targets."""
    return _page(_year(), _form(NumberForm(formdata=None)))


@blueprint.post("/figures/plan", endpoint="plan_enter")
@allow(Permission.PLAN_ENTER)
def enter_number() -> ResponseReturnValue:
    """Enter a measured value or a target, or say what is wrong with it."""
    year = _year()
    form = _form(NumberForm())
    if not form.validate_on_submit():
        return _page(year, form), 422
    draft = NumberDraft(
        kind=form.kind.data or "",
        subject=form.subject.data or "",
        year=year,
        value=form.value.data or "",
        source=form.source.data or "",
        division=form.division.data or "",
    )
    try:
        enter(ctx(), draft)
    except InputError as error:
        form.place_errors(error)
        return _page(year, form), 422
    flash(_("已填报"), "success")
    return redirect(url_for("supervisor.plan", year=year), 303)


@blueprint.get("/figures/plan.csv")
@allow(Permission.FIGURE_EXPORT)
def plan_csv() -> ResponseReturnValue:
    """Hand the year's indicators and targets out."""
    found = plan_year(ctx(), _year())
    heads = [_("指标"), _("区划"), _("目标值"), _("实际值"), _("数据来源"), _("口径"), _("口径版本"), _("所知时刻")]
    known_at = found.figure.known_at.isoformat(timespec="seconds")
    rows = [
        (
            say(line.indicator.name),
            "",
            str(line.target),
            "" if line.measured is None else f"{line.measured:.2f}",
            line.source or say(line.indicator.measured_by),
            *((found.policy.id, found.policy.version, known_at) if line.indicator.policy else ("", "", "")),
        )
        for line in found.lines
    ]
    closure = next(line.indicator for line in found.lines if line.indicator.policy)
    rows += [
        (
            say(closure.name),
            say(part.name),
            str(part.target),
            "" if part.row.rate is None else f"{100 * part.row.rate:.2f}",
            f"{part.row.numerator}/{part.row.denominator}",
            found.policy.id,
            found.policy.version,
            known_at,
        )
        for part in found.divisions
    ]
    return csv_answer(f"plan-{found.year}", heads, rows)


def _form(form: NumberForm) -> NumberForm:
    form.offer()
    return form


def _page(year: int, form: NumberForm) -> str:
    return render_template("supervisor/plan.html", found=plan_year(ctx(), year), form=form, computed=COMPUTED)


def _year() -> int:
    text = request.args.get("year", "").strip()
    if not text:
        return ctx().today().year
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise InputError("year", Message(N_("年份应为四位数字")))
    return int(text)
