"""The packages of an organ's cases, whatever case they are about: what was written last, and what was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, literal, select, tuple_

from caseapp.context import Context
from caseapp.db import table_of
from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.workflow.definition import Text
from caseapp.models.case_file import CaseFile
from caseapp.models.package_matter import PackageMatter
from caseapp.models.package_refusal import PackageRefusal
from caseapp.queries.case_page import organ_name
from caseapp.queries.visibility import visible_cases

PAGE = 50
REFUSALS = 20
"""Refused packages that are shown, the last first."""
Words = Mapping[str, str]
Key = tuple[str, str]
"""(instant of the last change, as text, and the id of the matter) of an edge row."""


@dataclass(frozen=True, slots=True)
class HouseLine:
    """What is written to and fro about one proceeding of a case that the reader sees."""

    case_id: str
    number: str
    title: str
    organ: Words
    procedure: Text
    state: Text
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A package that was refused, and whose sender is to be told. digest: by which its refusal is given out"""

    digest: str
    sender: Words
    why: Words
    refused_at: datetime


@dataclass(frozen=True, slots=True)
class HousePage:
    """One page, the last change first. before, after: keys of its edge rows where more lie beyond."""

    lines: tuple[HouseLine, ...]
    before: Key | None
    after: Key | None


_M = table_of(PackageMatter).c
_CASE = table_of(CaseFile).c


def house_packages(
    ctx: Context, *, after: Key | None = None, before: Key | None = None, limit: int = PAGE
) -> HousePage:
    """Return one page of the packages of cases that the reader sees in his organ. raises InputError (no such key)"""
    keys = (_M.changed_at, _M.id)
    query = (
        select(
            _M.id, _M.case_id, _M.peer_organ, _M.procedure, _M.version, _M.state, _M.changed_at,
            _CASE.number, _CASE.lead_number, _CASE.external_id, _CASE.title,
        )
        .join(table_of(CaseFile), _CASE.id == _M.case_id)
        .where(_M.house == ctx.actor.organ, visible_cases(ctx))
    )  # fmt: skip
    edge = _edge(before or after)
    if edge is not None:
        here, there = tuple_(*keys), tuple_(literal(edge[0], _M.changed_at.type), literal(edge[1]))
        query = query.where(here > there if before else here < there)
    ordered = query.order_by(*(key.asc() if before else key.desc() for key in keys)).limit(limit + 1)
    found: Sequence[Row[Any]] = ctx.rows(ordered).all()
    more = len(found) > limit
    shown = list(reversed(found[:limit])) if before else list(found[:limit])
    earlier, later = (more, True) if before else (after is not None, more)
    return HousePage(
        lines=tuple(_line(ctx, row) for row in shown),
        before=_key(shown[0]) if shown and earlier else None,
        after=_key(shown[-1]) if shown and later else None,
    )


def refused_packages(ctx: Context) -> tuple[RefusedLine, ...]:
    """Return what was refused of packages to the reader's organ and has not been taken in since."""
    rows = ctx.session.execute(
        select(PackageRefusal)
        .where(PackageRefusal.receiver == ctx.actor.organ)
        .order_by(PackageRefusal.refused_at.desc(), PackageRefusal.digest)
        .limit(REFUSALS)
    ).scalars()
    return tuple(
        RefusedLine(row.digest, organ_name(ctx, row.sender), {"zh": row.zh, "en": row.en}, row.refused_at)
        for row in rows
    )


def _line(ctx: Context, row: Row[Any]) -> HouseLine:
    procedure = ctx.law.procedures.pinned(row.procedure, row.version)
    return HouseLine(
        case_id=row.case_id,
        number=row.number or row.lead_number or row.external_id or row.case_id,
        title=row.title,
        organ=organ_name(ctx, row.peer_organ),
        procedure=procedure.name,
        state=procedure.state(row.state).name,
        changed_at=row.changed_at,
    )


def _key(row: Row[Any]) -> Key:
    return row.changed_at.isoformat(), row.id


def _edge(key: Key | None) -> tuple[datetime, str] | None:
    if key is None:
        return None
    try:
        instant = datetime.fromisoformat(key[0])
        if instant.tzinfo is None:
            raise ValueError
    except ValueError:
        raise InputError("after", Message(N_("分页位置无效，请从第一页重新打开"))) from None
    return instant, key[1]
