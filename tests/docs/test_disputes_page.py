"""docs/disputes.md says of every deadline of the two texts where it is kept, or why it is none of ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.workflows.walking import procedures, rules

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| ([DQ]\d\d) \| (.*) \| (.*) \| (.*) \|$", re.M)
ROWS = {row: (what, tests) for row, what, _, tests in ROW.findall((ROOT / "docs/disputes.md").read_text("utf-8"))}
GUARDED = {"D05", "D10", "D20", "D30"}
"""Rows to which the law gives no number: no clock runs for them."""


def named_by_procedures() -> set[str]:
    """Return the rows whose clock some shipped procedure starts, or some condition of one reads."""
    found: set[str] = set()
    for procedure in procedures().all():
        found.update(procedure.opening_clocks.starts)
        found.update(clock.rule for clock in procedure.opening_clocks.ran)
        for action in procedure.actions:
            found.update(action.clocks.starts, action.clocks.meets)
            for use in action.guards:
                rule = use.params.get("rule") or ()
                found.update([rule] if isinstance(rule, str) else rule)  # type: ignore[call-overload]
    return {rule[:3] for rule in found}


def test_the_page_has_every_row_of_both_texts() -> None:
    assert list(ROWS) == [f"D{n:02d}" for n in range(1, 31)] + [f"Q{n:02d}" for n in range(1, 16)]


@pytest.mark.parametrize("row", ROWS)
def test_what_the_page_says_of_a_row_is_so(row: str) -> None:
    what, tests = ROWS[row]
    outside = what.startswith("在外")
    numbered = any(rule.startswith(row) for rule in rules())
    assert numbered is not (row in GUARDED)
    assert (row in named_by_procedures()) is (numbered and not outside)
    assert bool(re.findall(r"`test_\w+`", tests)) is not outside


def test_every_test_that_the_page_names_is_there() -> None:
    written = "".join(
        path.read_text("utf-8")
        for folder in ("workflows", "services")
        for path in (ROOT / "tests" / folder).glob("*.py")
    )
    named = set(re.findall(r"`(test_\w+)`", " ".join(tests for _, tests in ROWS.values())))
    assert {name for name in named if f"def {name}(" not in written} == set()
