"""Definitions of procedures, read only: the list, and one version with its drawing and its tables."""

from __future__ import annotations

from flask import render_template, request, url_for
from markupsafe import Markup

from caseapp.domain.policies.policy_map import Permission
from caseapp.domain.workflow.diagram import draw
from caseapp.queries.law_book import ProcedurePage, procedure, procedures
from caseapp.web.admin.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow
from caseapp.web.shared.language import language


@blueprint.get("/admin/definitions")
@allow(Permission.DEFINITION_SEE)
def definitions() -> str:
    """Show every version of every definition."""
    return render_template("admin/definitions.html", rows=procedures(ctx()))


@blueprint.get("/admin/definitions/<procedure_id>")
@allow(Permission.DEFINITION_SEE)
def definition(procedure_id: str) -> str:
    """Show one version, the newest by default."""
    version = request.args.get("version", type=int)
    page = procedure(ctx(), procedure_id, version, state=request.args.get("state", ""))
    return render_template("admin/definition.html", page=page, drawing=_drawing(page))


def _drawing(page: ProcedurePage) -> Markup:
    """Return the drawing as markup: the drawer escapes every text that it takes from the definition."""
    shown = page.row.procedure
    links = {
        line.state.id: url_for(
            "admin.definition",
            procedure_id=shown.id,
            version=None if page.row.latest else shown.version,
            state=line.state.id,
            _anchor="actions",
        )
        for line in page.states
    }
    current = page.shown.id if page.shown else None
    return Markup(draw(shown, language=language(), current=current, links=links))  # noqa: S704
