"""Rows of the list "should have been transferred": `services.supervision_refresh` derives them from the ledger."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class SupervisionFinding(Model):
    __tablename__ = "supervision_finding"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    """What of the case it is about: a clock, an act, a group; '' for the case itself."""
    organ_id: Mapped[str] = mapped_column(String(40))
    weight: Mapped[int]
    since_on: Mapped[date]
    """First day on which it should have been otherwise; a row of a term that still runs has a day to come."""
    handling: Mapped[str] = mapped_column(String(20))
    letter: Mapped[str] = mapped_column(String(32))
    """Proceeding of the last letter about it, '' where there is none."""
    reply_due_on: Mapped[date | None]
    details: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index("ix_supervision_finding_rank", "weight", "since_on", "case_id"),
        Index("ix_supervision_finding_organ", "organ_id", "weight"),
    )
