"""Where a change is judged a skipped test is a failed test."""

from __future__ import annotations

import pytest

from tests.support import skips


def skipped_report() -> pytest.TestReport:
    return pytest.TestReport(
        "a", ("a.py", 1, "a"), {}, "skipped", ("a.py", 1, "Skipped: browser: no Chromium"), "setup"
    )


def test_a_skip_becomes_a_failure_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    report = skipped_report()
    skips.refuse(report)
    assert report.outcome == "failed"
    assert "no Chromium" in str(report.longrepr)


def test_elsewhere_a_skip_stays_a_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    report = skipped_report()
    skips.refuse(report)
    assert report.outcome == "skipped"
