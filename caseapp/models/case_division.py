"""To which division a case belonged from which day, as recorded when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class CaseDivision(Model):
    __tablename__ = "case_division"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(6))
    on_date: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    superseded_at: Mapped[datetime | None] = mapped_column(Instant)
    """Since when a correction has taken it back."""
