"""Kinds of right of a case, one a row."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class CaseIpType(Model):
    __tablename__ = "case_ip_type"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    ip_type: Mapped[str] = mapped_column(String(30), primary_key=True)

    __table_args__ = (Index("ix_case_ip_type_type", "ip_type", "case_id"),)
