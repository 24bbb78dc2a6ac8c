"""Making up the e-mails of the day."""

from __future__ import annotations

from caseapp.context import Context
from caseapp.services.mails import make_up_digests


def run(ctx: Context) -> str:
    """Make up today's e-mails where that was not done yet."""
    return f"made up {make_up_digests(ctx)}"
