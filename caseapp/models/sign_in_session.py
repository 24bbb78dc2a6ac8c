"""Who is signed in where. The browser holds the token; here is only its hash."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class SignInSession(Model):
    __tablename__ = "sign_in_session"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(80), unique=True)
    """'sha256:' and the hash of the token; another one after each rotation."""
    user_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    epoch: Mapped[int]
    """The account's `session_epoch` when the session began: it is over once the account has another."""
    rights: Mapped[str] = mapped_column(String(460))
    """Roles and scope when the token was given out: where the account has others, a new token is due."""
    started_at: Mapped[datetime] = mapped_column(Instant, index=True)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    device: Mapped[str] = mapped_column(String(200))
    """What the browser says it is."""
    address: Mapped[str] = mapped_column(String(60))
