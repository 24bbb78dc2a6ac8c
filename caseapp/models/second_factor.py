"""The second factor of a person: the secret that an authenticator application shares with this installation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class SecondFactor(Model):
    __tablename__ = "second_factor"

    user_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(Text)
    """Sealed with the installation's key, which is not in the database (`ports.Vault`)."""
    begun_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    """None until the person has shown one right code: nothing is asked for at sign-in before."""
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    """Number of the time step whose code was used last; no code is worth anything twice."""
