"""The letterheads of organs: what stands on top and at the end of their papers, and their usual phrases."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from caseapp.context import Context
from caseapp.domain.errors import N_, Message
from caseapp.models.letterhead import Letterhead
from caseapp.queries.users import names_of

PLACES: Mapping[str, Message] = {
    "approval": Message(N_("审批意见")),
    "interview_text": Message(N_("询问笔录")),
    "site_text": Message(N_("现场笔录")),
    "assistance_facts": Message(N_("协助调查函")),
    "correction_demand": Message(N_("责令改正通知书")),
}
"""Where usual phrases are offered: the approver's opinion, and fields of forms by their id."""


@dataclass(frozen=True, slots=True)
class LetterheadText:
    """One version. `head`, `signature`, `contact`: '' = as the organ is called, or nothing; phrases by place."""

    version: int = 0
    head: str = ""
    signature: str = ""
    contact: str = ""
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    made_by: str = ""
    made_at: datetime | None = None


def letterhead(ctx: Context, organ_id: str) -> LetterheadText:
    """Return the letterhead that papers issued now carry; version 0 where the organ never had one of its own."""
    row = ctx.session.execute(
        select(Letterhead.__table__).where(Letterhead.organ_id == organ_id).order_by(Letterhead.version.desc()).limit(1)
    ).first()
    return _text(row, {}) if row is not None else LetterheadText()


def letterheads(ctx: Context, organ_id: str) -> tuple[LetterheadText, ...]:
    """Return every version, the newest first."""
    rows = ctx.session.execute(
        select(Letterhead.__table__).where(Letterhead.organ_id == organ_id).order_by(Letterhead.version.desc())
    ).all()
    names = names_of(ctx, {row.made_by for row in rows})
    return tuple(_text(row, names) for row in rows)


def phrases_for(ctx: Context, organ_id: str, place: str) -> tuple[str, ...]:
    """Return the usual phrases of an organ for one place."""
    return letterhead(ctx, organ_id).phrases.get(place, ())


def _text(row: Row[Any], names: Mapping[str, str]) -> LetterheadText:
    told = json.loads(row.phrases)
    return LetterheadText(
        version=row.version,
        head=row.head,
        signature=row.signature,
        contact=row.contact,
        phrases={place: tuple(items) for place, items in told.items()},
        made_by=names.get(row.made_by, ""),
        made_at=row.made_at,
    )
