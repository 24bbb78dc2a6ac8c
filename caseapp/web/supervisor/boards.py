"""The supervisor's boards: overview, spread, cases in hand, strength."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import zip_longest
from typing import Any, Final

from flask import render_template, url_for
from flask_babel import gettext as _

from caseapp.domain.metrics.periods import Period
from caseapp.domain.metrics.policy import MetricPolicy
from caseapp.domain.metrics.proportions import wilson
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.board import SOON_DAYS, BoardQuestion, By, Measure, count_of, parts_of
from caseapp.queries.board_cases import Cell, Side
from caseapp.queries.board_rates import Month, Tally, headline_policy, months_of, rate_of, rates_by
from caseapp.queries.board_stays import state_times
from caseapp.queries.reach import ReachPlan, reach_plan
from caseapp.web.shared.context import ctx
from caseapp.web.shared.guard import allow
from caseapp.web.supervisor import blueprint
from caseapp.web.supervisor.board_asked import address_of, board_question, drill, filter_form
from caseapp.web.supervisor.board_charts import (
    AMBER,
    BLUE,
    GREEN,
    MOST_BARS,
    RED,
    CountLine,
    RateLine,
    count_chart,
    days_chart,
    height_of,
    rate_chart,
    trend_chart,
)
from caseapp.web.supervisor.board_words import dimension_name, measure_name, names_for, order_of, short_state

_SPREAD: Final = (By.DIVISION, By.IP_TYPE, By.PROCEDURE, By.SOURCE, By.CHANNEL, By.CAMPAIGN)
_NUMBERS: Final = (
    Measure.OPEN,
    Measure.OVERDUE,
    Measure.DUE_SOON,
    Measure.SUSPENDED,
    Measure.LEAD,
    Measure.FILED,
    Measure.CLOSED,
    Measure.REOPENED,
)


def frame(asked: BoardQuestion) -> dict[str, Any]:
    """Return what every board's page is given: the question, its filters, the policy and what it depends on."""
    return {
        "asked": asked,
        "address": address_of(asked),
        "filters": filter_form(asked),
        "policy": headline_policy(ctx()),
        "known_at": ctx().now(),
        "soon_days": SOON_DAYS,
    }


@blueprint.get("/figures/overview")
@allow(Permission.FIGURE_SEE)
def overview() -> str:
    """Show the headline, its course, and what stands."""
    asked = board_question()
    policy = headline_policy(ctx())
    total = rate_of(ctx(), asked)
    stages = _stages(asked)
    return render_template(
        "supervisor/overview.html",
        **frame(asked),
        total=total,
        gap=policy.gap(total.numerator, total.denominator),
        plan=_plan(asked),
        total_urls={side.value: drill(asked, Cell(side=side)) for side in Side},
        numbers=[
            (measure_name(one), count_of(ctx(), asked, one), drill(asked, Cell(measure=one)), one) for one in _NUMBERS
        ],
        stages=stages,
        stage_chart=count_chart(stages, [("all", _("案件数"), BLUE)]),
        **_trend(asked, policy),
    )


@blueprint.get("/figures/spread")
@allow(Permission.FIGURE_SEE)
def spread() -> str:
    """Show the rate by place, kind of right, procedure, source, channel and campaign."""
    asked = board_question()
    policy = headline_policy(ctx())
    target = float(policy.target) if policy.target is not None else None
    sections = []
    for by, found in rates_by(ctx(), asked, _SPREAD).items():
        lines = _rate_lines(asked, policy, by, found)
        sections.append((by.value, dimension_name(by), lines, rate_chart(lines, target), height_of(len(lines))))
    return render_template("supervisor/spread.html", **frame(asked), sections=sections)


