"""Carrying out what waits in the outbox."""

from __future__ import annotations

from caseapp.context import Context
from caseapp.services.outbox_dispatch import dispatch


def run(ctx: Context) -> str:
    """Print documents and deliver what else is due."""
    result = dispatch(ctx)
    return f"done {result.done}, failed {result.failed}"
