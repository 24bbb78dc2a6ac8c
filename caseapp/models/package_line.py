"""Referrals that came as packages, as lists show them: one row for each that may be shown.

A row holds no more of the case than is disclosed to its organ, as one of `referral_share` does.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class PackageLine(Model):
    __tablename__ = "package_line"

    matter_id: Mapped[str] = mapped_column(ForeignKey("package_matter.id"), primary_key=True)
    organ_id: Mapped[str] = mapped_column(String(40))
    """The organ here that it was sent to, or that began it."""
    peer: Mapped[str] = mapped_column(String(20))
    sender_id: Mapped[str] = mapped_column(String(40))
    """The organ that handles the case."""
    procedure: Mapped[str] = mapped_column(String(64))
    procedure_version: Mapped[int]
    state: Mapped[str] = mapped_column(String(64))
    category: Mapped[str] = mapped_column(String(20))
    mine: Mapped[bool]
    """Whether the next act is awaited from this organ."""
    title: Mapped[str] = mapped_column(Text)
    """'' until the dossier is open to the organ; so is the offence."""
    offence: Mapped[str] = mapped_column(String(20))
    sent_on: Mapped[date]
    opened_on: Mapped[date | None]
    until_on: Mapped[date | None]
    binds_at: Mapped[datetime] = mapped_column(Instant)
    """The last instant at which the clock that binds most is kept; where none runs, a day that never comes."""
    turned_down: Mapped[str] = mapped_column(Text)
    """Why the other installation could not take in what was begun here; '' where it could, or has not said."""

    __table_args__ = (
        Index("ix_package_line_clock", "organ_id", "binds_at", "matter_id"),
        Index("ix_package_line_sent", "organ_id", "sent_on", "matter_id"),
    )
