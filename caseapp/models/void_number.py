"""The void register: numbers and papers that were voided. A number stays taken; what replaced it is told."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class VoidNumber(Model):
    __tablename__ = "void_number"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(20))
    """document | case"""
    number: Mapped[str | None] = mapped_column(String(80), index=True)
    title: Mapped[str] = mapped_column(String(200))
    document_id: Mapped[str | None] = mapped_column(String(32), index=True)
    organ_id: Mapped[str] = mapped_column(String(40), index=True)
    taken_on: Mapped[date]
    voided_at: Mapped[datetime] = mapped_column(Instant, index=True)
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(String(60))
    approval: Mapped[str | None] = mapped_column(String(32))
    replaced_by: Mapped[str | None] = mapped_column(String(80))
    """Number of what was issued in its place, or its title where that has none."""
