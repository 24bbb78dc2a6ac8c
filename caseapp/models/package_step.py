"""Steps of referrals that travel as files, ours and the other organ's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class PackageStep(Model):
    __tablename__ = "package_step"

    matter_id: Mapped[str] = mapped_column(ForeignKey("package_matter.id"), primary_key=True)
    ours: Mapped[bool] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    package: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(64))
    """'' for what is no act."""
    body: Mapped[str] = mapped_column(Text)
    """What it tells, canonical JSON."""
    seen: Mapped[int]
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    """sha256 of the manifest; '' for one of ours that was not sealed yet."""
    file_sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(20))
    """ours: made | sent; theirs: held | taken | refused."""
    reason: Mapped[str] = mapped_column(Text)
    act_seq: Mapped[int | None]
    """Entry of the case's ledger that it tells of, or that it led to."""
    made_at: Mapped[datetime] = mapped_column(Instant)
    """When it was told; of theirs, when it arrived."""

    __table_args__ = (UniqueConstraint("package"),)
