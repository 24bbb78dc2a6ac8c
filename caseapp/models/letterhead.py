"""Letterheads of organs, every version kept: papers name the one they were printed with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class Letterhead(Model):
    __tablename__ = "letterhead"

    organ_id: Mapped[str] = mapped_column(ForeignKey("organ.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    head: Mapped[str] = mapped_column(String(120))
    """The red line on top of outward papers; '' = the organ's name."""
    signature: Mapped[str] = mapped_column(String(200))
    """Lines above the date at the end; '' = the organ's name."""
    contact: Mapped[str] = mapped_column(String(300))
    """A line at the foot of outward papers; '' = none."""
    phrases: Mapped[str] = mapped_column(Text)
    """JSON: place -> phrases."""
    made_by: Mapped[str] = mapped_column(String(32))
    made_at: Mapped[datetime] = mapped_column(Instant)
