"""案件: the page of one case, its tabs, its printed summary, notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from caseapp.domain.errors import InputError
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.case_connections import connections
from caseapp.queries.case_page import CasePage
from caseapp.queries.case_timeline import timeline
from caseapp.queries.crime_panel import crime_panel
from caseapp.queries.disclosure import talks
from caseapp.queries.evidence_page import evidence_page
from caseapp.queries.next_steps import papers_of
from caseapp.queries.party_details import party_details
from caseapp.queries.visibility import require_visible
from caseapp.queries.void_register import void_register
from caseapp.services import case_note
from caseapp.services.access_log import note_personal_read
from caseapp.web.officer.maps import map_of
from caseapp.web.officer.opening import moment_asked, open_case
from caseapp.web.officer.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.forms import AtMost, Filled, PassageField, WriteForm
from caseapp.web.shared.guard import allow, may

TABS = {
    "overview": lazy_gettext("概况"),
    "acts": lazy_gettext("办理"),
    "evidence": lazy_gettext("证据"),
    "documents": lazy_gettext("文书"),
    "parties": lazy_gettext("当事人与权利"),
    "timeline": lazy_gettext("时间线"),
}


class NoteForm(WriteForm):
    """A note on the case."""

    text = PassageField(lazy_gettext("备注"), validators=[Filled(), AtMost(case_note.LONGEST_NOTE)])


@dataclass(frozen=True, slots=True)
class TabLink:
    """One tab of the page."""

    name: object
    url: str
    active: bool
    count: int | None = None


@blueprint.get("/cases/<case_id>", endpoint="case_page")
@allow(Permission.CASE_READ)
def show_case(case_id: str) -> str:
    """Show one tab of the case."""
    return _page(open_case(case_id), _note_form())


@blueprint.post("/cases/<case_id>/notes")
@allow(Permission.CASE_NOTE)
def add_note(case_id: str) -> ResponseReturnValue:
    """Add a note."""
    require_visible(ctx(), case_id)
    form = NoteForm()
    if form.validate_on_submit():
        try:
            case_note.add(ctx(), case_id, form.text.data or "", idempotency_key=form.submission_key)
        except InputError as error:
            form.place_errors(error)
        else:
            flash(_("备注已保存"), "success")
            return redirect(url_for("officer.case_page", case_id=case_id, tab="timeline"), 303)
    return _page(open_case(case_id), form), 422


@blueprint.post("/cases/<case_id>/personal")
@allow(Permission.CASE_PERSONAL_READ)
def show_personal(case_id: str) -> ResponseReturnValue:
    """Show the parties' personal values in full; every look is kept in the ledger."""
    require_visible(ctx(), case_id)
    note_personal_read(ctx(), case_id, "")
    return _page(open_case(case_id), _note_form(), tab="parties", in_full=True), 200, {"Cache-Control": "no-store"}


@blueprint.get("/cases/<case_id>/summary")
@allow(Permission.CASE_READ)
def print_case(case_id: str) -> str:
    """Show the case as a summary to be printed."""
    case = open_case(case_id, "print")
    told = timeline(ctx(), case_id, as_of=case.as_of, known_at=case.known_at)
    return render_template(
        "officer/summary.html", case=case, image=case.image, told=told, parties=party_details(ctx(), case.image)
    )


def _note_form() -> NoteForm:
    form = NoteForm(formdata=None)
    form.prepare(0)
    return form


def _page(case: CasePage, note_form: NoteForm, *, tab: str = "", in_full: bool = False) -> str:
    tab = tab or request.args.get("tab", "overview")
    tab = tab if tab in TABS else "overview"
    more: dict[str, Any] = {}
    if tab == "overview":
        more["ties"] = connections(ctx(), case.image)
        more["crime"] = crime_panel(ctx(), case.image, on=case.as_of or ctx().today())
    if tab == "timeline":
        more["told"] = timeline(ctx(), case.id, as_of=case.as_of, known_at=case.known_at)
    if tab == "evidence":
        more["evidence"] = evidence_page(ctx(), case.image, case.people)
    if tab == "acts":
        more["map_of"] = map_of
        more["talks"] = talks(ctx(), case.image)
    if tab == "documents":
        more["voids"] = void_register(ctx(), case.id).lines
        more["papers"] = () if case.looks_back else papers_of(ctx(), case.image, case.image.main, staff=case.staff)
    if tab == "parties":
        more["parties"] = party_details(ctx(), case.image, in_full=in_full)
        more["in_full"] = in_full
    return render_template(
        f"officer/case_{tab}.html",
        case=case,
        image=case.image,
        tabs=_tabs(case, tab),
        tab=tab,
        note_form=note_form,
        may_write=not case.looks_back and may(Permission.CASE_ACT),
        today=ctx().today(),
        **more,
    )


def _tabs(case: CasePage, active: str) -> tuple[TabLink, ...]:
    when = moment_asked()
    kept: dict[str, Any] = {
        "as_of": when.as_of.isoformat() if when.as_of else None,
        "known_at": request.args.get("known_at") if when.known_at else None,
    }
    counts = {
        "evidence": len(case.image.evidence),
        "documents": len(case.documents),
        "parties": len(case.image.parties),
    }
    return tuple(
        TabLink(
            name,
            url_for("officer.case_page", case_id=case.id, tab=None if key == "overview" else key, **kept),
            key == active,
            counts.get(key),
        )
        for key, name in TABS.items()
    )
