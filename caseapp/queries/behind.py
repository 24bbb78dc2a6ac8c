"""What an upgrade of the tables has left to the program: marks that a migration sets and the program takes away.

A migration knows neither the ledger's meaning nor the installation's key. What follows from these it does not write
but marks, one row of `setting` each.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import select

from caseapp.context import Context
from caseapp.models.setting import Setting

PREFIX = "behind:"


class Behind(StrEnum):
    """A kind of data that is still to be written, in the order in which it is."""

    TEXTS = "texts"
    """Cases from before there was a search, or before evidence was found by it."""
    NUMBERS = "numbers"
    """Identity numbers and telephones that cannot be looked up yet."""

    INDEX = "index"
    """Texts whose index is of an older form."""
    REFERRALS = "referrals"
    """Referrals whose rows are of an older form."""
    PACKAGES = "packages"
    """Referrals that came as packages from before they stood in the list."""


_MARKS = select(Setting.name).where(Setting.name.in_([f"{PREFIX}{kind.value}" for kind in Behind]))


def behind(ctx: Context) -> tuple[Behind, ...]:
    """Return what is still to be written."""
    marked = set(ctx.rows(_MARKS).scalars())
    return tuple(kind for kind in Behind if f"{PREFIX}{kind.value}" in marked)
