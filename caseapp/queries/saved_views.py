"""The views of the case list that a person has: own ones, and those shared with the organ; and the columns chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, or_, select

from caseapp.context import Context
from caseapp.domain.errors import N_, Message, NotFound
from caseapp.models.account import Account
from caseapp.models.list_columns import ListColumns
from caseapp.models.saved_view import SavedView

COLUMNS = (
    "right",
    "state",
    "due",
    "officer",
    "opened",
    "filed",
    "updated",
    "respondent",
    "organ",
    "division",
    "procedure",
    "source",
    "decided",
    "closed",
)
"""What the list can show beside the number and the name of a case, in this order."""
DEFAULT_COLUMNS = COLUMNS[:7]
CASES = "cases"
"""Name under which the columns of the case list are kept."""


@dataclass(frozen=True, slots=True)
class ViewShown:
    """A saved view. query: of the address; owner: name of who keeps it; shared: whether the organ sees it."""

    id: str
    name: str
    query: str
    owner: str
    own: bool
    shared: bool


def views_of(ctx: Context) -> tuple[ViewShown, ...]:
    """Return the actor's own views by name, then those that others share with the actor's organ."""
    found = [_shown(ctx, row) for row in ctx.rows(_VISIBLE, _seen_by(ctx))]
    return tuple(sorted(found, key=lambda view: (not view.own, view.name, view.id)))


def view_of(ctx: Context, view_id: str) -> ViewShown:
    """Return one view. raises NotFound, also where somebody else keeps it for himself"""
    row = ctx.rows(_VISIBLE.where(SavedView.id == view_id), _seen_by(ctx)).first()
    if row is None:
        raise NotFound(Message(N_("没有这个视图，可能已被删除或不再共享")))
    return _shown(ctx, row)


def columns_of(ctx: Context) -> tuple[str, ...]:
    """Return the columns that the actor has chosen, else the usual ones."""
    kept = ctx.rows(_COLUMNS_OF, {"of": ctx.actor.id}).scalar()
    return DEFAULT_COLUMNS if kept is None else known_columns(kept.split("|"))


def known_columns(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of the names that are columns, in the order of the list."""
    chosen = set(names)
    return tuple(name for name in COLUMNS if name in chosen)


_VISIBLE = (
    select(
        SavedView.id,
        SavedView.name,
        SavedView.query,
        SavedView.owner_id,
        SavedView.shared_with,
        Account.name.label("owner"),
    )
    .join(Account, Account.id == SavedView.owner_id)
    .where(or_(SavedView.owner_id == bindparam("of"), SavedView.shared_with == bindparam("of_organ")))
)
_COLUMNS_OF = select(ListColumns.columns).where(ListColumns.user_id == bindparam("of"), ListColumns.list_name == CASES)


def _seen_by(ctx: Context) -> dict[str, object]:
    return {"of": ctx.actor.id, "of_organ": ctx.actor.organ}


def _shown(ctx: Context, row: Row[Any]) -> ViewShown:
    return ViewShown(
        id=row.id,
        name=row.name,
        query=row.query,
        owner=row.owner,
        own=row.owner_id == ctx.actor.id,
        shared=row.shared_with is not None,
    )
