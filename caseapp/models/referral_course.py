"""The course of every proceeding in which two organs work: what figures of transfers are counted from."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Model


class ReferralCourse(Model):
    __tablename__ = "referral_course"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    procedure: Mapped[str] = mapped_column(String(64))
    offence: Mapped[str] = mapped_column(String(20))
    """As last stated; '' where none is."""
    receiver_id: Mapped[str] = mapped_column(String(40))
    """The police that have it, or had it last; '' before it is handed over."""
    outcome: Mapped[str] = mapped_column(String(20))
    """What became of it in criminal proceedings; '' before that."""
    sent_on: Mapped[date | None]
    """The day on which it was first sent to another organ."""
    acts: Mapped[str] = mapped_column(Text)
    """Its acts in their order, as JSON: [[action, state it led to, day], …]; of the day only
    what is known of it: '2023', '2023-04', ''."""

    __table_args__ = (Index("ix_referral_course_sent", "procedure", "sent_on"),)
