"""Removing what has served its time."""

from __future__ import annotations

from caseapp.context import Context
from caseapp.services.tidying import tidy


def run(ctx: Context) -> str:
    """Remove old submissions, drafts, runs and messages."""
    removed = tidy(ctx)
    return (
        f"submissions {removed.submissions}, drafts {removed.drafts}, runs {removed.runs}, "
        f"messages {removed.messages}, mails {removed.mails}, uploads {removed.uploads}"
    )
