"""Deadlines, amounts, limits of crime, documents, corrections and policies, read only, with where each stands."""

from __future__ import annotations

from flask import render_template, request

from caseapp.domain.metrics.policy import in_force
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.clock_book import clock_book
from caseapp.queries.correction_book import correction_rules as correction_rules_of
from caseapp.queries.law_book import amounts as amounts_of
from caseapp.queries.threshold_book import threshold_parts
from caseapp.web.admin.room import blueprint
from caseapp.web.shared.context import ctx, huhang
from caseapp.web.shared.guard import allow


@blueprint.get("/admin/rules/clocks")
@allow(Permission.DEFINITION_SEE)
def clock_rules() -> str:
    """Show every deadline with its versions."""
    confidence = request.args.get("confidence", "")
    return render_template("admin/clocks.html", book=clock_book(ctx(), confidence=confidence), confidence=confidence)


@blueprint.get("/admin/rules/amounts")
@allow(Permission.DEFINITION_SEE)
def amounts() -> str:
    """Show every number of the law with its versions."""
    return render_template("admin/amounts.html", lines=amounts_of(ctx()))


@blueprint.get("/admin/rules/thresholds")
@allow(Permission.DEFINITION_SEE)
def thresholds() -> str:
    """Show the limits from which an infringement is a crime."""
    return render_template("admin/thresholds.html", parts=threshold_parts(ctx()))


@blueprint.get("/admin/rules/documents")
@allow(Permission.DEFINITION_SEE)
def document_types() -> str:
    """Show every kind of document."""
    return render_template("admin/documents.html", types=list(huhang().documents.values()))


@blueprint.get("/admin/rules/corrections")
@allow(Permission.DEFINITION_SEE)
def correction_rules() -> str:
    """Show who may ask for corrections of the ledger, who signs them, and what a later act may lack."""
    return render_template("admin/corrections.html", rules=correction_rules_of(ctx()))


@blueprint.get("/admin/rules/metrics")
@allow(Permission.DEFINITION_SEE)
def metric_policies() -> str:
    """Show every policy by which closure rates are counted: what each milestone and manner does, and since when."""
    law = huhang().law
    return render_template(
        "admin/metrics.html",
        policies=[policy for policy_id in law.policies if (policy := law.policy(policy_id, ctx().today()))],
        versions=in_force(law.policy_versions),
        today=ctx().today(),
    )
