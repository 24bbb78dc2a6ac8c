from __future__ import annotations

from datetime import date

import pytest

from caseapp.domain.facts import ExtensionRecord, PauseRecord
from caseapp.domain.metrics.intervals import extensions, pauses
from tests.domain.metrics.builders import milestone


def _pause(reason: str, first: str, until: str | None) -> PauseRecord:
    return PauseRecord(reason, date.fromisoformat(first), date.fromisoformat(until) if until else None)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param([], [], id="nothing happened"),
        pytest.param(
            ["suspended 2025-04-01", "resumed 2025-04-21"],
            [_pause("suspension", "2025-04-01", "2025-04-21")],
            id="suspended until the day before it resumed",
        ),
        pytest.param(["suspended 2025-04-01"], [_pause("suspension", "2025-04-01", None)], id="still suspended"),
        pytest.param(["resumed 2025-04-01"], [], id="resumed without suspension"),
        pytest.param(
            ["excluded_from 2025-04-01 appraisal", "excluded_until 2025-04-21"],
            [_pause("appraisal", "2025-04-01", "2025-04-21")],
            id="an end without a reason ends the running exclusion",
        ),
        pytest.param(
            ["excluded_from 2025-04-01", "excluded_until 2025-04-21"],
            [_pause("other", "2025-04-01", "2025-04-21")],
            id="an exclusion without a reason",
        ),
        pytest.param(
            [
                "excluded_from 2025-04-01 appraisal",
                "excluded_from 2025-04-05 hearing",
                "excluded_until 2025-04-10 appraisal",
                "excluded_until 2025-04-21 hearing",
            ],
            [_pause("appraisal", "2025-04-01", "2025-04-10"), _pause("hearing", "2025-04-05", "2025-04-21")],
            id="exclusions side by side are paired by reason",
        ),
        pytest.param(
            ["excluded_from 2025-04-01 appraisal", "excluded_until 2025-04-10 hearing"],
            [_pause("appraisal", "2025-04-01", None)],
            id="an end of another reason ends nothing",
        ),
        pytest.param(
            ["suspended 2025-04-01", "excluded_from 2025-04-05 appraisal", "excluded_until 2025-04-10"],
            [_pause("suspension", "2025-04-01", None), _pause("appraisal", "2025-04-05", "2025-04-10")],
            id="the end of an exclusion does not resume a suspension",
        ),
        pytest.param(
            ["excluded_from 2025-04-01 appraisal", "resumed 2025-04-10"],
            [_pause("appraisal", "2025-04-01", None)],
            id="resuming does not end an exclusion",
        ),
        pytest.param(
            [
                "excluded_from 2025-04-01 appraisal",
                "excluded_from 2025-04-05 appraisal",
                "excluded_until 2025-04-10 appraisal",
            ],
            [_pause("appraisal", "2025-04-01", None), _pause("appraisal", "2025-04-05", "2025-04-10")],
            id="an end closes the latest beginning of its reason",
        ),
        pytest.param(
            [
                "excluded_from 2025-04-01 appraisal",
                "excluded_from 2025-04-05 appraisal",
                "excluded_until 2025-04-10 appraisal",
                "excluded_until 2025-04-20 appraisal",
            ],
            [_pause("appraisal", "2025-04-01", "2025-04-20"), _pause("appraisal", "2025-04-05", "2025-04-10")],
            id="and the next end the one before",
        ),
        pytest.param(
            ["suspended 2025-04-01", "resumed 2025-04-05", "suspended 2025-05-01"],
            [_pause("suspension", "2025-04-01", "2025-04-05"), _pause("suspension", "2025-05-01", None)],
            id="suspended twice",
        ),
    ],
)
def test_pauses_are_paired(written: list[str], expected: list[PauseRecord]) -> None:
    facts = [milestone(text, seq) for seq, text in enumerate(written, start=1)]
    assert pauses(facts) == tuple(expected)


def test_an_extension_that_does_not_say_how_long_adds_nothing() -> None:
    facts = [milestone("extended 2025-05-01 30", 1), milestone("extended 2025-06-01", 2)]
    assert extensions(facts) == (ExtensionRecord(30, "days", date(2025, 5, 1)),)