@blueprint.get("/figures/in-hand")
@allow(Permission.FIGURE_SEE)
def in_hand() -> str:
    """Show the cases in hand: their states, age, deadlines and how long states lasted."""
    asked = board_question()
    groups = []
    for by, measure, colour in (
        (By.AGE, Measure.OPEN, BLUE),
        (By.DUE, Measure.OPEN, AMBER),
        (By.SUSPENDED_FOR, Measure.SUSPENDED, RED),
    ):
        lines = _counts(asked, by, (measure,))
        chart = count_chart(lines, [(measure.value, measure_name(measure), colour)])
        groups.append((by.value, dimension_name(by), measure, lines, chart))
    states = sorted(parts_of(ctx(), asked, Measure.OPEN, By.STATE), key=lambda part: _place_of(part.value))
    names = names_for(By.STATE, [part.value for part in states])
    state_lines = [
        CountLine(
            names[part.value],
            {"open": part.count},
            {"open": drill(asked, Cell(measure=Measure.OPEN, by=By.STATE, value=part.value))},
        )
        for part in states
    ]
    return render_template(
        "supervisor/in_hand.html",
        **frame(asked),
        groups=groups,
        states=state_lines,
        state_chart=count_chart(
            state_lines,
            [("open", _("在办案件"), BLUE)],
            short=[short_state(part.value) for part in states],
        ),
        **_times(asked),
    )


@blueprint.get("/figures/strength")
@allow(Permission.FIGURE_SEE)
def strength() -> str:
    """Show the load of organs and officers, reopenings and manners of closing."""
    asked = board_question()
    load = (Measure.OPEN, Measure.OVERDUE, Measure.DUE_SOON, Measure.FILED, Measure.CLOSED, Measure.REOPENED)
    tables = []
    for by in (By.ORGAN, By.OFFICER):
        lines = _counts(asked, by, load)
        drawn = [_timely(line) for line in lines]
        chart = count_chart(
            drawn,
            [
                ("overdue", measure_name(Measure.OVERDUE), RED),
                ("due_soon", measure_name(Measure.DUE_SOON), AMBER),
                ("rest", _("其余在办"), BLUE),
            ],
        )
        tables.append((by.value, dimension_name(by), lines, chart, height_of(len(lines))))
    manners = _counts(asked, By.MANNER, (Measure.CLOSED,))
    return render_template(
        "supervisor/strength.html",
        **frame(asked),
        load=[(one.value, measure_name(one)) for one in load],
        tables=tables,
        manners=manners,
        manner_height=height_of(len(manners)),
        manner_chart=count_chart(manners, [("closed", measure_name(Measure.CLOSED), GREEN)]),
    )


def _plan(asked: BoardQuestion) -> ReachPlan | None:
    """Return what to close by the end of the year; None for a period of another year."""
    end = asked.today.replace(month=12, day=31)
    return reach_plan(ctx(), asked, end) if asked.cut.year == end.year else None


def _timely(line: CountLine) -> CountLine:
    """Return a line whose open cases are parted into overdue, due soon and the rest."""
    rest = line.counts["open"] - line.counts["overdue"] - line.counts["due_soon"]
    return CountLine(line.name, {**line.counts, "rest": rest}, {**line.urls, "rest": line.urls["open"]})


def _rate_lines(asked: BoardQuestion, policy: MetricPolicy, by: By, found: Any) -> list[RateLine]:
    names = names_for(by, found)
    lines = [
        RateLine(
            name=names[value],
            numerator=tally.numerator,
            denominator=tally.denominator,
            rate=tally.rate,
            interval=_interval(tally),
            gap=policy.gap(tally.numerator, tally.denominator),
            urls={side.value: drill(asked, Cell(side=side, by=by, value=value)) for side in Side},
        )
        for value, tally in found.items()
        if tally.numerator or tally.denominator
    ]
    # What is surely low comes first: the upper end of the interval, so that one open case of one does not lead.
    return sorted(lines, key=lambda line: (line.interval.high if line.interval else 2.0, line.rate or 0.0, line.name))


def _interval(tally: Tally) -> Any:
    # R1 may exceed 1 and has no such interval; the headline never does.
    return wilson(tally.numerator, tally.denominator) if tally.numerator <= tally.denominator else None


