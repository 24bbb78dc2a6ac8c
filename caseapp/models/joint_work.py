"""Joint work of several organs: what it is about, who began it, whether it is over."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class JointWork(Model):
    __tablename__ = "joint_work"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    topic: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    organ_id: Mapped[str] = mapped_column(String(40))
    opened_by: Mapped[str] = mapped_column(String(32))
    opened_on: Mapped[date]
    wanted_on: Mapped[date | None]
    """Day until which the opener asks for an answer."""
    closed_on: Mapped[date | None]
    version: Mapped[int]
    updated_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (Index("ix_joint_work_opened", "opened_on", "id"),)
