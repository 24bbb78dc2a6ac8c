"""Bound case files: asked for, built after commit, sealed on archiving. The volumes themselves are files by hash."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class BoundFile(Model):
    __tablename__ = "bound_file"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    """waiting | building | built | sealed | failed"""
    to_seal: Mapped[bool] = mapped_column(default=False)
    requested_by: Mapped[str] = mapped_column(String(32))
    requested_at: Mapped[datetime] = mapped_column(Instant)
    reasons: Mapped[str] = mapped_column(Text)
    """JSON: key of what is missing -> why."""
    case_version: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    main_sha256: Mapped[str | None] = mapped_column(String(64))
    side_sha256: Mapped[str | None] = mapped_column(String(64))
    manifest_sha256: Mapped[str | None] = mapped_column(String(64))
    signature: Mapped[str | None] = mapped_column(Text)
    """JSON: algorithm, public key, signature over the manifest's bytes; None until sealed."""
    problems: Mapped[str] = mapped_column(Text)
    """JSON: what keeps the volumes from being archival, by volume."""
    error: Mapped[str | None] = mapped_column(Text)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
