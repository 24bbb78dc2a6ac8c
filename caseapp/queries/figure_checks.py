"""What the checks of the closure figures found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import select

from caseapp.context import Context
from caseapp.models.figure_check import FigureCheck


@dataclass(frozen=True, slots=True)
class LastCheck:
    """The latest check: how much was compared and how much of it was wrong (0: nothing)."""

    finished_at: datetime
    cases: int
    figures: int
    faults: int


def last_check(ctx: Context) -> LastCheck | None:
    """Return the latest check of the figures; None where there was none yet."""
    row = ctx.session.execute(
        select(FigureCheck.finished_at, FigureCheck.cases, FigureCheck.figures, FigureCheck.faults)
        .order_by(FigureCheck.known_at.desc())
        .limit(1)
    ).first()
    return None if row is None else LastCheck(row.finished_at, row.cases, row.figures, row.faults)


def first_digests(ctx: Context) -> Mapping[str, str]:
    """Return with which digest each version of a policy was first checked: 'R2@2026-1' -> 'sha256:…'."""
    text = ctx.session.execute(
        select(FigureCheck.policies).order_by(FigureCheck.known_at.desc()).limit(1)
    ).scalar_one_or_none()
    return {} if text is None else msgspec.json.decode(text, type=dict[str, str])
