"""Minutes of a joint work as a paper: printed from what was written on the board, which nobody can change."""

from __future__ import annotations

from typing import Any, Final

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.events import legal_date
from caseapp.domain.joint_work import Answer, PostKind
from caseapp.queries.joint_work import Post, WorkPage, work_page
from caseapp.services.access_log import note_export

MINUTES: Final = "joint_minutes"
"""Kind of the paper."""


def minutes_pdf(ctx: Context, work_id: str, number: int) -> tuple[bytes, str]:
    """Return minutes as a PDF, and its file name; that it went out is in the ledger. The same minutes, the same bytes.

    number  of the post

    raises  NotFound (also: the reader's organ takes no part), DocumentNotReady, ExternalError where printing is missing
    """
    page = work_page(ctx, work_id)
    post = next((one for one in page.posts if one.number == number and one.kind is PostKind.MINUTES), None)
    if post is None:
        raise NotFound(Message(N_("没有这份纪要")))
    title = f"{page.kind.name['zh']}纪要"
    html = ctx.ports.pages.render_html(ctx.law.documents[MINUTES], _facts(page, post), preview=False)
    content = ctx.ports.pdf.render(html, title=title)
    note_export(ctx, "joint_minutes", {"work": work_id, "post": number}, rows=1)
    return content, f"{title}-{page.line.subject}.pdf"


def _facts(page: WorkPage, post: Post) -> dict[str, Any]:
    """Return what the paper says. Cases are left out: who may know of them differs among the organs."""
    taking_part = [one.name["zh"] for one in page.organs if one.answer is not Answer.DECLINED and not one.opener]
    recorded_on = legal_date(post.at).isoformat()
    return {
        "organ": {"name": post.organ["zh"]},
        "issued_on": recorded_on,
        "joint": {
            "kind": page.kind.name["zh"],
            "topic": page.line.topic["zh"],
            "subject": page.line.subject,
            "body": page.body,
            "opener": page.line.opener["zh"],
            "opened_on": page.line.opened_on.isoformat(),
            "organs": taking_part or [page.line.opener["zh"]],
            "recorded_on": recorded_on,
            "text": post.text,
            "files": [file.name for file in post.files],
        },
    }
