"""What the code of an authenticator application is worth."""

from __future__ import annotations

import pytest

from caseapp.domain.policies.one_time_codes import step_to_use


@pytest.mark.parametrize(
    ("matching", "after", "used"),
    [
        pytest.param((), 0, None, id="no step has this code"),
        pytest.param((100,), 99, 100, id="a step not used yet"),
        pytest.param((100,), 100, None, id="the step used last"),
        pytest.param((99,), 100, None, id="a step before the one used last"),
        pytest.param((99, 101), 0, 99, id="two steps with the same code: the earlier one"),
        pytest.param((99, 101), 99, 101, id="two steps with the same code, one of them used"),
    ],
)
def test_a_code_is_worth_something_once_and_only_after_the_one_used_last(
    matching: tuple[int, ...], after: int, used: int | None
) -> None:
    assert step_to_use(matching, after=after) == used
