"""登记线索: the lead first, then who, what right, which goods; answers are checked before they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import FieldList, FormField

from caseapp.domain.errors import InputError, InputErrors
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.workflow.definition import Category, Kind
from caseapp.queries.duplicates import Likeness, likenesses
from caseapp.queries.known_parties import SHORTEST, KnownParty, known_parties
from caseapp.queries.list_choices import division_codes
from caseapp.services.case_intake import LeadDraft, name_of, register_lead
from caseapp.web.officer import words
from caseapp.web.officer.matter_forms import AmountsForm, GoodsForm, MatterForm, PartyForm, RightForm, amounts_of
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx, huhang
from caseapp.web.shared.forms import (
    AtMost,
    DayField,
    Filled,
    LineField,
    OneOfField,
    PassageField,
    SomeOfField,
    YesNoField,
    offered,
)
from caseapp.web.shared.guard import allow
from caseapp.web.shared.labels import choices
from caseapp.web.shared.language import say

USUAL_PROCEDURE = "penalty_general"


def _procedures() -> list[tuple[str, str]]:
    """Return the main procedures that begin with a lead. A party's request has a page of its own."""
    return [
        (one.id, say(one.name))
        for one in huhang().procedures.latest()
        if one.kind is Kind.MAIN and one.state(one.initial).category is Category.LEAD and not one.party_names
    ]


def _divisions() -> list[tuple[str, str]]:
    table = huhang().divisions
    return [("", _("请选择")), *((code, say(table.name(code))) for code in division_codes(ctx()))]


class LeadForm(MatterForm):
    """Everything that may be known when a lead comes in; little of it is required."""

    source = OneOfField(lazy_gettext("案件来源"), validators=[Filled()])
    received_on = DayField(
        lazy_gettext("发现或者收到线索的日期"),
        validators=[Filled()],
        description=lazy_gettext("核查期限自此日次日起计算"),
    )
    division = OneOfField(lazy_gettext("行政区划"), validators=[Filled()])
    procedure = OneOfField(lazy_gettext("适用程序"), default=USUAL_PROCEDURE, validators=[Filled()])
    ip_types = SomeOfField(lazy_gettext("权利类型"), validators=[Filled()])
    summary = PassageField(
        lazy_gettext("线索内容"),
        validators=[Filled(), AtMost(20_000)],
        description=lazy_gettext("何人、何时、何地、做了什么，现有哪些材料"),
    )
    channel = LineField(
        lazy_gettext("来源说明"),
        validators=[AtMost(60)],
        description=lazy_gettext("例如：12315 平台、某机关移送、某市场检查"),
    )
    campaigns = SomeOfField(lazy_gettext("专项行动"))
    act_from = DayField(lazy_gettext("违法行为开始"))
    act_to = DayField(lazy_gettext("违法行为终了"))
    title = LineField(
        lazy_gettext("案件名称"),
        validators=[AtMost(200)],
        description=lazy_gettext("不填则按“当事人＋涉嫌＋行为＋案”自动命名"),
    )
    parties = FieldList(FormField(PartyForm), min_entries=1, max_entries=50)
    rights = FieldList(FormField(RightForm), min_entries=1, max_entries=50)
    goods = FieldList(FormField(GoodsForm), min_entries=1, max_entries=100)
    amounts = FormField(AmountsForm)
    not_repeated = YesNoField(lazy_gettext("已核对上列案件，本线索不是重复登记"))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.source.choices = offered([("", _("请选择")), *((one, words.source_name(one)) for one in words.SOURCES)])
        self.division.choices = offered(_divisions())
        self.procedure.choices = offered(_procedures())
        self.ip_types.choices = offered(choices("ip_type"))
        self.campaigns.choices = offered([(one, words.campaign_name(one)) for one in words.CAMPAIGNS])

    def draft(self) -> LeadDraft:
        """Return what was entered. The form has been found valid."""
        return self.matter(
            source=self.source.data, procedure=self.procedure.data, facts={}, amounts=amounts_of(self.amounts)
        )

    def matter(
        self, *, source: str, procedure: str, facts: Mapping[str, Any], amounts: Mapping[str, int | None]
    ) -> LeadDraft:
        """Return what leads and requests have in common, with what they differ in."""
        received_on = self.received_on.data
        assert received_on is not None
        return LeadDraft(
            division=self.division.data,
            ip_types=tuple(self.ip_types.data or ()),
            source=source,
            summary=self.summary.data or "",
            received_on=received_on,
            procedure=procedure,
            title=self.title.data or "",
            channel=self.channel.data or None,
            campaigns=tuple(self.campaigns.data or ()),
            parties=tuple(row.draft() for row in self.rows("parties") if isinstance(row, PartyForm)),
            rights=tuple(row.right() for row in self.rows("rights") if isinstance(row, RightForm)),
            goods=tuple(row.goods() for row in self.rows("goods") if isinstance(row, GoodsForm)),
            amounts=amounts,
            act_from=self.act_from.data,
            act_to=self.act_to.data,
            facts=facts,
        )


