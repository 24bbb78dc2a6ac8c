"""Keeping the list "should have been transferred" at what the ledger says."""

from __future__ import annotations

from caseapp.context import Context
from caseapp.services.supervision_refresh import refresh_all


def run(ctx: Context) -> str:
    """Look at every case that was changed."""
    return f"cases {refresh_all(ctx)}"


def run_again(ctx: Context) -> str:
    """Look at every case: days, calendars and limits change without an entry."""
    return f"cases {refresh_all(ctx, again=True)}"
