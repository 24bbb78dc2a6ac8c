"""Cases that a joint work is about; who may know of one is decided by the case, not by the joint work."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class JointWorkCase(Model):
    __tablename__ = "joint_work_case"

    work_id: Mapped[str] = mapped_column(ForeignKey("joint_work.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)

    __table_args__ = (Index("ix_joint_work_case_case", "case_id"),)
