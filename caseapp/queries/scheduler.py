"""Whether a scheduler is alive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from caseapp.context import Context
from caseapp.models.setting import Setting

HEARTBEAT = "scheduler_heartbeat"
"""Name of the setting in which the scheduler that leads writes down the time, every few seconds."""


def lease(ctx: Context) -> datetime | None:
    """Return when the leading scheduler last gave a sign of life (aware, UTC); None where there never was one."""
    told = ctx.session.execute(select(Setting.value).where(Setting.name == HEARTBEAT)).scalar()
    return datetime.fromisoformat(told) if told else None
