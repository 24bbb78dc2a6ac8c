"""The clocks of referrals that came as packages: folded from what came, for the lines of one page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from caseapp.context import Context
from caseapp.queries.case_clocks import ClockLine, clock_lines
from caseapp.queries.package_matters import matters_with, received_image


def clocks_of_matters(ctx: Context, ids: Collection[str]) -> Mapping[str, ClockLine]:
    """Return the clock that binds most of each matter that has one running, of those that acts between the organs
    started; nothing of one that was sent on. Whether the reader may see them was asked before.
    """
    found = {}
    for kept in matters_with(ctx, ids):
        seen = received_image(ctx, kept)
        if seen is None or any(share.organ == kept.peer_organ and share.until for share in seen.proceeding.shares[-1:]):
            continue
        shared = {rule for action in seen.procedure.actions if action.sends for rule in action.clocks.starts}
        lines = [line for line in clock_lines(ctx.law, seen.proceeding, ctx.now()) if line.rule in shared]
        running = [line for line in lines if line.live and line.due_on is not None]
        if running:
            found[kept.id] = min(running, key=lambda line: line.due_on or date.max)
    return found
