"""What the organs wrote in a joint work: answers, replies, minutes, the end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class JointWorkPost(Model):
    __tablename__ = "joint_work_post"

    work_id: Mapped[str] = mapped_column(ForeignKey("joint_work.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    organ_id: Mapped[str] = mapped_column(String(40))
    author: Mapped[str] = mapped_column(String(32))
    written_at: Mapped[datetime] = mapped_column(Instant)
    text: Mapped[str] = mapped_column(Text)
