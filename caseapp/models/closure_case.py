"""What closure figures read of each case that was ever filed and counts: a narrow projection that is grouped, not
read.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class ClosureCase(Model):
    __tablename__ = "closure_case"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(String(32))
    procedure: Mapped[str] = mapped_column(String(60))
    procedure_version: Mapped[int]
    source: Mapped[str | None] = mapped_column(String(60))
    ip_types: Mapped[str] = mapped_column(String(200))
    """Ids in bars: '|trademark|gi|'."""
    division: Mapped[str] = mapped_column(String(6))
    """Its first division; the only one of a plain case."""
    plain: Mapped[bool]
    """Filed once, closed at most once, never reopened or moved, every date exact: two dates tell all."""
    filed_on: Mapped[date]
    """Of a case that is not plain, the first day on which it may have been filed."""
    closed_on: Mapped[date | None]
    """Of a case that is not plain, the day of its closing if nothing happened since and every date is exact."""
    manner: Mapped[str | None] = mapped_column(String(20))
    known_since: Mapped[datetime] = mapped_column(Instant)
    """When the last of its milestones was recorded."""

    __table_args__ = (
        Index("ix_closure_case_filed", "plain", "filed_on"),
        Index("ix_closure_case_closed", "plain", "closed_on"),
        Index("ix_closure_case_known", "known_since"),
    )
