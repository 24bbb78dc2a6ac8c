"""People who sign in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class Account(Model):
    __tablename__ = "account"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str] = mapped_column(Text)
    organ_id: Mapped[str] = mapped_column(ForeignKey("organ.id"), index=True)
    roles: Mapped[str] = mapped_column(String(400))
    """Role ids in bars: '|officer|intake_clerk|'."""
    scope: Mapped[str] = mapped_column(String(20))
    certificate_number: Mapped[str | None] = mapped_column(String(40))
    certificate_from: Mapped[date | None]
    certificate_until: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True)
    demo: Mapped[bool] = mapped_column(default=False)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    password_set_at: Mapped[datetime | None] = mapped_column(Instant)
    """When the password was chosen; None: with the account."""
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    session_epoch: Mapped[int] = mapped_column(default=0)
    """Raised to end every session of the person at once."""
    language: Mapped[str | None] = mapped_column(String(8))
    email: Mapped[str | None] = mapped_column(String(254))
    """Where the person wants to be told; given by the person."""
    email_refused: Mapped[str | None] = mapped_column(String(300))
    """What the receiving server said when it refused this address for good."""
    last_login_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
