"""Time-based one-time passwords, by the examples of the standards."""

from __future__ import annotations

import pytest

from caseapp.domain.policies.totp import code_at, enrolment_address, secret_text, step_at, step_of

SECRET = b"12345678901234567890"
# RFC 4226, appendix D.
COUNTED = ("755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489")
# RFC 6238, appendix B (SHA-1), the last six of the eight digits printed there.
TIMED = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 20000000000: "353130"}


def test_codes_are_those_of_the_standard() -> None:
    assert tuple(code_at(SECRET, step) for step in range(10)) == COUNTED


@pytest.mark.parametrize(("seconds", "code"), TIMED.items())
def test_codes_at_an_instant_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert code_at(SECRET, step_at(seconds)) == code
    assert step_of(SECRET, code, now=seconds) == step_at(seconds)


@pytest.mark.parametrize(("drift", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_one_step(drift: int, accepted: bool) -> None:
    now = 1_800_000_000
    code = code_at(SECRET, step_at(now) + drift)
    assert (step_of(SECRET, code, now=now) is not None) is accepted


def test_a_code_that_was_used_and_those_before_it_are_worth_nothing() -> None:
    now = 1_800_000_000
    used = step_at(now)
    assert step_of(SECRET, code_at(SECRET, used), now=now, after=used) is None
    assert step_of(SECRET, code_at(SECRET, used - 1), now=now, after=used) is None
    assert step_of(SECRET, code_at(SECRET, used + 1), now=now, after=used) == used + 1


def test_an_application_reads_the_address() -> None:
    address = enrolment_address(SECRET, issuer="护航 Huhang", login="gu.haining")
    assert secret_text(SECRET) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert address.startswith("otpauth://totp/%E6%8A%A4%E8%88%AA%20Huhang:gu.haining?secret=GEZDGNBVGY3TQOJQ")
    assert "digits=6&period=30" in address
