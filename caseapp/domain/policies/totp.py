"""Time-based one-time passwords: RFC 6238 over RFC 4226, SHA-1, six digits, steps of thirty seconds – what every
authenticator application speaks.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final
from urllib.parse import quote, urlencode

STEP_SECONDS: Final = 30
DIGITS: Final = 6
DRIFT: Final = 1
"""A code of so many steps before or after the present one will do: clocks differ."""
SECRET_BYTES: Final = 20
"""As long as the hash: RFC 4226, section 4, R6."""


def step_at(seconds: float) -> int:
    """Return the number of the step in which an instant lies (seconds since 1970, UTC)."""
    return int(seconds) // STEP_SECONDS


def code_at(secret: bytes, step: int) -> str:
    """Return the code of a step (RFC 4226, section 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    place = digest[-1] & 0x0F
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_of(secret: bytes, code: str, *, now: float, after: int = 0) -> int | None:
    """Return the step whose code this is, or None.

    after   the last step whose code was used: it and those before it are worth nothing any more (RFC 6238, 5.2)
    """
    present = step_at(now)
    found = None
    for step in range(present - DRIFT, present + DRIFT + 1):
        # Every step is compared, so that the time taken tells nothing.
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()) and step > after and found is None:
            found = step
    return found


def secret_text(secret: bytes) -> str:
    """Return the secret as people type it into an application: base32 without padding."""
    return base64.b32encode(secret).decode().rstrip("=")


def enrolment_address(secret: bytes, *, issuer: str, login: str) -> str:
    """Return the `otpauth:` address that an authenticator application reads from a QR code."""
    label = quote(f"{issuer}:{login}", safe=":")
    asked = urlencode({"secret": secret_text(secret), "issuer": issuer, "digits": DIGITS, "period": STEP_SECONDS})
    return f"otpauth://totp/{label}?{asked}"
