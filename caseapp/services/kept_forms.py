"""Keeping a form that was sent after its session had ended: sealed, and for the person whose session it was alone."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import msgspec
from sqlalchemy import delete, insert, select

from caseapp.context import Context
from caseapp.models.draft import Draft
from caseapp.queries.kept_forms import PREFIX, purpose_of
from caseapp.services.unit_of_work import unit_of_work

KEPT_BYTES = 200_000
"""A form is kept up to this size."""
KEPT_FORMS = 10
"""So many of one person; the oldest gives way."""
LONGEST_PLACE = 200


def keep_form(ctx: Context, user_id: str, *, path: str, page: str, fields: Sequence[tuple[str, str]]) -> str:
    """Keep what was typed and return the name under which its person gets it back; '' where it is too much to keep.

    path  where the form was sent
    page  where the form stood; '' where that is not known
    """
    content = msgspec.json.encode({"path": path, "page": page, "fields": list(fields)})
    if len(content) > KEPT_BYTES:
        return ""
    name = PREFIX + secrets.token_hex(24)
    sealed = ctx.ports.vault.seal(content, purpose=purpose_of(name, user_id))
    with unit_of_work(ctx) as unit:
        unit.connection.execute(
            insert(Draft),
            {
                "id": name,
                "user_id": user_id,
                "place": path[:LONGEST_PLACE],
                "content": sealed,
                "saved_at": ctx.now(),
            },
        )
        newest = (
            select(Draft.id)
            .where(Draft.user_id == user_id, Draft.id.startswith(PREFIX))
            .order_by(Draft.saved_at.desc(), Draft.id)
            .limit(KEPT_FORMS)
        )
        kept = [name, *unit.connection.execute(newest).scalars()]
        unit.connection.execute(
            delete(Draft).where(Draft.user_id == user_id, Draft.id.startswith(PREFIX), Draft.id.not_in(kept))
        )
    return name


def drop_form(ctx: Context, name: str) -> None:
    """Forget a form that the actor does not want back."""
    with unit_of_work(ctx) as unit:
        unit.connection.execute(delete(Draft).where(Draft.id == name, Draft.user_id == ctx.actor.id))
