"""Corrections of ledger entries, by when they were recorded: what restated figures are explained with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class Correction(Model):
    __tablename__ = "correction"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    """Sequence number of the correction in the case's chain."""
    entry: Mapped[int]
    """Sequence number of the entry it corrects, and its kind."""
    kind: Mapped[str] = mapped_column(String(40))
    void: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(String(60))
    approval: Mapped[str | None] = mapped_column(String(32))
    recorded_at: Mapped[datetime] = mapped_column(Instant, index=True)
