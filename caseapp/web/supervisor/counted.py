"""The exact cases behind a number, as a page and as CSV."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.metrics.policy import Dimension
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.closure import CountedCase, counted_cases, policy_of
from caseapp.queries.figures import FigureQuestion
from caseapp.services.access_log import note_export
from caseapp.web.shared.context import ctx, huhang
from caseapp.web.shared.csv_files import csv_answer
from caseapp.web.shared.guard import allow
from caseapp.web.shared.labels import label
from caseapp.web.shared.language import say
from caseapp.web.supervisor import blueprint
from caseapp.web.supervisor.asked import asked, how_counted, how_heads

WHICH = ("numerator", "denominator", "open", "imprecise")
SHOWN = 200


@blueprint.get("/figures/cases")
@allow(Permission.FIGURE_SEE)
def counted() -> ResponseReturnValue:
    """Show the cases of one number."""
    question, which, row, cases = _cases()
    return render_template(
        "supervisor/counted.html",
        question=question,
        which=which,
        place=_place(row),
        cases=cases[:SHOWN],
        total=len(cases),
        policy=policy_of(ctx(), question.policy),
        as_of=question.as_of or question.period.last,
        known_at=question.known_at or ctx().now(),
    )


@blueprint.get("/figures/cases.csv")
@allow(Permission.FIGURE_EXPORT)
def counted_csv() -> Response:
    """Hand the cases of one number out; the export is in the ledger."""
    question, which, _row, cases = _cases()
    told = {name: text for name, text in request.args.items() if text}
    note_export(ctx(), "figure", {**told, "policy": question.policy, "which": which}, rows=len(cases))
    names = {case.division: say(huhang().divisions.name(case.division)) for case in cases}

    heads = [
        _("案号"),
        _("案件名称"),
        _("区划"),
        _("程序"),
        _("立案日期"),
        _("结案日期"),
        _("计入分子"),
        _("计入分母"),
        *how_heads(),
    ]
    how = how_counted(question)
    rows = (
        (
            case.key,
            case.title,
            names[case.division],
            case.procedure,
            case.filed_on.isoformat() if case.filed_on else "",
            case.closed_on.isoformat() if case.closed_on else "",
            "1" if case.in_numerator else "0",
            "1" if case.in_denominator else "0",
            *how,
        )
        for case in cases
    )
    return csv_answer(f"{question.policy}-{which}", heads, rows)


def _cases() -> tuple[FigureQuestion, str, dict[Dimension, str | None], tuple[CountedCase, ...]]:
    question = asked()
    which = request.args.get("which") or "denominator"
    if which not in WHICH:
        raise InputError("which", Message(N_("没有这种明细")))
    row: dict[Dimension, str | None] = {}
    if request.args.get("by"):
        try:
            row[Dimension(request.args["by"])] = request.args.get("value") or None
        except ValueError as wrong:
            raise InputError("by", Message(N_("没有这种明细"))) from wrong
    found = counted_cases(
        ctx(), question.policy, question.period, as_of=question.as_of, known_at=question.known_at, row=row
    )
    chosen = {
        "numerator": lambda case: case.in_numerator,
        "denominator": lambda case: case.in_denominator,
        "open": lambda case: case.in_denominator and not case.in_numerator,
        "imprecise": lambda case: case.is_imprecise,
    }[which]
    return question, which, row, tuple(case for case in found if chosen(case))


def _place(row: dict[Dimension, str | None]) -> str:
    """Return what the number is about, in words: a division, a type, a month."""
    words = []
    for dimension, value in row.items():
        if dimension is Dimension.DIVISION and value:
            words.append(say(huhang().divisions.name(value)))
        elif dimension is Dimension.IP_TYPE and value:
            words.append(label(value, "ip_type"))
        else:
            words.append(value or _("未注明"))
    return " · ".join(words)
