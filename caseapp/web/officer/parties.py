"""Adding a party to a case, and changing one. Personal values are never shown in the form; left empty they stay."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import FormField

from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.facts import Party
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.case_images import LoadedCase
from caseapp.queries.party_details import PersonalLine, party_details
from caseapp.queries.timeline_items import TimelineItem
from caseapp.services import case_facts
from caseapp.web.officer.changes import REASON_LETTERS, carry_out, open_for_change
from caseapp.web.officer.matter_forms import MatterForm, PartyForm, party_values
from caseapp.web.officer.room import blueprint
from caseapp.web.officer.words import role_choices
from caseapp.web.shared.context import ctx
from caseapp.web.shared.forms import AtMost, Filled, LineField, offered
from caseapp.web.shared.guard import allow


class OnePartyForm(MatterForm):
    """A party and the reason for entering it now."""

    party = FormField(PartyForm)
    reason = LineField(lazy_gettext("更改原因"), validators=[Filled(), AtMost(REASON_LETTERS)])


@blueprint.route("/cases/<case_id>/parties/new", methods=["GET", "POST"])
@allow(Permission.CASE_FACTS_CHANGE)
def new_party(case_id: str) -> ResponseReturnValue:
    """Add a party."""
    return _edit(open_for_change(case_id), None)


@blueprint.route("/cases/<case_id>/parties/<party_id>", methods=["GET", "POST"])
@allow(Permission.CASE_FACTS_CHANGE)
def party(case_id: str, party_id: str) -> ResponseReturnValue:
    """Change a party."""
    case = open_for_change(case_id)
    found = next((one for one in case.image.parties if one.id == party_id), None)
    if found is None:
        raise NotFound(Message(N_("案件中没有这一当事人")))
    return _edit(case, found)


def _edit(case: LoadedCase, old: Party | None) -> ResponseReturnValue:
    form = OnePartyForm(data={"party": party_values(old)} if old else None)
    form.party.form.role.choices = offered(role_choices(case.image.main.procedure))

    def page(shown: LoadedCase, form: OnePartyForm, changed: tuple[TimelineItem, ...] = ()) -> str:
        return render_template(
            "officer/party.html", case=shown.image, form=form, party=old, known=_known(shown, old), changed=changed
        )

    if request.method == "GET":
        form.prepare(case.version)
        return page(case, form)
    row = form.party.form
    if row.is_blank or not row.name.data:
        row.name.errors = [_("请填写“%(label)s”", label=str(row.name.label.text))]
        return page(case, form), 422
    if not form.validate_on_submit():
        return page(case, form), 422

    def save() -> None:
        case_facts.add_party(
            ctx(),
            case.id,
            row.draft(),
            reason=form.reason.data or "",
            seen_version=form.version_seen,
            replaces=old.id if old else None,
            idempotency_key=form.submission_key,
        )

    return carry_out(case, form, save, page, _("当事人信息已保存"), tab="parties")


def _known(case: LoadedCase, old: Party | None) -> dict[str, PersonalLine]:
    """Return the masked personal values that the party has already."""
    if old is None:
        return {}
    (details,) = party_details(ctx(), replace(case.image, parties=(old,)))
    return {line.field: line for line in details.personal}
