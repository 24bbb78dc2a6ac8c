"""Milestones of cases: what figures are computed from, those that corrections took back included."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class MilestoneRow(Model):
    __tablename__ = "milestone"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    """Sequence number of the ledger entry that tells it so: its own, or the correction that gave it these words."""
    corrects: Mapped[int | None]
    """Of a milestone told by a correction: sequence number of the entry whose place in the order it keeps."""
    proceeding_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(20))
    on_date: Mapped[date]
    order_at: Mapped[datetime] = mapped_column(Instant)
    """Instant that orders it among the acts of its day."""
    precision: Mapped[str] = mapped_column(String(10))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(40))
    manner: Mapped[str | None] = mapped_column(String(20))
    detail: Mapped[str | None] = mapped_column(Text)
    irregular: Mapped[bool]
    superseded_at: Mapped[datetime | None] = mapped_column(Instant)
    """Since when a correction has taken its place; what was known before still reads it."""

    __table_args__ = (Index("ix_milestone_kind_on", "kind", "on_date", "case_id"),)
