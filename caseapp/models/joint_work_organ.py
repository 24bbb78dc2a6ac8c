"""The organs that take part in a joint work, and what each of them answered."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class JointWorkOrgan(Model):
    __tablename__ = "joint_work_organ"

    work_id: Mapped[str] = mapped_column(ForeignKey("joint_work.id"), primary_key=True)
    organ_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    answer: Mapped[str] = mapped_column(String(20))
    answered_on: Mapped[date | None]

    __table_args__ = (Index("ix_joint_work_organ_organ", "organ_id", "answer"),)
