"""Keeping views of the case list under a name, and the columns that a person sees."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from caseapp.context import Context
from caseapp.domain.errors import N_, InputError, Message, NotFound, RuleRefused
from caseapp.domain.policies.permits import require
from caseapp.domain.policies.policy_map import Permission
from caseapp.models.list_columns import ListColumns
from caseapp.models.saved_view import SavedView
from caseapp.queries.saved_views import CASES, known_columns
from caseapp.services.case_store import require_text
from caseapp.services.unit_of_work import unit_of_work

LONGEST_NAME = 20
LONGEST_QUERY = 2000
MOST_VIEWS = 20
"""So many views a person may keep: more are no tabs any more."""

_SQLITE, _POSTGRES = sqlite.insert(ListColumns), postgresql.insert(ListColumns)
_KEYS = ["user_id", "list_name"]
_KEEP = {
    "sqlite": _SQLITE.on_conflict_do_update(index_elements=_KEYS, set_={"columns": _SQLITE.excluded.columns}),
    "postgresql": _POSTGRES.on_conflict_do_update(index_elements=_KEYS, set_={"columns": _POSTGRES.excluded.columns}),
}


def save(ctx: Context, name: str, query: str) -> str:
    """Keep a view. Returns its id. raises InputError (no name, one that is taken, too long), RuleRefused (too many)"""
    name = require_text("name", name, LONGEST_NAME)
    if len(query) > LONGEST_QUERY:
        raise InputError("name", Message(N_("筛选条件过长，不能存为视图")))
    own = select(func.count()).select_from(SavedView).where(SavedView.owner_id == ctx.actor.id)
    if ctx.session.execute(own).scalar_one() >= MOST_VIEWS:
        raise RuleRefused(Message(N_("每人最多保存 %(n)s 个视图，请先删去不用的"), {"n": MOST_VIEWS}))
    view_id = secrets.token_hex(16)
    row = {
        "id": view_id,
        "owner_id": ctx.actor.id,
        "name": name,
        "query": query,
        "shared_with": None,
        "created_at": ctx.now(),
    }
    try:
        with unit_of_work(ctx) as unit:
            unit.connection.execute(insert(SavedView), row)
    except IntegrityError:
        raise _taken(name) from None
    return view_id


def rename(ctx: Context, view_id: str, name: str) -> None:
    """Give an own view another name. raises NotFound, InputError"""
    name = require_text("name", name, LONGEST_NAME)
    try:
        _change(ctx, view_id, name=name)
    except IntegrityError:
        raise _taken(name) from None


def set_filters(ctx: Context, view_id: str, query: str) -> None:
    """Let an own view show something else. raises NotFound, InputError"""
    if len(query) > LONGEST_QUERY:
        raise InputError("name", Message(N_("筛选条件过长，不能存为视图")))
    _change(ctx, view_id, query=query)


def share(ctx: Context, view_id: str, *, with_organ: bool) -> None:
    """Share an own view with the actor's organ, or keep it to oneself again. raises NotPermitted, NotFound"""
    require(ctx.actor.roles, Permission.VIEW_SHARE)
    _change(ctx, view_id, shared_with=ctx.actor.organ if with_organ else None)


def remove(ctx: Context, view_id: str) -> None:
    """Remove an own view. raises NotFound"""
    with unit_of_work(ctx) as unit:
        gone = unit.connection.execute(
            delete(SavedView).where(SavedView.id == view_id, SavedView.owner_id == ctx.actor.id)
        )
    if gone.rowcount != 1:
        raise _unknown()


def choose_columns(ctx: Context, names: Iterable[str]) -> tuple[str, ...]:
    """Keep which columns of the case list the actor sees; unknown names are left out. Returns those kept."""
    columns = known_columns(names)
    with unit_of_work(ctx) as unit:
        unit.connection.execute(
            _KEEP[unit.connection.dialect.name],
            {"user_id": ctx.actor.id, "list_name": CASES, "columns": f"|{'|'.join(columns)}|"},
        )
    return columns


def _change(ctx: Context, view_id: str, **values: str | None) -> None:
    with unit_of_work(ctx) as unit:
        changed = unit.connection.execute(
            update(SavedView).where(SavedView.id == view_id, SavedView.owner_id == ctx.actor.id).values(**values)
        )
    if changed.rowcount != 1:
        raise _unknown()


def _taken(name: str) -> InputError:
    return InputError("name", Message(N_("您已有名为“%(name)s”的视图"), {"name": name}))


def _unknown() -> NotFound:
    return NotFound(Message(N_("没有这个视图，可能已被删除或不再共享")))
