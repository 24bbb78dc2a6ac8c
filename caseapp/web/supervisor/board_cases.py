"""The cases behind a number of a board, as a page and as CSV."""

from __future__ import annotations

from flask import Response, render_template, request
from flask_babel import gettext as _

from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.board_cases import all_cases_behind
from caseapp.queries.board_cases import cases_behind as behind
from caseapp.services.access_log import note_export
from caseapp.web.shared.context import ctx, huhang
from caseapp.web.shared.csv_files import csv_answer
from caseapp.web.shared.guard import allow
from caseapp.web.shared.labels import label
from caseapp.web.shared.language import say
from caseapp.web.supervisor import blueprint
from caseapp.web.supervisor.board_asked import board_question, cell_asked
from caseapp.web.supervisor.board_words import cell_name, value_name
from caseapp.web.supervisor.boards import frame


@blueprint.get("/figures/board/cases")
@allow(Permission.FIGURE_SEE)
def board_cases() -> str:
    """Show the cases of one number."""
    asked, cell = board_question(), cell_asked()
    found = behind(ctx(), asked, cell)
    return render_template(
        "supervisor/board_cases.html",
        **frame(asked),
        title=cell_name(cell),
        place=value_name(cell),
        found=found,
        procedures=huhang().procedures,
    )


@blueprint.get("/figures/board/cases.csv")
@allow(Permission.FIGURE_EXPORT)
def board_cases_csv() -> Response:
    """Hand the cases of one number out; the export is in the ledger."""
    asked, cell = board_question(), cell_asked()
    lines = list(all_cases_behind(ctx(), asked, cell))
    note_export(ctx(), "board", {name: text for name, text in request.args.items() if text}, rows=len(lines))
    heads = [
        _("案号"),
        _("案件名称"),
        _("区划"),
        _("机关"),
        _("程序"),
        _("状态"),
        _("承办人"),
        _("立案日期"),
        _("结案日期"),
    ]
    rows = [
        (
            line.name,
            line.title,
            say(huhang().divisions.name(line.division)),
            line.organ,
            line.procedure,
            label(line.category, "category"),
            line.officer,
            line.filed_on.isoformat() if line.filed_on else "",
            line.closed_on.isoformat() if line.closed_on else "",
        )
        for line in lines
    ]
    return csv_answer("board-cases", heads, rows)
