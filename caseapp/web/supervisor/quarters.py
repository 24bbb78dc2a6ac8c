"""Quarterly figures as they were frozen and signed, beside what is known of the same quarters today."""

from __future__ import annotations

import json

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from caseapp.domain.metrics.quarters import quarter_named
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.figure_snapshots import signed_document, snapshot, snapshots
from caseapp.services.access_log import note_export
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow
from caseapp.web.supervisor import blueprint
from caseapp.web.supervisor.asked import HEADLINE


@blueprint.get("/figures/quarters")
@allow(Permission.FIGURE_SEE)
def quarters() -> str:
    """List the frozen quarters."""
    return render_template("supervisor/quarters.html", lines=snapshots(ctx(), HEADLINE), headline=HEADLINE)


@blueprint.get("/figures/quarters/<quarter>")
@allow(Permission.FIGURE_SEE)
def quarter(quarter: str) -> ResponseReturnValue:
    """Show a frozen quarter beside today's figures."""
    return render_template("supervisor/quarter.html", found=snapshot(ctx(), quarter_named(quarter).name))


@blueprint.get("/figures/quarters/<quarter>.json")
@allow(Permission.FIGURE_EXPORT)
def quarter_json(quarter: str) -> Response:
    """Hand out the signed document with its signature; the export is in the ledger."""
    name = quarter_named(quarter).name
    document = signed_document(ctx(), name)
    note_export(ctx(), "figure_snapshot", {"quarter": name}, rows=1)
    answer = Response(json.dumps(document, ensure_ascii=False), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return answer
