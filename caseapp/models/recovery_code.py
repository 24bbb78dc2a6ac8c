"""Codes that replace the second factor once each, for who has lost the telephone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class RecoveryCode(Model):
    __tablename__ = "recovery_code"

    user_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(80), primary_key=True)
    """'sha256:' and the hash of account and code: eighty bits of chance need no slow hash."""
    used_at: Mapped[datetime | None] = mapped_column(Instant)
