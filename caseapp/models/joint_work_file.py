"""Files that an organ put beside what it wrote in a joint work; the files themselves lie in the store of evidence."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class JointWorkFile(Model):
    __tablename__ = "joint_work_file"

    work_id: Mapped[str] = mapped_column(ForeignKey("joint_work.id"), primary_key=True)
    post: Mapped[int] = mapped_column(primary_key=True)
    """Number of the post that it came with, 0 for what the joint work began with."""
    place: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(160))
    digest: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    size: Mapped[int] = mapped_column(BigInteger)
