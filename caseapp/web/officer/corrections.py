"""更正: asking for a wrong entry to be voided or put in other words; what it means is shown before it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from caseapp.domain.errors import InputError, InputErrors, Message, RuleRefused, StaleCase
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.case_timeline import since
from caseapp.queries.correction_effects import Effects, effects_of
from caseapp.queries.correction_page import CorrectionPage, correction_page, seq_of_document
from caseapp.queries.next_steps import Obstacle, obstacles_of
from caseapp.queries.timeline_items import TimelineItem
from caseapp.queries.visibility import require_visible
from caseapp.services import case_correct
from caseapp.services.access_log import note_read
from caseapp.services.correction_draft import Asked
from caseapp.web.officer.correction_forms import CorrectionForm, correction_form, wording_of
from caseapp.web.officer.correction_matter import known_of
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow

ADDRESS = "/cases/<case_id>/entries/<int:seq>/correct"


@dataclass(slots=True)
class Refusal:
    """What stood in the way. later: a later act no longer fits, which may be voided together with this one."""

    message: Message
    unmet: tuple[Obstacle, ...] = ()
    changed: tuple[TimelineItem, ...] = ()
    later: bool = False


@dataclass(slots=True)
class Asking:
    """A form of a correction and what became of it."""

    page: CorrectionPage
    form: CorrectionForm
    obstacles: tuple[Obstacle, ...] = ()
    refused: Refusal | None = None
    effects: Effects | None = None
    sent: list[tuple[str, str]] = field(default_factory=list)


@blueprint.get(ADDRESS, endpoint="correct")
@allow(Permission.CASE_CORRECT)
def show_correction(case_id: str, seq: int) -> str:
    """Show the form, or why the entry cannot be corrected."""
    asking = _open(case_id, seq)
    asking.form.prepare(asking.page.version)
    return _show(asking)


@blueprint.post(ADDRESS)
@allow(Permission.CASE_CORRECT)
def send_correction(case_id: str, seq: int) -> ResponseReturnValue:
    """Check what was entered, show what it means, or ask for the correction."""
    asking = _open(case_id, seq)
    step = request.form.get("step", "check")
    if step == "edit" or asking.form.change_rows(step):
        return _show(asking)
    if not asking.form.validate_on_submit():
        return _show(asking), 422
    try:
        asked = _asked(asking)
        if step == "submit":
            return _done(asking, asked)
        proposal = case_correct.propose(ctx(), case_id, asked, seen_version=asking.form.version_seen)
        asking.effects = effects_of(ctx(), case_id, proposal)
    except (InputError, InputErrors) as error:
        asking.form.place_errors(error)
        return _show(asking), 422
    except StaleCase as error:
        asking.refused = Refusal(error.message, changed=since(ctx(), case_id, error.seen))
        asking.form.seen_version.data = str(error.current)
        return _show(asking), 409
    except RuleRefused as error:
        unmet = getattr(error, "unmet", ())
        staff = {one.id: one for one in asking.page.staff}
        later = any(one.guard == "later" for one in unmet)
        asking.refused = Refusal(error.message, obstacles_of(unmet, staff), later=later)
        return _show(asking), 409
    asking.sent = [
        (name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "step")
    ]
    return render_template("officer/correct_check.html", **_common(asking))


@blueprint.get("/cases/<case_id>/documents/<document_id>/void")
@allow(Permission.CASE_CORRECT)
def void_document(case_id: str, document_id: str) -> ResponseReturnValue:
    """Lead to the form that voids a document."""
    require_visible(ctx(), case_id)
    return redirect(url_for("officer.correct", case_id=case_id, seq=seq_of_document(ctx(), case_id, document_id)))


def _open(case_id: str, seq: int) -> Asking:
    require_visible(ctx(), case_id)
    note_read(ctx(), case_id, "form")
    page = correction_page(ctx(), case_id, seq)
    unmet = case_correct.obstacles_to_ask(ctx(), page.case, page.entries, seq)
    return Asking(page, correction_form(page), obstacles_of(unmet, {one.id: one for one in page.staff}))


def _asked(asking: Asking) -> Asked:
    form = asking.form
    return Asked(
        entry=asking.page.entry.seq,
        reason=form.correct_reason.data or "",
        wording=wording_of(asking.page, form),
        with_later=bool(form.correct_later.data),
        reissue=bool(form.correct_reissue.data),
    )


def _done(asking: Asking, asked: Asked) -> ResponseReturnValue:
    case_id = asking.page.case.id
    form = asking.form
    case_correct.request(ctx(), case_id, asked, seen_version=form.version_seen, idempotency_key=form.submission_key)
    flash(_("更正已提请审批，签署完毕后生效；原记录保留并划去"), "success")
    return redirect(url_for("officer.case_page", case_id=case_id, tab="timeline"), 303)


def _show(asking: Asking) -> str:
    return render_template("officer/correct.html", **_common(asking))


def _common(asking: Asking) -> dict[str, Any]:
    return {
        "asking": asking,
        "page": asking.page,
        "case": asking.page.case,
        "form": asking.form,
        "effects": asking.effects,
        "known": [known_of(asking.page, party) for party in asking.page.parties],
    }
