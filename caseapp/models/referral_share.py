"""Organs that take part in a proceeding of a case of another one: what was sent to them, and where it stands.

A row holds no more of the case than is disclosed to its organ: a list made of rows cannot tell what they do not hold.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class ReferralShare(Model):
    __tablename__ = "referral_share"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    """An organ that the matter comes back to has a further row."""
    latest: Mapped[bool]
    """Whether it is the last row of its organ: the one that lists show."""
    organ_id: Mapped[str] = mapped_column(String(40))
    peer: Mapped[str] = mapped_column(String(20))
    sender_id: Mapped[str] = mapped_column(String(40))
    """The organ that handles the case."""
    procedure: Mapped[str] = mapped_column(String(64))
    procedure_version: Mapped[int]
    state: Mapped[str] = mapped_column(String(64))
    """As it stands; for an organ that sent the matter on, as it then stood."""
    category: Mapped[str] = mapped_column(String(20))
    mine: Mapped[bool]
    """Whether the next act is awaited from this organ."""
    title: Mapped[str] = mapped_column(Text)
    """'' until the dossier is open to the organ; so is the offence."""
    offence: Mapped[str] = mapped_column(String(20))
    sent_on: Mapped[date]
    opened_on: Mapped[date | None]
    until_on: Mapped[date | None]
    clock: Mapped[int | None]
    """Ordinal of the clock that binds most, of those that acts between the organs started."""
    binds_at: Mapped[datetime] = mapped_column(Instant)
    """The last instant at which that clock is kept; where none runs, a day that never comes."""
    acts: Mapped[str] = mapped_column(Text)
    """The acts that the organ knows of, as JSON: [[action, state it led to, day], …]; of the day only
    what is known of it: '2023', '2023-04', ''."""

    __table_args__ = (
        Index("ix_referral_share_clock", "organ_id", "latest", "binds_at", "proceeding_id"),
        Index("ix_referral_share_sent", "organ_id", "latest", "sent_on", "proceeding_id"),
        Index("ix_referral_share_count", "organ_id", "latest", "category", "mine", "binds_at", "peer", "offence"),
        Index("ix_referral_share_proceeding", "proceeding_id"),
    )
