"""Changing what a case says: its officers, its facts. Every change tells its reason; who is late sees who was first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import FieldList, FormField

from caseapp.domain.errors import InputError, InputErrors, StaleCase
from caseapp.domain.facts import CaseImage
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.roles import Role
from caseapp.domain.workflow.situation import Officer
from caseapp.queries.action_page import colleagues
from caseapp.queries.case_images import LoadedCase, load
from caseapp.queries.case_timeline import since
from caseapp.queries.list_choices import division_codes
from caseapp.queries.staff import staff_of
from caseapp.queries.timeline_items import TimelineItem
from caseapp.queries.visibility import require_visible
from caseapp.services import case_assign, case_facts
from caseapp.services.access_log import note_read
from caseapp.web.officer import words
from caseapp.web.officer.matter_forms import (
    AmountsForm,
    GoodsForm,
    MatterForm,
    RightForm,
    amount_values,
    amounts_of,
    goods_values,
    kept_goods,
    kept_rights,
    right_values,
)
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
    WriteForm,
    YesNoField,
    offered,
    officer_label,
)
from caseapp.web.shared.guard import allow
from caseapp.web.shared.labels import choices
from caseapp.web.shared.language import say

REASON_LETTERS = 500
_INVESTIGATES = frozenset({Role.OFFICER, Role.SECTION_HEAD})


class OfficersForm(WriteForm):
    """Who is in charge."""

    officers = SomeOfField(lazy_gettext("办案人员"), validators=[Filled()])
    lead = OneOfField(
        lazy_gettext("主办人员"), description=lazy_gettext("主办人员应当是所选人员之一"), validators=[Filled()]
    )
    reason = LineField(lazy_gettext("原因"), validators=[AtMost(REASON_LETTERS)])


class FactsForm(MatterForm):
    """What a case says about its matter; parties have forms of their own."""

    title = LineField(lazy_gettext("案件名称"), validators=[Filled(), AtMost(200)])
    summary = PassageField(lazy_gettext("线索内容"), validators=[AtMost(20_000)])
    source = OneOfField(lazy_gettext("案件来源"))
    channel = LineField(lazy_gettext("来源说明"), validators=[AtMost(60)])
    campaigns = SomeOfField(lazy_gettext("专项行动"))
    ip_types = SomeOfField(lazy_gettext("权利类型"), validators=[Filled()])
    division = OneOfField(lazy_gettext("行政区划"), validators=[Filled()])
    act_from = DayField(lazy_gettext("违法行为开始"))
    act_to = DayField(lazy_gettext("违法行为终了"))
    restricted = YesNoField(lazy_gettext("限制查阅：只有办案人员和负责人可以打开"))
    rights = FieldList(FormField(RightForm), min_entries=1, max_entries=50)
    goods = FieldList(FormField(GoodsForm), min_entries=1, max_entries=100)
    amounts = FormField(AmountsForm)
    reason = PassageField(
        lazy_gettext("更改原因"),
        validators=[Filled(), AtMost(REASON_LETTERS)],
        description=lazy_gettext("更改前后的内容和原因都写入台账"),
    )


# --- officers -------------------------------------------------------------------------------------------------------


@blueprint.route("/cases/<case_id>/officers", methods=["GET", "POST"])
@allow(Permission.CASE_ASSIGN)
def officers(case_id: str) -> ResponseReturnValue:
    """Put officers in charge."""
    case = open_for_change(case_id)
    people = staff_of(ctx(), case.image.organ).values()
    staff = [one for one in colleagues(case.image.organ, people) if one.roles & _INVESTIGATES]
    form = _officers_form(case, staff)
    if request.method == "GET" or not form.validate_on_submit():
        return _officers_page(case, form), 200 if request.method == "GET" else 422
    chosen = list(form.officers.data or ())
    if form.lead.data not in chosen:
        form.lead.errors = [_("主办人员应当是所选人员之一")]
        return _officers_page(case, form), 422

    def assign() -> None:
        case_assign.assign(
            ctx(),
            case_id,
            [form.lead.data, *(one for one in chosen if one != form.lead.data)],
            seen_version=form.version_seen,
            reason=form.reason.data or "",
            idempotency_key=form.submission_key,
        )

    return carry_out(case, form, assign, _officers_page, _("办案人员已指派"))


def _officers_form(case: LoadedCase, staff: list[Officer]) -> OfficersForm:
    now = list(case.image.officers)
    start = {"officers": now, "lead": now[0] if now else ""}
    form = OfficersForm(data=start)
    labels = [(one.id, officer_label(one, ctx().today())) for one in staff]
    form.officers.choices = offered(labels)
    form.lead.choices = offered([("", _("请选择")), *((one.id, one.name) for one in staff)])
    if request.method == "GET":
        form.prepare(case.version)
    return form


def _officers_page(case: LoadedCase, form: Any, changed: tuple[TimelineItem, ...] = ()) -> str:
    return render_template("officer/officers.html", case=case.image, form=form, changed=changed)


# --- facts ----------------------------------------------------------------------------------------------------------


@blueprint.route("/cases/<case_id>/facts", methods=["GET", "POST"])
@allow(Permission.CASE_FACTS_CHANGE)
def facts(case_id: str) -> ResponseReturnValue:
    """Change what the case says."""
    case = open_for_change(case_id)
    form = _facts_form(case.image)
    if request.method == "GET":
        form.prepare(case.version)
        return _facts_page(case, form)
    if form.change_rows(request.form.get("step", "")):
        return _facts_page(case, form)
    if not form.validate_on_submit():
        return _facts_page(case, form), 422
    changes = _changes(case.image, form)
    if not changes:
        form.form_errors.append(_("没有任何更改"))
        return _facts_page(case, form), 422

    def change() -> None:
        case_facts.change(
            ctx(),
            case_id,
            changes,
            reason=form.reason.data or "",
            seen_version=form.version_seen,
            idempotency_key=form.submission_key,
        )

    return carry_out(case, form, change, _facts_page, _("案件信息已更改"))


def _facts_form(image: CaseImage) -> FactsForm:
    form = FactsForm(
        data={
            "title": image.title,
            "summary": image.summary,
            "source": image.source or "",
            "channel": image.channel,
            "campaigns": list(image.campaigns),
            "ip_types": list(image.ip_types),
            "division": image.division,
            "act_from": image.act_from,
            "act_to": image.act_to,
            "restricted": image.restricted,
            "rights": right_values(image.rights),
            "goods": goods_values(image.goods),
            "amounts": amount_values(image.amounts),
        }
    )
    sources = dict.fromkeys([*words.SOURCES, *([image.source] if image.source else [])])
    form.source.choices = offered([("", _("请选择")), *((word, words.source_name(word)) for word in sources)])
    campaigns = dict.fromkeys([*words.CAMPAIGNS, *image.campaigns])
    form.campaigns.choices = offered([(word, words.campaign_name(word)) for word in campaigns])
    form.ip_types.choices = offered(choices("ip_type"))
    codes = dict.fromkeys([*division_codes(ctx()), image.division])
    form.division.choices = offered([(code, say(huhang().divisions.name(code))) for code in codes])
    return form


def _changes(image: CaseImage, form: FactsForm) -> dict[str, Any]:
    """Return the fields that differ from what the case says now."""
    rights = tuple(row.right() for row in form.rows("rights") if isinstance(row, RightForm))
    goods = tuple(row.goods() for row in form.rows("goods") if isinstance(row, GoodsForm))
    entered: dict[str, Any] = {
        "title": form.title.data or "",
        "summary": form.summary.data or "",
        "source": form.source.data or None,
        "channel": form.channel.data or None,
        "campaigns": tuple(form.campaigns.data or ()),
        "ip_types": tuple(form.ip_types.data or ()),
        "division": form.division.data,
        "act_from": form.act_from.data,
        "act_to": form.act_to.data,
        "restricted": bool(form.restricted.data),
        "rights": kept_rights(image.rights, rights),
        "goods": kept_goods(image.goods, goods),
        "amounts": amounts_of(form.amounts),
    }
    now = {**{name: getattr(image, name) for name in entered}, "amounts": _known(image)}
    unordered = {"campaigns", "ip_types"}
    return {
        name: value
        for name, value in entered.items()
        if (set(value) != set(now[name]) if name in unordered else value != now[name])
    }


def _known(image: CaseImage) -> dict[str, int | None]:
    return {key: value for key, value in image.amounts.items() if value is not None}


def _facts_page(case: LoadedCase, form: Any, changed: tuple[TimelineItem, ...] = ()) -> str:
    return render_template("officer/facts.html", case=case.image, form=form, changed=changed)


# --- both -----------------------------------------------------------------------------------------------------------


def open_for_change(case_id: str) -> LoadedCase:
    """Return a case that the person may see. raises NotFound"""
    require_visible(ctx(), case_id)
    note_read(ctx(), case_id, "form")
    return load(ctx(), case_id)


def carry_out(
    case: LoadedCase,
    form: WriteForm,
    change: Callable[[], None],
    page: Callable[..., str],
    done: str,
    *,
    tab: str | None = None,
) -> ResponseReturnValue:
    """Carry a change out; where somebody was faster, show what he changed and keep what was typed."""
    try:
        change()
    except (InputError, InputErrors) as error:
        form.place_errors(error)
        return page(case, form), 422
    except StaleCase as error:
        form.seen_version.data = str(error.current)
        return page(case, form, since(ctx(), case.id, error.seen)), 409
    flash(done, "success")
    return redirect(url_for("officer.case_page", case_id=case.id, tab=tab), 303)
