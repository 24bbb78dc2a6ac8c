"""The outlook: how the closure rate will develop, with an interval, and how good such forecasts were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from flask import render_template

from caseapp.domain.metrics.forecast import LEAST_CLOSINGS, Survival
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.board import By
from caseapp.queries.board_rates import headline_policy, months_of, rate_of
from caseapp.queries.forecast import WEEK, Outlook, outlook
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow
from caseapp.web.supervisor import blueprint
from caseapp.web.supervisor.board_asked import board_question
from caseapp.web.supervisor.board_words import names_for
from caseapp.web.supervisor.boards import frame
from caseapp.web.supervisor.outlook_charts import band_chart, curve_chart

_MARKS: Final = (30, 60, 90, 180, 365)
"""Days at which the table tells what share is still open."""


@blueprint.get("/figures/forecast")
@allow(Permission.FIGURE_SEE)
def forecast() -> str:
    """Show the outlook."""
    asked = board_question()
    policy = headline_policy(ctx())
    target = float(policy.target) if policy.target is not None else None
    found = outlook(ctx(), asked)
    months, _before = months_of(ctx(), asked)
    names = names_for(By.PROCEDURE, found.curves)
    drawn = {names[procedure]: curve for procedure, curve in found.curves.items() if curve.closings}
    return render_template(
        "supervisor/forecast.html",
        **frame(asked),
        found=found,
        now=rate_of(ctx(), asked),
        warning=_warning(found, target),
        target=target,
        curves=[
            (name, curve, [curve.open_after(days // WEEK) for days in _MARKS]) for name, curve in sorted(drawn.items())
        ],
        marks=_MARKS,
        least=LEAST_CLOSINGS,
        day_at=lambda position: asked.today + timedelta(weeks=position),
        week=WEEK,
        rate_chart=band_chart(
            [month.key[5:] for month in months],
            [month.year.rate for month in months],
            [_key(one.day) for one in found.ahead],
            [(one.made.mean, one.made.low, one.made.high) for one in found.ahead],
            target,
        ),
        curve_chart=curve_chart({name: _steps(curve) for name, curve in drawn.items()}),
    )


def _warning(found: Outlook, target: float | None) -> str:
    """Return what the forecast for the end of the year says of the target: likely, open, unlikely; '' without one."""
    end = found.year_end
    if end is None or target is None:
        return ""
    if end.made.low >= target:
        return "likely"
    return "unlikely" if end.made.high < target else "open"


def _key(day: date) -> str:
    return f"{day.month:02d}"


def _steps(curve: Survival) -> Sequence[tuple[int, float]]:
    points: list[tuple[int, float]] = [(0, 1.0)]
    points += [(end * WEEK, share) for end, share in zip(curve.ends, curve.shares, strict=True)]
    return points
