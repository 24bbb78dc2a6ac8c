"""Nightly checks of the closure figures against the ledger, each with what it found."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class FigureCheck(Model):
    __tablename__ = "figure_check"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    known_at: Mapped[datetime] = mapped_column(Instant, index=True)
    finished_at: Mapped[datetime] = mapped_column(Instant)
    cases: Mapped[int]
    figures: Mapped[int]
    faults: Mapped[int]
    policies: Mapped[str] = mapped_column(Text)
    """Version of a policy -> digest with which it was first checked, as JSON."""
    detail: Mapped[str] = mapped_column(Text)
    """The first differences, the cases that cannot be folded, the policies that were altered, as JSON."""
