"""E-mails to members of staff: one row each, from the claim of its key to where it ended. Content is made when sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class Mail(Model):
    __tablename__ = "mail"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    """What it is: notice:<id>, or digest:<user>:<day>. Nobody gets two e-mails of one key."""
    user_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    status: Mapped[str] = mapped_column(String(10))
    """waiting | sending | sent | skipped | refused | failed | unsure"""
    address: Mapped[str | None] = mapped_column(String(254))
    notices: Mapped[int | None]
    """How many notices it told of."""
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (Index("ix_mail_status", "status", "id"),)
