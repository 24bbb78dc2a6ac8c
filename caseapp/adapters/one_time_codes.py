"""The codes of authenticator applications, by PyOTP: SHA-1, six digits, steps of thirty seconds."""

from __future__ import annotations

import base64
import hmac

import pyotp

from caseapp.domain.policies.one_time_codes import DIGITS, DRIFT, STEP_SECONDS


class TotpCodes:
    """The `OneTimeCodes` port."""

    def matching_steps(self, secret: bytes, code: str, *, now: float) -> tuple[int, ...]:
        totp, present = _totp(secret), int(now) // STEP_SECONDS
        steps = range(max(0, present - DRIFT), present + DRIFT + 1)
        # Every step is compared, and each in constant time, so that the time taken tells nothing.
        same = [hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()) for step in steps]
        return tuple(step for step, is_same in zip(steps, same, strict=True) if is_same)

    def secret_text(self, secret: bytes) -> str:
        return base64.b32encode(secret).decode().rstrip("=")

    def enrolment_address(self, secret: bytes, *, issuer: str, login: str) -> str:
        return _totp(secret).provisioning_uri(name=login, issuer_name=issuer)


def _totp(secret: bytes) -> pyotp.TOTP:
    return pyotp.TOTP(base64.b32encode(secret).decode(), digits=DIGITS, interval=STEP_SECONDS)
