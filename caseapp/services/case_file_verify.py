"""Checking the sealed files of a case against what is stored: signature, list, volumes and every item."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from caseapp.context import Context
from caseapp.domain.errors import ExternalError, FileChanged
from caseapp.domain.facts import CaseImage, SealedFile
from caseapp.queries.case_images import load
from caseapp.services.case_file_build import content_of


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing that is not as it was sealed."""

    file: str
    part: str
    reason: str


def verify(ctx: Context, case_id: str) -> tuple[int, tuple[Broken, ...]]:
    """Return how many sealed files a case has and what is wrong with them. raises NotFound"""
    image: CaseImage = load(ctx, case_id).image
    found = [broken for sealed in image.sealed_files for broken in _check(ctx, sealed)]
    return len(image.sealed_files), tuple(found)


def _check(ctx: Context, sealed: SealedFile) -> list[Broken]:
    manifest = _read(ctx, sealed.manifest)
    if manifest is None:
        return [Broken(sealed.id, "manifest", "missing or changed")]
    found = []
    own = sealed.public_key in ctx.ports.signer.public_keys()
    if not own:
        found.append(Broken(sealed.id, "signature", f"made with another key: {sealed.public_key}"))
    elif not ctx.ports.signer.verify(manifest, bytes.fromhex(sealed.signature), sealed.public_key):
        found.append(Broken(sealed.id, "signature", "does not fit the list"))
    told: Any = json.loads(manifest)
    for volume in told["volumes"]:
        wanted = volume["sha256"].removeprefix("sha256:")
        if wanted != getattr(sealed, volume["volume"]) or _read(ctx, wanted) is None:
            found.append(Broken(sealed.id, volume["volume"], "missing or changed"))
        found += [
            Broken(sealed.id, f"{volume['volume']}/{item['n']} {item['title']}", "missing or changed")
            for item in volume["items"]
            if _read(ctx, item["sha256"].removeprefix("sha256:"), item["kind"]) is None
        ]
    return found


def _read(ctx: Context, sha256: str, kind: str = "document") -> bytes | None:
    try:
        content = content_of(ctx, kind, sha256)
    except (ExternalError, FileChanged):
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None
