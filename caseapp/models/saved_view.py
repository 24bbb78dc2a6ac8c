"""Views of the case list that people keep under a name: filters, order and columns as they stand in the address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class SavedView(Model):
    __tablename__ = "saved_view"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(Text)
    """The query of the address, without page and view."""
    shared_with: Mapped[str | None] = mapped_column(ForeignKey("organ.id"))
    """The organ whose people also see it; None: the owner alone."""
    created_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        UniqueConstraint("owner_id", "name"),
        Index("ix_saved_view_shared_with", "shared_with"),
    )
