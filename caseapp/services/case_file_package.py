"""What leaves the house of a bound case file: a volume, the list, or everything as one package that can be checked
without this system (docs/case_files.md).
"""

from __future__ import annotations

import io
import json
import zipfile

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.queries.bound_files import BindingLine
from caseapp.services.access_log import note_export

_EPOCH = (1980, 1, 1, 0, 0, 0)
PARTS = ("main", "side", "manifest", "package")


def part_of(ctx: Context, case_id: str, bound: BindingLine, part: str) -> tuple[bytes, str, str]:
    """Return content, MIME type and file name of a part, and note in the ledger who took it.

    part  main | side | manifest | package

    raises  NotFound where the file is not finished, ExternalError where a stored file is missing or changed
    """
    if not bound.finished or part not in PARTS:
        raise NotFound(Message(N_("案卷尚未装订完成")))
    content, media, name = _part(ctx, bound, part)
    note_export(ctx, "case_file", {"case": case_id, "file": bound.id, "part": part}, rows=bound.pages)
    return content, media, name


def _part(ctx: Context, bound: BindingLine, part: str) -> tuple[bytes, str, str]:
    files = ctx.ports.files
    if part == "main":
        return files.get(bound.main_sha256 or ""), "application/pdf", "正卷.pdf"
    if part == "side":
        return files.get(bound.side_sha256 or ""), "application/pdf", "副卷.pdf"
    manifest = files.get(bound.manifest_sha256 or "")
    if part == "manifest":
        return manifest, "application/json", "manifest.json"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (
            ("main.pdf", files.get(bound.main_sha256 or "")),
            ("side.pdf", files.get(bound.side_sha256 or "")),
            ("manifest.json", manifest),
            ("signature.json", json.dumps(bound.signature or {}, indent=1).encode()),
        ):
            package.writestr(zipfile.ZipInfo(name, _EPOCH), content)
    return target.getvalue(), "application/zip", "案卷.zip"
