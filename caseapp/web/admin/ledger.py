"""The ledger for the audit administrator: searching it, reading an entry, checking it. Each of these is recorded."""

from __future__ import annotations

import json
from datetime import date

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from caseapp.domain.errors import InputError, NotFound
from caseapp.domain.events import Stream
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.ledger_search import LedgerFilter, with_usual_span
from caseapp.services import ledger_audit
from caseapp.web.admin.forms import CheckForm
from caseapp.web.admin.room import blueprint
from caseapp.web.admin.words import BREACHES
from caseapp.web.shared.context import ctx
from caseapp.web.shared.csv_files import csv_answer
from caseapp.web.shared.guard import allow
from caseapp.web.shared.labels import label
from caseapp.web.shared.language import say
from caseapp.web.shared.paging import decode_cursor, pager

LONGEST_SEARCH = 120


@blueprint.get("/admin/ledger")
@allow(Permission.LEDGER_SEARCH)
def ledger() -> ResponseReturnValue:
    """Show one page of entries; the address says what is looked for."""
    asked = LedgerFilter()
    try:
        asked = with_usual_span(ctx(), _asked_for())
        page = ledger_audit.search(ctx(), asked, after=_key("after"), before=_key("before"))
    except (InputError, NotFound) as wrong:
        return render_template(
            "admin/ledger.html", asked=_shown(), page=None, pager=None, wrong=say(wrong.message)
        ), 422
    return render_template(
        "admin/ledger.html",
        asked=asked,
        page=page,
        pager=pager(len(page.rows), before=page.before, after=page.after),
        wrong="",
    )


@blueprint.get("/admin/ledger.csv")
@allow(Permission.LEDGER_SEARCH)
def export_ledger() -> Response:
    """Hand out what was found, without payloads; the export is in the ledger before the first line leaves."""
    asked = with_usual_span(ctx(), _asked_for())
    heads = [_("写入时间"), _("类型"), _("内容"), _("案件"), _("人员"), _("发生时间"), _("链"), _("序号"), _("散列值")]
    rows = (
        (
            row.appended_at.isoformat(),
            label(row.stream, "stream"),
            label(row.kind, "entry_kind"),
            row.case,
            row.actor_name,
            row.occurred_at.isoformat(),
            row.chain,
            str(row.seq),
            row.hash,
        )
        for row in ledger_audit.export(ctx(), asked)
    )
    return csv_answer(f"ledger-{ctx().today().isoformat()}", heads, rows)


@blueprint.get("/admin/ledger/<int:entry_id>")
@allow(Permission.LEDGER_SEARCH)
def ledger_entry(entry_id: int) -> str:
    """Show one entry in full."""
    detail = ledger_audit.read_entry(ctx(), entry_id)
    readable = json.dumps(json.loads(detail.payload), ensure_ascii=False, indent=2)
    return render_template("admin/ledger_entry.html", detail=detail, readable=readable)


@blueprint.get("/admin/ledger/check")
@allow(Permission.LEDGER_VERIFY)
def ledger_check() -> str:
    """Show the last check of the whole ledger, and the form for one case."""
    return _check_page(CheckForm(case=request.args.get("case", "")), ledger_audit.last_check(ctx()))


@blueprint.post("/admin/ledger/check")
@allow(Permission.LEDGER_VERIFY)
def check_case() -> ResponseReturnValue:
    """Check the chains of one case at once."""
    form = CheckForm()
    if not form.validate_on_submit():
        return _check_page(form, ledger_audit.last_check(ctx())), 422
    try:
        found = ledger_audit.check_case(ctx(), form.case.data or "")
    except NotFound as wrong:
        form.place_errors(InputError("case", wrong.message))
        return _check_page(form, ledger_audit.last_check(ctx())), 422
    return _check_page(form, found)


@blueprint.post("/admin/ledger/check/all")
@allow(Permission.LEDGER_VERIFY)
def check_all() -> ResponseReturnValue:
    """Check the whole ledger, where it is short enough to wait for."""
    found = ledger_audit.check_all(ctx())
    flash(_("核验完成，发现 %(n)s 处异常", n=found.faults), "danger" if found.faults else "success")
    return redirect(url_for("admin.ledger_check"), 303)


def _check_page(form: CheckForm, found: ledger_audit.CheckResult | None) -> str:
    return render_template(
        "admin/ledger_check.html",
        form=form,
        found=found,
        at_once=ledger_audit.may_check_all(ctx()),
        longest=ledger_audit.AT_ONCE,
        reasons=BREACHES,
    )


def _asked_for() -> LedgerFilter:
    """Return what the address asks for. raises InputError for a day that is none"""
    stream = request.args.get("stream", "")
    return LedgerFilter(
        case=_text("case"),
        actor=_text("actor"),
        kind=_text("kind"),
        stream=Stream(stream) if stream in set(Stream) else None,
        first=_day("first"),
        last=_day("last"),
    )


def _shown() -> dict[str, str]:
    """Return what was typed, for a page that tells what is wrong with it."""
    return {name: _text(name) for name in ("case", "actor", "kind", "stream", "first", "last")}


def _text(name: str) -> str:
    return request.args.get(name, "").strip()[:LONGEST_SEARCH]


def _day(name: str) -> date | None:
    text = _text(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise InputError(name, _("日期应写成 2026-11-22 的样子")) from wrong


def _key(name: str) -> tuple[str | int | None, ...] | None:
    text = request.args.get(name)
    return decode_cursor(text) if text else None
