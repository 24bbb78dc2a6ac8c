"""Numbers of the plan that people enter: measured values with their source, and targets of divisions.

Rows are added and never changed: the latest of a subject, division and year counts, the earlier ones tell its history.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class PlanNumber(Model):
    __tablename__ = "plan_number"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(10))
    """measured | target."""
    subject: Mapped[str] = mapped_column(String(40))
    """Id of an indicator."""
    division: Mapped[str] = mapped_column(String(6))
    """'' for the city."""
    year: Mapped[int]
    value: Mapped[str] = mapped_column(String(30))
    """A decimal, in the unit of the indicator."""
    source: Mapped[str] = mapped_column(Text)
    entered_by: Mapped[str] = mapped_column(String(60))
    entered_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (Index("ix_plan_number_year", "year", "subject"),)