def _counts(asked: BoardQuestion, by: By, measures: Sequence[Measure]) -> list[CountLine]:
    """Return the rows of a table of counts, a column for each measure."""
    counts: dict[str, dict[Measure, int]] = {}
    for measure in measures:
        for part in parts_of(ctx(), asked, measure, by):
            counts.setdefault(part.value, {})[measure] = part.count
    names = names_for(by, counts)
    fixed = order_of(by)
    return [
        CountLine(
            names[value],
            {one.value: counts[value].get(one, 0) for one in measures},
            {one.value: drill(asked, Cell(measure=one, by=by, value=value)) for one in measures},
        )
        for value in ([value for value in fixed if value in counts] if fixed else counts)
    ]


def _stages(asked: BoardQuestion) -> list[CountLine]:
    """Return the stages of a case, each with the number that a measure of its own gives, under one name."""
    found = []
    for measure in (Measure.LEAD, Measure.OPEN, Measure.CLOSED):
        for line in _counts(asked, By.CATEGORY, (measure,)):
            found.append(CountLine(line.name, {"all": line.counts[measure]}, {"all": line.urls[measure]}))
    return found


def _trend(asked: BoardQuestion, policy: MetricPolicy) -> dict[str, Any]:
    this, before = months_of(ctx(), asked)
    year = asked.cut.year
    target = float(policy.target) if policy.target is not None else None
    rates = {
        "month": [row.month.rate for row in this],
        "this": [row.year.rate for row in this],
        "before": [row.year.rate for row in before],
    }

    def urls(rows: Sequence[Month], *, alone: bool) -> list[str]:
        return [_month_url(asked, row, Side.DENOMINATOR, alone=alone) for row in rows]

    return {
        "year": year,
        "trend_rows": list(zip_longest(before, this)),
        "month_url": lambda row, side, alone: _month_url(asked, row, Side(side), alone=alone),
        "trend_chart": trend_chart(
            bars=(_("%(y)s 年当月", y=year), rates["month"], urls(this, alone=True)),
            this=(_("%(y)s 年累计", y=year), rates["this"], urls(this, alone=False)),
            before=(_("%(y)s 年累计", y=year - 1), rates["before"], urls(before, alone=False)),
            target=target,
        ),
    }


def _month_url(asked: BoardQuestion, row: Month, side: Side, *, alone: bool) -> str:
    """Return the address of the cases of one month alone, or of the year up to its end."""
    if alone:
        return drill(asked, Cell(side=side, month=row.key))
    first = date.fromisoformat(f"{row.key}-01")
    return drill(replace(asked, period=Period(first.replace(month=1), row.last)), Cell(side=side))


def _place_of(place: str) -> tuple[str, int]:
    """Return where a state stands in its procedure."""
    procedure, _slash, state = place.partition("/")
    known = ctx().law.procedures
    states = [one.id for one in known.get(procedure).states] if procedure in known else []
    return procedure, states.index(state) if state in states else len(states)


def _times(asked: BoardQuestion) -> dict[str, Any]:
    found = state_times(ctx(), asked)
    places = sorted(found.spreads, key=_place_of)
    # A chart of every state of every procedure could not be read: it draws the procedure with the most cases.
    counted: dict[str, int] = {}
    for place, one in found.spreads.items():
        procedure = place.partition("/")[0]
        counted[procedure] = max(counted.get(procedure, 0), one.count)
    chosen = max(counted, key=lambda procedure: counted[procedure], default="")
    often = sorted(
        (place for place in places if place.partition("/")[0] == chosen), key=lambda place: -found.spreads[place].count
    )
    drawn = sorted(often[:MOST_BARS], key=_place_of)
    names = names_for(By.STATE, places)
    return {
        "times": [
            (names[place], found.spreads[place], drill(asked, Cell(stayed=True, value=place))) for place in places
        ],
        "time_cases": found.cases,
        "time_of": names_for(By.PROCEDURE, [chosen])[chosen] if chosen else "",
        "time_chart": days_chart(
            [short_state(place) for place in drawn],
            [found.spreads[place].median_days for place in drawn],
            [found.spreads[place].p90_days for place in drawn],
        ),
        "time_height": height_of(len(drawn)),
        "overdue_url": url_for("supervisor.overdue"),
    }