@blueprint.get("/cases/new")
@allow(Permission.LEAD_REGISTER)
def new_case() -> str:
    """Show the form for a lead, the division of the own organ chosen."""
    form = LeadForm(formdata=None, data={"received_on": ctx().today(), "division": own_division()})
    form.prepare(0)
    return _show(form)


@blueprint.post("/cases/new")
@allow(Permission.LEAD_REGISTER)
def register() -> ResponseReturnValue:
    """Add or drop a row, look a party up, check the answers, or register the lead."""
    form, step = LeadForm(), request.form.get("step", "check")
    if step == "edit" or form.change_rows(step):
        return _show(form, focus=step)
    if step.startswith(("find-", "use-")):
        known, found = look_up(form, step)
        return _show(form, known=known, focus=step), 200 if found else 422
    if not form.validate_on_submit():
        return _show(form), 422
    draft = form.draft()
    like = likenesses_of(form)
    repeated = any(one.same_right for one in like)
    if step != "submit" or (repeated and not form.not_repeated.data):
        if step == "submit":
            form.not_repeated.errors = [_("请核对上列案件后勾选")]
        return _check(form, draft, like), 422 if step == "submit" else 200
    try:
        reference = register_lead(ctx(), draft, idempotency_key=form.submission_key)
    except (InputError, InputErrors) as error:
        form.place_errors(error)
        return _show(form), 422
    flash(_("线索已登记，编号 %(number)s", number=reference.number), "success")
    return redirect(url_for("officer.case_page", case_id=reference.id), 303)


@blueprint.get("/cases/new/known-parties")
@allow(Permission.LEAD_REGISTER)
def find_parties() -> str:
    """Return the known parties that begin like a typed name, as a part of the form (htmx)."""
    row = request.args.get("row", default=0, type=int)
    text = next((value for name, value in request.args.items() if name.startswith("parties-")), "")
    if len(text.strip()) < SHORTEST:
        return ""
    return render_template("officer/_known.html", known=known_parties(ctx(), text), row=row)


def look_up(form: LeadForm, step: str) -> tuple[dict[str, tuple[KnownParty, ...]], bool]:
    """Find known parties for a row ('find-<row>'), or take one over into it ('use-<row>-<place>').

    Returns what was found by row, and whether there is such a row.
    """
    verb, _sep, rest = step.partition("-")
    row_text, _sep, place = rest.partition("-")
    entry = next((one for one in form.parties if one.name == f"parties-{row_text}"), None)
    if entry is None:
        return {}, False
    row = entry.form
    known = known_parties(ctx(), row.name.data or row.uscc.data or "")
    if verb == "find":
        return {row_text: known}, True
    if place.isdecimal() and int(place) < len(known):
        chosen = known[int(place)]
        row.name.data, row.uscc.data, row.kind.data = chosen.name, chosen.uscc or "", chosen.kind
    return {}, True


def own_division() -> str:
    """Return the division of the actor's organ, where cases may lie in it; else nothing is chosen."""
    organs = huhang().organs
    organ = ctx().actor.organ
    code = organs.get(organ).division if organ in organs else ""
    return code if code in division_codes(ctx()) else ""


def likenesses_of(form: LeadForm) -> tuple[Likeness, ...]:
    """Return the cases that are like what was entered: same respondent, same right."""
    respondents = [row for row in form.rows("parties") if isinstance(row, PartyForm) and row.role.data == "respondent"]
    rights = [row for row in form.rows("rights") if isinstance(row, RightForm)]
    return likenesses(
        ctx(),
        respondents=[row.name.data or "" for row in respondents],
        credit_codes=[row.uscc.data for row in respondents if row.uscc.data],
        right_numbers=set().union(*(row.spellings() for row in rights)),
    )


def _show(form: LeadForm, *, known: Mapping[str, tuple[KnownParty, ...]] | None = None, focus: str = "") -> str:
    return render_template("officer/new_case.html", form=form, known=known or {}, focus=focus)


def sent_again() -> list[tuple[str, Any]]:
    """Return what was sent, to be carried along by the page on which it is looked at once more."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in ("csrf_token", "step", "not_repeated")
    ]


def _check(form: LeadForm, draft: LeadDraft, like: tuple[Likeness, ...]) -> str:
    return render_template(
        "officer/new_case_check.html",
        form=form,
        draft=draft,
        name=draft.title or name_of(draft),
        likenesses=like,
        sent=sent_again(),
        kind="lead",
        told=[],
    )
