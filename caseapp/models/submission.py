"""Submissions already carried out, so that a double click does nothing twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class Submission(Model):
    __tablename__ = "submission"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    actor: Mapped[str] = mapped_column(String(32))
    made_at: Mapped[datetime] = mapped_column(Instant, index=True)
    outcome: Mapped[str] = mapped_column(Text)
