"""Organs that handle a case together with its main organ (联合办案)."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class CaseJoint(Model):
    __tablename__ = "case_joint"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    organ_id: Mapped[str] = mapped_column(String(40), primary_key=True)

    __table_args__ = (Index("ix_case_joint_organ", "organ_id", "case_id"),)
