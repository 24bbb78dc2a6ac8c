"""Side proceedings of cases: which run or ran beside the main one, and where each stands."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class SideProceeding(Model):
    __tablename__ = "side_proceeding"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ordinal: Mapped[int]
    """1 for the first that was opened; the main proceeding is 0 and stands in the case itself."""
    procedure: Mapped[str] = mapped_column(String(64))
    procedure_version: Mapped[int]
    state: Mapped[str] = mapped_column(String(64))
    category: Mapped[str] = mapped_column(String(20))
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]

    __table_args__ = (Index("ix_side_proceeding_procedure", "procedure", "category", "case_id"),)
