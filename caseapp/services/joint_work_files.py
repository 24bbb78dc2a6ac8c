"""Files of a joint work: looked at and kept by their content before a word is written, given out to the organs that
take part and to nobody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, BinaryIO, Final

from sqlalchemy import insert

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.events import Json
from caseapp.domain.file_kinds import safe_name
from caseapp.models.joint_work_file import JointWorkFile
from caseapp.queries.joint_work import WorkFile, work_file
from caseapp.services.access_log import note_export
from caseapp.services.evidence_add import look_at
from caseapp.services.unit_of_work import Unit

MOST_FILES: Final = 5
MOST_BYTES: Final = 50 << 20
"""Of all files that come with one post together."""

Upload = tuple[str, IO[bytes]]
"""A file as it comes in: its name, and its content at the beginning."""


@dataclass(frozen=True, slots=True)
class KeptWorkFile:
    """A file in the store of evidence. digest: '<algorithm>:<hex>'; kind as in `domain.file_kinds`; size in bytes."""

    name: str
    digest: str
    kind: str
    size: int


def keep_files(ctx: Context, uploads: Sequence[Upload]) -> tuple[KeptWorkFile, ...]:
    """Keep what was uploaded; where one is refused the ones before it name nothing, and no post names them.

    raises  InputError (field 'files'): too many, together too large, empty, of a kind that is not taken, broken
    """
    if len(uploads) > MOST_FILES:
        raise InputError("files", Message(N_("一次最多附 %(n)s 个文件"), {"n": MOST_FILES}))
    found: list[KeptWorkFile] = []
    for name, content in uploads:
        with ctx.ports.evidence.receive(content) as came:
            if came.size + sum(one.size for one in found) > MOST_BYTES:
                raise InputError("files", Message(N_("附件合计不能超过 %(n)s MB"), {"n": MOST_BYTES >> 20}))
            kind = look_at(ctx, came, name)
            came.keep()
            found.append(KeptWorkFile(safe_name(name), came.digest, kind.id, came.size))
    return tuple(found)


def enter(unit: Unit, work_id: str, post: int, files: Sequence[KeptWorkFile]) -> None:
    """Enter the files of a post, in the order in which they came."""
    if files:
        unit.connection.execute(
            insert(JointWorkFile),
            [
                {
                    "work_id": work_id,
                    "post": post,
                    "place": place,
                    "name": file.name,
                    "digest": file.digest,
                    "kind": file.kind,
                    "size": file.size,
                }
                for place, file in enumerate(files, start=1)
            ],
        )


def digests(files: Sequence[KeptWorkFile]) -> dict[str, Json]:
    """Return what the ledger keeps of the files of a post; nothing where there are none."""
    return {"files": list[Json](file.digest for file in files)} if files else {}


def open_file(ctx: Context, work_id: str, post: int, place: int) -> tuple[WorkFile, BinaryIO]:
    """Return a file of a joint work, checked against its hash; that it went out is in the ledger.

    raises  NotFound (also: the reader's organ takes no part), FileChanged
    """
    found = work_file(ctx, work_id, post, place)
    file = ctx.ports.evidence.open(found.digest)
    try:
        note_export(ctx, "joint_work_file", {"work": work_id, "digest": found.digest}, rows=1)
    except BaseException:
        file.close()
        raise
    return found, file
