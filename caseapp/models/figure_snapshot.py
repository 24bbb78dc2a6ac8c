"""Figures of a quarter as they were reported: signed, never changed. Triggers refuse UPDATE and DELETE."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class FigureSnapshot(Model):
    __tablename__ = "figure_snapshot"

    quarter: Mapped[str] = mapped_column(String(7), primary_key=True)
    """'YYYY-Qn'."""
    known_at: Mapped[datetime] = mapped_column(Instant)
    made_at: Mapped[datetime] = mapped_column(Instant)
    document: Mapped[str] = mapped_column(Text)
    """The JSON that was signed, byte for byte."""
    digest: Mapped[str] = mapped_column(String(80))
    organ: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(40))
    public_key: Mapped[str] = mapped_column(String(64))
    algorithm: Mapped[str] = mapped_column(String(10))
    signature: Mapped[str] = mapped_column(String(128))
