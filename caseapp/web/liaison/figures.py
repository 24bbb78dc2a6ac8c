"""Transfers in figures, over what was sent to the reader's organ and from the acts that it knows of."""

from __future__ import annotations

from typing import Final

from flask import Response, render_template

from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.transfer_figures import Sight
from caseapp.web.liaison.room import blueprint
from caseapp.web.shared.guard import allow
from caseapp.web.shared.transfer_figures import Place, cases_file, cases_page, figures_page, figures_table

PLACE: Final = Place(
    Sight.SHARED, "liaison.figures", "liaison.figures_csv", "liaison.figure_cases", "liaison.figure_cases_csv"
)


@blueprint.get("/referrals/figures")
@allow(Permission.REFERRAL_LIST)
def figures() -> str:
    """Show the figures of what was sent here."""
    return render_template("liaison/figures.html", **figures_page(PLACE))


@blueprint.get("/referrals/figures.csv")
@allow(Permission.REFERRAL_LIST)
def figures_csv() -> Response:
    """Hand out the figures by organ and offence."""
    return figures_table(PLACE)


@blueprint.get("/referrals/figures/cases")
@allow(Permission.REFERRAL_LIST)
def figure_cases() -> str:
    """Show the transfers behind one number."""
    return render_template("liaison/figure_cases.html", **cases_page(PLACE))


@blueprint.get("/referrals/figures/cases.csv")
@allow(Permission.REFERRAL_LIST)
def figure_cases_csv() -> Response:
    """Hand out the transfers behind one number."""
    return cases_file(PLACE)
