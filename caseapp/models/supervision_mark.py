"""Up to which entry a case was looked at for the list "should have been transferred", and how near a limit it is."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class SupervisionMark(Model):
    __tablename__ = "supervision_mark"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    version: Mapped[int]
    organ_id: Mapped[str] = mapped_column(String(40))
    party: Mapped[str] = mapped_column(String(64))
    """By what the respondent is known, hashed; '' where there is none."""
    officer: Mapped[str] = mapped_column(String(32))
    near: Mapped[int]
    """Share of a limit that is nearly reached, in thousandths; 0: none."""
    near_on: Mapped[date]
    letters: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_supervision_mark_near", "organ_id", "near_on"),)
