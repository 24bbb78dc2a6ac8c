"""How often a person wants an e-mail about a group of notices."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class NoticeCadence(Model):
    __tablename__ = "notice_cadence"

    user_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    notice_group: Mapped[str] = mapped_column(String(20), primary_key=True)
    cadence: Mapped[str] = mapped_column(String(10))
