"""Counting every closure figure anew from the ledger."""

from __future__ import annotations

from caseapp.context import Context
from caseapp.services.closure_flows_join import join_flows
from caseapp.services.figure_check import check_figures
from caseapp.services.figure_snapshot import freeze_last


def run(ctx: Context) -> str:
    """Recount from the ledger and compare with what people are shown; differences are told to the administrators."""
    found = check_figures(ctx)
    return f"cases {found.cases}, figures {found.figures}, faults {found.faults}"


def run_freeze(ctx: Context) -> str:
    """Freeze the last quarter that is over, where that was not done."""
    if ctx.ports.keys is None:
        return "no keys to sign with"
    frozen = freeze_last(ctx)
    return f"frozen {frozen}" if frozen else "nothing to freeze"


def run_join(ctx: Context) -> str:
    """Join the sums by month, so that reading them stays as cheap as what is shown."""
    return f"rows joined {join_flows(ctx)}"
