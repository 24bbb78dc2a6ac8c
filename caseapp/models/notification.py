"""Notices inside the app."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class Notification(Model):
    __tablename__ = "notification"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    user_id: Mapped[str] = mapped_column(String(32))
    case_id: Mapped[str | None] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(160), unique=True)
    """What it is about, so that nobody is told the same thing twice."""
    message: Mapped[str] = mapped_column(Text)
    """JSON of msgid and values; translated when read."""
    created_at: Mapped[datetime] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)

    mail_key: Mapped[str | None] = mapped_column(String(80))
    """Key of the e-mail that tells of it: it is told of in one e-mail at most."""

    __table_args__ = (
        Index("ix_notification_user", "user_id", "read_at", "id"),
        Index(
            "ix_notification_unmailed",
            "created_at",
            "user_id",
            sqlite_where=text("mail_key IS NULL AND read_at IS NULL"),
            postgresql_where=text("mail_key IS NULL AND read_at IS NULL"),
        ),
        Index(
            "ix_notification_mail_key",
            "mail_key",
            sqlite_where=text("mail_key IS NOT NULL"),
            postgresql_where=text("mail_key IS NOT NULL"),
        ),
    )
