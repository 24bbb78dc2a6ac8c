"""The closure rate: one big figure, its parts, its course."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from caseapp.domain.events import LEGAL_ZONE
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.closure import visible_closure
from caseapp.queries.figure_checks import last_check
from caseapp.queries.figures import FigureQuestion, Figures, PartRow, figures
from caseapp.queries.restatement import restatement
from caseapp.web.shared.context import ctx
from caseapp.web.shared.filters import percent
from caseapp.web.shared.guard import allow
from caseapp.web.shared.labels import label
from caseapp.web.shared.language import say
from caseapp.web.supervisor import blueprint
from caseapp.web.supervisor.asked import asked
from caseapp.web.supervisor.restated import since_asked

_LISTED = 20
"""Cases listed on this page; the page of restatements lists more."""


@blueprint.get("/figures")
@allow(Permission.FIGURE_SEE)
def closure() -> str:
    """Show the closure rate for a period by a policy."""
    question = asked()
    found = figures(ctx(), question)
    since = since_asked().astimezone(LEGAL_ZONE)
    past = question.period.last < ctx().today() or bool(request.args.get("since"))
    past = past and since < (question.known_at or ctx().now())
    return render_template(
        "supervisor/closure.html",
        since=since,
        past=past,
        restated=restatement(ctx(), question, since, limit=_LISTED) if past else None,
        found=found,
        question=question,
        drill=lambda which, dimension="", value="": drill(question, which, dimension, value),
        division_chart=_division_chart(found, question),
        month_chart=_month_chart(found, question),
        today=ctx().today(),
        checked=last_check(ctx()),
        whole_city=not visible_closure(ctx()),
    )


def drill(question: FigureQuestion, which: str, dimension: str = "", value: str | None = "") -> str:
    """Return the address of the cases behind a number."""
    asked: dict[str, Any] = {
        "policy": question.policy,
        "from": question.period.first.isoformat(),
        "to": question.period.last.isoformat(),
        "as_of": question.as_of.isoformat() if question.as_of else None,
        "known_at": question.known_at.isoformat() if question.known_at else None,
        "which": which,
        "by": dimension or None,
        "value": value or None,
    }
    return url_for("supervisor.counted", **asked)


def name_of(part: PartRow, dimension: str) -> str:
    """Return what a part is called in the reader's language."""
    if dimension == "ip_type":
        return label(part.value, "ip_type")
    return say(part.name) or _("未注明")


def _target_line(found: Figures, axis: str = "yAxis", *, word_at: str = "end") -> dict[str, object]:
    if found.policy.target is None:
        return {}
    return {
        "markLine": {
            "silent": True,
            "symbol": "none",
            "label": {"formatter": f"{float(found.policy.target) * 100:g}%", "position": word_at},
            "lineStyle": {"type": "dashed", "color": "#c1121f"},
            "data": [{axis: float(found.policy.target) * 100}],
        }
    }


def _division_chart(found: Figures, question: FigureQuestion) -> dict[str, object]:
    bare = {"axisLine": {"show": False}, "axisTick": {"show": False}}
    rates = [percent(part.row.rate) for part in found.divisions]
    return {
        "grid": {"left": 8, "right": 8, "top": 24, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "item"},
        "yAxis": [
            {
                "type": "category",
                "inverse": True,
                "data": [name_of(part, "division") for part in found.divisions],
                "axisLabel": {"interval": 0, "width": 132, "overflow": "truncate"},
                **bare,
            },
            # The rates stand in a column of their own, where the line of the target does not cross them.
            {
                "type": "category",
                "inverse": True,
                "position": "right",
                "data": rates,
                "axisLabel": {"interval": 0, "color": "#1b2433", "fontWeight": 600},
                **bare,
            },
        ],
        "xAxis": {
            "type": "value",
            "max": 100,
            "interval": 25,
            "axisLabel": {"formatter": "{value}%", "hideOverlap": True},
        },
        "series": [
            {
                "type": "bar",
                "barMaxWidth": 18,
                "itemStyle": {"color": "#1f4e8c"},
                "data": [
                    {
                        "value": round((part.row.rate or 0) * 100, 1),
                        "url": drill(question, "denominator", "division", part.value),
                    }
                    for part in found.divisions
                ],
                **_target_line(found, "xAxis", word_at="start"),  # upside down: its start is on top
            }
        ],
    }


def _month_chart(found: Figures, question: FigureQuestion) -> dict[str, object]:
    return {
        "grid": {"left": 8, "right": 40, "top": 24, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [part.value for part in found.months]},
        "yAxis": {"type": "value", "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "series": [
            {
                "type": "line",
                "symbolSize": 7,
                "itemStyle": {"color": "#1f4e8c"},
                "data": [
                    {
                        "value": round(part.row.rate * 100, 1) if part.row.rate is not None else None,
                        "url": drill(question, "denominator", "month", part.value),
                    }
                    for part in found.months
                ],
                **_target_line(found),
            }
        ],
    }
