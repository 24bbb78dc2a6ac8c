"""What leaves the board of joint work: minutes as PDF, files that were put beside a post, the list."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from flask import Response, make_response, request, send_file
from flask_babel import gettext as _

from caseapp.domain.errors import InputError
from caseapp.domain.policies.policy_map import Permission
from caseapp.queries.joint_work import TABS, WorkLine, every_work
from caseapp.services import joint_minutes, joint_work_files
from caseapp.services.access_log import note_export
from caseapp.web.liaison.room import blueprint
from caseapp.web.shared.context import ctx
from caseapp.web.shared.csv_files import csv_answer
from caseapp.web.shared.guard import allow
from caseapp.web.shared.language import say

_SANDBOX = "default-src 'none'; sandbox"


@blueprint.get("/joint-work/<work_id>/posts/<int:number>/minutes.pdf")
@allow(Permission.JOINT_SEE)
def joint_minutes_pdf(work_id: str, number: int) -> Response:
    """Give out minutes as a paper. raises NotFound"""
    content, name = joint_minutes.minutes_pdf(ctx(), work_id, number)
    response = make_response(content)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f"inline; filename=\"minutes.pdf\"; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/joint-work/<work_id>/posts/<int:post>/files/<int:place>")
@allow(Permission.JOINT_SEE)
def joint_file(work_id: str, post: int, place: int) -> Response:
    """Give out a file to be saved, checked against its hash, and never as a page of this site. raises NotFound"""
    found, file = joint_work_files.open_file(ctx(), work_id, post, place)
    response = send_file(file, mimetype="application/octet-stream", as_attachment=True, download_name=found.name)
    response.headers["Content-Length"] = str(found.size)
    response.headers["Content-Security-Policy"] = _SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/joint-work.csv")
@allow(Permission.JOINT_SEE)
def joint_csv() -> Response:
    """Hand the list out as it is filtered; the export is in the ledger."""
    tab, kind, words = request.args.get("tab", "open"), request.args.get("kind") or None, request.args.get("q", "")
    if tab not in TABS:
        raise InputError("tab", "")
    lines = every_work(ctx(), tab=tab, kind=kind, words=words)
    note_export(ctx(), "joint_work", {name: text for name, text in request.args.items() if text}, rows=len(lines))
    heads = [
        _("事由"),
        _("类别"),
        _("衔接环节"),
        _("发起机关"),
        _("发起日期"),
        _("希望答复的日期"),
        _("办结日期"),
        _("状态"),
    ]
    return csv_answer("joint-work", heads, _cells(lines))


def _cells(lines: tuple[WorkLine, ...]) -> Iterator[tuple[str, ...]]:
    for line in lines:
        yield (
            line.subject,
            say(line.kind),
            say(line.topic),
            say(line.opener),
            line.opened_on.isoformat(),
            line.wanted_on.isoformat() if line.wanted_on is not None else "",
            line.closed_on.isoformat() if line.closed_on is not None else "",
            _state(line),
        )


def _state(line: WorkLine) -> str:
    if line.closed_on is not None:
        return _("已办结")
    if line.late:
        return _("逾期未答复")
    return _("待我机关答复") if line.mine else _("进行中")
