"""Giving out what came in packages of a received referral, once it is open to the reader's organ."""

from __future__ import annotations

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.packages.conversation import StepKind, agreed
from caseapp.domain.workflow.attached import attached
from caseapp.queries.package_matters import Matter, files_of, received_matter
from caseapp.queries.referral_desk import shared_page
from caseapp.services import organ_keys
from caseapp.services.access_log import note_read
from caseapp.services.package_opening import item_of

_MEDIA = {"pdf": "application/pdf", "json": "application/json"}


def file_of(ctx: Context, of_id: str, item: str) -> tuple[bytes, str, str]:
    """Return content, MIME type and file name of what came along: the latest of that name.

    raises  NotFound, also before the receipt is signed
    """
    page = shared_page(ctx, of_id)
    if not page.received or item not in {one.item for one in page.files}:
        raise NotFound(Message(N_("没有这份文件")))
    kept = received_matter(ctx, of_id)
    line = next(one for one in reversed(files_of(kept)) if one.item == item)
    note_read(ctx, of_id, "package")
    ending = item.rpartition(".")[2]
    called = line.title.removesuffix(f".{ending}")  # pieces that nobody gave a title are called by their file
    name = f"{kept.reference} {called}.{ending}" if called else f"{kept.reference} {item}"
    return _content(ctx, kept, line.sequence, item), _MEDIA.get(ending, "application/octet-stream"), name


def paper_of(ctx: Context, of_id: str, document_id: str) -> tuple[bytes, str]:
    """Return a paper that came along, and its file name. raises NotFound, also before the receipt is signed"""
    page = shared_page(ctx, of_id)
    paper = next((one for one in page.papers if one.id == document_id), None)
    if not page.received or paper is None:
        raise NotFound(Message(N_("没有这份文书")))
    kept = received_matter(ctx, of_id)
    note_read(ctx, of_id, "package")
    for step in agreed(kept.house_steps):
        for one in step.body.get("papers", ()):
            if one["id"] == document_id:
                name = f"{paper.title}{' ' + paper.number if paper.number else ''}.pdf"
                return _content(ctx, kept, step.sequence, str(one["item"])), name
    raise NotFound(Message(N_("没有这份文书")))


def attached_of(ctx: Context, of_id: str, seq: int, sha256: str) -> tuple[bytes, str, str]:
    """Return content, MIME type and name of a file that came with an act. raises NotFound"""
    page = shared_page(ctx, of_id)
    found = next((file for act in page.acts if act.seq == seq for file in act.files if file.sha256 == sha256), None)
    if found is None:
        raise NotFound(Message(N_("没有这份文件")))
    note_read(ctx, of_id, "package")
    kept = received_matter(ctx, of_id)
    for one in kept.theirs:
        named = attached((one.step.body.get("payload") or {}).get("facts"))
        item = next((item_of(number, file) for number, file in enumerate(named, 1) if file.sha256 == sha256), None)
        if item is not None and one.step.kind is StepKind.ACT:
            return _content(ctx, kept, one.step.sequence, item), found.media, found.name
    return ctx.ports.files.get(found.sha256), found.media, found.name


def _content(ctx: Context, kept: Matter, sequence: int, item: str) -> bytes:
    package = ctx.ports.files.get(kept.theirs[sequence - 1].file_sha256)
    parcel = organ_keys.seals(ctx).check(package, organ_keys.ring(ctx).trusted())
    content = parcel.items.get(item)
    if content is None:
        raise NotFound(Message(N_("没有这份文件")))
    return content
