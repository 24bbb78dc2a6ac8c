"""Who stands in for whom, from which day to which."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class Deputy(Model):
    __tablename__ = "deputy"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    principal_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    deputy_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    """Both days belong to the term."""
    reason: Mapped[str] = mapped_column(String(500))
    named_by: Mapped[str] = mapped_column(String(32))
    named_at: Mapped[datetime] = mapped_column(Instant)
    allowed_by: Mapped[str | None] = mapped_column(String(32))
    """The leader who allowed it; None while it waits, and where none was needed it is `named_by`."""
    revoked_by: Mapped[str | None] = mapped_column(String(32))
    revoked_on: Mapped[date | None]
    """From this day on it no longer holds."""

    __table_args__ = (
        Index("ix_deputy_deputy", "deputy_id", "last_on"),
        Index("ix_deputy_principal", "principal_id", "last_on"),
    )
