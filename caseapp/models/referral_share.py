"""Organs that take part in a proceeding of a case of another one: what was sent to them, and where it stands."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class ReferralShare(Model):
    __tablename__ = "referral_share"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    """An organ that the matter comes back to has a further row."""
    organ_id: Mapped[str] = mapped_column(String(40))
    peer: Mapped[str] = mapped_column(String(20))
    procedure: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(64))
    """As it stands; for an organ that sent the matter on, as it then stood."""
    category: Mapped[str] = mapped_column(String(20))
    sent_on: Mapped[date]
    opened_on: Mapped[date | None]
    until_on: Mapped[date | None]

    __table_args__ = (Index("ix_referral_share_organ", "organ_id", "category", "sent_on"),)
