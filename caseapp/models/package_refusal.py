"""Packages of known organs that were refused: nothing of what they hold, but why, so that the sender can be told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class PackageRefusal(Model):
    __tablename__ = "package_refusal"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    """sha256 of its manifest."""
    package: Mapped[str] = mapped_column(String(32))
    matter: Mapped[str] = mapped_column(String(32))
    sender: Mapped[str] = mapped_column(String(40))
    receiver: Mapped[str] = mapped_column(String(40))
    """The organ here that it was addressed to."""
    kind: Mapped[str] = mapped_column(String(20))
    sequence: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    zh: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
    refused_at: Mapped[datetime] = mapped_column(Instant)
    """When it was refused last."""

    __table_args__ = (Index("ix_package_refusal_receiver", "receiver", "refused_at"),)
