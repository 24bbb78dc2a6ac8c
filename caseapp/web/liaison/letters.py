"""The letter of supervision: written from a row of the list, answered in the proceeding that it opens."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from caseapp.domain.errors import ActionRefused, InputError, InputErrors, Message, NotFound, RuleRefused
from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.supervision.ranking import FindingKind
from caseapp.domain.workflow.definition import Action
from caseapp.queries.next_steps import obstacles_of
from caseapp.queries.supervision_list import FindingLine, finding
from caseapp.services.access_log import note_read
from caseapp.services.letter_send import letter_action, send_letter
from caseapp.services.supervision_rows import LETTER
from caseapp.web.liaison.room import blueprint
from caseapp.web.liaison.sending import Refused
from caseapp.web.shared.context import ctx, huhang
from caseapp.web.shared.forms import ActionForm, action_form, field_values
from caseapp.web.shared.guard import allow

ASKED = ("letter_number", "letter_facts", "letter_opinion")
"""What is typed; the rest follows from the row."""


@blueprint.get("/supervision/<case_id>/<kind>/letter", endpoint="letter")
@allow(Permission.SUPERVISION_WRITE)
def show_letter(case_id: str, kind: str) -> str:
    """Show a row with the form of a letter about it."""
    line = _line(case_id, kind)
    note_read(ctx(), line.case_id, "supervision")
    action = _action(line)
    form = _form(action)(formdata=None)
    form.prepare(0)
    return _show(line, action, form)


@blueprint.post("/supervision/<case_id>/<kind>/letter")
@allow(Permission.SUPERVISION_WRITE)
def send(case_id: str, kind: str) -> ResponseReturnValue:
    """Send the letter, or say what stands in the way."""
    line = _line(case_id, kind)
    action = _action(line)
    form = _form(action)()
    if not form.validate_on_submit():
        return _show(line, action, form), 422
    try:
        outcome = send_letter(
            ctx(), line.case_id, line.kind, line.subject, field_values(form), idempotency_key=form.submission_key
        )
    except (InputError, InputErrors) as error:
        form.place_errors(error)
        return _show(line, action, form), 422
    except RuleRefused as refused:
        unmet = obstacles_of(refused.unmet, {}) if isinstance(refused, ActionRefused) else ()
        return _show(line, action, form, Refused(refused.message, unmet)), 409
    flash(_("监督函已发出，回复期限开始计算"), "success")
    return redirect(url_for("liaison.referral", proceeding_id=outcome.proceeding), 303)


def _line(case_id: str, kind: str) -> FindingLine:
    if kind not in set(FindingKind):
        raise NotFound(Message(_("没有这条线索")))
    return finding(ctx(), case_id, FindingKind(kind), request.args.get("subject", ""))


def _action(line: FindingLine) -> Action:
    action = huhang().procedures.get(LETTER).action(letter_action(line))
    assert action is not None
    return replace(action, fields=tuple(field for field in action.fields if field.id in ASKED))


def _form(action: Action) -> type[ActionForm]:
    return action_form(action, staff=(), on=ctx().today())


def _show(line: FindingLine, action: Action, form: ActionForm, refused: Refused | None = None) -> str:
    return render_template("liaison/letter.html", line=line, action=action, form=form, refused=refused)
