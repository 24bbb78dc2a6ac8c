"""Time-based one-time passwords, by the examples of the standards."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from caseapp.adapters.one_time_codes import TotpCodes
from caseapp.domain.policies.one_time_codes import STEP_SECONDS
from tests.support.telephone import code_of_step

SECRET = b"12345678901234567890"
CODES = TotpCodes()
# RFC 4226, appendix D.
COUNTED = ("755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489")
# RFC 6238, appendix B (SHA-1), the last six of the eight digits printed there.
TIMED = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 20000000000: "353130"}


@pytest.mark.parametrize(("step", "code"), [*enumerate(COUNTED)])
def test_codes_are_those_of_the_standard(step: int, code: str) -> None:
    assert CODES.matching_steps(SECRET, code, now=step * STEP_SECONDS) == (step,)


@pytest.mark.parametrize(("seconds", "code"), TIMED.items())
def test_codes_at_an_instant_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert CODES.matching_steps(SECRET, code, now=seconds) == (seconds // STEP_SECONDS,)
    assert CODES.matching_steps(SECRET, f"{(int(code) + 1) % 10**6:06}", now=seconds) == ()


@pytest.mark.parametrize(("drift", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_one_step(drift: int, accepted: bool) -> None:
    now = 1_800_000_000
    step = now // STEP_SECONDS + drift
    found = CODES.matching_steps(SECRET, code_of_step(SECRET, step), now=now)
    assert found == ((step,) if accepted else ())


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "é" * 6])
def test_what_is_no_code_matches_no_step(typed: str) -> None:
    assert CODES.matching_steps(SECRET, typed, now=1_800_000_000) == ()


def test_an_application_reads_the_address() -> None:
    assert CODES.secret_text(SECRET) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    address = urlsplit(CODES.enrolment_address(SECRET, issuer="护航 Huhang", login="gu.haining"))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert unquote(address.path) == "/护航 Huhang:gu.haining"
    assert parse_qs(address.query) == {"secret": ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"], "issuer": ["护航 Huhang"]}
