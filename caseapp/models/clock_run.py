"""Clocks of proceedings with their derived due dates: a cache that can be recomputed, never the truth."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from caseapp.db import Instant, Model


class ClockRun(Model):
    __tablename__ = "clock_run"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(String(20))
    started_on: Mapped[date]
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    provisional: Mapped[bool]
    paused: Mapped[bool]
    ended_on: Mapped[date | None]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    met: Mapped[bool | None]
    """True: the awaited act was done; False: ended unjudged; NULL: still running."""

    __table_args__ = (
        Index("ix_clock_run_rule", "rule", "case_id"),
        Index(
            "ix_clock_run_running",
            "due_on",
            "case_id",
            sqlite_where=text("met IS NULL"),
            postgresql_where=text("met IS NULL"),
        ),
    )
