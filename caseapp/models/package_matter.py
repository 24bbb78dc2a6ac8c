"""Referrals that travel as files between installations: one row for each pair of organs and proceeding."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class PackageMatter(Model):
    __tablename__ = "package_matter"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """The same at both organs: made of house, proceeding and peer."""
    house: Mapped[str] = mapped_column(String(40))
    """Organ that has the case."""
    peer_organ: Mapped[str] = mapped_column(String(40))
    peer: Mapped[str] = mapped_column(String(20))
    proceeding_id: Mapped[str] = mapped_column(String(32))
    procedure: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    case_id: Mapped[str | None] = mapped_column(ForeignKey("case_file.id"))
    """The case, where it is kept here; none where the matter was received."""
    reference: Mapped[str] = mapped_column(String(100))
    """Number by which the house calls the case."""
    state: Mapped[str] = mapped_column(String(64))
    category: Mapped[str] = mapped_column(String(20))
    sent_on: Mapped[date]
    delivered: Mapped[int] = mapped_column(default=0)
    """Up to which of our steps the other organ has confirmed that it has them."""
    changed_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        Index("ix_package_matter_case", "case_id"),
        Index("ix_package_matter_peer", "peer_organ", "category", "sent_on"),
        Index("ix_package_matter_house", "house", "changed_at", "id"),
    )

    @property
    def received(self) -> bool:
        """Return whether the case is another installation's."""
        return self.case_id is None
