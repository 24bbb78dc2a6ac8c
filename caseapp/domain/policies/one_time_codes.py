"""The codes of authenticator applications: their numbers, and that each is worth something once (RFC 6238).

The arithmetic of the standard is the library's (`ports.OneTimeCodes`); what a code is worth is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

STEP_SECONDS: Final = 30
DIGITS: Final = 6
DRIFT: Final = 1
"""A code of so many steps before or after the present one will do: clocks differ."""
SECRET_BYTES: Final = 20
"""As long as the hash: RFC 4226, section 4, R6."""


def step_to_use(matching: Iterable[int], *, after: int = 0) -> int | None:
    """Return the step that a code uses up, or None where the code is worth nothing.

    matching  the steps within the drift whose code was typed
    after     the last step that was used: it and those before it are worth nothing any more (RFC 6238, 5.2)
    """
    return min((step for step in matching if step > after), default=None)
