"""Charts of the outlook and of the signs: bands, curves and shares beside their base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from caseapp.web.supervisor.board_charts import AMBER, BLUE, Series, names_axis, target_line


def share_chart(names: Sequence[str], here: Series, base: Series) -> dict[str, object]:
    """Return pairs of lying bars: shares here, and the base rate beside each."""
    return {
        "grid": {"left": 8, "right": 32, "top": 32, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "icon": "roundRect", "itemWidth": 12, "itemHeight": 12},
        "tooltip": {"trigger": "axis"},
        "yAxis": names_axis(names, whole=True),
        "xAxis": {"type": "value", "max": 100, "axisLabel": {"formatter": "{value}%", "hideOverlap": True}},
        "series": [
            {
                "name": name,
                "type": "bar",
                "barMaxWidth": 9,
                "itemStyle": {"color": colour},
                "data": [
                    {"value": round((rate or 0.0) * 100, 1), "url": url} for rate, url in zip(rates, urls, strict=True)
                ],
            }
            for (name, rates, urls), colour in ((here, BLUE), (base, "#a8b6c9"))
        ],
    }


def band_chart(
    months: Sequence[str],
    rates: Sequence[float | None],
    ahead: Sequence[str],
    made: Sequence[tuple[float, float, float]],
    target: float | None,
) -> dict[str, object]:
    """Return the rate so far as a line, and what is forecast as a dashed line in a band.

    made  (expected, low, high) of each month ahead, shares of one; the first of them may be the present month
    """

    def shown(rate: float | None) -> float | None:
        return None if rate is None else round(rate * 100, 1)

    keys = [f"{number:02d}" for number in range(1, 13)]
    past = dict(zip(months, rates, strict=True))
    told = dict(zip(ahead, made, strict=True))
    before = months[-2] if len(months) > 1 and months[-1] in told else months[-1] if months else ""
    so_far = [shown(past.get(key)) if key not in told else None for key in keys]
    bridge = {before: (past.get(before) or 0.0,) * 3} if before and told and past.get(before) is not None else {}
    course = bridge | told
    line: dict[str, Any] = {
        "name": _("本年累计"),
        "type": "line",
        "data": so_far,
        "itemStyle": {"color": BLUE},
        "lineStyle": {"width": 2.5},
        "symbolSize": 7,
    }
    if target is not None:
        line["markLine"] = target_line(target, "yAxis", word_at="end")
    hidden = {"type": "line", "stack": "band", "symbol": "none", "silent": True, "lineStyle": {"opacity": 0}}
    return {
        "grid": {"left": 8, "right": 40, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "data": [_("本年累计"), _("预测"), _("90% 预测区间")]},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": keys},
        "yAxis": {"type": "value", "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "series": [
            line,
            {
                "name": _("预测"),
                "type": "line",
                "data": [shown(course[key][0]) if key in course else None for key in keys],
                "itemStyle": {"color": AMBER},
                "lineStyle": {"type": "dashed", "width": 2},
                "symbol": "diamond",
                "symbolSize": 8,
            },
            {
                **hidden,
                "name": _("下限"),
                "data": [shown(course[key][1]) if key in course else None for key in keys],
            },
            {
                **hidden,
                "name": _("90% 预测区间"),
                "itemStyle": {"color": AMBER},
                "areaStyle": {"color": AMBER, "opacity": 0.18},
                "data": [shown(course[key][2] - course[key][1]) if key in course else None for key in keys],
            },
        ],
    }


def curve_chart(curves: Mapping[str, Sequence[tuple[int, float]]]) -> dict[str, object]:
    """Return the shares of cases still open by days since filing, a stepped line for each procedure."""
    looks = ("solid", "dashed", "dotted")
    return {
        "grid": {"left": 8, "right": 32, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"type": "scroll", "top": 0, "left": 0, "right": 0},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "value", "name": _("天"), "nameLocation": "end", "nameGap": 4},
        "yAxis": {"type": "value", "max": 100, "axisLabel": {"formatter": "{value}%"}},
        "series": [
            {
                "name": name,
                "type": "line",
                "step": "end",
                "symbol": "none",
                "lineStyle": {"type": looks[number % len(looks)], "width": 2},
                "data": [[days, round(share * 100, 1)] for days, share in points],
            }
            for number, (name, points) in enumerate(sorted(curves.items()))
        ],
    }
