"""Bound case files as the case page shows them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from caseapp.context import Context
from caseapp.domain.bound_file import Missing
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.domain.facts import CaseImage
from caseapp.models.bound_file import BoundFile
from caseapp.queries.case_fragments import fragments_of, missing_of
from caseapp.queries.users import names_of


@dataclass(frozen=True, slots=True)
class BindingLine:
    """One binding: asked for by whom and when, how far it is, and what came of it.

    state     waiting | building | built | sealed | failed
    outdated  whether the case has moved on since
    problems  what keeps it from being archival, by volume
    """

    id: str
    state: str
    requested_by: str
    requested_at: datetime
    done: int
    total: int
    pages: int
    outdated: bool
    error: str
    problems: Mapping[str, list[str]]
    main_sha256: str | None
    side_sha256: str | None
    manifest_sha256: str | None
    signature: Mapping[str, str] | None

    @property
    def under_way(self) -> bool:
        """Return whether it is still to be done."""
        return self.state in ("waiting", "building")

    @property
    def finished(self) -> bool:
        """Return whether its volumes can be opened."""
        return self.state in ("built", "sealed")


@dataclass(frozen=True, slots=True)
class CaseFilePart:
    """The card of the case file: what would be bound now, what is missing, and the newest binding."""

    fragments: int
    missing: tuple[Missing, ...]
    latest: BindingLine | None
    sealed: BindingLine | None


def case_file_part(ctx: Context, image: CaseImage) -> CaseFilePart:
    """Return the card of a case."""
    rows = ctx.session.execute(
        select(BoundFile.__table__)
        .where(BoundFile.case_id == image.id)
        .order_by(BoundFile.requested_at.desc(), BoundFile.id)
        .limit(20)
    ).all()
    names = names_of(ctx, {row.requested_by for row in rows})
    lines = [_line(row, names, image.version) for row in rows]
    reasons = json.loads(rows[0].reasons) if rows else {}
    return CaseFilePart(
        fragments=len(fragments_of(ctx, image)),
        missing=missing_of(ctx, image, reasons),
        latest=lines[0] if lines else None,
        sealed=next((line for line in lines if line.state == "sealed"), None),
    )


def binding(ctx: Context, case_id: str, file_id: str) -> BindingLine:
    """Return one binding of a case. raises NotFound"""
    row = ctx.session.execute(
        select(BoundFile.__table__).where(BoundFile.id == file_id, BoundFile.case_id == case_id)
    ).first()
    if row is None:
        raise NotFound(Message(N_("没有这份案卷")))
    return _line(row, names_of(ctx, {row.requested_by}), row.case_version or 0)


def _line(row: Row[Any], names: Mapping[str, str], version: int) -> BindingLine:
    sealing = 1 if row.state == "sealed" else 0  # sealing itself is one more entry of the case
    return BindingLine(
        id=row.id,
        state=row.state,
        requested_by=names.get(row.requested_by, ""),
        requested_at=row.requested_at,
        done=row.done,
        total=row.total,
        pages=row.pages,
        outdated=row.case_version is not None and row.case_version + sealing < version,
        error=row.error or "",
        problems=json.loads(row.problems),
        main_sha256=row.main_sha256,
        side_sha256=row.side_sha256,
        manifest_sha256=row.manifest_sha256,
        signature=json.loads(row.signature) if row.signature else None,
    )
