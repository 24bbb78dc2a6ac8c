"""A request to reset an administrator's second factor: it waits for a second administrator."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class FactorReset(Model):
    __tablename__ = "factor_reset"

    user_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    asked_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(200))
