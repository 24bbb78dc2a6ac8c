"""A form that outlived its session, for the person who had typed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import select

from caseapp.context import Context
from caseapp.models.draft import Draft

PREFIX = "kept-"
KEPT_FOR = timedelta(hours=12)
"""Whoever signs in again within this time gets back what was typed: a working day."""


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What was typed.

    name    under which it is kept, '' where it is not kept but only shown again
    path    where the form was sent, with its query
    page    where it stood, '' where that is not known
    fields  name and text in the order in which they were sent
    """

    name: str
    path: str
    page: str
    fields: tuple[tuple[str, str], ...]


def purpose_of(name: str, user_id: str) -> str:
    """Return for what the content is sealed: under another name or for another person it opens nothing."""
    return f"{name}:{user_id}"


def kept_form(ctx: Context, name: str) -> KeptForm | None:
    """Return the form that the actor had typed, or None: another's, too old, or forgotten."""
    content = ctx.session.execute(
        select(Draft.content).where(
            Draft.id == name,
            Draft.id.startswith(PREFIX),
            Draft.user_id == ctx.actor.id,
            Draft.saved_at >= ctx.now() - KEPT_FOR,
        )
    ).scalar()
    if content is None:
        return None
    told: dict[str, Any] = msgspec.json.decode(ctx.ports.vault.open(content, purpose=purpose_of(name, ctx.actor.id)))
    fields = tuple((str(field), str(text)) for field, text in told["fields"])
    return KeptForm(name, told["path"], told["page"], fields)
