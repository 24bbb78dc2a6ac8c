"""Transfers to the police in figures, over the cases in sight."""

from __future__ import annotations

from typing import Final

from flask import Response, render_template

from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.transfer_figures import Sight
from caseapp.web.shared.guard import allow
from caseapp.web.shared.transfer_figures import Place, cases_file, cases_page, figures_page, figures_table
from caseapp.web.supervisor import blueprint

PLACE: Final = Place(
    Sight.CASES,
    "supervisor.transfers",
    "supervisor.transfers_csv",
    "supervisor.transfer_cases",
    "supervisor.transfer_cases_csv",
)


@blueprint.get("/figures/transfers")
@allow(Permission.FIGURE_SEE)
def transfers() -> str:
    """Show the figures of transfers."""
    return render_template("supervisor/transfers.html", **figures_page(PLACE))


@blueprint.get("/figures/transfers.csv")
@allow(Permission.FIGURE_EXPORT)
def transfers_csv() -> Response:
    """Hand out the figures by organ and offence."""
    return figures_table(PLACE)


@blueprint.get("/figures/transfers/cases")
@allow(Permission.FIGURE_SEE)
def transfer_cases() -> str:
    """Show the transfers behind one number."""
    return render_template("supervisor/transfer_cases.html", **cases_page(PLACE))


@blueprint.get("/figures/transfers/cases.csv")
@allow(Permission.FIGURE_EXPORT)
def transfer_cases_csv() -> Response:
    """Hand out the transfers behind one number."""
    return cases_file(PLACE)
