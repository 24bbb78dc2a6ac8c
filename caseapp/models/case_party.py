"""Parties of a case, for look-up and duplicate warnings."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class CaseParty(Model):
    __tablename__ = "case_party"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(30))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    uscc: Mapped[str | None] = mapped_column(String(18))

    __table_args__ = (
        # The beginning of a name or number is looked up while it is being typed.
        Index("ix_case_party_name", "name", "case_id", postgresql_ops={"name": "text_pattern_ops"}),
        Index("ix_case_party_uscc", "uscc", "case_id", postgresql_ops={"uscc": "text_pattern_ops"}),
    )
