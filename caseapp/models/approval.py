"""Requests for approval and what they wait for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class Approval(Model):
    __tablename__ = "approval"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    proceeding_id: Mapped[str] = mapped_column(String(32))
    organ_id: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(60))
    requested_by: Mapped[str] = mapped_column(String(32), index=True)
    requested_at: Mapped[datetime] = mapped_column(Instant)
    step: Mapped[str | None] = mapped_column(String(60))
    step_role: Mapped[str | None] = mapped_column(String(40))
    step_since: Mapped[datetime] = mapped_column(Instant)
    status: Mapped[str] = mapped_column(String(20))

    __table_args__ = (Index("ix_approval_waiting", "status", "step_role", "organ_id"),)
