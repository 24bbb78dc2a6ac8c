"""Telling people that deadlines are near or past."""

from __future__ import annotations

from caseapp.context import Context
from caseapp.services.deadlines_watch import watch


def run(ctx: Context) -> str:
    """Tell what is due soon or overdue and was not told yet."""
    told = watch(ctx)
    return f"due soon {told.due_soon}, overdue {told.overdue}, lapsed {told.lapsed}"
