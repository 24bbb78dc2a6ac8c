"""The passwords that are tried first: the list that Django ships, read when it is first asked for."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

_LIST = Path(__file__).parent / "vendor" / "common-passwords" / "common-passwords.txt.gz"
_SHORTEST = 4
"""Shorter entries say nothing: they are found in many good passwords."""


class PasswordList:
    """The `CommonPasswords` port."""

    def __contains__(self, password: object, /) -> bool:
        return password in _passwords()


@cache
def _passwords() -> frozenset[str]:
    """Return the list, read once for the process."""
    with gzip.open(_LIST, "rt", encoding="utf-8") as lines:
        return frozenset(line.strip() for line in lines if len(line.strip()) >= _SHORTEST)
