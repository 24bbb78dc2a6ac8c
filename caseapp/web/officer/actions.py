"""The form of an act: filled in, checked, sent; and the drafts of the papers it issues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from caseapp.domain.errors import InputError, InputErrors, Message, RuleRefused, StaleCase
from caseapp.domain.events import Json
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.workflow.definition import Action, FieldKind
from caseapp.queries.action_page import ActionPage, action_page
from caseapp.queries.case_timeline import since
from caseapp.queries.letterheads import letterhead
from caseapp.queries.next_steps import Obstacle, obstacles_of
from caseapp.queries.timeline_items import TimelineItem
from caseapp.queries.told_values import ToldValue, told_values
from caseapp.queries.visibility import require_visible
from caseapp.services import case_act, document_reissue
from caseapp.services.access_log import note_read
from caseapp.services.document_issue import preview_pdf
from caseapp.services.proceeding_open import open_proceeding
from caseapp.web.officer.papers import pdf_response
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.forms import LEAD, ActionForm, action_form, field_values, led_action_form, start_values
from caseapp.web.shared.guard import allow
from caseapp.web.shared.language import say

ADDRESS = "/cases/<case_id>/proceedings/<proceeding_id>/actions/<action_id>"


@dataclass(frozen=True, slots=True)
class Refused:
    """What stood in the way of a submission: others' changes, unmet conditions, or papers that are not complete.

    missing  where in the facts of a paper something is absent or cannot be printed
    """

    message: Message
    unmet: tuple[Obstacle, ...] = ()
    missing: tuple[str, ...] = ()
    changed: tuple[TimelineItem, ...] = ()
    stale: bool = False


@dataclass(slots=True)
class Filled:
    """A form of an action and what became of it. replaces: id of the void paper that it issues anew."""

    page: ActionPage
    form: ActionForm
    refused: Refused | None = None
    values: dict[str, Json] = field(default_factory=dict)
    replaces: str = ""


@blueprint.get(ADDRESS, endpoint="action")
@allow(Permission.CASE_ACT)
def show_form(case_id: str, proceeding_id: str, action_id: str) -> str:
    """Show the form, or why it cannot be filled in."""
    page = _open(case_id, proceeding_id, action_id)
    replaces = request.args.get("replaces", "")
    again = document_reissue.said_before(ctx(), case_id, replaces) if replaces else {}
    form = _form(page)(formdata=None, data=_fresh(page) | again)
    form.prepare(page.version)
    return _show(Filled(page, form, replaces=replaces))


@blueprint.post(ADDRESS)
@allow(Permission.CASE_ACT)
def send_form(case_id: str, proceeding_id: str, action_id: str) -> ResponseReturnValue:
    """Check the answers, show them to be checked by eye, or take the step."""
    filled = _filled(_open(case_id, proceeding_id, action_id))
    step = request.form.get("step", "check")
    if step == "edit":
        return _show(filled)
    if not _is_valid(filled):
        return _show(filled), 422
    try:
        if step == "submit":
            return _done(filled)
        case_act.consider(
            ctx(), case_id, proceeding_id, action_id, filled.values, seen_version=filled.form.version_seen
        )
    except (InputError, InputErrors, RuleRefused, StaleCase) as error:
        return _refuse(filled, error)
    return _check(filled)


@blueprint.post(f"{ADDRESS}/preview/<type_id>")
@allow(Permission.CASE_ACT)
def preview(case_id: str, proceeding_id: str, action_id: str, type_id: str) -> Response:
    """Show the draft of a paper from what has been typed so far: a PDF, for nothing typed is ever served as a page."""
    filled = _filled(_open(case_id, proceeding_id, action_id))
    entered = _by_fact(filled.page.action, filled.values)
    return pdf_response(preview_pdf(ctx(), case_id, proceeding_id, action_id, type_id, entered), f"{type_id}.pdf")


def _open(case_id: str, proceeding_id: str, action_id: str) -> ActionPage:
    require_visible(ctx(), case_id)
    note_read(ctx(), case_id, "form")
    return action_page(ctx(), case_id, proceeding_id, action_id)


# --- the form -------------------------------------------------------------------------------------------------------


def _form(page: ActionPage) -> type[ActionForm]:
    organs = [(organ, say(name)) for organ, name in page.organs]
    made = action_form(page.action, staff=page.staff, on=ctx().today(), organs=organs, cases=page.cases)
    return led_action_form(made, page.staff, on=ctx().today()) if page.leads else made


def _fresh(page: ActionPage) -> dict[str, object]:
    """Return what a new form shows: what is known; the day of the act is today; who leads the case leads on."""
    values: dict[str, object] = start_values(page.action, page.facts)
    day = page.action.occurs_on or (page.action.milestone.date_from if page.action.milestone else "")
    if day:
        kind = next((one.kind for one in page.action.fields if one.id == day), FieldKind.DATE)
        values[day] = ctx().now() if kind is FieldKind.INSTANT else ctx().today()
    chosen = values.get(page.leads) if page.leads else None
    if isinstance(chosen, list) and chosen:
        values[LEAD] = chosen[0]
    return values


def _filled(page: ActionPage) -> Filled:
    form = _form(page)()
    values = _ordered(page, field_values(form), request.form.get(LEAD, ""))
    return Filled(page, form, values=values, replaces=request.form.get("replaces", ""))


def _ordered(page: ActionPage, values: dict[str, Json], lead: str) -> dict[str, Json]:
    chosen = values.get(page.leads) if page.leads else None
    if isinstance(chosen, list) and lead in chosen:
        values[page.leads] = [lead, *(one for one in chosen if one != lead)]
    return values


def _is_valid(filled: Filled) -> bool:
    form, page = filled.form, filled.page
    valid = form.validate_on_submit()
    lead = request.form.get(LEAD, "")
    if page.leads and lead and lead not in (form[page.leads].data or ()):
        form[LEAD].errors = [_("主办人员应当是所选人员之一")]
        return False
    return valid


def _by_fact(action: Action, values: Mapping[str, Json]) -> dict[str, Json]:
    return {one.fact_name: values[one.id] for one in action.fields if values.get(one.id) is not None}


def _told(filled: Filled) -> tuple[ToldValue, ...]:
    return told_values(filled.page.action, _by_fact(filled.page.action, filled.values), filled.page.people)


# --- answers --------------------------------------------------------------------------------------------------------


def _done(filled: Filled) -> ResponseReturnValue:
    page, form = filled.page, filled.form
    case_id, seen, key = page.case.id, form.version_seen, form.submission_key
    if page.opens:
        outcome = open_proceeding(
            ctx(), case_id, page.procedure.id, page.action.id, filled.values, seen_version=seen, idempotency_key=key
        )
    elif filled.replaces:
        outcome = document_reissue.reissue(
            ctx(), case_id, filled.replaces, filled.values, seen_version=seen, idempotency_key=key
        )
    else:
        outcome = case_act.act(
            ctx(), case_id, page.proceeding.id, page.action.id, filled.values, seen_version=seen, idempotency_key=key
        )
    name = say(page.action.name)
    if outcome.status == "requested":
        flash(_("“%(action)s”已提请审批，签署完毕后生效", action=name), "success")
    else:
        flash(_("“%(action)s”已办理", action=name), "success")
    return redirect(url_for("officer.case_page", case_id=page.case.id), 303)


def _refuse(filled: Filled, error: InputError | InputErrors | RuleRefused | StaleCase) -> ResponseReturnValue:
    """Show the form again with what was typed, and say what stood in the way."""
    page, form = filled.page, filled.form
    if isinstance(error, (InputError, InputErrors)):
        form.place_errors(error)
        return _show(filled), 422
    if isinstance(error, StaleCase):
        changed = since(ctx(), page.case.id, error.seen)
        filled.refused = Refused(error.message, changed=changed, stale=True)
        form.seen_version.data = str(error.current)
        return _show(filled), 409
    staff = {one.id: one for one in page.staff}
    filled.refused = Refused(
        error.message,
        unmet=obstacles_of(getattr(error, "unmet", ()), staff),
        missing=tuple(one.path for one in (*getattr(error, "missing", ()), *getattr(error, "unprintable", ()))),
    )
    return _show(filled), 409


def lacks_case_facts(refused: Refused | None) -> bool:
    """Return whether what a paper lacks is entered with the case, not in this form."""
    places = ("parties", "rights", "goods", "amounts", "case")
    return refused is not None and any(path.split(".")[0].split("[")[0] in places for path in refused.missing)


def _show(filled: Filled) -> str:
    return render_template("officer/action.html", **_common(filled))


def _check(filled: Filled) -> str:
    # What is signed is what stands on the page that is checked: a signature is not taken along from an earlier one.
    pads = {one.id for one in filled.page.action.fields if one.kind is FieldKind.SIGNATURE}
    sent = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in ("csrf_token", "step") and name not in pads
    ]
    papers = filled.page.papers_for(_by_fact(filled.page.action, filled.values))
    shown = replace(filled, page=replace(filled.page, papers=papers))
    return render_template("officer/action_check.html", sent=sent, **_common(shown))


def _common(filled: Filled) -> dict[str, Any]:
    return {
        "page": filled.page,
        "case": filled.page.case,
        "action": filled.page.action,
        "form": filled.form,
        "refused": filled.refused,
        "answers": _told(filled),
        "lead_field": LEAD,
        "replaces": filled.replaces,
        "replaced": next((one for one in filled.page.case.documents if one.id == filled.replaces), None),
        "phrases": letterhead(ctx(), filled.page.case.organ).phrases if filled.page.action.paper else {},
        "lacks_case_facts": lacks_case_facts(filled.refused),
    }
