"""Where a change is judged (CI=true) nothing may be skipped: every skip becomes a failure that says why."""

from __future__ import annotations

import os

import pytest


def nothing_may_be_skipped() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def refuse(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skipped report into a failed one where nothing may be skipped; expected failures stay."""
    if not (report.skipped and nothing_may_be_skipped()) or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"nothing may be skipped here (CI is set), but this was: {reason}"
