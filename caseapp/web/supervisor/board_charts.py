"""What the charts of the boards are given: options for ECharts without functions, each mark with its address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _

from caseapp.domain.metrics.proportions import Interval
from caseapp.web.shared.filters import percent

BLUE: Final = "#1f4e8c"
PALE: Final = "#6b87ab"
AMBER: Final = "#b45309"
RED: Final = "#c1121f"
GREEN: Final = "#2f7d4f"
GREY: Final = "#5f6b7c"
INK: Final = "#1b2433"
_BARE: Final = {"axisLine": {"show": False}, "axisTick": {"show": False}}
MOST_BARS: Final = 16
"""Bars that a chart draws; its table holds the others too."""


@dataclass(frozen=True, slots=True)
class RateLine:
    """A row of rates: a value, its fraction, how sure it is, and where its numbers lead."""

    name: str
    numerator: int
    denominator: int
    rate: float | None
    interval: Interval | None
    gap: int | None
    urls: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CountLine:
    """A row of counts: a value and, by measure, its number and where that leads."""

    name: str
    counts: Mapping[str, int]
    urls: Mapping[str, str]


def height_of(rows: int) -> str:
    """Return the height class of a chart with so many bars."""
    return "sm" if rows <= 2 else "md" if rows <= 8 else "lg"


def rate_chart(lines: Sequence[RateLine], target: float | None) -> dict[str, object]:
    """Return bars of rates with the interval of each as a thin bar over it, and the line of the target."""
    shown = [line for line in lines if line.rate is not None][:MOST_BARS]
    spans = [line.interval or Interval(0.0, 0.0) for line in shown]
    bars: dict[str, Any] = {
        "name": _("结案率"),
        "type": "bar",
        "barWidth": 14,
        "itemStyle": {"color": BLUE},
        "data": [
            {"value": round((line.rate or 0.0) * 100, 1), "url": line.urls["denominator"], "name": line.name}
            for line in shown
        ],
    }
    if target is not None:
        bars["markLine"] = target_line(target, "xAxis", word_at="start")
    return {
        "grid": {"left": 8, "right": 8, "top": 24, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "item"},
        "yAxis": [
            names_axis([line.name for line in shown]),
            {
                "type": "category",
                "inverse": True,
                "position": "right",
                "data": [f"{percent(line.rate)} ({line.numerator}/{line.denominator})" for line in shown],
                "axisLabel": {"interval": 0, "color": INK},
                **_BARE,
            },
        ],
        "xAxis": {
            "type": "value",
            "max": 100,
            "interval": 25,
            "axisLabel": {"formatter": "{value}%", "hideOverlap": True},
        },
        "series": [
            bars,
            {
                "type": "bar",
                "yAxisIndex": 1,  # an axis of its own: both bars lie in the middle of their row
                "stack": "interval",
                "barWidth": 3,
                "silent": True,
                "itemStyle": {"color": "transparent"},
                "data": [round(span.low * 100, 1) for span in spans],
            },
            {
                "name": _("95% 置信区间"),
                "type": "bar",
                "yAxisIndex": 1,
                "stack": "interval",
                "barWidth": 3,
                "silent": True,
                "itemStyle": {"color": AMBER},
                "data": [round((span.high - span.low) * 100, 1) for span in spans],
            },
        ],
    }


def count_chart(
    lines: Sequence[CountLine], measures: Sequence[tuple[str, str, str]], *, short: Sequence[str] = ()
) -> dict[str, object]:
    """Return lying bars of counts, stacked where there are several measures: (key, name, colour).

    short  names for the axis, where those of the lines are long; the tips of the bars keep the long ones
    """
    shown = lines[:MOST_BARS]
    several = len(measures) > 1
    return {
        "grid": {"left": 8, "right": 32, "top": 32 if several else 8, "bottom": 8, "containLabel": True},
        "legend": {
            "show": several,
            "type": "scroll",
            "top": 0,
            "left": 0,
            "right": 0,
            "icon": "roundRect",
            "itemWidth": 12,
            "itemHeight": 12,
        },
        "tooltip": {"trigger": "item"},
        "yAxis": names_axis(short[: len(shown)] or [line.name for line in shown]),
        "xAxis": {"type": "value", "minInterval": 1, "axisLabel": {"hideOverlap": True}},
        "series": [
            {
                "name": name,
                "type": "bar",
                "stack": "all",
                "barMaxWidth": 18,
                "itemStyle": {"color": colour},
                "label": {"show": not several, "position": "right", "color": INK},
                "data": [
                    {"value": line.counts.get(key, 0), "url": line.urls.get(key, ""), "name": line.name}
                    for line in shown
                ],
            }
            for key, name, colour in measures
        ],
    }


def days_chart(names: Sequence[str], medians: Sequence[float], p90s: Sequence[int]) -> dict[str, object]:
    """Return pairs of lying bars: median and 90th percentile in days."""
    pairs = ((_("中位数（天）"), medians, BLUE), (_("九成不超过（天）"), p90s, PALE))
    return {
        "grid": {"left": 8, "right": 24, "top": 32, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "icon": "roundRect", "itemWidth": 12, "itemHeight": 12},
        "tooltip": {"trigger": "axis"},
        "yAxis": names_axis(names),
        "xAxis": {"type": "value", "minInterval": 1},
        "series": [
            {"name": name, "type": "bar", "barMaxWidth": 8, "itemStyle": {"color": colour}, "data": list(days)}
            for name, days, colour in pairs
        ],
    }


Series = tuple[str, Sequence[float | None], Sequence[str]]
"""Name, shares of one by month (None: nothing to count), addresses."""


def trend_chart(*, bars: Series, this: Series, before: Series, target: float | None) -> dict[str, object]:
    """Return the rates of a year up to the end of each month as a line, with that of the year before as a dashed line
    behind, and those of the single months as pale bars.
    """

    def series(told: Series, kind: str, look: dict[str, Any]) -> dict[str, Any]:
        name, rates, urls = told
        marks = [
            {"value": None if rate is None else round(rate * 100, 1), "url": url}
            for rate, url in zip(rates, urls, strict=True)
        ]
        return {"name": name, "type": kind, "data": marks, **look}

    months = series(bars, "bar", {"itemStyle": {"color": "#c9d6e8"}, "barMaxWidth": 18})
    past = series(
        before,
        "line",
        {
            "itemStyle": {"color": GREY},
            "lineStyle": {"type": "dashed", "width": 1.5},
            "symbol": "rect",
            "symbolSize": 5,
        },
    )
    now = series(this, "line", {"itemStyle": {"color": BLUE}, "lineStyle": {"width": 2.5}, "symbolSize": 7})
    if target is not None:
        now["markLine"] = target_line(target, "yAxis", word_at="end")
    return {
        "grid": {"left": 8, "right": 40, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "type": "scroll"},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [f"{number:02d}" for number in range(1, 13)]},
        "yAxis": {"type": "value", "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "series": [months, past, now],
    }


def names_axis(names: Sequence[str], *, whole: bool = False) -> dict[str, object]:
    """Return the axis of lying bars with a name to each.

    whole  long names go on in a second line instead of being cut
    """
    return {
        "type": "category",
        "inverse": True,
        "data": list(names),
        "axisLabel": {"interval": 0, "width": 120, "overflow": "break" if whole else "truncate"},
        **_BARE,
    }


def target_line(target: float, axis: str, *, word_at: str) -> dict[str, object]:
    """Return the dashed line of a target (share of one) on an axis, its number at the start or the end."""
    return {
        "silent": True,
        "symbol": "none",
        "label": {"formatter": f"{target * 100:g}%", "position": word_at},
        "lineStyle": {"type": "dashed", "color": RED},
        "data": [{axis: target * 100}],
    }
