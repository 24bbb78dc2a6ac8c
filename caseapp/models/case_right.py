"""Rights a case is about, for look-up and duplicate warnings."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class CaseRight(Model):
    __tablename__ = "case_right"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    number: Mapped[str | None] = mapped_column(String(80))
    title: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        Index("ix_case_right_number", "number", "case_id", postgresql_ops={"number": "text_pattern_ops"}),
    )
