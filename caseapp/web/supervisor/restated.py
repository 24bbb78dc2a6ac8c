"""How a figure was restated between two instants: the cases and the ledger entries, as a page and as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import Response, render_template, request
from flask_babel import gettext as _

from caseapp.domain.events import LEGAL_ZONE, start_of
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.figures import FigureQuestion
from caseapp.queries.restatement import Restatement, restatement
from caseapp.services.access_log import note_export
from caseapp.web.shared.context import ctx
from caseapp.web.shared.csv_files import csv_answer
from caseapp.web.shared.days_asked import instant_of
from caseapp.web.shared.guard import allow
from caseapp.web.shared.labels import label
from caseapp.web.supervisor import blueprint
from caseapp.web.supervisor.asked import asked, how_counted, how_heads


def since_asked() -> datetime:
    """Return the earlier instant of the address: an instant, or a day and then its beginning; else this month's."""
    text = request.args.get("since", "")
    return instant_of("since") if text else start_of(ctx().today().replace(day=1))


@blueprint.get("/figures/restated")
@allow(Permission.FIGURE_SEE)
def restated() -> str:
    """Show what became known between two instants and changed a figure."""
    question = asked()
    since = since_asked()
    return render_template(
        "supervisor/restated.html",
        question=question,
        since=since.astimezone(LEGAL_ZONE),
        known_at=(question.known_at or ctx().now()).astimezone(LEGAL_ZONE),
        restated=restatement(ctx(), question, since),
    )


@blueprint.get("/figures/restated.csv")
@allow(Permission.FIGURE_EXPORT)
def restated_csv() -> Response:
    """Hand out every case that moved with the entries that moved it; the export is in the ledger."""
    question = asked()
    found = restatement(ctx(), question, since_asked(), limit=None)
    told = {name: text for name, text in request.args.items() if text}
    note_export(ctx(), "restatement", {**told, "policy": question.policy}, rows=len(found.cases))
    heads = [
        _("案号"),
        _("案件名称"),
        _("此前"),
        _("此后"),
        _("记录号"),
        _("记录"),
        _("节点"),
        _("日期"),
        _("录入时间"),
        _("更正理由"),
        _("此前所知时刻"),
        *how_heads(),
    ]
    return csv_answer(f"{question.policy.replace('@', '-')}-restated", heads, _lines(found, question))


def _lines(found: Restatement, question: FigureQuestion) -> Iterator[tuple[str, ...]]:
    how = (found.since.astimezone(LEGAL_ZONE).isoformat(timespec="seconds"), *how_counted(question))
    for case in found.cases:
        for entry in case.entries:
            yield (
                case.key,
                case.title,
                label(case.was, "verdict"),
                label(case.now, "verdict"),
                str(entry.seq),
                label(entry.kind, "entry_kind"),
                label(entry.milestone, "milestone") if entry.milestone else "",
                entry.on.isoformat(),
                entry.recorded_at.astimezone(LEGAL_ZONE).isoformat(timespec="seconds"),
                entry.reason or "",
                *how,
            )
