"""Officers in charge of a case."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class CaseOfficer(Model):
    __tablename__ = "case_officer"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ordinal: Mapped[int]

    __table_args__ = (Index("ix_case_officer_user", "user_id", "case_id"),)
