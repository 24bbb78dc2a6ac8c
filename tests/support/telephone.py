"""What the authenticator application on somebody's telephone shows: the part of the other side, by the same library
as the system's own; that both keep to RFC 6238 is held to the standard's examples in
`tests/adapters/test_one_time_codes.py`.
"""

from __future__ import annotations

import base64

import pyotp

from caseapp.domain.policies.one_time_codes import STEP_SECONDS


def code_of_step(secret: bytes, step: int) -> str:
    """Return the code of a step."""
    return pyotp.TOTP(base64.b32encode(secret).decode(), interval=STEP_SECONDS).generate_otp(step)


def code_shown(secret: bytes, *, now: float, drift: int = 0) -> str:
    """Return the code shown at an instant (seconds since 1970, UTC) by a telephone that is `drift` steps off."""
    return code_of_step(secret, int(now) // STEP_SECONDS + drift)
