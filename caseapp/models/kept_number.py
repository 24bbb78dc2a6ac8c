"""Numbers that a case had at organs before it went to another: it is still found by them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class KeptNumberRow(Model):
    __tablename__ = "kept_number"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[str] = mapped_column(String(80))
    organ_id: Mapped[str] = mapped_column(String(40))
    until_date: Mapped[date]

    __table_args__ = (Index("ix_kept_number_number", "number"),)
