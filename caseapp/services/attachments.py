"""Files that another organ sends along with an act: looked at, and kept by their content.

Who may read them is who may read the act: its form, its papers and its files are disclosed together.
"""

from __future__ import annotations

from collections.abc import Sequence

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message, NotFound
from caseapp.domain.events import Entry
from caseapp.domain.workflow.attached import KeptFile, files_of
from caseapp.services.document_scan import SUFFIXES, media_of

MOST_FILES = 5
_LONGEST_NAME = 80


def keep(ctx: Context, contents: Sequence[tuple[str, bytes]]) -> tuple[KeptFile, ...]:
    """Keep what was uploaded: (name, content) each.

    raises  InputError (field 'files'): too many; one empty, too large, or no PDF, JPEG or PNG
    """
    if len(contents) > MOST_FILES:
        raise InputError("files", Message(N_("一次最多附 %(n)s 个文件"), {"n": MOST_FILES}))
    found = []
    for number, (name, content) in enumerate(contents, start=1):
        try:
            media = media_of(content)
        except InputError as error:
            raise InputError("files", error.message) from error
        found.append(KeptFile(_named(name, number, media), ctx.ports.files.put(content), media, len(content)))
    return tuple(found)


def content_of(ctx: Context, entries: Sequence[Entry], seq: int, sha256: str) -> tuple[bytes, str, str]:
    """Return a file of an act: content, MIME type, name. raises NotFound"""
    entry = next((item for item in entries if item.seq == seq), None)
    found = next((item for item in files_of(entry) if item.sha256 == sha256), None) if entry is not None else None
    if found is None:
        raise NotFound(Message(N_("没有这份文件")))
    return ctx.ports.files.get(found.sha256), found.media, found.name


def _named(name: str, number: int, media: str) -> str:
    """Return a name without a path, not too long, that ends as the content is."""
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0].strip()
    return f"{stem[:_LONGEST_NAME] or number}.{SUFFIXES[media]}"
